/** Files of numbers that something else computed: JSON or YAML with numbers anywhere inside. */
import { UserError } from '../../evidence/errors.ts';
import type { ImportedList, ImportedNumber } from './importer.ts';
import { parseLenientJson } from '../../evidence/foreign/lenient-json.ts';
import { parseYaml } from '../../evidence/foreign/lenient-yaml.ts';
import { toNumber } from '../../evidence/foreign/places.ts';

/** Largest metrics file in bytes: a summary, not a log. */
const MAX_FILE_BYTES = 10_000_000;

/** Most numbers in one file; evidence holds 20,000 metrics in all. */
const MAX_NUMBERS = 2000;

/** Deepest nesting that is followed. */
const MAX_DEPTH = 32;

/** Longest key that evidence holds. */
const MAX_KEY = 300;

export interface NumbersInFile {
  readonly numbers: readonly ImportedNumber[];
  readonly lists: readonly ImportedList[];
}

/**
 * The numbers of a metrics file by the rules of `dvc metrics`: nested keys are joined by dots, a list of one element
 * stands for the element, texts and truth values are no metrics. Longer lists of numbers are no metrics either, but may
 * be asked for by their key. NaN and infinities are numbers, bare as Python writes them into JSON or quoted as MLflow
 * does. Files named .yaml or .yml are YAML, all others JSON. An empty file has no numbers. Throws a UserError for a file
 * that is not what its name says.
 */
export function readNumbers(text: string, file: string): NumbersInFile {
  if (Buffer.byteLength(text) > MAX_FILE_BYTES) {
    throw new UserError(`${file} is larger than ${MAX_FILE_BYTES / 1e6} MB.`, {
      help: 'Point `path` at a summary of the metrics, not at a log.',
    });
  }
  if (text.replace(/^\uFEFF/, '').trim() === '') return { numbers: [], lists: [] };
  const value = /\.ya?ml$/i.test(file) ? parseYaml(text, file) : parseLenientJson(text, file);
  return numbersOf(value, file);
}

/** The numbers anywhere inside a parsed document, by the same rules. */
export function numbersOf(value: unknown, file: string): NumbersInFile {
  const found = [...flatten(value, [], file)];
  const numbers = found.flatMap((item) => ('value' in item ? [item] : []));
  const lists = found.flatMap((item) => ('values' in item ? [item] : []));
  refuseAmbiguous(numbers, file);
  return { numbers, lists };
}

function* flatten(
  value: unknown,
  path: readonly string[],
  file: string,
): Generator<ImportedNumber | ImportedList> {
  if (path.length > MAX_DEPTH) {
    throw new UserError(
      `${file} nests deeper than ${MAX_DEPTH} levels at \`${path.slice(0, 4).join('.')}…\`.`,
      {
        help: 'Write the metrics into a flatter file.',
      },
    );
  }
  const number = toNumber(value);
  const key = path.join('.').slice(0, MAX_KEY);
  if (number !== undefined) yield { key, value: number };
  else if (Array.isArray(value)) {
    const values = value.flatMap((item) => toNumber(item) ?? []);
    if (value.length === 1) yield* flatten(value[0], path, file);
    else if (value.length > 1 && values.length === value.length) yield { key, values };
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, item] of Object.entries(value)) yield* flatten(item, [...path, key], file);
  }
}

/** Throws a UserError for more numbers than evidence holds, and for two of one key. */
export function refuseAmbiguous(numbers: readonly ImportedNumber[], file: string): void {
  if (numbers.length > MAX_NUMBERS) {
    throw new UserError(`${file} holds ${numbers.length} numbers; at most ${MAX_NUMBERS} are read.`, {
      help: 'Point `path` at a summary of the metrics.',
    });
  }
  const seen = new Set<string>();
  for (const { key } of numbers) {
    if (seen.has(key)) {
      throw new UserError(`${file} holds two numbers under the key \`${key}\`.`, {
        help: 'Rename one: a dot inside a key reads like a nested key.',
      });
    }
    seen.add(key);
  }
}

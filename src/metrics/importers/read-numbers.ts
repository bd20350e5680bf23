/** Files of numbers that something else computed: JSON or YAML with numbers anywhere inside. */
import { isAlias, parseDocument, visit } from 'yaml';
import { UserError } from '../../evidence/errors.ts';

/** Largest metrics file in bytes: a summary, not a log. */
const MAX_FILE_BYTES = 10_000_000;

/** Most numbers in one file; evidence holds 20,000 metrics in all. */
const MAX_NUMBERS = 2000;

/** Deepest nesting that is followed. */
const MAX_DEPTH = 32;

/** Longest key that evidence holds. */
const MAX_KEY = 300;

export interface NumberInFile {
  /** Keys from the outside in, joined by dots: `train.acc`. */
  readonly key: string;
  /** May be NaN or infinite: those are read, so that they can be refused by name. */
  readonly value: number;
}

/** Several numbers under one key, such as those of folds. */
export interface ListInFile {
  readonly key: string;
  readonly values: readonly number[];
}

export interface NumbersInFile {
  readonly numbers: readonly NumberInFile[];
  readonly lists: readonly ListInFile[];
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
  const content = text.replace(/^\uFEFF/, '');
  if (content.trim() === '') return { numbers: [], lists: [] };
  const value = /\.ya?ml$/i.test(file) ? parseYaml(content, file) : parseLenientJson(content, file);
  const found = [...flatten(value, [], file)];
  const numbers = found.flatMap((item) => ('value' in item ? [item] : []));
  const lists = found.flatMap((item) => ('values' in item ? [item] : []));
  refuseAmbiguous(numbers, file);
  return { numbers, lists };
}

/** Strings, which are kept, and the three bare words that Python's json module writes and JSON does not have. */
const STRINGS_AND_BARE_WORDS = /"(?:[^"\\]|\\.)*"|-?\b(?:NaN|Infinity)\b/g;

function parseLenientJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const quoted = text.replaceAll(STRINGS_AND_BARE_WORDS, (token) =>
      token.startsWith('"') ? token : `"${token}"`,
    );
    try {
      return JSON.parse(quoted);
    } catch {
      throw new UserError(`${file} is not JSON: ${error instanceof Error ? error.message : String(error)}.`, {
        help: 'A metrics file is one JSON or YAML document with numbers inside; a YAML file ends in .yaml or .yml.',
        cause: error,
      });
    }
  }
}

/** Nobody writes metrics with more aliases than this; a bomb needs them. */
const MAX_ALIASES = 100;

function parseYaml(text: string, file: string): unknown {
  const document = parseDocument(text, { logLevel: 'silent' });
  const first = document.errors[0];
  if (first !== undefined) {
    throw new UserError(`${file} is not YAML: ${first.message.split('\n')[0] ?? ''}`, {
      help: 'A metrics file is one JSON or YAML document with numbers inside.',
      cause: first,
    });
  }
  let aliases = 0;
  visit(document, (_key, node) => {
    if (isAlias(node)) aliases += 1;
  });
  if (aliases > MAX_ALIASES) {
    throw new UserError(`${file} has ${aliases} YAML aliases; a metrics file has at most ${MAX_ALIASES}.`, {
      help: 'Write the numbers out.',
    });
  }
  try {
    return document.toJS({ maxAliasCount: MAX_ALIASES });
  } catch (error) {
    throw new UserError(
      `${file} cannot be read: ${error instanceof Error ? error.message : String(error)}.`,
      {
        help: 'Write the numbers out without aliases.',
        cause: error,
      },
    );
  }
}

const NON_FINITE: ReadonlyMap<string, number> = new Map([
  ['nan', Number.NaN],
  ['inf', Number.POSITIVE_INFINITY],
  ['+inf', Number.POSITIVE_INFINITY],
  ['infinity', Number.POSITIVE_INFINITY],
  ['-inf', Number.NEGATIVE_INFINITY],
  ['-infinity', Number.NEGATIVE_INFINITY],
]);

/** A number, or a text that stands for one that JSON cannot write. */
function toNumber(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  return typeof value === 'string' ? NON_FINITE.get(value.trim().toLowerCase()) : undefined;
}

function* flatten(
  value: unknown,
  path: readonly string[],
  file: string,
): Generator<NumberInFile | ListInFile> {
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

function refuseAmbiguous(numbers: readonly NumberInFile[], file: string): void {
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

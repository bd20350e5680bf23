/** JSON as Python writes it. */
import { UserError } from '../errors.ts';
import type { ForeignSource } from '../foreign-source.ts';

/** Deepest nesting of another tool's document: what walks it may call itself on each level. */
const MAX_DEPTH = 200;

/**
 * A JSON document in which NaN, Infinity and -Infinity may stand bare: they are given as these texts. A byte order mark
 * is left out. Throws a UserError for anything else, for nesting beyond 200 levels and for a document that was cut off.
 */
export function parseLenientJson(text: string, file: string): unknown {
  const content = text.replace(/^\uFEFF/u, '');
  refuseDeep(content, file);
  try {
    return JSON.parse(content);
  } catch (error) {
    try {
      return JSON.parse(quoteBareWords(content));
    } catch {
      throw new UserError(`${file} is not JSON: ${error instanceof Error ? error.message : String(error)}.`, {
        help: 'Check that the step that writes the file ran to its end, and that `path` or `format` names what it is; a YAML file ends in .yaml or .yml.',
        cause: error,
      });
    }
  }
}

/** The document of a JSON file, read leniently. */
export async function readJson(source: ForeignSource): Promise<unknown> {
  return parseLenientJson(await source.readText(), source.name);
}

/**
 * Whether the first bytes of a file are those of a JSON mapping with all these keys, on whatever level. A look that
 * costs nothing, for recognising: the file itself may still be something else.
 */
export function headHasKeys(source: ForeignSource, keys: readonly string[]): boolean {
  const head = new TextDecoder().decode(source.head).replace(/^\uFEFF/u, '');
  return (
    /^\s*\{/u.test(head) &&
    keys.every((key) => new RegExp(`${escapeRegExp(JSON.stringify(key))}\\s*:`, 'u').test(head))
  );
}

function escapeRegExp(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/gu, String.raw`\$&`);
}

const [QUOTE, BACKSLASH] = [0x22, 0x5c];
const [OPEN_LIST, CLOSE_LIST, OPEN_MAPPING, CLOSE_MAPPING] = [0x5b, 0x5d, 0x7b, 0x7d];

/** Positions outside of strings, one after the other: a regular expression would need a stack as long as a string. */
function* eachPositionOutside(text: string): Generator<number> {
  let isInside = false;
  for (let position = 0; position < text.length; position += 1) {
    const unit = text.charCodeAt(position);
    if (!isInside) yield position;
    if (isInside && unit === BACKSLASH) position += 1;
    else if (unit === QUOTE) isInside = !isInside;
  }
}

/** Counted before parsing: whatever walks the document calls itself on each level. */
function refuseDeep(text: string, file: string): void {
  let depth = 0;
  for (const position of eachPositionOutside(text)) {
    const unit = text.charCodeAt(position);
    if (unit === OPEN_LIST || unit === OPEN_MAPPING) depth += 1;
    else if (unit === CLOSE_LIST || unit === CLOSE_MAPPING) depth -= 1;
    if (depth > MAX_DEPTH) {
      throw new UserError(`${file} nests deeper than ${MAX_DEPTH} levels.`, {
        help: 'Point at a summary, not at everything that the tool kept.',
      });
    }
  }
}

/** The three words that Python's json module writes and JSON does not have. */
const BARE_WORDS = ['NaN', '-Infinity', 'Infinity'];
const FIRST_UNITS: ReadonlySet<number> = new Set(BARE_WORDS.map((word) => word.charCodeAt(0)));

/** The document with these words as strings. */
function quoteBareWords(text: string): string {
  let quoted = '';
  let copied = 0;
  for (const position of eachPositionOutside(text)) {
    if (position < copied || !FIRST_UNITS.has(text.charCodeAt(position))) continue;
    const word = BARE_WORDS.find((word) => text.startsWith(word, position));
    if (word === undefined) continue;
    quoted += `${text.slice(copied, position)}"${word}"`;
    copied = position + word.length;
  }
  return quoted + text.slice(copied);
}

/** How a cell of text becomes a JSON value: the definition that the engines must follow and that tests hold them to. */
import type { CellRules } from './cell-reading.ts';
import { compileDateNotation } from './date-notation.ts';
import type { JsonType, Scalar } from './engine.ts';

const BLANKS = '[ \\t-\\r]*';

/**
 * A number as text: what Python's `float()` reads, with ASCII blanks and digits (and "+-1", which DuckDB's cast takes),
 * but no underscores: no reader of tables takes them, and DuckDB 1.5 casts '9_007_199_254_740_993' to 9.
 * JSON's own grammar would be stricter ("007", "+5", ".5", " 5"), but the programs that read the file next are not, and
 * a regular expression on every number costs a fifth of the scan.
 */
const NUMBER = new RegExp(
  `^${BLANKS}[+]?-?(?:[0-9]+(?:[.][0-9]*)?|[.][0-9]+)(?:[eE][+-]?[0-9]+)?${BLANKS}$`,
  'u',
);

/** JSON's own spelling, pandas' and R's. */
export const TRUE_TEXTS: readonly string[] = ['true', 'True', 'TRUE'];
export const FALSE_TEXTS: readonly string[] = ['false', 'False', 'FALSE'];

/** What `trim` takes away at both ends. */
export const BLANK_CHARACTERS = ' \t\n\v\f\r';

/** How NaN and the infinities are written, in full; in a subset that RE2 shares. */
export const NOT_FINITE_PATTERN = `${BLANKS}[+-]?(?:[nN][aA][nN]|[iI][nN][fF](?:[iI][nN][iI][tT][yY])?)${BLANKS}`;

/** A number written as a whole one of at least as many digits as 2^53 has, in full; in a subset that RE2 shares. */
export const BIG_INTEGER_PATTERN = `${BLANKS}[+]?-?[0-9]{16,}${BLANKS}`;

/** From here on (2^53) not every whole number is a double. */
export const FIRST_BIG_INTEGER = 2 ** 53;

/** Whether any text is taken as a string: nothing is declared, or `string` is among what is. */
export function readsAsText(declaredTypes: readonly JsonType[]): boolean {
  return declaredTypes.length === 0 || declaredTypes.includes('string');
}

/** Whether a number is written in a way of its own. */
export function hasNotation({ decimal, thousands }: CellRules): boolean {
  return (decimal ?? '.') !== '.' || thousands !== undefined;
}

/** The expression of a number with its own decimal mark and groups of three digits, in full; in a subset that RE2 shares. */
export function compileNumberNotation({ decimal = '.', thousands }: CellRules): string {
  const grouped = thousands === undefined ? '' : `[0-9]{1,3}(?:[${thousands}][0-9]{3})+|`;
  return `${BLANKS}[+]?-?(?:(?:${grouped}[0-9]+)(?:[${decimal}][0-9]*)?|[${decimal}][0-9]+)(?:[eE][+-]?[0-9]+)?${BLANKS}`;
}

function matchesInFull(text: string, pattern: string): boolean {
  return new RegExp(`^(?:${pattern})$`, 'u').test(text);
}

function isPresent(text: string, rules: CellRules): boolean {
  const isNull = text === '' || rules.nullValues?.includes(text) === true;
  return !isNull && !(rules.notFinite === 'null' && matchesInFull(text, NOT_FINITE_PATTERN));
}

function readNumber(text: string, rules: CellRules): number {
  const { thousands, decimal, bigIntegers } = rules;
  if (!hasNotation(rules)) {
    const number = NUMBER.test(text) ? Number(text.replace('+-', '-')) : Number.NaN;
    return bigIntegers === 'error' && isBigInteger(number, text) ? Number.NaN : number;
  }
  if (!matchesInFull(text, compileNumberNotation(rules))) return Number.NaN;
  const digits = thousands === undefined ? text : text.replaceAll(thousands, '');
  const plain = digits.replace(decimal ?? '.', '.');
  return readNumber(plain, bigIntegers === undefined ? {} : { bigIntegers });
}

/** Whether a number is written as a whole one that a double need not hold. */
function isBigInteger(number: number, text: string): boolean {
  return Math.abs(number) >= FIRST_BIG_INTEGER && matchesInFull(text, BIG_INTEGER_PATTERN);
}

function readDate(text: string, { dates = [] }: CellRules): string {
  for (const { pattern, replacement } of dates.flatMap(compileDateNotation)) {
    if (matchesInFull(text, pattern)) {
      return text.replace(new RegExp(`^(?:${pattern})$`, 'u'), replacement.replaceAll('\\', '$'));
    }
  }
  return text;
}

/** A text without the blanks of ASCII at its ends. */
function trimBlanks(text: string): string {
  let [start, end] = [0, text.length];
  while (start < end && BLANK_CHARACTERS.includes(text.charAt(start))) start += 1;
  while (end > start && BLANK_CHARACTERS.includes(text.charAt(end - 1))) end -= 1;
  return text.slice(start, end);
}

/**
 * The JSON value of a cell of a CSV or TSV file, by the types that the schema declares for its column and the rules of
 * the column:
 * 1. With `trim`, blanks at both ends are taken away. Blanks belong to a text otherwise.
 * 2. Empty text, quoted or not, is absent: `undefined`. So is one of `nullValues`, and with `notFinite` NaN and infinities.
 * 3. No declared types, or `string` among them: the text; one in a notation of `dates` as RFC 3339 writes it.
 * 4. `integer` or `number` among them and the text is a number, as Python's `float()` reads it or in the notation of
 *    `decimal` and `thousands`, and finite: that number (not so a whole number of 2^53 and more under `bigIntegers`).
 * 5. `boolean` among them and the text is one of `trueValues`, `falseValues`: that boolean.
 * 6. Anything else stays text (and so breaks `type`).
 * A cell is never an array, an object or JSON's null.
 */
export function readTextCell(
  written: string,
  declaredTypes: readonly JsonType[],
  rules: CellRules = {},
): Scalar | undefined {
  const text = rules.trim === true ? trimBlanks(written) : written;
  if (!isPresent(text, rules)) {
    return undefined;
  }
  if (readsAsText(declaredTypes)) {
    return readDate(text, rules);
  }
  if (declaredTypes.includes('integer') || declaredTypes.includes('number')) {
    const number = readNumber(text, rules);
    if (Number.isFinite(number)) {
      return number;
    }
  }
  if (declaredTypes.includes('boolean') && (rules.trueValues ?? TRUE_TEXTS).includes(text)) {
    return true;
  }
  return declaredTypes.includes('boolean') && (rules.falseValues ?? FALSE_TEXTS).includes(text)
    ? false
    : text;
}

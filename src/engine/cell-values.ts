/** How a cell of text becomes a JSON value: the definition that the engines must follow and that tests hold them to. */
import type { JsonType, Scalar } from './engine.ts';

const DIGITS = '[0-9]+(?:_[0-9]+)*';
const BLANKS = '[ \\t-\\r]*';

/**
 * A number as text: what Python's `float()` reads, with ASCII blanks and digits (and "+-1", which DuckDB's cast takes).
 * JSON's own grammar would be stricter ("007", "+5", ".5", " 5"), but the programs that read the file next are not, and
 * a second look at every number costs a fifth of the scan.
 */
const NUMBER = new RegExp(
  `^${BLANKS}[+]?-?(?:${DIGITS}(?:[.](?:${DIGITS})?)?|[.]${DIGITS})(?:[eE][+-]?${DIGITS})?${BLANKS}$`,
  'u',
);

/** JSON's own spelling, pandas' and R's. */
export const TRUE_TEXTS: readonly string[] = ['true', 'True', 'TRUE'];
export const FALSE_TEXTS: readonly string[] = ['false', 'False', 'FALSE'];

/** Whether any text is taken as a string: nothing is declared, or `string` is among what is. */
export function readsAsText(declaredTypes: readonly JsonType[]): boolean {
  return declaredTypes.length === 0 || declaredTypes.includes('string');
}

/**
 * The JSON value of a cell of a CSV or TSV file, by the types that the schema declares for its column:
 * 1. Empty text, quoted or not, is absent: `undefined`.
 * 2. No declared types, or `string` among them: the text itself.
 * 3. `integer` or `number` among them and the text is a number, as Python's `float()` reads it, and finite: that number.
 * 4. `boolean` among them and the text is one of `TRUE_TEXTS`, `FALSE_TEXTS`: that boolean.
 * 5. Anything else stays text (and so breaks `type`).
 * A cell is never an array, an object or JSON's null; blanks belong to a text.
 */
export function readTextCell(text: string, declaredTypes: readonly JsonType[]): Scalar | undefined {
  if (text === '') {
    return undefined;
  }
  if (readsAsText(declaredTypes)) {
    return text;
  }
  if (declaredTypes.includes('integer') || declaredTypes.includes('number')) {
    const number = NUMBER.test(text) ? Number(text.replaceAll('_', '').replace('+-', '-')) : Number.NaN;
    if (Number.isFinite(number)) {
      return number;
    }
  }
  if (declaredTypes.includes('boolean') && TRUE_TEXTS.includes(text)) {
    return true;
  }
  return declaredTypes.includes('boolean') && FALSE_TEXTS.includes(text) ? false : text;
}

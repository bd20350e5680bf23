/**
 * Whether two texts are the same label however they were printed: `1` and `1.0`, `True` and `true`. Programs print what
 * they hold, and a file is read as text.
 */
export function isSameLabel(one: string, other: string): boolean {
  return normalise(one) === normalise(other);
}

function normalise(label: string): string {
  if (/^(?:true|false)$/iu.test(label)) return label.toLowerCase();
  const number = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/iu.test(label) ? Number(label) : NaN;
  return Number.isSafeInteger(number) || (Number.isFinite(number) && !Number.isInteger(number))
    ? String(number)
    : label;
}

const TRUTH: ReadonlyMap<string, 0 | 1> = new Map([
  ['1', 1],
  ['0', 0],
  ['true', 1],
  ['false', 0],
]);

/**
 * The label of two that a text means: one of them, or 1 and 0 or true and false for the positive and the negative.
 * Otherwise the text itself.
 */
export function readBinaryLabel(text: string, labels: readonly string[]): string {
  const same = labels.find((label) => isSameLabel(label, text));
  if (same !== undefined) return same;
  const truth = TRUTH.get(normalise(text));
  return truth === undefined ? text : (labels[truth] ?? text);
}

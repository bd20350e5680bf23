/** One label in the one form in which labels are compared: a whole number is written without a fraction. */
export function normaliseLabel(label: string | number | boolean): string {
  const text = String(label).trim();
  return /^-?\d+\.0+$/.test(text) ? text.slice(0, text.indexOf('.')) : text;
}

/** Longest name that is compared: what a person misspells is shorter, and the comparison takes length² steps. */
const MAX_LENGTH = 64;

/**
 * The known name that a misspelt one most likely means, or undefined if none is near: at most a third of its
 * characters may differ. Case and the choice between `-`, `_` and blank do not count. The first of equals wins.
 */
export function findNearest(name: string, known: readonly string[]): string | undefined {
  const wanted = normalize(name);
  if (wanted.length === 0 || wanted.length > MAX_LENGTH) return undefined;
  let best: string | undefined;
  let bestDistance = Math.max(1, Math.floor(wanted.length / 3)) + 1;
  for (const candidate of known) {
    const text = normalize(candidate);
    if (Math.abs(text.length - wanted.length) >= bestDistance) continue;
    const distance = countEdits(wanted, text);
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance];
  }
  return best;
}

function normalize(name: string): string {
  return name.toLowerCase().replaceAll(/[\s_-]+/g, '-');
}

/**
 * Edits that lead from one text to the other: insert, delete, replace, swap neighbours; no part is edited twice
 * (optimal string alignment: Damerau 1964, "A technique for computer detection and correction of spelling errors").
 */
function countEdits(left: string, right: string): number {
  let beforeLast: readonly number[] = [];
  let last: readonly number[] = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let row = 1; row <= left.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= right.length; column += 1) {
      const replaced = at(last, column - 1) + (left[row - 1] === right[column - 1] ? 0 : 1);
      const swapped =
        row > 1 && column > 1 && left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1]
          ? at(beforeLast, column - 2) + 1
          : Infinity;
      current.push(Math.min(replaced, at(last, column) + 1, at(current, column - 1) + 1, swapped));
    }
    [beforeLast, last] = [last, current];
  }
  return at(last, right.length);
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Infinity;
}

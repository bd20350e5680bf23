/** Adjusting p-values for how many there are: reject what is adjusted to at most alpha. */

/** A way to adjust: `holm` to block, `benjamini-hochberg` or `benjamini-yekutieli` to report. */
export type Adjustment =
  | 'bonferroni'
  | 'holm'
  | 'hochberg'
  | 'hommel'
  | 'benjamini-hochberg'
  | 'benjamini-yekutieli'
  | 'sidak'
  | 'holm-sidak'
  | 'two-stage-benjamini-hochberg';

/** Positions of the p-values from the smallest to the largest. */
function ascendingOrder(pValues: readonly number[]): number[] {
  const at = (index: number): number => pValues[index] ?? Number.NaN;
  return pValues.map((_, index) => index).sort((x, y) => at(x) - at(y) || x - y);
}

/** Each value replaced by the largest so far. */
function runningMaximum(values: readonly number[]): number[] {
  let largest = 0;
  return values.map((value) => (largest = Math.max(largest, value)));
}

/** Each value replaced by the smallest from there on. */
function runningMinimum(values: readonly number[]): number[] {
  let smallest = 1;
  return values
    .toReversed()
    .map((value) => (smallest = Math.min(smallest, value)))
    .reverse();
}

/** 1 - (1 - p)^k without the cancellation for small p. */
function atLeastOnce(p: number, k: number): number {
  return -Math.expm1(k * Math.log1p(-p));
}

function harmonicNumber(n: number): number {
  let sum = 0;
  for (let k = n; k >= 1; k--) sum += 1 / k;
  return sum;
}

/**
 * Hommel's adjustment of ascending p-values by its definition, the closure of Simes' test: the largest Simes p-value of
 * any set with the hypothesis, which is reached by adding the m - 1 largest of the others. Quadratic in their number.
 */
function adjustHommel(p: readonly number[]): number[] {
  const n = p.length;
  const at = (rank: number): number => p[rank] ?? Number.NaN;
  const adjusted = p.slice();
  for (let m = 2; m <= n; m++) {
    let others = Number.POSITIVE_INFINITY;
    for (let k = 2; k <= m; k++) others = Math.min(others, (m * at(n - m + k - 1)) / k);
    for (let rank = 0; rank < n; rank++) {
      const simes = Math.min(m * at(Math.min(rank, n - m)), others);
      adjusted[rank] = Math.max(adjusted[rank] ?? 0, simes);
    }
  }
  return adjusted;
}

/** Benjamini-Hochberg times the share of hypotheses that a first stage at alpha left standing. */
function adjustTwoStage(p: readonly number[], alpha: number): number[] {
  const first = adjustAscending(p, 'benjamini-hochberg', alpha);
  const standing = first.filter((value) => value > alpha).length;
  return first.map((value) => (value * standing) / p.length);
}

/** The adjustment of p-values that are already in ascending order. */
function adjustAscending(p: readonly number[], method: Adjustment, alpha: number): number[] {
  const n = p.length;
  switch (method) {
    case 'bonferroni':
      return p.map((value) => value * n);
    case 'sidak':
      return p.map((value) => atLeastOnce(value, n));
    case 'holm':
      return runningMaximum(p.map((value, rank) => value * (n - rank)));
    case 'holm-sidak':
      return runningMaximum(p.map((value, rank) => atLeastOnce(value, n - rank)));
    case 'hochberg':
      return runningMinimum(p.map((value, rank) => value * (n - rank)));
    case 'hommel':
      return adjustHommel(p);
    case 'benjamini-hochberg':
      return runningMinimum(p.map((value, rank) => (value * n) / (rank + 1)));
    case 'benjamini-yekutieli':
      return runningMinimum(p.map((value, rank) => (value * n * harmonicNumber(n)) / (rank + 1)));
    case 'two-stage-benjamini-hochberg':
      return adjustTwoStage(p, alpha);
    default:
      return method satisfies never;
  }
}

/**
 * P-values adjusted for their number, in the given order. Holm (Scand. J. Statist. 6, 1979) controls the chance of any
 * false rejection under every dependence; Benjamini-Hochberg (JRSS B 57, 1995) the share of false rejections under
 * positive dependence, Benjamini-Yekutieli (Ann. Statist. 29, 2001) under every one; Hochberg (Biometrika 75, 1988) and
 * Hommel (Biometrika 75, 1988) need Simes' inequality; Sidak's forms need independence. The two-stage form (Benjamini,
 * Krieger, Yekutieli, Biometrika 93, 2006, section 3) needs independence and holds for the one alpha it is given.
 * @throws RangeError when a p-value is not in [0, 1].
 */
export function adjustPValues(pValues: readonly number[], method: Adjustment, alpha = 0.05): number[] {
  const wrong = pValues.find((p) => !(p >= 0 && p <= 1));
  if (wrong !== undefined) throw new RangeError(`A p-value lies in [0, 1], not ${wrong}.`);
  const order = ascendingOrder(pValues);
  const ascending = adjustAscending(
    order.map((index) => pValues[index] ?? Number.NaN),
    method,
    alpha,
  );
  const adjusted = pValues.slice();
  order.forEach((index, rank) => (adjusted[index] = Math.min(1, ascending[rank] ?? Number.NaN)));
  return adjusted;
}

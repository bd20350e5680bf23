/** The Kolmogorov-Smirnov test of two samples, and the band of one. */
import { kolmogorovSurvival } from './distributions.ts';

/** A two-sample Kolmogorov-Smirnov test. */
export interface KolmogorovSmirnovTest {
  /** Largest distance D between the two distribution functions. */
  readonly statistic: number;
  /** Exact given the ties of the pooled sample; undefined above LARGEST_EXACT_PRODUCT. */
  readonly pExact: number | undefined;
  /** Exact for continuous distributions: conservative with ties. */
  readonly pIgnoringTies: number | undefined;
  /** Kolmogorov's limit distribution at D sqrt(nm / (n + m)). */
  readonly pAsymptotic: number;
}

/** The exact p-value visits every pair of ranks: up to about half a second. */
const LARGEST_EXACT_PRODUCT = 1e8;

/** |i n - j m| for every step through the pooled sample, and where a group of ties ends. */
function walkPooled(first: Float64Array, second: Float64Array) {
  const [m, n] = [first.length, second.length];
  const ends = new Uint8Array(m + n + 1);
  let [i, j, largest] = [0, 0, 0];
  while (i < m || j < n) {
    const x = Math.min(first[i] ?? Number.POSITIVE_INFINITY, second[j] ?? Number.POSITIVE_INFINITY);
    while (i < m && first[i] === x) i++;
    while (j < n && second[j] === x) j++;
    ends[i + j] = 1;
    largest = Math.max(largest, Math.abs(i * n - j * m));
  }
  return { ends, largest };
}

/**
 * Share of the lattice paths to (m, n) that somewhere are at least `largest` from the diagonal, looking only where
 * `ends` says. Averaging over the last step keeps every number a probability, so that small tails are exact.
 * Source: J. L. Hodges, Arkiv för Matematik 3 (1958) 469-486; for ties G. Schröer and D. Trenkler (1995).
 */
function shareOfPaths(m: number, n: number, largest: number, ends: Uint8Array | undefined): number {
  const row = new Float64Array(n + 1);
  for (let i = 0; i <= m; i++) {
    for (let j = 0; j <= n; j++) {
      const looked = ends === undefined || ends[i + j] === 1;
      if (looked && Math.abs(i * n - j * m) >= largest) row[j] = 1;
      else if (i === 0) row[j] = j === 0 ? 0 : (row[j - 1] ?? 0);
      else row[j] = (i * (row[j] ?? 0) + (j === 0 ? 0 : j * (row[j - 1] ?? 0))) / (i + j);
    }
  }
  return row[n] ?? Number.NaN;
}

/**
 * Two-sample Kolmogorov-Smirnov test that both samples have one distribution. On large samples report D, not p.
 * @throws RangeError when a sample is empty or a value is NaN.
 */
export function kolmogorovSmirnovTest(
  first: ArrayLike<number>,
  second: ArrayLike<number>,
): KolmogorovSmirnovTest {
  const [a, b] = [Float64Array.from(first).sort(), Float64Array.from(second).sort()];
  const [m, n] = [a.length, b.length];
  // NaN sorts to the end.
  if (m === 0 || n === 0 || Number.isNaN(a[m - 1]) || Number.isNaN(b[n - 1])) {
    throw new RangeError('A Kolmogorov-Smirnov test needs numbers in both samples.');
  }
  const { ends, largest } = walkPooled(a, b);
  const statistic = largest / (m * n);
  const isExact = m * n <= LARGEST_EXACT_PRODUCT;
  return {
    statistic,
    pExact: isExact ? shareOfPaths(m, n, largest, ends) : undefined,
    pIgnoringTies: isExact ? shareOfPaths(m, n, largest, undefined) : undefined,
    pAsymptotic: kolmogorovSurvival(statistic * Math.sqrt((m * n) / (m + n))),
  };
}

type Matrix = readonly (readonly number[])[];

function multiply(a: Matrix, b: Matrix): number[][] {
  return a.map((row) =>
    row.map((_, column) => row.reduce((sum, value, k) => sum + value * (b[k]?.[column] ?? 0), 0)),
  );
}

/** The transition matrix of Marsaglia, Tsang and Wang for n d = k - h. */
function transitionMatrix(k: number, h: number): number[][] {
  const size = 2 * k - 1;
  const inverseFactorial = (n: number): number => (n <= 1 ? 1 : inverseFactorial(n - 1) / n);
  const corner = (i: number): number => 1 - h ** i;
  return Array.from({ length: size }, (_, i) =>
    Array.from({ length: size }, (_, j) => {
      if (i - j + 1 < 0) return 0;
      const weight = inverseFactorial(i - j + 1);
      if (i === size - 1 && j === 0) {
        return (1 - 2 * h ** size + Math.max(0, 2 * h - 1) ** size) * weight;
      }
      if (j === 0) return corner(i + 1) * weight;
      return i === size - 1 ? corner(size - j) * weight : weight;
    }),
  );
}

/**
 * P(D >= d) of the one-sample two-sided statistic for n values of a continuous distribution, for n up to a few hundred.
 * Source: G. Marsaglia, W. W. Tsang, J. Wang, Evaluating Kolmogorov's Distribution, J. Stat. Software 8 (2003), issue 18.
 */
export function kolmogorovFiniteSurvival(n: number, d: number): number {
  const k = Math.floor(n * d) + 1;
  const step = transitionMatrix(k, k - n * d);
  let power: number[][] = step;
  // n! / n^n is multiplied in factor by factor, so that neither it nor the matrix power overflows.
  for (let factor = 1; factor <= n; factor++) {
    if (factor > 1) power = multiply(power, step);
    power = power.map((row) => row.map((value) => (value * factor) / n));
  }
  return 1 - (power[k - 1]?.[k - 1] ?? Number.NaN);
}

/**
 * Half-width of the Dvoretzky-Kiefer-Wolfowitz band around an empirical distribution function of n values.
 * Source: P. Massart, Annals of Probability 18 (1990) 1269-1283.
 */
export function dkwHalfWidth(n: number, level: number): number {
  return Math.sqrt(Math.log(2 / (1 - level)) / (2 * n));
}

import { estimateMean } from '../../statistics/means.ts';
import { quantileOfSorted } from '../../statistics/quantile.ts';

/** How much a number varies when nothing changes. */
export interface NoiseEstimate {
  /** In the metric's own unit. */
  readonly standardDeviation: number;
  /**
   * `re-measured`: from commits that were measured more than once. `first-differences`: from neighbours in history, most
   * of which are taken to differ by noise alone.
   */
  readonly method: 're-measured' | 'first-differences';
  /** Independent squares that it rests on, at most: Student's t with so many keeps its error rate. */
  readonly degreesOfFreedom: number;
}

/** Repeats that an estimate from them needs, beyond the first measurement of each commit. */
const FEWEST_REPEATS = 3;

/** Differences that an estimate from neighbours needs. */
const FEWEST_DIFFERENCES = 8;

/**
 * Degrees of freedom of the robust estimate for each difference. By simulation of 9 to 100 commits, two equal numbers
 * are then told apart in 4 to 5 % at an error rate of 5 %; with one for each difference in up to 6 %.
 */
const EFFICIENCY = 0.5;

/** Standard deviation of a normal distribution for each unit of its median absolute deviation: 1 / Φ⁻¹(3/4). */
const DEVIATION_FROM_MEDIAN = 1.482602218505602;

/**
 * The noise of one metric: pooled over commits that were measured again where there are enough of them, otherwise from
 * first differences of neighbouring commits, robustly (median absolute deviation / √2), so that a few true changes do not
 * count as noise. Undefined where history is too short, or where most neighbours are equal: then the number does not
 * come from training again, and its history says nothing about that noise.
 * Source: J. von Neumann, R. H. Kent, H. R. Bellinson, B. I. Hart, Annals of Mathematical Statistics 12 (1941) 153-162,
 * for differences; F. R. Hampel, JASA 69 (1974) 383-393, for the median absolute deviation.
 * @param points measurements of one metric, oldest first; a commit may stand there several times.
 */
export function estimateNoise(
  points: readonly { readonly commit: string; readonly value: number | null }[],
): NoiseEstimate | undefined {
  const byCommit = new Map<string, number[]>();
  for (const { commit, value } of points) {
    if (value !== null) byCommit.set(commit, [...(byCommit.get(commit) ?? []), value]);
  }
  const groups = [...byCommit.values()];
  return fromRepeats(groups) ?? fromDifferences(groups.map(([first = Number.NaN]) => first));
}

function fromRepeats(groups: readonly (readonly number[])[]): NoiseEstimate | undefined {
  const repeated = groups.filter((group) => group.length > 1);
  const values = repeated.flat().length;
  const degrees = values - repeated.length;
  if (degrees < FEWEST_REPEATS) return undefined;
  const squares = repeated.reduce((sum, group) => {
    const { mean } = estimateMean(group);
    return sum + group.reduce((within, value) => within + (value - mean) ** 2, 0);
  }, 0);
  const standardDeviation = Math.sqrt(squares / degrees);
  return standardDeviation > 0
    ? { standardDeviation, method: 're-measured', degreesOfFreedom: degrees }
    : undefined;
}

function fromDifferences(values: readonly number[]): NoiseEstimate | undefined {
  const differences = values.slice(1).map((value, index) => value - (values[index] ?? Number.NaN));
  if (differences.length < FEWEST_DIFFERENCES) return undefined;
  // Around 0, not around their median: the differences of two equal levels are symmetric.
  const deviation = medianOf(differences.map(Math.abs));
  const standardDeviation = (deviation * DEVIATION_FROM_MEDIAN) / Math.SQRT2;
  if (!(standardDeviation > 0)) return undefined;
  const degreesOfFreedom = Math.floor(EFFICIENCY * differences.length);
  return { standardDeviation, method: 'first-differences', degreesOfFreedom };
}

function medianOf(values: readonly number[]): number {
  return quantileOfSorted(
    values.toSorted((a, b) => a - b),
    0.5,
  );
}

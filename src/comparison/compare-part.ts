import type { Interval, Part } from '../schemas/evidence.generated.ts';
import {
  estimateClusteredMean,
  estimateMean,
  meanInterval,
  sumOf,
  tTest,
  type MeanEstimate,
} from '../statistics/means.ts';
import { mcnemarTest, tangoInterval, type PairedCounts } from '../statistics/paired-proportions.ts';

/** The examples of one part of the test set, with what each model makes of them. */
export interface PartValues {
  readonly name: string;
  /** The metric: a share of hits, a mean, or the root of a mean. */
  readonly kind: 'share' | 'mean' | 'root-mean';
  /** One value for each example: 0 or 1 for a share. */
  readonly candidate: Float64Array;
  readonly baseline: Float64Array;
  /** The group of each example, numbered anyhow; undefined where each stands for itself. */
  readonly groups: Uint32Array | undefined;
}

/** A part before its p-value is adjusted for the number of parts. */
export type PartOfChange = Omit<Part, 'adjustedP'>;

/**
 * One part beside the baseline: both values, what the part adds to the change of the whole, and the paired test of no
 * change within it (McNemar mid-p for shares, t for means, t by group where examples belong to groups). For a root of
 * means the test is that of the means, which are equal when the roots are.
 * @param scale what the sum of the part's differences is divided by: the examples of all parts, for a mean
 */
export function comparePart(part: PartValues, scale: number, level: number): PartOfChange {
  const { name, kind, candidate, baseline } = part;
  const n = candidate.length;
  const [now, before] = [sumOf(candidate), sumOf(baseline)];
  const valueOf = (sum: number): number => (kind === 'root-mean' ? Math.sqrt(sum / n) : sum / n);
  return {
    name,
    n,
    baseline: valueOf(before),
    candidate: valueOf(now),
    // Where both models are without error, the scale of a root is 0 and nothing changed.
    contribution: now === before ? 0 : (now - before) / scale,
    ...testPart(part, level),
  };
}

function testPart(part: PartValues, level: number): { readonly p?: number; readonly interval?: Interval } {
  if (part.kind === 'share' && part.groups === undefined) {
    const counts = countPairs(part.candidate, part.baseline);
    const { low, high } = tangoInterval(counts, level);
    return {
      p: mcnemarTest(counts.onlyFirst, counts.onlySecond).pMid,
      interval: { level, low, high, method: 'Tango score' },
    };
  }
  const differences = subtract(part.candidate, part.baseline);
  if (differences === undefined) return { p: 1 };
  const estimate = estimateDifference(differences, part.groups);
  if (estimate === undefined || estimate.degenerate) return {};
  const { low, high } = meanInterval(estimate, level);
  const method = part.groups === undefined ? 'Student t' : 'Student t, clustered by group';
  return {
    p: tTest(estimate, 0).pTwoSided,
    // The interval of a difference of squares is in another unit than the metric.
    ...(part.kind === 'root-mean' ? {} : { interval: { level, low, high, method } }),
  };
}

function countPairs(first: Float64Array, second: Float64Array): PairedCounts {
  let [both, onlyFirst, onlySecond] = [0, 0, 0];
  for (let row = 0; row < first.length; row++) {
    if (first[row] === 1 && second[row] === 1) both += 1;
    else if (first[row] === 1) onlyFirst += 1;
    else if (second[row] === 1) onlySecond += 1;
  }
  return { both, onlyFirst, onlySecond, neither: first.length - both - onlyFirst - onlySecond };
}

/** Example by example; undefined where none differs. */
function subtract(first: Float64Array, second: Float64Array): Float64Array | undefined {
  const differences = new Float64Array(first.length);
  let differ = false;
  for (let row = 0; row < first.length; row++) {
    const difference = (first[row] ?? Number.NaN) - (second[row] ?? Number.NaN);
    differences[row] = difference;
    if (difference !== 0) differ = true;
  }
  return differ ? differences : undefined;
}

/** Undefined for a single example or group, which has no spread. */
function estimateDifference(
  differences: Float64Array,
  groups: Uint32Array | undefined,
): MeanEstimate | undefined {
  if (groups === undefined) return differences.length < 2 ? undefined : estimateMean(differences);
  const numberOf = new Map<number, number>();
  const clusters = groups.map((group) => {
    const number = numberOf.get(group) ?? numberOf.size;
    numberOf.set(group, number);
    return number;
  });
  return numberOf.size < 2 ? undefined : estimateClusteredMean(differences, clusters);
}

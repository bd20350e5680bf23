/** What a sketch of numbers says: quantiles, and bins that suit it. */
import { nextBucket } from './double-bits.ts';
import { findBin } from './edges.ts';
import type { NumberSketch } from './number-sketch.ts';

/** Edges are kept with as many significant digits as evidence keeps of any figure. */
const EDGE_DIGITS = 12;

function total(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0);
}

/**
 * The largest error of a quantile's rank, as a share of the values: that of a quantile which is anywhere in the fullest
 * bucket. 0 where all values are known.
 */
export function rankErrorOf({ dropped, counts }: NumberSketch): number {
  return dropped === 0 ? 0 : Math.max(0, ...counts) / total(counts);
}

/**
 * Quantiles of at least one value, between neighbouring values as R's type 7: R. Hyndman, Y. Fan, The American
 * Statistician 50 (1996) 361-365. Values of one bucket count as spread evenly over it.
 */
export function quantilesOf(
  sketch: NumberSketch,
  { min, max }: { readonly min: number; readonly max: number },
  levels: readonly number[],
): readonly number[] {
  const { dropped, values, counts } = sketch;
  const starts: number[] = [];
  let seen = 0;
  for (const count of counts) {
    starts.push(seen);
    seen += count;
  }
  const valueAt = (rank: number): number => {
    const after = starts.findIndex((start) => start > rank);
    const bucket = (after === -1 ? starts.length : after) - 1;
    const lower = values[bucket] ?? min;
    if (dropped === 0) return lower;
    const width = nextBucket(lower, dropped) - lower;
    const share = (rank - (starts[bucket] ?? 0) + 0.5) / (counts[bucket] ?? 1);
    return Math.min(max, Math.max(min, lower + share * width));
  };
  return levels.map((level) => {
    const rank = level * (seen - 1);
    const [below, above] = [valueAt(Math.floor(rank)), valueAt(Math.ceil(rank))];
    const share = rank - Math.floor(rank);
    return below * (1 - share) + above * share;
  });
}

/**
 * Edges for at most `bins` bins. Few different values have a bin each, with edges midway between neighbours. Else each
 * bin has about the same number of values, from the least to the largest: what distances between distributions need to
 * see as much of a heavy tail as of the middle.
 */
export function chooseEdges(
  sketch: NumberSketch,
  ends: { readonly min: number; readonly max: number },
  bins: number,
): readonly number[] {
  const isFew = sketch.dropped === 0 && sketch.values.length <= bins;
  return keepRising((isFew ? midways(sketch.values) : equalMasses(sketch, ends, bins)).map(roundEdge));
}

function midways(values: readonly number[]): readonly number[] {
  const [first = 0, last = 0] = [values[0], values.at(-1)];
  const between = values.slice(1).map((value, at) => (values[at] ?? value) / 2 + value / 2);
  const alone = Math.max(0.5, Math.abs(first) / 1_000);
  const half = (inner: number | undefined, value: number): number =>
    inner === undefined ? alone : Math.abs(value - inner);
  return [first - half(between[0], first), ...between, last + half(between.at(-1), last)].map(keepFinite);
}

function keepFinite(value: number): number {
  return Math.min(Number.MAX_VALUE, Math.max(-Number.MAX_VALUE, value));
}

function equalMasses(
  { values, counts }: NumberSketch,
  { min, max }: { readonly min: number; readonly max: number },
  bins: number,
): readonly number[] {
  const mass = total(counts) / bins;
  const inner: number[] = [];
  let [seen, next] = [0, mass];
  counts.forEach((count, at) => {
    if (seen >= next) {
      inner.push(values[at] ?? min);
      next = (Math.floor(seen / mass) + 1) * mass;
    }
    seen += count;
  });
  return [roundOutwards(min, -1), ...inner.slice(0, bins - 1), roundOutwards(max, 1)];
}

function roundEdge(value: number): number {
  return Number(value.toPrecision(EDGE_DIGITS)) + 0;
}

/** A number of few digits that is not above, or (`1`) not below the given one. */
function roundOutwards(value: number, side: 1 | -1): number {
  const rounded = roundEdge(value);
  if (side * rounded >= side * value) return rounded;
  const digits = Math.floor(Math.log10(Math.abs(value))) - EDGE_DIGITS + 1;
  return keepFinite(roundEdge(rounded + side * 10 ** digits));
}

function keepRising(edges: readonly number[]): readonly number[] {
  return edges.filter((edge, at) => at === 0 || edge > (edges[at - 1] ?? edge));
}

/**
 * How many values lie in each bin between edges that `chooseEdges` chose of this sketch: exactly, since its inner edges
 * are where buckets begin, to the digits that edges have.
 */
export function countBetween(sketch: NumberSketch, edges: readonly number[]): readonly number[] {
  const counts = Array.from({ length: edges.length - 1 }, () => 0);
  const last = counts.length - 1;
  sketch.values.forEach((value, at) => {
    const start = sketch.dropped === 0 ? value : roundEdge(value);
    const bin = Math.min(last, Math.max(0, findBin(edges, start) - 1));
    counts[bin] = (counts[bin] ?? 0) + (sketch.counts[at] ?? 0);
  });
  return counts;
}

/** What is kept of a column of numbers: extremes, moments and a sketch, each of which merges. */
import { gatherNumbers, type EdgeCounts } from './gather-numbers.ts';
import { EMPTY_MOMENTS, mergeMoments, momentsOf, type Moments } from './moments.ts';
import { mergeSketches, type NumberSketch } from './number-sketch.ts';
import type { Registers } from './hyper-log-log.ts';
import { sumOf } from './means.ts';

/** Of at least one finite number. */
export interface NumberSummary {
  readonly min: number;
  readonly max: number;
  readonly zeros: number;
  /** Left out where sums of the numbers, or of their powers, are beyond what a double can hold. */
  readonly moments?: Moments;
  readonly sketch: NumberSketch;
  /** Counts between edges that were given. */
  readonly frozen?: EdgeCounts;
}

export interface SummaryGatherer {
  /** Numbers as they come; those that are not finite are left out. */
  readonly add: (values: Float64Array) => void;
  /** Undefined where no number was finite. */
  readonly finish: () => { readonly summary: NumberSummary; readonly registers?: Registers } | undefined;
}

/** Moments of many pieces; merged early, their order would show in the last digits. */
const MOST_PIECES = 4_096;

/** Undefined where the moments of a piece are too large for a double. */
type Pieces = Moments[] | undefined;

function addPiece(pieces: Pieces, finite: Float64Array): Pieces {
  if (pieces === undefined || !Number.isFinite(sumOf(finite))) return undefined;
  pieces.push(momentsOf(finite));
  if (pieces.length < MOST_PIECES) return pieces;
  const merged = mergePieces(pieces);
  return merged === undefined ? undefined : [merged];
}

/** In an order that does not depend on which thread was first. */
function mergePieces(pieces: readonly Moments[]): Moments | undefined {
  const sorted = pieces.toSorted(
    (one, other) => one.mean - other.mean || one.sum2 - other.sum2 || one.n - other.n,
  );
  return keepFinite(sorted.reduce(mergeMoments, EMPTY_MOMENTS));
}

function keepFinite(moments: Moments): Moments | undefined {
  return Object.values(moments).every(Number.isFinite) ? moments : undefined;
}

/** Moments of numbers that are all known: the same to the last digit however they were gathered. */
export function momentsOfSketch({ values, counts }: NumberSketch): Moments | undefined {
  const one = values.map((mean, at): Moments => ({ ...EMPTY_MOMENTS, n: counts[at] ?? 0, mean }));
  return keepFinite(one.reduce(mergeMoments, EMPTY_MOMENTS));
}

/**
 * @param buckets most buckets of the sketch: a power of two
 * @param edges edges between which numbers are counted beside
 */
export function gatherSummary(buckets: number, edges?: readonly number[]): SummaryGatherer {
  const numbers = gatherNumbers(buckets, edges);
  let finite = new Float64Array(0);
  let [min, max, zeros] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0];
  let pieces: Pieces = [];
  return {
    add: (values) => {
      if (finite.length < values.length) finite = new Float64Array(values.length);
      let kept = 0;
      for (const value of values) {
        if (!Number.isFinite(value)) continue;
        finite[kept] = value;
        kept += 1;
        if (value < min) min = value;
        if (value > max) max = value;
        if (value === 0) zeros += 1;
      }
      if (kept === 0) return;
      pieces = addPiece(pieces, finite.subarray(0, kept));
      numbers.add(finite, kept);
    },
    finish: () => {
      if (min > max) return undefined;
      const { sketch, registers, frozen } = numbers.finish();
      const isExact = sketch.dropped === 0;
      const moments = isExact ? momentsOfSketch(sketch) : pieces && mergePieces(pieces);
      return {
        summary: {
          min: min + 0,
          max: max + 0,
          zeros,
          ...(moments === undefined ? {} : { moments }),
          sketch,
          ...(frozen === undefined ? {} : { frozen }),
        },
        ...(registers === undefined ? {} : { registers }),
      };
    },
  };
}

/** The summary of the numbers of both. Counts between edges are kept where both have the same edges. */
export function mergeSummaries(one: NumberSummary, other: NumberSummary, buckets: number): NumberSummary {
  const sketch = mergeSketches(one.sketch, other.sketch, buckets);
  const moments = sketch.dropped === 0 ? momentsOfSketch(sketch) : mergeOptional(one.moments, other.moments);
  const frozen = mergeFrozen(one.frozen, other.frozen);
  return {
    min: Math.min(one.min, other.min),
    max: Math.max(one.max, other.max),
    zeros: one.zeros + other.zeros,
    ...(moments === undefined ? {} : { moments }),
    sketch,
    ...(frozen === undefined ? {} : { frozen }),
  };
}

function mergeOptional(one: Moments | undefined, other: Moments | undefined): Moments | undefined {
  return one === undefined || other === undefined ? undefined : keepFinite(mergeMoments(one, other));
}

function mergeFrozen(one: EdgeCounts | undefined, other: EdgeCounts | undefined): EdgeCounts | undefined {
  if (one === undefined || other === undefined || !areEqual(one.edges, other.edges)) return undefined;
  return {
    edges: one.edges,
    counts: one.counts.map((count, bin) => count + (other.counts[bin] ?? 0)),
    below: one.below + other.below,
    above: one.above + other.above,
  };
}

function areEqual(one: readonly number[], other: readonly number[]): boolean {
  return one.length === other.length && one.every((edge, at) => edge === other[at]);
}

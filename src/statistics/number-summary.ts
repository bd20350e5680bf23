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

function addMoments(moments: Moments | undefined, finite: Float64Array): Moments | undefined {
  if (moments === undefined || !Number.isFinite(sumOf(finite))) return undefined;
  return keepFinite(mergeMoments(moments, momentsOf(finite)));
}

function keepFinite(moments: Moments): Moments | undefined {
  return Object.values(moments).every(Number.isFinite) ? moments : undefined;
}

/**
 * @param buckets most buckets of the sketch: a power of two
 * @param edges edges between which numbers are counted beside
 */
export function gatherSummary(buckets: number, edges?: readonly number[]): SummaryGatherer {
  const numbers = gatherNumbers(buckets, edges);
  let finite = new Float64Array(0);
  let [min, max, zeros] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0];
  let moments: Moments | undefined = EMPTY_MOMENTS;
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
      moments = addMoments(moments, finite.subarray(0, kept));
      numbers.add(finite, kept);
    },
    finish: () => {
      if (min > max) return undefined;
      const { sketch, registers, frozen } = numbers.finish();
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
  const moments =
    one.moments === undefined || other.moments === undefined
      ? undefined
      : keepFinite(mergeMoments(one.moments, other.moments));
  const frozen = mergeFrozen(one.frozen, other.frozen);
  return {
    min: Math.min(one.min, other.min),
    max: Math.max(one.max, other.max),
    zeros: one.zeros + other.zeros,
    ...(moments === undefined ? {} : { moments }),
    sketch: mergeSketches(one.sketch, other.sketch, buckets),
    ...(frozen === undefined ? {} : { frozen }),
  };
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

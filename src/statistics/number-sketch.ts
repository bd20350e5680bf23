/**
 * A summary of numbers that merges: how often each value stands while there are few, and how many values lie in each
 * bucket of floating-point numbers once there are many. It depends on the values alone, neither on their order nor on how
 * they were split, so that the sketches of shards merge to exactly the sketch of the whole.
 *
 * Where there are more buckets than allowed, one more bit of the mantissa is dropped, which merges neighbours.
 * Source: I. Epicoco et al., UDDSketch, IEEE Access 8 (2020) 147604, section III, there with buckets of one ratio.
 */
import { lowerBound } from './double-bits.ts';

/** Buckets in rising order, each with its least value and how many values lie in it. */
export interface NumberSketch {
  /** Bits that do not count: 0 where every value has a bucket of its own. */
  readonly dropped: number;
  readonly values: readonly number[];
  readonly counts: readonly number[];
}

/** How many buckets sorted values fall into; counting ends above `most`. */
function countBuckets(sorted: Float64Array, dropped: number, most: number): number {
  let [count, last] = [0, Number.NaN];
  for (let at = 0; at < sorted.length && count <= most; at += 1) {
    const lower = lowerBound(sorted[at] ?? 0, dropped);
    if (lower !== last) count += 1;
    last = lower;
  }
  return count;
}

const MOST_DROPPED = 62;

/** The fewest bits to drop so that no more than `most` buckets are left. Dropping more never makes more of them. */
export function chooseDropped(sorted: Float64Array, above: number, most: number): number {
  let [from, to] = [above, MOST_DROPPED];
  while (from < to) {
    const middle = (from + to) >>> 1;
    if (countBuckets(sorted, middle, most) <= most) to = middle;
    else from = middle + 1;
  }
  return from;
}

/** Sorted buckets, of which some may be the same, as a sketch of at most `most`. */
function condense(
  pairs: readonly (readonly [value: number, count: number])[],
  dropped: number,
  most: number,
): NumberSketch {
  const sorted = Float64Array.from(pairs, ([value]) => value);
  const level = chooseDropped(sorted, dropped, most);
  const values: number[] = [];
  const counts: number[] = [];
  for (const [value, count] of pairs) {
    const lower = lowerBound(value, level);
    const last = values.length - 1;
    if (last >= 0 && values[last] === lower) counts[last] = (counts[last] ?? 0) + count;
    else {
      values.push(lower);
      counts.push(count);
    }
  }
  return { dropped: level, values, counts };
}

/** The sketch of all that two sketches hold, of at most `most` buckets: that of both, if both were made with it. */
export function mergeSketches(one: NumberSketch, other: NumberSketch, most: number): NumberSketch {
  const pairs = [one, other].flatMap(({ values, counts }) =>
    values.map((value, at): readonly [number, number] => [value, counts[at] ?? 0]),
  );
  const sorted = pairs.toSorted(([a], [b]) => a - b);
  return condense(sorted, Math.max(one.dropped, other.dropped), most);
}

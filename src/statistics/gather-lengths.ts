/** Lengths as they come: small whole numbers, of which each has a place of its own. */
import { findBin } from './edges.ts';
import type { EdgeCounts } from './gather-numbers.ts';
import { gatherSummary, mergeSummaries, momentsOfSketch, type NumberSummary } from './number-summary.ts';

/** Lengths from here on are gathered as any numbers are. */
const LONG = 1_024;

export interface LengthGatherer {
  /** Whole numbers; negative ones are left out. */
  readonly add: (lengths: Int32Array) => void;
  /** Undefined where there was none. */
  readonly finish: () => NumberSummary | undefined;
}

/** As `gatherSummary`, and to the same result. */
export function gatherLengths(buckets: number, edges?: readonly number[]): LengthGatherer {
  const counts = new Float64Array(LONG);
  const longer = gatherSummary(buckets, edges);
  return {
    add: (lengths) => {
      let long = 0;
      for (let row = 0; row < lengths.length; row += 1) {
        const length = lengths[row] ?? -1;
        if (length >= LONG) long += 1;
        else if (length >= 0) counts[length] = (counts[length] ?? 0) + 1;
      }
      if (long > 0) longer.add(Float64Array.from(lengths.filter((length) => length >= LONG)));
    },
    finish: () => {
      const short = summarise(counts, edges);
      const long = longer.finish()?.summary;
      if (short === undefined) return long;
      return long === undefined ? short : mergeSummaries(short, long, buckets);
    },
  };
}

function summarise(counts: Float64Array, edges: readonly number[] | undefined): NumberSummary | undefined {
  const values = [...counts.keys()].filter((length) => (counts[length] ?? 0) > 0);
  const [min, max] = [values[0], values.at(-1)];
  if (min === undefined || max === undefined) return undefined;
  const sketch = { dropped: 0, values, counts: values.map((length) => counts[length] ?? 0) };
  const moments = momentsOfSketch(sketch);
  return {
    min,
    max,
    zeros: counts[0] ?? 0,
    ...(moments === undefined ? {} : { moments }),
    sketch,
    ...(edges === undefined ? {} : { frozen: countBetween(sketch.values, sketch.counts, edges) }),
  };
}

function countBetween(
  values: readonly number[],
  counts: readonly number[],
  edges: readonly number[],
): EdgeCounts {
  const bins = Array.from({ length: edges.length + 1 }, () => 0);
  values.forEach((value, at) => {
    const bin = findBin(edges, value);
    bins[bin] = (bins[bin] ?? 0) + (counts[at] ?? 0);
  });
  return { edges, counts: bins.slice(1, -1), below: bins[0] ?? 0, above: bins.at(-1) ?? 0 };
}

/** Counts of several labels: how often each is had, said, and both, from the few labels that each example is about. */
import type { MultilabelExamples } from './examples.ts';

/** The labels that each example has or is given, one after the other; the others say nothing of it. */
export interface LabelEvents {
  /** Where those of each example end. */
  readonly ends: Uint32Array;
  readonly labels: Uint32Array;
  /** 1: the example has the label. */
  readonly has: Uint8Array;
  /** 1: the model says the label. */
  readonly said: Uint8Array;
}

const known = new WeakMap<readonly Uint8Array[], LabelEvents>();

/** Listed once for as long as the predictions live: every average of every score needs them. */
export function listLabelEvents({ n, target, predicted }: MultilabelExamples): LabelEvents {
  const before = known.get(predicted);
  if (before !== undefined) return before;
  const ends = new Uint32Array(n);
  target.forEach((truth, label) => {
    const prediction = predicted[label];
    for (let row = 0; row < n; row++) {
      if (truth[row] === 1 || prediction?.[row] === 1) ends[row] = (ends[row] ?? 0) + 1;
    }
  });
  let total = 0;
  for (let row = 0; row < n; row++) {
    total += ends[row] ?? 0;
    ends[row] = total;
  }
  const [labels, has, said] = [new Uint32Array(total), new Uint8Array(total), new Uint8Array(total)];
  // Filled from the front of each example's part: where the one before it ends.
  const next = new Uint32Array(n);
  for (let row = 1; row < n; row++) next[row] = ends[row - 1] ?? 0;
  target.forEach((truth, label) => {
    const prediction = predicted[label];
    for (let row = 0; row < n; row++) {
      if (truth[row] !== 1 && prediction?.[row] !== 1) continue;
      const at = next[row] ?? 0;
      labels[at] = label;
      has[at] = truth[row] ?? 0;
      said[at] = prediction?.[row] ?? 0;
      next[row] = at + 1;
    }
  });
  const events = { ends, labels, has, said };
  known.set(predicted, events);
  return events;
}

/** A ratio of counts: `hits` times those both had and said, over the sum of the other three, each times its number. */
export interface RatioOfCounts {
  readonly hits: number;
  readonly said: number;
  readonly has: number;
  readonly both: number;
}

export const LABEL_RATIOS = {
  precision: { hits: 1, said: 1, has: 0, both: 0 },
  recall: { hits: 1, said: 0, has: 1, both: 0 },
  f1: { hits: 2, said: 1, has: 1, both: 0 },
  jaccard: { hits: 1, said: 1, has: 1, both: -1 },
} as const satisfies Readonly<Record<string, RatioOfCounts>>;

/** Numerator and denominator of a ratio by example. */
export function ratioByExample(
  { ends, has, said }: LabelEvents,
  ratio: RatioOfCounts,
): { readonly above: Float64Array; readonly below: Float64Array } {
  const [above, below] = [new Float64Array(ends.length), new Float64Array(ends.length)];
  let event = 0;
  for (let row = 0; row < ends.length; row++) {
    let [hits, claims, truths] = [0, 0, 0];
    for (; event < (ends[row] ?? 0); event++) {
      const [isTrue, isSaid] = [has[event] ?? 0, said[event] ?? 0];
      hits += isTrue * isSaid;
      claims += isSaid;
      truths += isTrue;
    }
    above[row] = ratio.hits * hits;
    below[row] = ratio.said * claims + ratio.has * truths + ratio.both * hits;
  }
  return { above, below };
}

interface LabelTable {
  /** Weight of all examples. */
  readonly total: number;
  readonly both: Float64Array;
  readonly said: Float64Array;
  readonly has: Float64Array;
}

function countLabels(
  events: LabelEvents,
  labels: number,
  weights: ArrayLike<number> | undefined,
): LabelTable {
  const [both, said, has] = [new Float64Array(labels), new Float64Array(labels), new Float64Array(labels)];
  let [total, event] = [0, 0];
  for (let row = 0; row < events.ends.length; row++) {
    const weight = weights?.[row] ?? 1;
    total += weight;
    for (; event < (events.ends[row] ?? 0); event++) {
      const label = events.labels[event] ?? 0;
      const [isTrue, isSaid] = [events.has[event] ?? 0, events.said[event] ?? 0];
      both[label] = (both[label] ?? 0) + weight * isTrue * isSaid;
      said[label] = (said[label] ?? 0) + weight * isSaid;
      has[label] = (has[label] ?? 0) + weight * isTrue;
    }
  }
  return { total, both, said, has };
}

/** How the ratios of labels are averaged: all alike, or by how often each is true. */
export type LabelAverage = 'macro' | 'weighted';

/** The ratio of each label, 0 where it has no denominator, and what stands below it. */
function ratioByLabel(table: LabelTable, ratio: RatioOfCounts) {
  const below = table.both.map(
    (both, label) =>
      ratio.said * (table.said[label] ?? 0) + ratio.has * (table.has[label] ?? 0) + ratio.both * both,
  );
  const values = table.both.map((both, label) => {
    const size = below[label] ?? 0;
    return size === 0 ? 0 : (ratio.hits * both) / size;
  });
  return { values, below };
}

/** Weights of the labels in an average, with sum 1; all 0 where no label is true and that is what they are weighed by. */
function weighLabels({ has }: LabelTable, average: LabelAverage): Float64Array {
  if (average === 'macro') return has.map(() => 1 / has.length);
  const sum = has.reduce((total, weight) => total + weight, 0);
  return has.map((weight) => (sum === 0 ? 0 : weight / sum));
}

/** Each label's ratio, 0 without a denominator, and how many examples have it. */
export function scoreLabels(
  examples: MultilabelExamples,
  ratio: RatioOfCounts,
): { readonly values: Float64Array; readonly has: Float64Array } {
  const table = countLabels(listLabelEvents(examples), examples.labels.length, undefined);
  return { values: ratioByLabel(table, ratio).values, has: table.has };
}

/** The average of a ratio over labels. */
export function averageRatio(
  events: LabelEvents,
  labels: number,
  { ratio, average }: { readonly ratio: RatioOfCounts; readonly average: LabelAverage },
  weights: ArrayLike<number> | undefined,
): number {
  const table = countLabels(events, labels, weights);
  const shares = weighLabels(table, average);
  return ratioByLabel(table, ratio).values.reduce(
    (sum, value, label) => sum + value * (shares[label] ?? 0),
    0,
  );
}

/**
 * First-order effect of each example on the average, times the weight of all: that of the labels' ratios and, where labels
 * are weighed by how often they are true, that of the weights of labels.
 */
export function averageRatioInfluences(
  events: LabelEvents,
  labels: number,
  { ratio, average }: { readonly ratio: RatioOfCounts; readonly average: LabelAverage },
  weights: ArrayLike<number> | undefined,
): Float64Array {
  const table = countLabels(events, labels, weights);
  const shares = weighLabels(table, average);
  const { values, below } = ratioByLabel(table, ratio);
  const value = values.reduce((sum, one, label) => sum + one * (shares[label] ?? 0), 0);
  const truths = table.has.reduce((sum, weight) => sum + weight, 0);
  const influences = new Float64Array(events.ends.length);
  let event = 0;
  for (let row = 0; row < influences.length; row++) {
    let effect = 0;
    for (; event < (events.ends[row] ?? 0); event++) {
      const label = events.labels[event] ?? 0;
      const [isTrue, isSaid] = [events.has[event] ?? 0, events.said[event] ?? 0];
      const [own, size] = [values[label] ?? 0, below[label] ?? 0];
      const moved =
        ratio.hits * isTrue * isSaid -
        own * (ratio.said * isSaid + ratio.has * isTrue + ratio.both * isTrue * isSaid);
      if (size > 0) effect += ((shares[label] ?? 0) * moved * table.total) / size;
      if (average === 'weighted' && truths > 0) effect += ((own - value) * isTrue * table.total) / truths;
    }
    influences[row] = effect * (weights?.[row] ?? 1);
  }
  return influences;
}

import type {
  GradedOutcomes,
  MulticlassOutcomes,
  MultilabelOutcomes,
  Outcomes,
  RankingOutcomes,
} from './outcomes.ts';
import { bytesAt, textAt } from './packed-texts.ts';
import {
  digestOutputs,
  moveOutputs,
  numericTargetOf,
  outputsOf,
  replaceOutputs,
  roundOutputs,
} from './model-outputs.ts';

type PairOf<Own extends Outcomes> = Own extends Outcomes
  ? { readonly task: Own['task']; readonly candidate: Own; readonly baseline: Own }
  : never;

/** Two models' outcomes on the same examples in the same order, with the same list of labels. */
export type OutcomesPair = PairOf<Outcomes>;

export type Pairing =
  | { readonly kind: 'paired'; readonly pair: OutcomesPair }
  | {
      readonly kind: 'unpaired';
      readonly reason: 'test-set-changed' | 'unmatched-ids';
      /** Why, for people, with counts. */
      readonly detail: string;
    };

/**
 * Puts two models' outcomes side by side. They are paired when both have the same ids, the same targets and, up to a
 * factor, the same weights; anything else is a reason, because a difference over different examples is not the models'
 * alone.
 */
export function pairOutcomes(candidate: Outcomes, baseline: Outcomes): Pairing {
  if (candidate.task !== baseline.task) {
    return changed(
      `The baseline's predictions are for ${baseline.task}, the candidate's for ${candidate.task}.`,
    );
  }
  if (candidate.idsDigest !== baseline.idsDigest || candidate.n !== baseline.n) {
    return explainIds(candidate, baseline);
  }
  if (candidate.testSetDigest !== baseline.testSetDigest) return explainTargets(candidate, baseline);
  const difference = explainShape(candidate, baseline) ?? explainWeights(candidate, baseline);
  if (difference !== undefined) return changed(difference);
  return { kind: 'paired', pair: alignPair(candidate, baseline) };
}

function changed(detail: string): Pairing {
  return { kind: 'unpaired', reason: 'test-set-changed', detail };
}

function explainIds(candidate: Outcomes, baseline: Outcomes): Pairing {
  if (candidate.ids === undefined || baseline.ids === undefined) {
    return changed(
      `The test set changed since the baseline was recorded: its ${candidate.n} ids are not the ${baseline.n} of the baseline.`,
    );
  }
  // Both are sorted bytewise, so that one walk over both finds what they share.
  let [row, other, shared] = [0, 0, 0];
  let firstMissing: number | undefined;
  while (row < candidate.n) {
    const order =
      other < baseline.n ? Buffer.compare(bytesAt(candidate.ids, row), bytesAt(baseline.ids, other)) : -1;
    if (order < 0) firstMissing ??= row;
    if (order === 0) shared += 1;
    if (order <= 0) row += 1;
    if (order >= 0) other += 1;
  }
  const example =
    firstMissing === undefined
      ? ''
      : ` (such as ${JSON.stringify(textAt(candidate.ids, firstMissing).slice(0, 80))})`;
  return {
    kind: 'unpaired',
    reason: 'unmatched-ids',
    detail: `The predictions do not cover the same examples: ${shared} ids are in both, ${candidate.n - shared} only in the candidate's${example}, ${baseline.n - shared} only in the baseline's.`,
  };
}

function explainTargets(candidate: Outcomes, baseline: Outcomes): Pairing {
  let differing = 0;
  for (let row = 0; row < candidate.n; row++) {
    if (!isSameTarget(candidate, baseline, row)) differing += 1;
  }
  return changed(
    `The targets changed: ${differing === 0 ? 'some' : differing} of ${candidate.n} examples have another target than when the baseline was recorded.`,
  );
}

/** Kept targets may be rounded. */
const TARGET_TOLERANCE = 1e-6;

function isSameTarget(candidate: Outcomes, baseline: Outcomes, row: number): boolean {
  if (candidate.task === 'multiclass-classification' && baseline.task === 'multiclass-classification') {
    return candidate.labels[candidate.target[row] ?? 0] === baseline.labels[baseline.target[row] ?? 0];
  }
  if (candidate.task === 'multilabel-classification' && baseline.task === 'multilabel-classification') {
    return labelsOfRow(candidate, row) === labelsOfRow(baseline, row);
  }
  if (candidate.task === 'ranking' && baseline.task === 'ranking')
    return isSameQuery(candidate, baseline, row);
  if (!('target' in candidate) || !('target' in baseline)) return true;
  return isSameNumber(Number(candidate.target[row] ?? 0), Number(baseline.target[row] ?? 0));
}

function isSameNumber(own: number, other: number): boolean {
  return Math.abs(own - other) <= TARGET_TOLERANCE * Math.abs(own);
}

function labelsOfRow({ labels, target }: MultilabelOutcomes, row: number): string {
  return JSON.stringify(labels.filter((_, label) => target[label]?.[row] === 1));
}

function isSameQuery(candidate: RankingOutcomes, baseline: RankingOutcomes, query: number): boolean {
  const [own, other] = [itemsOf(candidate, query), itemsOf(baseline, query)];
  return own.length === other.length && own.every((value, item) => isSameNumber(value, other[item] ?? 0));
}

function itemsOf({ ends, relevance }: RankingOutcomes, query: number): Float64Array {
  return relevance.subarray(ends[query - 1] ?? 0, ends[query] ?? 0);
}

/** Kept weights may be rounded. Of the largest weight this is so little that no metric shows it. */
const WEIGHT_TOLERANCE = 1e-6;

/** Weights come with the predictions: who may change them without a word chooses which examples count. */
function explainWeights(candidate: Outcomes, baseline: Outcomes): string | undefined {
  if (candidate.weights === undefined && baseline.weights === undefined) return undefined;
  const [own, other] = [candidate, baseline].map(({ weights, n }) => shareOfLargest(weights, n));
  let differing = 0;
  for (let row = 0; row < candidate.n; row++) {
    const [now = Number.NaN, before = Number.NaN] = [own?.[row], other?.[row]];
    if (!(Math.abs(now - before) <= WEIGHT_TOLERANCE)) differing += 1;
  }
  if (differing === 0) return undefined;
  return `The weights changed: ${differing} of ${candidate.n} examples weigh something else than when the baseline was recorded.`;
}

/** Only how weights stand to one another matters; without any all are alike. */
function shareOfLargest(weights: Float64Array | undefined, n: number): Float64Array {
  if (weights === undefined) return new Float64Array(n).fill(1);
  // As keeping rounds them.
  const kept = weights.map(Math.fround);
  const largest = kept.reduce((most, weight) => Math.max(most, weight), 0);
  if (largest > 0) for (let row = 0; row < n; row++) kept[row] = (kept[row] ?? 0) / largest;
  return kept;
}

function describeGrades({ names, directions }: GradedOutcomes): string {
  return names.map((name, at) => `${name.slice(0, 80)} (${directions[at] ?? ''})`).join(', ');
}

/** Why outputs of the same task mean something else: other levels or other grades. */
function explainShape(candidate: Outcomes, baseline: Outcomes): string | undefined {
  if ('levels' in candidate && 'levels' in baseline) {
    const [own, other] = [candidate.levels.join(', '), baseline.levels.join(', ')];
    if (own !== other)
      return `The levels of the quantiles changed: they are ${own || 'none'} now and were ${other || 'none'} in the baseline.`;
  }
  if (candidate.task !== 'graded' || baseline.task !== 'graded') return undefined;
  const [own, other] = [describeGrades(candidate), describeGrades(baseline)];
  return own === other
    ? undefined
    : `The grades changed: they are ${own} now and were ${other} in the baseline.`;
}

function alignPair(candidate: Outcomes, baseline: Outcomes): OutcomesPair {
  const aligned = alignOutputs(candidate, withTruthOf(candidate, baseline));
  return { task: candidate.task, ...alignLabels(aligned.candidate, aligned.baseline) } as OutcomesPair;
}

interface Sides {
  readonly candidate: Outcomes;
  readonly baseline: Outcomes;
}

/** The relevance of kept items may be rounded; the scale of a series is that of its training part, which may have grown. */
function withTruthOf(candidate: Outcomes, baseline: Outcomes): Outcomes {
  if (candidate.task === 'ranking' && baseline.task === 'ranking') {
    const { ends, relevance } = candidate;
    return { ...baseline, ends, relevance };
  }
  if (candidate.task === 'forecasting' && baseline.task === 'forecasting') {
    return { ...baseline, scale: candidate.scale };
  }
  return baseline;
}

/**
 * Where the baseline's outputs were rounded for keeping, the candidate's are rounded in the same way: what was equal
 * stays equal. Those that were equal to the last bit, as the digest tells, get their last bits back. Targets beside
 * which values were rounded are the candidate's: they are equal.
 */
function alignOutputs(candidate: Outcomes, baseline: Outcomes): Sides {
  if (baseline.exactDigest === undefined) return { candidate, baseline };
  const { exactDigest, ...kept } = baseline;
  const outputs = outputsOf(candidate);
  const target = numericTargetOf(candidate);
  const onTarget = <Own extends Outcomes>(side: Own): Own =>
    target === undefined ? side : { ...side, target };
  if (digestOutputs(outputs) === exactDigest) {
    return { candidate, baseline: onTarget(replaceOutputs(kept, outputs)) };
  }
  const others = moveOutputs(outputsOf(baseline), numericTargetOf(baseline), target);
  return {
    candidate: replaceOutputs(candidate, roundOutputs(outputs, target)),
    baseline: onTarget(replaceOutputs(baseline, others)),
  };
}

/** Both sides with the labels of either. */
function alignLabels(candidate: Outcomes, baseline: Outcomes): Sides {
  if (candidate.task === 'multiclass-classification' && baseline.task === 'multiclass-classification') {
    const labels = joinLabels(candidate, baseline);
    return { candidate: relabel(candidate, labels), baseline: relabel(baseline, labels) };
  }
  if (candidate.task === 'multilabel-classification' && baseline.task === 'multilabel-classification') {
    const labels = joinLabels(candidate, baseline);
    return { candidate: spreadLabels(candidate, labels), baseline: spreadLabels(baseline, labels) };
  }
  return { candidate, baseline };
}

interface Labelled {
  readonly labels: readonly string[];
}

function joinLabels(candidate: Labelled, baseline: Labelled): readonly string[] {
  return [...new Set([...candidate.labels, ...baseline.labels])].sort();
}

function isSameList(first: readonly string[], second: readonly string[]): boolean {
  return first.length === second.length && first.every((text, at) => text === second[at]);
}

function relabel(outcomes: MulticlassOutcomes, labels: readonly string[]): MulticlassOutcomes {
  if (isSameList(outcomes.labels, labels)) return outcomes;
  const placeOf = new Map(labels.map((label, place) => [label, place]));
  const codes = outcomes.labels.map((label) => placeOf.get(label) ?? 0);
  const recode = (column: Uint16Array): Uint16Array => column.map((code) => codes[code] ?? 0);
  const { n, scores } = outcomes;
  return {
    ...outcomes,
    labels,
    target: recode(outcomes.target),
    predicted: recode(outcomes.predicted),
    ...(scores === undefined
      ? {}
      : { scores: spread(outcomes.labels, scores, labels, () => new Float64Array(n)) }),
  };
}

/** A model that does not know a label never says it, and gives it no probability. */
function spreadLabels(outcomes: MultilabelOutcomes, labels: readonly string[]): MultilabelOutcomes {
  if (isSameList(outcomes.labels, labels)) return outcomes;
  const { n, labels: own, score } = outcomes;
  return {
    ...outcomes,
    labels,
    target: spread(own, outcomes.target, labels, () => new Uint8Array(n)),
    predicted: spread(own, outcomes.predicted, labels, () => new Uint8Array(n)),
    score: score === undefined ? undefined : spread(own, score, labels, () => new Float64Array(n)),
  };
}

function spread<Column>(
  own: readonly string[],
  columns: readonly Column[],
  labels: readonly string[],
  absent: () => Column,
): readonly Column[] {
  const columnOf = new Map(own.map((label, at) => [label, columns[at]]));
  return labels.map((label) => columnOf.get(label) ?? absent());
}

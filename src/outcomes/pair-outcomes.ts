import type {
  BinaryOutcomes,
  MulticlassOutcomes,
  MultilabelOutcomes,
  Outcomes,
  RankingOutcomes,
  RegressionOutcomes,
} from './outcomes.ts';
import { bytesAt, textAt } from './packed-texts.ts';
import { digestNumbers, residualsOf, roundResiduals, roundScores } from './round-outputs.ts';

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
 * Puts two models' outcomes side by side. They are paired when both have the same ids and the same targets; anything
 * else is a reason, because a difference over different examples is not the models' alone.
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

function alignPair(candidate: Outcomes, baseline: Outcomes): OutcomesPair {
  if (candidate.task === 'multiclass-classification' && baseline.task === 'multiclass-classification') {
    const labels = [...new Set([...candidate.labels, ...baseline.labels])].sort();
    return {
      task: candidate.task,
      candidate: relabel(candidate, labels),
      baseline: relabel(baseline, labels),
    };
  }
  if (candidate.task === 'binary-classification' && baseline.task === 'binary-classification') {
    return { task: candidate.task, ...alignScores(candidate, baseline) };
  }
  if (candidate.task === 'regression' && baseline.task === 'regression') {
    return { task: candidate.task, ...alignValues(candidate, baseline) };
  }
  return { task: candidate.task, candidate, baseline } as OutcomesPair;
}

/**
 * Where the baseline's scores were rounded for keeping, the candidate's are rounded in the same way: what was equal
 * stays equal. Those that were equal to the last bit, as the digest tells, get their last bits back.
 */
function alignScores(
  candidate: BinaryOutcomes,
  baseline: BinaryOutcomes,
): { readonly candidate: BinaryOutcomes; readonly baseline: BinaryOutcomes } {
  const { score } = candidate;
  if (score === undefined || baseline.exactDigest === undefined) return { candidate, baseline };
  const { exactDigest, ...kept } = baseline;
  if (digestNumbers(score) === exactDigest) return { candidate, baseline: { ...kept, score } };
  return { candidate: { ...candidate, score: roundScores(score) }, baseline };
}

/** The same for predicted values, whose residuals were rounded. The targets are the candidate's: they are equal. */
function alignValues(
  candidate: RegressionOutcomes,
  baseline: RegressionOutcomes,
): { readonly candidate: RegressionOutcomes; readonly baseline: RegressionOutcomes } {
  const { target, predicted } = candidate;
  if (baseline.exactDigest === undefined) return { candidate, baseline };
  const { exactDigest, ...kept } = baseline;
  if (digestNumbers(predicted) === exactDigest) {
    return { candidate, baseline: { ...kept, target, predicted } };
  }
  const own = roundResiduals(residualsOf(target, predicted));
  const other = residualsOf(baseline.target, baseline.predicted);
  const addTo = (residuals: Float64Array): Float64Array =>
    target.map((value, row) => value + (residuals[row] ?? 0));
  return {
    candidate: { ...candidate, predicted: addTo(own) },
    baseline: { ...baseline, target, predicted: addTo(other) },
  };
}

function relabel(outcomes: MulticlassOutcomes, labels: readonly string[]): MulticlassOutcomes {
  const codes = outcomes.labels.map((label) => labels.indexOf(label));
  const recode = (column: Uint16Array): Uint16Array => column.map((code) => codes[code] ?? 0);
  return { ...outcomes, labels, target: recode(outcomes.target), predicted: recode(outcomes.predicted) };
}

/** Examples that one model has right and the other wrong, and what they say of trust in an update. */
import { boundText } from '../evidence/bound-text.ts';
import type { Outcomes } from '../outcomes/outcomes.ts';
import { pairOutcomes, type OutcomesPair } from '../outcomes/pair-outcomes.ts';
import { textAt } from '../outcomes/packed-texts.ts';
import type { About, FlipExample, Flips } from '../schemas/evidence.generated.ts';
import { sumOf } from '../statistics/means.ts';
import { flipRates, type PairedCounts } from '../statistics/paired-proportions.ts';
import { measureShare } from './share-of-rows.ts';

export interface FlipOptions {
  readonly about: About;
  /** One-sided error rate: intervals have the two-sided level 1 - 2 alpha. */
  readonly alpha: number;
  /** How many flipped examples are listed, negative ones first; 0 where ids are private. */
  readonly examples: number;
  /** Binary classification: the score from which on an example is predicted positive. */
  readonly threshold: number;
  /** Further trainings of main's recipe, on the same test set. */
  readonly seeds: readonly Outcomes[];
}

/** A pair of classifiers: right and wrong are defined for them, and for no regression. */
type ClassifierPair = Extract<
  OutcomesPair,
  { readonly task: 'binary-classification' | 'multiclass-classification' }
>;

function isOfClassifiers(pair: OutcomesPair): pair is ClassifierPair {
  return pair.task === 'binary-classification' || pair.task === 'multiclass-classification';
}

/**
 * Negative flips (right in the baseline, wrong in the candidate), positive ones and churn (another label), as shares
 * of the test set with intervals, and the examples to look at: the candidate's most confident first, by id where there
 * are no scores. Undefined for regression, where no example is right.
 * Source: S. Yan et al., Positive-Congruent Training, CVPR (2021), section 3; backward trust: G. Bansal et al., AAAI
 * (2019).
 */
export function measureFlips(pair: OutcomesPair, options: FlipOptions): Flips | undefined {
  if (!isOfClassifiers(pair) || pair.candidate.n === 0) return undefined;
  const columns = compareRows(pair);
  const level = 1 - 2 * options.alpha;
  const { groups } = pair.candidate;
  const { relativeNegative, kept } = flipRates(columns.counts);
  const retraining = measureRetraining(pair, options.seeds);
  return {
    about: options.about,
    n: pair.candidate.n,
    negative: measureShare(columns.negative, groups, level),
    positive: measureShare(columns.positive, groups, level),
    churn: measureShare(columns.churn, groups, level),
    ...(relativeNegative === undefined ? {} : { relativeNegative }),
    ...(kept === undefined ? {} : { backwardTrust: kept }),
    ...(retraining === undefined ? {} : { retraining }),
    examples: listExamples(pair, columns, options),
  };
}

interface FlipColumns {
  readonly negative: Uint8Array;
  readonly positive: Uint8Array;
  readonly churn: Uint8Array;
  /** First: the candidate. */
  readonly counts: PairedCounts;
}

function compareRows({ candidate, baseline }: ClassifierPair): FlipColumns {
  const { n, target } = candidate;
  const [negative, positive, churn] = [new Uint8Array(n), new Uint8Array(n), new Uint8Array(n)];
  const counts = { both: 0, onlyFirst: 0, onlySecond: 0, neither: 0 };
  for (let row = 0; row < n; row++) {
    const isRight = candidate.predicted[row] === target[row];
    const wasRight = baseline.predicted[row] === target[row];
    if (candidate.predicted[row] !== baseline.predicted[row]) churn[row] = 1;
    if (isRight && wasRight) counts.both += 1;
    else if (isRight) {
      counts.onlyFirst += 1;
      positive[row] = 1;
    } else if (wasRight) {
      counts.onlySecond += 1;
      negative[row] = 1;
    } else counts.neither += 1;
  }
  return { negative, positive, churn, counts };
}

/**
 * Mean share of negative flips between the baseline and other trainings of its recipe: what a limit must leave room
 * for, because it flips though nobody changed anything. Undefined where there are none.
 */
function measureRetraining({ baseline }: ClassifierPair, seeds: readonly Outcomes[]): number | undefined {
  const shares = seeds.flatMap((seed) => {
    const pairing = pairOutcomes(seed, baseline);
    if (pairing.kind === 'unpaired' || !isOfClassifiers(pairing.pair)) return [];
    return [compareRows(pairing.pair).counts.onlySecond / baseline.n];
  });
  return shares.length === 0 ? undefined : sumOf(shares) / shares.length;
}

function listExamples(
  pair: ClassifierPair,
  { negative, positive }: FlipColumns,
  { examples, threshold }: FlipOptions,
): readonly FlipExample[] {
  const ids = pair.candidate.ids;
  if (examples === 0 || ids === undefined) return [];
  const confidence = confidenceOf(pair, threshold);
  const worst = findMostConfident(negative, confidence, examples);
  const best = findMostConfident(positive, confidence, examples - worst.length);
  const describe = (kind: FlipExample['kind']) => (row: number) =>
    describeExample(pair, kind, boundText(textAt(ids, row)), row);
  return [...worst.map(describe('negative')), ...best.map(describe('positive'))];
}

/** How far the candidate's score lies on the side of what it predicts; 0 for all where there are no scores. */
function confidenceOf(pair: ClassifierPair, threshold: number): (row: number) => number {
  if (pair.task === 'multiclass-classification') return () => 0;
  const { score, predicted } = pair.candidate;
  if (score === undefined) return () => 0;
  return (row) => ((score[row] ?? threshold) - threshold) * (predicted[row] === 1 ? 1 : -1);
}

/** Rows with a flag, the most confident first, then in the order of ids: at most `most`, in one pass. */
function findMostConfident(
  flags: Uint8Array,
  confidence: (row: number) => number,
  most: number,
): readonly number[] {
  const found: { readonly row: number; readonly sure: number }[] = [];
  if (most <= 0) return [];
  for (let row = 0; row < flags.length; row++) {
    if (flags[row] !== 1) continue;
    const sure = confidence(row);
    if (found.length === most && sure <= (found.at(-1)?.sure ?? 0)) continue;
    const place = found.findIndex((other) => other.sure < sure);
    found.splice(place === -1 ? found.length : place, 0, { row, sure });
    if (found.length > most) found.pop();
  }
  return found.map(({ row }) => row);
}

function describeExample(
  pair: ClassifierPair,
  kind: FlipExample['kind'],
  id: string,
  row: number,
): FlipExample {
  const { candidate, baseline } = pair;
  const label = (code: number | undefined): string => boundText(candidate.labels[code ?? 0] ?? '');
  return {
    kind,
    id,
    target: label(candidate.target[row]),
    baseline: label(baseline.predicted[row]),
    candidate: label(candidate.predicted[row]),
    ...scoresOf(pair, row),
    ...slicesOf(pair, row),
  };
}

function scoresOf(pair: ClassifierPair, row: number): Pick<FlipExample, 'baselineScore' | 'candidateScore'> {
  if (pair.task === 'multiclass-classification') return {};
  const [before, now] = [pair.baseline.score?.[row], pair.candidate.score?.[row]];
  return {
    ...(before === undefined ? {} : { baselineScore: before }),
    ...(now === undefined ? {} : { candidateScore: now }),
  };
}

/** Slice columns that evidence has room for. */
const MAX_SLICE_COLUMNS = 20;

function slicesOf(pair: ClassifierPair, row: number): Pick<FlipExample, 'slices'> {
  const columns = [...pair.candidate.sliceColumns].slice(0, MAX_SLICE_COLUMNS);
  if (columns.length === 0) return {};
  const entries = columns.map(([name, { codes, values }]) => [
    boundText(name),
    boundText(values[codes[row] ?? 0] ?? ''),
  ]);
  return { slices: Object.fromEntries(entries) };
}

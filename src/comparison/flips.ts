/** Examples that one model has right and the other wrong, and what they say of trust in an update. */
import { boundText } from '../evidence/bound-text.ts';
import { agreements, exactMatches } from '../metrics/losses.ts';
import type { Outcomes } from '../outcomes/outcomes.ts';
import { pairOutcomes, type OutcomesPair } from '../outcomes/pair-outcomes.ts';
import { textAt } from '../outcomes/packed-texts.ts';
import { titleColumn } from '../outcomes/slices.ts';
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
  { readonly task: 'binary-classification' | 'multiclass-classification' | 'multilabel-classification' }
>;

function isOfClassifiers(pair: OutcomesPair): pair is ClassifierPair {
  return (
    pair.task === 'binary-classification' ||
    pair.task === 'multiclass-classification' ||
    pair.task === 'multilabel-classification'
  );
}

/**
 * Negative flips (right in the baseline, wrong in the candidate), positive ones and churn (another label), as shares
 * of the test set with intervals, and the examples to look at: the candidate's most confident first, by id where there
 * are no scores. An example of several labels is right where all of them are. Undefined where
 * no example is right or wrong, as of a regression.
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

/** 1 where two columns of labels, or all columns of several labels, agree. */
function agreeByRow(first: Labels, second: Labels): Uint8Array {
  if (ArrayBuffer.isView(first) && ArrayBuffer.isView(second)) return agreements(first, second);
  return exactMatches(first as readonly Uint8Array[], second as readonly Uint8Array[]);
}

type Labels = Uint8Array | Uint16Array | readonly Uint8Array[];

function compareRows({ candidate, baseline }: ClassifierPair): FlipColumns {
  const { n, target } = candidate;
  const [isRight, wasRight] = [candidate, baseline].map(({ predicted }) => agreeByRow(target, predicted));
  const same = agreeByRow(candidate.predicted, baseline.predicted);
  const [negative, positive, churn] = [new Uint8Array(n), new Uint8Array(n), new Uint8Array(n)];
  const counts = { both: 0, onlyFirst: 0, onlySecond: 0, neither: 0 };
  for (let row = 0; row < n; row++) {
    const [now, before] = [isRight?.[row] === 1, wasRight?.[row] === 1];
    if (same[row] !== 1) churn[row] = 1;
    if (now && before) counts.both += 1;
    else if (now) {
      counts.onlyFirst += 1;
      positive[row] = 1;
    } else if (before) {
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
  if (pair.task !== 'binary-classification') return () => 0;
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
  return {
    kind,
    id,
    ...labelsOf(pair, row),
    ...scoresOf(pair, row),
    ...slicesOf(pair, row),
  };
}

/** What an example is, and what it was and is taken for; several labels are parted by commas. */
function labelsOf(pair: ClassifierPair, row: number): Pick<FlipExample, 'target' | 'baseline' | 'candidate'> {
  const { labels } = pair.candidate;
  if (pair.task === 'multilabel-classification') {
    const list = (columns: readonly Uint8Array[]): string =>
      boundText(labels.filter((_, label) => columns[label]?.[row] === 1).join(', '));
    const { candidate, baseline } = pair;
    return {
      target: list(candidate.target),
      baseline: list(baseline.predicted),
      candidate: list(candidate.predicted),
    };
  }
  const name = (code: number | undefined): string => boundText(labels[code ?? 0] ?? '');
  const { candidate, baseline } = pair;
  return {
    target: name(candidate.target[row]),
    baseline: name(baseline.predicted[row]),
    candidate: name(candidate.predicted[row]),
  };
}

function scoresOf(pair: ClassifierPair, row: number): Pick<FlipExample, 'baselineScore' | 'candidateScore'> {
  if (pair.task !== 'binary-classification') return {};
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
    boundText(titleColumn(name)),
    boundText(values[codes[row] ?? 0] ?? ''),
  ]);
  return { slices: Object.fromEntries(entries) };
}

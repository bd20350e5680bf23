/** How many examples decide a margin, and what a test set of a given size can see: planned before anything is measured. */
import { normalCdf, normalQuantile } from '../statistics/normal.ts';
import { planExamples, type Need, type PlannedUses } from './budget/needed-examples.ts';
import { correctedTangoInterval } from '../statistics/paired-proportions.ts';
import { minimumDetectableEffect, nonInferioritySampleSize, type PowerTarget } from '../statistics/power.ts';

/** How much two models differ from example to example. */
export type Spread =
  /** Share of examples that one of them has right and the other wrong. */
  | { readonly kind: 'discordance'; readonly share: number }
  /** Standard deviation of the paired difference of one example, in the metric's unit. */
  | { readonly kind: 'standard-deviation'; readonly value: number };

export interface TestSetPlanRequest {
  readonly spread: Spread;
  /** How much worse the candidate may be, in the metric's unit; above 0. */
  readonly margin: number;
  readonly target: PowerTarget;
  /** How many examples of clusters say as much as one independent example; 1 without clusters. */
  readonly designEffect: number;
}

export interface NeededExamples {
  readonly margin: number;
  /** If the candidate is truly as good as the baseline. */
  readonly equallyGood: number;
  /** If it is truly worse by half the margin. */
  readonly halfMarginWorse: number;
}

/**
 * Examples that the non-inferiority test at the margin needs to pass with the given power. The larger of two numbers:
 * what the spread asks for by the normal approximation, and the first that can pass at all: with fewer, an interval
 * reaches beyond the margin even if no two predictions differ.
 */
export function planMargin({ spread, margin, target, designEffect }: TestSetPlanRequest): NeededExamples {
  const byReach = findExamplesToReach(spread, margin, target.alpha);
  const needed = (difference: number): number => {
    const bySpread = nonInferioritySampleSize(deviationAt(spread, difference), margin, target, difference);
    return Math.ceil(designEffect * Math.max(bySpread, byReach));
  };
  return { margin, equallyGood: needed(0), halfMarginWorse: needed(-margin / 2) };
}

/** Standard deviation of one example's difference where the true difference is this: sqrt(psi - difference^2) for flips. */
function deviationAt(spread: Spread, difference: number): number {
  if (spread.kind === 'standard-deviation') return spread.value;
  return Math.sqrt(Math.max(0, spread.share - difference ** 2));
}

/**
 * How far an interval reaches that rests on this many examples of which no two predictions differ: for flips the limit of
 * the corrected Tango interval, for other differences z^2 / (n + z^2) of the metric's scale.
 */
function reachOf(spread: Spread, examples: number, alpha: number): number {
  if (spread.kind === 'standard-deviation') {
    const square = normalQuantile(alpha) ** 2;
    return square / (examples + square);
  }
  const counts = { both: examples, onlyFirst: 0, onlySecond: 0, neither: 0 };
  return -correctedTangoInterval(counts, 1 - 2 * alpha).low;
}

/** More examples than this are never needed for reach alone at a margin that a metric can have. */
const MOST_EXAMPLES = 1e12;

/** The smallest number of examples whose reach is at most the margin: it shrinks as they grow. */
function findExamplesToReach(spread: Spread, margin: number, alpha: number): number {
  let [tooFew, enough] = [0, MOST_EXAMPLES];
  while (enough - tooFew > 1) {
    const middle = Math.floor((tooFew + enough) / 2);
    if (reachOf(spread, middle, alpha) <= margin) enough = middle;
    else tooFew = middle;
  }
  return enough;
}

export interface VisibleChangeRequest {
  readonly spread: Spread;
  /** Examples of the test set. */
  readonly examples: number;
  readonly target: PowerTarget;
  readonly designEffect: number;
}

/** The smallest true change that this many examples show with the given power; never less than unseen flips could hide. */
export function findVisibleChange({ spread, examples, target, designEffect }: VisibleChangeRequest): number {
  const effective = examples / designEffect;
  const reach = reachOf(spread, effective, target.alpha);
  return Math.max(minimumDetectableEffect(deviationAt(spread, 0), effective, target), reach);
}

/** Probability that a candidate as good as the baseline passes at the margin with this many examples. */
export function findChanceToPass(request: VisibleChangeRequest & { readonly margin: number }): number {
  const { spread, examples, target, designEffect, margin } = request;
  const effective = examples / designEffect;
  if (reachOf(spread, effective, target.alpha) > margin) return 0;
  const deviation = deviationAt(spread, 0);
  return normalCdf((margin * Math.sqrt(effective)) / deviation + normalQuantile(target.alpha));
}

/** Uses beyond which nobody counts. */
const MOST_USES = 1_000_000;

/**
 * How often a test set of this size can be used while every verdict stays right with the planned reliability; 0 if not
 * even once. Undefined where the spread says too little for the guarantee that is asked for.
 */
export function countAffordableUses(
  examples: number,
  need: Need,
  budget: Omit<PlannedUses, 'uses'>,
): number | undefined {
  const needed = (uses: number) => planExamples(need, { ...budget, uses });
  if (needed(1) === undefined) return undefined;
  // Needed examples grow with the uses: the last that fits, by halving.
  let [fits, tooMany] = [0, MOST_USES + 1];
  while (tooMany - fits > 1) {
    const middle = Math.floor((fits + tooMany) / 2);
    if ((needed(middle) ?? Infinity) <= examples) fits = middle;
    else tooMany = middle;
  }
  return fits;
}

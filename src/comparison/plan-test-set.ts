/** How many examples decide a margin, and what a test set of a given size can see: planned before anything is measured. */
import { normalCdf, normalQuantile } from '../statistics/normal.ts';
import { planExamples, type Need, type PlannedUses } from './budget/needed-examples.ts';
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
 * what the spread asks for by the normal approximation, and what brings the reach of unseen flips, z^2 / (n + z^2), down
 * to the margin: before, Tango's interval cannot pass even without a flip.
 */
export function planMargin({ spread, margin, target, designEffect }: TestSetPlanRequest): NeededExamples {
  const square = normalQuantile(target.alpha) ** 2;
  const byReach = square / margin - square;
  const needed = (difference: number): number => {
    const bySpread = nonInferioritySampleSize(deviationAt(spread, difference), margin, target, difference);
    return Math.ceil(designEffect * Math.max(bySpread, byReach, 1));
  };
  return { margin, equallyGood: needed(0), halfMarginWorse: needed(-margin / 2) };
}

/** Standard deviation of one example's difference where the true difference is this: sqrt(psi - difference^2) for flips. */
function deviationAt(spread: Spread, difference: number): number {
  if (spread.kind === 'standard-deviation') return spread.value;
  return Math.sqrt(Math.max(0, spread.share - difference ** 2));
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
  const square = normalQuantile(target.alpha) ** 2;
  const reach = square / (effective + square);
  return Math.max(minimumDetectableEffect(deviationAt(spread, 0), effective, target), reach);
}

/** Probability that a candidate as good as the baseline passes at the margin with this many examples. */
export function findChanceToPass(request: VisibleChangeRequest & { readonly margin: number }): number {
  const { spread, examples, target, designEffect, margin } = request;
  const effective = examples / designEffect;
  const square = normalQuantile(target.alpha) ** 2;
  if (square / (effective + square) > margin) return 0;
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

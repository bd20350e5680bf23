/** What `mlgate power` answers. */
import { planExamples, type Need, type PlannedUses } from '../../comparison/budget/needed-examples.ts';
import {
  countAffordableUses,
  findChanceToPass,
  findVisibleChange,
  planMargin,
  type NeededExamples,
  type Spread,
} from '../../comparison/plan-test-set.ts';
import type { Learned } from './learn-from-evidence.ts';
import type { Rate } from '../read-options.ts';

/** What `mlgate power` is asked; a margin, a number of examples, or both. */
export interface PowerQuestion {
  readonly spread: Spread;
  readonly learned: Learned | undefined;
  readonly margin: number | undefined;
  readonly examples: number | undefined;
  readonly rate: Rate | undefined;
  readonly alpha: number;
  readonly power: number;
  readonly designEffect: number;
  /** How often the test set is to be used, if that is asked. */
  readonly budget: PlannedUses | undefined;
}

/** What `mlgate power` prints with --json. */
export interface PowerPlan {
  readonly alpha: number;
  readonly power: number;
  readonly designEffect: number;
  readonly spread: Spread;
  /** Where the spread comes from. */
  readonly learned?: Pick<Learned, 'model' | 'metric' | 'trainingNoise'>;
  /** What the margin needs. */
  readonly needed?: NeededExamples;
  /** Smaller and larger margins. */
  readonly table: readonly NeededExamples[];
  /** What the test set at hand can do. */
  readonly testSet?: {
    readonly examples: number;
    readonly smallestVisibleChange: number;
    /** Probability that a candidate as good as the baseline passes at the margin. */
    readonly chanceToPass?: number;
  };
  /** What many uses of one test set take. */
  readonly budget?: PlannedUses & {
    /** Examples that keep every verdict of these uses right with the planned reliability. */
    readonly neededExamples: number;
    /** Uses that the test set at hand can bear at this margin. */
    readonly affordableUses?: number;
  };
  /** Days until what is missing is collected. */
  readonly collect?: {
    readonly perDay: number;
    readonly equallyGood: number;
    readonly halfMarginWorse: number;
  };
}

/** Margins of the table, as multiples of the one that is asked about. */
const MULTIPLES = [0.25, 0.5, 1, 2, 4];

/** Five round margins (1, 2, 5 times a power of ten) around a number. */
function listRoundMargins(middle: number): readonly number[] {
  const decade = Math.floor(Math.log10(middle));
  const rounds = [decade - 1, decade, decade + 1].flatMap((power) =>
    [1, 2, 5].map((digit) => Number(`${digit}e${power}`)),
  );
  const next = rounds.findIndex((round) => round >= middle);
  return rounds.slice(next - 2, next + 3);
}

/** Everything that can be said to a question. */
export function answerPower(question: PowerQuestion): PowerPlan {
  const { spread, learned, margin, examples, rate, alpha, power, designEffect } = question;
  const base = { spread, target: { alpha, power }, designEffect };
  const needed = margin === undefined ? undefined : planMargin({ ...base, margin });
  const visible = examples === undefined ? undefined : findVisibleChange({ ...base, examples });
  const days = (count: number): number =>
    Math.ceil(Math.max(0, count - (examples ?? 0)) / (rate?.perDay ?? Number.NaN));
  const margins =
    margin === undefined
      ? listRoundMargins(visible ?? Number.NaN)
      : MULTIPLES.map((multiple) => multiple * margin);
  return {
    alpha,
    power,
    designEffect,
    spread,
    ...(learned === undefined ? {} : { learned: nameLearned(learned) }),
    ...(needed === undefined ? {} : { needed }),
    table: margins.map((each) => planMargin({ ...base, margin: each })),
    ...(examples === undefined || visible === undefined
      ? {}
      : {
          testSet: {
            examples,
            smallestVisibleChange: visible,
            ...(margin === undefined
              ? {}
              : { chanceToPass: findChanceToPass({ ...base, examples, margin }) }),
          },
        }),
    ...(margin === undefined ? {} : answerBudget(question, margin)),
    ...(rate === undefined || needed === undefined
      ? {}
      : {
          collect: {
            perDay: rate.perDay,
            equallyGood: days(needed.equallyGood),
            halfMarginWorse: days(needed.halfMarginWorse),
          },
        }),
  };
}

function answerBudget(question: PowerQuestion, margin: number): Pick<PowerPlan, 'budget'> {
  const { budget, examples, designEffect } = question;
  const need = needOf(question, margin);
  const needed = budget && planExamples(need, budget);
  if (budget === undefined || needed === undefined) return {};
  const affordable =
    examples === undefined ? undefined : countAffordableUses(examples / designEffect, need, budget);
  return {
    budget: {
      ...budget,
      neededExamples: Math.ceil(designEffect * needed),
      ...(affordable === undefined ? {} : { affordableUses: affordable }),
    },
  };
}

function needOf({ spread, learned }: PowerQuestion, margin: number): Need {
  return spread.kind === 'discordance'
    ? { margin, standardDeviation: Math.sqrt(spread.share), discordance: spread.share, isShare: true }
    : {
        margin,
        standardDeviation: spread.value,
        discordance: learned?.discordance,
        isShare: learned?.discordance !== undefined,
      };
}

function nameLearned({ model, metric, trainingNoise }: Learned): NonNullable<PowerPlan['learned']> {
  return { model, metric, ...(trainingNoise === undefined ? {} : { trainingNoise }) };
}

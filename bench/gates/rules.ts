/**
 * What others decide on the same test set, each in a few lines with its tools' defaults. Point rules look at the two
 * values alone; the evaluation gates of 2026 test that there is no difference, or hold an interval against the margin.
 */
import { bootstrapCounts } from '../../src/statistics/bootstrap.ts';
import { percentileInterval } from '../../src/statistics/bootstrap-interval.ts';
import { meanInterval, type LocationEstimate } from '../../src/statistics/means.ts';
import { normalCdf } from '../../src/statistics/normal.ts';
import { mcnemarTest, pairedDifference, type PairedCounts } from '../../src/statistics/paired-proportions.ts';
import { minimumDetectableEffect } from '../../src/statistics/power.ts';
import { createRandom } from '../../src/statistics/random.ts';
import type { Decision } from './gate.ts';

/** What they all take: a p-value below it is "significant", and an interval has this level less than one. */
const SIGNIFICANCE = 0.05;
const POWER = 0.8;
const BOOTSTRAP_REPLICATES = 1000;

const POINT = 0.01;
const RELATIVE_SHARE = 0.05;

/** Values of a metric, turned so that higher is better. */
interface Values {
  readonly candidate: number;
  readonly baseline: number;
}

export interface PointRule {
  readonly id: string;
  readonly about: string;
  readonly decide: (values: Values) => Decision;
}

/** Differences such as 0.84 - 0.85 are not exact. */
const ROUNDING = 1e-12;

export const POINT_RULES: readonly PointRule[] = [
  {
    id: 'drop-over-one-point',
    about: 'fails if the value drops by more than 0.01',
    decide: ({ candidate, baseline }) => (candidate < baseline - POINT - ROUNDING ? 'fail' : 'pass'),
  },
  {
    id: 'five-percent-relative',
    about: 'fails if the value drops by more than 5 % of the baseline’s',
    decide: ({ candidate, baseline }) =>
      candidate < baseline - RELATIVE_SHARE * Math.abs(baseline) - ROUNDING ? 'fail' : 'pass',
  },
];

export interface ShareRule {
  readonly id: string;
  readonly about: string;
  readonly decide: (table: PairedCounts, margin: number) => Decision;
}

function sizeOf({ both, onlyFirst, onlySecond, neither }: PairedCounts): number {
  return both + onlyFirst + onlySecond + neither;
}

function sharesOf(table: PairedCounts): Values {
  const n = sizeOf(table);
  return { candidate: (table.both + table.onlyFirst) / n, baseline: (table.both + table.onlySecond) / n };
}

/** The mean of the differences of right (1) and wrong (0), as a paired t-test sees it. */
function estimateTable(table: PairedCounts): LocationEstimate {
  const n = sizeOf(table);
  const mean = pairedDifference(table);
  const variance = (table.onlyFirst + table.onlySecond - n * mean ** 2) / (n - 1);
  const standardError = Math.sqrt(Math.max(0, variance) / n);
  return { mean, standardError, degreesOfFreedom: n - 1, degenerate: standardError === 0 };
}

function holdAgainst(
  { low, high }: { readonly low: number; readonly high: number },
  margin: number,
): Decision {
  if (low >= -margin) return 'pass';
  return high < -margin ? 'fail' : 'inconclusive';
}

/** The two models as if on two test sets. */
function twoProportionP(table: PairedCounts): number {
  const n = sizeOf(table);
  const { candidate, baseline } = sharesOf(table);
  const pooled = (candidate + baseline) / 2;
  const error = Math.sqrt((2 * pooled * (1 - pooled)) / n);
  return error === 0 ? 1 : 2 * normalCdf(-Math.abs(candidate - baseline) / error);
}

function bootstrapTable(table: PairedCounts): { readonly low: number; readonly high: number } {
  const n = sizeOf(table);
  const sample = bootstrapCounts(
    [table.onlyFirst, table.onlySecond, n - table.onlyFirst - table.onlySecond],
    (counts) => ((counts[0] ?? 0) - (counts[1] ?? 0)) / n,
    // The same table gets the same answer: a rule is a function of the data.
    { random: createRandom(table.onlyFirst * n + table.onlySecond), replicates: BOOTSTRAP_REPLICATES },
  );
  return percentileInterval(sample, 1 - SIGNIFICANCE);
}

const isWorse = (p: number, table: PairedCounts): boolean =>
  p < SIGNIFICANCE && table.onlyFirst < table.onlySecond;

export const SHARE_RULES: readonly ShareRule[] = [
  ...POINT_RULES.map(({ id, about, decide }) => ({
    id,
    about,
    decide: (table: PairedCounts) => decide(sharesOf(table)),
  })),
  {
    id: 'two-proportions',
    about:
      'fails if a two-sided z-test of two proportions has p < 0.05 and the candidate is worse (evalgate-cli)',
    decide: (table) => (isWorse(twoProportionP(table), table) ? 'fail' : 'pass'),
  },
  {
    id: 'mcnemar',
    about:
      'fails if the exact McNemar test has p < 0.05 and the candidate is worse (eval-action, llm-eval-action)',
    decide: (table) =>
      isWorse(mcnemarTest(table.onlyFirst, table.onlySecond).pExact, table) ? 'fail' : 'pass',
  },
  {
    id: 'paired-t',
    about: '95 % paired t interval against the margin (nel gate)',
    decide: (table, margin) => holdAgainst(meanInterval(estimateTable(table), 1 - SIGNIFICANCE), margin),
  },
  {
    id: 'paired-bootstrap',
    about: '95 % percentile interval of the paired bootstrap against the margin',
    decide: (table, margin) => holdAgainst(bootstrapTable(table), margin),
  },
  {
    id: 'observed-power',
    about:
      'McNemar p < 0.05 fails; else passes where the observed standard error could have shown the margin',
    decide: (table, margin) => {
      if (isWorse(mcnemarTest(table.onlyFirst, table.onlySecond).pExact, table)) return 'fail';
      const { standardError } = estimateTable(table);
      const detectable = minimumDetectableEffect(standardError, 1, { alpha: SIGNIFICANCE / 2, power: POWER });
      return detectable <= margin ? 'pass' : 'inconclusive';
    },
  },
];

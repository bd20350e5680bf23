import { describe, expect, it } from 'vitest';
import { countNeededExamples } from '../../../src/comparison/budget/needed-examples.ts';
import {
  describeUnwatchedUses,
  judgeBudgets,
  measureBudgets,
} from '../../../src/comparison/budget/measure-budgets.ts';
import type { BudgetConfig } from '../../../src/schemas/config.generated.ts';
import type { Metric } from '../../../src/schemas/evidence.generated.ts';

const TEST_SET = 'a'.repeat(64);
const SOURCE = { file: 'mlgate.yml', key: 'comparison.budget' };

const BUDGET: BudgetConfig = {
  uses: 32,
  adaptivity: 'none',
  guarantee: 'asymptotic',
  reliability: 0.9999,
  'warn-at': 0.8,
  'when-spent': 'fail',
};

/** Accuracy compared on n pairs of which a share differs, at margin 0.01. */
function accuracyOf(discordance: number, n: number, overrides: Partial<Metric> = {}): Metric {
  const half = 1.6448536269514722 * Math.sqrt(discordance / n);
  return {
    name: 'accuracy',
    about: { model: 'churn', datasetDigest: TEST_SET },
    definition: 1,
    direction: 'higher-is-better',
    value: 0.9,
    n,
    comparison: {
      baseline: 0.9,
      difference: 0,
      interval: { level: 0.9, low: -half, high: half, method: 'Tango score' },
      method: 'paired',
      pairs: n,
      margin: 0.01,
    },
    ...overrides,
  };
}

describe('countNeededExamples', () => {
  it('agrees with the published arithmetic of ease.ml/ci: 29K and 67K by Bennett, 20.4K by the normal approximation', () => {
    const metric = accuracyOf(0.1, 1000);
    const finite = { ...BUDGET, guarantee: 'finite-sample' } as const;
    expect(countNeededExamples(metric, finite)).toBe(29_048);
    expect(countNeededExamples(metric, { ...finite, adaptivity: 'full' })).toBe(67_706);
    expect(countNeededExamples(metric, { ...finite, adaptivity: 'first-change' })).toBe(29_048);
    const normal = countNeededExamples(metric, BUDGET) ?? Number.NaN;
    expect(normal).toBeGreaterThan(20_350);
    expect(normal).toBeLessThan(20_450);
  });

  it('falls back to Hoeffding where nearly every answer differs', () => {
    const finite = { ...BUDGET, guarantee: 'finite-sample' } as const;
    // Fig. 2 of the paper: n - o > c, reliability 0.9999, tolerance 0.01, no adaptivity.
    expect(countNeededExamples(accuracyOf(1, 1000), finite)).toBeLessThanOrEqual(267_385);
    const { comparison: known, ...bare } = accuracyOf(1, 1000);
    const { interval: _, ...comparison } = known ?? { baseline: 0, difference: 0, method: 'paired' as const };
    expect(countNeededExamples({ ...bare, comparison }, finite)).toBe(267_385);
  });

  it('knows no number for what was not compared by its examples, or has no finite-sample bound', () => {
    const { comparison: _, ...alone } = accuracyOf(0.1, 1000);
    expect(countNeededExamples(alone, BUDGET)).toBeUndefined();
    expect(countNeededExamples(accuracyOf(0, 1000), BUDGET)).toBeUndefined();
    const auc = { ...accuracyOf(0.1, 1000), name: 'roc_auc' };
    expect(countNeededExamples(auc, { ...BUDGET, guarantee: 'finite-sample' })).toBeUndefined();
    expect(countNeededExamples(auc, BUDGET)).toBeDefined();
  });

  it('stays finite for a million adaptive uses', () => {
    const needed = countNeededExamples(accuracyOf(0.1, 1000), { ...BUDGET, adaptivity: 'full', uses: 1e6 });
    // z² of a tail of exp(-693156) is about twice the exponent.
    expect(needed).toBeGreaterThan((1.38e6 * 0.1) / 1e-4);
    expect(needed).toBeLessThan((1.387e6 * 0.1) / 1e-4);
  });
});

function judgeUses(count: number, budget = BUDGET) {
  const metrics = [accuracyOf(0.1, 1000)];
  const uses = new Map([[TEST_SET, { count, since: '2026-01-05T10:00:00Z' }]]);
  return judgeBudgets(measureBudgets({ metrics, uses }, budget), budget, metrics, SOURCE);
}

describe('judgeBudgets', () => {
  it('passes, warns from the configured share on, and fails when more uses than planned were counted', () => {
    const verdicts = [0, 24, 25, 31, 32].map((count) => judgeUses(count)[0]?.verdict);
    expect(verdicts).toEqual(['pass', 'pass', 'warn', 'warn', 'fail']);
    expect(judgeUses(32)[0]).toMatchObject({
      id: 'model/churn/test-set-budget',
      reason: 'budget-spent',
      severity: 'fail',
      observed: 33,
      expected: 32,
      rows: 1000,
    });
    expect(judgeUses(32, { ...BUDGET, 'when-spent': 'warn' })[0]?.severity).toBe('warn');
  });

  it('says what was counted, what is left and how many examples the plan needs', () => {
    expect(judgeUses(9)[0]?.message).toBe(
      'This test set was used at least 10 times since 2026-01-05, and 32 are planned. Left: 22. At the margins of its gates, 32 uses with reliability 99.99 % need about 21,000 examples; it has 1,000.',
    );
  });

  it('counts this use as the first of a test set that nobody counted, and leaves slices out', () => {
    const slice = accuracyOf(0.1, 50, {
      about: { model: 'churn', datasetDigest: TEST_SET, slice: 'region=north' },
    });
    const budgets = measureBudgets({ metrics: [accuracyOf(0.1, 1000), slice], uses: new Map() }, BUDGET);
    expect(budgets.map(({ uses, limit }) => [uses, limit])).toEqual([[1, 32]]);
    expect(budgets[0]).not.toHaveProperty('since');
  });
});

function speakOf(count: number) {
  const uses = new Map([[TEST_SET, { count, since: undefined }]]);
  return describeUnwatchedUses({ metrics: [accuracyOf(0.1, 1000)], uses });
}

describe('describeUnwatchedUses', () => {
  it('speaks of a test set that was used a hundred times', () => {
    expect(speakOf(99)).toEqual([]);
    expect(speakOf(140)).toEqual([
      'The test set of `churn` was used at least 141 times. Each look lets later changes adapt to it: `comparison.budget` watches that.',
    ]);
  });
});

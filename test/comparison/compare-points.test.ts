import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addNumberIntervals, comparePoints, listVanished } from '../../src/comparison/compare-points.ts';
import { exactShift } from '../../src/comparison/exact-shift.ts';
import type { MetricGate } from '../../src/comparison/gate.ts';
import { judgeMetrics } from '../../src/comparison/judge-metrics.ts';
import type { HistoryNoise } from '../../src/comparison/number-spread.ts';
import type { Metric } from '../../src/schemas/evidence.generated.ts';
import { createRandom } from '../../src/statistics/random.ts';

const LEVELS = { alpha: 0.05, power: 0.8 };
const EXACT = { rung: 'exact', tried: [] } as const;

function numberOf(name: string, value: number | null, values?: readonly number[]): Metric {
  return {
    name,
    about: { metricsFile: 't' },
    definition: 1,
    direction: name.endsWith('loss') ? 'lower-is-better' : 'higher-is-better',
    value,
    ...(values === undefined ? {} : { values }),
  };
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function listOf(name: string, values: readonly number[]): Metric {
  return numberOf(name, meanOf(values), values);
}

function gateOf(metric: string, extra: Partial<MetricGate>): MetricGate {
  const source = { file: 'mlgate.yml', key: metric };
  return { about: { metricsFile: 't' }, metric, severity: 'fail', source, boundSources: {}, ...extra };
}

function run(
  metrics: readonly Metric[],
  before: readonly Metric[],
  gates: readonly MetricGate[],
  noise?: HistoryNoise,
) {
  const compared = comparePoints({ metrics, gates, noiseOf: () => noise, levels: LEVELS }, before);
  return {
    compared,
    checks: judgeMetrics({ metrics: compared, gates, alpha: LEVELS.alpha, baseline: EXACT }),
  };
}

const TWO_POINTS = { maxRegression: { kind: 'absolute', value: 0.02 } } as const;

describe('numbers of which nobody knows how much they vary', () => {
  test('are compared by the point rule', () => {
    const gates = [gateOf('val_loss', { maxRegression: { kind: 'relative', value: 0.1 } })];
    const now = [numberOf('val_loss', 0.5), numberOf('acc', null), numberOf('new', 1)];
    const { compared } = run(now, [numberOf('val_loss', 0.4), numberOf('acc', 0.9)], gates);
    expect(compared[0]?.comparison).toEqual({
      baseline: 0.4,
      difference: 0.5 - 0.4,
      method: 'point-rule',
      relativeMargin: 0.1,
    });
    expect(compared[1]?.comparison).toMatchObject({ method: 'none', reason: 'not-finite' });
    expect(compared[2]?.comparison).toMatchObject({ method: 'none', reason: 'not-in-baseline' });
  });

  test.each([
    [{ minImprovement: { kind: 'absolute', value: 0.01 } }, 0.805, 'fail', 'point-rule'],
    [{ minImprovement: { kind: 'absolute', value: 0.01 } }, 0.81, 'pass', 'point-rule'],
    [{ maxImprovement: { kind: 'relative', value: 0.05 } }, 0.9, 'fail', 'unexpected-gain'],
    [{ maxImprovement: { kind: 'relative', value: 0.05 } }, 0.82, 'pass', 'point-rule'],
    [{ maxChange: { kind: 'absolute', value: 0.01 } }, 0.79, 'pass', 'point-rule'],
    [{ maxChange: { kind: 'absolute', value: 0.01 } }, 0.82, 'fail', 'point-rule'],
    [{ maxChange: { kind: 'absolute', value: 0.01 } }, 0.78, 'fail', 'point-rule'],
  ] as const)('by %j, %d after 0.8 is a %s', (bounds, value, verdict, reason) => {
    const { checks } = run([numberOf('acc', value)], [numberOf('acc', 0.8)], [gateOf('acc', bounds)]);
    expect(checks).toMatchObject([{ verdict, reason }]);
  });

  test('a renamed key is recognised, a deleted one listed', () => {
    const now = [numberOf('val_accuracy', 0.8), numberOf('loss', 0.3)];
    const before = [numberOf('val_acuracy', 0.8), numberOf('steps', 12)];
    const { compared } = run(now, before, []);
    expect(compared[0]?.comparison).toMatchObject({
      reason: 'not-in-baseline',
      detail: 'The baseline has no such number. It has `val_acuracy`, which is gone now: was it renamed?',
    });
    expect(compared[1]?.comparison?.detail).toBe('The baseline has no such number.');
    expect(listVanished(now, before)).toEqual(['val_acuracy', 'steps']);
  });

  test('another version of a definition is no comparison', () => {
    const { checks } = run(
      [{ ...numberOf('acc', 0.8), definition: 2 }],
      [numberOf('acc', 0.8)],
      [gateOf('acc', TWO_POINTS)],
    );
    expect(checks).toMatchObject([
      {
        verdict: 'inconclusive',
        reason: 'definition-changed',
        message: expect.stringContaining('version 2 now'),
      },
    ]);
  });

  test('a zero baseline has no share', () => {
    const gates = [gateOf('acc', { maxChange: { kind: 'relative', value: 0.1 } })];
    expect(run([numberOf('acc', 0.1)], [numberOf('acc', 0)], gates).checks).toMatchObject([
      {
        verdict: 'fail',
        reason: 'degenerate',
        message: expect.stringContaining('give `max-change` as an absolute margin'),
      },
    ]);
  });
});

describe('a number whose noise is stated', () => {
  const gates = [gateOf('acc', { ...TWO_POINTS, atLeast: 0.7, noise: 0.01 })];

  test('has an interval, alone and beside the baseline', () => {
    const { compared, checks } = run([numberOf('acc', 0.81)], [numberOf('acc', 0.8)], gates);
    expect(compared[0]?.interval?.low).toBeCloseTo(0.81 - 1.6448536 * 0.01, 8);
    expect(compared[0]?.comparison).toMatchObject({ method: 'noise', margin: 0.02 });
    expect(compared[0]?.comparison?.interval?.low).toBeCloseTo(0.01 - 1.6448536 * 0.01 * Math.SQRT2, 8);
    expect(compared[0]?.comparison).not.toHaveProperty('examplesToDecide');
    expect(checks).toMatchObject([{ verdict: 'pass' }, { verdict: 'pass' }]);
    expect(checks[0]).not.toHaveProperty('reason');
  });

  test('decides only what the noise lets it', () => {
    const { checks } = run([numberOf('acc', 0.79)], [numberOf('acc', 0.8)], gates);
    expect(checks[1]).toMatchObject({
      verdict: 'inconclusive',
      reason: 'undecided',
      message: expect.stringContaining('Numbers with this much noise cannot tell'),
    });
    expect(run([numberOf('acc', 0.72)], [numberOf('acc', 0.8)], gates).checks[1]?.verdict).toBe('fail');
    expect(run([numberOf('acc', 0.705)], [numberOf('acc', 0.8)], gates).checks[0]).toMatchObject({
      verdict: 'inconclusive',
      message: expect.stringContaining('with this much noise it cannot be told whether it is at least 0.7'),
    });
  });

  test('without a baseline still has its own interval', () => {
    const metrics = [numberOf('acc', 0.81)];
    const [metric] = addNumberIntervals({ metrics, gates, noiseOf: () => undefined, levels: LEVELS });
    expect(metric?.interval?.method).toBe('normal, of stated noise');
  });
});

describe('a number whose noise comes from history', () => {
  const gates = [gateOf('acc', { ...TWO_POINTS, noise: 'history' })];

  test('is wider for a short one', () => {
    const noise = { standardDeviation: 0.01, degreesOfFreedom: 5 };
    const { compared } = run([numberOf('acc', 0.8)], [numberOf('acc', 0.8)], gates, noise);
    expect(compared[0]?.comparison?.interval?.high).toBeCloseTo(2.0150484 * 0.01 * Math.SQRT2, 7);
  });

  test('falls back to the point rule, and says why', () => {
    const { checks } = run([numberOf('acc', 0.8)], [numberOf('acc', 0.8)], gates);
    expect(checks).toMatchObject([
      { verdict: 'pass', reason: 'point-rule', message: expect.stringContaining('history is too short') },
    ]);
  });
});

describe('folds', () => {
  const gates = [gateOf('acc', { ...TWO_POINTS, folds: { 'test-share': 0.2 } })];

  test('are paired, with the corrected t', () => {
    const [now, before] = [
      [0.8, 0.82, 0.78, 0.81, 0.79],
      [0.79, 0.82, 0.79, 0.8, 0.78],
    ];
    const { compared } = run([listOf('acc', now)], [listOf('acc', before)], gates);
    const differences = now.map((value, fold) => value - (before[fold] ?? 0));
    const mean = meanOf(differences);
    const variance = differences.reduce((sum, d) => sum + (d - mean) ** 2, 0) / 4;
    const half = 2.1318468 * Math.sqrt(variance * (1 / 5 + 0.25));
    const { interval, method } = compared[0]?.comparison ?? {};
    expect(method).toBe('folds');
    expect(interval?.high).toBeCloseTo(mean + half, 7);
    expect(compared[0]).not.toHaveProperty('n');
    expect(compared[0]?.interval?.method).toBe('Nadeau-Bengio corrected t');
  });

  test('of another number, or that were not recorded, cannot be compared', () => {
    const now = [listOf('acc', [0.8, 0.9, 0.7])];
    expect(run(now, [listOf('acc', [0.8, 0.9])], gates).checks).toMatchObject([
      {
        verdict: 'inconclusive',
        reason: 'outcomes-missing',
        message: expect.stringContaining('3 folds now and 2'),
      },
    ]);
    expect(run(now, [numberOf('acc', 0.8)], gates).checks[0]?.message).toContain(
      'recorded without its folds',
    );
  });

  test('that do not vary say nothing', () => {
    const same = [listOf('acc', [0.8, 0.8, 0.8])];
    expect(run(same, same, gates).checks).toMatchObject([{ verdict: 'inconclusive', reason: 'degenerate' }]);
  });
});

describe('trainings with other seeds', () => {
  const gates = [gateOf('acc', { ...TWO_POINTS, seeds: true })];

  test('are compared exactly where there are few', () => {
    const { compared, checks } = run(
      [listOf('acc', [0.7, 0.71, 0.69, 0.7])],
      [listOf('acc', [0.8, 0.81, 0.79, 0.8])],
      gates,
    );
    expect(compared[0]?.comparison?.interval?.method).toBe('exact permutation over trainings');
    expect(checks[0]?.verdict).toBe('fail');
  });

  test('are too few to decide anything below 3 of each at 5 %', () => {
    const { checks } = run([listOf('acc', [0.9, 0.91])], [listOf('acc', [0.5, 0.51])], gates);
    expect(checks).toMatchObject([
      {
        verdict: 'inconclusive',
        reason: 'degenerate',
        message:
          '`acc` was not decided. 2 and 2 trainings can decide nothing at an error rate of 0.05, whatever they show: they can be parted in only 6 ways. 3 of each can.',
      },
    ]);
    const three = run([listOf('acc', [0.9, 0.91, 0.9])], [listOf('acc', [0.5, 0.51, 0.5])], gates);
    expect(three.checks[0]?.verdict).toBe('pass');
  });

  test('of which there are many are compared by Welch', () => {
    const random = createRandom(3);
    const values = (): number[] => Array.from({ length: 12 }, () => 0.8 + 0.01 * random.uniform());
    const { compared } = run([listOf('acc', values())], [listOf('acc', values())], gates);
    expect(compared[0]?.comparison?.interval?.method).toBe("Welch's t over trainings");
  });

  test('the exact limits invert the permutation test', () => {
    const values = fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 3, maxLength: 4 });
    fc.assert(
      fc.property(values, values, fc.integer({ min: -900, max: 900 }), (first, second, shift) => {
        const exact = exactShift(first, second);
        const limits = exact?.limitsAt(0.9) ?? { low: Number.NaN, high: Number.NaN };
        const all = [...first.map((value) => value - shift - 0.5), ...second];
        const observed = meanOf(all.slice(0, first.length)) - meanOf(second);
        const differences = splitsOf(all.length, first.length).map((chosen) => {
          const [own, other] = [all.filter((_, i) => chosen.has(i)), all.filter((_, i) => !chosen.has(i))];
          return meanOf(own) - meanOf(other);
        });
        const p =
          differences.filter((difference) => difference >= observed - 1e-9).length / differences.length;
        expect(limits.low > shift + 0.5).toBe(p <= 0.05 + 1e-12);
      }),
      { numRuns: 60 },
    );
  });
});

function splitsOf(size: number, chosen: number): readonly ReadonlySet<number>[] {
  const all = Array.from(
    { length: 2 ** size },
    (_, mask) =>
      new Set(
        Array.from({ length: size }, (_bit, index) => index).filter((index) => (mask >> index) % 2 === 1),
      ),
  );
  return all.filter((set) => set.size === chosen);
}

/**
 * Simulated error rates at the margin of every way to compare that bench/gates.ts does not go through: of a candidate
 * that is worse by exactly the margin, no more may pass or fail than alpha says, beyond three standard errors of the
 * simulation itself.
 */
import { describe, expect, test } from 'vitest';
import { compareModel, type ModelComparisonRequest } from '../../src/comparison/compare-model.ts';
import { comparePoints } from '../../src/comparison/compare-points.ts';
import type { MetricGate } from '../../src/comparison/gate.ts';
import { judgeMetrics } from '../../src/comparison/judge-metrics.ts';
import { encodeColumn } from '../../src/outcomes/encode-column.ts';
import type { Outcomes } from '../../src/outcomes/outcomes.ts';
import type { Metric } from '../../src/schemas/evidence.generated.ts';
import { normalQuantile } from '../../src/statistics/normal.ts';
import { createRandom, type Random } from '../../src/statistics/random.ts';
import { binaryOutcomes, regressionOutcomes } from '../outcomes/outcomes-of.ts';

const ALPHA = 0.05;
const RUNS = 300;
const OPTIONS = { alpha: ALPHA, power: 0.8, resamples: 200 };
const EXACT = { rung: 'exact', tried: [] } as const;

type Verdict = ReturnType<typeof judgeMetrics>[number]['verdict'];

function gateOf(metric: string, value: number, extra: Partial<MetricGate> = {}): MetricGate {
  const source = { file: 'mlgate.yml', key: metric };
  return {
    about: { model: 'm' },
    metric,
    maxRegression: { kind: 'absolute', value },
    severity: 'fail',
    source,
    boundSources: {},
    ...extra,
  };
}

function judge(
  name: 'accuracy' | 'brier' | 'mae' | 'roc_auc',
  [candidate, baseline]: readonly [Outcomes, Outcomes],
  margin: number,
  extra: Partial<ModelComparisonRequest> & { readonly seed: number },
): Verdict | undefined {
  const gates = [gateOf(name, margin)];
  const direction = name === 'mae' || name === 'brier' ? 'lower-is-better' : 'higher-is-better';
  const metric: Metric = { name, about: { model: 'm' }, definition: 1, direction, value: 0.5 };
  const { metrics } = compareModel({
    candidate,
    baseline,
    metrics: [metric],
    figures: [],
    gates,
    slices: [],
    unpaired: false,
    seeds: [],
    sameSubject: false,
    ...OPTIONS,
    ...extra,
  });
  return judgeMetrics({ metrics, gates, alpha: ALPHA, baseline: EXACT })[0]?.verdict;
}

function drawNormal(random: Random): number {
  return normalQuantile(Math.min(1 - 1e-12, Math.max(1e-12, random.uniform())));
}

function drawMany(count: number, draw: (index: number) => number): number[] {
  return Array.from({ length: count }, (_, index) => draw(index));
}

/** The error rates above alpha beyond what chance allows, and whether nothing was decided at all. */
function listBroken(run: (random: Random, seed: number) => Verdict | undefined): readonly string[] {
  const random = createRandom(4711);
  const verdicts = drawMany(RUNS, (seed) => seed).map((seed) => run(random, seed));
  const most = ALPHA * RUNS + 3 * Math.sqrt(RUNS * ALPHA * (1 - ALPHA));
  const broken = (['pass', 'fail'] as const).flatMap((error) => {
    const count = verdicts.filter((verdict) => verdict === error).length;
    return count > most ? [`${error}: ${count} of ${RUNS}`] : [];
  });
  // A gate that never decides keeps every error rate.
  return verdicts.every((verdict) => verdict === 'inconclusive') ? ['nothing is ever decided'] : broken;
}

function toShare(logit: number): number {
  return 1 / (1 + Math.exp(-logit));
}

describe('at the margin no more than alpha pass, and no more fail', () => {
  test.each([[12], [45]])('mean errors of %d groups', (groupCount) => {
    const broken = listBroken((random, seed) => {
      const groups = Uint32Array.from({ length: groupCount * 5 }, (_, row) => Math.floor(row / 5));
      const shifts = drawMany(groupCount, () => 0.5 * drawNormal(random));
      const before = drawMany(groups.length, () => 6 + drawNormal(random));
      const after = before.map(
        (error, row) => error + 0.3 + (shifts[groups[row] ?? 0] ?? 0) + 0.5 * drawNormal(random),
      );
      const target = before.map(() => 0);
      const pair = [
        { ...regressionOutcomes(target, after), groups },
        regressionOutcomes(target, before),
      ] as const;
      return judge('mae', pair, 0.3, { seed });
    });
    expect(broken).toEqual([]);
  });

  test('accuracy where a rare group is lost as a whole', () => {
    const [groupCount, size, lost, hits] = [50, 15, 0.04, 0.9];
    const broken = listBroken((random, seed) => {
      const groups = Uint32Array.from({ length: groupCount * size }, (_, row) => Math.floor(row / size));
      const isLost = drawMany(groupCount, () => (random.uniform() < lost ? 1 : 0));
      const target = drawMany(groups.length, (row) => row % 2);
      const right = target.map(() => random.uniform() < hits);
      const scoreOf = (label: number, isRight: boolean): number =>
        (label === 1) === isRight ? 0.6 + 0.3 * random.uniform() : 0.4 - 0.3 * random.uniform();
      const before = target.map((label, row) => scoreOf(label, right[row] === true));
      const after = target.map((label, row) => {
        const isAgain = random.uniform() < 0.05 ? random.uniform() < hits : right[row] === true;
        return scoreOf(label, isAgain && isLost[groups[row] ?? 0] !== 1);
      });
      const pair = [{ ...binaryOutcomes(target, after), groups }, binaryOutcomes(target, before)] as const;
      return judge('accuracy', pair, lost * hits, { seed });
    });
    expect(broken).toEqual([]);
  });

  test('Brier scores where a rare score is sure and wrong', () => {
    const [n, rare, sure] = [400, 0.005, 1 - 1e-6];
    const broken = listBroken((random, seed) => {
      const target = drawMany(n, (row) => row % 2);
      const before = target.map((label) => (label === 1 ? 0.75 : 0.25) + 0.2 * (random.uniform() - 0.5));
      const after = before.map((score, row) => {
        const isWrong = random.uniform() < rare;
        return isWrong ? Math.abs((target[row] ?? 0) - sure) : score + 0.01 * (random.uniform() - 0.5);
      });
      // The square of an error that is uniform around 0.25 is 0.0625 + 0.2^2 / 12 on average.
      const loss = rare * (sure ** 2 - 0.0625 - 0.2 ** 2 / 12);
      return judge('brier', [binaryOutcomes(target, after), binaryOutcomes(target, before)], loss, { seed });
    });
    expect(broken).toEqual([]);
  });

  test('areas of groups', () => {
    const broken = listBroken((random, seed) => {
      const groups = Uint32Array.from({ length: 150 }, (_, row) => Math.floor(row / 5));
      const target = drawMany(150, () => (random.uniform() < 0.5 ? 1 : 0));
      const scores = (): number[] => {
        const shifts = drawMany(30, () => drawNormal(random));
        return target.map((label, row) =>
          toShare(2 * (label - 0.5) + (shifts[groups[row] ?? 0] ?? 0) * label + drawNormal(random)),
        );
      };
      const pair = [
        { ...binaryOutcomes(target, scores()), groups },
        binaryOutcomes(target, scores()),
      ] as const;
      return judge('roc_auc', pair, 1e-9, { seed });
    });
    expect(broken).toEqual([]);
  });

  test('mean errors of strata', () => {
    const broken = listBroken((random, seed) => {
      const tasks = drawMany(60, (row) => row % 3);
      const target = tasks.map(() => 0);
      const before = tasks.map((task) => 6 + task + drawNormal(random));
      const after = before.map(
        (error, row) => error + 0.3 + ((tasks[row] ?? 0) - 1) * 0.8 + drawNormal(random),
      );
      const strata = encodeColumn(tasks.map(String));
      const pair = [
        { ...regressionOutcomes(target, after), strata },
        regressionOutcomes(target, before),
      ] as const;
      return judge('mae', pair, 0.3, { seed });
    });
    expect(broken).toEqual([]);
  });

  test('skewed errors of two test sets', () => {
    const broken = listBroken((random, seed) => {
      const model = (count: number, shift: number): Outcomes =>
        regressionOutcomes(
          drawMany(count, () => 0),
          drawMany(count, () => shift - Math.log(1 - random.uniform())),
        );
      return judge('mae', [model(50, 0.4), model(70, 0)], 0.4, { seed, unpaired: true });
    });
    expect(broken).toEqual([]);
  });

  test('areas of two test sets', () => {
    const broken = listBroken((random, seed) => {
      const model = (): Outcomes => {
        const target = drawMany(120, () => (random.uniform() < 0.4 ? 1 : 0));
        return binaryOutcomes(
          target,
          target.map((label) => toShare(2 * (label - 0.5) + drawNormal(random))),
        );
      };
      return judge('roc_auc', [model(), model()], 1e-9, { seed, unpaired: true });
    });
    expect(broken).toEqual([]);
  });

  test('recipes whose trainings differ', () => {
    const broken = listBroken((random, seed) => {
      const errors = drawMany(60, () => 6 + drawNormal(random));
      const target = errors.map(() => 0);
      const train = (shift: number): Outcomes => {
        const luck = 0.15 * drawNormal(random);
        return regressionOutcomes(
          target,
          errors.map((error) => error + shift + luck + 0.3 * drawNormal(random)),
        );
      };
      const seeds = [train(0), train(0), train(0)];
      return judge('mae', [train(0.2), train(0)], 0.2, { seed, seeds });
    });
    expect(broken).toEqual([]);
  });

  const spreads: readonly (readonly [string, number, Partial<MetricGate>])[] = [
    ['with stated noise', 1, { noise: 0.02 }],
    ['over 3 trainings', 3, { seeds: true }],
    ['over 5 trainings', 5, { seeds: true }],
    ['over 12 trainings', 12, { seeds: true }],
    ['over 5 folds that share examples', 5, { folds: { 'test-share': 0.2 } }],
  ];

  test.each(spreads)('numbers %s', (_, count, extra) => {
    const broken = listBroken((random) => {
      const draw = (mean: number): Metric => {
        // Folds are correlated by the share of what they test, which is what their correction supposes.
        const shared = extra.folds === undefined ? 0 : drawNormal(random) * Math.sqrt(0.2);
        const own = extra.folds === undefined ? 1 : Math.sqrt(0.8);
        const values = drawMany(count, () => mean + 0.02 * (shared + own * drawNormal(random)));
        const value = values.reduce((sum, one) => sum + one, 0) / count;
        return {
          name: 'acc',
          about: { metricsFile: 't' },
          definition: 1,
          direction: 'higher-is-better',
          value,
          values,
        };
      };
      const gates = [gateOf('acc', 0.02, { about: { metricsFile: 't' }, ...extra })];
      const request = { metrics: [draw(0.78)], gates, noiseOf: () => undefined, levels: OPTIONS };
      const metrics = comparePoints(request, [draw(0.8)]);
      return judgeMetrics({ metrics, gates, alpha: ALPHA, baseline: EXACT })[0]?.verdict;
    });
    expect(broken).toEqual([]);
  });
});

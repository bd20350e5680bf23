import { describe, expect, test } from 'vitest';
import { compareModel, markIncomparable } from '../../src/comparison/compare-model.ts';
import type { MetricGate } from '../../src/comparison/gate.ts';
import { judgeMetrics } from '../../src/comparison/judge-metrics.ts';
import { measureModel } from '../../src/model/measure-model.ts';
import type { Outcomes } from '../../src/outcomes/outcomes.ts';
import type { Metric } from '../../src/schemas/evidence.generated.ts';
import { createRandom } from '../../src/statistics/random.ts';
import { aucDifferenceSkewness, delongDifference } from '../../src/statistics/auc.ts';
import { correctedTangoInterval } from '../../src/statistics/paired-proportions.ts';
import { binaryOutcomes, multiclassOutcomes, regressionOutcomes } from '../outcomes/outcomes-of.ts';

const OPTIONS = { alpha: 0.05, power: 0.8, seed: 1, resamples: 300 };

function gateOf(metric: string, maxRegression: MetricGate['maxRegression'] & {}): MetricGate {
  const source = { file: 'mlgate.yml', key: metric };
  return { about: { model: 'm' }, metric, maxRegression, severity: 'fail', source, boundSources: {} };
}

function compare(
  candidate: Outcomes,
  baseline: Outcomes,
  options: { readonly gates?: readonly MetricGate[]; readonly sameSubject?: boolean } = {},
) {
  const measured = measureModel(candidate, { model: 'm', ...OPTIONS });
  return compareModel({
    candidate,
    baseline,
    ...measured,
    gates: [],
    sameSubject: false,
    slices: [],
    unpaired: false,
    seeds: [],
    ...options,
    ...OPTIONS,
  });
}

function find(metrics: readonly Metric[], name: string): Metric {
  const found = metrics.find((metric) => metric.name === name);
  if (found === undefined) throw new Error(`no ${name}`);
  return found;
}

function isRight(score: number, label: number | undefined): boolean {
  return (score >= 0.5 ? 1 : 0) === label;
}

function sumOfTable(table: readonly (readonly number[])[] | undefined): number {
  return table?.flat().reduce((a, b) => a + b) ?? 0;
}

function widthOf(interval: { readonly low: number; readonly high: number } | undefined): number {
  return (interval?.high ?? 0) - (interval?.low ?? 0);
}

function twoModels(n: number, seed: number, noise = 0.2) {
  const random = createRandom(seed);
  const target = Array.from({ length: n }, () => (random.uniform() < 0.4 ? 1 : 0));
  const first = target.map((label) => 0.3 * label + 0.7 * random.uniform());
  const second = first.map((score) => Math.min(1, Math.max(0, score + noise * (random.uniform() - 0.5))));
  return { target, first, second };
}

describe('a paired comparison', () => {
  const { target, first, second } = twoModels(300, 2);
  const { metrics } = compare(binaryOutcomes(target, first), binaryOutcomes(target, second));

  test('compares every metric, with or without a margin', () => {
    expect(metrics.map((metric) => metric.comparison?.method)).toEqual(metrics.map(() => 'paired'));
    expect(metrics.map((metric) => metric.comparison?.interval?.method)).toEqual([
      'Tango score, corrected',
      'paired bootstrap (BCa)',
      'Tango score, corrected',
      'paired bootstrap (BCa)',
      expect.stringMatching(/^paired DeLong/),
      expect.stringMatching(/^paired (bootstrap \(BCa\)|Student t)$/),
      expect.stringMatching(/^paired (bootstrap \(BCa\)|Student t)$/),
    ]);
    for (const { value, comparison } of metrics) {
      expect(comparison?.difference).toBeCloseTo((value ?? 0) - (comparison?.baseline ?? 0), 12);
      expect(comparison?.smallestVisibleChange).toBeGreaterThan(0);
      expect(comparison).not.toHaveProperty('examplesToDecide');
    }
  });

  test('of accuracy is by the corrected score, candidate first', () => {
    const pairs = first.map((score, row) => [
      isRight(score, target[row]),
      isRight(second[row] ?? 0, target[row]),
    ]);
    const count = (a: boolean, b: boolean): number => pairs.filter(([x, y]) => x === a && y === b).length;
    const counts = {
      both: count(true, true),
      onlyFirst: count(true, false),
      onlySecond: count(false, true),
      neither: count(false, false),
    };
    const { low, high } = correctedTangoInterval(counts, 0.9);
    expect(find(metrics, 'accuracy').comparison?.interval).toMatchObject({ low, high });
  });

  test('of the area is by DeLong', () => {
    const many = twoModels(600, 5, 0.8);
    const delong = delongDifference(many.target, many.first, many.second);
    const large = compare(binaryOutcomes(many.target, many.first), binaryOutcomes(many.target, many.second));
    const { interval, difference } = find(large.metrics, 'roc_auc').comparison ?? {};
    expect(difference).toBeCloseTo(delong?.difference ?? Number.NaN, 12);
    expect(interval?.method).toBe('paired DeLong');
    // DeLong's interval, one side of which skewness moves outwards.
    const z = 1.6448536269514722;
    const [error, skewness] =
      delong === undefined ? [Number.NaN, 0] : [Math.sqrt(delong.variance), aucDifferenceSkewness(delong)];
    expect(widthOf(interval)).toBeCloseTo(error * (2 * z + (Math.abs(skewness) * (2 * z * z + 1)) / 6), 10);
  });

  test('of the area of few examples is never narrower than by DeLong', () => {
    const few = twoModels(300, 2, 0.8);
    const delong = delongDifference(few.target, few.first, few.second);
    const { metrics } = compare(
      binaryOutcomes(few.target, few.first),
      binaryOutcomes(few.target, few.second),
    );
    const { interval } = find(metrics, 'roc_auc').comparison ?? {};
    const half = 1.6448536269514722 * Math.sqrt(delong?.variance ?? Number.NaN);
    expect(interval?.low).toBeLessThanOrEqual((delong?.difference ?? 0) - half + 1e-12);
    expect(interval?.high).toBeGreaterThanOrEqual((delong?.difference ?? 0) + half - 1e-12);
    expect(widthOf(interval)).toBeLessThan(2 * half * 1.3);
  });

  test('swapped turns every difference and interval round', () => {
    const swapped = compare(binaryOutcomes(target, second), binaryOutcomes(target, first)).metrics;
    for (const name of ['accuracy', 'recall']) {
      const [one, other] = [find(metrics, name).comparison, find(swapped, name).comparison];
      expect(other?.difference).toBeCloseTo(-(one?.difference ?? 0), 12);
      expect(other?.interval?.low).toBeCloseTo(-(one?.interval?.high ?? 0), 9);
    }
  });

  test('is the same twice, and does not depend on which other metrics or gates there are', () => {
    expect(compare(binaryOutcomes(target, first), binaryOutcomes(target, second)).metrics).toEqual(metrics);
    const gates = [gateOf('f1', { kind: 'relative', value: 0.1 })];
    const gated = compare(binaryOutcomes(target, first), binaryOutcomes(target, second), { gates }).metrics;
    expect(gated.filter((metric) => metric.name !== 'f1')).toEqual(
      metrics.filter((metric) => metric.name !== 'f1'),
    );
    expect(find(gated, 'f1').comparison?.interval).toEqual(find(metrics, 'f1').comparison?.interval);
  });

  test('plans for the margin asked for', () => {
    const gates = [
      gateOf('accuracy', { kind: 'absolute', value: 0.02 }),
      gateOf('log_loss', { kind: 'relative', value: 0.05 }),
      gateOf('brier', { kind: 'absolute', value: 0 }),
    ];
    const gated = compare(binaryOutcomes(target, first), binaryOutcomes(target, second), { gates }).metrics;
    const accuracy = find(gated, 'accuracy').comparison;
    expect(accuracy).toMatchObject({ margin: 0.02 });
    // (z_0.95 + z_0.8)^2 sd^2 / m^2
    const ratio = ((accuracy?.smallestVisibleChange ?? 0) / 0.02) ** 2 * 300;
    expect(accuracy?.examplesToDecide).toBe(Math.ceil(ratio));
    const loss = find(gated, 'log_loss').comparison;
    expect(loss).toMatchObject({ relativeMargin: 0.05 });
    expect(loss?.relative?.value).toBeCloseTo(
      1.05 * (loss?.baseline ?? 0) - (find(gated, 'log_loss').value ?? 0),
      12,
    );
    expect(loss?.relative?.interval.low).toBeLessThan(loss?.relative?.value ?? 0);
    expect(find(gated, 'brier').comparison).not.toHaveProperty('examplesToDecide');
  });

  test('puts the baseline into the figures', () => {
    const { figures } = compare(binaryOutcomes(target, first), binaryOutcomes(target, second));
    expect(figures.map((figure) => figure.kind)).toEqual(['confusion', 'curve', 'histogram']);
    const [confusion, curve] = figures;
    if (confusion?.kind !== 'confusion' || curve?.kind !== 'curve') throw new Error('other figures');
    expect([sumOfTable(confusion.counts), sumOfTable(confusion.baselineCounts)]).toEqual([300, 300]);
    expect(curve.series.map((series) => series.name)).toEqual(['candidate', 'baseline']);
    expect(curve.series[1]?.points.reduce((n, point) => n + (point.n ?? 0), 0)).toBe(300);
  });
});

describe('figures beside the baseline', () => {
  test('a label that only the baseline predicts gets a row and a column', () => {
    const { figures } = compare(
      multiclassOutcomes(['b', 'c'], ['b', 'b']),
      multiclassOutcomes(['b', 'c'], ['a', 'c']),
    );
    expect(figures).toMatchObject([
      {
        labels: ['a', 'b', 'c'],
        counts: [
          [0, 0, 0],
          [0, 1, 0],
          [0, 1, 0],
        ],
        baselineCounts: [
          [0, 0, 0],
          [1, 0, 0],
          [0, 0, 1],
        ],
      },
    ]);
  });

  test('a regression shows both calibrations', () => {
    const target = Array.from({ length: 200 }, (_, row) => row / 10);
    const shifted = (by: number) =>
      regressionOutcomes(
        target,
        target.map((value) => value + by),
      );
    const { figures } = compare(shifted(0.1), shifted(0.2));
    expect(
      figures.map((figure) =>
        figure.kind === 'curve' ? figure.series.map(({ name }) => name) : figure.kind,
      ),
    ).toEqual([['candidate', 'baseline'], 'histogram']);
  });
});

describe('a set without a flip', () => {
  const target = Array.from({ length: 10 }, (_, row) => row % 2);
  const labels = { ...binaryOutcomes(target, target), score: undefined };

  test('of ten examples is not certain, for any metric of labels', () => {
    const { metrics } = compare(labels, { ...labels, predicted: labels.predicted.slice() });
    for (const { comparison } of metrics) {
      expect(comparison?.method).toBe('paired');
      expect(comparison?.difference).toBe(0);
      expect(comparison?.interval?.low).toBeLessThan(-0.1);
      expect(comparison?.interval?.degenerate).toBeUndefined();
      expect(comparison?.smallestVisibleChange).toBeGreaterThan(0.1);
    }
  });

  test('of many examples is nearly certain', () => {
    const many = Array.from({ length: 5000 }, (_, row) => row % 2);
    const { metrics } = compare(
      { ...binaryOutcomes(many, many), score: undefined },
      { ...binaryOutcomes(many, many), score: undefined },
    );
    for (const { comparison } of metrics) expect(comparison?.interval?.low).toBeGreaterThan(-0.003);
  });

  test('two models that rank alike are not certain either', () => {
    const scores = target.map((label, row) => 0.4 * label + row / 100);
    const { metrics } = compare(
      binaryOutcomes(target, scores),
      binaryOutcomes(
        target,
        scores.map((score) => score / 2),
      ),
    );
    const { comparison } = find(metrics, 'roc_auc');
    expect(comparison?.difference).toBe(0);
    expect(comparison?.interval).toMatchObject({ method: 'paired DeLong, widened for unseen ranks' });
    expect(comparison?.interval?.low).toBeLessThan(-0.3);
  });
});

describe('few examples that do not differ never pass', () => {
  test('where both models are at the bound of a metric', () => {
    const gates = [gateOf('f1', { kind: 'absolute', value: 0.02 })];
    const [one, other] = [
      binaryOutcomes([1, 1, 0], [0.1, 0.2, 0.3]),
      binaryOutcomes([1, 1, 0], [0.2, 0.1, 0.1]),
    ];
    const { comparison } = find(compare(one, other, { gates }).metrics, 'f1');
    expect(comparison).toMatchObject({ baseline: 0, difference: 0 });
    // Unseen examples on which the baseline is right would make it the better one.
    expect(comparison?.interval?.low).toBeLessThan(-0.3);
  });

  test('where no changed prediction could move the metric', () => {
    const [one, other] = [
      [0.9, 0.8, 0.7, 0.6],
      [0.6, 0.7, 0.8, 0.9],
    ].map((scores) => binaryOutcomes([1, 1, 1, 1], scores));
    if (one === undefined || other === undefined) throw new Error('two models');
    expect(find(compare(one, other).metrics, 'precision').comparison?.interval).toMatchObject({
      low: 0,
      high: 0,
      degenerate: true,
    });
  });

  test('at a relative margin, which has the spread of the baseline', () => {
    const gates = ['mae', 'rmse', 'r2'].map((metric) => gateOf(metric, { kind: 'relative', value: 0.05 }));
    const target = [0, 1, 3, 4];
    const [one, other] = [
      regressionOutcomes(target, [1, 1.5, 3, 5.25]),
      regressionOutcomes(target, [-1, 0.5, 3, 2.75]),
    ];
    const { metrics } = compare(one, other, { gates });
    for (const metric of metrics) {
      expect(metric.comparison).toMatchObject({
        difference: 0,
        interval: { degenerate: true },
        relative: { interval: { degenerate: true } },
      });
    }
    for (const check of judgeMetrics({
      metrics,
      gates,
      alpha: OPTIONS.alpha,
      baseline: { rung: 'exact', tried: [] },
    })) {
      expect(check).toMatchObject({ verdict: 'inconclusive', reason: 'degenerate' });
    }
  });
});

describe('a candidate that ranks alike and now and then drops a positive', () => {
  test('passes at its own loss no more often than alpha', () => {
    const [random, positives, share, runs] = [createRandom(11), 30, 0.05, 120];
    const target = Array.from({ length: 2 * positives }, (_, row) => (row < positives ? 1 : 0));
    let passed = 0;
    for (let run = 0; run < runs; run++) {
      const baseline = target.map((label) => 0.45 * label + 0.5 * random.uniform());
      const candidate = baseline.map((score, row) =>
        row < positives && random.uniform() < share ? 0 : score + 0.01 * random.uniform(),
      );
      // A dropped positive loses nearly all that it won: the true loss is the share times the area.
      const { metrics } = compare(binaryOutcomes(target, candidate), binaryOutcomes(target, baseline));
      const { comparison } = find(metrics, 'roc_auc');
      if ((comparison?.interval?.low ?? -1) >= -share * (comparison?.baseline ?? 0)) passed += 1;
    }
    expect(passed / runs).toBeLessThan(0.1);
  });
});

describe('an unchanged model', () => {
  const { target, first } = twoModels(40, 3);
  const model = binaryOutcomes(target, first);

  test('is one whose scores are equal to the last bit', () => {
    const { metrics } = compare(model, binaryOutcomes(target, first));
    for (const { value, comparison } of metrics) {
      expect(comparison).toEqual({ baseline: value, difference: 0, method: 'unchanged', pairs: 40 });
    }
    const moved = first.with(7, (first[7] ?? 0) + 1e-12);
    expect(find(compare(model, binaryOutcomes(target, moved)).metrics, 'brier').comparison?.method).toBe(
      'paired',
    );
  });

  test('is not one of which only the labels are equal, unless the files are', () => {
    const labels = { ...model, score: undefined };
    const again = { ...labels, predicted: labels.predicted.slice() };
    expect(find(compare(labels, again).metrics, 'accuracy').comparison?.method).toBe('paired');
    expect(find(compare(labels, again, { sameSubject: true }).metrics, 'accuracy').comparison?.method).toBe(
      'unchanged',
    );
    const owls = multiclassOutcomes(['owl', 'gull'], ['owl', 'owl']);
    expect(find(compare(owls, owls).metrics, 'accuracy').comparison?.method).toBe('paired');
    expect(find(compare(owls, owls, { sameSubject: true }).metrics, 'accuracy').comparison?.method).toBe(
      'unchanged',
    );
  });

  test('is not one whose scores or numbers are labels, however they are called', () => {
    const hard = target.map((label, row) => (row < 36 ? label : 1 - label));
    const [one, same] = [binaryOutcomes(target, hard), binaryOutcomes(target, hard)];
    for (const { name, comparison } of compare(one, same).metrics) {
      expect([name, comparison?.method]).toEqual([name, 'paired']);
    }
    expect(find(compare(one, same, { sameSubject: true }).metrics, 'brier').comparison?.method).toBe(
      'unchanged',
    );
    const numbers = compare(regressionOutcomes(target, hard), regressionOutcomes(target, hard)).metrics;
    expect(numbers.map(({ comparison }) => comparison?.method)).toEqual(numbers.map(() => 'paired'));
    const two = compare(regressionOutcomes([0, 1], [0, 1]), regressionOutcomes([0, 1], [0, 1])).metrics;
    expect(find(two, 'mae').comparison?.method).toBe('paired');
  });

  test('may differ in the last digits if the file is the same, but not more', () => {
    const close = binaryOutcomes(
      target,
      first.map((score) => score * (1 - 1e-8)),
    );
    expect(find(compare(model, close, { sameSubject: true }).metrics, 'brier').comparison?.method).toBe(
      'unchanged',
    );
    const far = binaryOutcomes(
      target,
      first.map((score) => score * 0.99),
    );
    expect(find(compare(model, far, { sameSubject: true }).metrics, 'brier').comparison?.method).toBe(
      'paired',
    );
  });

  test('of regression has equal predictions', () => {
    const [one, same, other] = [
      [1, 2.5],
      [1, 2.5],
      [1, 2.6],
    ].map((predicted) => regressionOutcomes([1, 2], predicted));
    if (one === undefined || same === undefined || other === undefined) throw new Error('three models');
    expect(find(compare(one, same).metrics, 'mae').comparison?.method).toBe('unchanged');
    expect(find(compare(one, other).metrics, 'mae').comparison?.method).toBe('paired');
  });
});

describe('what cannot be compared says why', () => {
  const { target, first, second } = twoModels(40, 4);

  test('another test set', () => {
    const { metrics, figures } = compare(binaryOutcomes(target, first), {
      ...binaryOutcomes(target.slice(1), second.slice(1)),
      ids: undefined,
    });
    expect(find(metrics, 'accuracy').comparison).toMatchObject({
      method: 'none',
      difference: null,
      reason: 'test-set-changed',
    });
    expect(find(metrics, 'accuracy').comparison?.baseline).toBeGreaterThan(0);
    expect(figures[0]).not.toHaveProperty('baselineCounts');
  });

  test('a baseline of labels, for metrics of scores', () => {
    const { metrics } = compare(binaryOutcomes(target, first), {
      ...binaryOutcomes(target, second),
      score: undefined,
    });
    expect(find(metrics, 'roc_auc').comparison).toMatchObject({
      method: 'none',
      reason: 'not-in-baseline',
      baseline: null,
    });
    expect(find(metrics, 'accuracy').comparison?.method).toBe('paired');
  });

  test('values that are undefined', () => {
    const zeros = target.map(() => 0.1);
    const { metrics } = compare(binaryOutcomes(target, first), binaryOutcomes(target, zeros));
    expect(find(metrics, 'precision').comparison).toMatchObject({
      method: 'none',
      reason: 'not-finite',
      baseline: null,
    });
    expect(find(metrics, 'precision').comparison?.detail).toContain("The baseline's");
  });

  test('a baseline whose outcomes were not kept', () => {
    const { metrics } = measureModel(binaryOutcomes(target, first), { model: 'm', ...OPTIONS });
    const before = metrics
      .filter((metric) => metric.name === 'accuracy')
      .map((metric) => ({ ...metric, value: 0.5 }));
    const marked = markIncomparable(metrics, before, 'They were too large to keep.');
    expect(find(marked, 'accuracy').comparison).toEqual({
      baseline: 0.5,
      difference: null,
      method: 'none',
      reason: 'outcomes-missing',
      detail: 'They were too large to keep.',
    });
    expect(find(marked, 'f1').comparison?.reason).toBe('not-in-baseline');
  });
});

describe('regression and relative margins', () => {
  test('rmse and r2 of both models come from one resample', () => {
    const random = createRandom(6);
    const target = Array.from({ length: 120 }, () => 10 * random.uniform());
    const noise = target.map(() => random.uniform() - 0.5);
    const candidate = regressionOutcomes(
      target,
      target.map((value, row) => value + (noise[row] ?? 0) * 1.05),
    );
    const baseline = regressionOutcomes(
      target,
      target.map((value, row) => value + (noise[row] ?? 0)),
    );
    const gates = [
      gateOf('rmse', { kind: 'relative', value: 0.1 }),
      gateOf('r2', { kind: 'relative', value: 0.1 }),
    ];
    const { metrics } = compare(candidate, baseline, { gates });
    const rmse = find(metrics, 'rmse').comparison;
    // Errors are the same but for a factor: the paired difference is known far better than either value.
    const own = find(metrics, 'rmse').interval;
    expect(widthOf(rmse?.interval)).toBeLessThan(widthOf(own) / 10);
    expect(rmse?.relative?.interval.low).toBeGreaterThan(0);
    expect(find(metrics, 'r2').comparison?.relative?.interval.low).toBeGreaterThan(0);
  });

  test('a share of accuracy is tested by its own score interval', () => {
    const { target, first, second } = twoModels(400, 8);
    const gates = [gateOf('accuracy', { kind: 'relative', value: 0.05 })];
    const { metrics } = compare(binaryOutcomes(target, first), binaryOutcomes(target, second), { gates });
    const { comparison, value } = find(metrics, 'accuracy');
    expect(comparison?.relative?.interval.method).toBe('Nam-Blackwelder score, corrected');
    expect(comparison?.relative?.value).toBeCloseTo((value ?? 0) - 0.95 * (comparison?.baseline ?? 0), 12);
  });
});

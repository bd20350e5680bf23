/** Comparisons of examples in groups, of strata, of slices, of two test sets, and of recipes. */
import { describe, expect, test } from 'vitest';
import { compareModel, type ModelComparisonRequest } from '../../src/comparison/compare-model.ts';
import { estimateUnpaired } from '../../src/comparison/estimate-unpaired.ts';
import type { MetricGate } from '../../src/comparison/gate.ts';
import { judgeMetrics } from '../../src/comparison/judge-metrics.ts';
import type { Estimate } from '../../src/metrics/estimate.ts';
import { measureForm } from '../../src/metrics/measure.ts';
import { measureModel, measureSlices } from '../../src/model/measure-model.ts';
import { encodeColumn } from '../../src/outcomes/encode-column.ts';
import type { Outcomes } from '../../src/outcomes/outcomes.ts';
import { listSlices } from '../../src/outcomes/slices.ts';
import type { Metric } from '../../src/schemas/evidence.generated.ts';
import { newcombeInterval } from '../../src/statistics/two-proportions.ts';
import { binomialProbability } from '../../src/statistics/distributions.ts';
import { createRandom, type Random } from '../../src/statistics/random.ts';
import { binaryOutcomes, regressionOutcomes } from '../outcomes/outcomes-of.ts';

const EXACT = { rung: 'exact', tried: [] } as const;
const OPTIONS = { alpha: 0.05, power: 0.8, seed: 1, resamples: 200 };

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

function compare(
  candidate: Outcomes,
  baseline: Outcomes,
  extra: Partial<ModelComparisonRequest> = {},
): readonly Metric[] {
  const request = { gates: [], slices: [], unpaired: false, seeds: [], sameSubject: false, ...extra };
  const measured = measureModel(candidate, { model: 'm', ...OPTIONS });
  return compareModel({ candidate, baseline, ...measured, ...request, ...OPTIONS }).metrics;
}

function find(metrics: readonly Metric[], name: string, slice?: string): Metric {
  const found = metrics.find((metric) => metric.name === name && metric.about.slice === slice);
  if (found === undefined) throw new Error(`no ${name}`);
  return found;
}

function widthOf({ comparison }: Metric): number {
  const { low = 0, high = 0 } = comparison?.interval ?? {};
  return high - low;
}

/** The share of every number of hits among so many examples. */
function estimatesOf(size: number): readonly Estimate[] {
  return Array.from({ length: size + 1 }, (_, count) => {
    const hits = Uint8Array.from({ length: size }, (_hit, row) => (row < count ? 1 : 0));
    const options = { level: 0.9, random: createRandom(1), resamples: 1 };
    return measureForm({ kind: 'share', hits, among: undefined }, options);
  });
}

function ownWidthOf(metric: Metric | undefined): number {
  return (metric?.interval?.high ?? 0) - (metric?.interval?.low ?? 0);
}

function clamp(value: number): number {
  return Math.min(1, Math.max(0, value));
}

/** Two models whose errors are alike within a group. */
function groupedModels(groupCount: number, size: number, random: Random) {
  const groups = Uint32Array.from({ length: groupCount * size }, (_, row) => Math.floor(row / size));
  const shifts = Array.from(
    { length: groupCount },
    () => [random.uniform() - 0.5, random.uniform() - 0.5] as const,
  );
  const target = Array.from(groups, () => (random.uniform() < 0.4 ? 1 : 0));
  const scores = (model: 0 | 1): number[] =>
    target.map((label, row) =>
      clamp(
        0.3 + 0.4 * label + 0.5 * (shifts[groups[row] ?? 0]?.[model] ?? 0) + 0.2 * (random.uniform() - 0.5),
      ),
    );
  return { groups, target, first: scores(0), second: scores(1) };
}

describe('examples in groups', () => {
  const { groups, target, first, second } = groupedModels(30, 20, createRandom(5));
  const plain = compare(binaryOutcomes(target, first), binaryOutcomes(target, second));
  const grouped = compare({ ...binaryOutcomes(target, first), groups }, binaryOutcomes(target, second));

  test.each([['accuracy'], ['precision'], ['recall'], ['f1'], ['roc_auc'], ['log_loss'], ['brier']])(
    '%s is less certain than by single examples, and says why',
    (name) => {
      const [alone, together] = [find(plain, name), find(grouped, name)];
      expect(widthOf(together)).toBeGreaterThan(1.3 * widthOf(alone));
      expect(together.comparison?.interval?.method).toContain('clustered by group');
      expect(together.comparison).toMatchObject({ groups: 30, difference: alone.comparison?.difference });
      expect(alone.comparison).not.toHaveProperty('groups');
    },
  );

  test('of one example each say about what single examples say', () => {
    const own = Uint32Array.from(target, (_, row) => row);
    const metrics = compare(
      { ...binaryOutcomes(target, first), groups: own },
      binaryOutcomes(target, second),
    );
    for (const name of ['accuracy', 'recall', 'roc_auc', 'log_loss', 'brier']) {
      expect(widthOf(find(metrics, name)) / widthOf(find(plain, name))).toBeCloseTo(1, 1);
    }
  });

  test('of which there is one decide nothing', () => {
    const one = new Uint32Array(target.length);
    const metrics = compare(
      { ...binaryOutcomes(target, first), groups: one },
      binaryOutcomes(target, second),
    );
    for (const { comparison } of metrics) {
      expect(comparison?.interval === undefined || comparison.interval.degenerate === true).toBe(true);
    }
    const gates = [gateOf('accuracy', 0.5), gateOf('log_loss', 5)];
    const checks = judgeMetrics({ metrics, gates, alpha: 0.05, baseline: EXACT });
    expect(checks.map(({ verdict }) => verdict)).toEqual(['inconclusive', 'inconclusive']);
  });

  test('widen the judgement of one model too', () => {
    const values = target.map(() => 0);
    const outcomes = regressionOutcomes(values, first);
    const alone = measureModel(outcomes, { model: 'm', ...OPTIONS }).metrics[0];
    const together = measureModel({ ...outcomes, groups }, { model: 'm', ...OPTIONS }).metrics[0];
    expect(ownWidthOf(together)).toBeGreaterThan(1.3 * ownWidthOf(alone));
  });
});

test('strata of fixed size take their differences out of the uncertainty', () => {
  const random = createRandom(8);
  const target = Array.from({ length: 400 }, () => 0);
  const tasks = target.map((_, row) => (row < 200 ? 'easy' : 'hard'));
  const first = tasks.map((task) => (task === 'easy' ? 0.1 : 3) + random.uniform());
  const second = tasks.map((task) => (task === 'easy' ? 0.1 : 1) + random.uniform());
  const plain = compare(regressionOutcomes(target, first), regressionOutcomes(target, second));
  const strata = encodeColumn(tasks);
  const stratified = compare(
    { ...regressionOutcomes(target, first), strata },
    regressionOutcomes(target, second),
  );
  expect(widthOf(find(stratified, 'mae'))).toBeLessThan(0.6 * widthOf(find(plain, 'mae')));
  expect(find(stratified, 'mae').comparison?.interval?.method).toContain('by stratum');
});

describe('slices', () => {
  const random = createRandom(11);
  const target = Array.from({ length: 600 }, () => (random.uniform() < 0.5 ? 1 : 0));
  const regions = target.map((_, row) => (row % 3 === 0 ? 'north' : 'south'));
  const scores = target.map((label) => clamp(0.25 + 0.5 * label + 0.6 * (random.uniform() - 0.5)));
  const broken = scores.map((score, row) => (regions[row] === 'north' ? 1 - score : score));
  const sliceColumns = new Map([['region', encodeColumn(regions)]]);
  const candidate: Outcomes = { ...binaryOutcomes(target, broken), sliceColumns };
  const slices = listSlices(candidate, ['region']);
  const options = { model: 'm', ...OPTIONS };
  const metrics = [
    ...measureModel(candidate, options).metrics,
    ...measureSlices(candidate, slices, () => ['roc_auc'], options),
  ];

  test('are compared each by itself', () => {
    const gates = [gateOf('accuracy', 0.1, { everySlice: true })];
    const compared = compare(candidate, binaryOutcomes(target, scores), { metrics, slices, gates });
    expect(find(compared, 'accuracy', 'region=north').comparison).toMatchObject({ pairs: 200, margin: 0.1 });
    expect(find(compared, 'accuracy', 'region=south').comparison).toMatchObject({
      pairs: 400,
      difference: 0,
    });
    const checks = judgeMetrics({
      metrics: compared,
      gates,
      alpha: 0.05,
      baseline: EXACT,
    });
    expect(checks.map(({ id, verdict }) => [id, verdict])).toEqual([
      ['model/m/region=north/accuracy/max-regression', 'fail'],
      ['model/m/region=south/accuracy/max-regression', 'pass'],
    ]);
    expect(checks[0]).toMatchObject({ family: 2 });
  });

  test('of unpaired test sets need the columns in both', () => {
    const other = { ...binaryOutcomes(target, scores), sliceColumns };
    const unpaired = compare(candidate, other, { metrics, slices, unpaired: true });
    expect(find(unpaired, 'accuracy', 'region=north').comparison).toMatchObject({
      method: 'unpaired',
      detail: 'Two independent samples: 200 examples now, 200 in the baseline.',
    });
    const stored = compare(candidate, binaryOutcomes(target, scores), { metrics, slices, unpaired: true });
    expect(find(stored, 'accuracy', 'region=north').comparison).toMatchObject({
      method: 'none',
      reason: 'outcomes-missing',
    });
  });
});

describe('two independent test sets', () => {
  const random = createRandom(21);
  const modelOf = (n: number): Outcomes => {
    const target = Array.from({ length: n }, () => (random.uniform() < 0.5 ? 1 : 0));
    return binaryOutcomes(
      target,
      target.map((label) => clamp(0.2 + 0.6 * label + (random.uniform() - 0.5))),
    );
  };
  const [candidate, baseline] = [modelOf(300), modelOf(200)];

  test('are compared only where that was asked for', () => {
    expect(find(compare(candidate, baseline), 'accuracy').comparison?.method).toBe('none');
    const metrics = compare(candidate, baseline, { unpaired: true, gates: [gateOf('accuracy', 0.05)] });
    const { value, comparison } = find(metrics, 'accuracy');
    const before = comparison?.baseline ?? 0;
    const shares = [
      { successes: Math.round(300 * (value ?? 0)), trials: 300 },
      { successes: Math.round(200 * before), trials: 200 },
    ] as const;
    // Newcombe's interval, a little wider for continuity.
    const { low, high } = newcombeInterval(...shares, 0.9);
    expect(comparison?.interval?.method).toBe('unpaired, Newcombe hybrid score, corrected');
    expect((comparison?.interval?.low ?? 0) - low).toBeLessThan(0);
    expect((comparison?.interval?.low ?? 0) - low).toBeGreaterThan(-0.5 / 200 - 0.5 / 300);
    expect((comparison?.interval?.high ?? 0) - high).toBeGreaterThan(0);
    expect(comparison).toMatchObject({
      method: 'unpaired',
      detail: 'Two independent samples: 300 examples now, 200 in the baseline.',
    });
    expect(comparison).not.toHaveProperty('pairs');
    expect(comparison?.examplesToDecide).toBeGreaterThan(500);
  });

  test.each([
    [20, 20, 0.3, 0.5],
    [40, 40, 0.65, 0.85],
    [30, 60, 0.8, 0.9],
  ])('of %d and %d examples keep the error rate: %d at the margin from %d', (n, m, now, before) => {
    const [own, other] = [estimatesOf(n), estimatesOf(m)];
    const margin = before - now - 1e-12;
    let [passes, fails] = [0, 0];
    own.forEach((first, x) => {
      other.forEach((second, y) => {
        const probability = binomialProbability(x, n, now) * binomialProbability(y, m, before);
        const { interval } = estimateUnpaired(first, second, { scale: 1, level: 0.9 });
        if ((interval?.low ?? -1) >= -margin) passes += probability;
        if ((interval?.high ?? 1) < -margin) fails += probability;
      });
    });
    expect(passes).toBeLessThanOrEqual(0.05);
    expect(fails).toBeLessThanOrEqual(0.05);
    expect(passes).toBeGreaterThan(0.02);
  });

  test.each([['f1'], ['roc_auc'], ['log_loss']])('of %s are wider than pairs would be', (name) => {
    const unpaired = find(compare(candidate, baseline, { unpaired: true }), name);
    expect(unpaired.comparison?.interval?.method).toMatch(/^unpaired, square-and-add of /);
    expect(widthOf(unpaired)).toBeGreaterThan(0.05);
  });
});

test('where the other label counts as positive nothing is compared', () => {
  const target = [0, 1, 1, 0, 1, 0];
  const candidate = binaryOutcomes(target, [0.1, 0.9, 0.8, 0.2, 0.7, 0.3]);
  const swapped = { ...candidate, labels: [...candidate.labels].reverse() as [string, string] } as Outcomes;
  const [metric] = compare(candidate, swapped);
  expect(metric?.comparison).toMatchObject({ method: 'none', reason: 'definition-changed' });
  expect(metric?.comparison?.detail).toMatch(/^The positive label changed: it is "1" now and was "0"/);
  const renamed = { ...candidate, labels: ['no', 'yes'] } as Outcomes;
  expect(compare(candidate, renamed)[0]?.comparison?.method).not.toBe('none');
});

describe('further trainings of the recipe', () => {
  const random = createRandom(31);
  const target = Array.from({ length: 500 }, () => (random.uniform() < 0.5 ? 1 : 0));
  const train = (skill: number): Outcomes =>
    binaryOutcomes(
      target,
      target.map((label) => clamp(0.5 + skill * (label - 0.5) + 0.9 * (random.uniform() - 0.5))),
    );
  const baseline = train(0.5);
  const seeds = [train(0.3), train(0.7), train(0.5)];
  const candidate = train(0.25);

  test('widen every interval, and are said', () => {
    const [without, within] = [compare(candidate, baseline), compare(candidate, baseline, { seeds })];
    for (const name of ['accuracy', 'roc_auc', 'log_loss']) {
      expect(widthOf(find(within, name))).toBeGreaterThan(1.5 * widthOf(find(without, name)));
      expect(find(within, name).comparison?.trainingNoise?.trainings).toBe(4);
      expect(find(within, name).comparison?.interval?.method).toMatch(/, widened by training noise$/);
    }
  });

  test('turn a failure of these two models into a question', () => {
    const judge = (metrics: readonly Metric[]) =>
      judgeMetrics({
        metrics,
        gates: [gateOf('accuracy', 0.005)],
        alpha: 0.05,
        baseline: EXACT,
      })[0];
    const gates = [gateOf('accuracy', 0.005)];
    expect(judge(compare(candidate, baseline, { gates }))?.verdict).toBe('fail');
    expect(judge(compare(candidate, baseline, { gates, seeds }))).toMatchObject({
      verdict: 'inconclusive',
      reason: 'training-noise',
    });
  });

  test('count as main recorded them: a change that brings wild ones cannot turn its failure into a question', () => {
    const gates = [gateOf('accuracy', 0.005)];
    const [accuracy] = compare(baseline, baseline).filter(({ name }) => name === 'accuracy');
    if (accuracy === undefined) throw new Error('Accuracy was not compared.');
    const trainingNoise = { standardDeviation: 0.001, trainings: 4 };
    const recorded = [
      { ...accuracy, comparison: { baseline: 0.7, difference: 0, method: 'paired', trainingNoise } as const },
    ];
    const metrics = compare(candidate, baseline, { gates, seeds, recorded });
    expect(find(metrics, 'accuracy').comparison?.trainingNoise).toEqual(trainingNoise);
    expect(judgeMetrics({ metrics, gates, alpha: 0.05, baseline: EXACT })[0]?.verdict).toBe('fail');
  });

  test('of more noise than the margin can never decide, so no number of examples is promised', () => {
    const gates = [gateOf('accuracy', 0.01)];
    const metrics = compare(candidate, baseline, { gates, seeds });
    const { comparison } = find(metrics, 'accuracy');
    const [check] = judgeMetrics({ metrics, gates: [gateOf('accuracy', 0.2)], alpha: 0.05, baseline: EXACT });
    expect(check?.message).toMatch(
      /trainings of main's recipe differ among themselves .* More examples would hardly help/,
    );
    expect(comparison).not.toHaveProperty('examplesToDecide');
    expect(comparison?.smallestVisibleChange).toBeGreaterThan(0.01);
  });
});

describe('weights', () => {
  const random = createRandom(31);
  const target = Array.from({ length: 300 }, () => (random.uniform() < 0.5 ? 1 : 0));
  const isHard = target.map(() => random.uniform() < 0.8);
  const score = (skill: number) =>
    target.map((label, row) => {
      const right = random.uniform() < (isHard[row] === true ? skill : 0.98);
      return (right ? label : 1 - label) === 1 ? 0.9 : 0.1;
    });
  const [own, other] = [score(0.6), score(0.7)];
  const weights = Float64Array.from(isHard, (hard) => (hard ? 1 : 8));
  const region = encodeColumn(target.map((_, row) => (row % 2 === 0 ? 'north' : 'south')));
  const withWeights = (scores: readonly number[]): Outcomes => ({
    ...binaryOutcomes(target, scores),
    weights,
    sliceColumns: new Map([['region', region]]),
  });

  test('decide values, intervals, slices and differences, and evidence says so', () => {
    const [candidate, baseline] = [withWeights(own), withWeights(other)];
    const slices = listSlices(candidate, ['region']);
    const options = { model: 'm', ...OPTIONS, asked: ['mcc', 'average_precision', 'recall@0.95'] };
    const measured = measureModel(candidate, options);
    const ofSlices = measureSlices(candidate, slices, () => ['mcc'], options);
    expect(ofSlices.map(({ name, about }) => `${name} ${about.slice ?? ''}`)).toEqual([
      'accuracy region=north',
      'mcc region=north',
      'accuracy region=south',
      'mcc region=south',
    ]);
    const metrics = compareModel({
      candidate,
      baseline,
      metrics: [...measured.metrics, ...ofSlices],
      figures: [],
      gates: [gateOf('accuracy', 0.2)],
      slices,
      unpaired: false,
      seeds: [],
      sameSubject: false,
      ...OPTIONS,
    }).metrics;
    expect(metrics.every(({ weighted }) => weighted === true)).toBe(true);
    const right = (scores: readonly number[], row: number) =>
      ((scores[row] ?? 0) >= 0.5 ? 1 : 0) === target[row];
    const shareOf = (scores: readonly number[]): number => {
      let [hits, all] = [0, 0];
      weights.forEach((weight, row) => {
        all += weight;
        if (right(scores, row)) hits += weight;
      });
      return hits / all;
    };
    const accuracy = find(metrics, 'accuracy');
    expect(accuracy.value).toBeCloseTo(shareOf(own), 12);
    expect(accuracy.comparison?.baseline).toBeCloseTo(shareOf(other), 12);
    expect(accuracy.interval?.method).toBe('Korn-Graubard, weighted');
    expect(accuracy.comparison?.interval?.method).toBe('Tango score, corrected, weighted');
    // Equal weights would say another thing.
    const even = find(compare(binaryOutcomes(target, own), binaryOutcomes(target, other)), 'accuracy');
    expect(Math.abs((even.value ?? 0) - shareOf(own))).toBeGreaterThan(0.05);
    expect(find(metrics, 'recall@0.95').value).toBe(0);
    expect(find(metrics, 'mcc', 'region=south').comparison?.interval?.method).toContain('weighted');
  });
});

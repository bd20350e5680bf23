import { describe, expect, test } from 'vitest';
import { estimateDifference } from '../../src/comparison/estimate-difference.ts';
import type { Examples } from '../../src/metrics/examples.ts';
import { formOf } from '../../src/metrics/form-of.ts';
import { computeValue, measureForm } from '../../src/metrics/measure.ts';
import { createRandom } from '../../src/statistics/random.ts';
import { binaryExamples, multiclassExamples, regressionExamples } from './examples-of.ts';

const N = 60;

interface Sample {
  readonly targets: readonly number[];
  readonly scores: readonly number[];
  readonly labels: readonly string[];
  readonly claims: readonly string[];
  readonly values: readonly number[];
  readonly predictions: readonly number[];
}

function draw(seed: number, n = N): Sample {
  const random = createRandom(seed);
  const rows = Array.from({ length: n }, (_, row) => row);
  const targets = rows.map(() => (random.uniform() < 0.4 ? 1 : 0));
  const values = rows.map(() => 1 + random.uniform());
  const labels = rows.map((row) => 'abc'[row % 3] ?? '');
  return {
    targets,
    scores: targets.map((target) => Math.round((0.3 * target + 0.7 * random.uniform()) * 50) / 50),
    labels,
    claims: labels.map((label) => (random.uniform() < 0.7 ? label : 'b')),
    values,
    predictions: values.map((value) => value + random.uniform() - 0.4),
  };
}

function pick(sample: Sample, rows: readonly number[]): Sample {
  const of = <Value>(column: readonly Value[]): Value[] => rows.map((row) => column[row] as Value);
  return {
    targets: of(sample.targets),
    scores: of(sample.scores),
    labels: of(sample.labels),
    claims: of(sample.claims),
    values: of(sample.values),
    predictions: of(sample.predictions),
  };
}

const TASKS: Readonly<Record<string, readonly [(sample: Sample) => Examples, readonly string[]]>> = {
  binary: [
    ({ targets, scores }) => binaryExamples(targets, scores),
    [
      'accuracy',
      'precision',
      'recall',
      'f1',
      'roc_auc',
      'log_loss',
      'brier',
      'average_precision',
      'gini',
      'ks_statistic',
      'mcc',
      'specificity',
      'precision_at_recall@0.8',
      'recall_at_fpr@0.2',
      'recall_at_budget@0.3',
      'calibration_slope',
    ],
  ],
  multiclass: [
    ({ labels, claims }) => multiclassExamples(labels, claims),
    ['accuracy', 'macro_f1', 'kappa', 'quadratic_kappa', 'weighted_f1'],
  ],
  regression: [
    ({ values, predictions }) => regressionExamples(values, predictions),
    ['mae', 'rmse', 'r2', 'median_absolute_error', 'pearson', 'spearman', 'max_error'],
  ],
};

const CASES = Object.values(TASKS).flatMap(([make, names]) => names.map((name) => [name, make] as const));

function formFor(name: string, make: (sample: Sample) => Examples, sample: Sample) {
  const form = formOf(name, make(sample));
  if (form === undefined) throw new Error(`${name} has no form.`);
  return form;
}

function optionsOf(weights: Float64Array | undefined, groups?: Uint32Array) {
  return { level: 0.9, random: createRandom(5), resamples: 200, weights, groups };
}

describe.each(CASES)('weights of %s', (name, make) => {
  const sample = draw(3);
  const rows = sample.targets.map((_, row) => row);
  const counts = rows.map((row) => (row * 7) % 4);

  test('that are whole count rows', () => {
    const repeated = pick(
      sample,
      rows.flatMap((row) => Array.from({ length: counts[row] ?? 0 }, () => row)),
    );
    const value = computeValue(formFor(name, make, sample), Float64Array.from(counts));
    expect(value).toBeCloseTo(computeValue(formFor(name, make, repeated)), 9);
    const measured = measureForm(formFor(name, make, sample), optionsOf(Float64Array.from(counts)));
    expect(measured.value).toBeCloseTo(value, 9);
    expect(measured.interval?.low).toBeLessThanOrEqual(value + 1e-9);
    expect(measured.interval?.high).toBeGreaterThanOrEqual(value - 1e-9);
  });

  test('that are all alike change nothing', () => {
    const even = new Float64Array(N).fill(3);
    expect(measureForm(formFor(name, make, sample), optionsOf(even)).interval).toEqual(
      measureForm(formFor(name, make, sample), optionsOf(undefined)).interval,
    );
  });

  test('that are all 0 leave nothing', () => {
    const nothing = new Float64Array(N);
    expect(measureForm(formFor(name, make, sample), optionsOf(nothing)).value).toBeNaN();
  });
});

// Of a largest value no interval says anything.
describe.each(CASES.filter(([name]) => name !== 'max_error'))('weights of %s', (name, make) => {
  const sample = draw(3);
  const weights = Float64Array.from({ length: N }, (_, row) => 0.5 + ((row * 13) % 10));

  test('go with groups', () => {
    const groups = Uint32Array.from(weights.keys(), (row) => Math.floor(row / 2));
    const { interval, ...estimate } = measureForm(formFor(name, make, sample), optionsOf(weights, groups));
    expect(interval?.method).toContain(', weighted, clustered by group');
    expect(interval?.degenerate).toBeUndefined();
    // Groups without an example that counts (a positive, for recall) are none.
    expect(estimate.groups).toBeGreaterThan(N / 4);
    expect(estimate.groups).toBeLessThanOrEqual(N / 2);
  });

  test('go with differences', () => {
    const { targets, labels } = sample;
    const [first, second] = [sample, { ...draw(9), targets, labels }].map((one) => formFor(name, make, one));
    const estimate = estimateDifference(first!, second!, { ...optionsOf(weights), scale: 1 });
    const value = computeValue(first!, weights) - computeValue(second!, weights);
    expect(estimate?.value).toBeCloseTo(value, 9);
    expect(estimate?.interval?.low).toBeLessThan(value);
    expect(estimate?.interval?.high).toBeGreaterThan(value);
    expect(estimate?.interval?.method).toContain('weighted');
  });
});

/** Shares of intervals of a weighted metric that miss what the population has, on each side. */
function missShares(name: string, repetitions: number, n: number): { below: number; above: number } {
  const random = createRandom(77);
  // Half of the population are hard; they are drawn four times as often, and weighted back.
  const drawOne = (isHard: boolean) => {
    const target = random.uniform() < 0.5 ? 1 : 0;
    const right = isHard ? 0.6 : 0.95;
    const claim = random.uniform() < right ? target : 1 - target;
    return { target, score: claim === 1 ? 0.5 + random.uniform() / 2 : random.uniform() / 2 };
  };
  const make = (examples: readonly { target: number; score: number }[]) =>
    formOf(
      name,
      binaryExamples(
        examples.map(({ target }) => target),
        examples.map(({ score }) => score),
      ),
    )!;
  const population = Array.from({ length: 60_000 }, (_, row) => drawOne(row % 2 === 0));
  const truth = computeValue(make(population));
  let [below, above] = [0, 0];
  for (let repetition = 0; repetition < repetitions; repetition++) {
    const hard = Array.from({ length: n }, () => random.uniform() < 0.8);
    const form = make(hard.map((isHard) => drawOne(isHard)));
    const weights = Float64Array.from(hard, (isHard) => (isHard ? 1 : 4));
    const { interval } = measureForm(form, { ...optionsOf(weights), random: createRandom(repetition) });
    if (interval !== undefined && interval.low > truth) below += 1;
    if (interval !== undefined && interval.high < truth) above += 1;
  }
  return { below: below / repetitions, above: above / repetitions };
}

describe('intervals under unequal weights', () => {
  test.each([
    ['accuracy', 400, 120],
    ['f1', 150, 120],
    ['roc_auc', 400, 150],
    ['brier', 150, 150],
    ['average_precision', 120, 150],
  ] as const)('of %s miss as often as they say', (name, repetitions, n) => {
    const { below, above } = missShares(name, repetitions, n);
    // 5 % on each side, three standard errors of the simulation beyond.
    const most = 0.05 + 3 * Math.sqrt((0.05 * 0.95) / repetitions);
    expect(below).toBeLessThanOrEqual(most);
    expect(above).toBeLessThanOrEqual(most);
  });
});

import { describe, expect, test } from 'vitest';
import { metricsOfTask } from '../../src/metrics/catalogue.ts';
import type { Examples } from '../../src/metrics/examples.ts';
import { formOf } from '../../src/metrics/form-of.ts';
import { influencesOf } from '../../src/metrics/influences.ts';
import { computeValue } from '../../src/metrics/measure.ts';
import { createRandom } from '../../src/statistics/random.ts';
import { binaryExamples, multiclassExamples, regressionExamples } from './examples-of.ts';

const random = createRandom(11);
const N = 40;
const rows = Array.from({ length: N }, (_, row) => row);
const targets = rows.map((row) => (row % 3 === 0 ? 1 : 0));
// Rounded, so that scores tie.
const scores = targets.map((target) => Math.round((0.25 + 0.3 * target + 0.4 * random.uniform()) * 20) / 20);
const CLASSES = ['a', 'b', 'c'];
const truth = rows.map((row) => CLASSES[row % 3] ?? '');
const claims = rows.map((row) =>
  random.uniform() < 0.6 ? (CLASSES[row % 3] ?? '') : (CLASSES[row % 2] ?? ''),
);
const raw = rows.map(() => CLASSES.map(() => 0.1 + random.uniform()));
const classScores = CLASSES.map((_, label) =>
  Float64Array.from(raw, (row) => (row[label] ?? 0) / row.reduce((sum, one) => sum + one, 0)),
);
const values = rows.map(() => 1 + 5 * random.uniform());
const predictions = values.map((value) => value + random.uniform());
const weights = Float64Array.from(rows, () => 0.5 + 2 * random.uniform());

const multiclass = { ...multiclassExamples(truth, claims), scores: classScores };
const EXAMPLES: readonly Examples[] = [
  binaryExamples(targets, scores),
  {
    ...multiclass,
    trueProbability: Float64Array.from(multiclass.target, (label, row) => classScores[label]?.[row] ?? 0),
  },
  regressionExamples(values, predictions),
];

/** Step functions of the weights have no slope; the median's influence is an estimate of one. */
const NOT_SMOOTH = ['median_absolute_error'];

const PARAMETERS: Readonly<Record<string, string>> = {
  f_beta: '@2',
  tweedie_deviance: '@1.5',
  pinball: '@0.7',
};

function namesOf({ task }: Examples): readonly string[] {
  return metricsOfTask(task)
    .map(({ name }) => `${name}${PARAMETERS[name] ?? ''}`)
    .filter((name) => !NOT_SMOOTH.includes(name));
}

const CASES = EXAMPLES.flatMap((examples) =>
  namesOf(examples).flatMap((name) => {
    const form = formOf(name, examples);
    const known = form === undefined ? undefined : influencesOf(form, weights);
    return form === undefined || known === undefined ? [] : [[examples.task, name, form] as const];
  }),
);

describe('influences', () => {
  test('are known of most metrics', () => {
    expect(CASES.length).toBeGreaterThan(50);
  });

  test.each(CASES)(
    '%s: that of %s is the slope of its value as an example is weighted up',
    (_task, _name, form) => {
      const influences = influencesOf(form, weights);
      const mean = weights.reduce((sum, weight) => sum + weight, 0) / N;
      const step = 1e-6;
      for (const row of [0, 1, 2, 7, 20]) {
        const valueAt = (change: number): number =>
          computeValue(
            form,
            weights.map((weight, other) => (other === row ? weight + change : weight)),
          );
        const slope = (valueAt(step) - valueAt(-step)) / (2 * step);
        // The influence counts the example as often as it weighs.
        const expected = ((influences?.[row] ?? Number.NaN) * mean) / (weights[row] ?? Number.NaN);
        expect(slope * N * mean).toBeCloseTo(expected, 3);
      }
      expect(influences?.reduce((sum, effect) => sum + effect, 0)).toBeCloseTo(0, 6);
    },
  );
});

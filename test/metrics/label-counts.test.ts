import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formOf } from '../../src/metrics/form-of.ts';
import type { StatisticForm } from '../../src/metrics/form.ts';
import { multilabelExamples } from './examples-of.ts';

const LABELS = 4;

const row = fc.array(fc.constantFrom(0, 1), { minLength: LABELS, maxLength: LABELS });
const scores = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: LABELS, maxLength: LABELS });

function statisticOf(name: string, target: number[][], score: number[][]): StatisticForm {
  const form = formOf(name, multilabelExamples(target, score));
  if (form?.kind !== 'statistic') throw new Error(`${name} is no statistic`);
  return form;
}

const NAMES = [
  ...['macro', 'weighted'].flatMap((average) =>
    ['f1', 'precision', 'recall', 'jaccard'].map((ratio) => `${average}_${ratio}`),
  ),
  'macro_roc_auc',
];

describe.each(NAMES)('%s over labels', (name) => {
  test('moves by its influences when one example counts a little more', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(row, scores), { minLength: 6, maxLength: 20 }),
        fc.boolean(),
        fc.nat(),
        (rows, isWeighted, chosen) => {
          const form = statisticOf(
            name,
            rows.map(([target]) => target),
            rows.map(([, score]) => score),
          );
          const n = rows.length;
          const drawn = rows.map((_, at) => (isWeighted ? 1 + (at % 3) : 1));
          const mean = drawn.reduce((sum, weight) => sum + weight, 0) / n;
          const weights = Float64Array.from(drawn, (weight) => weight / mean);
          const value = form.value(weights);
          fc.pre(Number.isFinite(value));
          const influences = form.influences?.(weights) ?? new Float64Array(n);
          const example = chosen % n;
          const step = 1e-6;
          const [more, less] = [1 + step, 1 - step].map((times) =>
            form.value(weights.map((weight, at) => (at === example ? weight * times : weight))),
          );
          const slope = ((more ?? 0) - (less ?? 0)) / (2 * step);
          expect((influences[example] ?? Number.NaN) / n).toBeCloseTo(slope, 6);
          expect(influences.reduce((sum, influence) => sum + influence, 0)).toBeCloseTo(0, 9);
        },
      ),
      { seed: 20, numRuns: 60 },
    );
  });
});

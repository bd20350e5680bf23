/** Outcomes of every task, for properties: few rows, many shapes, awkward numbers. */
import fc from 'fast-check';
import type { Outcomes } from '../../src/outcomes/outcomes.ts';
import {
  binaryExamples,
  forecastingExamples,
  gradedExamples,
  multiclassExamples,
  multilabelExamples,
  quantileExamples,
  rankingExamples,
  regressionExamples,
} from '../metrics/examples-of.ts';
import { outcomesOf } from './outcomes-of.ts';

const probability = fc.oneof(
  fc.double({ min: 0, max: 1, noNaN: true }),
  fc.constantFrom(0, 1, 0.5, 1e-300, 1 - 2 ** -53),
);
const awkward = fc.oneof(
  fc.double({ min: -1e6, max: 1e6, noNaN: true }).map((number) => number + 0),
  fc.integer({ min: -5, max: 5 }).map((number) => number + 0),
);
/** Numbers of which sums and squares lose nothing that matters. */
const plain = fc.integer({ min: -40, max: 40 }).map((number) => number / 4 + 0);
const LEVELS = [0.1, 0.5, 0.9];

function columns<Value>(entry: fc.Arbitrary<Value>, n: number, count: number): fc.Arbitrary<Value[][]> {
  const column = fc.array(entry, { minLength: n, maxLength: n });
  return fc.array(column, { minLength: count, maxLength: count });
}

const label = fc.constantFrom('owl', 'gull', 'hawk', 'é');
const flag = fc.constantFrom(0, 1);

function multiclass(n: number): fc.Arbitrary<Outcomes> {
  const [labels, probabilities] = [columns(label, n, 2), columns(probability, n, 2)];
  return fc
    .tuple(labels, probabilities, fc.boolean(), columns(probability, n, 4))
    .map(([[target = [], predicted = []], [p = [], errors = []], hasScores, scores]) => {
      const examples = multiclassExamples(target, predicted);
      if (!hasScores) return outcomesOf(examples);
      return outcomesOf({
        ...examples,
        trueProbability: Float64Array.from(p),
        squaredErrors: Float64Array.from(errors),
        trueRank: Uint32Array.from(p, () => examples.labels.length),
        scores: examples.labels.map((_, at) => Float64Array.from(scores[at] ?? [])),
      });
    });
}

function ranking(n: number, value: fc.Arbitrary<number>): fc.Arbitrary<Outcomes> {
  const item = fc.record({ relevance: fc.constantFrom(0, 0, 1, 2, 1 / 3), score: value });
  return fc
    .array(fc.array(item, { maxLength: 6 }), { minLength: n, maxLength: n })
    .map((queries) => outcomesOf(rankingExamples(queries)));
}

/** Outcomes of one task and so many rows. */
function outcomesOfTask(
  task: Outcomes['task'],
  n: number,
  value: fc.Arbitrary<number>,
): fc.Arbitrary<Outcomes> {
  const numbers = (count: number): fc.Arbitrary<number[][]> => columns(value, n, count);
  switch (task) {
    case 'binary-classification':
      return fc
        .tuple(columns(flag, n, 1), columns(probability, n, 1))
        .map(([[target = []], [score = []]]) => outcomesOf(binaryExamples(target, score)));
    case 'multiclass-classification':
      return multiclass(n);
    case 'multilabel-classification':
      return fc
        .tuple(columns(flag, 3, n), columns(probability, 3, n), fc.boolean())
        .map(([target, score, hasScore]) => {
          const outcomes = outcomesOf(multilabelExamples(target, score));
          return hasScore ? outcomes : { ...outcomes, score: undefined };
        });
    case 'regression':
      return numbers(2).map(([target = [], predicted = []]) =>
        outcomesOf(regressionExamples(target, predicted)),
      );
    case 'quantile-regression':
      return numbers(4).map(([target = [], ...predicted]) =>
        outcomesOf(quantileExamples(target, LEVELS, predicted)),
      );
    case 'ranking':
      return ranking(n, value);
    case 'forecasting':
      return fc
        .tuple(numbers(5), fc.boolean(), fc.boolean())
        .map(([[target = [], predicted = [], ...quantiles], hasPoint, hasQuantiles]) =>
          outcomesOf(
            forecastingExamples(target, {
              ...(hasPoint || !hasQuantiles ? { predicted, scale: predicted.map(Math.abs) } : {}),
              ...(hasQuantiles ? { levels: LEVELS, quantiles } : {}),
            }),
          ),
        );
    case 'graded':
      return numbers(2).map(([helpful = [], polite = []]) =>
        outcomesOf(gradedExamples({ helpful, polite }, [-1e6, 1e6])),
      );
  }
}

const TASKS: readonly Outcomes['task'][] = [
  'binary-classification',
  'multiclass-classification',
  'multilabel-classification',
  'regression',
  'quantile-regression',
  'ranking',
  'forecasting',
  'graded',
];

function outcomesWith(value: fc.Arbitrary<number>): fc.Arbitrary<Outcomes> {
  return fc
    .tuple(fc.constantFrom(...TASKS), fc.integer({ min: 1, max: 12 }), fc.boolean())
    .chain(([task, n, hasWeights]) =>
      fc
        .tuple(
          outcomesOfTask(task, n, value),
          fc.array(fc.double({ min: 0, max: 9, noNaN: true }), { minLength: n, maxLength: n }),
        )
        .map(([outcomes, weights]) => ({
          ...outcomes,
          weights: hasWeights ? Float64Array.from(weights, (weight) => weight + 0) : undefined,
        })),
    );
}

/** Outcomes of any task, with weights or without, and with numbers of every kind. */
export const anyOutcomes = outcomesWith(awkward);

/** The same with numbers that arithmetic is kind to, for what is computed from them. */
export const plainOutcomes = outcomesWith(plain);

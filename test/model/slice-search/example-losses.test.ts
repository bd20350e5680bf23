import { describe, expect, test } from 'vitest';
import type { Examples } from '../../../src/metrics/examples.ts';
import { measureLosses } from '../../../src/model/slice-search/example-losses.ts';
import {
  binaryExamples,
  forecastingExamples,
  gradedExamples,
  multiclassExamples,
  multilabelExamples,
  quantileExamples,
  rankingExamples,
  regressionExamples,
} from '../../metrics/examples-of.ts';
import { outcomesOf } from '../../outcomes/outcomes-of.ts';

const classes = multiclassExamples(['a', 'b'], ['a', 'c']);

function roundLoss(loss: number): number {
  return Number(loss.toFixed(12));
}

describe('the losses of examples', () => {
  test.each<readonly [Examples, string, readonly number[]]>([
    [binaryExamples([1, 0], [0.5, 0.75]), 'log_loss', [Math.log(2), Math.log(4)]],
    [{ ...binaryExamples([1, 0], [0.5, 0.75]), score: undefined }, 'error', [0, 1]],
    [classes, 'error', [0, 1]],
    [{ ...classes, trueProbability: Float64Array.of(0.5, 0.25) }, 'log_loss', [Math.log(2), Math.log(4)]],
    [
      multilabelExamples(
        [
          [1, 0],
          [1, 1],
        ],
        [
          [0.9, 0.9],
          [0.9, 0.9],
        ],
      ),
      'hamming_loss',
      [0.5, 0],
    ],
    [regressionExamples([1, 5], [3, 4]), 'absolute_error', [2, 1]],
    [
      quantileExamples(
        [10, 10],
        [0.5, 0.9],
        [
          [8, 12],
          [8, 20],
        ],
      ),
      'pinball',
      [(1 + 1.8) / 2, (1 + 1) / 2],
    ],
    [forecastingExamples([1, 5], { predicted: [3, 4] }), 'absolute_error', [2, 1]],
    [forecastingExamples([1, 5], { predicted: [3, 4], scale: [4, 0] }), 'scaled_error', [0.5, Number.NaN]],
    [forecastingExamples([10], { levels: [0.9], quantiles: [[8]] }), 'pinball', [1.8]],
    [
      rankingExamples([
        [
          { relevance: 0, score: 2 },
          { relevance: 1, score: 1 },
        ],
        [{ relevance: 0, score: 1 }],
      ]),
      '1 - ndcg@10',
      [1 - 1 / Math.log2(3), Number.NaN],
    ],
    [gradedExamples({ tone: [1, 5], truth: [5, 5] }, [1, 5]), 'lack of grade', [0.5, 0]],
    [gradedExamples({ tone: [2, 4, 3] }), 'lack of grade', [1, 0, 0.5]],
    [gradedExamples({ tone: [2, 2] }), 'lack of grade', [0, 0]],
  ])('of a task are what its errors are: %#', (examples, name, values) => {
    const losses = measureLosses(outcomesOf(examples));
    expect(losses.name).toBe(name);
    expect(Array.from(losses.values, roundLoss)).toEqual(values.map(roundLoss));
  });

  test('of a grade that is better when lower are the other way round', () => {
    const graded = { ...gradedExamples({ harm: [1, 5] }, [1, 5]), directions: ['lower-is-better'] as const };
    expect(Array.from(measureLosses(outcomesOf(graded)).values)).toEqual([0, 1]);
  });
});

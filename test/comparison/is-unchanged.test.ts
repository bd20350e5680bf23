import { describe, expect, test } from 'vitest';
import { isUnchanged } from '../../src/comparison/is-unchanged.ts';
import type { Outcomes } from '../../src/outcomes/outcomes.ts';
import { pairOutcomes } from '../../src/outcomes/pair-outcomes.ts';
import { outputsOf, replaceOutputs } from '../../src/outcomes/model-outputs.ts';
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
import { outcomesOf } from '../outcomes/outcomes-of.ts';

const CONTINUOUS: readonly Outcomes[] = [
  outcomesOf(binaryExamples([0, 1, 1], [0.1, 0.7, 0.9])),
  outcomesOf({
    ...multiclassExamples(['a', 'b', 'a'], ['a', 'b', 'b']),
    trueProbability: Float64Array.of(0.9, 0.7, 0.2),
  }),
  outcomesOf(
    multilabelExamples(
      [
        [1, 0],
        [0, 1],
        [1, 1],
      ],
      [
        [0.9, 0.2],
        [0.3, 0.8],
        [0.5, 0.4],
      ],
    ),
  ),
  outcomesOf(regressionExamples([1, 2, 3], [1.5, 2.5, 2.75])),
  outcomesOf(quantileExamples([1, 2, 3], [0.5], [[1.5, 2.5, 2.75]])),
  outcomesOf(
    rankingExamples([
      [
        { relevance: 1, score: 0.3 },
        { relevance: 0, score: 0.1 },
      ],
      [{ relevance: 2, score: 7 }],
    ]),
  ),
  outcomesOf(forecastingExamples([1, 2, 3], { predicted: [1.5, 2.5, 2.75] })),
  outcomesOf(gradedExamples({ helpful: [0.2, 0.4, 0.5] })),
];

function isSame(candidate: Outcomes, baseline: Outcomes, sameSubject: boolean): boolean {
  const pairing = pairOutcomes(candidate, baseline);
  if (pairing.kind === 'unpaired') throw new Error(pairing.detail);
  return isUnchanged(pairing.pair, sameSubject);
}

/** The last number of the last column, a little larger. */
function nudge(outcomes: Outcomes, by: number): Outcomes {
  const outputs = outputsOf(outcomes);
  const moved = outputs.map((output) => ({
    ...output,
    columns: output.columns.map((column) =>
      column.map((value, row) => (row === column.length - 1 ? value + by : value)),
    ),
  }));
  return replaceOutputs(outcomes, moved);
}

describe.each(CONTINUOUS.map((outcomes) => [outcomes.task, outcomes] as const))('%s', (_task, outcomes) => {
  test('is unchanged where every number is the same, whatever the file', () => {
    expect(isSame(outcomes, outcomes, false)).toBe(true);
    expect(isSame(outcomes, outcomes, true)).toBe(true);
  });

  test('is unchanged by the last digits of another machine only where the file is the same', () => {
    expect(isSame(nudge(outcomes, 1e-9), outcomes, true)).toBe(true);
    expect(isSame(nudge(outcomes, 1e-9), outcomes, false)).toBe(false);
    expect(isSame(nudge(outcomes, 0.01), outcomes, true)).toBe(false);
  });
});

describe('labels alone', () => {
  const labels = outcomesOf(multiclassExamples(['a', 'b', 'a'], ['a', 'b', 'b']));
  const grades = outcomesOf(gradedExamples({ passed: [0, 1, 1] }));
  test.each([labels, grades])('are unchanged only where the file is the same: $task', (outcomes) => {
    expect(isSame(outcomes, outcomes, false)).toBe(false);
    expect(isSame(outcomes, outcomes, true)).toBe(true);
  });

  test('are not unchanged where only one side has probabilities', () => {
    const [withScores] = CONTINUOUS.filter(({ task }) => task === 'multiclass-classification');
    if (withScores === undefined) throw new Error('There is one.');
    expect(isSame(withScores, labels, true)).toBe(false);
  });
});

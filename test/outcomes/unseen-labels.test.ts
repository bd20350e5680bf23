import { expect, test } from 'vitest';
import { warnOfUnseenLabels } from '../../src/outcomes/unseen-labels.ts';
import { binaryOutcomes, multiclassOutcomes } from './outcomes-of.ts';

const request = { model: 'm', task: 'multiclass-classification', predictions: { path: 'p.csv' } } as const;

test('labels of the test set that no training example has are a warning with their ids', () => {
  const training = multiclassOutcomes(['a', 'b'], ['a', 'c']);
  const found = warnOfUnseenLabels(
    multiclassOutcomes(['a', 'c', 'd', 'c'], ['a', 'a', 'a', 'b']),
    training,
    request,
  );
  expect(found).toEqual([
    expect.objectContaining({
      id: 'model/m/predictions/target/seen-in-training',
      verdict: 'warn',
      severity: 'warn',
      violations: 3,
      message:
        'p.csv: 3 of 4 examples, as "e000001", "e000002", "e000003", have a label that no example of the training has ("c", "d"). The model cannot predict it: check how training and test were split, and how labels are spelled.',
    }),
  ]);
});

test('a label that is only predicted, or only in the training, is none; nor are the two of a binary task', () => {
  const training = multiclassOutcomes(['a', 'b', 'x'], ['a', 'a', 'a']);
  expect(warnOfUnseenLabels(multiclassOutcomes(['a', 'b'], ['a', 'z']), training, request)).toEqual([]);
  const binary = binaryOutcomes([1, 1], [0.5, 0.5]);
  expect(warnOfUnseenLabels(binary, binaryOutcomes([0, 0], [0.5, 0.5]), request)).toEqual([]);
});

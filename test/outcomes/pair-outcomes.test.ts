import { describe, expect, test } from 'vitest';
import { pairOutcomes } from '../../src/outcomes/pair-outcomes.ts';
import { binaryOutcomes, multiclassOutcomes, regressionOutcomes } from './outcomes-of.ts';

const TARGET = [0, 1, 1, 0];
const SCORE = [0.1, 0.9, 0.3, 0.4];

describe('pairing', () => {
  test('the same ids and targets pair by position, with ids or without', () => {
    const [candidate, baseline] = [binaryOutcomes(TARGET, SCORE), binaryOutcomes(TARGET, [0, 1, 1, 0])];
    expect(pairOutcomes(candidate, baseline)).toEqual({
      kind: 'paired',
      pair: { task: 'binary-classification', candidate, baseline },
    });
    const stored = { ...baseline, ids: undefined };
    expect(pairOutcomes(candidate, stored).kind).toBe('paired');
  });

  test('labels of both models become one list', () => {
    const pairing = pairOutcomes(
      multiclassOutcomes(['b', 'c'], ['b', 'd']),
      multiclassOutcomes(['b', 'c'], ['a', 'c']),
    );
    expect(pairing).toMatchObject({
      kind: 'paired',
      pair: {
        candidate: {
          labels: ['a', 'b', 'c', 'd'],
          target: Uint16Array.of(1, 2),
          predicted: Uint16Array.of(1, 3),
        },
        baseline: {
          labels: ['a', 'b', 'c', 'd'],
          target: Uint16Array.of(1, 2),
          predicted: Uint16Array.of(0, 2),
        },
      },
    });
  });

  test('other ids are counted where both sides have them', () => {
    const candidate = binaryOutcomes(TARGET, SCORE, ['a', 'b', 'c', 'd']);
    const baseline = binaryOutcomes([0, 1, 1], [0, 0, 0], ['b', 'c', 'x']);
    expect(pairOutcomes(candidate, baseline)).toEqual({
      kind: 'unpaired',
      reason: 'unmatched-ids',
      detail:
        'The predictions do not cover the same examples: 2 ids are in both, 2 only in the candidate\'s (such as "a"), 1 only in the baseline\'s.',
    });
  });

  test('without ids another test set is only known to be another', () => {
    const candidate = binaryOutcomes(TARGET, SCORE, ['a', 'b', 'c', 'd']);
    const stored = { ...binaryOutcomes([0, 1, 1], [0, 0, 0]), ids: undefined };
    expect(pairOutcomes(candidate, stored)).toEqual({
      kind: 'unpaired',
      reason: 'test-set-changed',
      detail:
        'The test set changed since the baseline was recorded: its 4 ids are not the 3 of the baseline.',
    });
  });

  test('other targets of the same ids are another test set', () => {
    expect(pairOutcomes(binaryOutcomes(TARGET, SCORE), binaryOutcomes([1, 1, 1, 0], SCORE))).toMatchObject({
      reason: 'test-set-changed',
      detail: expect.stringContaining('1 of 4 examples') as unknown,
    });
    expect(
      pairOutcomes(multiclassOutcomes(['a', 'b'], ['a', 'b']), multiclassOutcomes(['a', 'c'], ['a', 'b'])),
    ).toMatchObject({
      reason: 'test-set-changed',
      detail: expect.stringContaining('1 of 2 examples') as unknown,
    });
  });

  test('another task is never paired', () => {
    expect(pairOutcomes(binaryOutcomes(TARGET, SCORE), regressionOutcomes(TARGET, SCORE))).toMatchObject({
      kind: 'unpaired',
      reason: 'test-set-changed',
    });
  });
});

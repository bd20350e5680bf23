import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { pairOutcomes } from '../../src/outcomes/pair-outcomes.ts';
import { selectRows } from '../../src/outcomes/select-rows.ts';
import {
  forecastingExamples,
  gradedExamples,
  multilabelExamples,
  quantileExamples,
  rankingExamples,
} from '../metrics/examples-of.ts';
import { anyOutcomes } from './arbitrary-outcomes.ts';
import { binaryOutcomes, multiclassOutcomes, outcomesOf, regressionOutcomes } from './outcomes-of.ts';

const TARGET = [0, 1, 1, 0];
const SCORE = [0.1, 0.9, 0.3, 0.4];

function quantilesOf(list: readonly number[]) {
  return outcomesOf(
    quantileExamples(
      [1, 2],
      list,
      list.map(() => [0, 1]),
    ),
  );
}

function queryOf(relevance: number) {
  return [
    { relevance, score: 1 },
    { relevance: 0, score: 2 },
  ];
}

function forecastOf(scale: number) {
  return outcomesOf(forecastingExamples([1], { predicted: [2], scale: [scale] }));
}

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

  test('other weights of the same examples are another population', () => {
    const weighted = (...weights: readonly number[]) => ({
      ...binaryOutcomes(TARGET, SCORE),
      weights: Float64Array.from(weights),
    });
    const plain = binaryOutcomes(TARGET, SCORE);
    expect(pairOutcomes(weighted(1, 2, 3, 4), weighted(1, 2, 3, 4)).kind).toBe('paired');
    // Up to a factor, and to what rounding does to kept ones.
    expect(pairOutcomes(weighted(10, 20, 30, 40), weighted(1, 2, 3.0000001, 4)).kind).toBe('paired');
    expect(pairOutcomes(weighted(2, 2, 2, 2), plain).kind).toBe('paired');
    for (const [candidate, baseline] of [
      [weighted(1, 2, 3, 0), weighted(1, 2, 3, 4)],
      [weighted(1, 2, 3, 0), plain],
      [plain, weighted(1, 2, 3, 4)],
      [weighted(0, 0, 0, 0), plain],
    ] as const) {
      expect(pairOutcomes(candidate, baseline)).toMatchObject({
        kind: 'unpaired',
        reason: 'test-set-changed',
        detail: expect.stringContaining('weights') as unknown,
      });
    }
  });

  test('another task is never paired', () => {
    expect(pairOutcomes(binaryOutcomes(TARGET, SCORE), regressionOutcomes(TARGET, SCORE))).toMatchObject({
      kind: 'unpaired',
      reason: 'test-set-changed',
    });
  });

  test('several labels of both models become one list; who does not know one never says it', () => {
    const [candidate, baseline] = [
      outcomesOf(
        multilabelExamples(
          [
            [1, 0],
            [0, 0],
          ],
          [
            [0.9, 0.2],
            [0.6, 0.1],
          ],
        ),
      ),
      outcomesOf(multilabelExamples([[1], [0]], [[0.7], [0.2]])),
    ];
    expect(pairOutcomes(candidate, baseline)).toMatchObject({
      kind: 'paired',
      pair: {
        candidate: { labels: ['l000', 'l001'] },
        baseline: {
          labels: ['l000', 'l001'],
          target: [Uint8Array.of(1, 0), Uint8Array.of(0, 0)],
          predicted: [Uint8Array.of(1, 0), Uint8Array.of(0, 0)],
          score: [Float64Array.of(0.7, 0.2), Float64Array.of(0, 0)],
        },
      },
    });
  });

  test('other levels of quantiles, and other grades, are not the same outputs', () => {
    expect(pairOutcomes(quantilesOf([0.1, 0.9]), quantilesOf([0.2, 0.9]))).toMatchObject({
      reason: 'test-set-changed',
      detail: 'The levels of the quantiles changed: they are 0.1, 0.9 now and were 0.2, 0.9 in the baseline.',
    });
    const [now, before] = [gradedExamples({ kind: [1] }), gradedExamples({ helpful: [1] })].map((examples) =>
      outcomesOf(examples),
    );
    if (now === undefined || before === undefined) throw new Error('Two were made.');
    expect(pairOutcomes(now, before)).toMatchObject({
      reason: 'test-set-changed',
      detail: expect.stringContaining('kind (higher-is-better) now and were helpful') as unknown,
    });
  });

  test('the items of a query and their relevance are the test set', () => {
    const [own, other] = [
      outcomesOf(rankingExamples([queryOf(1)])),
      outcomesOf(rankingExamples([queryOf(2)])),
    ];
    expect(pairOutcomes(own, own).kind).toBe('paired');
    expect(pairOutcomes(own, other)).toMatchObject({
      reason: 'test-set-changed',
      detail: expect.stringContaining('1 of 1 examples') as unknown,
    });
  });

  test('a forecast is scaled by the candidate, whose series may be longer', () => {
    expect(pairOutcomes(forecastOf(3), forecastOf(2))).toMatchObject({
      pair: { candidate: { scale: Float64Array.of(3) }, baseline: { scale: Float64Array.of(3) } },
    });
  });

  test('rows of any task pair with the same rows of another model', () => {
    fc.assert(
      fc.property(anyOutcomes, fc.infiniteStream(fc.nat()), (outcomes, stream) => {
        const rows = Uint32Array.from({ length: 5 }, () => Number(stream.next().value) % outcomes.n);
        const part = selectRows(outcomes, rows);
        expect(part.n).toBe(5);
        expect(pairOutcomes(part, part)).toEqual({
          kind: 'paired',
          pair: { task: part.task, candidate: part, baseline: part },
        });
        const all = selectRows(
          outcomes,
          Uint32Array.from({ length: outcomes.n }, (_, row) => row),
        );
        expect(all).toEqual(outcomes);
      }),
      { seed: 19, numRuns: 200 },
    );
  });
});

import { array, assert, integer, property } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { countCells, tabulate, type Cells } from '../../src/metrics/cells.ts';
import {
  BALANCED_ACCURACY,
  createF,
  F1,
  JACCARD,
  KAPPA,
  MACRO_F1,
  MACRO_JACCARD,
  MACRO_PRECISION,
  MACRO_RECALL,
  MATTHEWS_CORRELATION,
  NEGATIVE_PREDICTIVE_VALUE,
  PRECISION,
  WEIGHTED_F1,
  WEIGHTED_PRECISION,
  WEIGHTED_RECALL,
} from '../../src/metrics/class-metrics.ts';
import { reachOfFlips } from '../../src/metrics/class-table.ts';

const CLASSES = 3;

const METRICS = [
  ['F1', F1],
  ['F2', createF(2)],
  ['precision', PRECISION],
  ['negative predictive value', NEGATIVE_PREDICTIVE_VALUE],
  ['Jaccard index', JACCARD],
  ['macro F1', MACRO_F1],
  ['macro precision', MACRO_PRECISION],
  ['macro recall', MACRO_RECALL],
  ['macro Jaccard index', MACRO_JACCARD],
  ['weighted F1', WEIGHTED_F1],
  ['weighted precision', WEIGHTED_PRECISION],
  ['weighted recall', WEIGHTED_RECALL],
  ['balanced accuracy', BALANCED_ACCURACY],
  ['Matthews correlation', MATTHEWS_CORRELATION],
  ['kappa', KAPPA],
] as const;

function cellsOf(truth: readonly number[], predicted: readonly number[], classes = CLASSES): Cells {
  return countCells(classes, Uint16Array.from(truth), Uint16Array.from(predicted));
}

const examples = array(integer({ min: 0, max: CLASSES ** 2 - 1 }), { minLength: 6, maxLength: 60 });

describe('counts by class', () => {
  test('cells count every example once, in the order of truth and prediction', () => {
    assert(
      property(examples, (codes) => {
        const truth = codes.map((code) => Math.floor(code / CLASSES));
        const predicted = codes.map((code) => code % CLASSES);
        const cells = cellsOf(truth, predicted);
        expect(cells.counts.reduce((sum, count) => sum + count, 0)).toBe(codes.length);
        const table = tabulate(cells, 'first');
        expect(table.n).toBe(codes.length);
        expect([...table.actual]).toEqual(
          [0, 1, 2].map((label) => truth.filter((code) => code === label).length),
        );
      }),
      { seed: 3 },
    );
  });

  test('many classes are counted by sorting, with the same answer', () => {
    const truth = Array.from({ length: 500 }, (_, row) => (row * 7) % 200);
    const predicted = Array.from({ length: 500 }, (_, row) => (row * 11) % 200);
    const sparse = cellsOf(truth, predicted, 200);
    const keys = Array.from(sparse.truth, (label, cell) => label * 1000 + (sparse.first[cell] ?? 0));
    expect(keys).toEqual(keys.toSorted((a, b) => a - b));
    expect(MACRO_F1.value(tabulate(sparse, 'first'))).toBeCloseTo(
      MACRO_F1.value(tabulate(cellsOf(truth, predicted, 90), 'first')) || 0,
      0,
    );
  });

  test.each(METRICS)(
    'the influence of %s is the slope of the value when an example is weighted up',
    (_name, metric) => {
      assert(
        property(examples, (codes) => {
          const cells = cellsOf(
            [0, 1, 2, 0, 1, 2, ...codes.map((code) => Math.floor(code / CLASSES))],
            [0, 1, 2, 1, 2, 0, ...codes.map((code) => code % CLASSES)],
          );
          const table = tabulate(cells, 'first');
          cells.counts.forEach((count, cell) => {
            const step = 1e-6;
            const heavier = cells.counts.slice();
            heavier[cell] = count + step;
            const slope = (metric.value(tabulate(cells, 'first', heavier)) - metric.value(table)) / step;
            const influence = metric.influence(table, cells.truth[cell] ?? 0, cells.first[cell] ?? 0);
            expect(slope * table.n).toBeCloseTo(influence, 3);
          });
        }),
        { numRuns: 30, seed: 5 },
      );
    },
  );

  test('influences average to zero', () => {
    const cells = cellsOf([0, 0, 1, 1, 2, 2, 2], [0, 1, 1, 1, 2, 0, 2]);
    const table = tabulate(cells, 'first');
    const averages = METRICS.map(([, metric]) =>
      cells.counts.reduce(
        (sum, count, cell) =>
          sum + count * metric.influence(table, cells.truth[cell] ?? 0, cells.first[cell] ?? 0),
        0,
      ),
    );
    for (const average of averages) expect(average).toBeCloseTo(0, 9);
  });
});

describe('what unseen flips can do', () => {
  test('a perfect table can only fall, by about the flips over the class', () => {
    const truth = [...Array.from({ length: 50 }, () => 1), ...Array.from({ length: 50 }, () => 0)];
    const table = tabulate(cellsOf(truth, truth, 2), 'first');
    const { low, high } = reachOfFlips(F1, table, 2);
    expect(high).toBe(1);
    expect(low).toBeCloseTo((2 * 48) / (50 + 48), 12);
  });

  test('no more examples flip than there are', () => {
    const table = tabulate(cellsOf([1, 0, 0], [1, 0, 0], 2), 'first');
    expect(reachOfFlips(F1, table, 2.7).low).toBe(0);
  });

  test('misses can become hits', () => {
    const table = tabulate(cellsOf([1, 1, 1, 1, 0, 0], [1, 1, 0, 0, 0, 1], 2), 'first');
    expect(reachOfFlips(F1, table, 1).high).toBeCloseTo((2 * 3) / (4 + 4), 12);
  });

  test('a single class has nothing to flip to', () => {
    const table = tabulate(cellsOf([0, 0], [0, 0], 1), 'first');
    expect(reachOfFlips(MACRO_F1, table, 1)).toEqual({ low: 1, high: 1 });
  });
});

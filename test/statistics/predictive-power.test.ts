import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import {
  classPower,
  numberPower,
  powerInterval,
  type FoldCount,
  type FoldSums,
} from '../../src/statistics/predictive-power.ts';
import { groupBy } from '../../src/statistics/group-by.ts';
import { createRandom } from '../../src/statistics/random.ts';

const FOLDS = 10;

interface Example {
  readonly value: number;
  readonly label: number;
  readonly fold: number;
}

/** Each combination once, as a table of counts has it. */
function count(examples: readonly Example[]): readonly FoldCount[] {
  const same = groupBy(examples, ({ value, label, fold }) => `${value} ${label} ${fold}`);
  return [...same.values()].flatMap((all) =>
    all[0] === undefined ? [] : [{ ...all[0], count: all.length }],
  );
}

/** The definition, row by row: each predicted from the other folds. */
function naivePower(examples: readonly Example[], labels: number): number {
  let [informed, blind] = [0, 0];
  for (const { value, label, fold } of examples) {
    const others = examples.filter((other) => other.fold !== fold);
    const prior =
      (others.filter((other) => other.label === label).length + 0.5) / (others.length + 0.5 * labels);
    const alike = others.filter((other) => other.value === value);
    const together = alike.filter((other) => other.label === label).length;
    informed -= Math.log((together + prior) / (alike.length + 1));
    blind -= Math.log(prior);
  }
  return 1 - informed / blind;
}

const example = fc.record({
  value: fc.integer({ min: 0, max: 3 }),
  label: fc.integer({ min: 0, max: 2 }),
  fold: fc.integer({ min: 0, max: FOLDS - 1 }),
});

describe('classPower', () => {
  it('is what the definition says, row by row', () => {
    fc.assert(
      fc.property(fc.array(example, { minLength: 20, maxLength: 60 }), (examples) => {
        const power = classPower(count(examples), 3, FOLDS);
        fc.pre(new Set(examples.map(({ label }) => label)).size > 1);
        expect(power?.score).toBeCloseTo(naivePower(examples, 3), 10);
      }),
    );
  });

  it('is undefined for a single label', () => {
    const rows = [0, 1, 2, 3].map((fold) => ({ value: fold % 2, label: 1, fold }));
    expect(classPower(count(rows), 2, FOLDS)).toBeUndefined();
  });

  it('is near 1 for a copy of the label, and not above 0 for ids', () => {
    const rows = Array.from({ length: 1000 }, (_, row) => ({ label: row % 2, fold: (row >> 1) % FOLDS }));
    const copy = classPower(count(rows.map((row) => ({ ...row, value: row.label }))), 2, FOLDS);
    const ids = classPower(count(rows.map((row, value) => ({ ...row, value }))), 2, FOLDS);
    expect(copy?.score).toBeGreaterThan(0.98);
    expect(ids?.score).toBeCloseTo(0, 12);
  });

  it('almost never lies above 0.1 for noise of 200 rows and 20 values', () => {
    const random = createRandom(11);
    const alarms = Array.from({ length: 200 }, () => {
      const rows = Array.from({ length: 200 }, (_, row) => ({
        value: Math.floor(random.uniform() * 20),
        label: Math.floor(random.uniform() * 2),
        fold: row % FOLDS,
      }));
      const power = classPower(count(rows), 2, FOLDS);
      return power !== undefined && powerInterval(power, FOLDS, 0.99).low > 0.1;
    });
    expect(alarms.filter(Boolean)).toEqual([]);
  });
});

function sum(
  rows: readonly { readonly value: number; readonly fold: number; readonly y: number }[],
): readonly FoldSums[] {
  const same = groupBy(rows, ({ value, fold }) => `${value} ${fold}`);
  return [...same.values()].flatMap((all) => {
    const [first] = all;
    const total = (power: number) => all.reduce((whole, { y }) => whole + y ** power, 0);
    return first === undefined
      ? []
      : [{ value: first.value, fold: first.fold, count: all.length, sum: total(1), squares: total(2) }];
  });
}

describe('numberPower', () => {
  it('is the share of the squared error that is gone', () => {
    const rows = Array.from({ length: 1000 }, (_, row) => ({
      fold: row % FOLDS,
      value: row % 7,
      y: row % 7,
    }));
    expect(numberPower(sum(rows), FOLDS)?.score).toBeGreaterThan(0.999);
    const noise = rows.map((row, index) => ({ ...row, value: (index * 7919) % 13 }));
    expect(numberPower(sum(noise), FOLDS)?.score).toBeLessThan(0.01);
  });

  it('is undefined for a label that does not vary', () => {
    const sums = Array.from({ length: 20 }, (_, row) => ({
      fold: row % FOLDS,
      value: row % 2,
      count: 1,
      sum: 0,
      squares: 0,
    }));
    expect(numberPower(sums, FOLDS)).toBeUndefined();
  });
});

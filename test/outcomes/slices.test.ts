import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodeColumn } from '../../src/outcomes/encode-column.ts';
import type { BinaryOutcomes } from '../../src/outcomes/outcomes.ts';
import { textAt } from '../../src/outcomes/packed-texts.ts';
import { pairOutcomes } from '../../src/outcomes/pair-outcomes.ts';
import { selectRows } from '../../src/outcomes/select-rows.ts';
import { countSlices, deriveSliceColumns, listSlices, MAX_SLICES } from '../../src/outcomes/slices.ts';
import { binaryOutcomes, multiclassOutcomes, regressionOutcomes } from './outcomes-of.ts';

function withColumns(columns: Readonly<Record<string, readonly string[]>>): BinaryOutcomes {
  const n = Object.values(columns)[0]?.length ?? 0;
  const zeros = Array.from({ length: n }, () => 0);
  const sliceColumns = new Map(
    Object.entries(columns).map(([name, texts]) => [name, encodeColumn(texts)] as const),
  );
  return { ...binaryOutcomes(zeros, zeros), sliceColumns };
}

describe('slices', () => {
  const outcomes = withColumns({
    region: ['north', 'south', '', 'north'],
    plan: ['basic', 'basic', 'basic', 'plus'],
  });

  test('are the values of a column and the combinations that occur, by name', () => {
    expect(listSlices(outcomes, ['region', ['region', 'plan']])).toEqual([
      { name: 'region=', values: { region: '' }, rows: Uint32Array.of(2) },
      { name: 'region=, plan=basic', values: { region: '', plan: 'basic' }, rows: Uint32Array.of(2) },
      { name: 'region=north', values: { region: 'north' }, rows: Uint32Array.of(0, 3) },
      {
        name: 'region=north, plan=basic',
        values: { region: 'north', plan: 'basic' },
        rows: Uint32Array.of(0),
      },
      { name: 'region=north, plan=plus', values: { region: 'north', plan: 'plus' }, rows: Uint32Array.of(3) },
      { name: 'region=south', values: { region: 'south' }, rows: Uint32Array.of(1) },
      {
        name: 'region=south, plan=basic',
        values: { region: 'south', plan: 'basic' },
        rows: Uint32Array.of(1),
      },
    ]);
    expect(countSlices(outcomes, ['region', ['region', 'plan']])).toBe(7);
  });

  test('of too many the largest stay, and all are counted', () => {
    const values = Array.from({ length: 150 }, (_, row) => [`v${row}`, `v${row}`, `w${row}`]).flat();
    const many = withColumns({ a: values, b: values.map((value) => `${value}!`) });
    const slices = listSlices(many, ['a']);
    expect(slices).toHaveLength(MAX_SLICES);
    expect(slices.filter(({ rows }) => rows.length === 2)).toHaveLength(150);
    expect(countSlices(many, ['a', 'b'])).toBe(600);
  });

  test('of more possible combinations than anyone would list are those that occur', () => {
    const rows = Array.from({ length: 1200 }, (_, row) => row);
    const crossed = withColumns({
      a: rows.map((row) => `a${row % 400}`),
      b: rows.map((row) => `b${(row * 7) % 400}`),
      c: rows.map((row) => `c${row % 2}`),
    });
    // 400 * 400 and 400 * 400 * 2 are possible, but a decides b and c.
    for (const by of [
      ['a', 'b'],
      ['a', 'b', 'c'],
    ] as const) {
      expect(countSlices(crossed, [by])).toBe(400);
      for (const { rows, values } of listSlices(crossed, [by])) {
        const first = rows[0] ?? 0;
        expect(values).toMatchObject({ a: `a${first}`, b: `b${(first * 7) % 400}` });
        expect([...rows]).toEqual([first, first + 400, first + 800]);
      }
    }
  });

  test('names tell all slices apart and fit into evidence', () => {
    const text = fc.oneof(
      fc.string({ maxLength: 400 }),
      fc.constantFrom('a', 'a, b=c', 'c', '"', '~', 'x'.repeat(300), `${'x'.repeat(300)}y`, '\u202e', ' a'),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(text, text), { minLength: 1, maxLength: 20 }), (rows) => {
        const columns = { a: rows.map(([a]) => a), 'a=b': rows.map(([, b]) => b) };
        const slices = listSlices(withColumns(columns), ['a', 'a=b', ['a', 'a=b']]);
        expect(new Set(slices.map(({ name }) => name)).size).toBe(slices.length);
        expect(Math.max(...slices.map(({ name }) => name.length))).toBeLessThanOrEqual(300);
        expect(slices.reduce((sum, slice) => sum + slice.rows.length, 0)).toBe(3 * rows.length);
      }),
    );
  });
});

describe('bins and conditions', () => {
  const cells = [15, 18, 30, 64, 65, Number.NaN];
  const outcomes = {
    ...withColumns({ region: ['north', 'south', 'north', 'north', 'south', ''] }),
    numericColumns: new Map([['age', Float64Array.from(cells)]]),
  };
  const sizesOf = (
    by: Parameters<typeof listSlices>[1],
    frozen?: Parameters<typeof deriveSliceColumns>[2],
  ) => {
    const derived = deriveSliceColumns(outcomes, by, frozen);
    const slices = listSlices(derived.outcomes, by);
    expect(slices).toHaveLength(countSlices(derived.outcomes, by));
    return Object.fromEntries(slices.map(({ name, rows }) => [name, Array.from(rows)]));
  };

  test('are slices as values are, with the empty cells, and cross with columns', () => {
    expect(sizesOf([{ column: 'age', edges: [18, 65] }, ['region', 'age']])).toEqual({
      'age=..18': [0],
      'age=18..65': [1, 2, 3],
      'age=65..': [4],
      'age=': [5],
      'region=north, age=..18': [0],
      'region=north, age=18..65': [2, 3],
      'region=south, age=18..65': [1],
      'region=south, age=65..': [4],
      'region=, age=': [5],
    });
    const conditions = [
      { name: 'grown up in the north', where: "age >= 18 and region = 'north'" },
      { name: 'nobody', where: 'age > 200' },
    ];
    expect(sizesOf(conditions)).toEqual({ 'grown up in the north': [2, 3] });
  });

  test('have the edges of the baseline where it has as many bins', () => {
    const frozen = [{ column: 'age', bins: 2, edges: [60] }];
    expect(Object.keys(sizesOf([{ column: 'age', bins: 2 }], frozen))).toEqual([
      'age=',
      'age=..60',
      'age=60..',
    ]);
    expect(Object.keys(sizesOf([{ column: 'age', bins: 3 }], frozen))).not.toContain('age=60..');
    const entry = { column: 'age', bins: 2 };
    expect(deriveSliceColumns(outcomes, [entry], frozen).edges).toEqual(frozen);
    expect(deriveSliceColumns(outcomes, [{ column: 'age', edges: [40] }]).edges).toEqual([]);
  });

  test('need a column that was read', () => {
    expect(() => deriveSliceColumns(outcomes, [{ column: 'weight', bins: 2 }])).toThrow(
      /weight was not read/,
    );
    expect(() => deriveSliceColumns(outcomes, [{ name: 'x', where: 'size = 1' }])).toThrow(
      /size was not read/,
    );
  });
});

describe('a part of the outcomes', () => {
  test('has every column of its rows, and pairs with the same part of the other model', () => {
    const [target, score] = [
      [0, 1, 1, 0],
      [0.1, 0.9, 0.3, 0.4],
    ];
    const whole = {
      ...binaryOutcomes(target, score, ['a', 'bb', 'ccc', 'd']),
      groups: Uint32Array.of(0, 1, 2, 1),
      strata: { codes: Uint32Array.of(0, 0, 1, 1), values: ['s', 't'] },
      sliceColumns: new Map([['region', encodeColumn(['n', 's', 'n', 's'])]]),
    };
    const part = selectRows(whole, Uint32Array.of(1, 2, 3));
    expect(part).toMatchObject({
      n: 3,
      target: Uint8Array.of(1, 1, 0),
      predicted: Uint8Array.of(1, 0, 0),
      score: Float64Array.of(0.9, 0.3, 0.4),
      groups: Uint32Array.of(0, 1, 0),
      strata: { codes: Uint32Array.of(0, 1, 1), values: ['s', 't'] },
      testSetDigest: whole.testSetDigest,
    });
    expect(part.sliceColumns.get('region')).toEqual({ codes: Uint32Array.of(1, 0, 1), values: ['n', 's'] });
    const { ids } = part;
    expect([0, 1, 2].map((row) => (ids === undefined ? '' : textAt(ids, row)))).toEqual(['bb', 'ccc', 'd']);
    const other = selectRows(
      { ...binaryOutcomes(target, target, ['a', 'bb', 'ccc', 'd']), ids: undefined },
      Uint32Array.of(1, 2, 3),
    );
    expect(pairOutcomes(part, other).kind).toBe('paired');
  });

  test('of the other tasks too', () => {
    expect(selectRows(regressionOutcomes([1, 2, 3], [1.5, 2.5, 3.5]), Uint32Array.of(2, 0))).toMatchObject({
      n: 2,
      target: Float64Array.of(3, 1),
      predicted: Float64Array.of(3.5, 1.5),
    });
    expect(selectRows(multiclassOutcomes(['a', 'b'], ['b', 'c']), Uint32Array.of(1))).toMatchObject({
      labels: ['a', 'b', 'c'],
      target: Uint16Array.of(1),
      predicted: Uint16Array.of(2),
    });
  });
});

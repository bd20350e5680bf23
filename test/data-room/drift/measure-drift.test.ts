import { describe, expect, it } from 'vitest';
import { measureDrift } from '../../../src/data/drift/measure-drift.ts';
import { METHODS, type DriftMethod } from '../../../src/data/drift/methods.ts';
import type { ColumnDrift, DatasetProfile } from '../../../src/schemas/evidence.generated.ts';
import { createRandom } from '../../../src/statistics/random.ts';
import { buildProfile, type Cells } from '../../helpers/build-profile.ts';
import { drawNormal } from '../../../bench/drift/worlds.ts';
import { AGAINST_MAIN, gateOf } from './gates.ts';

function measure(
  reference: Readonly<Record<string, Cells>>,
  current: Readonly<Record<string, Cells>>,
  ...asked: Parameters<typeof gateOf>
) {
  const before = buildProfile(reference);
  return measureDrift({
    gate: gateOf(...asked),
    against: AGAINST_MAIN,
    reference: before,
    current: buildProfile(current, before),
  });
}

function repeat<Cell>(cell: Cell, times: number): readonly Cell[] {
  return Array.from({ length: times }, () => cell);
}

const random = createRandom(11);
const normals = (rows: number, shift = 0): readonly number[] =>
  Array.from({ length: rows }, () => drawNormal(random) + shift);
const gaps = (cells: Cells, share: number): Cells =>
  cells.map((cell) => (random.uniform() < share ? undefined : cell));
const classes = (rows: number, of: number): Cells => Array.from({ length: rows }, () => random.integer(of));
const letters = (rows: number, of: string): readonly string[] =>
  Array.from({ length: rows }, () => of[random.integer(of.length)] ?? '');

/** Each formula once more, written from its words alone and from nothing but what evidence holds. */
const BY_HAND: Readonly<Record<DriftMethod, (found: ColumnDrift) => number>> = {
  wasserstein: ({ edges = [], scale = Number.NaN, reference, current }) => {
    const [R, C] = [cumulate(reference), cumulate(current)];
    let area = 0;
    for (let bin = 0; bin + 2 < edges.length; bin++) {
      const middle = ((edges[bin] ?? 0) + (edges[bin + 1] ?? 0)) / 2;
      const next = ((edges[bin + 1] ?? 0) + (edges[bin + 2] ?? 0)) / 2;
      area += Math.abs((R[bin] ?? 0) - (C[bin] ?? 0)) * (next - middle);
    }
    return area / scale;
  },
  'kolmogorov-smirnov': ({ reference, current }) => {
    const C = cumulate(current);
    return Math.max(...cumulate(reference).map((share, bin) => Math.abs(share - (C[bin] ?? 0))));
  },
  'jensen-shannon': (found) => {
    const [p, q] = sharesOf(found);
    return Math.sqrt((towards(p, q) + towards(q, p)) / 2);
  },
  psi: ({ reference: r, current: c }) => {
    const k = r.length;
    const [m, n] = [total(r), total(c)];
    return r.reduce((sum, count, cell) => {
      const p = (count + 0.5) / (m + k / 2);
      const q = ((c[cell] ?? 0) + 0.5) / (n + k / 2);
      return sum + (q - p) * Math.log(q / p);
    }, 0);
  },
  'cramers-v': ({ reference: r, current: c }) => {
    const [m, n, k] = [total(r), total(c), r.length];
    const N = m + n;
    let chiSquared = 0;
    r.forEach((count, cell) => {
      const column = count + (c[cell] ?? 0);
      chiSquared += (count - (m * column) / N) ** 2 / ((m * column) / N);
      chiSquared += ((c[cell] ?? 0) - (n * column) / N) ** 2 / ((n * column) / N);
    });
    const x = chiSquared / N;
    const least = Math.min(1 - 1 / (N - 1), k - 1 - (k - 1) ** 2 / (N - 1));
    return Math.sqrt(Math.max(0, x - (k - 1) / (N - 1)) / least);
  },
  'total-variation': (found) => {
    const [p, q] = sharesOf(found);
    return p.reduce((sum, share, cell) => sum + Math.abs(share - (q[cell] ?? 0)), 0) / 2;
  },
  'l-infinity': (found) => {
    const [p, q] = sharesOf(found);
    return Math.max(...p.map((share, cell) => Math.abs(share - (q[cell] ?? 0))));
  },
  difference: (found) => {
    const [p, q] = sharesOf(found);
    return Math.abs((p[1] ?? 0) - (q[1] ?? 0));
  },
};

/** KL divergence from the mixture of the two. */
function towards(from: readonly number[], to: readonly number[]): number {
  return from.reduce(
    (sum, x, cell) => (x === 0 ? sum : sum + x * Math.log((2 * x) / (x + (to[cell] ?? 0)))),
    0,
  );
}

function divide(counts: readonly number[]): number[] {
  return counts.map((count) => count / total(counts));
}

function total(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0);
}

function sharesOf({ reference, current }: ColumnDrift): readonly [number[], number[]] {
  return [divide(reference), divide(current)];
}

function cumulate(counts: readonly number[]): number[] {
  let seen = 0;
  return counts.map((count) => (seen += count) / total(counts));
}

describe('measureDrift', () => {
  it.each(Object.keys(METHODS) as DriftMethod[])('%s can be redone from the evidence alone', (method) => {
    const columns = method === 'difference' ? {} : { x: { method } };
    const drift = measure({ x: gaps(normals(900), 0.1) }, { x: gaps(normals(700, 0.4), 0.2) }, { columns });
    const found = drift.columns.find((column) => column.method === method);
    expect(found?.value).toBeGreaterThan(0.05);
    expect(found?.value).toBeCloseTo(BY_HAND[method](found ?? failHere()), 12);
    expect(drift.formulas).toContainEqual({ method, formula: METHODS[method].formula });
  });

  it('chooses a method by what the values are, and says what was counted', () => {
    const drift = measure(
      {
        age: normals(500),
        region: letters(500, 'abc'),
        paid: Array.from({ length: 500 }, (_, row) => row % 3 === 0),
        note: Array.from({ length: 500 }, (_, row) => `${'x'.repeat(row % 40)}${row}`),
        zero: repeat(0, 500),
      },
      {
        age: normals(400),
        region: letters(400, 'bcd'),
        paid: Array.from({ length: 400 }, (_, row) => row % 2 === 0),
        note: Array.from({ length: 400 }, (_, row) => `${'x'.repeat(row % 50)}${row}`),
        zero: [...repeat(0, 300), ...repeat(5, 100)],
      },
    );
    const found = Object.fromEntries(drift.columns.map((column) => [column.column, column]));
    expect(found['age']).toMatchObject({ aspect: 'values', kind: 'numeric', method: 'wasserstein' });
    expect(found['region']).toMatchObject({
      kind: 'categorical',
      method: 'jensen-shannon',
      appeared: ['d'],
      vanished: ['a'],
    });
    expect(found['paid']).toMatchObject({
      kind: 'boolean',
      method: 'jensen-shannon',
      reference: [167, 333],
      current: [200, 200],
    });
    expect(found['note']).toMatchObject({ aspect: 'length', method: 'wasserstein' });
    // A reference that never varies has no unit: what share of the rows moved is what can be told.
    expect(found['zero']).toMatchObject({ method: 'total-variation', value: 0.25 });
    for (const { reference, current } of drift.columns) {
      expect([total(reference), total(current)]).toEqual([500, 400]);
    }
  });

  it('has a bin of its own for what lies beyond all that main saw', () => {
    const drift = measure({ x: normals(1000) }, { x: [...normals(950), ...repeat(40, 50)] });
    const [found] = drift.columns;
    expect(found?.reference.at(-1)).toBe(0);
    expect(found?.current.at(-1)).toBeGreaterThanOrEqual(50);
    expect(found?.edges?.at(-1)).toBe(40);
    // 5 % of the rows moved by 40 standard deviations: no shift, but seen by the bins at the end.
    expect(found?.p).toBeLessThan(1e-6);
  });

  it('compares a label of few classes as classes, whatever they are written as', () => {
    const drift = measure({ y: classes(500, 3) }, { y: classes(500, 4) }, {}, { columns: { label: 'y' } });
    expect(drift.columns[0]).toMatchObject({ role: 'label', kind: 'categorical', appeared: ['3'] });
  });

  it('leaves out what the config excludes and what identifies rows, but for columns that it names', () => {
    const table = { id: normals(100), at: normals(100), x: normals(100) };
    const columns = { id: ['id'], time: 'at' };
    const names = (...asked: Parameters<typeof gateOf>): readonly string[] =>
      measure(table, table, ...asked).columns.map(({ column }) => column);
    expect(names({}, { columns })).toEqual(['x']);
    expect(names({ exclude: ['x'] }, { columns })).toEqual([]);
    expect(names({ columns: { at: { threshold: 1 } } }, { columns })).toEqual(['at', 'x']);
  });

  it('says which columns it did not compare, and why', () => {
    const words = Array.from({ length: 300 }, (_, row) => `w${row}`);
    const before = buildProfile({
      gone: normals(300),
      type: normals(300),
      empty: normals(300),
      bins: normals(300),
    });
    const now = buildProfile({
      here: normals(300),
      type: words,
      empty: repeat(undefined, 300),
      bins: normals(300),
    });
    const drift = measureDrift({ gate: gateOf(), against: AGAINST_MAIN, reference: before, current: now });
    expect(drift.uncompared).toEqual([
      { column: 'gone', reason: 'only-there' },
      { column: 'here', reason: 'only-here' },
      { column: 'type', reason: 'other-type' },
      { column: 'empty', reason: 'nothing-there' },
      { column: 'bins', reason: 'other-bins' },
    ]);
    expect(drift.columns).toMatchObject([{ column: 'empty', aspect: 'missing', value: 1 }]);
  });

  it('keeps histograms of the farthest only, so that a wide table is no large evidence', () => {
    const wide = Object.fromEntries(Array.from({ length: 400 }, (_, index) => [`c${index}`, normals(60)]));
    const { columns } = measure(wide, wide);
    expect(columns).toHaveLength(400);
    expect(columns.filter(({ reference }) => reference.length > 0)).toHaveLength(300);
  });

  it('gives NaN and infinity to the missing ones', () => {
    const drift = measure(
      { x: normals(400) },
      { x: [...normals(300), ...repeat(Number.NaN, 60), ...repeat(Number.POSITIVE_INFINITY, 40)] },
    );
    expect(drift.columns.find(({ aspect }) => aspect === 'missing')?.current).toEqual([300, 100]);
  });

  it('does not depend on the order of columns', () => {
    const reference = { a: normals(200), b: letters(200, 'xy'), c: normals(200) };
    const { a, b, c } = { a: normals(200), b: letters(200, 'xyz'), c: normals(200) };
    expect(measure(reference, { c, b, a })).toEqual(measure(reference, { a, b, c }));
  });

  it.each([
    [{ columns: { aeg: {} } }, /names `aeg`, and customers has no such column/],
    [{ columns: { region: { method: 'wasserstein' as const } } }, /its values have no order/],
  ])('refuses %j', (asked, message) => {
    const table = { age: normals(50), region: letters(50, 'ab') };
    expect(() => measure(table, table, asked)).toThrow(message);
  });
});

function listed(top: Readonly<Record<string, number>>, others: number): DatasetProfile {
  const values = Object.entries(top).map(([value, count]) => ({ value, count }));
  return {
    dataset: 'customers',
    rows: 1000,
    columns: [{ name: 'city', type: 'string', present: 1000, absent: 0, top: values, others }],
  };
}

describe('categories that a profile lists in part', () => {
  it('are counted together where one of the two does not say how many there are', () => {
    const drift = measureDrift({
      gate: gateOf(),
      against: AGAINST_MAIN,
      reference: listed({ a: 500, b: 300, c: 200 }, 0),
      current: listed({ a: 480, b: 320, d: 50 }, 150),
    });
    // c may be among the 150 others of the candidate; d is certainly new, since main's list is complete.
    expect(drift.columns[0]).toMatchObject({
      labels: ['a', 'b', 'd', '⟨other⟩'],
      reference: [500, 300, 0, 200],
      current: [480, 320, 50, 150],
      appeared: ['d'],
    });
    expect(drift.columns[0]?.vanished).toBeUndefined();
  });
});

function failHere(): never {
  throw new Error('Nothing was measured.');
}

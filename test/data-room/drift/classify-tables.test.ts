import { describe, expect, it } from 'vitest';
import { drawNormal } from '../../../bench/drift/worlds.ts';
import { classifyTables, type SampledColumn } from '../../../src/data/drift/multivariate/classify-tables.ts';
import { wilsonInterval } from '../../../src/statistics/proportion.ts';
import { createRandom, type Random } from '../../../src/statistics/random.ts';

interface World {
  readonly rows: number;
  /** Correlation of `x` and `y` in the current table; 0.8 in the reference. */
  readonly correlation: number;
  readonly seed: number;
}

/** Rows of two correlated numbers, a category, a text that differs in each row, and gaps. */
function drawRows(random: Random, rows: number, correlation: number): readonly (readonly string[])[] {
  return Array.from({ length: rows }, (_, row) => {
    const x = drawNormal(random);
    const y = correlation * x + Math.sqrt(1 - correlation ** 2) * drawNormal(random);
    const gap = random.uniform() < 0.2 ? '' : String(drawNormal(random));
    return [String(x), String(y), 'abc'[random.integer(3)] ?? '', `note ${row} ${random.bits()}`, gap];
  });
}

const COLUMNS = [
  ['x', 'number'],
  ['y', 'number'],
  ['region', 'string'],
  ['note', 'string'],
  ['gaps', 'number'],
] as const;

function drawTables({ rows, correlation, seed }: World): readonly SampledColumn[] {
  const random = createRandom(seed);
  const [before, now] = [drawRows(random, rows, 0.8), drawRows(random, rows, correlation)];
  return COLUMNS.map(([name, type], index) => ({
    name,
    type,
    reference: before.map((row) => row[index] ?? ''),
    current: now.map((row) => row[index] ?? ''),
  }));
}

describe('classifyTables', () => {
  it('finds columns that no longer belong together, though each is as it was, and names them', () => {
    const found = classifyTables(drawTables({ rows: 2000, correlation: 0, seed: 1 }), 5);
    expect(found.value).toBeGreaterThan(0.6);
    expect(found.p).toBeLessThan(1e-6);
    expect(found.columns?.toSorted()).toEqual(['x', 'y']);
    expect(found).toMatchObject({ rows: 1000, referenceRows: 1000, threshold: 0.55 });
  });

  it('has the null distribution that it claims', () => {
    const runs = 120;
    const found = Array.from({ length: runs }, (_, seed) =>
      classifyTables(drawTables({ rows: 200, correlation: 0.8, seed: seed + 100 }), seed),
    );
    for (const level of [0.1, 0.01]) {
      const small = found.filter(({ p }) => (p ?? 1) <= level).length;
      const { low, high } = wilsonInterval(small, runs, 0.999);
      expect(low).toBeLessThan(level);
      expect(high).toBeGreaterThan(level);
    }
    const mean = found.reduce((sum, { value }) => sum + (value ?? 0), 0) / runs;
    expect(mean).toBeCloseTo(0.5, 1);
  });

  it('finds a category that came and cells that went', () => {
    const tables = drawTables({ rows: 1000, correlation: 0.8, seed: 3 });
    const moved = tables.map((column) => {
      if (column.name === 'region') {
        return { ...column, current: column.current.map((text, row) => (row % 3 === 0 ? 'new' : text)) };
      }
      if (column.name === 'gaps') {
        return { ...column, current: column.current.map((text, row) => (row % 2 === 0 ? '' : text)) };
      }
      return column;
    });
    expect(classifyTables(moved, 5).columns?.toSorted()).toEqual(['gaps', 'region']);
  });

  it('says nothing of a few rows, and the same each time', () => {
    const few = drawTables({ rows: 99, correlation: 0, seed: 1 });
    expect(classifyTables(few, 5)).toMatchObject({ value: null, p: null });
    expect(classifyTables([], 5).value).toBeNull();
    const tables = drawTables({ rows: 300, correlation: 0, seed: 1 });
    expect(classifyTables(tables, 5)).toEqual(classifyTables(tables, 5));
  });
});

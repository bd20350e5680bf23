import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { areEdges, binColumn, chooseEdges, nameBins } from '../../src/outcomes/slice-bins.ts';

function countBins(values: Float64Array, bins: number): readonly number[] {
  const { codes, values: names } = binColumn(values, chooseEdges(values, bins));
  return names.map((_, code) => codes.filter((own) => own === code).length);
}

describe('edges of bins', () => {
  test('part values into bins of about the same size, at short numbers', () => {
    const values = Float64Array.from({ length: 10_000 }, (_, index) => Math.sqrt(index) * 1.2345);
    const edges = chooseEdges(values, 4);
    expect(edges).toHaveLength(3);
    for (const edge of edges) expect(String(edge).length).toBeLessThanOrEqual(3);
    for (const count of countBins(values, 4).slice(0, 4)) {
      expect(count).toBeGreaterThan(2300);
      expect(count).toBeLessThan(2700);
    }
  });

  test('are ascending and leave no bin empty, whatever the values are', () => {
    const cell = fc.oneof(fc.double(), fc.integer({ min: -3, max: 3 }).map(Number), fc.constant(Number.NaN));
    fc.assert(
      fc.property(fc.array(cell, { maxLength: 60 }), fc.integer({ min: 2, max: 20 }), (cells, bins) => {
        const finite = Float64Array.from(cells.map((value) => (Math.abs(value) === Infinity ? 0 : value)));
        const edges = chooseEdges(finite, bins);
        expect(areEdges(edges)).toBe(true);
        expect(edges.length).toBeLessThan(bins);
        const full = finite.filter((value) => !Number.isNaN(value));
        const counts = countBins(finite, bins);
        expect(counts.at(-1)).toBe(finite.length - full.length);
        expect(full.length === 0 ? [] : counts.slice(0, -1)).not.toContain(0);
      }),
    );
  });

  test('of one value are none', () => {
    expect(chooseEdges(Float64Array.of(7, 7, 7), 4)).toEqual([]);
    expect(chooseEdges(new Float64Array(), 4)).toEqual([]);
  });

  test('name the bins, and a value on an edge belongs above', () => {
    expect(nameBins([18, 65])).toEqual(['..18', '18..65', '65..']);
    expect(nameBins([])).toEqual(['..']);
    const { codes, values } = binColumn(Float64Array.of(17.9, 18, 65, Number.NaN), [18, 65]);
    expect(Array.from(codes, (code) => values[code])).toEqual(['..18', '18..65', '65..', '']);
  });
});

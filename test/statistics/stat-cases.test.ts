import { describe, expect, it } from 'vitest';
import { adapters } from './stat-case-adapters.ts';
import { generateVector } from './generators.ts';
import { decode, matches, readStatCases, runStatCase } from './stat-cases.ts';

const { cases, datasets } = readStatCases(new URL('../data/stat-cases.json', import.meta.url));
const driven = cases.filter((statCase) => adapters[statCase.function] !== undefined);

/** Every case has a function; one that is no longer driven makes the count test fail. */
const LEAST_CASES_DRIVEN = 127;

describe(`reference cases (${driven.length} of ${cases.length} have a function)`, () => {
  it.each(driven.map((statCase) => [statCase.id, statCase] as const))('%s', (_id, statCase) => {
    const { result, ...rest } = runStatCase(statCase, datasets);
    expect({ ...rest, result }).toMatchObject({ result: 'pass' });
  });

  it('does not lose cases', () => {
    console.log(`${driven.length} of ${cases.length} reference cases have a function`);
    expect(driven.length).toBeGreaterThanOrEqual(LEAST_CASES_DRIVEN);
  });

  it('has no adapter without a case', () => {
    const names = new Set(cases.map((statCase) => statCase.function));
    expect(Object.keys(adapters).filter((name) => !names.has(name))).toEqual([]);
  });
});

describe('the driver of the cases', () => {
  it('generates the vectors of the meta', () => {
    expect(generateVector('mulberry32', 42, 3)).toEqual([
      0.6011037519201636, 0.44829055899754167, 0.8524657934904099,
    ]);
    expect(generateVector('ih12', 7, 2)).toEqual([-0.9203642569482327, -0.5903862128034234]);
  });

  it('resolves data, expressions, pieces and non-finite numbers', () => {
    const data = { set: { key: [1, 2] } };
    expect(decode({ $data: 'set', key: 'key' }, data)).toEqual([1, 2]);
    expect(decode({ $expr: 'x*x+1 > 2', x: { $data: 'set', key: 'key' } }, data)).toEqual([0, 1]);
    expect(decode({ $expr: 'l[i]+x[i]; l = 10 (i<1), 20 (1<=i<5)', x: [1, 2] }, data)).toEqual([11, 22]);
    expect(decode(['NaN', '-Infinity', 'text', null], data)).toEqual([NaN, -Infinity, 'text', null]);
  });

  it('holds values to the tolerance, and misses none', () => {
    const tolerance = { rel: 1e-6, abs: 0 };
    expect(matches(1 + 5e-7, 1, tolerance)).toBe(true);
    expect(matches(1 + 2e-6, 1, tolerance)).toBe(false);
    expect(matches({ a: 1 }, { a: 1, b: 2 }, tolerance)).toBe(false);
    expect(matches({ a: 1 }, { a: 1, note: 'text' }, tolerance)).toBe(true);
    expect(matches(new Float64Array([1, 2]), [1, 2], tolerance)).toBe(true);
    expect(matches([1, 2, 3], [1, 2], tolerance)).toBe(false);
    expect(matches(NaN, NaN, tolerance)).toBe(true);
    expect(matches(0, NaN, tolerance)).toBe(false);
  });

  it('reports a case that fails with what it got and wanted, and one without a function', () => {
    const wrong = { id: 'x', function: 'tSf', inputs: { t_df: [[0, 5]] }, expected: [0.4] };
    const tolerance = { rel: 1e-9, abs: 0 };
    expect(runStatCase({ ...wrong, tolerance }, {})).toMatchObject({
      result: 'fail',
      got: [0.5],
      wanted: [0.4],
    });
    expect(runStatCase({ ...wrong, tolerance, function: 'none' }, {})).toMatchObject({
      result: 'no function',
    });
    expect(runStatCase({ ...wrong, tolerance, inputs: {} }, {})).toMatchObject({ result: 'fail' });
  });
});

import { describe, expect, test } from 'vitest';
import {
  searchWeakSlices,
  type WeakSliceRequest,
} from '../../../src/model/slice-search/search-weak-slices.ts';
import { encodeColumn } from '../../../src/outcomes/encode-column.ts';
import type { Outcomes } from '../../../src/outcomes/outcomes.ts';
import { createRandom, type Random } from '../../../src/statistics/random.ts';
import { regressionOutcomes } from '../../outcomes/outcomes-of.ts';

const REGIONS = ['north', 'south', 'east', 'west'];
const PLANS = ['basic', 'plus', 'pro'];

interface Row {
  readonly region: string;
  readonly plan: string;
  readonly age: number;
}

function drawRow(random: Random): Row {
  return {
    region: REGIONS[Math.floor(random.uniform() * 4)] ?? '',
    plan: PLANS[Math.floor(random.uniform() * 3)] ?? '',
    age: Math.floor(18 + random.uniform() * 60),
  };
}

/** A regression whose errors are exponential with the mean that a row has. */
function outcomesOf(
  n: number,
  random: Random,
  meanOf: (row: Row) => number,
): Outcomes & { readonly rows: readonly Row[] } {
  const rows = Array.from({ length: n }, () => drawRow(random));
  const errors = rows.map((row) => -Math.log(1 - random.uniform()) * meanOf(row));
  return {
    ...regressionOutcomes(
      errors.map(() => 0),
      errors,
    ),
    sliceColumns: new Map([
      ['region', encodeColumn(rows.map(({ region }) => region))],
      ['plan', encodeColumn(rows.map(({ plan }) => plan))],
    ]),
    numericColumns: new Map([['age', Float64Array.from(rows, ({ age }) => age)]]),
    rows,
  };
}

function search(outcomes: Outcomes, settings: Partial<WeakSliceRequest> = {}) {
  return searchWeakSlices({
    outcomes,
    about: { model: 'm' },
    columns: ['region', 'plan', 'age'],
    level: 3,
    count: 10,
    minShare: 0.01,
    examples: 0,
    alpha: 0.05,
    seed: 1,
    ...settings,
  });
}

describe('the search for weak slices', () => {
  test('finds the slice that was made weak, confirms it, and does not list its parts beside it', () => {
    const outcomes = outcomesOf(6000, createRandom(1), ({ region, plan }) =>
      region === 'north' && plan === 'pro' ? 3 : 1,
    );
    const found = search(outcomes, { examples: 2 });
    expect(found).toMatchObject({ loss: 'absolute_error', level: 3, columns: ['region', 'plan', 'age'] });
    expect((found.foundOn ?? 0) + found.confirmedOn).toBe(6000);
    expect(found.examined).toBeGreaterThan(17);
    const confirmed = found.slices.filter((slice) => slice.confirmed);
    expect(confirmed.map(({ name }) => name)).toEqual(['region=north, plan=pro']);
    const [weak] = confirmed;
    expect(weak?.value).toBeGreaterThan(2.4);
    expect(weak?.rest).toBeLessThan(1.1);
    expect(weak?.interval?.low).toBeGreaterThan(1.5);
    expect(weak?.interval?.high).toBeGreaterThan(weak?.difference ?? 9);
    expect(weak?.examples).toHaveLength(2);
  });

  test('finds bins of a number', () => {
    const outcomes = outcomesOf(8000, createRandom(2), ({ age }) => (age >= 60 ? 2 : 1));
    const [first] = search(outcomes).slices;
    expect(first).toMatchObject({ confirmed: true });
    expect(first?.name).toMatch(/^age=6\d\.\.|^age=7\d\.\./);
  });

  test('names no example of a slice that is not confirmed, and none where ids are private', () => {
    const random = createRandom(3);
    const runs = Array.from({ length: 20 }, () =>
      search(
        outcomesOf(400, random, () => 1),
        { examples: 5 },
      ),
    );
    const unconfirmed = runs.flatMap(({ slices }) => slices).filter(({ confirmed }) => !confirmed);
    expect(unconfirmed.length).toBeGreaterThan(0);
    expect(unconfirmed.flatMap(({ examples = [] }) => examples)).toEqual([]);
    const weak = outcomesOf(4000, createRandom(4), ({ plan }) => (plan === 'pro' ? 3 : 1));
    expect(search({ ...weak, ids: undefined }, { examples: 5 }).slices[0]?.examples).toBeUndefined();
  });

  test('finds nothing in a test set that is too small or without errors', () => {
    expect(search(outcomesOf(40, createRandom(5), () => 1)).slices).toEqual([]);
    expect(search(outcomesOf(4000, createRandom(5), () => 0)).slices).toEqual([]);
  });

  test('gives the same for the same seed, and parts the examples in another way for another', () => {
    const outcomes = outcomesOf(3000, createRandom(6), ({ plan }) => (plan === 'pro' ? 2 : 1));
    expect(search(outcomes)).toEqual(search(outcomes));
    expect(search(outcomes, { seed: 2 }).foundOn).not.toBe(search(outcomes).foundOn);
  });

  test('looks at examples by their weight', () => {
    const random = createRandom(7);
    const outcomes = outcomesOf(6000, random, ({ region }) => (region === 'east' ? 3 : 1));
    const weights = Float64Array.from(outcomes.rows, ({ region }) => (region === 'east' ? 0 : 1));
    expect(search(outcomes).slices[0]?.name).toContain('region=east');
    const weighted = search({ ...outcomes, weights });
    expect(weighted.slices.map(({ name }) => name).join()).not.toContain('region=east');
  });
});

/** How often a search confirms anything where no slice is weak. */
function countFalseAlarms(runs: number, make: (random: Random) => Outcomes): number {
  const random = createRandom(20_261_121);
  return Array.from({ length: runs }, () => make(random)).filter((outcomes, seed) =>
    search(outcomes, { seed }).slices.some(({ confirmed }) => confirmed),
  ).length;
}

/** Errors that are alike within groups, which also have their own region and plan. */
function groupedOutcomes(random: Random): Outcomes {
  const base = outcomesOf(1200, random, () => 1);
  const ofGroup = Array.from({ length: 120 }, () => ({
    effect: random.uniform() * 4,
    row: drawRow(random),
  }));
  const groups = Uint32Array.from({ length: 1200 }, (_, row) => row % 120);
  const columnOf = (key: 'region' | 'plan') =>
    encodeColumn(Array.from(groups, (group) => ofGroup[group]?.row[key] ?? ''));
  const errors = Array.from(groups, (group) => (ofGroup[group]?.effect ?? 0) + random.uniform());
  return {
    ...regressionOutcomes(
      errors.map(() => 0),
      errors,
    ),
    groups,
    sliceColumns: new Map([
      ['region', columnOf('region')],
      ['plan', columnOf('plan')],
    ]),
    numericColumns: base.numericColumns,
  };
}

describe('a model that is weak nowhere', () => {
  // Above the limit with probability below 0.001, if the rate is alpha: 5 % of 200 is 10, the 99.9th percentile 20.
  test('is called weak somewhere in at most alpha of all runs', () => {
    expect(countFalseAlarms(200, (random) => outcomesOf(1000, random, () => 1))).toBeLessThanOrEqual(20);
  });

  test('also where its errors come in groups', () => {
    expect(countFalseAlarms(200, groupedOutcomes)).toBeLessThanOrEqual(20);
  });
});

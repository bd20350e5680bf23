import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addUses, countsFrom, planTestSetUses, readTestSetUses } from '../../src/baseline/test-set-uses.ts';
import { TEST_SET } from './evidence.ts';
import { idOf } from './history.ts';
import { createMemoryStore } from './memory-store.ts';

const REF = 'refs/heads/mlgate';
const NONE = { testSet: TEST_SET, count: 0, since: undefined, countedUntil: undefined, recent: [] };

function useOf(name: string, day = 1) {
  return { key: `head:${idOf(name)}`, at: `2026-01-${String(day).padStart(2, '0')}T00:00:00Z` };
}

describe('addUses', () => {
  it('counts the same answer once', () => {
    const once = addUses(NONE, [useOf('a', 2), useOf('b', 1), useOf('a', 3)], undefined);
    expect(once).toMatchObject({ count: 2, since: useOf('b', 1).at });
    expect(addUses(once, [useOf('a', 9)], undefined)).toBe(once);
    expect(addUses(once, [useOf('a', 9), useOf('c', 9)], undefined).count).toBe(3);
  });

  it('remembers how far pull requests were counted, and never goes back', () => {
    const later = addUses(NONE, [], '2026-01-05T00:00:00Z');
    expect(later).toMatchObject({ count: 0, countedUntil: '2026-01-05T00:00:00Z' });
    expect(addUses(later, [], '2026-01-04T00:00:00Z')).toBe(later);
  });

  it('keeps the number of those that it no longer remembers one by one', () => {
    const many = Array.from({ length: 1500 }, (_, index) => useOf(`u${index}`, 1 + Math.floor(index / 60)));
    const counted = addUses(NONE, many, undefined);
    expect([counted.count, counted.recent.length]).toEqual([1500, 1000]);
    expect(addUses(counted, many.slice(-5), undefined)).toBe(counted);
    expect(counted.since).toBe(useOf('', 1).at);
  });

  it('gives the same count in whatever parts uses arrive', () => {
    const names = fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e'), { maxLength: 12 });
    fc.assert(
      fc.property(names, names, (first, second) => {
        const [one, two] = [first, second].map((list) => list.map((name) => useOf(name)));
        const parts = addUses(addUses(NONE, one ?? [], undefined), two ?? [], undefined);
        expect(parts.count).toBe(new Set([...first, ...second]).size);
      }),
    );
  });
});

const OWN = { key: `evidence:${'e'.repeat(64)}`, at: '2026-01-03T00:00:00Z' };

function from(since: string | undefined, countedUntil: string | undefined): string | undefined {
  return countsFrom({ ...NONE, since, countedUntil });
}

describe('countsFrom', () => {
  it('goes back two days, but never to before the first use', () => {
    expect(from(undefined, undefined)).toBeUndefined();
    expect(from('2026-01-01T00:00:00Z', undefined)).toBe('2026-01-01T00:00:00Z');
    expect(from('2026-01-01T00:00:00Z', '2026-01-09T12:00:00Z')).toBe('2026-01-07T12:00:00Z');
    expect(from('2026-01-08T00:00:00Z', '2026-01-09T12:00:00Z')).toBe('2026-01-08T00:00:00Z');
  });
});

describe('planTestSetUses', () => {
  it('writes what a later read finds, and nothing when nothing is new', async () => {
    const judged = { uses: [useOf('a', 1), useOf('b', 4), useOf('c', 5)], until: '2026-01-07T00:00:00Z' };
    const first = await planTestSetUses(createMemoryStore({}), undefined, [TEST_SET, 'no digest'], {
      own: OWN,
      judged,
    });
    expect([...first.keys()]).toEqual([`uses/${TEST_SET}.json`]);
    const store = createMemoryStore({ [REF]: Object.fromEntries(first) });
    // Pull requests before the first record were judged on another test set, as far as anybody knows.
    expect(await readTestSetUses(store, 'mlgate', TEST_SET)).toMatchObject({ count: 1, since: OWN.at });
    const tip = await store.resolve(REF);
    const second = await planTestSetUses(store, tip, [TEST_SET], { own: OWN, judged });
    const later = createMemoryStore({ [REF]: Object.fromEntries(second) });
    expect(await readTestSetUses(later, 'mlgate', TEST_SET)).toMatchObject({ count: 2 });
    const known = await planTestSetUses(later, await later.resolve(REF), [TEST_SET], { own: OWN, judged });
    expect(known).toEqual(new Map());
  });

  it('counts pull requests from the first use of the test set on', async () => {
    const recorded = await planTestSetUses(createMemoryStore({}), undefined, [TEST_SET], {
      own: OWN,
      judged: undefined,
    });
    const store = createMemoryStore({ [REF]: Object.fromEntries(recorded) });
    const judged = { uses: [useOf('a', 1), useOf('b', 4), useOf('c', 5)], until: '2026-01-07T00:00:00Z' };
    const files = await planTestSetUses(store, await store.resolve(REF), [TEST_SET], { own: OWN, judged });
    const later = createMemoryStore({ [REF]: Object.fromEntries(files) });
    expect(await readTestSetUses(later, 'mlgate', TEST_SET)).toEqual({
      testSet: TEST_SET,
      count: 3,
      since: OWN.at,
      countedUntil: judged.until,
      recent: [OWN, useOf('b', 4), useOf('c', 5)],
    });
  });

  it('refuses a file that somebody made something else, rather than forgetting the count', async () => {
    for (const text of [
      '{',
      '{}',
      '{"count":-1,"recent":[]}',
      '{"count":1,"recent":[{"key":"x","at":"y"}]}',
    ]) {
      const store = createMemoryStore({ [REF]: { [`uses/${TEST_SET}.json`]: text } });
      await expect(readTestSetUses(store, 'mlgate', TEST_SET)).rejects.toThrow(/not what mlgate writes/u);
    }
  });

  it('knows nothing of a test set that was never used, and of what is no digest', async () => {
    expect(await readTestSetUses(createMemoryStore({}), 'mlgate', TEST_SET)).toEqual(NONE);
    const store = createMemoryStore({ [REF]: {} });
    expect((await readTestSetUses(store, 'mlgate', '../x')).count).toBe(0);
  });
});

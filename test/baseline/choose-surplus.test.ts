import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chooseSurplus, MAX_TEST_SETS } from '../../src/baseline/choose-surplus.ts';
import { outcomesRef, readOutcomesRef } from '../../src/baseline/layout.ts';
import type { RefEntry } from '../../src/platform/ref-store.ts';

const NOW = new Date('2026-11-02T12:00:00Z');
const OBJECT = '0'.repeat(40);

function entry(testSet: number, minutes: number): RefEntry {
  const time = new Date(NOW.getTime() + minutes * 60_000);
  const ref = outcomesRef(`${testSet}`.padStart(64, '0'), `${minutes + 1e6}`.padStart(40, '0'), time);
  return { ref, object: OBJECT };
}

const ENTRIES = fc
  .array(fc.record({ testSet: fc.nat({ max: 30 }), minutes: fc.integer({ min: -100_000, max: 3000 }) }), {
    maxLength: 120,
  })
  .map((list) => [
    ...new Map(
      list.map(({ testSet, minutes }) => [entry(testSet, minutes).ref, entry(testSet, minutes)]),
    ).values(),
  ]);

function testSetOf({ ref }: RefEntry): string {
  return readOutcomesRef(ref)?.testSet ?? '';
}

describe('chooseSurplus', () => {
  it('leaves at most the limits, whatever there is, and never chooses a ref twice', () => {
    fc.assert(
      fc.property(ENTRIES, fc.integer({ min: 1, max: 5 }), (entries, kept) => {
        const surplus = new Set(chooseSurplus(entries, { kept, now: NOW }));
        const left = entries.filter((each) => !surplus.has(each));
        const counts = new Map<string, number>();
        for (const each of left) counts.set(testSetOf(each), (counts.get(testSetOf(each)) ?? 0) + 1);
        expect(Math.max(0, ...counts.values())).toBeLessThanOrEqual(kept);
        expect(counts.size).toBeLessThanOrEqual(MAX_TEST_SETS);
        expect(surplus.size + left.length).toBe(entries.length);
      }),
    );
  });

  it('deletes nothing below the limits, and is done after once', () => {
    fc.assert(
      fc.property(ENTRIES, fc.integer({ min: 1, max: 5 }), (entries, kept) => {
        const surplus = new Set(chooseSurplus(entries, { kept, now: NOW }));
        const left = entries.filter((each) => !surplus.has(each));
        expect(chooseSurplus(left, { kept, now: NOW })).toEqual([]);
      }),
    );
  });

  it('keeps the newest, and those that were written just now', () => {
    const entries = [entry(1, -30), entry(1, -20), entry(1, -10)];
    expect(chooseSurplus(entries, { kept: 2, now: NOW })).toEqual([entries[0]]);
    const own = new Set([entries[0]!.ref]);
    expect(chooseSurplus(entries, { kept: 1, now: NOW, own })).toEqual([entries[2], entries[1]]);
  });

  it('lets what a wrong clock named go first', () => {
    const future = entry(1, 60 * 24 * 365);
    expect(chooseSurplus([entry(1, -20), future, entry(1, -10)], { kept: 2, now: NOW })).toEqual([future]);
    // Clocks that differ by minutes are not wrong.
    const ahead = entry(1, 5);
    expect(chooseSurplus([entry(1, -20), ahead, entry(1, -10)], { kept: 2, now: NOW })).toEqual([
      entry(1, -20),
    ]);
  });

  it('leaves refs alone that mlgate did not name', () => {
    const others = ['refs/mlgate/outcomes/x', `refs/mlgate/outcomes/${'a'.repeat(64)}/mine`].map((ref) => ({
      ref,
      object: OBJECT,
    }));
    expect(chooseSurplus(others, { kept: 1, now: NOW })).toEqual([]);
  });
});

import { describe, expect, it } from 'vitest';
import { packTexts } from '../../src/outcomes/packed-texts.ts';
import { sortIds } from '../../src/outcomes/sort-rows.ts';

describe('the order of ids', () => {
  const first = sortIds(packTexts(['b', 'a', 'c']), undefined);

  it('two files of the same examples hold their ids once, each with its own order of rows', () => {
    const shuffled = sortIds(packTexts(['c', 'a', 'b']), first);
    expect(shuffled.ids).toBe(first.ids);
    expect(shuffled.idsDigest).toBe(first.idsDigest);
    expect([...first.order]).toEqual([1, 0, 2]);
    expect([...shuffled.order]).toEqual([1, 2, 0]);
  });

  it('the same rows are not sorted again; other examples have ids of their own', () => {
    expect(sortIds(packTexts(['b', 'a', 'c']), first)).toBe(first);
    const other = sortIds(packTexts(['b', 'a', 'd']), first);
    expect(other.idsDigest).not.toBe(first.idsDigest);
    expect(Buffer.from(other.ids.bytes).toString()).toBe('abd');
  });
});

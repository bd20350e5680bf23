import type { Outcomes } from '../../outcomes/outcomes.ts';
import { bytesAt } from '../../outcomes/packed-texts.ts';
import { murmurHash3 } from '../../statistics/hashing.ts';

export interface Halves {
  /** Rows in which slices are looked for, ascending. */
  readonly finding: Uint32Array;
  /** Rows that confirm them, ascending. */
  readonly confirming: Uint32Array;
}

/**
 * Parts examples in two by a hash of their id, so that an example stays in its half when others come or go; all of a
 * group are in one half, by the first id of the group: what is found in one half says nothing of the other by itself.
 * @param isUsable 1 for each row that counts
 */
export function splitHalves(
  { n, ids, groups }: Pick<Outcomes, 'n' | 'ids' | 'groups'>,
  isUsable: (row: number) => boolean,
  seed: number,
): Halves {
  const halfOfGroup = new Map<number, number>();
  const halfOf = (row: number): number => {
    const bytes = ids === undefined ? Uint8Array.of(row, row >> 8, row >> 16, row >> 24) : bytesAt(ids, row);
    return murmurHash3(bytes, seed) & 1;
  };
  const rows: [number[], number[]] = [[], []];
  for (let row = 0; row < n; row++) {
    const group = groups?.[row];
    let half = group === undefined ? undefined : halfOfGroup.get(group);
    if (half === undefined) {
      half = halfOf(row);
      if (group !== undefined) halfOfGroup.set(group, half);
    }
    if (isUsable(row)) rows[half === 0 ? 0 : 1].push(row);
  }
  return { finding: Uint32Array.from(rows[0]), confirming: Uint32Array.from(rows[1]) };
}

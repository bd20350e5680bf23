/** The canonical order of a file's rows: by id, and where an example has several rows, by what tells those apart. */
import type { PackedTexts } from '../engine/engine.ts';
import { releaseMemory } from '../statistics/release-memory.ts';
import { digestIds } from './digest-test-set.ts';
import { isSameText, pickTexts } from './packed-texts.ts';
import { sortTexts } from './sort-texts.ts';

/** The ids of a file and how they are sorted: the canonical order of its examples. */
export interface IdOrder {
  /** SHA-256 of the ids in the file's own order: another file with the same one has the same order. */
  readonly fileDigest: string;
  /** The sorted ids. */
  readonly ids: PackedTexts;
  /** SHA-256 of the sorted ids. */
  readonly idsDigest: string;
  /** Row numbers sorted by id, and those of equal ids in the file's order. */
  readonly order: Uint32Array;
}

/** @param known how another file is sorted: one with the same ids in the same rows need not be sorted again */
export function sortIds(ids: PackedTexts, known: IdOrder | undefined): IdOrder {
  const fileDigest = digestIds(ids);
  if (known?.fileDigest === fileDigest) return known;
  const order = sortTexts(ids);
  const sorted = pickTexts(ids, order);
  const idsDigest = digestIds(sorted);
  if (known?.idsDigest !== idsDigest) return { fileDigest, ids: sorted, idsDigest, order };
  // The same examples: two models need not hold their ids twice.
  releaseMemory(sorted.bytes, sorted.ends);
  return { fileDigest, ids: known.ids, idsDigest, order };
}

/** Rows of examples that have several each. */
export interface RowOrder {
  /** The examples, each once; `order` is the first row of each. */
  readonly examples: IdOrder;
  /** Row numbers, sorted by id and then by item. */
  readonly rows: Uint32Array;
  /** Where the rows of each example end in `rows`. */
  readonly ends: Uint32Array;
  /** The items in that order. */
  readonly items: PackedTexts;
}

/** Sorts by item and then, stably, by id: of equal ids the items stay sorted. */
export function sortRows(ids: PackedTexts, items: PackedTexts): RowOrder {
  const byItem = sortTexts(items);
  const byId = sortTexts(pickTexts(ids, byItem));
  const rows = byId.map((place) => byItem[place] ?? 0);
  releaseMemory(byItem, byId);
  const sorted = pickTexts(ids, rows);
  const ends: number[] = [];
  const firsts: number[] = [];
  for (let row = 0; row < rows.length; row++) {
    if (row > 0 && isSameText(sorted, row - 1, sorted, row)) continue;
    if (row > 0) ends.push(row);
    firsts.push(row);
  }
  if (rows.length > 0) ends.push(rows.length);
  const distinct = pickTexts(sorted, Uint32Array.from(firsts));
  return {
    examples: {
      fileDigest: digestIds(ids),
      ids: distinct,
      idsDigest: digestIds(distinct),
      order: Uint32Array.from(firsts, (place) => rows[place] ?? 0),
    },
    rows,
    ends: Uint32Array.from(ends),
    items: pickTexts(items, rows),
  };
}

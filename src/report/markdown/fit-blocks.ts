import { countOf } from '../format-number.ts';

/**
 * A piece of the report that stays whole, or loses items from its end: a table loses rows and a list entries, never
 * half of one.
 */
export interface Block {
  /** What an item is called when some are left out; blocks of the same name are counted together. */
  readonly item: string;
  readonly head: string;
  readonly items: readonly string[];
  readonly tail: string;
  /** Items beyond those: so many that none of them was written. */
  readonly unwritten?: number;
  /** 0 comes first when room is short. Blocks are written in their own order, whatever their importance. */
  readonly importance: number;
}

/** How long a text may be: as GitHub counts a comment, in characters, or a step summary, in bytes of UTF-8. */
export interface Limits {
  readonly maxCharacters: number;
  readonly maxBytes: number;
}

interface Size {
  readonly characters: number;
  readonly bytes: number;
}

/** Room that is kept for the sentence about what was left out. */
const NOTE_RESERVE = 1000;
/** Items that a block gets before any other gets more. */
const FIRST_ROUND = 10;
const BETWEEN_BLOCKS = '\n\n';

/**
 * Writes the blocks within the limits. If they do not fit, the important ones go first, and `writeNote` is asked for a
 * last block that says what was left out.
 */
export function fitBlocks(
  blocks: readonly Block[],
  limits: Limits,
  writeNote: (leftOut: readonly string[]) => string,
): string {
  const whole = blocks.map(writeBlock).join(BETWEEN_BLOCKS);
  const isWhole = blocks.every((block) => (block.unwritten ?? 0) === 0);
  if (isWhole && fits(sizeOf(whole), limits)) return whole;
  const kept = keepItems(blocks, {
    maxCharacters: limits.maxCharacters - NOTE_RESERVE,
    maxBytes: limits.maxBytes - NOTE_RESERVE,
  });
  const written = blocks.flatMap((block) => {
    const count = kept.get(block);
    return count === undefined ? [] : [writeBlock({ ...block, items: block.items.slice(0, count) })];
  });
  return [...written, writeNote(countLeftOut(blocks, kept))].join(BETWEEN_BLOCKS);
}

function writeBlock(block: Block): string {
  return `${block.head}${block.items.join('\n')}${block.tail}`;
}

function sizeOf(text: string): Size {
  return { characters: text.length, bytes: Buffer.byteLength(text) };
}

function fits(size: Size, limits: Limits): boolean {
  return size.characters <= limits.maxCharacters && size.bytes <= limits.maxBytes;
}

/** What is kept: how many items of each block, and how long all that is. */
interface Kept {
  readonly counts: ReadonlyMap<Block, number>;
  readonly size: Size;
}

/**
 * How many items of each block there is room for; a block without room is not in the map. First every block gets a few
 * items, in order of importance, so that one long table does not push out the next; then the rest is filled up.
 */
function keepItems(blocks: readonly Block[], limits: Limits): ReadonlyMap<Block, number> {
  const ordered = blocks.toSorted((left, right) => left.importance - right.importance);
  const nothing: Kept = { counts: new Map(), size: { characters: 0, bytes: 0 } };
  const few = fillRound(ordered, nothing, FIRST_ROUND, limits);
  return fillRound(ordered, few, Number.POSITIVE_INFINITY, limits).counts;
}

function fillRound(blocks: readonly Block[], before: Kept, most: number, limits: Limits): Kept {
  const counts = new Map(before.counts);
  let size = before.size;
  for (const block of blocks) {
    const known = counts.get(block);
    const frame =
      known === undefined ? add(size, sizeOf(`${block.head}${block.tail}${BETWEEN_BLOCKS}`)) : size;
    const taken = takeItems(block.items.slice(known ?? 0, most), frame, limits);
    const isEmpty = block.items.length > 0 && (known ?? 0) + taken.count === 0;
    if (!fits(frame, limits) || isEmpty) continue;
    counts.set(block, (known ?? 0) + taken.count);
    size = taken.size;
  }
  return { counts, size };
}

function takeItems(items: readonly string[], frame: Size, limits: Limits): { count: number; size: Size } {
  let size = frame;
  let count = 0;
  for (const item of items) {
    const next = add(size, sizeOf(`${item}\n`));
    if (!fits(next, limits)) break;
    size = next;
    count += 1;
  }
  return { count, size };
}

function add(left: Size, right: Size): Size {
  return { characters: left.characters + right.characters, bytes: left.bytes + right.bytes };
}

function countLeftOut(blocks: readonly Block[], kept: ReadonlyMap<Block, number>): readonly string[] {
  const counts = new Map<string, number>();
  for (const block of blocks) {
    const left = Math.max(block.items.length, 1) - (kept.get(block) ?? 0);
    const fitting = kept.has(block) && block.items.length === 0 ? 0 : left;
    const missing = fitting + (block.unwritten ?? 0);
    if (missing > 0) counts.set(block.item, (counts.get(block.item) ?? 0) + missing);
  }
  return [...counts].map(([item, count]) => countOf(count, item));
}

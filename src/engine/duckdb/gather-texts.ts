/** Texts as they come out of DuckDB, counted by their hashes: a string is made of a text once. */
import { addHash, emptyRegisters, type Registers } from '../../statistics/hyper-log-log.ts';
import { sortCounts } from '../../statistics/sort-counts.ts';
import { MAX_VALUE_LENGTH, type TextCounts } from '../profile.ts';

/** A piece of a column: hashes of 64 bits as two words each, lengths in code points, -1 where there is no text. */
interface TextPiece {
  readonly hashes: Uint32Array;
  readonly lengths: Int32Array;
  readonly read: (row: number) => string;
}

export interface TextGatherer {
  readonly add: (piece: TextPiece) => void;
  /** `counts` while there are at most as many different texts as allowed. */
  readonly finish: () => { readonly counts?: TextCounts; readonly registers: Registers };
}

/** Different texts in an open hash table. */
interface Table {
  readonly high: Uint32Array;
  readonly low: Uint32Array;
  /** 0: the slot is free. */
  readonly counts: Float64Array;
  /** Undefined for a long one. */
  readonly texts: (string | undefined)[];
}

const FIRST_SLOTS = 64;

function makeTable(slots: number): Table {
  return {
    high: new Uint32Array(slots),
    low: new Uint32Array(slots),
    counts: new Float64Array(slots),
    texts: [],
  };
}

function findSlot({ high, low, counts }: Table, first: number, second: number): number {
  const mask = counts.length - 1;
  let slot = second & mask;
  while (counts[slot] !== 0 && (low[slot] !== second || high[slot] !== first)) slot = (slot + 1) & mask;
  return slot;
}

function double(table: Table): Table {
  const larger = makeTable(2 * table.counts.length);
  table.counts.forEach((count, at) => {
    if (count === 0) return;
    const slot = findSlot(larger, table.high[at] ?? 0, table.low[at] ?? 0);
    larger.high[slot] = table.high[at] ?? 0;
    larger.low[slot] = table.low[at] ?? 0;
    larger.counts[slot] = count;
    larger.texts[slot] = table.texts[at];
  });
  return larger;
}

interface State {
  readonly most: number;
  /** Undefined when there were too many different texts. */
  table: Table | undefined;
  used: number;
  readonly registers: Registers;
}

function noteTable({ table, registers }: State): void {
  table?.counts.forEach((count, at) => {
    if (count > 0) addHash(registers, table.high[at] ?? 0, table.low[at] ?? 0);
  });
}

/** Counts texts of a piece until the table is full; returns where it stopped. */
function countUntilFull(state: State, table: Table, piece: TextPiece, from: number): number {
  const { hashes, lengths, read } = piece;
  for (let row = from; row < lengths.length; row += 1) {
    const length = lengths[row] ?? -1;
    if (length < 0) continue;
    const [low, high] = [hashes[2 * row] ?? 0, hashes[2 * row + 1] ?? 0];
    const slot = findSlot(table, high, low);
    if (table.counts[slot] === 0) {
      table.high[slot] = high;
      table.low[slot] = low;
      table.texts[slot] = length > MAX_VALUE_LENGTH ? undefined : read(row);
      state.used += 1;
    }
    table.counts[slot] = (table.counts[slot] ?? 0) + 1;
    if (2 * state.used > table.counts.length) return row + 1;
  }
  return lengths.length;
}

function noteHashes(registers: Registers, { hashes, lengths }: TextPiece, from: number): void {
  for (let row = from; row < lengths.length; row += 1) {
    if ((lengths[row] ?? -1) >= 0) addHash(registers, hashes[2 * row + 1] ?? 0, hashes[2 * row] ?? 0);
  }
}

/** @param most different texts that are counted one by one: a power of two, or 0 for none */
export function gatherTexts(most: number): TextGatherer {
  const state: State = {
    most,
    table: most === 0 ? undefined : makeTable(FIRST_SLOTS),
    used: 0,
    registers: emptyRegisters(),
  };
  return {
    add: (piece) => {
      let at = 0;
      while (state.table !== undefined && at < piece.lengths.length) {
        at = countUntilFull(state, state.table, piece, at);
        if (state.used > state.most) {
          noteTable(state);
          state.table = undefined;
        } else if (2 * state.used > state.table.counts.length) state.table = double(state.table);
      }
      if (state.table === undefined) noteHashes(state.registers, piece, at);
    },
    finish: () => {
      noteTable(state);
      return {
        registers: state.registers,
        ...(state.table === undefined ? {} : { counts: listCounts(state.table) }),
      };
    },
  };
}

/** The most frequent first, and of those that are equally frequent the one that sorts first. */
function listCounts(table: Table): TextCounts {
  const all = [...table.counts]
    .map((count, slot) => ({
      count,
      text: table.texts[slot],
      hash: printHash(table.high[slot] ?? 0, table.low[slot] ?? 0),
    }))
    .filter(({ count }) => count > 0);
  const short = all.flatMap(({ text, count }) => (text === undefined ? [] : [{ key: text, count }]));
  const long = all.flatMap(({ text, hash, count }) => (text === undefined ? [{ key: hash, count }] : []));
  const [values, longs] = [sortCounts(short), sortCounts(long)];
  return {
    values: values.map(({ key }) => key),
    counts: values.map(({ count }) => count),
    longHashes: longs.map(({ key }) => key),
    longCounts: longs.map(({ count }) => count),
  };
}

function printHash(high: number, low: number): string {
  return high.toString(16).padStart(8, '0') + low.toString(16).padStart(8, '0');
}

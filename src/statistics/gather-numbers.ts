/** Numbers as they come, in pieces, into a sketch that merges. */
import { HIGH_WORD, lowerBound, LOW_WORD, nextBucket, numberOf } from './double-bits.ts';
import { countEdges, findBin } from './edges.ts';
import { addHash, emptyRegisters, type Registers } from './hyper-log-log.ts';
import { chooseDropped, type NumberSketch } from './number-sketch.ts';

/** Counts of values between edges that somebody else chose. */
export interface EdgeCounts {
  readonly edges: readonly number[];
  readonly counts: readonly number[];
  readonly below: number;
  readonly above: number;
}

interface GatheredNumbers {
  readonly sketch: NumberSketch;
  /** For a count of distinct values; only where the sketch no longer knows them all. */
  readonly registers?: Registers;
  /** Of the given edges. */
  readonly frozen?: EdgeCounts;
}

export interface NumberGatherer {
  /** Finite numbers. */
  readonly add: (values: Float64Array, length: number) => void;
  readonly finish: () => GatheredNumbers;
}

/** Buckets in an open hash table: the two words of each one's least number, how many values, and the bin that holds it. */
interface Table {
  readonly high: Int32Array;
  readonly low: Int32Array;
  /** 0: the slot is free. */
  readonly counts: Float64Array;
  /** Values that their bin does not know of yet. */
  readonly pending: Float64Array;
  readonly bins: Int16Array;
}

/** The bin of a bucket that an edge cuts: each of its values is looked up. */
const CUT = -1;
const FIRST_SLOTS = 64;
/** The high word of minus infinity, to which the largest negative numbers would be rounded. */
const BEYOND_LEAST = -0x100000;
/** The high word of -0. */
const SIGN = -0x80000000;

function makeTable(slots: number): Table {
  return {
    high: new Int32Array(slots),
    low: new Int32Array(slots),
    counts: new Float64Array(slots),
    pending: new Float64Array(slots),
    bins: new Int16Array(slots),
  };
}

/** The bin that holds all of a bucket. */
function findBucketBin(edges: readonly number[], lower: number, dropped: number): number {
  if (dropped === 0) return findBin(edges, lower);
  const at = countEdges(edges, lower, false);
  return lower !== edges.at(-1) && countEdges(edges, nextBucket(lower, dropped), true) === at ? at : CUT;
}

/** The finalizer of MurmurHash3: every bit of the word changes half of those that come out. A. Appleby, SMHasher (2011). */
function mix(word: number): number {
  let mixed = Math.imul(word ^ (word >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}

/** Notes a double by its words. */
function noteNumber(registers: Registers, high: number, low: number): void {
  const first = mix(low ^ mix(high ^ 0x9e3779b9));
  addHash(registers, first >>> 0, mix(high ^ mix(low ^ first ^ 0x7f4a7c15)));
}

/** The registers of numbers that are all known. */
export function registersOf(values: ArrayLike<number>): Registers {
  const registers = emptyRegisters();
  noteAll(registers, Float64Array.from(values), values.length);
  return registers;
}

/** Where a key is, or the free slot where it belongs. Fibonacci hashing: D. Knuth, TAOCP 3 (1998), section 6.4. */
function findSlot({ high: highs, low: lows, counts }: Table, high: number, low: number): number {
  const mask = counts.length - 1;
  let at = (Math.imul(high, 0x9e3779b1) ^ Math.imul(low, 0x85ebca6b)) >>> Math.clz32(mask);
  while (counts[at] !== 0 && (highs[at] !== high || lows[at] !== low)) at = (at + 1) & mask;
  return at;
}

const words = new Float64Array(1);
const wordsOfOne = new Int32Array(words.buffer);

/** The buckets of a table after more bits are dropped, in as many slots. */
function rehash(table: Table, slots: number, dropped: number, edges: readonly number[] | undefined): Table {
  const next = makeTable(slots);
  for (let at = 0; at < table.counts.length; at += 1) {
    const count = table.counts[at] ?? 0;
    if (count === 0) continue;
    words[0] = lowerBound(numberOf(table.high[at] ?? 0, table.low[at] ?? 0), dropped);
    const [high, low] = [wordsOfOne[HIGH_WORD] ?? 0, wordsOfOne[LOW_WORD] ?? 0];
    const slot = findSlot(next, high, low);
    next.high[slot] = high;
    next.low[slot] = low;
    next.counts[slot] = (next.counts[slot] ?? 0) + count;
    next.pending[slot] = (next.pending[slot] ?? 0) + (table.pending[at] ?? 0);
    if (edges !== undefined) next.bins[slot] = findBucketBin(edges, words[0] ?? 0, dropped);
  }
  return next;
}

/** The least numbers of all buckets, in rising order. */
function listLowest({ high, low, counts }: Table, used: number): Float64Array {
  const lowest = new Float64Array(used);
  let next = 0;
  for (let at = 0; at < counts.length; at += 1) {
    if (counts[at] === 0) continue;
    lowest[next] = numberOf(high[at] ?? 0, low[at] ?? 0);
    next += 1;
  }
  return lowest.sort();
}

interface State {
  readonly most: number;
  readonly edges: readonly number[] | undefined;
  /** What lies below all edges, in each bin, and above all. */
  readonly bins: Float64Array;
  table: Table;
  used: number;
  dropped: number;
  registers: Registers | undefined;
}

/** Tells the bins what lies in buckets that no edge cuts. */
function settleBins(table: Table, bins: Float64Array): void {
  for (let at = 0; at < table.counts.length; at += 1) {
    if (table.bins[at] === CUT) continue;
    const bin = table.bins[at] ?? 0;
    bins[bin] = (bins[bin] ?? 0) + (table.pending[at] ?? 0);
    table.pending[at] = 0;
  }
}

/** Makes room for one more bucket: twice the slots, or fewer buckets. */
function makeRoom(state: State): void {
  const slots = state.table.counts.length;
  if (slots < 2 * state.most) state.table = rehash(state.table, 2 * slots, state.dropped, state.edges);
  else dropMore(state);
}

/** Half as many again as are allowed may gather before bits are dropped, so that this is seldom done. */
function fullAt({ table, most }: State): number {
  return table.counts.length < 2 * most ? table.counts.length / 2 : 1.5 * most;
}

/** Drops as few bits as leave the buckets that are allowed. */
function dropMore(state: State): void {
  const { table, used, edges } = state;
  const lowest = listLowest(table, used);
  if (state.dropped === 0) state.registers = registersOf(lowest);
  if (edges !== undefined) settleBins(table, state.bins);
  state.dropped = chooseDropped(lowest, state.dropped + 1, state.most);
  state.table = rehash(table, table.counts.length, state.dropped, edges);
  state.used = state.table.counts.reduce((sum, count) => sum + (count === 0 ? 0 : 1), 0);
}

/**
 * Adds numbers until a new bucket needs room; returns where it stopped. This is the innermost loop of a profile: what it
 * reads is at hand, and the usual way of dropping bits, all of the low word and some of the high one, is spelled out.
 */
function addUntilFull(state: State, values: Float64Array, from: number, to: number): number {
  const { table, dropped, edges, bins: found } = state;
  const { high: highs, low: lows, counts, pending, bins } = table;
  const full = fullAt(state);
  const mask = counts.length - 1;
  const places = Math.clz32(mask);
  const raw = new Int32Array(values.buffer, values.byteOffset, 2 * to);
  const rest = dropped < 32 ? 0 : (1 << (dropped - 32)) - 1;
  let { used } = state;
  let at = from;
  for (; at < to && used <= full; at += 1) {
    let high = raw[2 * at + HIGH_WORD] ?? 0;
    let low = raw[2 * at + LOW_WORD] ?? 0;
    if (dropped >= 32) {
      const isCut = ((high & rest) | low) !== 0;
      high = (high & ~rest) + (high < 0 && isCut ? rest + 1 : 0);
      low = 0;
    }
    if ((dropped > 0 && dropped < 32) || (high < 0 && high >= BEYOND_LEAST)) {
      words[0] = lowerBound(values[at] ?? 0, dropped);
      high = wordsOfOne[HIGH_WORD] ?? 0;
      low = wordsOfOne[LOW_WORD] ?? 0;
    }
    if (high === SIGN && low === 0) high = 0;
    let slot = (Math.imul(high, 0x9e3779b1) ^ Math.imul(low, 0x85ebca6b)) >>> places;
    while (counts[slot] !== 0 && (highs[slot] !== high || lows[slot] !== low)) slot = (slot + 1) & mask;
    if (counts[slot] === 0) {
      highs[slot] = high;
      lows[slot] = low;
      used += 1;
      if (edges !== undefined) bins[slot] = findBucketBin(edges, numberOf(high, low), dropped);
    }
    counts[slot] = (counts[slot] ?? 0) + 1;
    if (edges === undefined) continue;
    if (bins[slot] === CUT) {
      const bin = findBin(edges, values[at] ?? 0);
      found[bin] = (found[bin] ?? 0) + 1;
    } else pending[slot] = (pending[slot] ?? 0) + 1;
  }
  state.used = used;
  return at;
}

function noteAll(registers: Registers, values: Float64Array, to: number): void {
  const raw = new Int32Array(values.buffer, values.byteOffset, 2 * to);
  for (let at = 0; at < 2 * to; at += 2) {
    noteNumber(registers, raw[at + HIGH_WORD] ?? 0, raw[at + LOW_WORD] ?? 0);
  }
}

/**
 * Gathers numbers into at most `most` buckets (a power of two), and counts them between `edges`, which no bucket blurs.
 */
export function gatherNumbers(most: number, edges?: readonly number[]): NumberGatherer {
  const state: State = {
    most,
    edges,
    bins: new Float64Array((edges?.length ?? 0) + 1),
    table: makeTable(FIRST_SLOTS),
    used: 0,
    dropped: 0,
    registers: undefined,
  };
  return {
    add: (values, length) => {
      if (state.registers !== undefined) noteAll(state.registers, values, length);
      for (let at = 0; at < length;) {
        const wasExact = state.registers === undefined;
        at = addUntilFull(state, values, at, length);
        if (state.used > fullAt(state)) makeRoom(state);
        if (wasExact && state.registers !== undefined)
          noteAll(state.registers, values.subarray(at), length - at);
      }
    },
    finish: () => {
      if (state.used > most) dropMore(state);
      return finish(state);
    },
  };
}

function finish({ table, used, dropped, registers, edges, bins }: State): GatheredNumbers {
  const values = [...listLowest(table, used)];
  const counts = values.map((value) => {
    words[0] = value;
    return table.counts[findSlot(table, wordsOfOne[HIGH_WORD] ?? 0, wordsOfOne[LOW_WORD] ?? 0)] ?? 0;
  });
  if (edges !== undefined) settleBins(table, bins);
  return {
    sketch: { dropped, values, counts },
    ...(registers === undefined ? {} : { registers }),
    ...(edges === undefined
      ? {}
      : {
          frozen: {
            edges,
            counts: [...bins.subarray(1, edges.length)],
            below: bins[0] ?? 0,
            above: bins[edges.length] ?? 0,
          },
        }),
  };
}

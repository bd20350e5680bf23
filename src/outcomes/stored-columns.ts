/**
 * Columns as bytes: the narrowest form that holds the values exactly, or else one that is rounded far below what any
 * comparison can see. Bytes are grouped by significance, which packs better.
 */

/**
 * `bit`: 0 or 1. `u16`: a whole number. `decimal`: numbers of up to six decimal places, as 32-bit multiples of the last
 * place. `f32`, `f64`: IEEE 754. `round40`, `round32`: the upper bits of a 64-bit float, rounded to the nearest, with 28
 * or 20 bits of fraction: off by at most 2^-29 or 2^-21 of the value.
 */
type ColumnType = 'bit' | 'u16' | 'decimal' | 'f32' | 'f64' | 'round40' | 'round32';

export type StoredColumn = Uint8Array | Uint16Array | Float64Array;

/** How a column is written. */
export interface ColumnForm {
  readonly type: ColumnType;
  /** Of `decimal`: how many multiples of the last place make 1. */
  readonly scale?: number;
  /** Of `decimal`: the smallest multiple. */
  readonly offset?: number;
}

/** Most decimal places of `decimal`. */
const MAX_PLACES = 6;

/** Columns are little-endian, and so is every platform that Node.js supports: typed arrays are the bytes. */
function bytesOf(words: Uint16Array | Uint32Array | Float32Array | Float64Array): Uint8Array {
  return new Uint8Array(words.buffer, words.byteOffset, words.byteLength);
}

/** First all lowest bytes, then all second ones, and so on. */
function shuffle(bytes: Uint8Array, width: number): Uint8Array {
  const rows = bytes.length / width;
  const shuffled = new Uint8Array(bytes.length);
  for (let place = 0; place < width; place++) {
    const base = place * rows;
    for (let row = 0; row < rows; row++) shuffled[base + row] = bytes[row * width + place] ?? 0;
  }
  return shuffled;
}

function unshuffle(shuffled: Uint8Array, width: number): Uint8Array {
  const rows = shuffled.length / width;
  const bytes = new Uint8Array(shuffled.length);
  for (let place = 0; place < width; place++) {
    const base = place * rows;
    for (let row = 0; row < rows; row++) bytes[row * width + place] = shuffled[base + row] ?? 0;
  }
  return bytes;
}

/** The form that holds numbers exactly in the fewest bytes; `f64` where only that does. */
export function chooseForm(values: Float64Array): ColumnForm {
  const decimal = chooseDecimal(values);
  if (decimal !== undefined) return decimal;
  return { type: values.every((value) => Object.is(Math.fround(value), value)) ? 'f32' : 'f64' };
}

function chooseDecimal(values: Float64Array): ColumnForm | undefined {
  for (let places = 0; places <= MAX_PLACES; places++) {
    const scale = 10 ** places;
    if (!hasPlaces(values, scale)) continue;
    let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (const value of values) {
      least = Math.min(least, Math.round(value * scale));
      most = Math.max(most, Math.round(value * scale));
    }
    const fits = most - least < 2 ** 32 && Math.max(Math.abs(least), Math.abs(most)) < 2 ** 52;
    return fits ? { type: 'decimal', scale, offset: least } : undefined;
  }
  return undefined;
}

/** Whether every value is a multiple of 1 / scale. A loop: a callback makes an object of each of millions of values. */
function hasPlaces(values: Float64Array, scale: number): boolean {
  for (const value of values) if (!Object.is(Math.round(value * scale) / scale, value)) return false;
  return true;
}

/** The upper 32 bits of each number, rounded to the nearest. Never up to infinity. */
function upperWords(values: Float64Array): Uint32Array {
  const words = wordsOf(values);
  const upper = new Uint32Array(values.length);
  for (let row = 0; row < values.length; row++) {
    const [low, high] = [words[2 * row] ?? 0, words[2 * row + 1] ?? 0];
    upper[row] = isLargest(high) ? high : high + (low >>> 31);
  }
  return upper;
}

function wordsOf(values: Float64Array): Uint32Array {
  return new Uint32Array(values.buffer, values.byteOffset, 2 * values.length);
}

/** Whether rounding up would leave the finite numbers. */
function isLargest(high: number): boolean {
  return (high & 0x7fffffff) === 0x7fefffff;
}

/** The upper 40 bits: first the lowest byte of all, then the other four. */
function upper40(values: Float64Array): Uint8Array {
  const words = wordsOf(values);
  const rows = values.length;
  const lowest = new Uint8Array(rows);
  const upper = new Uint32Array(rows);
  for (let row = 0; row < rows; row++) {
    const [low, high] = [words[2 * row] ?? 0, words[2 * row + 1] ?? 0];
    const rounded = (low >>> 24) + ((low >>> 23) & 1);
    const isWhole = rounded > 0xff && !isLargest(high);
    upper[row] = isWhole ? high + 1 : high;
    lowest[row] = isWhole ? 0 : Math.min(0xff, rounded);
  }
  return Buffer.concat([lowest, shuffle(bytesOf(upper), 4)]);
}

function fromWords(rows: number, lowOf: (row: number) => number, high: Uint32Array): Float64Array {
  const values = new Float64Array(rows);
  const words = wordsOf(values);
  for (let row = 0; row < rows; row++) {
    words[2 * row] = lowOf(row);
    words[2 * row + 1] = high[row] ?? 0;
  }
  return values;
}

/** Numbers in the given form; `bit` and `u16` are columns of those types. */
export function writeColumn(values: StoredColumn, form: ColumnForm): Uint8Array {
  if (values instanceof Uint8Array) return packBits(values);
  if (values instanceof Uint16Array) return shuffle(bytesOf(values), 2);
  if (form.type === 'f32') return shuffle(bytesOf(Float32Array.from(values)), 4);
  if (form.type === 'round32') return shuffle(bytesOf(upperWords(values)), 4);
  if (form.type === 'round40') return upper40(values);
  if (form.type === 'decimal') {
    const { scale = 1, offset = 0 } = form;
    const multiples = new Uint32Array(values.length);
    for (let row = 0; row < values.length; row++) {
      multiples[row] = Math.round((values[row] ?? 0) * scale) - offset;
    }
    return shuffle(bytesOf(multiples), 4);
  }
  return shuffle(bytesOf(values), 8);
}

const WIDTHS = { u16: 2, decimal: 4, f32: 4, round32: 4, round40: 5, f64: 8 } as const;

/** The column at the start of some bytes and how many it took; undefined where they are too few. */
export function readColumn(
  bytes: Uint8Array,
  form: ColumnForm,
  rows: number,
): { readonly values: StoredColumn; readonly length: number } | undefined {
  const { type } = form;
  const length = type === 'bit' ? Math.ceil(rows / 8) : rows * WIDTHS[type];
  if (bytes.length < length) return undefined;
  return { values: readValues(bytes.subarray(0, length), form, rows), length };
}

function readValues(
  own: Uint8Array,
  { type, scale = 1, offset = 0 }: ColumnForm,
  rows: number,
): StoredColumn {
  if (type === 'bit') return unpackBits(own, rows);
  if (type === 'round40') {
    const high = new Uint32Array(unshuffle(own.subarray(rows), 4).buffer);
    return fromWords(rows, (row) => (own[row] ?? 0) << 24, high);
  }
  const { buffer } = unshuffle(own, WIDTHS[type]);
  if (type === 'u16') return new Uint16Array(buffer);
  if (type === 'f64') return new Float64Array(buffer);
  if (type === 'f32') return Float64Array.from(new Float32Array(buffer));
  if (type === 'round32') return fromWords(rows, () => 0, new Uint32Array(buffer));
  const multiples = new Uint32Array(buffer);
  const values = new Float64Array(rows);
  for (let row = 0; row < rows; row++) values[row] = ((multiples[row] ?? 0) + offset) / scale;
  return values;
}

/** Numbers as they come back from a form: the same unless it rounds. */
export function roundColumn(values: Float64Array, type: 'round40' | 'round32'): Float64Array {
  return readValues(writeColumn(values, { type }), { type }, values.length) as Float64Array;
}

function packBits(values: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(Math.ceil(values.length / 8));
  for (let row = 0; row < values.length; row++) {
    if (values[row] === 1) bytes[row >> 3] = (bytes[row >> 3] ?? 0) | (1 << (row & 7));
  }
  return bytes;
}

function unpackBits(bytes: Uint8Array, rows: number): Uint8Array {
  const values = new Uint8Array(rows);
  for (let row = 0; row < rows; row++) values[row] = ((bytes[row >> 3] ?? 0) >> (row & 7)) & 1;
  return values;
}

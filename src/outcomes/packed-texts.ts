import type { Labels, PackedTexts } from '../engine/engine.ts';

export type { PackedTexts } from '../engine/engine.ts';

/** Packs texts in their order. */
export function packTexts(texts: readonly string[]): PackedTexts {
  const bytes = new TextEncoder().encode(texts.join(''));
  const ends = new Uint32Array(texts.length);
  let end = 0;
  texts.forEach((text, row) => {
    end += Buffer.byteLength(text, 'utf8');
    ends[row] = end;
  });
  return { length: texts.length, bytes, ends };
}

/** The text of each row of a column of labels. */
export function packLabels({ codes, values }: Labels): PackedTexts {
  const texts = values.map((value) => new TextEncoder().encode(value));
  const ends = new Uint32Array(codes.length);
  let end = 0;
  for (let row = 0; row < codes.length; row++) {
    end += texts[codes[row] ?? 0]?.length ?? 0;
    ends[row] = end;
  }
  const bytes = new Uint8Array(end);
  for (let row = 0; row < codes.length; row++) {
    const text = texts[codes[row] ?? 0];
    if (text !== undefined) bytes.set(text, (ends[row] ?? 0) - text.length);
  }
  return { length: codes.length, bytes, ends };
}

/** Where a text begins. */
export function startAt({ ends }: PackedTexts, row: number): number {
  return row === 0 ? 0 : (ends[row - 1] ?? 0);
}

/** Bytes of one text. */
export function bytesAt(texts: PackedTexts, row: number): Uint8Array {
  return texts.bytes.subarray(startAt(texts, row), texts.ends[row]);
}

/** One text. */
export function textAt(texts: PackedTexts, row: number): string {
  return Buffer.from(bytesAt(texts, row)).toString('utf8');
}

/** Whether two texts are the same. */
export function isSameText(texts: PackedTexts, row: number, others: PackedTexts, other: number): boolean {
  const [start, begin] = [startAt(texts, row), startAt(others, other)];
  const size = (texts.ends[row] ?? 0) - start;
  if (size !== (others.ends[other] ?? 0) - begin) return false;
  for (let at = 0; at < size; at++) if (texts.bytes[start + at] !== others.bytes[begin + at]) return false;
  return true;
}

/** Texts that are looked up together. */
const BLOCK = 64;

/**
 * The texts of some rows, in the order given. They lie anywhere in memory, and the first look at each waits for it: so
 * the first bytes of a whole block are copied before any text's rest, and the waits overlap (four times as fast).
 */
export function pickTexts(texts: PackedTexts, rows: Uint32Array): PackedTexts {
  const size = commonSize(texts);
  const ends = new Uint32Array(rows.length);
  let bytes = new Uint8Array(Math.ceil((texts.bytes.length * rows.length) / Math.max(1, texts.length)));
  const [starts, sizes] = [new Uint32Array(BLOCK), new Uint32Array(BLOCK)];
  let at = 0;
  for (let block = 0; block < rows.length; block += BLOCK) {
    const count = Math.min(BLOCK, rows.length - block);
    let end = at;
    for (let index = 0; index < count; index++) {
      const row = rows[block + index] ?? 0;
      const start = size === undefined ? startAt(texts, row) : row * size;
      const own = size ?? (texts.ends[row] ?? 0) - start;
      starts[index] = start;
      sizes[index] = own;
      end += own;
      ends[block + index] = end;
    }
    if (end > bytes.length) bytes = enlarge(bytes, 2 * end);
    copyBlock(texts.bytes, { starts, sizes, count }, bytes, at);
    at = end;
  }
  return { length: rows.length, bytes: at === bytes.length ? bytes : bytes.slice(0, at), ends };
}

function enlarge(bytes: Uint8Array, length: number): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(length);
  larger.set(bytes);
  return larger;
}

interface Block {
  readonly starts: Uint32Array;
  readonly sizes: Uint32Array;
  readonly count: number;
}

function copyBlock(from: Uint8Array, { starts, sizes, count }: Block, to: Uint8Array, first: number): void {
  let at = first;
  for (let index = 0; index < count; index++) {
    const size = sizes[index] ?? 0;
    if (size > 0) to[at] = from[starts[index] ?? 0] ?? 0;
    at += size;
  }
  at = first;
  for (let index = 0; index < count; index++) {
    const [start, size] = [starts[index] ?? 0, sizes[index] ?? 0];
    for (let offset = 1; offset < size; offset++) to[at + offset] = from[start + offset] ?? 0;
    at += size;
  }
}

/** The size of every text, where all have the same. */
function commonSize({ ends }: PackedTexts): number | undefined {
  const size = ends[0] ?? 0;
  for (let row = 1; row < ends.length; row++) if (ends[row] !== (row + 1) * size) return undefined;
  return size;
}

import type { PackedTexts } from '../engine/engine.ts';

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

/** The texts of some rows, in the order given. */
export function pickTexts(texts: PackedTexts, rows: Uint32Array): PackedTexts {
  const size = commonSize(texts);
  const ends = new Uint32Array(rows.length);
  let bytes = new Uint8Array(Math.ceil((texts.bytes.length * rows.length) / Math.max(1, texts.length)));
  let at = 0;
  for (let index = 0; index < rows.length; index++) {
    const row = rows[index] ?? 0;
    // Rows lie anywhere in memory: each look that is saved counts.
    const from = size === undefined ? startAt(texts, row) : row * size;
    const last = size === undefined ? (texts.ends[row] ?? 0) : from + size;
    if (at + last - from > bytes.length) {
      const larger = new Uint8Array(2 * (at + last - from));
      larger.set(bytes);
      bytes = larger;
    }
    for (let byte = from; byte < last; byte++) bytes[at++] = texts.bytes[byte] ?? 0;
    ends[index] = at;
  }
  return { length: rows.length, bytes: at === bytes.length ? bytes : bytes.slice(0, at), ends };
}

/** The size of every text, where all have the same. */
function commonSize({ ends }: PackedTexts): number | undefined {
  const size = ends[0] ?? 0;
  for (let row = 1; row < ends.length; row++) if (ends[row] !== (row + 1) * size) return undefined;
  return size;
}

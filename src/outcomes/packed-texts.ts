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
  const ends = new Uint32Array(rows.length);
  let end = 0;
  for (let index = 0; index < rows.length; index++) {
    const row = rows[index] ?? 0;
    end += (texts.ends[row] ?? 0) - startAt(texts, row);
    ends[index] = end;
  }
  const bytes = new Uint8Array(end);
  let at = 0;
  for (let index = 0; index < rows.length; index++) {
    const row = rows[index] ?? 0;
    const last = texts.ends[row] ?? 0;
    for (let from = startAt(texts, row); from < last; from++) bytes[at++] = texts.bytes[from] ?? 0;
  }
  return { length: rows.length, bytes, ends };
}

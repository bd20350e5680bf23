/** Texts side by side in one buffer: ten million ids as strings would take a gigabyte. */
export interface PackedTexts {
  readonly length: number;
  /** UTF-8, one text after another. */
  readonly bytes: Uint8Array;
  /** Where each text ends in `bytes`; it begins where the one before ends. */
  readonly ends: Uint32Array;
}

/** Packs texts in their order. */
export function packTexts(texts: readonly string[]): PackedTexts {
  const bytes = Buffer.from(texts.join(''), 'utf8');
  const ends = new Uint32Array(texts.length);
  let end = 0;
  texts.forEach((text, row) => {
    end += Buffer.byteLength(text, 'utf8');
    ends[row] = end;
  });
  return { length: texts.length, bytes, ends };
}

/** Bytes of one text. */
export function bytesAt(texts: PackedTexts, row: number): Uint8Array {
  return texts.bytes.subarray(row === 0 ? 0 : texts.ends[row - 1], texts.ends[row]);
}

/** One text. */
export function textAt(texts: PackedTexts, row: number): string {
  return Buffer.from(bytesAt(texts, row)).toString('utf8');
}

import { createHash } from 'node:crypto';
import type { PackedTexts } from './packed-texts.ts';

/** Columns are little-endian, and so is every platform that Node.js supports. */
function bytesOf(column: Uint8Array | Uint16Array | Uint32Array | Float64Array): Uint8Array {
  return new Uint8Array(column.buffer, column.byteOffset, column.byteLength);
}

/** SHA-256 over ids in canonical order: where each ends (32 bits, little-endian), then their UTF-8 bytes. */
export function digestIds({ bytes, ends }: PackedTexts): string {
  const hash = createHash('sha256').update(`mlgate-ids-2\0${ends.length}\0`);
  return hash.update(bytesOf(ends)).update(bytes).digest('hex');
}

/** The truth of each example, in canonical order. */
export type Targets =
  | { readonly codes: Uint8Array | Uint16Array; readonly labels: readonly string[] }
  | { readonly values: Float64Array };

/**
 * SHA-256 over the digest of the ids and the targets: numbers as 64-bit floats, labels as those that occur, sorted, and
 * each example's place among them. Labels that only a model predicts do not change it.
 */
export function digestTestSet(idsDigest: string, targets: Targets): string {
  const hash = createHash('sha256').update(`mlgate-test-set-2\0${idsDigest}`);
  if ('values' in targets) {
    // 0 and -0 are one number.
    return hash.update(bytesOf(targets.values.map((value) => value + 0))).digest('hex');
  }
  const { codes, labels } = targets;
  const seen = new Uint8Array(labels.length);
  for (const code of codes) seen[code] = 1;
  const own = labels.filter((_, code) => seen[code] === 1).sort();
  const places = labels.map((label) => own.indexOf(label));
  const coded = new Uint16Array(codes.length);
  for (let row = 0; row < codes.length; row++) coded[row] = places[codes[row] ?? 0] ?? 0;
  return hash
    .update(`${JSON.stringify(own)}\0`)
    .update(bytesOf(coded))
    .digest('hex');
}

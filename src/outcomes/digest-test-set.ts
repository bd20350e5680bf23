import { createHash, type Hash } from 'node:crypto';
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
  | { readonly values: Float64Array }
  /** Several labels: one column for each, 1 where an example has it. */
  | { readonly flags: readonly Uint8Array[]; readonly labels: readonly string[] }
  /** Ranking: where the items of each query end, the digest of their ids (`digestIds`), and their relevance. */
  | { readonly ends: Uint32Array; readonly itemsDigest: string; readonly relevance: Float64Array }
  /** Graded examples: the ids are all that is known. */
  | { readonly untold: true };

/**
 * SHA-256 over the digest of the ids and the targets: numbers as 64-bit floats, labels as those that occur, sorted, and
 * each example's place among them. Labels that only a model predicts do not change it. Of several labels those that occur,
 * sorted, and a byte for each example; of a ranking also which items each query has.
 */
export function digestTestSet(idsDigest: string, targets: Targets): string {
  const hash = createHash('sha256').update(`mlgate-test-set-2\0${idsDigest}`);
  if ('values' in targets) {
    return hash.update(bytesOf(withoutNegativeZero(targets.values))).digest('hex');
  }
  if ('untold' in targets) return hash.update('graded\0').digest('hex');
  if ('flags' in targets) return updateFlags(hash, targets.flags, targets.labels).digest('hex');
  if ('ends' in targets) {
    const { ends, itemsDigest, relevance } = targets;
    hash.update(`ranking\0${itemsDigest}\0`).update(bytesOf(ends));
    return hash.update(bytesOf(withoutNegativeZero(relevance))).digest('hex');
  }
  const { codes, labels } = targets;
  const seen = new Uint8Array(labels.length);
  for (const code of codes) seen[code] = 1;
  const own = labels.filter((_, code) => seen[code] === 1).sort();
  const placeOf = new Map(own.map((label, place) => [label, place]));
  const places = labels.map((label) => placeOf.get(label) ?? 0);
  const coded = new Uint16Array(codes.length);
  for (let row = 0; row < codes.length; row++) coded[row] = places[codes[row] ?? 0] ?? 0;
  return hash
    .update(`${JSON.stringify(own)}\0`)
    .update(bytesOf(coded))
    .digest('hex');
}

/** 0 and -0 are one number. */
function withoutNegativeZero(values: Float64Array): Float64Array {
  return values.map((value) => value + 0);
}

function updateFlags(hash: Hash, flags: readonly Uint8Array[], labels: readonly string[]): Hash {
  const own = labels
    .flatMap((label, at) => {
      const column = flags[at];
      return column?.includes(1) === true ? [{ label, column }] : [];
    })
    .sort((a, b) => (a.label < b.label ? -1 : 1));
  hash.update(`labels\0${JSON.stringify(own.map(({ label }) => label))}\0`);
  for (const { column } of own) hash.update(bytesOf(column));
  return hash;
}

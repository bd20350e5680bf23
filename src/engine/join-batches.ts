/** Batches of columns as whole columns. */
import type { Column, ColumnsRequest, Labels, PackedTexts } from './engine.ts';
import type { ColumnBatch } from './protocol.ts';

/** Each column of all batches, in the order of the request. Empties the list: nothing is held twice for long. */
export function joinBatches(
  request: ColumnsRequest,
  batches: ColumnBatch[],
  rows: number,
): readonly Column[] {
  const partsOf = request.columns.map((_, index) => batches.map((batch) => batch[index]));
  batches.length = 0;
  return request.columns.map(({ as }, index) => {
    const parts = partsOf[index]?.splice(0) ?? [];
    if (as === 'number') {
      return joinNumbers(parts as readonly Float64Array[], rows);
    }
    return as === 'text'
      ? joinTexts(parts as readonly PackedTexts[], rows)
      : joinLabels(parts as readonly Labels[], rows);
  });
}

function joinNumbers(parts: readonly Float64Array[], rows: number): Float64Array {
  const values = new Float64Array(rows);
  let at = 0;
  for (const part of parts) {
    values.set(part, at);
    at += part.length;
  }
  return values;
}

function joinTexts(parts: readonly PackedTexts[], rows: number): PackedTexts {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.bytes.length, 0));
  const ends = new Uint32Array(rows);
  let [used, row] = [0, 0];
  for (const part of parts) {
    bytes.set(part.bytes, used);
    for (let index = 0; index < part.length; index += 1) {
      ends[row + index] = used + (part.ends[index] ?? 0);
    }
    used += part.bytes.length;
    row += part.length;
  }
  return { length: rows, bytes, ends };
}

function joinLabels(parts: readonly Labels[], rows: number): Labels {
  const values = parts.flatMap((part) => part.values);
  const codes = values.length <= 256 ? new Uint8Array(rows) : new Uint32Array(rows);
  let at = 0;
  for (const part of parts) {
    codes.set(part.codes, at);
    at += part.codes.length;
  }
  return { codes, values };
}

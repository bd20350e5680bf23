/** Columns as bytes. Numbers are kept exactly, and their bytes are grouped by significance, which packs better. */

/** One bit, 16 bits, or a float of 32 or 64 bits for each row. */
export type ColumnType = 'bit' | 'u16' | 'f32' | 'f64';

export type StoredColumn = Uint8Array | Uint16Array | Float64Array;

/** Labels of 0 and 1 take a bit; numbers that a 32-bit float holds exactly (most models write those) take four bytes. */
export function writeColumn(values: StoredColumn): { readonly type: ColumnType; readonly bytes: Uint8Array } {
  if (values instanceof Uint8Array) return { type: 'bit', bytes: packBits(values) };
  if (values instanceof Uint16Array)
    return {
      type: 'u16',
      bytes: writeWords(values.length, 2, (view, row) => view.setUint16(0, values[row] ?? 0, true)),
    };
  if (values.every((value) => Object.is(Math.fround(value), value))) {
    return {
      type: 'f32',
      bytes: writeWords(values.length, 4, (view, row) => view.setFloat32(0, values[row] ?? 0, true)),
    };
  }
  return {
    type: 'f64',
    bytes: writeWords(values.length, 8, (view, row) => view.setFloat64(0, values[row] ?? 0, true)),
  };
}

/** The column at the start of some bytes and how many it took; undefined where they are too few. */
export function readColumn(
  bytes: Uint8Array,
  type: ColumnType,
  rows: number,
): { readonly values: StoredColumn; readonly length: number } | undefined {
  const length = type === 'bit' ? Math.ceil(rows / 8) : rows * WIDTHS[type];
  if (bytes.length < length) return undefined;
  const own = bytes.subarray(0, length);
  if (type === 'bit') return { values: unpackBits(own, rows), length };
  if (type === 'u16') {
    const values = new Uint16Array(rows);
    readWords(own, rows, 2, (view, row) => (values[row] = view.getUint16(0, true)));
    return { values, length };
  }
  const values = new Float64Array(rows);
  readWords(own, rows, WIDTHS[type], (view, row) => {
    values[row] = type === 'f32' ? view.getFloat32(0, true) : view.getFloat64(0, true);
  });
  return { values, length };
}

const WIDTHS = { u16: 2, f32: 4, f64: 8 } as const;

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

function writeWords(rows: number, width: number, write: (view: DataView, row: number) => void): Uint8Array {
  const word = new Uint8Array(width);
  const view = new DataView(word.buffer);
  const bytes = new Uint8Array(rows * width);
  for (let row = 0; row < rows; row++) {
    write(view, row);
    for (let place = 0; place < width; place++) bytes[place * rows + row] = word[place] ?? 0;
  }
  return bytes;
}

function readWords(
  bytes: Uint8Array,
  rows: number,
  width: number,
  read: (view: DataView, row: number) => void,
): void {
  const word = new Uint8Array(width);
  const view = new DataView(word.buffer);
  for (let row = 0; row < rows; row++) {
    for (let place = 0; place < width; place++) word[place] = bytes[place * rows + row] ?? 0;
    read(view, row);
  }
}

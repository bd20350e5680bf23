/**
 * What a message of Arrow IPC says of itself, looked through before it is decoded: the decoder allocates and loops as far
 * as the file tells it to.
 */
import { ArrowFault } from './arrow-fault.ts';

/** Types of messages (format/Message.fbs). */
export const SCHEMA = 1;
export const DICTIONARY_BATCH = 2;
export const RECORD_BATCH = 3;

/** A table of a flatbuffer: https://flatbuffers.dev/internals/. Reads beyond the end throw a RangeError. */
interface FlatTable {
  readonly view: DataView;
  readonly at: number;
  /** Where a field lies, by its number; undefined where it is not given. */
  readonly field: (number: number) => number | undefined;
}

function tableAt(view: DataView, at: number): FlatTable {
  const slots = at - view.getInt32(at, true);
  const size = view.getUint16(slots, true);
  return {
    view,
    at,
    field: (number) => {
      const slot = 4 + 2 * number;
      const offset = slot < size ? view.getUint16(slots + slot, true) : 0;
      return offset === 0 ? undefined : at + offset;
    },
  };
}

function tableOf({ view, field }: FlatTable, number: number): FlatTable | undefined {
  const at = field(number);
  return at === undefined ? undefined : tableAt(view, at + view.getUint32(at, true));
}

/** Header type and length of the body, from the flatbuffer of a message (format/Message.fbs). */
export function readHeader(metadata: Uint8Array): { readonly kind: number; readonly bodyBytes: number } {
  const view = new DataView(metadata.buffer, metadata.byteOffset, metadata.byteLength);
  const message = tableAt(view, view.getUint32(0, true));
  const [kindAt, bodyAt] = [message.field(1), message.field(3)];
  const kind = kindAt === undefined ? 0 : view.getUint8(kindAt);
  const bodyBytes = bodyAt === undefined ? 0 : Number(view.getBigInt64(bodyAt, true));
  const header = tableOf(message, 2);
  if (header !== undefined) {
    const batch = kind === DICTIONARY_BATCH ? tableOf(header, 1) : header;
    if (kind === SCHEMA) refuseLargeSchema(header);
    else if (batch !== undefined) refuseTooManyRows(batch, bodyBytes);
  }
  return { kind, bodyBytes };
}

/** Where the entries of a vector lie. Throws an ArrowFault where it is longer than the message. */
function entriesOf({ view, field }: FlatTable, number: number, stride: number): readonly number[] {
  const at = field(number);
  if (at === undefined) return [];
  const vector = at + view.getUint32(at, true);
  const count = view.getUint32(vector, true);
  if (count * stride > view.byteLength) throw new ArrowFault('a list in its description is too long');
  return Array.from({ length: count }, (_, index) => vector + 4 + stride * index);
}

/** Fields of a schema, those within fields counted too; and how deep they may lie. */
const MOST_FIELDS = 100_000;
const MOST_DEPTH = 16;

/** Fields may share what they refer to, so that a few bytes describe more of them than memory holds. */
function refuseLargeSchema(schema: FlatTable): void {
  let fields = 0;
  const visit = (parent: FlatTable, number: number, depth: number): void => {
    for (const entry of entriesOf(parent, number, 4)) {
      fields += 1;
      if (fields > MOST_FIELDS || depth > MOST_DEPTH) throw new ArrowFault('it has too many columns');
      const field = tableAt(parent.view, entry + parent.view.getUint32(entry, true));
      entriesOf(field, 6, 4);
      visit(field, 5, depth + 1);
    }
  };
  entriesOf(schema, 2, 4);
  entriesOf(schema, 3, 8);
  visit(schema, 1, 0);
}

/** What one byte of a compressed buffer may stand for: an honest table has columns that compress less. */
const MOST_COMPRESSION = 1024;

/** Nobody goes through more rows than the bytes of a batch can hold at one bit each, whatever it says. */
function refuseTooManyRows(batch: FlatTable, bodyBytes: number): void {
  const { view } = batch;
  const lengthAt = batch.field(0);
  const most = 8 * bodyBytes * (batch.field(3) === undefined ? 1 : MOST_COMPRESSION);
  const nodes = entriesOf(batch, 1, 16).map((at) => view.getBigInt64(at, true));
  entriesOf(batch, 2, 16);
  const variadic = entriesOf(batch, 4, 8).map((at) => view.getBigInt64(at, true));
  const length = lengthAt === undefined ? 0n : view.getBigInt64(lengthAt, true);
  if ([length, ...nodes, ...variadic].some((length) => length < 0n || length > BigInt(most))) {
    throw new ArrowFault('it says that it has more rows than its bytes can hold');
  }
}

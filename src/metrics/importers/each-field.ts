/** Reading a protobuf message without its schema: only the fields that are asked for. */
import type { BinaryReader } from '@bufbuild/protobuf/wire';

/** How a field is written. */
export const [VARINT, FIXED64, LENGTH, FIXED32] = [0, 1, 2, 5] as const;

/**
 * Fields until the end, in their order; what `read` does not take is skipped. Throws a RangeError where a field does
 * not end where its message does, and what the reader throws for bytes that are no message.
 * @param read takes a field from the reader and returns true, or leaves it there and returns false
 * @param end position of the reader behind the message; the whole of what it holds by default
 */
export function eachField(
  reader: BinaryReader,
  read: (field: number, type: number) => boolean,
  end: number = reader.len,
): void {
  if (end > reader.len) throw new RangeError('a field is longer than its message');
  while (reader.pos < end) {
    const [field, type] = reader.tag();
    if (!read(field, type)) reader.skip(type, field);
  }
  if (reader.pos !== end) throw new RangeError('a field is longer than its message');
}

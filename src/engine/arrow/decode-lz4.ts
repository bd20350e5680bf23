/**
 * LZ4 frames, which Arrow's default writers (pandas' and R's `to_feather`) compress buffers with and Node cannot read.
 * After "LZ4 Frame Format Description" 1.6.4 and "LZ4 Block Format Description"; checksums are skipped, because Arrow's
 * reader does so too and every length is checked here.
 */

const MAGIC = 0x18_4d_22_04;
const BLOCK_BYTES = [0, 0, 0, 0, 1 << 16, 1 << 18, 1 << 20, 1 << 22];
const LEAST_MATCH = 4;

function damaged(): RangeError {
  return new RangeError('a buffer is no whole LZ4 frame');
}

/** Bytes that grow as they are written, up to a limit. */
interface Output {
  bytes: Uint8Array;
  used: number;
  readonly most: number;
}

function reserve(output: Output, more: number): void {
  const needed = output.used + more;
  if (needed > output.most) throw new RangeError('a buffer is too large');
  if (needed <= output.bytes.length) return;
  const larger = new Uint8Array(Math.min(output.most, Math.max(needed, 2 * output.bytes.length)));
  larger.set(output.bytes.subarray(0, output.used));
  output.bytes = larger;
}

/** A length that goes on while its bytes are 255. */
function readLength(block: Uint8Array, at: number, first: number): readonly [length: number, next: number] {
  if (first < 15) return [first, at];
  let [length, next] = [first, at];
  for (;;) {
    const byte = block[next];
    if (byte === undefined) throw damaged();
    next += 1;
    length += byte;
    if (byte < 255) return [length, next];
  }
}

function decodeBlock(block: Uint8Array, output: Output): void {
  let at = 0;
  while (at < block.length) {
    const token = block[at] ?? 0;
    const [literals, start] = readLength(block, at + 1, token >> 4);
    const end = start + literals;
    if (end > block.length) throw damaged();
    reserve(output, literals);
    output.bytes.set(block.subarray(start, end), output.used);
    output.used += literals;
    // The last sequence has literals only.
    if (end === block.length) return;
    if (end + 2 > block.length) throw damaged();
    const distance = (block[end] ?? 0) | ((block[end + 1] ?? 0) << 8);
    const [rest, next] = readLength(block, end + 2, token & 15);
    copyMatch(output, distance, rest + LEAST_MATCH);
    at = next;
  }
}

/** A match may overlap what it writes: then it repeats itself. */
function copyMatch(output: Output, distance: number, length: number): void {
  if (distance === 0 || distance > output.used) throw damaged();
  reserve(output, length);
  const from = output.used - distance;
  if (distance >= length) {
    output.bytes.copyWithin(output.used, from, from + length);
  } else {
    const { bytes, used } = output;
    for (let offset = 0; offset < length; offset += 1) bytes[used + offset] = bytes[from + offset] ?? 0;
  }
  output.used += length;
}

/** The bytes of one frame. Throws a RangeError for anything that is no whole frame, or larger than `most` bytes. */
export function decodeLz4(frame: Uint8Array, most: number): Uint8Array {
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  if (frame.length < 7 || view.getUint32(0, true) !== MAGIC) throw damaged();
  const [flags, descriptor] = [view.getUint8(4), view.getUint8(5)];
  const largest = BLOCK_BYTES[(descriptor >> 4) & 7] ?? 0;
  const hasDictionary = (flags & 1) !== 0;
  if (flags >> 6 !== 1 || largest === 0 || hasDictionary) throw damaged();
  const hasSize = (flags & 8) !== 0;
  const blockChecksum = (flags & 16) === 0 ? 0 : 4;
  const output: Output = { bytes: new Uint8Array(Math.min(most, 4 * frame.length)), used: 0, most };
  for (let at = hasSize ? 15 : 7; ;) {
    if (at + 4 > frame.length) throw damaged();
    const word = view.getUint32(at, true);
    if (word === 0) return output.bytes.slice(0, output.used);
    const size = word & 0x7f_ff_ff_ff;
    at += 4;
    if (size > largest || at + size > frame.length) throw damaged();
    const block = frame.subarray(at, at + size);
    if (word === size) decodeBlock(block, output);
    else {
      reserve(output, size);
      output.bytes.set(block, output.used);
      output.used += size;
    }
    at += size + blockChecksum;
  }
}

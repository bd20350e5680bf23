/** Reading a stream of bytes piece by piece, for files that may be larger than memory. */

export interface ByteReader {
  /** Bytes that were taken or skipped so far. */
  readonly position: () => number;
  /** Exactly so many bytes; undefined where the stream ends before. Nothing of it can be read after that. */
  readonly take: (count: number) => Promise<Uint8Array | undefined>;
  /** Passes over so many bytes; false where the stream ends before. */
  readonly skip: (count: number) => Promise<boolean>;
  /** Whether no byte is left. */
  readonly isAtEnd: () => Promise<boolean>;
}

export function readBytewise(stream: AsyncIterable<Uint8Array>): ByteReader {
  const pieces = stream[Symbol.asyncIterator]();
  let piece: Uint8Array = new Uint8Array();
  let at = 0;
  let passed = 0;
  /** Makes at least one byte available; false at the end. */
  const fill = async (): Promise<boolean> => {
    while (at >= piece.length) {
      const next = await pieces.next();
      if (next.done === true) return false;
      [piece, at] = [next.value, 0];
    }
    return true;
  };
  const skip = async (count: number): Promise<boolean> => {
    let left = count;
    while (left > 0) {
      if (!(await fill())) return false;
      const step = Math.min(left, piece.length - at);
      at += step;
      passed += step;
      left -= step;
    }
    return true;
  };
  const take = async (count: number): Promise<Uint8Array | undefined> => {
    if (piece.length - at >= count) {
      at += count;
      passed += count;
      return piece.subarray(at - count, at);
    }
    // Grown with what comes: a length in a damaged file is no reason to ask for so much memory.
    const parts: Uint8Array[] = [];
    let left = count;
    while (left > 0) {
      if (!(await fill())) return undefined;
      const part = piece.subarray(at, Math.min(piece.length, at + left));
      parts.push(part);
      at += part.length;
      passed += part.length;
      left -= part.length;
    }
    return Buffer.concat(parts);
  };
  return { position: () => passed, take, skip, isAtEnd: async () => !(await fill()) };
}

/** Hash functions of bytes that sketches and fingerprints need; none of them is a secure one. */

function rotate(x: number, bits: number): number {
  return (x << bits) | (x >>> (32 - bits));
}

function wordAt(bytes: Uint8Array, at: number): number {
  const [a = 0, b = 0, c = 0, d = 0] = [bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]];
  return a | (b << 8) | (c << 16) | (d << 24);
}

/** A block of MurmurHash3 before it is mixed in. */
function scrambleMurmur(block: number): number {
  return Math.imul(rotate(Math.imul(block, 0xcc9e2d51), 15), 0x1b873593);
}

/** MurmurHash3_x86_32 as an unsigned number. Source: A. Appleby, SMHasher (2011), public domain. */
export function murmurHash3(bytes: Uint8Array, seed = 0): number {
  const whole = bytes.length - (bytes.length % 4);
  let hash = seed | 0;
  for (let at = 0; at < whole; at += 4) {
    hash = Math.imul(rotate(hash ^ scrambleMurmur(wordAt(bytes, at)), 13), 5) + 0xe6546b64;
  }
  // Bytes beyond the end read as 0, which leaves the hash as it is.
  hash ^= scrambleMurmur(wordAt(bytes, whole));
  hash ^= bytes.length;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

const XX32 = [0x9e3779b1, 0x85ebca77, 0xc2b2ae3d, 0x27d4eb2f, 0x165667b1] as const;

/** xxHash of 32 bits as an unsigned number. Source: Y. Collet, xxHash specification 0.1.1, section XXH32. */
export function xxHash32(bytes: Uint8Array, seed = 0): number {
  const [p1, p2, p3, p4, p5] = XX32;
  let at = 0;
  let hash = (seed + p5) | 0;
  if (bytes.length >= 16) {
    const lanes = [seed + p1 + p2, seed + p2, seed, seed - p1].map((lane) => lane | 0);
    for (; at <= bytes.length - 16; at += 16) {
      lanes.forEach((lane, index) => {
        const input = Math.imul(wordAt(bytes, at + 4 * index), p2);
        lanes[index] = Math.imul(rotate((lane + input) | 0, 13), p1);
      });
    }
    hash = lanes.reduce((sum, lane, index) => (sum + rotate(lane, [1, 7, 12, 18][index] ?? 0)) | 0, 0);
  }
  hash = (hash + bytes.length) | 0;
  for (; at <= bytes.length - 4; at += 4) {
    hash = Math.imul(rotate((hash + Math.imul(wordAt(bytes, at), p3)) | 0, 17), p4);
  }
  for (; at < bytes.length; at++) {
    hash = Math.imul(rotate((hash + Math.imul(bytes[at] ?? 0, p5)) | 0, 11), p1);
  }
  hash = Math.imul(hash ^ (hash >>> 15), p2);
  hash = Math.imul(hash ^ (hash >>> 13), p3);
  return (hash ^ (hash >>> 16)) >>> 0;
}

const XX64 = [
  0x9e3779b185ebca87n,
  0xc2b2ae3d27d4eb4fn,
  0x165667b19e3779f9n,
  0x85ebca77c2b2ae63n,
  0x27d4eb2f165667c5n,
] as const;

function wrap(x: bigint): bigint {
  return BigInt.asUintN(64, x);
}

function rotateLong(x: bigint, bits: bigint): bigint {
  return wrap((x << bits) | (x >> (64n - bits)));
}

function longAt(bytes: Uint8Array, at: number): bigint {
  return BigInt(wordAt(bytes, at) >>> 0) | (BigInt(wordAt(bytes, at + 4) >>> 0) << 32n);
}

function roundLong(lane: bigint, input: bigint): bigint {
  return wrap(rotateLong(wrap(lane + input * XX64[1]), 31n) * XX64[0]);
}

/** xxHash of 64 bits. Source: Y. Collet, xxHash specification 0.1.1, section XXH64. */
export function xxHash64(bytes: Uint8Array, seed = 0n): bigint {
  const [p1, p2, p3, p4, p5] = XX64;
  let at = 0;
  let hash = wrap(seed + p5);
  if (bytes.length >= 32) {
    const lanes = [seed + p1 + p2, seed + p2, seed, seed - p1].map(wrap);
    for (; at <= bytes.length - 32; at += 32) {
      lanes.forEach((lane, index) => (lanes[index] = roundLong(lane, longAt(bytes, at + 8 * index))));
    }
    hash = lanes.reduce(
      (sum, lane, index) => wrap(sum + rotateLong(lane, [1n, 7n, 12n, 18n][index] ?? 0n)),
      0n,
    );
    for (const lane of lanes) hash = wrap((hash ^ roundLong(0n, lane)) * p1 + p4);
  }
  hash = wrap(hash + BigInt(bytes.length));
  for (; at <= bytes.length - 8; at += 8) {
    hash = wrap(rotateLong(hash ^ roundLong(0n, longAt(bytes, at)), 27n) * p1 + p4);
  }
  if (at <= bytes.length - 4) {
    hash = wrap(rotateLong(hash ^ wrap(BigInt(wordAt(bytes, at) >>> 0) * p1), 23n) * p2 + p3);
    at += 4;
  }
  for (; at < bytes.length; at++) hash = wrap(rotateLong(hash ^ wrap(BigInt(bytes[at] ?? 0) * p5), 11n) * p1);
  hash = wrap((hash ^ (hash >> 33n)) * p2);
  hash = wrap((hash ^ (hash >> 29n)) * p3);
  return hash ^ (hash >> 32n);
}

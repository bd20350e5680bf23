import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { murmurHash3, xxHash32, xxHash64 } from '../../src/statistics/hashing.ts';
import { createRandom } from '../../src/statistics/random.ts';
import {
  bandingProbability,
  bandingThreshold,
  jaccardSimilarity,
  linearCount,
  minHashError,
  wordShingles,
} from '../../src/statistics/sketches.ts';

const SEED = 0x9747b28c;

/** Of the bytes (7 i + 3) mod 256: their number, then the values of mmh3 5.3.1 and of xxhash 4.1.0 for Python. */
const VALUES = [
  [1, 2005225334, 3006164313, '662a6fef8361fe44'],
  [3, 2248405056, 2232653867, 'e62db31870f5984e'],
  [4, 3069956458, 4266862700, '3af8171e6e51a216'],
  [7, 2701947108, 3631033613, '09ba922e3508a006'],
  [15, 2856316025, 1788611809, '71580617a3858d5b'],
  [16, 2077285424, 3193196254, '00e54548f6f5cb66'],
  [17, 3936604720, 3943513162, 'c537261d222b0a53'],
  [31, 2380348343, 3522974303, '5450d0521f8c59ac'],
  [32, 1956573520, 3081040064, '10546f6ab79e9525'],
  [33, 1118175734, 860123697, '5dddac6f63bf8252'],
  [47, 2972844531, 3937960488, '2cb9bc3204cca578'],
  [63, 750676249, 598836578, '0914bed2bc907b41'],
  [64, 912201338, 2172563453, '81fdca302a643d15'],
  [100, 2957298660, 1957297656, '4d3d8eef93c9705a'],
] as const;

describe('hash functions', () => {
  it.each(VALUES)('of %d bytes are those of the reference programs', (length, murmur, short, long) => {
    const bytes = Uint8Array.from({ length }, (_, index) => 7 * index + 3);
    expect(murmurHash3(bytes, SEED)).toBe(murmur);
    expect(xxHash32(bytes, SEED)).toBe(short);
    expect(xxHash64(bytes, BigInt(SEED)).toString(16).padStart(16, '0')).toBe(long);
  });

  it('read the bytes alone, not the buffer around them', () => {
    const bytes = Uint8Array.from({ length: 50 }, (_, index) => index);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 20, max: 50 }), (from, to) => {
        const [view, copy] = [bytes.subarray(from, to), bytes.slice(from, to)];
        expect(murmurHash3(view)).toBe(murmurHash3(copy));
        expect(xxHash32(view)).toBe(xxHash32(copy));
        expect(xxHash64(view)).toBe(xxHash64(copy));
      }),
    );
  });
});

describe('sketches', () => {
  it('count the distinct items of few draws from empty registers', () => {
    const random = createRandom(6);
    const registers = new Uint8Array(1024);
    for (let item = 0; item < 400; item++) registers[random.integer(1024)] = 1;
    const empty = registers.filter((value) => value === 0).length;
    expect(linearCount(1024, empty) / 400).toBeCloseTo(1, 1);
  });

  it('band with a chance that rises from 0 to 1 around the threshold', () => {
    const similarity = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(similarity, similarity, (x, y) => {
        const [low, high] = [Math.min(x, y), Math.max(x, y)];
        expect(bandingProbability(low, 20, 5)).toBeLessThanOrEqual(bandingProbability(high, 20, 5));
        expect(bandingProbability(x, 20, 5)).toBeCloseTo(1 - (1 - x ** 5) ** 20, 12);
      }),
    );
    expect([bandingProbability(0, 20, 5), bandingProbability(1, 20, 5)]).toEqual([0, 1]);
    expect(bandingThreshold(20, 5) ** 5).toBeCloseTo(1 / 20, 12);
    expect(minHashError(1, 128)).toBe(0);
  });

  it('compare texts by their distinct runs of words', () => {
    expect(wordShingles('  a b a b ', 2)).toEqual(new Set(['a b', 'b a']));
    expect(wordShingles('a', 2).size).toBe(0);
    expect(jaccardSimilarity(new Set<string>(), new Set<string>())).toBe(1);
    expect(jaccardSimilarity(new Set([1, 2, 3]), new Set([3, 4]))).toBe(1 / 4);
  });
});

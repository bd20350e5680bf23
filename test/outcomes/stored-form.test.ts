import { gunzipSync, gzipSync } from 'node:zlib';
import { array, assert, boolean, double, float, property, uint8Array } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { UserError } from '../../src/evidence/errors.ts';
import type { Outcomes } from '../../src/outcomes/outcomes.ts';
import { decodeOutcomes, encodeOutcomes } from '../../src/outcomes/stored-form.ts';
import { binaryOutcomes, multiclassOutcomes, regressionOutcomes } from './outcomes-of.ts';

function roundTrip(outcomes: Outcomes): Outcomes {
  return decodeOutcomes(encodeOutcomes(outcomes), 'stored.gz');
}

/** The stored form with its header or its columns changed. */
function tamper(
  outcomes: Outcomes,
  change: (header: Record<string, unknown>) => Record<string, unknown>,
  columns: (bytes: Buffer) => Buffer = (bytes) => bytes,
): Uint8Array {
  const content = gunzipSync(encodeOutcomes(outcomes));
  const end = content.indexOf(0x0a);
  const header = JSON.parse(content.subarray(0, end).toString()) as Record<string, unknown>;
  const line = Buffer.from(`${JSON.stringify(change(header))}\n`);
  return gzipSync(Buffer.concat([line, columns(content.subarray(end + 1))]));
}

function messageOf(bytes: Uint8Array): string {
  try {
    decodeOutcomes(bytes, 'stored.gz');
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
  return 'nothing was thrown';
}

function cut(bytes: Buffer): Buffer {
  return bytes.subarray(0, -1);
}

function same(header: Record<string, unknown>): Record<string, unknown> {
  return header;
}

const BINARY = binaryOutcomes([0, 1, 1, 0, 1], [0.1, 0.9, 0.3, 1, 0]);
const MULTICLASS = multiclassOutcomes(['owl', 'gull', 'owl'], ['owl', 'owl', 'hawk']);

describe('the stored form of outcomes', () => {
  test('keeps everything but the ids', () => {
    for (const outcomes of [
      BINARY,
      { ...BINARY, score: undefined },
      MULTICLASS,
      regressionOutcomes([1, -2.5], [0, 1e300]),
    ]) {
      expect(roundTrip(outcomes)).toEqual({ ...outcomes, ids: undefined });
    }
    expect(Buffer.from(encodeOutcomes(BINARY)).includes('e000001')).toBe(false);
    expect(gunzipSync(encodeOutcomes(BINARY)).includes('e000001')).toBe(false);
  });

  test('keeps scores to the last bit, whether they fit 32 bits or not', () => {
    const probability = { min: 0, max: 1, noNaN: true };
    assert(
      property(array(double(probability), { minLength: 1, maxLength: 50 }), (score) => {
        const outcomes = binaryOutcomes(
          score.map((_, row) => row % 2),
          score,
        );
        expect(roundTrip(outcomes)).toEqual({ ...outcomes, ids: undefined });
      }),
      { seed: 11 },
    );
    assert(
      property(array(float(probability), { minLength: 1, maxLength: 50 }), (score) => {
        const outcomes = binaryOutcomes(
          score.map(() => 1),
          score,
        );
        expect(roundTrip(outcomes)).toEqual({ ...outcomes, ids: undefined });
      }),
      { seed: 12 },
    );
  });

  test('is the same for the same outcomes, and takes four bytes for a score of 32 bits', () => {
    expect(encodeOutcomes(BINARY)).toEqual(encodeOutcomes(BINARY));
    const n = 20_000;
    const score = Array.from({ length: n }, (_, row) => Math.fround(((row * 7919) % 10_007) / 10_007));
    const bytes = encodeOutcomes(
      binaryOutcomes(
        score.map((_, row) => row % 2),
        score,
      ),
    );
    expect(bytes.length).toBeLessThan(4.3 * n);
  });

  test('of another version, format or task is refused by name', () => {
    expect(messageOf(tamper(BINARY, (header) => ({ ...header, version: 2 })))).toMatch(
      /stored\.gz .*version 2, not 1/,
    );
    expect(messageOf(tamper(BINARY, (header) => ({ ...header, format: 'other' })))).toMatch(/another format/);
    expect(messageOf(tamper(BINARY, (header) => ({ ...header, task: 'ranking' })))).toMatch(
      /header is invalid/,
    );
    expect(messageOf(gzipSync('[]\n'))).toMatch(/another format/);
    expect(messageOf(gzipSync('{"format"\n'))).toMatch(/not JSON/);
    expect(messageOf(gzipSync('no line'))).toMatch(/no header/);
    expect(messageOf(Buffer.from('not gzip'))).toMatch(/not whole gzip/);
    expect(messageOf(encodeOutcomes(BINARY).subarray(0, 60))).toMatch(/not whole gzip/);
  });

  test.each([
    ['no rows', { n: 0 }],
    ['a fraction of rows', { n: 2.5 }],
    ['more rows than fit', { n: 1e12 }],
    ['a digest that is none', { idsDigest: 'x' }],
    ['labels that are no texts', { labels: [0, 1] }],
    ['labels twice', { labels: ['a', 'a'] }],
    ['a column of another name', { columns: [{ name: '__proto__', type: 'bit' }] }],
    ['a column of another type', { columns: [{ name: 'target', type: 'f16' }] }],
  ])('with %s is refused', (_what, change) => {
    expect(messageOf(tamper(BINARY, (header) => ({ ...header, ...change })))).toMatch(/header is invalid/);
  });

  test('with columns that do not fit is refused', () => {
    expect(messageOf(tamper(BINARY, same, cut))).toMatch(/cut short/);
    expect(messageOf(tamper(BINARY, same, (bytes) => Buffer.concat([bytes, Buffer.alloc(1)])))).toMatch(
      /follow/,
    );
    expect(messageOf(tamper(BINARY, (header) => ({ ...header, labels: ['a'] })))).toMatch(/not binary/);
    expect(
      messageOf(
        tamper(BINARY, same, (bytes) =>
          Buffer.concat([bytes.subarray(0, 2), Buffer.alloc(bytes.length - 2, 0xff)]),
        ),
      ),
    ).toMatch(/no probability/);
    expect(messageOf(tamper(MULTICLASS, (header) => ({ ...header, labels: ['a', 'b'] })))).toMatch(
      /label is out of range/,
    );
    expect(
      messageOf(tamper(regressionOutcomes([1], [2]), same, (bytes) => Buffer.alloc(bytes.length, 0xff))),
    ).toMatch(/not finite/);
    expect(
      messageOf(
        tamper(
          BINARY,
          (header) => ({ ...header, columns: [] }),
          () => Buffer.alloc(0),
        ),
      ),
    ).toMatch(/not binary/);
  });

  test('never crashes on bytes that are anything', () => {
    assert(
      property(uint8Array({ maxLength: 300 }), boolean(), (bytes, packed) => {
        expect(messageOf(packed ? gzipSync(bytes) : bytes)).toMatch(/holds no outcomes/);
      }),
      { seed: 13 },
    );
  });
});

import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { digestIds, digestTestSet } from '../../src/outcomes/digest-test-set.ts';
import { packTexts } from '../../src/outcomes/packed-texts.ts';

function prefixed(text: string): Buffer {
  const bytes = Buffer.from(text);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(bytes.length);
  return Buffer.concat([length, bytes]);
}

describe('digests of a test set', () => {
  test('are SHA-256 over length-prefixed texts', () => {
    const ids = ['a', 'ö', '😀', ''];
    const expected = createHash('sha256').update(
      Buffer.concat([Buffer.from('mlgate-ids-1\0'), ...ids.map(prefixed)]),
    );
    expect(digestIds(packTexts(ids))).toBe(expected.digest('hex'));
  });

  test('tell apart what only joins alike', () => {
    expect(digestIds(packTexts(['ab', 'c']))).not.toBe(digestIds(packTexts(['a', 'bc'])));
    expect(digestIds(packTexts(['a']))).not.toBe(digestIds(packTexts(['a', ''])));
    const ids = packTexts(['a', 'b']);
    expect(digestTestSet(ids, () => Buffer.from('1'))).not.toBe(
      digestTestSet(ids, (row) => Buffer.from(String(row))),
    );
    expect(digestTestSet(packTexts([]), () => Buffer.of())).not.toBe(digestIds(packTexts([])));
  });

  test('are the same across the boundaries of the buffer', () => {
    const long = 'x'.repeat(2_000_000);
    const ids = [long, 'b', ...Array.from({ length: 300_000 }, (_, row) => `id-${row}`)];
    const expected = createHash('sha256').update('mlgate-ids-1\0');
    for (const id of ids) expected.update(prefixed(id));
    expect(digestIds(packTexts(ids))).toBe(expected.digest('hex'));
  });
});

import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { digestIds, digestTestSet } from '../../src/outcomes/digest-test-set.ts';
import { packTexts } from '../../src/outcomes/packed-texts.ts';

const IDS = digestIds(packTexts(['a', 'b', 'c']));

describe('digests of a test set', () => {
  test('of ids are SHA-256 over where each ends, and their bytes', () => {
    const ends = Buffer.alloc(12);
    [1, 3, 7].forEach((end, row) => ends.writeUInt32LE(end, 4 * row));
    const expected = createHash('sha256').update(
      Buffer.concat([Buffer.from('mlgate-ids-2\x003\0'), ends, Buffer.from('aö😀')]),
    );
    expect(digestIds(packTexts(['a', 'ö', '😀']))).toBe(expected.digest('hex'));
  });

  test('tell apart what only joins alike', () => {
    expect(digestIds(packTexts(['ab', 'c']))).not.toBe(digestIds(packTexts(['a', 'bc'])));
    expect(digestIds(packTexts(['a']))).not.toBe(digestIds(packTexts(['a', ''])));
  });

  test('of targets change with each of them, and with the ids', () => {
    const labels = ['x', 'y', 'z'];
    const own = digestTestSet(IDS, { codes: Uint8Array.of(0, 1, 1), labels });
    expect(digestTestSet(IDS, { codes: Uint8Array.of(0, 1, 2), labels })).not.toBe(own);
    expect(digestTestSet(IDS, { codes: Uint8Array.of(0, 1, 1), labels: ['x', 'z', 'y'] })).not.toBe(own);
    expect(
      digestTestSet(digestIds(packTexts(['a', 'b', 'd'])), { codes: Uint8Array.of(0, 1, 1), labels }),
    ).not.toBe(own);
    expect(digestTestSet(IDS, { values: Float64Array.of(0, 1, 1) })).not.toBe(
      digestTestSet(IDS, { values: Float64Array.of(0, 1, 2) }),
    );
  });

  test('are the same whatever else a model predicts, and however zero is signed', () => {
    const own = digestTestSet(IDS, { codes: Uint16Array.of(0, 1, 1), labels: ['x', 'y'] });
    expect(digestTestSet(IDS, { codes: Uint16Array.of(1, 3, 3), labels: ['w', 'x', 'xx', 'y'] })).toBe(own);
    expect(digestTestSet(IDS, { values: Float64Array.of(-0, 1, 1) })).toBe(
      digestTestSet(IDS, { values: Float64Array.of(0, 1, 1) }),
    );
  });
});

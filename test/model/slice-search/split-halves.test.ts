import fc from 'fast-check';
import { expect, test } from 'vitest';
import { splitHalves } from '../../../src/model/slice-search/split-halves.ts';
import { packTexts } from '../../../src/outcomes/packed-texts.ts';

const ids = fc.uniqueArray(fc.string({ minLength: 1 }), { maxLength: 60 });

test('each usable row is in one half, and all of a group in the same', () => {
  fc.assert(
    fc.property(ids, fc.nat({ max: 8 }), fc.nat(), (texts, modulus, seed) => {
      const groups = Uint32Array.from(texts, (_, row) => row % (modulus + 1));
      const outcomes = { n: texts.length, ids: packTexts(texts), groups };
      const { finding, confirming } = splitHalves(outcomes, (row) => row % 3 !== 0, seed);
      expect([...finding, ...confirming].sort((a, b) => a - b)).toEqual(
        texts.map((_, row) => row).filter((row) => row % 3 !== 0),
      );
      const inFinding = new Set(Array.from(finding, (row) => groups[row]));
      expect(Array.from(confirming, (row) => groups[row]).filter((group) => inFinding.has(group))).toEqual(
        [],
      );
    }),
  );
});

function listFinding(own: readonly string[]): readonly string[] {
  const { finding } = splitHalves({ n: own.length, ids: packTexts(own), groups: undefined }, () => true, 7);
  return Array.from(finding, (row) => own[row] ?? '');
}

test('an example stays in its half when others go', () => {
  const texts = Array.from({ length: 200 }, (_, row) => `id-${row}`);
  const fewer = texts.filter((_, row) => row % 5 !== 0);
  expect(listFinding(fewer)).toEqual(listFinding(texts).filter((id) => fewer.includes(id)));
  expect(listFinding(texts).length).toBeGreaterThan(60);
  expect(listFinding(texts).length).toBeLessThan(140);
});

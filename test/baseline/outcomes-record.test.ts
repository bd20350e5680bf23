import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { outcomesRef } from '../../src/baseline/layout.ts';
import {
  parseOutcomesRecord,
  printOutcomesRecord,
  type OutcomesEntry,
} from '../../src/baseline/outcomes-record.ts';

const COMMIT = '1'.repeat(40);
const HEX = fc.stringMatching(/^[0-9a-f]{64}$/u);
const TIME = fc.date({ min: new Date('2020-01-01'), max: new Date('2090-01-01'), noInvalidDate: true });

const ENTRY: fc.Arbitrary<OutcomesEntry> = fc
  .record({
    model: fc.string(),
    testSet: HEX,
    sha256: HEX,
    bytes: fc.nat(),
    time: TIME,
    reason: fc.string(),
    lost: fc.boolean(),
  })
  .map(({ time, reason, lost, ...facts }) =>
    lost
      ? { ...facts, kept: 'none', reason }
      : { ...facts, kept: 'ref', ref: outcomesRef(facts.testSet, COMMIT, time) },
  );

describe('the record of outcomes', () => {
  it('comes back as it was written', () => {
    fc.assert(
      fc.property(fc.array(ENTRY), (entries) => {
        expect(parseOutcomesRecord(printOutcomesRecord(entries), COMMIT)).toEqual(entries);
      }),
    );
  });

  it('is nothing for another commit, and whatever else stands there never throws', () => {
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.string()), (text) => {
        const read = parseOutcomesRecord(text, COMMIT);
        expect(read === undefined || read.every(({ sha256 }) => sha256.length === 64)).toBe(true);
      }),
    );
    const entry: OutcomesEntry = {
      model: 'churn',
      testSet: 'a'.repeat(64),
      sha256: 'b'.repeat(64),
      bytes: 1,
      kept: 'ref',
      ref: outcomesRef('a'.repeat(64), COMMIT, new Date('2026-11-02T12:00:00Z')),
    };
    expect(parseOutcomesRecord(printOutcomesRecord([entry]), '2'.repeat(40))).toBeUndefined();
    const other = { ...entry, testSet: 'c'.repeat(64) };
    expect(parseOutcomesRecord(printOutcomesRecord([other]), COMMIT)).toBeUndefined();
  });
});

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toCanonicalJson } from '../../src/evidence/canonical-json.ts';
import { digestJson } from '../../src/evidence/digest.ts';
import {
  appendRecord,
  EMPTY_LEDGER,
  listClaims,
  NO_PREVIOUS,
  parseLedger,
  printLedger,
  type Ledger,
  type LedgerRecord,
} from '../../src/promotion/ledger.ts';
import type { LedgerEntry } from '../../src/schemas/ledger-entry.generated.ts';
import { DIGEST, OTHER_DIGEST } from './cases.ts';

const CLAIM: LedgerRecord = {
  time: '2026-11-21T10:00:00Z',
  action: 'claim',
  model: 'churn',
  modelVersion: '1.0.0',
  stage: 'production',
  subject: DIGEST,
  evidence: OTHER_DIGEST,
  tags: ['churn@v1.0.0', 'churn#production#1'],
  actor: 'octocat',
  reason: 'Weekly release: “überfällig” 🚀.',
};

function build(records: readonly LedgerRecord[]): Ledger {
  return records.reduce((ledger, record) => appendRecord(ledger, record).ledger, EMPTY_LEDGER);
}

const GOOD = build([
  CLAIM,
  { ...CLAIM, action: 'confirm', claims: 1 },
  { ...CLAIM, modelVersion: '1.1.0', from: DIGEST, tags: ['churn#production#2'] },
  { ...CLAIM, modelVersion: '1.1.0', action: 'abandon', claims: 3, reason: 'The tags were taken.' },
]);

function linesOf(ledger: Ledger): string[] {
  return printLedger(ledger).trimEnd().split('\n');
}

function read(lines: readonly string[]) {
  return parseLedger(`${lines.join('\n')}\n`);
}

/** The entry of a line with changes and a fresh hash: what somebody who knows the format would write. */
function forge(line: string | undefined, changes: Partial<LedgerEntry>): string {
  const { hash: _, ...content } = { ...(JSON.parse(line ?? '') as LedgerEntry), ...changes };
  return toCanonicalJson({ ...content, hash: digestJson(content) });
}

describe('parseLedger', () => {
  it('reads what printLedger wrote', () => {
    expect(parseLedger(printLedger(GOOD))).toEqual({ kind: 'sound', ledger: GOOD });
    expect(parseLedger('')).toEqual({ kind: 'sound', ledger: EMPTY_LEDGER });
    expect(GOOD.entries.map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4]);
    expect(GOOD.entries[0]?.previous).toBe(NO_PREVIOUS);
    expect(GOOD.entries[3]?.previous).toBe(GOOD.entries[2]?.hash);
  });

  it.each<[string, (lines: string[]) => readonly string[], number, RegExp]>([
    ['an entry taken out', (lines) => lines.toSpliced(1, 1), 2, /its number is 3 where 2 is due/],
    [
      'an entry doubled',
      (lines) => lines.toSpliced(1, 0, lines[0] ?? ''),
      2,
      /its number is 1 where 2 is due/,
    ],
    [
      'a changed word',
      (lines) => lines.with(2, (lines[2] ?? '').replace('Weekly', 'Hourly')),
      3,
      /its content has the hash [0-9a-f]{12}, but it says [0-9a-f]{12}: it was changed/,
    ],
    [
      'a changed entry with a fresh hash',
      (lines) => lines.with(0, forge(lines[0], { actor: 'mallory' })),
      2,
      /it follows an entry with hash [0-9a-f]{12}, but the one before has/,
    ],
    ['no JSON', (lines) => lines.with(1, 'x'), 2, /the line is not JSON/],
    ['an empty line', (lines) => lines.toSpliced(1, 0, ''), 2, /the line is not JSON/],
    ['another schema', (lines) => lines.with(0, '{"version":1}'), 1, /it is no ledger entry/],
    ['blanks', (lines) => lines.with(0, (lines[0] ?? '').replace(',', ', ')), 1, /not canonical JSON/],
    [
      'a key that stands twice',
      (lines) => lines.with(0, (lines[0] ?? '').replace('{', '{"action":"claim",')),
      1,
      /not canonical JSON/,
    ],
    [
      'a confirmation of nothing',
      (lines) => [...lines.slice(0, 1), forge(lines[1], { claims: 7 })],
      2,
      /it settles claim 7, which does not exist/,
    ],
    [
      'a confirmation about something else',
      (lines) => [...lines.slice(0, 1), forge(lines[1], { stage: 'staging' })],
      2,
      /it settles claim 1, which is about something else/,
    ],
    [
      'a second confirmation',
      (lines) => [
        ...lines.slice(0, 2),
        forge(lines[1], { sequence: 3, previous: GOOD.entries[1]?.hash ?? '', action: 'abandon' }),
      ],
      3,
      /claim 1 is confirmed already/,
    ],
  ])('names the first broken entry: %s', (_what, change, line, reason) => {
    const reading = read(change(linesOf(GOOD)));
    expect(reading).toMatchObject({ kind: 'broken', line, reason: expect.stringMatching(reason) });
  });

  it('notices a line that was cut off', () => {
    const text = printLedger(GOOD);
    expect(parseLedger(text.slice(0, -1))).toEqual({
      kind: 'broken',
      line: 4,
      reason: 'the line is cut off',
    });
    expect(parseLedger(text.slice(0, -10))).toMatchObject({ kind: 'broken' });
  });

  it('never passes for sound when one byte changes', () => {
    const bytes = Buffer.from(printLedger(GOOD));
    const broken = fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 127 }), (at, flip) => {
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ flip;
      return parseLedger(changed.toString('utf8')).kind === 'broken';
    });
    expect(fc.check(broken, { numRuns: 300 }).failed).toBe(false);
  });

  it('reads ten thousand entries', () => {
    const records = Array.from({ length: 5000 }, (_, index) => [
      CLAIM,
      { ...CLAIM, action: 'confirm', claims: 2 * index + 1 } as const,
    ]).flat();
    const entries: LedgerEntry[] = [];
    for (const record of records) {
      const { entry } = appendRecord({ entries, head: entries.at(-1)?.hash ?? NO_PREVIOUS }, record);
      entries.push(entry);
    }
    const reading = parseLedger(printLedger({ entries, head: '' }));
    expect(reading.kind === 'sound' ? reading.ledger.entries.length : reading).toBe(10_000);
  });
});

describe('listClaims', () => {
  it('says what became of each', () => {
    const open = appendRecord(GOOD, CLAIM).ledger;
    expect(listClaims(open).map(({ claim, state }) => [claim.sequence, state])).toEqual([
      [1, 'confirmed'],
      [3, 'abandoned'],
      [5, 'open'],
    ]);
  });

  it('lets a confirmation overrule an abandonment, and nothing else', () => {
    const late = appendRecord(GOOD, { ...CLAIM, modelVersion: '1.1.0', action: 'confirm', claims: 3 }).ledger;
    expect(parseLedger(printLedger(late)).kind).toBe('sound');
    expect(listClaims(late).map(({ state }) => state)).toEqual(['confirmed', 'confirmed']);
    const twice = appendRecord(GOOD, {
      ...CLAIM,
      modelVersion: '1.1.0',
      action: 'abandon',
      claims: 3,
    }).ledger;
    expect(parseLedger(printLedger(twice))).toMatchObject({
      line: 5,
      reason: 'claim 3 is abandoned already',
    });
  });
});

describe('appendRecord', () => {
  it('refuses what breaks the schema', () => {
    expect(() => appendRecord(EMPTY_LEDGER, { ...CLAIM, reason: '' })).toThrow(TypeError);
    expect(() => appendRecord(EMPTY_LEDGER, { ...CLAIM, subject: 'x' })).toThrow(TypeError);
  });
});

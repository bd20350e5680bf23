import { describe, expect, it } from 'vitest';
import {
  checkClaimedBaseline,
  comparesWithMain,
  type KnownBaseline,
} from '../../src/chain/check-claimed-baseline.ts';
import { parseConfig } from '../../src/config/parse-config.ts';
import type { BaselineUsed, Drift, Evidence, Metric } from '../../src/schemas/evidence.generated.ts';
import { evidenceOf } from '../baseline/evidence.ts';

const MAIN = 'a'.repeat(40);
const OLDER = 'b'.repeat(40);
const RECORD = evidenceOf(MAIN);
/** Long after main's evidence was made. */
const LATER = new Date('2026-11-03T08:00:00Z');

function known(changes: Partial<KnownBaseline> = {}): KnownBaseline {
  return {
    found: {
      used: { rung: 'exact', commit: MAIN, evidence: RECORD.digest, tried: [] },
      evidence: RECORD,
      outcomes: new Map(),
    },
    named: { kind: 'sound', evidence: RECORD },
    startedAt: LATER,
    ...changes,
  };
}

function claim(baseline: BaselineUsed | undefined, value = 0.9): Evidence {
  const metrics = RECORD.body.metrics.map((metric): Metric => ({
    ...metric,
    value: 0.91,
    comparison: { baseline: value, difference: 0.91 - value, method: 'paired' },
  }));
  return evidenceOf('c'.repeat(40), {
    body: { metrics, ...(baseline === undefined ? {} : { baseline }) },
    source: { event: 'pull_request' },
  });
}

const HONEST: BaselineUsed = { rung: 'exact', commit: MAIN, evidence: RECORD.digest, tried: [] };

function problemOf(evidence: Evidence, facts = known()): string | undefined {
  const judged = checkClaimedBaseline(evidence, facts);
  const check = judged.body.checks.find(({ id }) => id === 'baseline/claim');
  if (check === undefined) return undefined;
  expect(judged.body.verdict).toBe('fail');
  expect(check).toMatchObject({ verdict: 'fail', reason: 'baseline-contradicted' });
  return check.message;
}

function claimDrift(drift: Drift, record: Evidence): string | undefined {
  const used: BaselineUsed = { ...HONEST, evidence: record.digest };
  const found = { used, evidence: record, outcomes: new Map<string, Uint8Array>() };
  const facts = known({ found, named: { kind: 'sound', evidence: record } });
  return problemOf(evidenceOf('c'.repeat(40), { body: { baseline: used, drifts: [drift] } }), facts);
}

const ask = (dataset: object): boolean => {
  const data = {
    train: { path: 't.csv', schema: 't.json' },
    d: { path: 'd.csv', schema: 'd.json', ...dataset },
  };
  return comparesWithMain(parseConfig(JSON.stringify({ version: 1, data }), 'mlgate.yml').config);
};

describe('comparesWithMain', () => {
  it('is so of data that are held against what main recorded', () => {
    expect(ask({ drift: { against: 'baseline' } })).toBe(true);
    expect(ask({ skew: { against: 'baseline' } })).toBe(true);
    expect(ask({ diff: { key: ['id'] } })).toBe(true);
    expect(ask({ drift: { against: 'train' } })).toBe(false);
    expect(ask({})).toBe(false);
  });
});

describe('what untrusted evidence says of main', () => {
  it('is left alone where main says the same', () => {
    const evidence = claim(HONEST);
    expect(checkClaimedBaseline(evidence, known())).toBe(evidence);
    // Scores may have been kept in 32 bits.
    expect(problemOf(claim(HONEST, 0.900_000_04))).toBeUndefined();
  });

  it.each<[string, BaselineUsed | undefined]>([
    ['says nothing of a baseline', undefined],
    ['says that there is none', { rung: 'none', tried: [] }],
    ['takes a file instead', { rung: 'file', path: 'mine.json', tried: [] }],
  ])('fails where it %s', (_what, baseline) => {
    expect(problemOf(claim(baseline))).toContain('the branch has one of aaaaaaaaaaaa');
  });

  it('is believed where the record may have come after the run began, or there is none', () => {
    const none: BaselineUsed = { rung: 'none', tried: [] };
    const early = known({ startedAt: new Date('2026-11-02T08:10:00Z') });
    expect(problemOf(claim(none), early)).toBeUndefined();
    const found = { used: none, evidence: undefined, outcomes: new Map<string, Uint8Array>() };
    expect(problemOf(claim(none), known({ found, named: undefined }))).toBeUndefined();
  });

  it('fails where it names a record that is not on the branch, or another text of it', () => {
    expect(problemOf(claim(HONEST), known({ named: undefined }))).toContain('does not hold');
    const other = { ...HONEST, evidence: '1'.repeat(64) };
    expect(problemOf(claim(other))).toContain('does not hold');
  });

  it('fails where it passes over the better baseline', () => {
    const record = evidenceOf(OLDER);
    const older: BaselineUsed = { rung: 'newest', commit: OLDER, evidence: record.digest, tried: [] };
    const facts = known({ named: { kind: 'sound', evidence: record } });
    expect(problemOf(claim(older), facts)).toContain('the baseline of this change is aaaaaaaaaaaa');
  });

  it('fails where its numbers of main are others', () => {
    expect(problemOf(claim(HONEST, 0.85))).toContain('other numbers of the baseline');
  });

  const PROFILE = { dataset: 'd', rows: 100, columns: [] };
  const DRIFT = {
    dataset: 'd',
    comparator: 'drift',
    against: { kind: 'baseline', name: 'main' },
    rows: 90,
    referenceRows: 100,
    columns: [],
  } as const;
  const withProfile = evidenceOf(MAIN, { body: { profiles: [PROFILE] } });

  it('fails where drift is measured against what main did not record', () => {
    const lost = { ...DRIFT, referenceRows: 0, unavailable: 'not-in-baseline' } as const;
    expect(claimDrift(DRIFT, withProfile)).toBeUndefined();
    expect(claimDrift({ ...DRIFT, referenceRows: 99 }, withProfile)).toContain(
      '99 rows of main; main recorded 100',
    );
    expect(claimDrift(lost, withProfile)).toContain('against no rows of main; main recorded 100 rows');
    expect(claimDrift(lost, RECORD)).toBeUndefined();
    expect(claimDrift(DRIFT, RECORD)).toContain('main recorded no rows');
    const elsewhere = { ...DRIFT, referenceRows: 7, against: { kind: 'dataset', name: 'train' } } as const;
    expect(claimDrift(elsewhere, withProfile)).toBeUndefined();
  });
});

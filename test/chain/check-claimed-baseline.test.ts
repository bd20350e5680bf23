import { describe, expect, it } from 'vitest';
import { checkClaimedBaseline, type KnownBaseline } from '../../src/chain/check-claimed-baseline.ts';
import type { BaselineUsed, Evidence, Metric } from '../../src/schemas/evidence.generated.ts';
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
});

import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../../src/config/parse-config.ts';
import { judgeDiffs, listDiffGates } from '../../../src/data/diff/judge-diffs.ts';
import type { DataDiff } from '../../../src/schemas/evidence.generated.ts';

const DIFF: DataDiff = {
  dataset: 'd',
  against: 'd.csv at 1234567',
  key: ['id'],
  rows: 110,
  rowsBefore: 100,
  added: 15,
  removed: 5,
  changed: 1,
  unchanged: 94,
  columns: [],
};

function judge(...diffs: readonly DataDiff[]) {
  const diff = { key: ['id'], 'max-added': '20%' };
  const config = { version: 1, data: { d: { path: 'd.csv', schema: 'd.json', diff } } };
  const { config: parsed, locate } = parseConfig(JSON.stringify(config), 'mlgate.yml');
  const gates = listDiffGates(parsed, locate);
  return judgeDiffs({ gates, diffs, baseline: { rung: 'exact', tried: [] }, missing: 'fail' })[0];
}

describe('bounds on changed rows', () => {
  it('pass within what is allowed', () => {
    expect(judge(DIFF)).toMatchObject({ verdict: 'pass', observed: 0.15 });
  });

  it.each<[string, readonly DataDiff[]]>([
    ['is missing', []],
    ['is there twice', [DIFF, { ...DIFF, rows: 195, added: 100 }]],
    ['counts more rows than the table gained', [{ ...DIFF, added: 1 }]],
    ['counts fewer rows than main had', [{ ...DIFF, rowsBefore: 100_000 }]],
  ])('fail where the difference %s', (_what, diffs) => {
    expect(judge(...diffs)).toMatchObject({ verdict: 'fail', reason: 'missing' });
  });

  it('are undecided where rows were known by another key', () => {
    expect(judge({ ...DIFF, key: ['id', 'day'] })).toMatchObject({
      verdict: 'inconclusive',
      reason: 'policy-changed',
    });
  });
});

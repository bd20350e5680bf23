import { describe, expect, it } from 'vitest';
import { listDrifts } from '../../../src/report/view/details/drifts.ts';
import type { Check, ColumnDrift, EvidenceBody } from '../../../src/schemas/evidence.generated.ts';
import { readGoldenCase } from '../golden-cases.ts';

function tell(found: Partial<ColumnDrift>, checks: readonly Check[] = []): string | undefined {
  const column: ColumnDrift = {
    column: 'age',
    aspect: 'values',
    kind: 'numeric',
    method: 'wasserstein',
    value: 0.05,
    threshold: 0.1,
    nullQuantile: 0.02,
    p: 0.5,
    q: 0.5,
    edges: [0, 1, 2],
    reference: [500, 500],
    current: [500, 500],
    ...found,
  };
  const body: EvidenceBody = {
    ...readGoldenCase('all-pass').evidence.body,
    checks,
    drifts: [
      {
        dataset: 'customers',
        comparator: 'drift',
        against: { kind: 'baseline', name: 'main' },
        rows: 1000,
        referenceRows: 1000,
        columns: [column],
      },
    ],
  };
  return listDrifts(body)[0]?.rows[0]?.[1];
}

const confirming: Check = {
  id: 'data/customers/age/drift',
  name: 'COMPARATOR_DISTANCE_HIGH',
  about: { dataset: 'customers', column: 'age' },
  verdict: 'fail',
  severity: 'warn',
  message: 'It moved.',
};

describe('the column "Drifted"', () => {
  it('says no of a small distance where chance alone stays below the threshold', () => {
    expect(tell({})).toBe('no');
  });

  it('does not say no where chance alone goes beyond the threshold, or nothing could be measured', () => {
    expect(tell({ nullQuantile: 0.12 })).toBe('? too few rows');
    expect(tell({ value: null, nullQuantile: null })).toBe('? not sure');
  });

  it('says yes of what a check confirms, and of nothing else', () => {
    expect(tell({ value: 0.3 }, [confirming])).toBe('✗ yes');
    expect(tell({ value: 0.3 })).toBe('? not sure');
  });
});

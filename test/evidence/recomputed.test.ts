import { describe, expect, it } from 'vitest';
import { findWeakRecomputation, readBinding } from '../../src/evidence/recomputed.ts';
import type { EvidenceBody, Recomputed, Subject } from '../../src/schemas/evidence.generated.ts';
import { evidenceOf } from './cases.ts';

const RECOMPUTED: Recomputed = { rows: 200, agreeing: 200, tolerance: 1e-5, runtime: 'onnxruntime 1.30.0' };

function subjectOf(changes: Partial<Subject> = {}): Subject {
  return {
    name: 'churn',
    sha256: 'a'.repeat(64),
    bytes: 1,
    format: 'onnx',
    binding: 'recomputed',
    recomputed: RECOMPUTED,
    ...changes,
  };
}

describe('a binding', () => {
  it('is what the evidence bears out, not what it says', () => {
    expect(readBinding(subjectOf())).toBe('recomputed');
    expect(readBinding(subjectOf({ binding: 'declared' }))).toBe('declared');
    expect(readBinding(subjectOf({ recomputed: { ...RECOMPUTED, agreeing: 199 } }))).toBe('none');
    expect(readBinding(subjectOf({ recomputed: { ...RECOMPUTED, rows: 0, agreeing: 0 } }))).toBe('none');
    const { recomputed: _recomputed, ...bare } = subjectOf();
    expect(readBinding(bare)).toBe('none');
  });
});

function sized(rows: number): Partial<EvidenceBody> {
  return {
    inputs: [{ role: 'predictions', name: 'churn', path: 'p.csv', sha256: 'b'.repeat(64), bytes: 1, rows }],
  };
}

describe('a recomputation', () => {
  const wanted = { rows: 200, tolerance: 1e-5 };

  function weakness(
    recomputed: Partial<Recomputed>,
    changes: Partial<EvidenceBody> = {},
  ): string | undefined {
    const subjects = [subjectOf({ recomputed: { ...RECOMPUTED, ...recomputed } })];
    return findWeakRecomputation(evidenceOf({ subjects, ...changes }), 'churn', wanted);
  }

  it('must be as large and as strict as the config asks', () => {
    expect(weakness({})).toBeUndefined();
    expect(weakness({ rows: 500, agreeing: 500, tolerance: 1e-7 })).toBeUndefined();
    expect(weakness({ agreeing: 100 })).toBe('100 of 200 answers agree');
    expect(weakness({ tolerance: 0.5 })).toBe('answers may differ by 0.5');
    expect(weakness({ rows: 20, agreeing: 20 })).toBe('20 examples were run');
    expect(weakness({}, { subjects: [subjectOf({ binding: 'none' })] })).toBe('its binding is `none`');
    expect(weakness({}, { subjects: [] })).toBe('the model was not run');
  });

  it('of a small test set is of all of it', () => {
    expect(weakness({ rows: 20, agreeing: 20 }, sized(20))).toBeUndefined();
    expect(weakness({ rows: 20, agreeing: 20 }, sized(21))).toBe('20 examples were run');
  });
});

import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/evidence/errors.ts';
import { parseEvidence, printEvidence } from '../../src/evidence/evidence.ts';
import { mergeEvidence } from '../../src/evidence/merge-evidence.ts';
import type { Input, Subject } from '../../src/schemas/evidence.generated.ts';
import { checkOf, evidenceOf, metricOf, POLICY } from './cases.ts';

const INPUT: Input = { role: 'dataset', name: 'customers', path: 'a.csv', sha256: '1'.repeat(64), bytes: 3 };
const SUBJECT: Subject = {
  name: 'churn',
  sha256: '2'.repeat(64),
  bytes: 9,
  format: 'onnx',
  path: 'churn.onnx',
  binding: 'declared',
};

describe('mergeEvidence', () => {
  it('puts the parts together in their order, each thing once', () => {
    const data = evidenceOf({ inputs: [INPUT], notes: ['a', 'b'] }, { durationSeconds: 1 });
    const model = evidenceOf(
      {
        checks: [checkOf('model/churn/x')],
        inputs: [INPUT],
        subjects: [SUBJECT],
        metrics: [metricOf('accuracy')],
        notes: ['b'],
      },
      { durationSeconds: 2, createdAt: '2026-11-03T12:00:09Z' },
    );
    const merged = mergeEvidence([data, model]);
    expect(merged.body.checks.map(({ id }) => id)).toEqual(['data/customers/age/MIN', 'model/churn/x']);
    expect(merged.body.inputs).toEqual([INPUT]);
    expect(merged.body.subjects).toEqual([SUBJECT]);
    expect(merged.body.notes).toEqual(['a', 'b']);
    expect(merged.durationSeconds).toBe(3);
    expect(merged.createdAt).toBe('2026-11-03T12:00:09Z');
    expect(merged.source).toEqual(data.source);
    expect(parseEvidence(printEvidence(merged), 'merged')).toEqual(merged);
  });

  it('of one part is that part', () => {
    const part = evidenceOf({ metrics: [metricOf('accuracy')] });
    expect(mergeEvidence([part])).toEqual(part);
  });

  it('keeps the worse of two answers to one question, whichever comes first', () => {
    const good = evidenceOf({ checks: [checkOf('a')] });
    const bad = evidenceOf({ checks: [checkOf('a', { verdict: 'fail' })], verdict: 'fail' });
    for (const parts of [
      [good, bad],
      [bad, good],
    ]) {
      const merged = mergeEvidence(parts);
      expect(merged.body.checks).toEqual([checkOf('a', { verdict: 'fail' })]);
      expect(merged.body.verdict).toBe('fail');
    }
  });

  it('judges by what is there, not by what the parts claim', () => {
    const claim = evidenceOf({ checks: [checkOf('a', { verdict: 'fail' })], verdict: 'pass' });
    expect(mergeEvidence([claim, evidenceOf()]).body.verdict).toBe('fail');
  });

  it('keeps the metric that was compared, and the figure with the baseline', () => {
    const compared = metricOf('accuracy', {
      comparison: { baseline: 0.8, difference: 0.1, method: 'paired', pairs: 10 },
    });
    const figure = {
      kind: 'confusion',
      id: 'f',
      title: 'Confusion',
      about: { model: 'churn' },
      labels: ['n', 'y'],
      counts: [
        [1, 2],
        [3, 4],
      ],
    } as const;
    const richer = {
      ...figure,
      baselineCounts: [
        [1, 1],
        [1, 1],
      ],
    };
    const alone = evidenceOf({ metrics: [metricOf('accuracy')], figures: [figure] });
    const both = evidenceOf({
      metrics: [compared],
      figures: [richer],
      baseline: { rung: 'file', tried: [] },
    });
    for (const parts of [
      [alone, both],
      [both, alone],
    ]) {
      const { body } = mergeEvidence(parts);
      expect(body.metrics).toEqual([compared]);
      expect(body.figures).toEqual([richer]);
      expect(body.baseline).toEqual({ rung: 'file', tried: [] });
    }
  });

  it('tells metrics of other models, definitions and test sets apart', () => {
    const metrics = [
      metricOf('accuracy'),
      metricOf('accuracy', { about: { model: 'fraud' } }),
      metricOf('accuracy', { definition: 2 }),
      metricOf('accuracy', { about: { model: 'churn', datasetDigest: 'd'.repeat(64) } }),
    ];
    expect(mergeEvidence([evidenceOf({ metrics }), evidenceOf({ metrics })]).body.metrics).toEqual(metrics);
  });

  it('of steps that had nothing to do says so, and of others ignores them', () => {
    const idle = evidenceOf({ checks: [], verdict: 'skipped' });
    expect(mergeEvidence([idle, idle]).body.verdict).toBe('skipped');
    expect(mergeEvidence([idle, evidenceOf()]).body.verdict).toBe('pass');
    expect(mergeEvidence([idle, evidenceOf({ checks: [], verdict: 'pass' })]).body.verdict).toBe('fail');
  });

  it('of a part that claims to have had nothing to do is judged by its checks', () => {
    const lying = evidenceOf({ checks: [checkOf('a', { verdict: 'fail' })], verdict: 'skipped' });
    expect(mergeEvidence([lying]).body.verdict).toBe('fail');
    expect(mergeEvidence([lying, lying]).body.verdict).toBe('fail');
  });

  it.each([
    ['no parts', [], /There is no evidence to merge/],
    [
      'another config',
      [evidenceOf(), evidenceOf({ policy: { ...POLICY, alpha: 0.1 } })],
      /different configs/,
    ],
    [
      'another version',
      [evidenceOf(), evidenceOf({ tool: { name: 'mlgate', version: '0.2.0' } })],
      /different versions/,
    ],
    ['another seed', [evidenceOf(), evidenceOf({ seed: 2 })], /different seeds/],
    [
      'another commit',
      [evidenceOf(), evidenceOf({}, { source: { commit: 'd'.repeat(40) } })],
      /different commits/,
    ],
    ['no commit', [evidenceOf(), evidenceOf({}, { source: {} })], /different commits/],
    [
      'a file that changed',
      [evidenceOf({ inputs: [INPUT] }), evidenceOf({ inputs: [{ ...INPUT, sha256: '3'.repeat(64) }] })],
      /`a\.csv` changed between the steps: its digest was 111111111111, then 333333333333/,
    ],
    [
      'a model that changed',
      [
        evidenceOf({ subjects: [SUBJECT] }),
        evidenceOf({ subjects: [{ ...SUBJECT, sha256: '3'.repeat(64) }] }),
      ],
      /`churn\.onnx` changed between the steps/,
    ],
  ] as const)('refuses %s', (_name, parts, message) => {
    expect(() => mergeEvidence(parts)).toThrow(UserError);
    expect(() => mergeEvidence(parts)).toThrow(message);
  });
});

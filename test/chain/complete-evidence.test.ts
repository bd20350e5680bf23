import { describe, expect, it } from 'vitest';
import { completeEvidence } from '../../src/chain/complete-evidence.ts';
import { addNote, judgeAgain } from '../../src/chain/judge-again.ts';
import { parseConfig } from '../../src/config/parse-config.ts';
import { parseEvidence, printEvidence } from '../../src/evidence/evidence.ts';
import type { Check } from '../../src/schemas/evidence.generated.ts';
import { evidenceOf } from '../baseline/evidence.ts';

const COMMIT = '1'.repeat(40);

const PARSED = parseConfig(
  `version: 1
data:
  customers: { path: a.csv, schema: a.json }
models:
  churn:
    task: binary-classification
    predictions: { path: p.csv, id: id, target: y, score: p }
    metrics: { accuracy: { at-least: 0.5 } }
metrics:
  training: { path: m.json, gates: { val_loss: { at-most: 1 } } }
`,
  'mlgate.yml',
);

function passed(id: string, about: Check['about']): Check {
  return { id, name: 'a', about, verdict: 'pass', severity: 'fail', message: 'Good.' };
}

const DATA = passed('data/customers/rows', { dataset: 'customers' });
const MODEL = passed('model/churn/accuracy/at-least', { model: 'churn' });
const NUMBERS = passed('metrics/training/val_loss/at-most', { metricsFile: 'training' });

function part(...checks: readonly Check[]) {
  return evidenceOf(COMMIT, { body: { checks } });
}

describe('completeEvidence', () => {
  it('adds nothing where every step has answered', () => {
    const merged = completeEvidence([part(DATA), part(MODEL, NUMBERS)], PARSED);
    expect(merged.body.checks).toEqual([DATA, MODEL, NUMBERS]);
    expect(merged.body.verdict).toBe('pass');
  });

  it.each([
    { gone: 'data', parts: [part(MODEL, NUMBERS)], ids: ['data/customers/evidence'] },
    {
      gone: 'model',
      parts: [part(DATA), part(NUMBERS)],
      ids: ['models/churn/evidence', 'model/churn/accuracy/at-least'],
    },
    {
      gone: 'numbers',
      parts: [part(DATA, MODEL)],
      ids: ['metrics/training/evidence', 'metrics/training/val_loss/at-most'],
    },
  ])('fails for what is missing: $gone', ({ parts, ids }) => {
    const { body } = completeEvidence(parts, PARSED);
    expect(body.verdict).toBe('fail');
    const failed = body.checks.filter(({ verdict }) => verdict === 'fail');
    expect(failed.map(({ id }) => id)).toEqual(ids);
    expect(failed.map(({ source }) => source?.file)).toEqual(ids.map(() => 'mlgate.yml'));
  });

  it('gives evidence that is read again as it is', () => {
    const merged = completeEvidence([part(DATA)], PARSED);
    expect(parseEvidence(printEvidence(merged), 'it')).toEqual(merged);
  });
});

describe('a note', () => {
  it('is added behind the others, and changes the digest', () => {
    const evidence = addNote(addNote(part(DATA), 'one'), 'two');
    expect(evidence.body.notes).toEqual(['one', 'two']);
    expect(evidence.digest).not.toBe(part(DATA).digest);
    expect(parseEvidence(printEvidence(evidence), 'it')).toEqual(evidence);
  });

  it('says what the changed config would have come to', () => {
    const judged = judgeAgain(part(DATA, MODEL, NUMBERS), { parsed: PARSED, schemaDigests: new Map() });
    expect(judged.body.verdict).toBe('fail');
    expect(judged.body.notes?.join()).toContain('by the changed one it would be `pass`');
  });
});

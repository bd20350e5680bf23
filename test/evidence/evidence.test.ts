import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { digestJson } from '../../src/evidence/digest.ts';
import { EXIT_CODES, UserError, WorldError } from '../../src/evidence/errors.ts';
import { MAX_EVIDENCE_BYTES, parseEvidence, printEvidence } from '../../src/evidence/evidence.ts';
import { validateDocument } from '../../src/schemas/validate.ts';
import { bodyOf, checkOf, evidenceOf } from './cases.ts';

describe('makeEvidence', () => {
  it('rounds the body, names it by its digest and keeps time out of it', () => {
    const checks = [checkOf('x', { observed: 0.1 + 0.2 })];
    const one = evidenceOf({ checks });
    const later = evidenceOf(
      { checks },
      { createdAt: '2027-01-01T00:00:00Z', durationSeconds: 9, source: {} },
    );
    expect(one.digest).toBe(digestJson(one.body));
    expect(one.body.checks[0]?.observed).toBe(0.3);
    expect(later.digest).toBe(one.digest);
    expect(later.createdAt).toBe('2027-01-01T00:00:00Z');
  });

  it('writes times in whole seconds and durations in milliseconds', () => {
    const evidence = evidenceOf({}, { createdAt: '2026-11-03T12:00:00.987Z', durationSeconds: 1.23456 });
    expect(evidence.createdAt).toBe('2026-11-03T12:00:00Z');
    expect(evidence.durationSeconds).toBe(1.235);
  });

  it('refuses a figure that JSON cannot say', () => {
    expect(() => evidenceOf({ checks: [checkOf('x', { observed: Number.NaN })] })).toThrow(Error);
  });

  it('satisfies the schema', () => {
    expect(validateDocument('evidence', evidenceOf())).toMatchObject({ ok: true });
  });
});

describe('parseEvidence', () => {
  it('reads what printEvidence wrote', () => {
    const evidence = evidenceOf({ notes: ['Ein Fähnlein: ✓'] });
    expect(parseEvidence(printEvidence(evidence), 'x.json')).toEqual(evidence);
    expect(printEvidence(parseEvidence(printEvidence(evidence), 'x.json'))).toBe(printEvidence(evidence));
  });

  const text = printEvidence(evidenceOf());
  const forged = (change: (document: Record<string, unknown>) => void): string => {
    const document = JSON.parse(text) as Record<string, unknown>;
    change(document);
    return JSON.stringify(document);
  };
  const withBody = (changes: object): string =>
    forged((document) => {
      document['body'] = { ...bodyOf(), ...changes };
    });

  it.each([
    ['nothing', '', /^x\.json is not JSON/],
    ['half a document', text.slice(0, 200), /^x\.json is not JSON/],
    [
      'another document',
      '{"version": 1}',
      /^x\.json is not evidence of version 1: the document must have required/,
    ],
    ['no object', 'null', /is not evidence of version 1/],
    ['another version', forged((document) => Object.assign(document, { version: 2 })), /`version`/],
    ['a verdict that is none', withBody({ verdict: 'fine' }), /`body\.verdict`/],
    ['a key that no schema knows', withBody({ extra: 1 }), /`body` must NOT have additional properties/],
    ['an infinite number', text.replace('"seed": 1,', '"seed": 1e999,'), /`body\.seed`/],
    ['a changed verdict', withBody({ verdict: 'warn' }), /was changed after it was written/],
    [
      'a changed check',
      text.replace('As it should be.', 'As it could be.'),
      /was changed after it was written/,
    ],
    [
      'another digest',
      forged((document) => Object.assign(document, { digest: '0'.repeat(64) })),
      /was changed/,
    ],
    ['a prototype', text.replace('{', '{"__proto__": {"version": 1},'), /is not evidence of version 1/],
    ['a message without end', withBody({ checks: [checkOf('x', { message: 'x'.repeat(2001) })] }), /message/],
    ['checks without end', withBody({ checks: Array.from({ length: 20_001 }, () => checkOf('x')) }), /20000/],
    [
      'a deep list',
      text.replace('"checks": [', `"checks": [${'['.repeat(50_000)}${']'.repeat(50_000)},`),
      /nested deeper/,
    ],
    ['only brackets', '['.repeat(1_000_000), /is not JSON/],
    ['a large file', ' '.repeat(MAX_EVIDENCE_BYTES + 1), /is larger than 20 MB/],
  ])('refuses %s', (_name, hostile, message) => {
    expect(() => parseEvidence(hostile, 'x.json')).toThrow(UserError);
    expect(() => parseEvidence(hostile, 'x.json')).toThrow(message);
  });

  it('refuses a hundred thousand broken items without collecting what is wrong with each', () => {
    const broken = withBody({ checks: Array.from({ length: 100_000 }, () => ({})), metrics: [{}] });
    expect(() => parseEvidence(broken, 'x.json')).toThrow(/is not evidence of version 1/);
  });
});

describe('failures', () => {
  it('carry their help and their cause', () => {
    const cause = new Error('below');
    const failure = new UserError('No.', { help: 'Do it.', cause });
    expect(failure).toMatchObject({ name: 'UserError', message: 'No.', help: 'Do it.', cause });
    expect('cause' in new UserError('No.')).toBe(false);
    expect(new WorldError('No.', { cause })).toMatchObject({ name: 'WorldError', help: undefined, cause });
  });

  it('have the exit codes of the design', () => {
    expect(EXIT_CODES).toEqual({ pass: 0, gateSaysNo: 1, usersMistake: 2, worldsFault: 3 });
    const readme = readFileSync('README.md', 'utf8');
    expect(readme).toContain("0 pass or warn, 1 the gate says no, 2 your mistake, 3 the world's fault");
  });
});

import { describe, expect, it } from 'vitest';
import { assembleBody } from '../../src/chain/assemble-body.ts';
import { STAGES } from '../../src/chain/stages.ts';
import { NO_FINDINGS, type Findings } from '../../src/chain/findings.ts';
import type { Decomposition, Flips } from '../../src/schemas/evidence.generated.ts';
import { makeEvidence } from '../../src/evidence/evidence.ts';
import { validateDocument } from '../../src/schemas/validate.ts';
import { checkOf } from '../evidence/cases.ts';
import { CHURN, parse } from './memory-effects.ts';

const REQUEST = { parsed: parse({ models: { churn: CHURN } }), stages: STAGES, version: '0.1.0' };
const NONE = { count: 0, share: 0 };

function assemble(changes: Partial<Findings>) {
  const body = assembleBody(REQUEST, { ...NO_FINDINGS, checks: [checkOf('a')], ...changes }, undefined);
  const evidence = makeEvidence(body, { source: {}, createdAt: new Date(0), durationSeconds: 1 });
  expect(validateDocument('evidence', evidence)).toMatchObject({ ok: true });
  return body;
}

describe('assembleBody', () => {
  it('leaves out lists without anything in them', () => {
    const body = assemble({});
    for (const list of ['flips', 'decompositions', 'params', 'changes', 'notes']) {
      expect(body).not.toHaveProperty(list);
    }
  });

  it('keeps to the room that evidence has, and says what it left out', () => {
    const flips = Array.from({ length: 103 }, (_, index): Flips => ({
      about: { model: `m${index}` },
      n: 1,
      negative: NONE,
      positive: NONE,
      churn: NONE,
      examples: [],
    }));
    const decompositions = Array.from({ length: 1001 }, (): Decomposition => ({
      about: {},
      metric: 'accuracy',
      by: 'class',
      parts: [],
    }));
    const body = assemble({ flips, decompositions });
    expect([body.flips?.length, body.decompositions?.length]).toEqual([100, 1000]);
    expect(body.notes).toEqual([
      'There are 3 models whose flips are not shown: evidence has room for 100.',
      'There are 1 decompositions that are not shown: evidence has room for 1000.',
    ]);
  });
});

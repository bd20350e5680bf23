/** The champion of a stage: the promotion ledger names its digest, the branch holds its evidence. */
import { describe, expect, it } from 'vitest';
import { openChampionResort } from '../../src/baseline/champion.ts';
import { evidencePath, subjectPath } from '../../src/baseline/layout.ts';
import type { ResortFinding } from '../../src/baseline/resort.ts';
import { printEvidence } from '../../src/evidence/evidence.ts';
import { findChampion } from '../../src/promotion/find-champion.ts';
import { appendRecord, EMPTY_LEDGER, printLedger, type Ledger } from '../../src/promotion/ledger.ts';
import { evidenceOf, REPOSITORY_ID, SUBJECT } from './evidence.ts';
import { createMemoryStore } from './memory-store.ts';

const COMMIT = '1'.repeat(40);
const OTHER = 'd'.repeat(64);

type Step = Readonly<{
  action: 'claim' | 'confirm' | 'abandon';
  model?: string;
  subject?: string;
  claims?: number;
}>;

function ledgerOf(...steps: readonly Step[]): string {
  const ledger = steps.reduce<Ledger>(
    (known, { model = 'churn', subject = SUBJECT, ...step }) =>
      appendRecord(known, {
        ...step,
        time: '2026-11-02T08:00:00Z',
        actor: 'ada',
        reason: 'Because.',
        model,
        modelVersion: '1.0.0',
        stage: 'production',
        subject,
        evidence: 'e'.repeat(64),
      }).ledger,
    EMPTY_LEDGER,
  );
  return printLedger(ledger);
}

const PROMOTED: readonly Step[] = [{ action: 'claim' }, { action: 'confirm', claims: 1 }];

async function look(
  ledger: string | undefined,
  models: readonly string[] = ['churn'],
  files: Readonly<Record<string, string>> = {},
): Promise<ResortFinding> {
  const evidence = evidenceOf(COMMIT);
  const store = createMemoryStore({
    ...(ledger === undefined ? {} : { 'refs/heads/mlgate-ledger': { 'ledger.jsonl': ledger } }),
    'refs/heads/mlgate': {
      [evidencePath(COMMIT)]: printEvidence(evidence),
      [subjectPath(SUBJECT)]: JSON.stringify([{ commit: COMMIT, evidence: evidence.digest }]),
      ...files,
    },
  });
  const resort = openChampionResort({
    store,
    branch: 'mlgate',
    expected: { repositoryId: REPOSITORY_ID, main: 'main' },
    stage: 'production',
    models,
    findChampion: async (model, stage) => await findChampion(store, model, stage),
    maxOutcomesBytes: 1000,
  });
  return await resort.look();
}

describe('the champion', () => {
  it('is what the newest confirmed promotion put there', async () => {
    const found = await look(ledgerOf(...PROMOTED));
    expect(found).toMatchObject({ kind: 'found', details: { commit: COMMIT } });
    const later = [
      ...PROMOTED,
      { action: 'claim', subject: OTHER },
      { action: 'abandon', claims: 3, subject: OTHER },
    ] as const;
    expect(await look(ledgerOf(...later))).toMatchObject({ kind: 'found' });
  });

  it.each([
    ['no ledger', undefined, /names no churn at production/u],
    ['a promotion that was not confirmed', ledgerOf({ action: 'claim' }), /names no churn at production/u],
    ['a broken ledger', 'nonsense\n', /ledger is broken in line 1/u],
    [
      'a champion that main never tested',
      ledgerOf({ action: 'claim', subject: OTHER }, { action: 'confirm', claims: 1, subject: OTHER }),
      /churn at production is dddddddddddd, of which there is no sound evidence\. The branch `mlgate` names none/u,
    ],
  ])('is not known with %s', async (_, ledger, reason) => {
    expect(await look(ledger)).toEqual({ kind: 'none', reason: expect.stringMatching(reason) });
  });

  it('whose evidence was forged is refused', async () => {
    const forged = printEvidence(evidenceOf(COMMIT, { body: { seed: 9 } }));
    expect(await look(ledgerOf(...PROMOTED), ['churn'], { [evidencePath(COMMIT)]: forged })).toEqual({
      kind: 'none',
      reason: expect.stringContaining('is not the one that the index of this subject names'),
    });
  });

  it('of two models that were tested on different commits is no one baseline', async () => {
    const second = '2'.repeat(40);
    const evidence = evidenceOf(second, { body: { seed: 2 } });
    const steps = [
      ...PROMOTED,
      { action: 'claim', model: 'spam', subject: OTHER },
      { action: 'confirm', claims: 3, model: 'spam', subject: OTHER },
    ] as const;
    const files = {
      [evidencePath(second)]: printEvidence(evidence),
      [subjectPath(OTHER)]: JSON.stringify([{ commit: second, evidence: evidence.digest }]),
    };
    expect(await look(ledgerOf(...steps), ['churn', 'spam'], files)).toEqual({
      kind: 'none',
      reason: expect.stringMatching(/tested on different commits: churn on 1+, spam on 2+/u),
    });
    expect(await look(ledgerOf(...PROMOTED), ['churn', 'spam'], files)).toMatchObject({ kind: 'found' });
  });
});

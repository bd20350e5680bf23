import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readEvidenceFile, readOutcomeFiles } from '../../src/chain/evidence-files.ts';
import { describeRecord, recordRun } from '../../src/chain/record-run.ts';
import { parseConfig } from '../../src/config/parse-config.ts';
import { printEvidence } from '../../src/evidence/evidence.ts';
import { openGitStore } from '../../src/platform/git-ref-store.ts';
import { openGit } from '../../src/platform/git.ts';
import { MLGATE_IDENTITY, type RefStore } from '../../src/platform/ref-store.ts';
import { evidenceOf, REPOSITORY_ID, TEST_SET } from '../baseline/evidence.ts';
import { createBareRepository } from '../helpers/git-repository.ts';

const COMMIT = '1'.repeat(40);
const TIMING = {
  random: () => 0,
  sleep: async () => {},
  now: () => new Date('2026-11-02T08:00:00Z'),
};

let folder: string;
let repository: string;
let store: RefStore;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mlgate-record-'));
  await mkdir(join(folder, 'outcomes'));
  repository = await createBareRepository();
  const git = openGit(repository, process.env);
  store = openGitStore({ git, remote: undefined, identity: MLGATE_IDENTITY, temporaryFolder: tmpdir() });
  await writeFile(join(folder, 'outcomes', 'churn.bin'), 'outcomes');
});
afterEach(async () => {
  for (const path of [folder, repository]) await rm(path, { recursive: true, force: true });
});

function record(outcomes: string, evidence = evidenceOf(COMMIT)) {
  const text = `version: 1
metrics: { training: { path: m.json, gates: { val_loss: { at-most: 1 } } } }
baseline: { outcomes: ${outcomes} }
`;
  const { baseline } = parseConfig(text, 'mlgate.yml').config;
  return recordRun(
    store,
    { evidence, folders: [folder], baseline, expected: { repositoryId: REPOSITORY_ID } },
    TIMING,
  );
}

describe('recordRun', () => {
  it('keeps evidence and outcomes, and says so', async () => {
    const result = await record('ref');
    expect(result).toMatchObject({ kind: 'recorded', outcomes: [{ model: 'churn', kept: 'ref' }] });
    expect(describeRecord(result, 'mlgate')).toBe(`Recorded ${COMMIT.slice(0, 12)} on the branch mlgate.`);
  });

  it.each(['artifact', 'none'])('leaves outcomes where the config wants them: %s', async (outcomes) => {
    expect((await record(outcomes)).outcomes).toEqual([]);
  });

  it('tells the same evidence from another', async () => {
    await record('ref');
    expect(describeRecord(await record('ref'), 'mlgate')).toContain('with the same evidence');
    const other = evidenceOf(COMMIT, { body: { seed: 2 } });
    expect(describeRecord(await record('ref', other), 'mlgate')).toContain('never changed');
  });
});

describe('files beside each other', () => {
  it('are read: evidence, and the outcomes of its models', async () => {
    const evidence = evidenceOf(COMMIT);
    await writeFile(join(folder, 'evidence.json'), printEvidence(evidence));
    expect(await readEvidenceFile(join(folder, 'evidence.json'), 'it')).toEqual(evidence);
    const found = await readOutcomeFiles(evidence, folder);
    expect(found).toEqual([{ model: 'churn', testSet: TEST_SET, bytes: Buffer.from('outcomes') }]);
    await rm(join(folder, 'outcomes'), { recursive: true });
    expect(await readOutcomeFiles(evidence, folder)).toEqual([]);
  });

  it('that cannot be read are not taken for missing ones', async () => {
    await rm(join(folder, 'outcomes', 'churn.bin'));
    await mkdir(join(folder, 'outcomes', 'churn.bin'));
    await expect(readOutcomeFiles(evidenceOf(COMMIT), folder)).rejects.toThrow(/is a folder/u);
    await writeFile(join(folder, 'evidence.json'), '{}');
    await expect(readEvidenceFile(join(folder, 'evidence.json'), 'the file')).rejects.toThrow(/^the file/u);
  });
});

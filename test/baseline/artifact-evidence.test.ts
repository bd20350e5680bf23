import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openArtifactResort, type ArtifactSources } from '../../src/baseline/artifact-evidence.ts';
import { findBaseline, type BaselineFound } from '../../src/baseline/find-baseline.ts';
import { printEvidence } from '../../src/evidence/evidence.ts';
import { downloadArtifact } from '../../src/platform/artifacts.ts';
import { readBytes } from '../../src/platform/read-text-file.ts';
import { openRestHistory } from '../../src/platform/rest-history.ts';
import { findLastGoodRun, listRunArtifacts } from '../../src/platform/runs.ts';
import { addRepository, addRun, addRunArtifact } from '../helpers/fake-github/seed.ts';
import type { WorkflowRunState } from '../helpers/fake-github/state.ts';
import { startRestPlatform, type RestPlatform } from '../platform/rest-platform.ts';
import { evidenceOf } from './evidence.ts';

let platform: RestPlatform;
let folder: string;

// One platform for all: see startRestPlatform.
beforeAll(async () => {
  platform = await startRestPlatform();
  folder = await mkdtemp(join(tmpdir(), 'mlgate-artifact-evidence-'));
  vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  await addRepository(platform.github.state, 'mallory/churn', { parent: 'acme/churn' });
});

afterAll(async () => {
  vi.restoreAllMocks();
  await rm(folder, { recursive: true });
  await platform.close();
});

function sources(): ArtifactSources {
  const { client, repository } = platform;
  return {
    findLastGoodRun: () =>
      findLastGoodRun(client, {
        workflow: '.github/workflows/gate.yml',
        branch: 'main',
        repositoryId: repository.id,
      }),
    listArtifacts: (run) => listRunArtifacts(client, run),
    download: (artifact, run) =>
      downloadArtifact(artifact, { token: 'token-1', repository: 'acme/churn', run: run.id }, folder),
    readFile: (target, path, maxBytes) => readBytes(join(target, path), { what: 'the artifact', maxBytes }),
  };
}

async function search(): Promise<BaselineFound> {
  const { client, repository } = platform;
  return findBaseline({
    store: undefined,
    history: openRestHistory(client),
    wanted: { kind: 'unknown', reason: 'Not set.' },
    tested: undefined,
    findMainTip: async () => undefined,
    expected: { repositoryId: repository.id, main: 'main' },
    resorts: [
      openArtifactResort(
        sources(),
        {
          name: 'mlgate',
          models: ['churn', 'spam'],
          maxOutcomesBytes: 100,
          expected: { repositoryId: repository.id, main: 'main' },
          tested: undefined,
        },
        'say',
      ),
    ],
    maxOutcomesBytes: 100,
  });
}

function addEvidence(run: WorkflowRunState): string {
  const { github, repository } = platform;
  const source = { repositoryId: repository.id, run: run.id, workflow: run.path };
  const text = printEvidence(evidenceOf(run.headSha, { source }));
  addRunArtifact(github.state, run.id, 'mlgate', { 'evidence.json': text, 'outcomes/churn.bin': 'abc' });
  return text;
}

describe('the artifact of the last good run on main', () => {
  it('is no baseline while there is none, whatever a fork uploads under the same names', async () => {
    const { github, repository } = platform;
    expect((await search()).used.tried).toEqual([
      { rung: 'artifact', reason: 'There is no good run of this workflow for a push to main.' },
    ]);
    const forked = await addRun(github.state, repository, {
      headRepository: 'mallory/churn',
      headBranch: 'main',
      event: 'push',
    });
    addEvidence(forked);
    const pulled = await addRun(github.state, repository, {
      headRepository: 'mallory/churn',
      headBranch: 'main',
      event: 'pull_request',
    });
    addEvidence(pulled);
    expect((await search()).used).toMatchObject({ rung: 'none' });
  });

  it('says that the run has no such artifact', async () => {
    const { github, repository } = platform;
    const run = await addRun(github.state, repository);
    expect((await search()).used.tried[0]?.reason).toBe(
      `Run ${run.id} on main has no artifact \`mlgate\`, or it has expired.`,
    );
    addRunArtifact(github.state, run.id, 'mlgate', { 'other.json': '{}' });
    expect((await search()).used.tried[0]?.reason).toContain('holds no evidence');
  });

  it('is found, downloaded and verified, with its outcomes', async () => {
    const { github, repository } = platform;
    const run = await addRun(github.state, repository);
    const text = addEvidence(run);
    const found = await search();
    expect(found.used).toMatchObject({ rung: 'artifact', commit: run.headSha });
    expect(found.evidence).toEqual(JSON.parse(text));
    expect([...found.outcomes].map(([model, bytes]) => [model, Buffer.from(bytes).toString()])).toEqual([
      ['churn', 'abc'],
    ]);
    const left = await readFile(join(folder, 'evidence.json')).catch(() => 'nothing');
    expect(left).toBe('nothing');
  });

  it('that holds evidence of another run is a reason', async () => {
    const { github, repository } = platform;
    const run = await addRun(github.state, repository);
    const text = printEvidence(evidenceOf(run.headSha, { source: { repositoryId: repository.id, run: 1 } }));
    addRunArtifact(github.state, run.id, 'mlgate', { 'evidence.json': text });
    expect((await search()).used.tried[0]?.reason).toContain(`claims run 1; run ${run.id} has ${run.id}`);
  });
});

/** What a run on main may record: its own evidence, whole or in the parts of a matrix, and nobody else's. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ActionContext } from '../../src/actions/action.ts';
import { recordEvidence } from '../../src/actions/record-baseline.ts';
import { openWorkspace, parseWholeConfig } from '../../src/chain/connect.ts';
import { printEvidence } from '../../src/evidence/evidence.ts';
import type { EvidenceBody, EvidenceSource } from '../../src/schemas/evidence.generated.ts';
import { evidenceOf, TEST_SET } from '../baseline/evidence.ts';
import { runGit } from '../helpers/git-repository.ts';
import { startRestPlatform, type RestPlatform } from '../platform/rest-platform.ts';

const WORKFLOW = '.github/workflows/gate.yml';
const RUN = 77;

let platform: RestPlatform;
let folder: string;
let commit: string;

beforeEach(async () => {
  platform = await startRestPlatform();
  folder = await mkdtemp(join(tmpdir(), 'mlgate-record-'));
  commit = await platform.workspace.revision();
});

afterEach(async () => {
  await rm(folder, { recursive: true });
  await platform.close();
});

function ignore(): void {}

function contextOf(): ActionContext {
  const { github, repository } = platform;
  const context: Partial<ActionContext> = {
    inputs: { required: () => 'token-1', optional: () => undefined } as unknown as ActionContext['inputs'],
    logger: { info: ignore, warn: ignore } as unknown as ActionContext['logger'],
    environment: { GITHUB_API_URL: github.url },
    run: {
      repository: repository.fullName,
      repositoryId: repository.id,
      event: 'push',
      commit,
      headCommit: commit,
      ref: 'refs/heads/main',
      workflow: WORKFLOW,
      run: RUN,
      attempt: 1,
      defaultBranch: 'main',
    } as ActionContext['run'],
    now: () => new Date('2026-11-02T09:00:00Z'),
  };
  return context as ActionContext;
}

async function writePart(
  name: string,
  source: Partial<EvidenceSource> = {},
  body: Partial<EvidenceBody> = {},
  outcomes: Readonly<Record<string, string>> = {},
): Promise<string> {
  const part = join(folder, name);
  await mkdir(join(part, 'outcomes'), { recursive: true });
  const own = { repositoryId: platform.repository.id, run: RUN, workflow: WORKFLOW };
  const evidence = evidenceOf(commit, { source: { ...own, ...source }, body });
  await writeFile(join(part, 'evidence.json'), printEvidence(evidence));
  for (const [model, content] of Object.entries(outcomes))
    await writeFile(join(part, 'outcomes', `${model}.bin`), content);
  return join(part, 'evidence.json');
}

const OPENED = {
  workspace: openWorkspace('mlgate.yml', '/work'),
  parsed: parseWholeConfig('version: 1\nmetrics: { a: { path: a.json } }\n', 'mlgate.yml'),
};

describe('recording in a run', () => {
  it('puts the parts of a matrix together as one commit’s evidence, with the outcomes of each', async () => {
    const [metric] = evidenceOf(commit).body.metrics;
    const spam = [{ ...metric!, about: { model: 'spam', datasetDigest: TEST_SET } }];
    const paths = [
      await writePart('churn', {}, {}, { churn: 'one' }),
      await writePart('spam', {}, { metrics: spam, subjects: [] }, { spam: 'two' }),
    ];
    const result = await recordEvidence(contextOf(), OPENED, paths);
    expect(result).toMatchObject({
      kind: 'recorded',
      commit,
      outcomes: [
        { model: 'churn', kept: 'ref' },
        { model: 'spam', kept: 'ref' },
      ],
    });
    const text = await runGit(platform.repository.gitDirectory, ['show', `mlgate:runs/${commit}.json`]);
    const recorded = JSON.parse(text) as { body: EvidenceBody };
    expect(recorded.body.metrics.map(({ about }) => about.model)).toEqual(['churn', 'spam']);
  });

  it.each([
    ['another run', { run: 78 }, /claims run 78; run 77 has 77/u],
    ['another commit', { commit: 'f'.repeat(40) }, /claims commit f/u],
    ['another workflow', { workflow: '.github/workflows/mine.yml' }, /claims workflow/u],
    ['another repository', { repositoryId: 1 }, /claims repository 1/u],
    ['a later attempt', { attempt: 3 }, /claims attempt 3/u],
    ['a pull request', { event: 'pull_request' }, /claims event pull_request/u],
  ])('refuses evidence of %s, also as one part of several', async (_, source, reason) => {
    const paths = [await writePart('own'), await writePart('foreign', source)];
    const recording = recordEvidence(contextOf(), OPENED, paths);
    await expect(recording).rejects.toThrow(reason);
    await expect(recording).rejects.toThrow('This evidence is not of this run.');
    await expect(
      runGit(platform.repository.gitDirectory, ['rev-parse', '--verify', 'mlgate']),
    ).rejects.toThrow(/ended with/u);
  });

  it.each([
    ['with other settings', {}, { digest: 'd'.repeat(64) }],
    ['with the same settings elsewhere', { config: 'spam/mlgate.yml' }, {}],
  ])('refuses parts that different configs made, %s', async (_, source, settings) => {
    const { policy } = evidenceOf(commit).body;
    const paths = [
      await writePart('one', { config: 'mlgate.yml' }),
      await writePart('two', source, { policy: { ...policy, ...settings } }),
    ];
    await expect(recordEvidence(contextOf(), OPENED, paths)).rejects.toThrow(
      'The parts of the evidence do not belong together: The evidence was made by different configs.',
    );
  });

  it('refuses what another config left under the same name', async () => {
    const paths = [await writePart('one', { config: 'spam/mlgate.yml' })];
    await expect(recordEvidence(contextOf(), OPENED, paths)).rejects.toThrow(
      'the evidence was made by the config `spam/mlgate.yml`, not by `mlgate.yml`.',
    );
  });
});

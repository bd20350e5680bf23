import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { downloadArtifact } from '../../src/platform/artifacts.ts';
import type { RunArtifact } from '../../src/platform/runs.ts';
import {
  addRepository,
  addRun,
  addRunArtifact,
  addWorkflowToken,
  removeRepositories,
} from '../helpers/fake-github/seed.ts';
import { startFakeGitHub, type FakeGitHub } from '../helpers/fake-github/server.ts';
import type { RepositoryState, WorkflowRunState } from '../helpers/fake-github/state.ts';
import { createGitWorkspace, type GitWorkspace } from '../helpers/git-repository.ts';
import { addArtifact, type StoredArtifact } from '../helpers/results-service/artifact-store.ts';
import { createZip } from '../helpers/zip.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mlgate-artifacts-'));
  vi.stubEnv('GITHUB_WORKSPACE', folder);
  vi.spyOn(process.stdout, 'write').mockReturnValue(true);
});

afterEach(async () => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

function toRunArtifact(stored: StoredArtifact): RunArtifact {
  return {
    id: stored.id,
    name: stored.name,
    bytes: stored.bytes.length,
    digest: stored.digest ?? undefined,
  };
}

async function leftovers(): Promise<readonly string[]> {
  return (await readdir(folder)).filter((name) => name.startsWith('mlgate-artifact-'));
}

describe('artifacts of another run', () => {
  let github: FakeGitHub;
  let repository: RepositoryState;
  let workspace: GitWorkspace;
  let run: WorkflowRunState;

  // One server for all: the toolkit reads GITHUB_API_URL once, when it is loaded.
  beforeAll(async () => {
    github = await startFakeGitHub();
    process.env['GITHUB_API_URL'] = github.url;
    process.env['GITHUB_SERVER_URL'] = github.serverUrl;
    repository = await addRepository(github.state, 'acme/churn');
    workspace = await createGitWorkspace({ origin: repository.gitDirectory });
    await workspace.commit({ a: '1' });
    await workspace.push();
    addWorkflowToken(github.state, 'job', repository.fullName, { actions: 'read', contents: 'read' });
    run = await addRun(github.state, repository);
  });

  afterAll(async () => {
    await workspace.remove();
    await removeRepositories(github.state);
    await github.close();
    github.assertNoViolations();
  });

  const origin = () => ({ token: 'job', repository: 'acme/churn', run: run.id });

  it('are downloaded through REST into a fresh folder', async () => {
    const stored = addRunArtifact(github.state, run.id, 'mlgate', {
      'evidence.json': '{}',
      'outcomes/churn.bin': Uint8Array.of(1, 2, 3),
    });
    const { folder: target, files } = await downloadArtifact(toRunArtifact(stored), origin(), folder);
    expect(files).toEqual(['evidence.json', 'outcomes/churn.bin']);
    expect([...(await readFile(join(target, 'outcomes/churn.bin')))]).toEqual([1, 2, 3]);
  });

  it('are refused when the bytes are not those of the digest, and leave nothing', async () => {
    const stored = addRunArtifact(github.state, run.id, 'mlgate', { 'evidence.json': '{}' });
    const forged = { ...toRunArtifact(stored), digest: `sha256:${'0'.repeat(64)}` };
    await expect(downloadArtifact(forged, origin(), folder)).rejects.toThrow(/its digest does not fit/u);
    const none = { ...toRunArtifact(stored), digest: undefined };
    await expect(downloadArtifact(none, origin(), folder)).rejects.toThrow(/knows no digest/u);
    expect(await leftovers()).toEqual([]);
  });

  it.each([
    ['is not a plain relative path', [{ name: '../../evil.json', content: 'x' }]],
    ['is a link or a device', [{ name: 'evidence.json', content: '/etc/passwd', mode: 0o120777 }]],
  ])('are refused if one %s, and leave nothing', async (reason, entries) => {
    const bytes = createZip(entries);
    const stored = addArtifact(github.state.artifacts, { runId: run.id, name: 'mlgate', bytes });
    await expect(downloadArtifact(toRunArtifact(stored), origin(), folder)).rejects.toThrow(reason);
    expect(await leftovers()).toEqual([]);
    await expect(readFile(join(folder, 'evil.json'))).rejects.toThrow(/ENOENT/u);
  });

  it('are not fetched when they are too large', async () => {
    const stored = addRunArtifact(github.state, run.id, 'mlgate', { 'evidence.json': '{}' });
    const before = github.state.requests.length;
    const large = { ...toRunArtifact(stored), bytes: 1_000_000_000 };
    await expect(downloadArtifact(large, origin(), folder)).rejects.toThrow(/at most 100000000 are fetched/u);
    expect(github.state.requests).toHaveLength(before);
  });

  it('that have expired are a message', async () => {
    const stored = addRunArtifact(github.state, run.id, 'mlgate', { 'evidence.json': '{}' });
    stored.expired = true;
    await expect(downloadArtifact(toRunArtifact(stored), origin(), folder)).rejects.toMatchObject({
      help: expect.stringContaining('has not expired'),
    });
  });
});

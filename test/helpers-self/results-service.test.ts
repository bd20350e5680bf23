/** The results service against the real clients: what it accepts is what GitHub's service accepts. */
import { mkdtemp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DefaultArtifactClient } from '@actions/artifact';
import { restoreCache, saveCache } from '@actions/cache';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  addRepository,
  addRun,
  addRunArtifact,
  addWorkflowToken,
  removeRepositories,
} from '../helpers/fake-github/seed.ts';
import { startFakeGitHub } from '../helpers/fake-github/server.ts';
import { REPOSITORY_ROOT } from '../helpers/run-action.ts';
import { machineEnvironment, runProcess } from '../helpers/run-process.ts';
import {
  startResultsService,
  type JobIdentity,
  type ResultsService,
} from '../helpers/results-service/server.ts';

let service: ResultsService;
let folder: string;

function becomeJob(identity: JobIdentity): void {
  for (const [name, value] of Object.entries(service.environment(identity))) vi.stubEnv(name, value);
}

beforeEach(async () => {
  service = await startResultsService();
  folder = await mkdtemp(join(tmpdir(), 'results-service-'));
  vi.stubEnv('GITHUB_SERVER_URL', `http://github.localhost:${service.url.split(':').at(-1)}`);
  vi.stubEnv('GITHUB_WORKSPACE', folder);
  vi.stubEnv('RUNNER_TEMP', folder);
  vi.spyOn(process.stdout, 'write').mockReturnValue(true);
});

afterEach(async () => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  await service.close();
  await rm(folder, { recursive: true });
});

describe('artifacts with @actions/artifact', () => {
  const client = new DefaultArtifactClient();

  async function upload(name: string, text: string) {
    const file = join(folder, `${name}.json`);
    await writeFile(file, text);
    return client.uploadArtifact(name, [file], folder);
  }

  it('uploads, lists, finds and downloads a zip', async () => {
    becomeJob({ runId: 101 });
    const { id, digest } = await upload('evidence', '{"a":1}');
    expect((await client.listArtifacts()).artifacts.map(({ name }) => name)).toEqual(['evidence']);
    expect((await client.getArtifact('evidence')).artifact.id).toBe(id);
    const target = join(folder, 'down');
    const download = await client.downloadArtifact(id!, { path: target, expectedHash: `sha256:${digest}` });
    expect(download.digestMismatch).toBe(false);
    expect(await readFile(join(target, 'evidence.json'), 'utf8')).toBe('{"a":1}');
    expect(service.artifacts.artifacts[0]).toMatchObject({ runId: 101, digest: `sha256:${digest}` });
  });

  it('takes more than one block and a file without an archive', async () => {
    becomeJob({ runId: 101 });
    const bytes = Buffer.alloc(9 * 1024 * 1024, 'x');
    const file = join(folder, 'report.html');
    await writeFile(file, bytes);
    await client.uploadArtifact('ignored', [file], folder, { skipArchive: true });
    const [stored] = service.artifacts.artifacts;
    expect(stored).toMatchObject({ name: 'report.html', contentType: 'text/html' });
    expect(stored?.bytes.equals(bytes)).toBe(true);
  });

  it('refuses a name twice in one run, and takes it in another', async () => {
    becomeJob({ runId: 101 });
    await upload('evidence', '1');
    await expect(upload('evidence', '2')).rejects.toThrow(/\(409\) Conflict: an artifact with this name/u);
    becomeJob({ runId: 102 });
    await upload('evidence', '3');
    expect(service.artifacts.artifacts.map(({ runId }) => runId)).toEqual([101, 102]);
  });

  it('is downloaded by another run through REST, from a zip of our own making', async () => {
    const github = await startFakeGitHub({ artifacts: service.artifacts });
    const repository = await addRepository(github.state, 'acme/churn');
    const run = await addRun(github.state, repository, { headSha: 'a'.repeat(40) });
    const stored = addRunArtifact(github.state, run.id, 'evidence', { 'a/b.json': '{"zwölf":12}' });
    addWorkflowToken(github.state, 'reader', 'acme/churn', { actions: 'read' });
    // In a process of its own: the client reads GITHUB_API_URL once, when it is loaded.
    const script = `
      import { DefaultArtifactClient } from '@actions/artifact';
      const findBy = { token: 'reader', workflowRunId: ${run.id}, repositoryOwner: 'acme', repositoryName: 'churn' };
      const client = new DefaultArtifactClient();
      const { artifact } = await client.getArtifact('evidence', { findBy });
      const options = { findBy, path: process.env.TARGET, expectedHash: artifact.digest };
      const { digestMismatch } = await client.downloadArtifact(artifact.id, options);
      process.exitCode = digestMismatch || artifact.id !== ${stored.id} ? 1 : 0;`;
    const env = { ...machineEnvironment(), GITHUB_API_URL: github.url, TARGET: folder };
    const words = ['--input-type=module', '--eval', script];
    const result = await runProcess(process.execPath, words, { cwd: REPOSITORY_ROOT, env });
    expect(result).toMatchObject({ exitCode: 0, stderr: '' });
    expect(await readFile(join(folder, 'a/b.json'), 'utf8')).toBe('{"zwölf":12}');
    github.assertNoViolations();
    await github.close();
    await removeRepositories(github.state);
  });

  it('deletes by name, and does not show one run to another', async () => {
    becomeJob({ runId: 101 });
    await upload('evidence', '1');
    becomeJob({ runId: 102 });
    expect((await client.listArtifacts()).artifacts).toEqual([]);
    becomeJob({ runId: 101 });
    await client.deleteArtifact('evidence');
    expect(service.artifacts.artifacts).toEqual([]);
  });

  it('refuses a token that it did not sign', async () => {
    const other = await startResultsService();
    becomeJob({ runId: 101 });
    vi.stubEnv('ACTIONS_RUNTIME_TOKEN', other.runtimeToken({ runId: 101 }));
    await expect(upload('evidence', '1')).rejects.toThrow(/\(401\)/u);
    await other.close();
  });
});

async function writeTree(text: string): Promise<string> {
  const tree = join(folder, 'tree');
  await mkdir(tree, { recursive: true });
  await writeFile(join(tree, 'file'), text);
  return tree;
}

describe('caches with @actions/cache', () => {
  const main = { ref: 'refs/heads/main', writable: true };

  it('saves and restores by key and by prefix', async () => {
    becomeJob({ runId: 101, cacheScopes: [main] });
    const tree = await writeTree('native');
    expect(await saveCache([tree], 'engine-linux-1')).toBeGreaterThan(0);
    await rm(tree, { recursive: true });
    expect(await restoreCache([tree], 'engine-linux-1')).toBe('engine-linux-1');
    expect(await readFile(join(tree, 'file'), 'utf8')).toBe('native');
    expect(await restoreCache([tree], 'engine-linux-2', ['engine-linux-'])).toBe('engine-linux-1');
    expect(await restoreCache([tree], 'engine-mac-1')).toBeUndefined();
  });

  it('keeps scopes apart: a pull request reads main, main does not read a pull request', async () => {
    const pull = { ref: 'refs/pull/7/merge', writable: true };
    becomeJob({ runId: 101, cacheScopes: [pull, { ...main, writable: false }] });
    const tree = await writeTree('poison');
    expect(await saveCache([tree], 'engine')).toBeGreaterThan(0);
    becomeJob({ runId: 102, cacheScopes: [main] });
    expect(await restoreCache([tree], 'engine')).toBeUndefined();
    expect(await saveCache([tree], 'engine')).toBeGreaterThan(0);
    expect(service.caches.map(({ scope }) => scope)).toEqual([pull.ref, main.ref]);
  });

  it('denies a write with a token that only reads, and a key twice', async () => {
    becomeJob({ runId: 101, cacheScopes: [{ ...main, writable: false }] });
    const tree = await writeTree('x');
    expect(await saveCache([tree], 'engine')).toBe(-1);
    becomeJob({ runId: 101, cacheScopes: [main] });
    expect(await saveCache([tree], 'engine')).toBeGreaterThan(0);
    expect(await saveCache([tree], 'engine')).toBe(-1);
    expect(service.caches).toHaveLength(1);
  });
});

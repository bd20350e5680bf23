import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { downloadArtifact, listOwnArtifacts, uploadArtifact } from '../../src/platform/artifacts.ts';
import { startResultsService, type ResultsService } from '../helpers/results-service/server.ts';

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

async function findOwn(name: string) {
  return (await listOwnArtifacts()).find((artifact) => artifact.name === name);
}

describe('artifacts of this run', () => {
  let service: ResultsService;

  beforeEach(async () => {
    service = await startResultsService();
    vi.stubEnv('GITHUB_SERVER_URL', `http://github.localhost:${service.url.split(':').at(-1)}`);
    for (const [name, value] of Object.entries(service.environment({ runId: 101 }))) vi.stubEnv(name, value);
  });

  afterEach(() => service.close());

  it('are uploaded, found and downloaded', async () => {
    const file = join(folder, 'evidence.json');
    await writeFile(file, '{"a":1}');
    const uploaded = await uploadArtifact({ name: 'mlgate', files: [file], folder, retentionDays: 3 });
    expect(uploaded.digest).toMatch(/^sha256:[0-9a-f]{64}$/u);
    const found = await findOwn('mlgate');
    expect(found).toMatchObject({ id: uploaded.id, digest: uploaded.digest });
    expect(await findOwn('other')).toBeUndefined();
    if (found === undefined) throw new Error('Not found.');
    const { folder: target, files } = await downloadArtifact(found, undefined, folder);
    expect(files).toEqual(['evidence.json']);
    expect(await readFile(join(target, 'evidence.json'), 'utf8')).toBe('{"a":1}');
    expect(target.startsWith(folder)).toBe(true);
  });

  it('may be single files as they are', async () => {
    const file = join(folder, 'report.html');
    await writeFile(file, '<p>hello</p>');
    await uploadArtifact({ name: 'ignored', files: [file], folder, unpacked: true });
    const found = await findOwn('report.html');
    if (found === undefined) throw new Error('Not found.');
    const { folder: target, files } = await downloadArtifact(found, undefined, folder);
    expect(files).toEqual(['report.html']);
    expect(await readFile(join(target, 'report.html'), 'utf8')).toBe('<p>hello</p>');
  });

  it('that are refused are a message', async () => {
    const file = join(folder, 'a.json');
    await writeFile(file, '1');
    await uploadArtifact({ name: 'twice', files: [file], folder });
    await expect(uploadArtifact({ name: 'twice', files: [file], folder })).rejects.toThrow(
      /Could not upload the artifact twice/u,
    );
  });
});

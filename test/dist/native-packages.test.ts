/** The bundle as a job gets it: without node_modules beside it, so that the engine's packages must come from elsewhere. */
import { cp, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { REPOSITORY_ROOT } from '../helpers/run-action.ts';
import { createProject, ending, startServers, type Project, type Servers } from './project.ts';

let servers: Servers;
let project: Project;
/** Absolute: what a runner downloads of this repository, somewhere else. */
let root: string;

beforeAll(async () => {
  servers = await startServers();
  project = await createProject(servers);
  root = await mkdtemp(join(tmpdir(), 'mlgate-copy-'));
  for (const name of ['dist', 'actions', 'action.yml'])
    await cp(join(REPOSITORY_ROOT, name), join(root, name), { recursive: true });
});
afterAll(async () => {
  await project.close();
  await servers.close();
  await rm(root, { recursive: true, force: true });
});

it('fetches the engine into the tool cache once, and loads it from there', async () => {
  const toolCache = join(root, 'tool-cache');
  await mkdir(toolCache);
  const first = await (await project.pushRun({ root, toolCache })).step('actions/validate-data');
  expect(ending(first)).toMatch(/^exit 0/u);
  const kept = await readdir(toolCache, { recursive: true });
  expect(kept.filter((path) => path.endsWith('duckdb.node'))).toHaveLength(1);

  // Without a network, and without a service that keeps caches: what is there suffices.
  const env = { npm_config_registry: 'http://127.0.0.1:9/', npm_config_fetch_retries: '0' };
  const second = await (await project.pushRun({ root, toolCache, env })).step('actions/validate-data');
  expect(ending(second)).toMatch(/^exit 0/u);
  expect(await readdir(toolCache, { recursive: true })).toEqual(kept);

  const library = kept.find((path) => path.endsWith('duckdb.node')) ?? '';
  await writeFile(join(toolCache, library), 'not a library');
  const third = await (await project.pushRun({ root, toolCache, env })).step('actions/validate-data');
  expect(third.exitCode).toBe(3);
  expect(third.annotations).toMatchObject([{ level: 'error' }]);
});

/** The loader with the real npm client, the real packages, and the toolkit's real client of the Actions cache. */
import { chmod, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { startEngine } from '../../src/engine/start-engine.ts';
import { WorldError } from '../../src/evidence/errors.ts';
import { locatePinnedDuckdb, type NativeMeans } from '../../src/platform/native-packages.ts';
import { openActionsCache } from '../../src/platform/native-packages/actions-cache.ts';
import { detectPlatform } from '../../src/platform/native-packages/choose-platform.ts';
import { fetchPackages } from '../../src/platform/native-packages/fetch-packages.ts';
import { findNpm } from '../../src/platform/native-packages/find-npm.ts';
import type { PinnedPackage } from '../../src/platform/native-packages/pins.ts';
import { writeList } from '../../src/platform/native-packages/verify-files.ts';
import { DUCKDB_PINS } from '../../src/platform/native-pins.generated.ts';
import { machineEnvironment, runProcess } from '../helpers/run-process.ts';
import { startResultsService, type ResultsService } from '../helpers/results-service/server.ts';

const FETCH_TIMEOUT_MILLISECONDS = 120_000;

let folder: string;
/** npm's own cache is new too, so that the first fetch goes to the registry; later ones find the packages there. */
let environment: Record<string, string>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mlgate-npm-'));
  environment = { ...machineEnvironment(), npm_config_cache: join(folder, 'npm-cache') };
});

afterAll(() => rm(folder, { recursive: true }));

function needPins(platform: string) {
  const pins = DUCKDB_PINS.platforms[platform];
  if (pins === undefined) throw new Error(`There are no pins for ${platform}.`);
  return pins;
}

describe('the pinned packages', { timeout: FETCH_TIMEOUT_MILLISECONDS }, () => {
  const remarks: string[] = [];
  let module: string;

  beforeAll(async () => {
    module = await locatePinnedDuckdb({
      environment: { ...environment, RUNNER_TOOL_CACHE: join(folder, 'tools') },
      remark: (text) => void remarks.push(text),
    });
  }, FETCH_TIMEOUT_MILLISECONDS);

  it('are fetched once, and answer a query', async () => {
    expect(remarks).toEqual([expect.stringMatching(/^Fetching DuckDB \S+ through npm \(\d+ MB\)\.$/u)]);
    const table = join(folder, 'table.csv');
    await writeFile(table, 'name,size\na,1\nb,2\n');
    const engine = startEngine({
      workerPath: resolve('src/engine/duckdb/worker-main.ts'),
      duckdbModule: module,
      temporaryFolder: folder,
      environment: {},
    });
    try {
      const description = await engine.describeTable({ path: table });
      expect(description.columns.map(({ name }) => name)).toEqual(['name', 'size']);
    } finally {
      await engine.close();
    }
  });

  it('are found again without npm', async () => {
    const means: NativeMeans = {
      pins: DUCKDB_PINS,
      platform: detectPlatform(),
      fetchPackages: () => Promise.reject(new Error('npm was called')),
    };
    const tools = { RUNNER_TOOL_CACHE: join(folder, 'tools') };
    expect(await locatePinnedDuckdb({ environment: tools, remark: expect.unreachable }, means)).toBe(module);
  });

  it('may be fetched by two processes at once', async () => {
    const source = pathToFileURL(resolve('src/platform/native-packages.ts')).href;
    const program = `import { locatePinnedDuckdb } from ${JSON.stringify(source)};
      console.log(await locatePinnedDuckdb({ environment: process.env, remark: () => {} }));`;
    const tools = join(folder, 'shared-tools');
    const run = () =>
      runProcess(process.execPath, ['--input-type=module', '-e', program], {
        cwd: folder,
        env: { ...environment, RUNNER_TOOL_CACHE: tools },
      });
    const ended = await Promise.all([run(), run()]);
    const { version } = needPins(detectPlatform());
    const entry = join(tools, 'mlgate', 'duckdb', version, detectPlatform());
    const expected = { exitCode: 0, stdout: `${join(entry, 'node_modules', '@duckdb', 'node-api')}\n` };
    expect(ended).toEqual([expect.objectContaining(expected), expect.objectContaining(expected)]);
    expect(await readdir(join(tools, 'mlgate', 'duckdb'))).toEqual([version]);
  });
});

/** The smallest of the real packages. */
const SMALL = needPins('linux-x64').packages.filter(({ name }) => name === 'detect-libc');

function request(packages: readonly PinnedPackage[], overrides: Record<string, string> = {}) {
  const target = join(folder, `fetched-${Math.random().toString(36).slice(2)}`);
  return { title: 'DuckDB', packages, folder: target, environment: { ...environment, ...overrides } };
}

describe('npm', { timeout: FETCH_TIMEOUT_MILLISECONDS }, () => {
  it('leaves the packages and nothing else', async () => {
    const asked = request(SMALL);
    await fetchPackages(asked);
    expect(await readdir(asked.folder)).toEqual(['node_modules']);
    expect(await readdir(join(asked.folder, 'node_modules'))).toEqual(['detect-libc']);
  });

  it('fetches for another platform too, as the pins are made', async () => {
    const pinned = needPins('win32-x64');
    const asked = request(pinned.packages.filter(({ name }) => name === '@duckdb/node-bindings'));
    await fetchPackages(asked);
    expect(await readdir(join(asked.folder, 'node_modules', '@duckdb'))).toEqual(['node-bindings']);
  });

  it('is not moved by the settings of a workspace that npm exported', async () => {
    const asked = request(SMALL, {
      npm_config_workspace: 'packages/a',
      npm_config_global: 'true',
      npm_config_dry_run: 'true',
      npm_config_install_strategy: 'linked',
    });
    await fetchPackages(asked);
    expect(await readdir(join(asked.folder, 'node_modules'))).toEqual(['detect-libc']);
  });

  it('refuses a package of another integrity', async () => {
    const forged = SMALL.map((one) => ({ ...one, integrity: one.integrity.replace(/-./u, '-x') }));
    const failure = fetchPackages(request(forged));
    await expect(failure).rejects.toThrow(WorldError);
    await expect(failure).rejects.toThrow(
      'DuckDB was refused: what npm received is not what this version of mlgate pins.',
    );
  });

  it('says so if the registry lacks a version', async () => {
    const failure = fetchPackages(request(SMALL.map((one) => ({ ...one, version: '2.1.99999' }))));
    await expect(failure).rejects.toThrow(/^DuckDB could not be fetched through npm \(ETARGET\): /u);
    await expect(failure).rejects.toMatchObject({ help: expect.stringContaining('lacks this version') });
  });

  it('without a network is a message with a cure, and leaves nothing behind', async () => {
    const tools = join(folder, 'no-network');
    const failure = locatePinnedDuckdb({
      environment: {
        ...environment,
        RUNNER_TOOL_CACHE: tools,
        // Discard protocol: nobody listens.
        npm_config_registry: 'http://127.0.0.1:9/',
        npm_config_cache: join(folder, 'empty-npm-cache'),
      },
      remark: () => undefined,
    });
    await expect(failure).rejects.toThrow(WorldError);
    await expect(failure).rejects.toThrow(
      /^DuckDB could not be fetched through npm \(ECONNREFUSED\): .*127\.0\.0\.1:9/u,
    );
    await expect(failure).rejects.toMatchObject({ help: expect.stringContaining('npm ping') });
    expect(await readdir(tools, { recursive: true })).toEqual(['mlgate', join('mlgate', 'duckdb')]);
  });
});

describe('npm is looked for', () => {
  let place: string;

  beforeEach(async () => {
    place = await mkdtemp(join(folder, 'place-'));
  });

  async function put(...path: readonly string[]): Promise<string> {
    const file = join(place, ...path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, '');
    await chmod(file, 0o755);
    return file;
  }

  it('first where it runs us', async () => {
    const script = await put('running', 'npm-cli.js');
    await put('lib', 'node_modules', 'npm', 'bin', 'npm-cli.js');
    const node = join(place, 'bin', 'node');
    const found = await findNpm({ environment: { npm_execpath: script }, node, platform: 'linux' });
    expect(found).toEqual({ program: node, args: [script] });
  });

  it('beside Node, and not as another package manager that runs us', async () => {
    const other = await put('yarn.js');
    const script = await put('lib', 'node_modules', 'npm', 'bin', 'npm-cli.js');
    const node = join(place, 'bin', 'node');
    const found = await findNpm({ environment: { npm_execpath: other }, node, platform: 'linux' });
    expect(found).toEqual({ program: node, args: [script] });
  });

  it('beside node.exe', async () => {
    const script = await put('node_modules', 'npm', 'bin', 'npm-cli.js');
    const node = join(place, 'node.exe');
    expect(await findNpm({ environment: {}, node, platform: 'win32' })).toEqual({
      program: node,
      args: [script],
    });
  });

  it('on the PATH: a link to the script, or a program that stands in', async () => {
    const script = await put('other', 'lib', 'npm-cli.js');
    await mkdir(join(place, 'links'));
    await symlink(script, join(place, 'links', 'npm'));
    const shim = await put('shims', 'npm');
    const node = join(place, 'alone', 'bin', 'node');
    const first = { PATH: ['relative', join(place, 'links'), join(place, 'shims')].join(delimiter) };
    expect(await findNpm({ environment: first, node, platform: 'linux' })).toEqual({
      program: node,
      args: [script],
    });
    const second = { PATH: join(place, 'shims') };
    expect(await findNpm({ environment: second, node, platform: 'linux' })).toEqual({
      program: shim,
      args: [],
    });
  });

  it('on the Path of Windows, where its command would need a shell', async () => {
    const script = await put('roaming', 'npm', 'node_modules', 'npm', 'bin', 'npm-cli.js');
    const node = join(place, 'alone', 'node.exe');
    const found = await findNpm({
      environment: { Path: join(place, 'roaming', 'npm') },
      node,
      platform: 'win32',
    });
    expect(found).toEqual({ program: node, args: [script] });
  });

  it('and missed with a message', async () => {
    const node = join(place, 'alone', 'bin', 'node');
    const failure = findNpm({ environment: { PATH: place }, node, platform: 'linux' });
    await expect(failure).rejects.toThrow('npm was not found: neither beside Node nor on the PATH');
  });
});

/** The loader in a job with a tool cache of its own, over one small package. */
async function runJob(name: string, canFetch: boolean) {
  const remarks: string[] = [];
  const model = join(folder, `model-${name}`);
  const text = 'module.exports = 1;\n';
  const write = async (target: string) => {
    await mkdir(join(target, 'node_modules', 'part'), { recursive: true });
    await writeFile(join(target, 'node_modules', 'part', 'index.js'), text);
  };
  await write(model);
  const pinned = { version: '1.0.0', packages: [], files: await writeList(model), packedBytes: 1e6 };
  const means: NativeMeans = {
    pins: {
      title: 'DuckDB',
      use: 'reads tables with it',
      folder: 'duckdb',
      main: 'part',
      platforms: { here: pinned },
    },
    platform: 'here',
    fetchPackages: async (request) => {
      if (!canFetch) throw new Error('npm was called');
      await write(request.folder);
    },
  };
  const environment = { RUNNER_TOOL_CACHE: join(folder, name), RUNNER_TEMP: join(folder, 'temporary') };
  const cache = openActionsCache(process.env, { restore: 1_000, save: 10_000 });
  await locatePinnedDuckdb({ environment, remark: (text) => void remarks.push(text), cache }, means);
  return remarks;
}

describe('the Actions cache through the toolkit', () => {
  let service: ResultsService;

  beforeEach(async () => {
    service = await startResultsService();
    await mkdir(join(folder, 'temporary'), { recursive: true });
    vi.stubEnv('GITHUB_WORKSPACE', folder);
    vi.stubEnv('RUNNER_TEMP', join(folder, 'temporary'));
    vi.stubEnv('GITHUB_SERVER_URL', `http://github.localhost:${service.url.split(':').at(-1)}`);
    for (const [name, value] of Object.entries(job())) vi.stubEnv(name, value);
    vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  });

  afterEach(async () => {
    vi.restoreAllMocks();
    vi.unstubAllEnvs();
    await service.close();
  });

  function job(): Record<string, string> {
    return service.environment({ runId: 101, cacheScopes: [{ ref: 'refs/heads/main', writable: true }] });
  }

  it('gives the next job what the first one fetched', async () => {
    expect(await runJob('first', true)).toEqual(['Fetching DuckDB 1.0.0 through npm (1 MB).']);
    expect(service.caches).toHaveLength(1);
    expect(await runJob('second', false)).toEqual([]);
    expect(await readdir(join(folder, 'temporary'))).not.toContain('mlgate-duckdb');
  });

  it('that is down costs a fetch and nothing else', async () => {
    service.outage = true;
    expect(await runJob('third', true)).toEqual([
      'DuckDB could not be restored from the Actions cache: it did not answer within 1 s',
      'Fetching DuckDB 1.0.0 through npm (1 MB).',
    ]);
  });

  it('is not there outside of Actions', () => {
    expect(openActionsCache({})).toBeUndefined();
    expect(openActionsCache({ ACTIONS_RESULTS_URL: '' })).toBeUndefined();
  });
});

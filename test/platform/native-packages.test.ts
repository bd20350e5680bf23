import { createHash } from 'node:crypto';
import {
  appendFile,
  cp,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UserError, WorldError } from '../../src/evidence/errors.ts';
import { locateDuckdb, locatePinnedDuckdb, type NativeMeans } from '../../src/platform/native-packages.ts';
import { findCacheRoot } from '../../src/platform/native-packages/find-cache-root.ts';
import type { NativePins } from '../../src/platform/native-packages/pins.ts';
import { writeList } from '../../src/platform/native-packages/verify-files.ts';
import { DUCKDB_PINS } from '../../src/platform/native-pins.generated.ts';

/** A stand-in for DuckDB's packages: small, so that each of these tests has its own. */
const FILES = {
  'node_modules/@duckdb/node-api/index.js': 'module.exports = require("@duckdb/node-bindings");\n',
  'node_modules/@duckdb/node-bindings/index.js': 'module.exports = 1;\n',
  'node_modules/@duckdb/node-bindings-linux-x64/duckdb.node': 'binary',
};

type Files = Readonly<Record<string, string>>;

async function writeFiles(folder: string, files: Files): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
}

let folder: string;
let root: string;
let entry: string;
let pins: NativePins;
let remarks: string[];
let fetches: number;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mlgate-native-'));
  root = join(folder, 'tools');
  entry = join(root, 'mlgate', 'duckdb', '1.0.0', 'linux-x64');
  const model = join(folder, 'model');
  await writeFiles(model, FILES);
  const files = await writeList(model);
  pins = {
    title: 'DuckDB',
    use: 'reads tables with it',
    folder: 'duckdb',
    main: '@duckdb/node-api',
    platforms: { 'linux-x64': { version: '1.0.0', packages: [], files, packedBytes: 24_000_000 } },
  };
  remarks = [];
  fetches = 0;
});

afterEach(() => rm(folder, { recursive: true }));

function means(overrides: Partial<NativeMeans> & { readonly files?: Files } = {}): NativeMeans {
  const { files = FILES, ...others } = overrides;
  return {
    pins,
    platform: 'linux-x64',
    fetchPackages: async (request) => {
      fetches += 1;
      await writeFiles(request.folder, files);
    },
    ...others,
  };
}

/** No fetch may happen. */
function cutOff(): NativeMeans {
  return means({ fetchPackages: () => Promise.reject(new Error('npm was called')) });
}

function locating() {
  return {
    environment: { RUNNER_TOOL_CACHE: root },
    remark: (text: string) => void remarks.push(text),
  };
}

async function locate(using = means()): Promise<string> {
  return await locatePinnedDuckdb(locating(), using);
}

async function listCache(): Promise<readonly string[]> {
  const found = await readdir(root, { recursive: true, withFileTypes: true });
  return found
    .filter((item) => !item.isDirectory())
    .map((item) => join(item.parentPath, item.name).slice(entry.length + 1))
    .toSorted();
}

describe('an empty cache', () => {
  it('is filled with what is pinned, and with a list of it', async () => {
    expect(await locate()).toBe(join(entry, 'node_modules', '@duckdb', 'node-api'));
    expect(await listCache()).toEqual(['files.sha256', ...Object.keys(FILES)].toSorted());
    expect(await readdir(join(root, 'mlgate', 'duckdb'))).toEqual(['1.0.0']);
    expect(remarks).toEqual(['Fetching DuckDB 1.0.0 through npm (24 MB).']);
    const list = await readFile(join(entry, 'files.sha256'), 'utf8');
    const digest = createHash('sha256').update('binary').digest('hex');
    expect(list).toContain(`${digest}  node_modules/@duckdb/node-bindings-linux-x64/duckdb.node\n`);
  });

  it('stays empty if other files arrive than are pinned', async () => {
    const changed = { ...FILES, 'node_modules/@duckdb/node-api/index.js': 'evil()' };
    const failure = locate(means({ files: changed }));
    await expect(failure).rejects.toThrow(WorldError);
    await expect(failure).rejects.toThrow('npm unpacked other files than this version of mlgate knows');
    expect(await listCache()).toEqual([]);
    expect(await readdir(join(root, 'mlgate', 'duckdb'))).toEqual([]);
  });

  it('stays empty if nothing arrives', async () => {
    await expect(locate(cutOff())).rejects.toThrow('npm was called');
    expect(await readdir(join(root, 'mlgate', 'duckdb'))).toEqual([]);
  });

  it('that cannot be made is a message with a cure', async () => {
    await writeFile(root, 'a file');
    const failure = locate();
    await expect(failure).rejects.toThrow(`DuckDB could not be kept in ${root}: `);
    await expect(failure).rejects.toMatchObject({ help: expect.stringContaining('RUNNER_TOOL_CACHE') });
  });
});

describe('a filled cache', () => {
  beforeEach(async () => {
    await locate();
    remarks = [];
    fetches = 0;
  });

  it('is used without npm and without a word', async () => {
    expect(await locate(cutOff())).toBe(join(entry, 'node_modules', '@duckdb', 'node-api'));
    expect(remarks).toEqual([]);
  });

  const DAMAGES: readonly (readonly [string, string, () => Promise<void>])[] = [
    [
      'a changed file',
      '"node_modules/@duckdb/node-bindings-linux-x64/duckdb.node" was changed',
      () => appendFile(join(entry, 'node_modules/@duckdb/node-bindings-linux-x64/duckdb.node'), '!'),
    ],
    [
      'a missing file',
      '"node_modules/@duckdb/node-api/index.js" is missing',
      () => rm(join(entry, 'node_modules/@duckdb/node-api/index.js')),
    ],
    [
      'a file that Node would load first',
      '"node_modules/@duckdb/node-api/node_modules/@duckdb/node-bindings/index.js" does not belong there',
      () =>
        writeFiles(entry, {
          'node_modules/@duckdb/node-api/node_modules/@duckdb/node-bindings/index.js': '',
        }),
    ],
    [
      'a link',
      '"node-bindings" is not an ordinary file',
      async () => {
        const target = join(entry, 'node_modules/@duckdb/node-bindings');
        await rename(target, join(folder, 'elsewhere'));
        await symlink(join(folder, 'elsewhere'), target);
      },
    ],
    [
      'a damaged list',
      'its files.sha256 is not the one that this version of mlgate knows',
      () => appendFile(join(entry, 'files.sha256'), '\n'),
    ],
    [
      'no list',
      'its files.sha256 is not the one that this version of mlgate knows',
      () => rm(join(entry, 'files.sha256')),
    ],
    [
      'a huge list',
      'its files.sha256 is not the one that this version of mlgate knows',
      () => writeFile(join(entry, 'files.sha256'), 'x'.repeat(2_000_000)),
    ],
    [
      'a forged file with a list that fits it',
      'its files.sha256 is not the one that this version of mlgate knows',
      async () => {
        await writeFile(join(entry, 'node_modules/@duckdb/node-api/index.js'), 'evil()');
        await writeList(entry);
      },
    ],
  ];

  it.each(DAMAGES)('with %s is refused and filled again', async (_name, why, damage) => {
    await damage();
    expect(await locate()).toBe(join(entry, 'node_modules', '@duckdb', 'node-api'));
    expect(remarks[0]).toBe(`DuckDB in ${entry} is not used, and is put there again: ${why}.`);
    expect(fetches).toBe(1);
    expect(await listCache()).toEqual(['files.sha256', ...Object.keys(FILES)].toSorted());
    expect(await locate(cutOff())).toContain(entry);
  });

  it('that is refused is not used where nothing can be fetched either', async () => {
    await appendFile(join(entry, 'files.sha256'), '\n');
    await expect(locate(cutOff())).rejects.toThrow('npm was called');
  });
});

describe('two at once', () => {
  it('both find what one of them put there', async () => {
    const arrived: (() => void)[] = [];
    const together = means({
      fetchPackages: async (request) => {
        await writeFiles(request.folder, FILES);
        await new Promise<void>((resolve) => {
          arrived.push(resolve);
          if (arrived.length === 2) for (const go of arrived) go();
        });
      },
    });
    const [one, two] = await Promise.all([locate(together), locate(together)]);
    expect(one).toBe(two);
    expect(await listCache()).toEqual(['files.sha256', ...Object.keys(FILES)].toSorted());
    expect(await readdir(join(root, 'mlgate', 'duckdb'))).toEqual(['1.0.0']);
  });

  it('do not keep what an unsound one put there meanwhile', async () => {
    const slow = means({
      fetchPackages: async (request) => {
        await writeFiles(request.folder, FILES);
        await writeFiles(entry, { 'files.sha256': 'forged' });
      },
    });
    await locate(slow);
    expect(await listCache()).toEqual(['files.sha256', ...Object.keys(FILES)].toSorted());
  });
});

/** Keeps one folder, as the service would. */
function createStore() {
  const kept = join(folder, 'kept');
  const keys: string[] = [];
  return {
    kept,
    keys,
    cache: {
      restore: async (target: string, key: string) => {
        if (!keys.includes(key)) return false;
        await cp(kept, target, { recursive: true });
        return true;
      },
      save: async (source: string, key: string) => {
        keys.push(key);
        await cp(source, kept, { recursive: true });
      },
    },
  };
}

async function locateWith(cache: ReturnType<typeof createStore>['cache'], using: NativeMeans) {
  const temporary = join(folder, 'temporary');
  await mkdir(temporary, { recursive: true });
  const environment = { RUNNER_TOOL_CACHE: root, RUNNER_TEMP: temporary };
  const found = await locatePinnedDuckdb({ ...locating(), environment, cache }, using);
  expect(await readdir(temporary)).toEqual([]);
  return found;
}

describe('the Actions cache', () => {
  it('spares the next job the fetch', async () => {
    const store = createStore();
    await locateWith(store.cache, means());
    const [key] = store.keys;
    expect(key).toBe(`mlgate-duckdb-1.0.0-linux-x64-${pins.platforms['linux-x64']?.files}`);
    await rm(root, { recursive: true });
    remarks = [];
    expect(await locateWith(store.cache, cutOff())).toContain(entry);
    expect(remarks).toEqual([]);
    expect(store.keys).toEqual([key]);
  });

  it('is refused if what it held was forged, list and all', async () => {
    const store = createStore();
    await locateWith(store.cache, means());
    await rm(root, { recursive: true });
    await writeFile(join(store.kept, 'node_modules/@duckdb/node-api/index.js'), 'evil()');
    await writeList(store.kept);
    remarks = [];
    await locateWith(store.cache, means());
    expect(remarks[0]).toBe(
      'DuckDB from the Actions cache is not used: its files.sha256 is not the one that this version of mlgate knows.',
    );
    expect(await readFile(join(entry, 'node_modules/@duckdb/node-api/index.js'), 'utf8')).toContain(
      'require',
    );
  });

  it('that fails to restore is a remark, and is not asked to save', async () => {
    const broken = {
      restore: () => Promise.reject(new Error('503')),
      save: () => Promise.reject(new Error('It was asked to save.')),
    };
    await locateWith(broken, means());
    expect(remarks).toEqual([
      'DuckDB could not be restored from the Actions cache: 503',
      'Fetching DuckDB 1.0.0 through npm (24 MB).',
    ]);
  });

  it('that fails to save is a remark', async () => {
    const broken = { restore: () => Promise.resolve(false), save: () => Promise.reject(new Error('503')) };
    await locateWith(broken, means());
    expect(remarks).toEqual([
      'Fetching DuckDB 1.0.0 through npm (24 MB).',
      'DuckDB could not be saved in the Actions cache: 503',
    ]);
  });

  it('that says that it restored and did not is a remark', async () => {
    const empty = { restore: () => Promise.resolve(true), save: () => Promise.resolve() };
    await locateWith(empty, means());
    expect(remarks[0]).toMatch(/^DuckDB could not be restored from the Actions cache: ENOENT/u);
  });
});

describe('platforms', () => {
  it('are those that DuckDB has: Linux, macOS and Windows, x64 and arm64', () => {
    expect(Object.keys(DUCKDB_PINS.platforms)).toEqual([
      'darwin-arm64',
      'darwin-x64',
      'linux-arm64',
      'linux-arm64-musl',
      'linux-x64',
      'linux-x64-musl',
      'win32-arm64',
      'win32-x64',
    ]);
  });

  it.each(Object.entries(DUCKDB_PINS.platforms))(
    '%s has its own package, of one version',
    (platform, pinned) => {
      const names = pinned.packages.map(({ name }) => name);
      expect(names).toEqual(
        expect.arrayContaining([
          '@duckdb/node-api',
          '@duckdb/node-bindings',
          `@duckdb/node-bindings-${platform}`,
        ]),
      );
      for (const { integrity } of pinned.packages) expect(integrity).toMatch(/^sha512-[\w+/]{86}==$/u);
      const versions = pinned.packages
        .filter(({ name }) => name.startsWith('@duckdb/'))
        .map((one) => one.version);
      expect(new Set(versions)).toEqual(new Set([pinned.version]));
      expect(pinned.files).toMatch(/^[0-9a-f]{64}$/u);
    },
  );

  it('that DuckDB does not have are refused with the list of those it has', async () => {
    const failure = locate({ ...means(), pins: DUCKDB_PINS, platform: 'freebsd-x64' });
    await expect(failure).rejects.toThrow(UserError);
    await expect(failure).rejects.toMatchObject({
      message: 'There is no DuckDB for freebsd x64, and mlgate reads tables with it.',
      help: 'Use one of macOS arm64, macOS x64, Linux arm64, Linux arm64 (musl), Linux x64, Linux x64 (musl), Windows arm64, Windows x64.',
    });
  });
});

describe('for the command line', () => {
  it('an installed DuckDB is left to Node', async () => {
    const engineWorker = join(folder, 'model', 'worker.js');
    expect(await locateDuckdb({ ...locating(), engineWorker }, cutOff())).toBeUndefined();
  });

  it('an installed DuckDB without its binary is not enough', async () => {
    const engineWorker = join(folder, 'model', 'worker.js');
    await rm(join(folder, 'model', 'node_modules', '@duckdb', 'node-bindings-linux-x64'), {
      recursive: true,
    });
    expect(await locateDuckdb({ ...locating(), engineWorker }, means())).toContain(entry);
    expect(fetches).toBe(1);
  });

  it.each([
    ['linux', { RUNNER_TOOL_CACHE: '/opt/tools', XDG_CACHE_HOME: '/cache' }, '/opt/tools'],
    ['linux', { XDG_CACHE_HOME: '/cache' }, '/cache'],
    ['linux', { XDG_CACHE_HOME: 'relative' }, join('/home/ada', '.cache')],
    ['linux', { RUNNER_TOOL_CACHE: '' }, join('/home/ada', '.cache')],
    ['darwin', { XDG_CACHE_HOME: '/cache' }, join('/home/ada', 'Library', 'Caches')],
    ['win32', { LOCALAPPDATA: '/local' }, '/local'],
    ['win32', {}, join('/home/ada', 'AppData', 'Local')],
  ])('on %s with %o packages are kept in %s', (platform, environment, expected) => {
    expect(findCacheRoot({ environment, platform, home: '/home/ada' })).toBe(expected);
  });
});

/** The chain's own effects: files of a config, results, the engine's folder. */
import { mkdir, mkdtemp, readdir, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ChainResult } from '../../src/chain/chain.ts';
import {
  connectFiles,
  connectNamedFiles,
  openWorkspace,
  type FileEffects,
  readConfig,
  readDocument,
} from '../../src/chain/connect.ts';
import { explainTableError } from '../../src/chain/explain-table-error.ts';
import { explainWriteFailure } from '../../src/chain/explain-write-failure.ts';
import { withEngine, type EngineSetting } from '../../src/chain/with-engine.ts';
import { writeExports } from '../../src/chain/write-exports.ts';
import { hideFromGit, writeResults } from '../../src/chain/write-results.ts';
import { PlanError, TableError, type TableFault } from '../../src/engine/engine.ts';
import { UserError, WorldError } from '../../src/evidence/errors.ts';
import { EXPORT_FORMATS } from '../../src/report/exports/render-export.ts';
import { printEvidence } from '../../src/evidence/evidence.ts';
import { evidenceOf } from '../evidence/cases.ts';

let folder: string;
beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'mlgate-effects-')));
});
afterEach(async () => await rm(folder, { recursive: true, force: true }));

async function write(path: string, content: string): Promise<void> {
  await mkdir(join(folder, path, '..'), { recursive: true });
  await writeFile(join(folder, path), content);
}

describe('openWorkspace', () => {
  it('is bounded by where the user is, if the config is below', () => {
    expect(openWorkspace('gates/mlgate.yml', folder)).toEqual({
      configPath: join(folder, 'gates/mlgate.yml'),
      displayPath: 'gates/mlgate.yml',
      root: folder,
    });
    expect(openWorkspace('..odd/mlgate.yml', folder).root).toBe(folder);
  });

  it("else by the config's own folder", () => {
    expect(openWorkspace('../x/mlgate.yml', join(folder, 'deep'))).toEqual({
      configPath: join(folder, 'x/mlgate.yml'),
      displayPath: '../x/mlgate.yml',
      root: join(folder, 'x'),
    });
  });
});

function connectGates(): FileEffects {
  return connectFiles(openWorkspace('gates/mlgate.yml', folder));
}

describe('connectFiles', () => {
  beforeEach(async () => {
    await write('gates/data.csv', 'a\n1\n');
    await write('secret', 's');
  });
  it("reads from the config's folder, and names files for failures and for evidence", async () => {
    const { readText, resolvePath, displayPath, evidencePath, identifyFile } = connectGates();
    expect(await readText('data.csv')).toBe('a\n1\n');
    expect(await resolvePath('data.csv')).toBe(join(folder, 'gates/data.csv'));
    expect(displayPath('data.csv')).toBe('gates/data.csv');
    expect(evidencePath('data.csv')).toBe('data.csv');
    expect((await identifyFile('data.csv')).bytes).toBe(4);
    // Within the folder where the user is.
    expect(await readText('../secret')).toBe('s');
  });

  it('leaves no way out', async () => {
    await symlink('/etc', join(folder, 'gates/etc'));
    for (const path of ['../../x', '/etc/passwd', 'etc/passwd']) {
      await expect(connectGates().readText(path)).rejects.toThrow(/leads out of the config's folder/);
      await expect(connectGates().readOptionalText(path)).rejects.toThrow(UserError);
    }
  });

  it('tells a file that is not there from one that cannot be read', async () => {
    expect(await connectGates().readOptionalText('data.csv')).toBe('a\n1\n');
    expect(await connectGates().readOptionalText('data.csv.mlgate.json')).toBeUndefined();
    await mkdir(join(folder, 'gates/x.mlgate.json'));
    await expect(connectGates().readOptionalText('x.mlgate.json')).rejects.toThrow(/is a folder/);
  });
});

describe('connectNamedFiles', () => {
  it('reads what was named, wherever it is, and nothing beside it', async () => {
    await write('a/data.csv', 'x');
    const named = new Map([
      ['data.csv', '../a/data.csv'],
      ['abs.csv', join(folder, 'a/data.csv')],
    ]);
    const { readText, readOptionalText, evidencePath, displayPath } = connectNamedFiles(
      join(folder, 'b'),
      named,
    );
    expect(await readText('data.csv')).toBe('x');
    expect(await readText('abs.csv')).toBe('x');
    expect([evidencePath('data.csv'), evidencePath('abs.csv')]).toEqual(['../a/data.csv', 'abs.csv']);
    expect(displayPath('abs.csv')).toBe(join(folder, 'a/data.csv'));
    expect(await readOptionalText('data.csv')).toBeUndefined();
  });
});

describe('readConfig and readDocument', () => {
  it('check keys, values and bounds before anything else is done', async () => {
    await write(
      'mlgate.yml',
      'version: 1\nmetrics: { a: { path: a.json, gates: { zeal: { max-regression: 1 } } } }\n',
    );
    const workspace = openWorkspace('mlgate.yml', folder);
    await expect(readConfig(workspace)).rejects.toThrow(
      /^mlgate\.yml:2:\d+: `metrics\.a\.gates\.zeal`: is no metric that mlgate knows/,
    );
    await write('mlgate.yml', 'version: 1\nmetrics: { a: { path: a.json } }\n');
    const { config, locate } = await readConfig(workspace);
    expect(Object.keys(config.metrics ?? {})).toEqual(['a']);
    expect(locate(['metrics', 'a']).file).toBe('mlgate.yml');
  });

  it('refuse by size before reading, and by content with a guess', async () => {
    await write('big', 'x'.repeat(1_000_001));
    await expect(readDocument(join(folder, 'big'), 'big', 'the file')).rejects.toThrow(
      /^big has 1,000,001 bytes/,
    );
    await writeFile(join(folder, 'zip'), Buffer.from([0x1f, 0x8b, 0xff]));
    await expect(readDocument(join(folder, 'zip'), 'zip', 'the file')).rejects.toThrow(
      /its first bytes say gzip/,
    );
    await expect(readDocument(join(folder, 'no'), 'no', 'the file')).rejects.toThrow(
      'The file no does not exist.',
    );
  });
});

describe('writeResults', () => {
  const result: ChainResult = {
    evidence: evidenceOf(),
    outcomes: new Map([['churn', { testSetDigest: 'a'.repeat(64), bytes: Buffer.from('o') }]]),
  };
  const options = { title: 'mlgate', now: new Date('2026-11-03T12:00:00Z'), trust: 'own' } as const;

  it('writes each file whole, and over an older one', async () => {
    const target = join(folder, 'a/b');
    await writeResults(target, result, options, true);
    const written = await writeResults(target, result, options, false);
    expect(written.html).toBeUndefined();
    expect(written.outcomes).toEqual([join(target, 'outcomes/churn.bin')]);
    expect(await readFile(written.evidence, 'utf8')).toBe(printEvidence(result.evidence));
    await hideFromGit(target);
    const files = (await readdir(target, { recursive: true })).toSorted();
    expect(files).toEqual([
      '.gitignore',
      'evidence.json',
      'outcomes',
      'outcomes/churn.bin',
      'report.html',
      'report.md',
    ]);
  });

  it('leaves nothing half-written', async () => {
    // A folder stands where the evidence should go: the new file is there already when the move fails.
    await mkdir(join(folder, 'out/evidence.json/x'), { recursive: true });
    await expect(writeResults(join(folder, 'out'), result, options, true)).rejects.toThrow(
      /evidence\.json could not be written/,
    );
    expect(await readdir(join(folder, 'out'))).toEqual(['evidence.json']);
  });
});

function failure(code: string): Error {
  return Object.assign(new Error(`${code}: x`), { code, syscall: 'open' });
}

describe('explainWriteFailure', () => {
  it.each(['EACCES', 'ENOSPC', 'EROFS', 'EPERM', 'EIO'])("%s is the world's fault", (code) => {
    expect(explainWriteFailure(failure(code), 'a')).toBeInstanceOf(WorldError);
  });
  it.each(['ENOTDIR', 'EISDIR', 'EEXIST'])("%s is the user's mistake", (code) => {
    expect(explainWriteFailure(failure(code), 'a')).toBeInstanceOf(UserError);
  });
  it('leaves other errors alone', () => {
    for (const other of [new TypeError('x'), Object.assign(new Error('x'), { code: 'ERR_X' }), 'text'])
      expect(explainWriteFailure(other, 'a')).toBe(other);
  });
});

describe('explainTableError', () => {
  it.each([
    ['missing-file', UserError],
    ['not-a-file', UserError],
    ['not-its-format', UserError],
    ['ragged', UserError],
    ['different-columns', UserError],
    ['no-permission', WorldError],
    ['out-of-memory', WorldError],
    ['cancelled', WorldError],
    ['engine-died', WorldError],
  ] as const)('%s', (fault: TableFault, kind) => {
    const error = new TableError(fault, 'a.csv', 'It is so.', 'Do this.');
    expect(explainTableError(error)).toBeInstanceOf(kind);
    expect(explainTableError(error)).toMatchObject({ message: 'It is so.', help: 'Do this.', cause: error });
  });

  it("takes a plan that cannot be run for the user's mistake, and passes on what is a defect", () => {
    expect(explainTableError(new PlanError('No column `x`.'))).toMatchObject({
      name: 'UserError',
      help: undefined,
    });
    const defect = new TypeError('x');
    expect(explainTableError(defect)).toBe(defect);
  });
});

function setting(environment: Readonly<Record<string, string>>): EngineSetting {
  return {
    workerPath: resolve('src/engine/duckdb/worker-main.ts'),
    locateDuckdb: async () => await Promise.resolve(undefined),
    environment,
    limits: { memory: 256, threads: 1 },
  };
}

describe('withEngine', () => {
  it('works in a folder of its own, which is gone afterwards, whatever happened', async () => {
    await write('data.csv', 'a,b\n1,2\n');
    await mkdir(join(folder, 'tmp'));
    const path = join(folder, 'data.csv');
    const names = await withEngine(setting({ RUNNER_TEMP: join(folder, 'tmp') }), async (engine) => {
      expect((await readdir(join(folder, 'tmp'))).length).toBe(1);
      return (await engine.describeTable({ path })).columns.map(({ name }) => name);
    });
    expect(names).toEqual(['a', 'b']);
    expect(await readdir(join(folder, 'tmp'))).toEqual([]);
    const missing = withEngine(
      setting({ RUNNER_TEMP: join(folder, 'tmp') }),
      async (engine) => await engine.describeTable({ path: `${path}x` }),
    );
    await expect(missing).rejects.toThrow(UserError);
    expect(await readdir(join(folder, 'tmp'))).toEqual([]);
  });

  it('says where it may not make one', async () => {
    const never = withEngine(
      setting({ RUNNER_TEMP: join(folder, 'none') }),
      async () => await Promise.resolve(1),
    );
    await expect(never).rejects.toThrow(WorldError);
    await expect(
      withEngine(setting({ RUNNER_TEMP: join(folder, 'none') }), async () => await Promise.resolve(1)),
    ).rejects.toThrow(/^No temporary folder could be made in .*none: ENOENT/);
  });
});

describe('writeExports', () => {
  it('writes each format that the config names beside the report, and only the marker of this verdict', async () => {
    const target = join(folder, 'exports');
    await mkdir(target, { recursive: true });
    await writeFile(join(target, 'NOT_BLESSED'), '');
    const paths = await writeExports(target, evidenceOf(), ['junit', 'sarif', 'blessing']);
    expect(paths.map((path) => basename(path))).toEqual(['report.junit.xml', 'report.sarif', 'BLESSED']);
    expect((await readdir(target)).toSorted()).toEqual(['BLESSED', 'report.junit.xml', 'report.sarif']);
    expect(await readFile(join(target, 'report.junit.xml'), 'utf8')).toMatch(/^<\?xml/);
    const sarif: unknown = JSON.parse(await readFile(join(target, 'report.sarif'), 'utf8'));
    expect(sarif).toMatchObject({ version: '2.1.0' });
  });

  it('attests nothing where a step was about no file', async () => {
    const evidence = evidenceOf();
    const ofData = { ...evidence, body: { ...evidence.body, subjects: [] } };
    expect(await writeExports(folder, ofData, ['in-toto', 'blessing'])).toEqual([join(folder, 'BLESSED')]);
  });

  it('can write every format that the config allows', () => {
    const allowed = resolveFormats();
    expect([...EXPORT_FORMATS, 'blessing'].toSorted()).toEqual(allowed);
  });
});

function resolveFormats(): readonly string[] {
  const text = readFileSync('action-schema/config.schema.json', 'utf8');
  const schema = JSON.parse(text) as {
    $defs: { report: { properties: { exports: { items: { enum: readonly string[] } } } } };
  };
  return schema.$defs.report.properties.exports.items.enum.toSorted();
}

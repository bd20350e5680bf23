/** Every kind of bad input: the exit code and the message that the design asks for, on a terminal and with --json. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { chmod, mkdir, open, readdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import {
  CUSTOMERS_CSV,
  CUSTOMERS_SCHEMA,
  mlgate,
  predictions,
  predictionsCsv,
  PROJECT,
  startMlgate,
  useFolders,
  type Files,
} from './harness.ts';

const makeFolder = useFolders();

const PREDICTIONS = readFileSync('examples/bird-strikes/states/main/out/predictions.parquet');
const SCHEMA = { 's.json': CUSTOMERS_SCHEMA };
const VALIDATE = ['validate', 'data.csv', '--schema', 's.json'];
const COMPARE = 'compare --candidate c.csv --baseline b.csv --id id --target target --score score'.split(' ');
const GATED = [...COMPARE, '--max-regression', '0.05'];

interface Case {
  readonly files: Files;
  readonly words: readonly string[];
  readonly exitCode: 1 | 2 | 3;
  /** What the message says: on standard error for 2 and 3, in the report for 1. */
  readonly says: RegExp;
  /** Prepares what a list of files cannot say. */
  readonly prepare?: (folder: string) => Promise<void>;
}

/** A billion laughs: nine levels of ten. */
const BOMB = [
  'a0: &a0 [x, x, x, x, x, x, x, x, x, x]',
  ...Array.from({ length: 8 }, (_, level) => {
    const alias = `*a${level}`;
    return `a${level + 1}: &a${level + 1} [${Array.from({ length: 10 }, () => alias).join(', ')}]`;
  }),
].join('\n');

const CASES: Readonly<Record<string, Case>> = {
  'a missing file': {
    files: SCHEMA,
    words: VALIDATE,
    exitCode: 2,
    says: /^mlgate: The file \S*data\.csv does not exist\.\n {2}Check the path\.\n$/,
  },
  'a missing schema': {
    files: { 'data.csv': CUSTOMERS_CSV },
    words: VALIDATE,
    exitCode: 2,
    says: /^mlgate: The file \S*s\.json does not exist\./,
  },
  'a missing config': {
    files: {},
    words: ['run'],
    exitCode: 2,
    says: /^mlgate: The config mlgate\.yml does not exist\./,
  },
  'a missing file that a config names': {
    files: {
      ...PROJECT,
      'mlgate.yml': String(PROJECT['mlgate.yml']).replace('data/customers.csv', 'data/nope.csv'),
    },
    words: ['run'],
    exitCode: 2,
    says: /^mlgate: The file data\/nope\.csv does not exist\.\n {2}mlgate\.yml names it: check the path there/,
  },
  "a file outside of the config's folder": {
    files: {
      ...PROJECT,
      'mlgate.yml': String(PROJECT['mlgate.yml']).replace('data/customers.csv', '../secret.csv'),
    },
    words: ['run'],
    exitCode: 2,
    says: /`\.\.\/secret\.csv` of the file leads out of the config's folder/,
  },
  'missing evidence': {
    files: {},
    words: ['report', 'nope.json'],
    exitCode: 2,
    says: /The evidence \S*nope\.json does not exist/,
  },
  'an empty file': {
    files: { ...SCHEMA, 'data.csv': '' },
    words: VALIDATE,
    exitCode: 1,
    says: /data\.csv is empty/,
  },
  'a header only': {
    files: { ...SCHEMA, 'data.csv': 'customer,plan,spent\n' },
    words: VALIDATE,
    exitCode: 1,
    says: /The table has 0 rows; at least 1 is asked for/,
  },
  'empty predictions': {
    files: { 'c.csv': '', 'b.csv': predictions(20, 5) },
    words: COMPARE,
    exitCode: 1,
    says: /c\.csv is empty/,
  },
  'predictions with a header only': {
    files: { 'c.csv': 'id,target,score\n', 'b.csv': predictions(20, 5) },
    words: COMPARE,
    exitCode: 1,
    says: /c\.csv holds no predictions/,
  },
  'an empty baseline': {
    files: { 'c.csv': predictions(20, 5), 'b.csv': 'id,target,score\n' },
    words: COMPARE,
    exitCode: 1,
    says: /b\.csv holds no predictions/,
  },
  'an empty metrics file': {
    files: { ...PROJECT, 'out/metrics.json': '' },
    words: ['run'],
    exitCode: 1,
    says: /The file has no number in it/,
  },
  'a metrics file that is no JSON': {
    files: { ...PROJECT, 'out/metrics.json': '{"accuracy": 0.9' },
    words: ['run'],
    exitCode: 2,
    says: /^mlgate: out\/metrics\.json is not JSON/,
  },
  'a wrong delimiter': {
    files: { ...SCHEMA, 'data.csv': CUSTOMERS_CSV.replaceAll(',', ';') },
    words: VALIDATE,
    exitCode: 1,
    says: /seems to be delimited by semicolon, but .csv means\s+comma/,
  },
  'a wrong delimiter in predictions': {
    files: { 'c.csv': predictions(20, 5).replaceAll(',', ';'), 'b.csv': predictions(20, 5) },
    words: COMPARE,
    exitCode: 2,
    says: /c\.csv has no column `id`, which `--id` names\. .*delimited by semicolon/,
  },
  'ragged rows': {
    files: { ...SCHEMA, 'data.csv': `${CUSTOMERS_CSV}4,free\n5,paid,1,2\n` },
    words: VALIDATE,
    exitCode: 1,
    says: /Line 5 of data\.csv has 2 cells, but the header has 3/,
  },
  'ragged predictions': {
    files: { 'c.csv': `${predictions(20, 5)}20,1\n`, 'b.csv': predictions(20, 5) },
    words: COMPARE,
    exitCode: 1,
    says: /Line 22 of \S*c\.csv has 2 cells, but the\s+header has 3/,
  },
  'a file that is not UTF-8': {
    files: { ...SCHEMA, 'data.csv': Buffer.from(`${CUSTOMERS_CSV}4,caf\u00e9,1\n`, 'latin1') },
    words: VALIDATE,
    exitCode: 2,
    says: /data\.csv is not UTF-8: row 4 has bytes that are no character/,
  },
  'a schema that is not UTF-8': {
    files: { 's.json': Buffer.from('{"title": "caf\u00e9"}', 'latin1'), 'data.csv': CUSTOMERS_CSV },
    words: VALIDATE,
    exitCode: 2,
    says: /s\.json is not UTF-8 text/,
  },
  'a config that is not UTF-8': {
    files: { 'mlgate.yml': Buffer.from('version: 1 # caf\u00e9', 'latin1') },
    words: ['run'],
    exitCode: 2,
    says: /^mlgate: mlgate\.yml is not a text in UTF-8/,
  },
  'a directory of directories': {
    files: { ...SCHEMA, 'data.csv/first/part.csv': CUSTOMERS_CSV },
    words: VALIDATE,
    exitCode: 2,
    says: /The folder data\.csv holds folders \(`first`\), and so is no table/,
  },
  'a directory as config': {
    files: { 'mlgate.yml/x': '' },
    words: ['run'],
    exitCode: 2,
    says: /mlgate\.yml is a folder, not a file/,
  },
  'a truncated Parquet file': {
    files: { ...SCHEMA, 'data.parquet': PREDICTIONS.subarray(0, PREDICTIONS.length - 100) },
    words: ['validate', 'data.parquet', '--schema', 's.json'],
    exitCode: 2,
    says: /data\.parquet is not a whole Parquet file.*\n {2}Write or fetch the file again; it may be truncated/,
  },
  'truncated Parquet predictions': {
    files: { 'c.parquet': PREDICTIONS.subarray(0, 3000), 'b.csv': predictions(20, 5) },
    words: COMPARE.map((word) => (word === 'c.csv' ? 'c.parquet' : word)),
    exitCode: 2,
    says: /c\.parquet is not a whole Parquet file/,
  },
  'a CSV that is called Parquet': {
    files: { ...SCHEMA, 'data.parquet': CUSTOMERS_CSV },
    words: ['validate', 'data.parquet', '--schema', 's.json'],
    exitCode: 2,
    says: /data\.parquet is not a whole Parquet file/,
  },
  'a truncated gzip file': {
    files: { ...SCHEMA, 'data.csv.gz': gzipSync(CUSTOMERS_CSV.repeat(100)).subarray(0, 60) },
    words: ['validate', 'data.csv.gz', '--schema', 's.json'],
    exitCode: 2,
    says: /data\.csv\.gz is not a whole gzip file/,
  },
  'a file without a known format': {
    files: { ...SCHEMA, 'data.bin': 'PK' },
    words: ['validate', 'data.bin', '--schema', 's.json'],
    exitCode: 2,
    says: /data\.bin has no format/,
  },
  'a spreadsheet': {
    files: { ...SCHEMA, 'data.xlsx': 'PK' },
    words: ['validate', 'data.xlsx', '--schema', 's.json'],
    exitCode: 2,
    says: /data\.xlsx is an Excel workbook, which is no table that mlgate reads/,
  },
  'NaN scores': {
    files: {
      'c.csv': predictionsCsv([
        { id: 1, target: 1, score: 'NaN' },
        { id: 2, target: 0, score: 0.2 },
      ]),
      'b.csv': predictions(3, 5),
    },
    words: GATED,
    exitCode: 1,
    says: /1 row has no finite number in `score`[\s\S]*row 1: NaN/,
  },
  'NaN scores of the baseline': {
    files: {
      'c.csv': predictions(2, 5),
      'b.csv': predictionsCsv([
        { id: 0, target: 1, score: 'nan' },
        { id: 1, target: 0, score: 0.2 },
      ]),
    },
    words: COMPARE,
    exitCode: 1,
    says: /b\.csv: 1 row has no finite number in `score`/,
  },
  'scores that are no probabilities': {
    files: {
      'c.csv': predictionsCsv([
        { id: 1, target: 1, score: 3.5 },
        { id: 2, target: 0, score: -0.2 },
      ]),
      'b.csv': predictions(3, 5),
    },
    words: COMPARE,
    exitCode: 1,
    says: /2 scores in `score` lie outside 0 to 1/,
  },
  'duplicate ids': {
    files: {
      'c.csv': predictionsCsv([
        { id: 7, target: 1, score: 0.9 },
        { id: 7, target: 0, score: 0.2 },
      ]),
      'b.csv': predictions(3, 5),
    },
    words: COMPARE,
    exitCode: 1,
    says: /1 row repeats an id of `id`[\s\S]*row 2: 7/,
  },
  'ids that do not match': {
    files: { 'c.csv': predictions(20, 5), 'b.csv': predictions(30, 5) },
    words: COMPARE,
    exitCode: 1,
    says: /do not cover the same examples: 20 ids are in both, 0 only in the candidate's, 10\s+only in the baseline's/,
  },
  'ids that do not match, with a margin': {
    files: { 'c.csv': predictions(20, 5), 'b.csv': predictions(30, 5) },
    words: GATED,
    exitCode: 1,
    says: /ids do not match\): model baseline-predictions, roc_auc max-regression/,
  },
  'a column that is not there': {
    files: { 'c.csv': predictions(20, 5), 'b.csv': predictions(20, 5) },
    words: COMPARE.map((word) => (word === 'score' ? 'scroe' : word)),
    exitCode: 2,
    says: /^mlgate: c\.csv has no column `scroe`, which `--score` names\. Did you mean `score`\?\n {2}Its columns are/,
  },
  'a schema that is not a schema': {
    files: {
      's.json':
        '{"type": "object", "properties": {"plan": {"type": "strin", "minimun": 1}}, "requird": ["plan"]}',
      'data.csv': CUSTOMERS_CSV,
    },
    words: VALIDATE,
    exitCode: 2,
    says: /^mlgate: s\.json has 3 mistakes:\n(s\.json:1:\d+: .*\n){2}s\.json:1:\d+: requird: unknown key\. Did you mean `required`\?/,
  },
  'a table for a schema': {
    files: { 's.json': CUSTOMERS_CSV, 'data.csv': CUSTOMERS_CSV },
    words: VALIDATE,
    exitCode: 2,
    says: /s\.json:1:1: this is no data schema/,
  },
  'YAML with duplicate keys': {
    files: { 'mlgate.yml': 'version: 1\nmetrics: { a: { path: a.json } }\nversion: 1\n' },
    words: ['run'],
    exitCode: 2,
    says: /^mlgate: mlgate\.yml:3:1: version: duplicate key/,
  },
  'an alias bomb': {
    files: { 'mlgate.yml': `version: 1\n${BOMB}\n` },
    words: ['run'],
    exitCode: 2,
    says: /^mlgate: The aliases of mlgate\.yml expand to more than 1000 copies/,
  },
  'an alias bomb in a metrics file': {
    files: {
      'mlgate.yml': 'version: 1\nmetrics: { a: { path: a.yml } }\n',
      'a.yml': `${BOMB}\n`,
    },
    words: ['run'],
    exitCode: 2,
    says: /a\.yml.*alias/,
  },
  'a config of 100 MB': {
    files: { 'mlgate.yml': 'version: 1\n' },
    prepare: async (folder) => {
      const file = await open(join(folder, 'mlgate.yml'), 'r+');
      await file.truncate(100_000_000);
      await file.close();
    },
    words: ['run'],
    exitCode: 2,
    says: /^mlgate: mlgate\.yml has 100,000,000 bytes; a config or schema may have at most 300,000\.\n {2}Check the path/,
  },
  'a schema of 100 MB': {
    files: { ...SCHEMA, 'data.csv': CUSTOMERS_CSV },
    prepare: async (folder) => {
      const file = await open(join(folder, 's.json'), 'r+');
      await file.truncate(100_000_000);
      await file.close();
    },
    words: VALIDATE,
    exitCode: 2,
    says: /s\.json is larger than 20 MB/,
  },
  'a bound that no metric has': {
    files: { ...PROJECT, 'mlgate.yml': String(PROJECT['mlgate.yml']).replace('accuracy: {', 'acuracy: {') },
    words: ['validate'],
    exitCode: 2,
    says: /^mlgate: mlgate\.yml:10:\d+: `models\.churn\.metrics\.acuracy`: is no metric that mlgate knows\. Did you mean `accuracy`\?/,
  },
  'evidence that fails its schema': {
    files: { 'e.json': '{"version": 1, "digest": "x"}' },
    words: ['report', 'e.json'],
    exitCode: 2,
    says: /^mlgate: e\.json is not evidence of version 1: /,
  },
  'evidence that is no JSON': {
    files: { 'e.json': '{"version": 1' },
    words: ['report', 'e.json'],
    exitCode: 2,
    says: /^mlgate: e\.json is not JSON/,
  },
  'baseline evidence that fails its schema': {
    files: {
      ...PROJECT,
      'mlgate.yml': `${String(PROJECT['mlgate.yml']).replace(/ {4}baseline-predictions: .*\n/, '')}comparison: { no-baseline: fail }\nbaseline: { store: file, evidence: e.json }\n`,
      'e.json': '{"version": 1}',
    },
    words: ['run'],
    exitCode: 1,
    says: /no baseline was found/i,
  },
  'an output folder that is a file': {
    files: { ...SCHEMA, 'data.csv': CUSTOMERS_CSV, out: 'a file' },
    words: [...VALIDATE, '--output', 'out'],
    exitCode: 2,
    says: /out\/evidence\.json could not be written/,
  },
};

/** What is in a folder, without the results of a finished run. */
async function listFiles(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true });
  return entries.filter((path) => !path.startsWith('.mlgate')).toSorted();
}

describe.each(Object.entries(CASES))('%s', (_name, { files, words, exitCode, says, prepare }) => {
  it(`ends with ${exitCode}, one clear message and nothing half-written`, async () => {
    const folder = await makeFolder(files);
    await prepare?.(folder);
    const before = await listFiles(folder);
    const { exitCode: found, out, err } = await mlgate(folder, words);
    expect(exitCode === 1 ? out : err).toMatch(says);
    expect(found).toBe(exitCode);
    expect(exitCode === 1 ? err : out).toBe('');
    expect(`${out}${err}`).not.toMatch(/\n\s+at .*:\d+:\d+|defect of mlgate|undefined/);
    expect(await listFiles(folder)).toEqual(before);
    expect((await readdir(folder, { recursive: true })).filter((path) => path.endsWith('.part'))).toEqual([]);
  });

  it('says the same with --json as one document', async () => {
    const folder = await makeFolder(files);
    await prepare?.(folder);
    const { exitCode: found, out, err } = await mlgate(folder, [...words, '--json']);
    expect(found).toBe(exitCode);
    const document = JSON.parse(out) as { readonly error?: { readonly message: string } };
    const failure = { error: { kind: exitCode === 2 ? 'user' : 'world' } };
    expect(document).toMatchObject(exitCode === 1 ? { version: 1, body: { verdict: 'fail' } } : failure);
    expect(err.startsWith(exitCode === 1 ? '' : `mlgate: ${document.error?.message}\n`)).toBe(true);
  });
});

describe('special files', () => {
  it.skipIf(process.platform === 'win32')('a pipe as config is refused, not waited for', async () => {
    const folder = await makeFolder();
    execFileSync('mkfifo', [join(folder, 'mlgate.yml')]);
    const { exitCode, err } = await mlgate(folder, ['run']);
    expect(err).toMatch(/The config \S*mlgate\.yml is no ordinary file but a pipe/);
    expect(exitCode).toBe(2);
  });

  it.skipIf(process.platform === 'win32')(
    'an endless device is bounded as config, refused as data',
    async () => {
      const folder = await makeFolder(SCHEMA);
      const config = await mlgate(folder, ['run', '--config', '/dev/zero']);
      expect(config.err).toMatch(/The config \/dev\/zero is larger than 0.3 MB/);
      expect(config.exitCode).toBe(2);
      const data = await mlgate(folder, ['validate', '/dev/zero', '--schema', 's.json']);
      expect(data.err).toMatch(/\/dev\/zero (is no ordinary file|has no format)/);
      expect(data.exitCode).toBe(2);
      await symlink('/dev/zero', join(folder, 'zero.csv'));
      const link = await mlgate(folder, ['validate', 'zero.csv', '--schema', 's.json']);
      expect(link.err).toMatch(/zero\.csv is no ordinary file/);
      expect(link.exitCode).toBe(2);
    },
  );
});

/** `nobody`: a user who owns nothing. Needs root to become it; anybody else is such a user already. */
const NOBODY = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};

describe.skipIf(process.platform === 'win32')('no permission', () => {
  it('ends with 3 and says whose turn it is, for data and for a config', async () => {
    const folder = await makeFolder({ ...SCHEMA, 'data.csv': CUSTOMERS_CSV, 'mlgate.yml': 'version: 1\n' });
    await chmod(folder, 0o755);
    await chmod(join(folder, 'data.csv'), 0o000);
    await chmod(join(folder, 'mlgate.yml'), 0o000);
    const data = await startMlgate(folder, VALIDATE, NOBODY).ended;
    expect(data.err).toMatch(/data\.csv may not be read\.\n {2}Give this user the permission to read it\./);
    expect(data.exitCode).toBe(3);
    const config = await startMlgate(folder, ['run', '--json'], NOBODY).ended;
    const message = expect.stringContaining('may not be read') as string;
    expect(JSON.parse(config.out)).toMatchObject({ error: { kind: 'world', message } });
    expect(config.exitCode).toBe(3);
  });

  it('ends with 3 where results cannot be written, and leaves nothing', async () => {
    const folder = await makeFolder({ ...SCHEMA, 'data.csv': CUSTOMERS_CSV });
    await mkdir(join(folder, 'out'));
    await chmod(join(folder, 'out'), 0o555);
    await chmod(folder, 0o755);
    const words = [...VALIDATE, '--output', 'out', '--json'];
    const { out, err, exitCode } = await startMlgate(folder, words, NOBODY).ended;
    expect(err).toMatch(/out\/evidence\.json could not be written: EACCES/);
    expect(JSON.parse(out)).toMatchObject({ error: { kind: 'world' } });
    expect(exitCode).toBe(3);
    expect(await readdir(join(folder, 'out'))).toEqual([]);
  });
});

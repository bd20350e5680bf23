/** Rows held against each other on the command line and in the chain, in real repositories, git's and DVC's. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { validateDocument } from '../../src/schemas/validate.ts';
import type { Evidence } from '../../src/schemas/evidence.generated.ts';
import { runGit } from '../helpers/git-repository.ts';
import { mlgate, mlgateJson, useFolders } from './harness.ts';
import { recordMain, useRepositories } from './repositories.ts';

const makeFolder = useFolders();
const repositories = useRepositories();

const BEFORE =
  'id,plan,age,email\n1,basic,31,ada@example.org\n2,pro,44,bob@example.org\n3,basic,29,eve@example.org\n';
const NOW =
  'id,plan,age,email,region\n1,pro,31,ada@example.net,n\n2,pro,44,bob@example.org,s\n4,basic,50,dan@example.org,n\n';
const SCHEMA = '{"properties": {"id": {"type": "integer"}}}';

function config(diff: string): string {
  return `version: 1\ndata:\n  customers:\n    path: customers.csv\n    schema: s.json\n    profile: false\n    diff: ${diff}\n`;
}

describe('mlgate diff', () => {
  it('tells two files apart by a key', async () => {
    const folder = await makeFolder({ 'old.csv': BEFORE, 'new.csv': NOW });
    const { exitCode, document } = await mlgateJson(folder, ['diff', 'old.csv', 'new.csv', '--key', 'id']);
    expect(exitCode).toBe(0);
    expect(validateDocument('data-diff', document)).toMatchObject({ ok: true });
    expect(document).toMatchObject({
      dataset: 'new.csv',
      against: 'old.csv',
      rows: 3,
      rowsBefore: 3,
      added: 1,
      removed: 1,
      changed: 1,
      unchanged: 1,
      addedColumns: ['region'],
      columns: [
        { column: 'plan', changed: 1 },
        { column: 'email', changed: 1 },
      ],
    });
  });

  it('shows no value of a column that looks personal', async () => {
    const folder = await makeFolder({ 'old.csv': BEFORE, 'new.csv': NOW });
    for (const words of [['--key', 'id'], ['--key', 'email'], []]) {
      for (const form of [['--json'], ['--markdown']]) {
        const { out } = await mlgate(folder, ['diff', 'old.csv', 'new.csv', ...words, ...form]);
        expect(out).not.toContain('example.');
        expect(out.length).toBeGreaterThan(50);
      }
    }
  });

  it('shows no value that is personal by its form, whatever its column is called', async () => {
    const folder = await makeFolder({
      'old.csv': 'id,remark,ref\n1,call ada@example.org,4111111111111111\n2,none,x\n',
      'new.csv': 'id,remark,ref\n1,call bob@example.net,5500005555555559\n2,secret,y\n',
    });
    for (const words of [['--key', 'id'], ['--key', 'ref'], []]) {
      const { out } = await mlgate(folder, ['diff', 'old.csv', 'new.csv', ...words, '--json']);
      // Neither the value, nor what else stands in a column of such values.
      expect(out).not.toMatch(/example\.|4111|5500|secret/u);
      expect(out).toContain('"examples"');
    }
  });

  it('holds a file against where the branch left main, and says so in its exit code if asked', async () => {
    const { work } = await repositories.create({ 'data/customers.csv': BEFORE });
    await runGit(work.directory, ['checkout', '--quiet', '-b', 'change']);
    await work.commit({ 'data/customers.csv': NOW });
    const words = ['diff', 'customers.csv', '--key', 'id', '--fail-on-change'];
    const { exitCode, out } = await mlgate(join(work.directory, 'data'), words);
    expect(exitCode).toBe(1);
    expect(out.replaceAll('\n', ' ')).toContain(
      '1 added, 1 removed, 1 changed (plan 1, email 1), 1 as before; new column region',
    );
    expect(
      (
        await mlgate(work.directory, [
          'diff',
          'HEAD:data/customers.csv',
          'data/customers.csv',
          ...words.slice(2),
        ])
      ).exitCode,
    ).toBe(0);
  });

  it.each([
    [['diff', 'old.csv', 'new.csv', '--key', 'idd'], 'Did you mean `id`?'],
    [['diff', 'old.csv', 'new.csv', '--key', 'plan'], 'rows cannot be told apart by `plan`'],
    [['diff', 'old.csv', 'new.csv', '--key', '["id"'], 'is no JSON list'],
    [['diff', 'old.csv', 'new.csv', '--tolerance', 'much'], 'at least 0'],
    [['diff', 'old.csv', 'new.csv', '--tolerance', '1e999'], 'at least 0'],
    [['diff', 'old.csv', 'new.csv', '--examples', '99'], 'from 0 to 16'],
    [['diff', 'old.csv', 'new.csv', '--format', 'xls'], 'one of csv'],
    [['diff', 'old.csv', 'new.csv', '--against', 'main'], 'exactly one TABLE'],
    [['diff', 'old.csv', 'missing.csv'], 'missing.csv does not exist'],
    [['diff', 'old.csv'], 'in no git repository'],
  ])('%j is a mistake of the user', async (words, message) => {
    const folder = await makeFolder({ 'old.csv': BEFORE, 'new.csv': NOW });
    const { exitCode, err, out } = await mlgate(folder, words);
    expect([exitCode, out]).toEqual([2, '']);
    expect(err).toContain(message);
  });

  it('takes what DVC tracks from its cache', async () => {
    const project = JSON.parse(readFileSync('test/fixtures/dvc/project-3.json', 'utf8')) as Record<
      string,
      string
    >;
    const tracked = Object.entries(project).filter(
      ([path]) => !path.endsWith('.csv') && !path.includes('cache'),
    );
    const { work } = await repositories.create(Object.fromEntries(tracked));
    const write = (path: string, content: string): void => {
      mkdirSync(dirname(join(work.directory, path)), { recursive: true });
      writeFileSync(join(work.directory, path), content);
    };
    for (const [path, content] of Object.entries(project)) write(path, content);
    write('data/parts/one.csv', 'id,v\n1,b\n');
    const { document } = await mlgateJson(work.directory, ['diff', 'data/parts/one.csv', '--key', 'id']);
    expect(document).toMatchObject({ changed: 1, columns: [{ column: 'v', changed: 1 }] });
    rmSync(join(work.directory, '.dvc/cache'), { recursive: true });
    const { exitCode, err } = await mlgate(work.directory, ['diff', 'data/parts/one.csv', '--key', 'id']);
    expect(exitCode).toBe(2);
    expect(err).toContain('dvc fetch --all-commits data/parts/one.csv');
  });
});

async function runAfterChange(diff: string, rows = NOW): Promise<Evidence> {
  const { work } = await repositories.create({
    'mlgate.yml': config(diff),
    's.json': SCHEMA,
    'customers.csv': BEFORE,
  });
  await mlgate(work.directory, ['run']);
  await recordMain(work);
  await runGit(work.directory, ['checkout', '--quiet', '-b', 'change']);
  await work.commit({ 'customers.csv': rows });
  return (await mlgateJson(work.directory, ['validate'])).document as Evidence;
}

describe('changed rows in the chain', () => {
  it('are those since the commit of main that was recorded, within bounds', async () => {
    const { body } = await runAfterChange('{ key: [id], max-removed: 50%, max-changed: 0.1 }');
    expect(body.dataDiffs).toMatchObject([{ dataset: 'customers', added: 1, removed: 1, changed: 1 }]);
    expect(body.baseline).toMatchObject({ rung: expect.any(String), commit: expect.any(String) });
    const bounds = body.checks.filter(({ id }) => id.includes('/diff/'));
    expect(bounds).toMatchObject([
      { id: 'data/customers/diff/max-removed', verdict: 'pass' },
      { id: 'data/customers/diff/max-changed', verdict: 'fail', violations: 1 },
    ]);
  });

  it('are undecided, with the reason, where rows cannot be told apart', async () => {
    const { body } = await runAfterChange('{ key: [plan], max-removed: 50% }');
    expect(body.dataDiffs).toBeUndefined();
    expect(body.checks.at(-1)).toMatchObject({ verdict: 'inconclusive', reason: 'missing' });
    expect(body.notes?.join(' ')).toContain('rows cannot be told apart by `plan`');
  });
});

/** Profiles on the command line, and in the evidence of a run. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseProfileFile } from '../../src/data/profile/profile-file.ts';
import type { Evidence } from '../../src/schemas/evidence.generated.ts';
import { validateDocument } from '../../src/schemas/validate.ts';
import { runGit } from '../helpers/git-repository.ts';
import { mlgate, mlgateJson, useFolders } from './harness.ts';
import { recordMain, useRepositories } from './repositories.ts';

const makeFolder = useFolders();
const repositories = useRepositories();

const MONDAY = 'age,plan,email\n31,basic,ada@example.org\n44,pro,bob@example.org\n';
const TUESDAY = 'age,plan,email\n29,basic,eve@example.org\n,basic,dan@example.org\n';
const WEEK = `${MONDAY}${TUESDAY.split('\n').slice(1).join('\n')}`;

describe('mlgate profile', () => {
  it('shows one line for each column and writes a file that its schema allows', async () => {
    const folder = await makeFolder({ 'week.csv': WEEK });
    const { exitCode, out } = await mlgate(folder, ['profile', 'week.csv', '--output', 'out/week.json']);
    expect(exitCode).toBe(0);
    expect(out).toMatch(/4 rows, 3 columns\. 1 column looks personal/u);
    expect(out).toMatch(/age +integer +25 % +3 +29 · 31 · 44/u);
    expect(out).toContain('Wrote out/week.json.');
    const text = readFileSync(join(folder, 'out', 'week.json'), 'utf8');
    expect(validateDocument('profile', JSON.parse(text))).toMatchObject({ ok: true });
    expect(text).not.toContain('example.org');
    expect(parseProfileFile(text, 'week.json').profile).toMatchObject({ dataset: 'week.csv', rows: 4 });
  });

  it('prints with --json what it would write', async () => {
    const folder = await makeFolder({ 'week.csv': WEEK });
    await mlgate(folder, ['profile', 'week.csv', '-o', 'week.json']);
    const { document } = await mlgateJson(folder, ['profile', 'week.csv']);
    expect(document).toEqual(JSON.parse(readFileSync(join(folder, 'week.json'), 'utf8')));
  });

  it('reads columns as the data schema says', async () => {
    const folder = await makeFolder({
      'codes.csv': 'code\n1\n2\n',
      's.json': '{"properties": {"code": {"type": "string"}}}',
    });
    const { document } = await mlgateJson(folder, ['profile', 'codes.csv', '--schema', 's.json']);
    expect(document).toMatchObject({ columns: [{ name: 'code', type: 'string' }] });
  });

  it('reads the files that the data schema refers to, and none outside of the folder', async () => {
    const folder = await makeFolder({
      'codes.csv': 'code\n1\n2\n',
      'schemas/s.json': '{"properties": {"code": {"$ref": "types.json#/$defs/code"}}}',
      'schemas/types.json': '{"$defs": {"code": {"type": "string"}}}',
      'schemas/out.json': '{"properties": {"code": {"$ref": "../../types.json#/$defs/code"}}}',
    });
    const asked = ['profile', 'codes.csv', '--schema'];
    const { document } = await mlgateJson(folder, [...asked, 'schemas/s.json']);
    expect(document).toMatchObject({ columns: [{ name: 'code', type: 'string' }] });
    const refused = await mlgate(folder, [...asked, 'schemas/out.json']);
    expect(refused).toMatchObject({ exitCode: 2, err: expect.stringContaining('outside of the folder') });
  });

  it('uses the bins of another profile again', async () => {
    const folder = await makeFolder({ 'a.csv': 'x\n1\n2\n', 'b.csv': 'x\n2\n9\n' });
    await mlgate(folder, ['profile', 'a.csv', '-o', 'a.json']);
    const { document } = await mlgateJson(folder, ['profile', 'b.csv', '--against', 'a.json']);
    expect(document).toMatchObject({
      columns: [{ numbers: { frozen: { edges: [0.5, 1.5, 2.5], counts: [0, 1], below: 0, above: 1 } } }],
    });
  });

  it.each([
    ['{', 'it is no JSON'],
    ['{"version": 2}', 'is no profile'],
    [
      '{"version":1,"dataset":"d","rows":1,"buckets":4096,"hash":"h","columns":[{"name":"x","type":"number","withheld":false,"present":1,"absent":0,"unread":0,"numbers":{"min":1,"max":1,"zeros":0,"sketch":{"dropped":0,"values":[1],"counts":[]}}}]}',
      'two lists that belong together',
    ],
  ])('refuses %s as a profile', async (text, reason) => {
    const folder = await makeFolder({ 'a.csv': 'x\n1\n', 'p.json': text });
    const { exitCode, err } = await mlgate(folder, ['profile', 'a.csv', '--against', 'p.json']);
    expect(exitCode).toBe(2);
    expect(err).toContain(reason);
  });

  it('calls an empty file a mistake', async () => {
    const folder = await makeFolder({ 'a.csv': '' });
    expect(await mlgate(folder, ['profile', 'a.csv'])).toMatchObject({ exitCode: 2 });
  });
});

describe('mlgate profile merge', () => {
  it('gives the profile of the whole, but for how many values a personal column has', async () => {
    const folder = await makeFolder({ 'monday.csv': MONDAY, 'tuesday.csv': TUESDAY, 'week.csv': WEEK });
    for (const day of ['monday', 'tuesday', 'week']) {
      await mlgate(folder, ['profile', `${day}.csv`, '-o', `${day}.json`]);
    }
    const { exitCode, document } = await mlgateJson(folder, [
      'profile',
      'merge',
      'monday.json',
      'tuesday.json',
    ]);
    expect(exitCode).toBe(0);
    const whole = JSON.parse(readFileSync(join(folder, 'week.json'), 'utf8')) as {
      columns: { distinct?: number }[];
    };
    for (const column of whole.columns) delete column.distinct;
    expect(document).toEqual({ ...whole, dataset: 'monday.csv' });
    const { out } = await mlgate(folder, ['profile', 'merge', 'monday.json', 'tuesday.json']);
    expect(out).toContain('What monday.csv, merged with 1 more, holds');
  });

  it('refuses what is of no one table', async () => {
    const folder = await makeFolder({ 'a.csv': 'x\n1\n', 'b.csv': 'y\n1\n', 'c.csv': 'x\na\n' });
    for (const name of ['a', 'b', 'c'])
      await mlgate(folder, ['profile', `${name}.csv`, '-o', `${name}.json`]);
    const other = await mlgate(folder, ['profile', 'merge', 'a.json', 'b.json']);
    expect(other).toMatchObject({ exitCode: 2, err: expect.stringContaining('only one has column "x"') });
    const typed = await mlgate(folder, ['profile', 'merge', 'a.json', 'c.json']);
    expect(typed.err).toContain('is of type integer in one, string in the other');
    const text = readFileSync(join(folder, 'a.json'), 'utf8');
    writeFileSync(join(folder, 'd.json'), text.replace(/"hash":"[^"]*"/u, '"hash":"other"'));
    const hashed = await mlgate(folder, ['profile', 'merge', 'a.json', 'd.json']);
    expect(hashed.err).toContain('the other with other');
    expect(await mlgate(folder, ['profile', 'merge', 'a.json'])).toMatchObject({ exitCode: 2 });
  });
});

describe('profiles in evidence', () => {
  const files = {
    'mlgate.yml': 'version: 1\ndata:\n  scores: { path: scores.csv, schema: s.json }\n',
    's.json': '{"properties": {"x": {"type": "number"}}}',
    'scores.csv': 'x,plan\n1,a\n2,a\n3,b\n',
  };

  it('are on the edges that main recorded, in the scan that checks', async () => {
    const { work } = await repositories.create(files);
    await recordMain(work);
    await runGit(work.directory, ['checkout', '--quiet', '-b', 'change']);
    await work.commit({ 'scores.csv': 'x,plan\n3,a\n4.5,c\n' });
    const { body } = (await mlgateJson(work.directory, ['validate'])).document as Evidence;
    expect(body.profiles).toMatchObject([
      {
        dataset: 'scores',
        rows: 2,
        columns: [
          {
            name: 'x',
            numeric: {
              min: 3,
              max: 4.5,
              histogram: { edges: [0.5, 1.5, 2.5, 3.5], counts: [0, 0, 1], above: 1 },
            },
          },
          { name: 'plan', type: 'string' },
        ],
      },
    ]);
  });

  it('are none of a file that is no table, nor where the config wants none', async () => {
    const folder = await makeFolder({ ...files, 'scores.csv': 'x\n"' });
    const { document } = await mlgateJson(folder, ['validate']);
    expect((document as Evidence).body).not.toHaveProperty('profiles');
    const without = files['mlgate.yml'].replace('s.json', 's.json, profile: false');
    const other = await makeFolder({ ...files, 'mlgate.yml': without });
    const second = await mlgateJson(other, ['validate']);
    expect((second.document as Evidence).body).not.toHaveProperty('profiles');
    expect((second.document as Evidence).body.verdict).toBe('pass');
  });
});

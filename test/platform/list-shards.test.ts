import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { UserError } from '../../src/evidence/errors.ts';
import { listShards } from '../../src/platform/list-shards.ts';

let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'mlgate-shards-'));
  for (const folder of [
    'out',
    'out/day=2',
    'out/day=1',
    'flat',
    'many',
    'mixed',
    'mixed/a=1',
    'mixed/b',
    'mixed/=c',
  ])
    mkdirSync(join(root, folder));
  for (const file of [
    'out/day=2/part-0.csv',
    'out/day=1/part-1.csv',
    'out/day=1/part-0.csv',
    'out/day=1/_SUCCESS',
    'flat/b.csv',
    'flat/a.csv',
    'flat/.hidden.csv',
    'flat/_SUCCESS',
    'one[1].csv',
    'star*.csv',
  ]) {
    writeFileSync(join(root, file), 'id\n');
  }
  symlinkSync(join(root, 'flat'), join(root, 'link'));
});
afterAll(() => {
  rmSync(root, { recursive: true });
});

describe('files of one table', () => {
  test('a pattern stands for files in the order of their names', async () => {
    expect(await listShards(root, 'out/day=*/part-?.csv')).toEqual([
      'out/day=1/part-0.csv',
      'out/day=1/part-1.csv',
      'out/day=2/part-0.csv',
    ]);
    expect(await listShards(root, './flat/*')).toEqual(['flat/a.csv', 'flat/b.csv']);
  });

  test('a folder stands for its files, without what tools leave beside them', async () => {
    expect(await listShards(root, 'flat')).toEqual(['flat/a.csv', 'flat/b.csv']);
    expect(await listShards(root, 'link')).toEqual(['link/a.csv', 'link/b.csv']);
  });

  test('folders of partitions belong to the table', async () => {
    expect(await listShards(root, 'out')).toEqual([
      'out/day=1/part-0.csv',
      'out/day=1/part-1.csv',
      'out/day=2/part-0.csv',
    ]);
  });

  test('one file is one file, whatever its name, and so is one that is not there', async () => {
    expect(await listShards(root, 'flat/a.csv')).toBeUndefined();
    expect(await listShards(root, 'one[1].csv')).toBeUndefined();
    expect(await listShards(root, 'star*.csv')).toBeUndefined();
    expect(await listShards(root, 'none.csv')).toBeUndefined();
  });

  test('no file, folders within and too many files are mistakes', async () => {
    await expect(listShards(root, 'flat/*.parquet')).rejects.toThrow('flat/*.parquet stands for no file.');
    await expect(listShards(root, 'none/*.parquet')).rejects.toThrow(UserError);
    await expect(listShards(root, 'many')).rejects.toThrow('stands for no file');
    await expect(listShards(root, 'mixed')).rejects.toThrow('holds folders (`=c`, `b`), and so is no table');
    for (let file = 0; file <= 1000; file++) writeFileSync(join(root, 'many', `${file}.csv`), '');
    await expect(listShards(root, 'many')).rejects.toThrow('stands for 1001 files; a table has at most 1000');
  });

  test('a name made of stars takes no time', async () => {
    writeFileSync(join(root, `flat/${'a'.repeat(200)}`), '');
    await expect(listShards(root, `flat/${'*a'.repeat(99)}b`)).rejects.toThrow('stands for no file');
    rmSync(join(root, `flat/${'a'.repeat(200)}`));
  });
});

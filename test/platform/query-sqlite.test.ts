import { DatabaseSync } from 'node:sqlite';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { querySqlite } from '../../src/platform/query-sqlite.ts';

const folders: string[] = [];

afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true });
});

async function makeDatabase(sql: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'mlgate-sqlite-'));
  folders.push(folder);
  const path = join(folder, 'a.db');
  const database = new DatabaseSync(path);
  database.exec(sql);
  database.close();
  return path;
}

const LIMITS = { maxRows: 1000, maxBytes: 1_000_000, timeoutMs: 20_000 };

describe('querySqlite', () => {
  test('gives rows, with numbers that JSON has not as texts and blobs left out', async () => {
    const path = await makeDatabase(
      "CREATE TABLE t (a, b); INSERT INTO t VALUES (1, 'x'), (0.5, NULL), (9e999, x'00'), (9007199254740993, '')",
    );
    expect(await querySqlite(path, 'a.db', 'SELECT a, b FROM t')).toEqual([
      { a: 1, b: 'x' },
      { a: 0.5, b: null },
      { a: 'Infinity', b: null },
      { a: '9007199254740993', b: '' },
    ]);
  });

  test('writes nothing', async () => {
    const path = await makeDatabase('CREATE TABLE t (a)');
    const before = await readFile(path);
    await expect(querySqlite(path, 'a.db', 'INSERT INTO t VALUES (1)')).rejects.toThrow('readonly database');
    await expect(querySqlite(path, 'a.db', `ATTACH '${path}.other' AS o`)).rejects.toThrow(
      'unable to open database',
    );
    expect(await readFile(path)).toEqual(before);
  });

  test('refuses more rows than the limit, and what is no database', async () => {
    const path = await makeDatabase(
      'CREATE TABLE t AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000) SELECT i FROM n',
    );
    await expect(querySqlite(path, 'a.db', 'SELECT i FROM t', LIMITS)).rejects.toThrow(
      'a.db has more than 1000 rows',
    );
    await expect(querySqlite(path, 'a.db', 'SELECT z FROM t', LIMITS)).rejects.toThrow('no such column: z');
    await writeFile(path, 'SQLite format 3\0 and nothing more');
    await expect(querySqlite(path, 'a.db', 'SELECT 1', LIMITS)).rejects.toThrow(
      'a.db cannot be read as an SQLite file',
    );
  });

  test('ends a view that never ends', async () => {
    const path = await makeDatabase(
      'CREATE VIEW t AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) AS i FROM n',
    );
    await expect(
      querySqlite(path, 'a.db', 'SELECT i FROM t', { ...LIMITS, timeoutMs: 1500 }),
    ).rejects.toThrow('did not end within 1.5 s');
  });
});

import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import * as zlib from 'node:zlib';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { PlanError, TableError, type TableFault, type TablePlan } from '../../src/engine/engine.ts';
import { locateTable, NODE_FILE_SYSTEM } from '../../src/engine/locate-table.ts';
import { openTestEngine, type TestEngine } from './open-test-engine.ts';

function planOf(path: string, absent: readonly string[] = []): TablePlan {
  return { source: { path }, cells: [], unique: [], absent };
}

async function faultOf(promise: Promise<unknown>): Promise<TableError> {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(TableError);
  return error as TableError;
}

const ROWS = Array.from({ length: 50_000 }, (_, row) => `${row},${(row * 7919) % 10_007}`).join('\n');
const CSV = `a,b\n${ROWS}\n`;

function damage(bytes: Uint8Array, at: number): Uint8Array {
  return bytes.map((byte, index) => (index === at ? byte ^ 0xff : byte));
}

test('a message calls a file as its reader does', async () => {
  const fault = await faultOf(locateTable({ path: '/nowhere/out/p.csv', named: 'out/p.csv' }));
  expect([fault.fault, fault.message]).toEqual(['missing-file', 'out/p.csv does not exist.']);
});

describe('a table that cannot be read', () => {
  let given: TestEngine;
  beforeAll(() => {
    given = openTestEngine({ memoryMegabytes: 256 });
  });
  afterAll(async () => given.close());

  const gzipped = zlib.gzipSync(CSV);
  const cases: readonly (readonly [string, string, string | Uint8Array, TableFault, RegExp])[] = [
    ['no bytes', 'empty.csv', '', 'empty', /is empty/u],
    ['a blank first line', 'blank.csv', '\na,b\n', 'empty', /has no header: its first line is blank/u],
    ['nothing inside gzip', 'empty.csv.gz', zlib.gzipSync(''), 'empty', /is empty/u],
    ['no bytes of JSON', 'empty.jsonl', '', 'empty', /is empty/u],
    [
      'a row too short',
      'short.csv',
      'a,b\n"x\ny",2\n3\n',
      'ragged',
      /Line 4 of .*short\.csv has 1 cell, but the header has 2/u,
    ],
    ['a row too long', 'long.csv', 'a,b\n1,2\n3,4,5\n', 'ragged', /Line 3 .* has 3 cells/u],
    ['a row too short in gzip', 'short.csv.gz', zlib.gzipSync('a,b\n3\n'), 'ragged', /Line 2 .* has 1 cell/u],
    ['a row too short in TSV', 'short.tsv', 'a\tb\n3,4\n', 'ragged', /Line 2 .* has 1 cell/u],
    ['an open quote', 'open.csv', 'a,b\n1,"x\n2,3\n', 'ragged', /Line 2 .* quote that does not close/u],
    [
      'an open quote in the last row',
      'last.csv',
      'a,b\n1,2\n2,"',
      'ragged',
      /Line 3 .* quote that does not close/u,
    ],
    [
      'an open quote in the header',
      'header.csv',
      'a,"b\n1,2\n',
      'ragged',
      /header .* quote that does not close/u,
    ],
    ['text after a quote', 'after.csv', 'a,b\n1,"x"y\n', 'ragged', /Line 2 .* text after a closing quote/u],
    ['mixed line ends', 'mixed.csv', 'a,b\n1,2\r\n3,4\n', 'ragged', /Line 2 .* ends in another way/u],
    [
      'two columns of one name',
      'twice.csv',
      'a,b,a\n1,2,3\n',
      'duplicate-columns',
      /more than one column named "a"/u,
    ],
    [
      'Latin-1',
      'latin.csv',
      Buffer.from('a,b\n1,\xe9\n', 'latin1'),
      'not-its-format',
      /is not UTF-8: row 1/u,
    ],
    [
      'UTF-16',
      'wide.csv',
      Buffer.from('\ufeffa,b\n1,2\n', 'utf16le'),
      'not-its-format',
      /is text in UTF-16/u,
    ],
    [
      'a record of 9 MB',
      'huge.csv',
      `a,b\n1,${'x'.repeat(9_000_000)}\n`,
      'ragged',
      /Line 2 .* more than 8 MiB/u,
    ],
    [
      'a quote that never closes, over many lines',
      'quote.csv',
      `a,b\n1,"${'some text,b\n'.repeat(900_000)}`,
      'ragged',
      /Line 2 .* more than 8 MiB/u,
    ],
    [
      'truncated gzip',
      'cut.csv.gz',
      gzipped.subarray(0, gzipped.length / 2),
      'not-its-format',
      /not a whole gzip file/u,
    ],
    [
      'gzip without its trailer',
      'tail.csv.gz',
      gzipped.subarray(0, -8),
      'not-its-format',
      /not a whole gzip file/u,
    ],
    [
      'gzip with a wrong checksum',
      'sum.csv.gz',
      damage(gzipped, gzipped.length - 6),
      'not-its-format',
      /not a whole gzip file/u,
    ],
    ['no gzip at all', 'plain.csv.gz', CSV, 'not-its-format', /not a whole gzip file/u],
    ['no zstd at all', 'plain.csv.zst', CSV, 'not-its-format', /not a whole zstd file/u],
    [
      'truncated gzip of JSON',
      'cut.jsonl.gz',
      zlib.gzipSync('{"a":1}\n'.repeat(9_999)).subarray(0, 60),
      'not-its-format',
      /not a whole gzip/u,
    ],
    ['foreign Parquet', 'foreign.parquet', CSV, 'not-its-format', /not a whole Parquet file/u],
    ['tiny Parquet', 'tiny.parquet', 'PAR1', 'not-its-format', /not a whole Parquet file/u],
    ['broken JSON', 'broken.jsonl', '{"a":1}\n{"a":2\n{"a":3}\n', 'not-its-format', /line 2, byte 7/u],
    ['JSON that is no object', 'array.jsonl', '{"a":1}\n[1]\n', 'not-its-format', /Row 2 .* JSON array/u],
    ['JSON with a byte order mark', 'bom.jsonl', '\ufeff{"a":1}\n', 'not-its-format', /byte order mark/u],
    ['JSON over several lines', 'pretty.jsonl', '{\n"a":1}\n', 'not-its-format', /line 1/u],
  ];

  test.each(cases)('%s', async (_title, name, content, fault, message) => {
    const path = given.write(name, content);
    const error = await faultOf(given.engine.checkTable(planOf(path)));
    expect(error.fault).toBe(fault);
    expect(error.message).toMatch(message);
    expect(error.message).toContain(name);
    expect(error.path).toBe(path);
    expect(error.help).toBeTypeOf('string');
  });

  test.runIf(typeof zlib.zstdCompressSync === 'function')('truncated zstd; a whole one is read', async () => {
    const bytes = zlib.zstdCompressSync(CSV);
    expect((await given.engine.checkTable(planOf(given.write('whole.csv.zst', bytes)))).rows).toBe(50_000);
    const error = await faultOf(
      given.engine.checkTable(planOf(given.write('cut.csv.zst', bytes.subarray(0, -9)))),
    );
    expect(error.message).toMatch(/not a whole zstd file/u);
  });

  test('truncated Parquet', async () => {
    const whole = await given.makeWithSql(
      (path) => `COPY (SELECT range AS a FROM range(10000)) TO '${path}' (FORMAT parquet)`,
      'whole.parquet',
    );
    const { readFileSync } = await import('node:fs');
    const path = given.write('cut.parquet', readFileSync(whole).subarray(0, 5_000));
    const error = await faultOf(given.engine.describeTable({ path }));
    expect(error.fault).toBe('not-its-format');
    expect(error.message).toMatch(/not a whole Parquet file/u);
  });

  test('a missing file, a directory, a name without a format', async () => {
    const missing = await faultOf(given.engine.checkTable(planOf(join(given.folder, 'none.csv'))));
    expect(missing.fault).toBe('missing-file');
    const folder = join(given.folder, 'folder.csv');
    mkdirSync(folder);
    const directory = await faultOf(given.engine.checkTable(planOf(folder)));
    expect([directory.fault, directory.message]).toStrictEqual(['not-a-file', `${folder} is a directory.`]);
    const nameless = await faultOf(given.engine.checkTable(planOf(given.write('table.txt', CSV))));
    expect(nameless.message).toMatch(/has no format: its name ends in none of \.csv/u);
    const inherited = await faultOf(given.engine.checkTable(planOf(given.write('x.constructor', CSV))));
    expect(inherited.message).toMatch(/has no format/u);
  });

  test('a file without permission (the file system is played: tests may run as root)', async () => {
    const path = given.write('secret.csv', CSV);
    const denied = Object.assign(new Error('EACCES'), { code: 'EACCES' });
    const files = { ...NODE_FILE_SYSTEM, accessForReading: async () => Promise.reject(denied) };
    const error = await faultOf(locateTable({ path }, files));
    expect([error.fault, error.message]).toStrictEqual([
      'no-permission',
      `${path} cannot be read: permission denied.`,
    ]);
  });

  test('no fault: header only, BOM, CRLF, CR, NUL, quotes, blank lines, several gzip members, odd names, links', async () => {
    const rows = async (name: string, content: string | Uint8Array): Promise<number> =>
      (await given.engine.checkTable(planOf(given.write(name, content), ['a']))).rows;
    expect(await rows('header-only.csv', 'a,b\n')).toBe(0);
    expect(await rows('header-only-2.csv', 'a,b')).toBe(0);
    expect(await rows('bom.csv', '\ufeff"a",b\r\n1,2\r\n')).toBe(1);
    expect(await rows('cr.csv', 'a,b\r1,2\r3,4\r')).toBe(2);
    expect(await rows('nul.csv', 'a,b\n1,x\u0000y\n')).toBe(1);
    expect(await rows('quotes.csv', 'a,b\n1,a"b\n2,"he said ""hi"""\n3,"x\ny"\n')).toBe(3);
    expect(await rows('blank-lines.csv', 'a,b\n1,2\n\n3,4\n\n')).toBe(2);
    expect(await rows('one-column.csv', 'a\n1\n\n3\n')).toBe(3);
    expect(
      await rows('members.csv.gz', Buffer.concat([zlib.gzipSync('a,b\n1,2\n'), zlib.gzipSync('3,4\n')])),
    ).toBe(2);
    expect(await rows("it's [1]* ?.csv", 'a,b\n1,2\n')).toBe(1);
    expect(await rows('large-cell.csv', `a,b\n1,${'x'.repeat(5_000_000)}\n`)).toBe(1);
    const link = join(given.folder, 'link.csv');
    symlinkSync(join(given.folder, 'cr.csv'), link);
    expect((await given.engine.checkTable(planOf(link))).rows).toBe(2);
  });

  test('long cells with line breaks, which mislead threads that start in the middle', async () => {
    const cell = '9,evil\n'.repeat(20_000);
    const path = given.write('evil.csv', `a,b\n${`1,"${cell}"\n`.repeat(250)}`);
    expect((await given.engine.checkTable(planOf(path, ['a']))).rows).toBe(250);
  });

  test('another delimiter is a hint, not a guess', async () => {
    const path = given.write('semicolon.csv', 'a;b;c\n1;2;3\n');
    const description = await given.engine.describeTable({ path });
    expect(description.columns.map(({ name }) => name)).toStrictEqual(['a;b;c']);
    expect(description.hint).toBe(
      'Its only column is named "a;b;c": it seems to be delimited by semicolon, but .csv means comma.',
    );
  });

  test('an unknown column and an invalid pattern are mistakes of the plan', async () => {
    const path = given.write('plan.csv', 'a,b\n1,2\n');
    const unknown = given.engine.checkTable(planOf(path, ['c']));
    await expect(unknown).rejects.toBeInstanceOf(PlanError);
    await expect(unknown).rejects.toMatchObject({ help: 'It has: "a", "b".' });
    const condition = { kind: 'pattern', pattern: '(' } as const;
    const invalid = given.engine.checkTable({
      ...planOf(path),
      cells: [{ id: 'p', column: 'a', declaredTypes: [], condition }],
    });
    await expect(invalid).rejects.toBeInstanceOf(PlanError);
    await expect(invalid).rejects.toThrow(/The pattern "\(" of column "a" is not a regular expression/u);
  });
});

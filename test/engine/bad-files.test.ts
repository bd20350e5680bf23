/** Files that somebody or something spoiled: each is told by what is wrong with it, and none is half read. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { explainFailure } from '../../src/engine/duckdb/explain-failure.ts';
import { TableError, type TableFault } from '../../src/engine/engine.ts';
import { openTestEngine, type TestEngine } from './open-test-engine.ts';

let given: TestEngine;
beforeAll(() => {
  given = openTestEngine({ memoryMegabytes: 256 });
});
afterAll(async () => given.close());

async function faultOf(path: string, column = 'a'): Promise<readonly [TableFault, string]> {
  const error = await given.engine
    .checkTable({ source: { path }, cells: [], unique: [{ id: 'k', columns: [column] }], absent: [column] })
    .then(
      (figures) => new Error(`read ${figures.rows} rows`),
      (thrown: unknown) => thrown,
    );
  if (!(error instanceof TableError)) throw error;
  return [error.fault, error.message];
}

async function read(name: string, content: string | Uint8Array, column: string): Promise<readonly string[]> {
  const { columns } = await given.engine.readColumns({
    source: { path: given.write(name, content) },
    columns: [{ name: column, as: 'label' }],
  });
  const [labels] = columns as readonly [{ readonly codes: Uint8Array; readonly values: readonly string[] }];
  return [...labels.codes].map((code) => labels.values[code] ?? '?');
}

describe('quotes and headers of CSV', () => {
  test.each<readonly [string, string, readonly string[]]>([
    ['quotes in the middle of a cell', 'a,b\nx"y,1\nx""y,1\n', ['x"y', 'x""y']],
    ['quotes around everything', '"a","b"\n"x","1"\n', ['x']],
    ['nothing but quotes', 'a,b\n"""",1\n"""""",1\n', ['"', '""']],
    ['delimiters and line ends in quotes', 'a,b\n"x,\r\ny",1\n', ['x,\r\ny']],
    ['an empty quoted cell', 'a,b\n"",1\n', ['']],
    // RFC 4180 would keep them; DuckDB's reader does not.
    ['blanks around quotes', 'a,b\n "x" ,1\n', ['x']],
    ['single quotes', "a,b\n'x',1\n", ["'x'"]],
    ['a backslash before a quote', 'a,b\n\\"x,1\n', ['\\"x']],
    ['semicolons and tabs', 'a,b\nx;\ty,1\n', ['x;\ty']],
    ['no line end at the end', 'a,b\nx,1', ['x']],
    ['a NUL in a cell', 'a,b\nx\u0000y,1\n', ['x\u0000y']],
    ['NULs in a name', '"a",b\u0000\nx,1\n', ['x']],
    ['comments are none', 'a,b\n#x,1\n', ['#x']],
    ['carriage returns alone', 'a,b\rx,1\ry,2\r', ['x', 'y']],
    ['a byte order mark before quotes', '\uFEFF"a",b\nx,1\n', ['x']],
  ])('%s', async (title, content, expected) => {
    expect(await read(`${title.replaceAll(' ', '-')}.csv`, content, 'a')).toStrictEqual(expected);
  });

  test('a blank name is a name, two are not', async () => {
    expect(await read('blank.csv', 'a,,b\n1,x,2\n', '')).toStrictEqual(['x']);
    expect(await faultOf(given.write('blanks.csv', 'a,,\n1,x,2\n'))).toStrictEqual([
      'duplicate-columns',
      expect.stringContaining('more than one column named ""'),
    ]);
  });

  test('a name of 100,000 characters is a name', async () => {
    const name = 'n'.repeat(100_000);
    expect(await read('long-name.csv', `${name},b\nx,1\n`, name)).toStrictEqual(['x']);
  });

  test.each<readonly [string, string | Uint8Array, TableFault, RegExp]>([
    ['ten.csv', `a,b\n1,${'x'.repeat(10_000_000)}\n`, 'ragged', /Line 2 .* more than 8 MiB/u],
    ['le.csv', Buffer.from('\uFEFFa,b\n1,2\n', 'utf16le'), 'not-its-format', /it is text in UTF-16/u],
    [
      'be.csv',
      Buffer.from('\uFEFFa,b\n1,2\n', 'utf16le').swap16(),
      'not-its-format',
      /it is text in UTF-16/u,
    ],
    ['header.csv', 'a,"b"x\n1,2\n', 'ragged', /The header of .* has text after a closing quote/u],
    ['mixed.csv', 'a,b\r\n1,2\n3,4\r\n', 'ragged', /Line 2 .* ends in another way/u],
  ])('%s is refused', async (name, content, fault, message) => {
    expect(await faultOf(given.write(name, content))).toStrictEqual([fault, expect.stringMatching(message)]);
  });
});

describe('Parquet', () => {
  let whole: Buffer;
  beforeAll(async () => {
    whole = readFileSync(
      await given.makeWithSql(
        (to) =>
          `COPY (SELECT 'value ' || range AS a FROM range(50000)) TO '${to}' (FORMAT parquet, COMPRESSION snappy)`,
        'whole.parquet',
      ),
    );
  });

  /** The one place where the column's name and codec stand: a list of one text, then a number. */
  const withCodec = (codec: number): Buffer => {
    const name = Buffer.from([0x19, 0x18, 0x01, 0x61, 0x15]);
    const at = whole.indexOf(name) + name.length;
    expect([whole.indexOf(name) > 0, whole[at]]).toStrictEqual([true, 2]);
    const bytes = Buffer.from(whole);
    bytes[at] = codec * 2;
    return bytes;
  };

  const replaceEnd = (end: Uint8Array): Buffer =>
    Buffer.concat([whole.subarray(0, whole.length - end.length), end]);

  test.each<readonly [string, () => Uint8Array, RegExp]>([
    ['an unsupported codec (LZO)', () => withCodec(3), /LZO|compression/iu],
    ['a codec that does not exist', () => withCodec(60), /not a whole Parquet file/u],
    ['another codec than was used', () => withCodec(6), /not a whole Parquet file/u],
    [
      'a broken header of a page',
      () => Buffer.concat([whole.subarray(0, 4), Buffer.alloc(40, 0xff), whole.subarray(44)]),
      /not a whole Parquet file/u,
    ],
    [
      'half of its pages zeroed',
      () => Buffer.from(whole).fill(0, 4, whole.length / 2),
      /not a whole Parquet file/u,
    ],
    [
      'a footer that is too long',
      () => replaceEnd(Buffer.from('\u00FF\u00FF\u00FF\u007FPAR1', 'latin1')),
      /not a whole/u,
    ],
    [
      'a footer of no bytes',
      () => replaceEnd(Buffer.from('\u0000\u0000\u0000\u0000PAR1', 'latin1')),
      /not a whole/u,
    ],
    ['no footer', () => whole.subarray(0, -8), /not a whole Parquet file/u],
    [
      'an encrypted footer',
      () => Buffer.concat([Buffer.from('PARE'), replaceEnd(Buffer.from('PARE')).subarray(4)]),
      /footer is encrypted/u,
    ],
    [
      'an encrypted footer at its end',
      () => replaceEnd(Buffer.from('PARE')),
      /not a whole Parquet file|encrypted/u,
    ],
  ])('%s', async (title, content, message) => {
    const path = given.write(`${title.replaceAll(/[^a-z]/giu, '-')}.parquet`, content());
    expect(await faultOf(path)).toStrictEqual(['not-its-format', expect.stringMatching(message)]);
  });
});

describe('what is no file', () => {
  test.skipIf(process.platform === 'win32')('a pipe, a device, a folder', async () => {
    const pipe = join(given.folder, 'pipe.csv');
    execFileSync('mkfifo', [pipe]);
    expect(await faultOf(pipe)).toStrictEqual(['not-a-file', `${pipe} is not a regular file.`]);
    const device = join(given.folder, 'device.csv');
    symlinkSync('/dev/null', device);
    expect(await faultOf(device)).toStrictEqual(['not-a-file', `${device} is not a regular file.`]);
    const folder = join(given.folder, 'folder.parquet');
    mkdirSync(folder);
    expect(await faultOf(folder)).toStrictEqual(['not-a-file', `${folder} is a directory.`]);
  });

  test('links to nowhere, links in circles, names that are too long', async () => {
    const [nowhere, one, other] = ['nowhere.csv', 'one.csv', 'other.csv'].map((name) =>
      join(given.folder, name),
    ) as [string, string, string];
    symlinkSync(join(given.folder, 'none.csv'), nowhere);
    symlinkSync(one, other);
    symlinkSync(other, one);
    expect(await faultOf(nowhere)).toStrictEqual(['missing-file', `${nowhere} does not exist.`]);
    expect(await faultOf(one)).toStrictEqual([
      'missing-file',
      `${one} leads to no file: its links go in circles.`,
    ]);
    expect(await faultOf(join(given.folder, `${'x'.repeat(300)}.csv`))).toStrictEqual([
      'missing-file',
      expect.stringContaining('its name is too long'),
    ]);
  });
});

describe('memory and disk', () => {
  const context = {
    location: { named: 'a.csv', path: '/data/a.csv', format: 'csv', compression: 'none' },
    settings: { memoryMegabytes: 512, temporaryFolder: '/scratch/engine' },
  } as const;

  /** The first as DuckDB 1.5 says it on a tmpfs of 6 MB, where it sees the room; the second where others fill the disk meanwhile. */
  test.each([
    "Out of Memory Error: failed to offload data block of size 256.0 KiB (5.2 MiB/5.3 MiB used).\nThis limit was set by the 'max_temp_directory_size' setting.",
    'IO Error: Could not write file "/scratch/engine/duckdb_temp_storage.tmp": No space left on device',
  ])('a disk without room: %s', (words) => {
    expect(explainFailure(new Error(words), context)).toMatchObject({
      fault: 'disk-full',
      message:
        "Reading a.csv needs more than the engine's 512 MB of memory, and the disk has no room for the rest: /scratch/engine is full.",
      help: expect.stringContaining('--memory') as string,
    });
  });

  test('memory names its limit, and how to raise it', () => {
    const error = explainFailure(new Error('Out of Memory Error: could not allocate block'), context);
    expect(error).toMatchObject({
      fault: 'out-of-memory',
      message: "Reading a.csv needs more than the engine's 512 MB of memory.",
      help: expect.stringContaining('engine.memory') as string,
    });
  });
});

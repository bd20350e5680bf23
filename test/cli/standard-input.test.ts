/** `mlgate validate -`: a table from another program. */
import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { mlgate, mlgateJson, useFolders } from './harness.ts';

const makeFolder = useFolders();
const SCHEMA = JSON.stringify({ properties: { a: { type: 'integer' } }, required: ['a'] });
const WORDS = ['validate', '-', '--schema', 's.json'];

function inputOf(...chunks: readonly (string | Uint8Array)[]) {
  return {
    input: async function* () {
      for (const chunk of chunks) yield await Promise.resolve(Buffer.from(chunk));
    },
  };
}

function leftovers(): readonly string[] {
  return readdirSync(tmpdir()).filter((name) => name.startsWith('mlgate-input-'));
}

test.each([
  ['csv', 'a\n1\n', 'x\n'],
  ['tsv', 'a\tb\n1\t1\n', 'x\t1\n'],
  ['json', '[{"a":1},', '{"a":"x"}]'],
  ['jsonl', '{"a":1}\n', '{"a":"x"}\n'],
])('%s, plain and compressed, in pieces', async (format, start, end) => {
  const folder = await makeFolder({ 's.json': SCHEMA });
  const before = leftovers();
  for (const chunks of [[start, end], [gzipSync(start + end)], [zstdCompressSync(start + end)]]) {
    const { exitCode, out } = await mlgate(folder, [...WORDS, '--format', format], inputOf(...chunks));
    expect([exitCode, out]).toEqual([1, expect.stringContaining('"x"')]);
    expect(out).not.toContain(tmpdir());
  }
  expect(leftovers()).toEqual(before);
});

test('evidence names it, and holds no path of the machine', async () => {
  const folder = await makeFolder({ 's.json': SCHEMA });
  const { exitCode, document, out } = await mlgateJson(
    folder,
    [...WORDS, '--format', 'csv'],
    inputOf('a\n1\n'),
  );
  expect(exitCode).toBe(0);
  expect(document).toMatchObject({ body: { inputs: [{ path: 'standard-input.csv', rows: 1 }, {}] } });
  expect(out).not.toContain(tmpdir());
});

test.each([
  [WORDS, 2, /Standard input needs --format, one of csv, tsv, json, jsonl/],
  [[...WORDS, '--format', 'parquet'], 2, /Standard input needs --format, one of/],
  [
    [...WORDS, '--format', 'xml'],
    2,
    /--format is `xml`; it must be one of csv, tsv, json, jsonl, parquet, arrow/,
  ],
  [['validate', '-', '--format', 'csv'], 2, /`mlgate validate -` needs --schema SCHEMA/],
])('%j', async (words, exitCode, message) => {
  const folder = await makeFolder({ 's.json': SCHEMA });
  const result = await mlgate(folder, words, inputOf('a\n1\n'));
  expect(result).toMatchObject({ exitCode, err: expect.stringMatching(message) as string });
});

test('nothing on standard input is an empty table', async () => {
  const folder = await makeFolder({ 's.json': SCHEMA });
  const { exitCode, out } = await mlgate(folder, [...WORDS, '--format', 'csv'], inputOf());
  expect([exitCode, out]).toEqual([1, expect.stringContaining('standard-input.csv is empty')]);
});

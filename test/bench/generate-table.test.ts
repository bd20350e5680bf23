import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeTable, generateTable } from '../../bench/generate-table.ts';
import { validateDocument } from '../../src/schemas/validate.ts';

const ROWS = 2000;
const COLUMNS = 20;

interface RowSchema {
  readonly properties: Readonly<Record<string, { readonly type: string }>>;
  readonly required: readonly string[];
  readonly dataset: { readonly 'null-fraction': Readonly<Record<string, { readonly 'at-most': number }>> };
}

/** The cells of a line of CSV; a quoted cell loses its quotes. */
function splitLine(line: string): string[] {
  return [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/gu)].map(
    ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? '',
  );
}

function toValue(cell: string, type: string): unknown {
  if (type === 'boolean') {
    return cell === 'true' ? true : cell === 'false' ? false : cell;
  }
  return type === 'string' ? cell : Number(cell);
}

describe('generateTable', () => {
  let directory = '';
  let header: string[] = [];
  let rows: string[][] = [];
  const schema = describeTable(ROWS) as unknown as RowSchema;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'mlgate-table-'));
    const table = await generateTable(ROWS, directory);
    const lines = (await readFile(table.csv, 'utf8')).trimEnd().split('\n');
    [header = [], ...rows] = lines.map(splitLine);
  });

  afterAll(async () => {
    await rm(directory, { recursive: true, force: true });
  });

  it('writes the rows and columns that were asked for', () => {
    expect(header).toEqual(Object.keys(schema.properties));
    expect(rows).toHaveLength(ROWS);
    expect(new Set(rows.map((row) => row.length))).toEqual(new Set([COLUMNS]));
  });

  it('is described by a schema that mlgate reads', () => {
    expect(validateDocument('data-schema', describeTable(ROWS))).toMatchObject({ ok: true });
  });

  it('satisfies that schema, row by row, by the judgement of ajv', () => {
    const { dataset: _, ...rowSchema } = describeTable(ROWS);
    const ajv = new Ajv2020({ allErrors: true });
    addFormats.default(ajv);
    const validate = ajv.compile(rowSchema);
    const wrong = rows.flatMap((row) => {
      const cells = header
        .map((name, index) => [name, row[index] ?? ''] as const)
        .filter(([, cell]) => cell !== '')
        .map(([name, cell]) => [name, toValue(cell, schema.properties[name]?.type ?? 'string')]);
      return validate(Object.fromEntries(cells)) ? [] : [{ row, errors: validate.errors }];
    });
    expect(wrong).toEqual([]);
  });

  it('has unique ids, and gaps where the schema allows them but not more', () => {
    expect(new Set(rows.map((row) => row[0])).size).toBe(ROWS);
    const gaps = Object.entries(schema.dataset['null-fraction']).map(([name, { 'at-most': limit }]) => {
      const column = header.indexOf(name);
      const share = rows.filter((row) => row[column] === '').length / ROWS;
      return { name, within: share > 0 && share <= limit };
    });
    expect(gaps).toEqual(gaps.map(({ name }) => ({ name, within: true })));
  });

  it('takes about 168 bytes a row', async () => {
    const { bytes, csv } = await generateTable(ROWS, directory);
    expect(bytes).toBe((await readFile(csv)).byteLength);
    expect(bytes / ROWS).toBeGreaterThan(160);
    expect(bytes / ROWS).toBeLessThan(176);
  });

  it('gives the same bytes for the same seed, and others for another', async () => {
    const again = await generateTable(500, join(directory, 'again'), 7);
    const same = await generateTable(500, join(directory, 'same'), 7);
    const other = await generateTable(500, join(directory, 'other'), 8);
    expect(await readFile(again.csv, 'utf8')).toBe(await readFile(same.csv, 'utf8'));
    expect(await readFile(again.csv, 'utf8')).not.toBe(await readFile(other.csv, 'utf8'));
  });

  it('refuses a number of rows that it cannot give unique ids', async () => {
    await expect(generateTable(0, directory)).rejects.toThrow(RangeError);
    await expect(generateTable(1.5, directory)).rejects.toThrow(RangeError);
    await expect(generateTable(20_000_001, directory)).rejects.toThrow(
      /between 1 and 20000000, not 20000001/u,
    );
  });
});

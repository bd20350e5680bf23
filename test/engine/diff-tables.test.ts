/** Differences of two tables agree with a count by hand, whatever the formats of the two. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DiffRequest, TableDiff } from '../../src/engine/diff-tables.ts';
import { openTestEngine, type TestEngine } from './open-test-engine.ts';

const RUNS = 25;
const COLUMNS = ['a', 'b "quoted", ;--'];

type Cells = readonly [string, string];
type Table = ReadonlyMap<string, Cells>;

let tests: TestEngine;
let files = 0;
beforeAll(() => {
  tests = openTestEngine();
});
afterAll(async () => {
  await tests.close();
});

function quote(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}

function writeCsv(
  rows: readonly (readonly string[])[],
  header: readonly string[] = ['id', ...COLUMNS],
): string {
  files += 1;
  const lines = [header, ...rows].map((row) => row.map(quote).join(','));
  return tests.write(`${files}.csv`, `${lines.join('\n')}\n`);
}

function writeJsonl(table: Table): string {
  files += 1;
  const lines = [...table].map(([id, cells]) =>
    JSON.stringify({ id, ...Object.fromEntries(COLUMNS.map((column, index) => [column, cells[index]])) }),
  );
  return tests.write(`${files}.jsonl`, lines.map((line) => `${line}\n`).join(''));
}

async function diff(now: string, before: string, wanted: Partial<DiffRequest> = {}): Promise<TableDiff> {
  return await tests.engine.diffTables({
    source: { path: now },
    before: { path: before },
    key: ['id'],
    columns: COLUMNS,
    examples: 3,
    ...wanted,
  });
}

const cell = fc.constantFrom('', '1', '1.0', 'x', "o'hara", 'ä', '|', '\\', 'NULL');
const table = fc
  .dictionary(
    fc.constantFrom('1', '01', '2', 'a|b', 'a\\', 'é', "'; DROP TABLE diff_now"),
    fc.tuple(cell, cell),
    {
      minKeys: 1,
    },
  )
  .map((rows): Table => new Map(Object.entries(rows)));

describe('the difference of two tables', () => {
  test('is what a count by hand says', async () => {
    await fc.assert(
      fc.asyncProperty(table, table, fc.boolean(), async (now, before, asJsonl) => {
        const found = await diff(
          writeCsv([...now].map(([id, cells]) => [id, ...cells])),
          asJsonl ? writeJsonl(before) : writeCsv([...before].map(([id, cells]) => [id, ...cells])),
        );
        const shared = [...now.keys()].filter((id) => before.has(id));
        const differs = (id: string, column: number): boolean =>
          now.get(id)?.[column] !== before.get(id)?.[column];
        const changed = shared.filter((id) => differs(id, 0) || differs(id, 1));
        expect(found).toMatchObject({
          rowsNow: now.size,
          rowsBefore: before.size,
          added: now.size - shared.length,
          removed: before.size - shared.length,
          changed: changed.length,
          unchanged: shared.length - changed.length,
          columns: [0, 1].map((column) => shared.filter((id) => differs(id, column)).length),
        });
        for (const example of found.examples.filter(({ kind }) => kind === 'changed')) {
          expect(changed).toContain(example.key[0]);
          for (const { column, from, to } of example.cells) {
            const index = COLUMNS.indexOf(column);
            expect([from, to]).toEqual([
              before.get(example.key[0] ?? '')?.[index],
              now.get(example.key[0] ?? '')?.[index],
            ]);
          }
        }
        const shownAdded = found.examples.filter(({ kind }) => kind === 'added').map(({ key }) => key[0]);
        expect(shownAdded).toHaveLength(Math.min(3, found.added));
        expect(shownAdded.every((id) => now.has(id ?? '') && !before.has(id ?? ''))).toBe(true);
      }),
      { numRuns: RUNS, seed: 20_261_121 },
    );
  });

  test('counts a row that stands twice as a fault of the key', async () => {
    const found = await diff(
      writeCsv([
        ['1', 'x', ''],
        ['1', 'y', ''],
      ]),
      writeCsv([['1', 'x', '']]),
    );
    expect(found).toMatchObject({ repeatedNow: 1, repeatedBefore: 0, changed: 0, columns: [] });
  });

  test('knows rows by several columns, whose values may hold what joins them', async () => {
    const header = ['x', 'y', 'v'];
    const now = writeCsv(
      [
        ['a|', 'b', '1'],
        ['a', '|b', '2'],
      ],
      header,
    );
    const before = writeCsv(
      [
        ['a|', 'b', '1'],
        ['a', '|b', '3'],
      ],
      header,
    );
    const found = await diff(now, before, { key: ['x', 'y'], columns: ['v'] });
    expect(found).toMatchObject({ changed: 1, unchanged: 1 });
    expect(found.examples).toEqual([
      { kind: 'changed', row: 2, key: ['a', '|b'], cells: [{ column: 'v', from: '3', to: '2' }] },
    ]);
  });

  test('takes numbers as equal that are near enough', async () => {
    const header = ['id', 'v'];
    const now = writeCsv(
      [
        ['1', '1.0'],
        ['2', '2.4'],
        ['3', 'x'],
      ],
      header,
    );
    const before = writeCsv(
      [
        ['1', '1'],
        ['2', '2'],
        ['3', '3'],
      ],
      header,
    );
    expect(await diff(now, before, { columns: ['v'] })).toMatchObject({ changed: 3 });
    expect(await diff(now, before, { columns: ['v'], tolerance: 0 })).toMatchObject({ changed: 2 });
    expect(await diff(now, before, { columns: ['v'], tolerance: 0.5 })).toMatchObject({ changed: 1 });
  });

  test('holds whole rows against each other where there is no key', async () => {
    const header = ['v'];
    const found = await diff(writeCsv([['a'], ['a'], ['b']], header), writeCsv([['a'], ['c']], header), {
      key: [],
      columns: ['v'],
    });
    expect(found).toMatchObject({ added: 2, removed: 1, unchanged: 1 });
  });
});

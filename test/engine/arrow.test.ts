import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { TableError, type ColumnRequest } from '../../src/engine/engine.ts';
import { openTestEngine, type TestEngine } from './open-test-engine.ts';

/** Written by pyarrow: see test/fixtures/generate/arrow_fixtures.py. */
const FOLDER = resolve('test/fixtures/arrow');
const FILES = ['lz4.feather', 'zstd.feather', 'plain.arrow', 'stream.arrows'] as const;

const COLUMNS: readonly ColumnRequest[] = [
  { name: 'id', as: 'text' },
  { name: 'number', as: 'label' },
  { name: 'y', as: 'label' },
  { name: 'p_cat', as: 'number' },
  { name: 'p_dog', as: 'text' },
  { name: 'scores', as: 'number', element: 1 },
  { name: 'fixed', as: 'number', element: 2 },
  { name: 'struct', as: 'number', element: 'owl' },
  { name: 'region', as: 'label' },
  { name: 'flag', as: 'number' },
  { name: 'flag', as: 'label' },
  { name: 'day', as: 'label' },
  { name: 'at', as: 'label' },
  { name: ['region', 'id'], as: 'text' },
];

let given: TestEngine;
beforeAll(() => {
  given = openTestEngine();
});
afterAll(async () => {
  await given.close();
});

async function readAll(file: string) {
  const source = { path: resolve(FOLDER, file) };
  return {
    columns: await given.engine.readColumns({ source, columns: COLUMNS }),
    nested: await Promise.all(
      ['scores', 'fixed', 'struct', 'y'].map(
        async (column) => await given.engine.describeNested(source, column),
      ),
    ),
    names: (await given.engine.describeTable(source)).columns.map((column) => column.name),
  };
}

async function readIds(file: string) {
  const source = { path: resolve(FOLDER, file) };
  return await given.engine.readColumns({ source, columns: [{ name: 'id', as: 'text' }] });
}

describe('Arrow IPC', () => {
  test.each(FILES)('%s says what the Parquet file of the same table says', async (name) => {
    const arrow = await readAll(name);
    expect(arrow).toEqual(await readAll('predictions.parquet'));
    expect(arrow.columns.rows).toBe(600);
    expect(arrow.nested).toEqual([
      { kind: 'list', shortest: 3, longest: 3 },
      { kind: 'list', shortest: 3, longest: 3 },
      { kind: 'object', keys: ['cat', 'dog', 'owl'] },
      { kind: 'other' },
    ]);
  });

  test('LZ4 with long matches, literals and several blocks', async () => {
    expect(await readIds('noise.feather')).toEqual(await readIds('noise.parquet'));
  });

  test('metadata of the schema is read', async () => {
    const source = { path: resolve(FOLDER, 'lz4.feather') };
    expect(await given.engine.readMetadata(source)).toEqual({ 'mlgate.subject.sha256': 'a'.repeat(64) });
  });

  test('is checked like any other table', async () => {
    const figures = await given.engine.checkTable({
      source: { path: resolve(FOLDER, 'zstd.feather') },
      cells: [
        {
          id: 'small',
          column: 'number',
          declaredTypes: ['integer'],
          condition: { kind: 'maximum', value: 99, exclusive: false },
        },
        {
          id: 'integer',
          column: 'number',
          declaredTypes: ['integer'],
          condition: { kind: 'type', types: ['integer'] },
        },
      ],
      unique: [{ id: 'ids', columns: ['id'] }],
      absent: ['region'],
    });
    expect(figures).toEqual({
      rows: 600,
      violations: { small: 500, integer: 0 },
      duplicates: { ids: 0 },
      absent: { region: 86 },
    });
  });

  test.each(FILES)('no prefix and no mutation of %s crashes; a prefix never passes', async (name) => {
    const whole = new Uint8Array(readFileSync(resolve(FOLDER, name)));
    const tryToRead = async (bytes: Uint8Array, kind: string): Promise<string> => {
      const path = given.write(`${kind}-${Math.random()}-${name}`, bytes);
      try {
        await given.engine.readColumns({ source: { path }, columns: COLUMNS });
        return 'read';
      } catch (error) {
        // Content that a mutation made nonsense of may also lack a column, or hold other types.
        if (error instanceof TableError && error.fault !== 'engine-died') return 'refused';
        if (error instanceof Error && error.name === 'PlanError') return 'refused';
        throw error;
      }
    };
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length - 1), async (length) => {
        expect(await tryToRead(whole.slice(0, length), 'prefix')).toBe('refused');
      }),
      { numRuns: 25 },
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1 }),
        async (changes) => {
          const changed = whole.slice();
          for (const [at, byte] of changes) changed[at] = byte;
          await tryToRead(changed, 'mutation');
        },
      ),
      { numRuns: 40 },
    );
  });
});

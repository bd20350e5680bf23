/** The same predictions are the same outcomes, however a file spells them. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { tableFromArrays, tableToIPC } from '@uwdata/flechette';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Engine, TableSource } from '../../src/engine/engine.ts';
import { loadOutcomes, type OutcomesRequest } from '../../src/outcomes/load-outcomes.ts';
import type { MulticlassOutcomes, Outcomes } from '../../src/outcomes/outcomes.ts';
import { startUnitEngine } from '../helpers/unit-engine.ts';

let engine: Engine;
let folder: string;
let files = 0;
beforeAll(() => {
  engine = startUnitEngine();
  folder = mkdtempSync(join(tmpdir(), 'mlgate-spellings-'));
});
afterAll(async () => {
  await engine.close();
  rmSync(folder, { recursive: true });
});

type Row = Readonly<Record<string, unknown>>;
type Predictions = Omit<OutcomesRequest['predictions'], 'path' | 'threshold'>;

function writeNew(name: string, content: string | Uint8Array): TableSource {
  files += 1;
  const path = join(folder, `${files}-${name}`);
  writeFileSync(path, content);
  return { path };
}

function quoteCell(value: string | number): string {
  return `"${String(value).replaceAll('"', '""')}"`;
}

function writeCsv(rows: readonly Row[]): TableSource {
  const columns = Object.keys(rows[0] ?? {});
  const lines = [columns, ...rows.map((row) => columns.map((column) => row[column] as string | number))];
  return writeNew('p.csv', lines.map((line) => `${line.map(quoteCell).join(',')}\n`).join(''));
}

function writeJsonl(rows: readonly Row[]): TableSource {
  return writeNew('p.jsonl', rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
}

function writeArrow(rows: readonly Row[], format: 'stream' | 'file'): TableSource {
  const columns = Object.keys(rows[0] ?? {});
  const arrays = Object.fromEntries(columns.map((column) => [column, rows.map((row) => row[column])]));
  const bytes = tableToIPC(tableFromArrays(arrays), { format });
  if (bytes === null) throw new Error('flechette wrote nothing');
  return writeNew('p.arrow', bytes);
}

async function writeParquet(rows: readonly Row[]): Promise<TableSource> {
  const { path: json } = writeJsonl(rows);
  const path = `${json}.parquet`;
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await connection.run(
    `COPY (SELECT * FROM read_json('${json}', format = 'newline_delimited')) TO '${path}'`,
  );
  connection.closeSync();
  instance.closeSync();
  return { path };
}

async function load(
  task: OutcomesRequest['task'],
  source: TableSource,
  predictions: Predictions,
  rest: Partial<OutcomesRequest> = {},
): Promise<Outcomes> {
  const loaded = await loadOutcomes({
    engine,
    model: 'm',
    task,
    predictions: { path: 'p', threshold: 0.5, ...predictions },
    source,
    ...rest,
  });
  if (loaded.kind === 'findings') throw new Error(loaded.checks.map(({ message }) => message).join('\n'));
  return loaded.outcomes;
}

/** Examples in any order, with ids that need quotes, and probabilities that are exact in 64 bits. */
interface Example {
  readonly id: string;
  readonly y: string;
  readonly p: readonly number[];
  readonly weight: number;
  readonly region: string;
}
const LABELS = ['b c', 'a|b', 'ü', 'x'] as const;

const exampleLists: fc.Arbitrary<readonly Example[]> = fc
  .uniqueArray(fc.stringMatching(/^[a-z|,"\\é]{1,16}$/), { minLength: 2, maxLength: 12 })
  .chain((ids) =>
    fc.tuple(
      ...ids.map((id) =>
        fc
          .record({
            y: fc.constantFrom(...LABELS),
            raw: fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 4, maxLength: 4 }),
            weight: fc.integer({ min: 1, max: 5 }),
            region: fc.constantFrom('', 'north', 'south'),
          })
          .map(({ raw, ...rest }) => {
            const counts = raw.every((count) => count === 0) ? [1, 1, 1, 1] : raw;
            const total = counts.reduce((sum, count) => sum + count, 0);
            return { id, ...rest, p: counts.map((count) => count / total) };
          }),
      ),
    ),
  );

function scoresOf({ p }: Example): Readonly<Record<string, number>> {
  return Object.fromEntries(LABELS.map((label, index) => [label, p[index] ?? 0]));
}

function wideRows(examples: readonly Example[]): readonly Row[] {
  return examples.map((example) => ({
    id: example.id,
    y: example.y,
    weight: example.weight,
    region: example.region,
    ...Object.fromEntries(Object.entries(scoresOf(example)).map(([label, p]) => [`p_${label}`, p])),
  }));
}

function longRows(examples: readonly Example[]): readonly Row[] {
  return examples.flatMap(({ id, y, weight, region, ...example }) =>
    Object.entries(scoresOf({ id, y, weight, region, ...example })).map(([label, score]) => {
      return { score, label, region, weight, y, id };
    }),
  );
}

function objectRows(examples: readonly Example[]): readonly Row[] {
  return examples.map((example) => ({ ...example, p: scoresOf(example) }));
}

function listRows(examples: readonly Example[]): readonly Row[] {
  return examples.map((example) => ({ ...example, y: LABELS.indexOf(example.y as (typeof LABELS)[number]) }));
}

describe('the same predictions of classes, spelled', () => {
  const parts = { weight: 'weight' };
  const slices = { slices: { by: ['region'] } };

  test('wide, long, as an object, in CSV, JSON Lines, Parquet and Arrow, are the same outcomes', async () => {
    await fc.assert(
      fc.asyncProperty(exampleLists, async (examples) => {
        const wide: Predictions = { id: 'id', target: 'y', scores: 'p_*', ...parts };
        const long: Predictions = {
          id: 'id',
          target: 'y',
          layout: 'long',
          label: 'label',
          score: 'score',
          ...parts,
        };
        const object: Predictions = { id: 'id', target: 'y', scores: 'p', ...parts };
        const mapping: Predictions = {
          ...wide,
          scores: Object.fromEntries(LABELS.map((label) => [label, `p_${label}`])),
        };
        const task = 'multiclass-classification';
        const first = await load(task, writeCsv(wideRows(examples)), wide, slices);
        const reversed = [...longRows(examples)].toReversed();
        const others = [
          load(task, writeCsv(wideRows(examples)), mapping, slices),
          load(task, writeJsonl(wideRows(examples)), wide, slices),
          load(task, await writeParquet(wideRows(examples)), wide, slices),
          load(task, writeArrow(wideRows(examples), 'file'), wide, slices),
          load(task, writeArrow(wideRows(examples), 'stream'), wide, slices),
          load(task, writeCsv(longRows(examples)), long, slices),
          load(task, writeJsonl(reversed), long, slices),
          load(task, await writeParquet(reversed), long, slices),
          load(task, writeArrow(longRows(examples), 'file'), long, slices),
          load(task, writeJsonl(objectRows(examples)), object, slices),
          load(task, await writeParquet(objectRows(examples)), object, slices),
        ];
        for (const other of await Promise.all(others)) expect(other).toEqual(first);
        expect(first).toMatchObject(reduceByHand(examples));
      }),
      { numRuns: 3 },
    );
  });

  test('a list has the labels 0, 1, … of a truth of whole numbers, in JSON Lines, Parquet and Arrow', async () => {
    await fc.assert(
      fc.asyncProperty(exampleLists, async (examples) => {
        const rows = listRows(examples);
        const predictions: Predictions = { id: 'id', target: 'y', scores: 'p' };
        const task = 'multiclass-classification';
        const asWide = rows.map(({ p, ...row }) => ({
          ...row,
          ...Object.fromEntries((p as readonly number[]).map((value, index) => [`p_${index}`, value])),
        }));
        const first = await load(task, writeCsv(asWide), { ...predictions, scores: 'p_*' });
        expect(await load(task, writeJsonl(rows), predictions)).toEqual(first);
        expect(await load(task, await writeParquet(rows), predictions)).toEqual(first);
        expect(await load(task, writeArrow(rows, 'file'), predictions)).toEqual(first);
      }),
      { numRuns: 4 },
    );
  });

  test('the truth in another file, in another order, is the same truth', async () => {
    await fc.assert(
      fc.asyncProperty(exampleLists, async (examples) => {
        const task = 'multiclass-classification';
        const rows = wideRows(examples);
        const wide: Predictions = { id: 'id', target: 'y', scores: 'p_*', ...parts };
        const scores = rows.map(({ y: _y, region: _region, ...row }) => row);
        const truth = rows.map(({ id, y, region }) => ({ name: id, y, region })).toReversed();
        const first = await load(task, writeCsv(rows), wide, slices);
        const beside = { ...wide, targets: { path: 'truth', id: 'name' } };
        expect(await load(task, writeCsv(scores), beside, { ...slices, targets: writeJsonl(truth) })).toEqual(
          first,
        );
      }),
      { numRuns: 4 },
    );
  });

  test('several files are one table', async () => {
    const examples = fc.sample(exampleLists, { numRuns: 1, seed: 7 })[0] ?? [];
    const rows = wideRows(examples);
    const wide: Predictions = { id: 'id', target: 'y', scores: 'p_*', ...parts };
    const [one, two] = [writeCsv(rows.slice(0, 1)), writeCsv(rows.slice(1))];
    const task = 'multiclass-classification';
    const whole = await load(task, writeCsv(rows), wide, slices);
    const shards = { path: 'p-*.csv', shards: [two.path, one.path] };
    expect(await load(task, shards, wide, slices)).toEqual(whole);
  });
});

function rankOf(row: readonly number[], own: number): number {
  return (
    1 + row.filter((score, label) => score > (row[own] ?? 0) || (score === row[own] && label > own)).length
  );
}

/** The definitions, one example at a time. */
function reduceByHand(examples: readonly Example[]): Partial<MulticlassOutcomes> {
  const sorted = [...examples].sort((a, b) => Buffer.compare(Buffer.from(a.id), Buffer.from(b.id)));
  const labels = [...LABELS].sort();
  const scores = sorted.map((example) => labels.map((label) => scoresOf(example)[label] ?? 0));
  const target = sorted.map(({ y }) => labels.indexOf(y as (typeof LABELS)[number]));
  return {
    n: examples.length,
    labels,
    target: Uint16Array.from(target),
    predicted: Uint16Array.from(scores, (row) => row.indexOf(Math.max(...row))),
    trueProbability: Float64Array.from(scores, (row, index) => row[target[index] ?? 0] ?? 0),
    trueRank: Uint32Array.from(scores, (row, index) => rankOf(row, target[index] ?? 0)),
    squaredErrors: Float64Array.from(scores, (row, index) =>
      row.reduce((sum, score, label) => sum + (label === target[index] ? score - 1 : score) ** 2, 0),
    ),
    scores: labels.map((_, label) => Float64Array.from(scores, (row) => row[label] ?? 0)),
    weights: Float64Array.from(sorted, ({ weight }) => weight),
  };
}

describe('the same predictions of several labels, spelled', () => {
  const examples = fc.uniqueArray(
    fc.record({
      id: fc.stringMatching(/^[a-z|]{1,10}$/),
      has: fc.array(fc.integer({ min: 0, max: 1 }), { minLength: 3, maxLength: 3 }),
      p: fc.array(fc.integer({ min: 0, max: 8 }), { minLength: 3, maxLength: 3 }),
    }),
    { minLength: 2, maxLength: 10, selector: ({ id }) => id },
  );

  test('by patterns, in lists, and long', async () => {
    await fc.assert(
      fc.asyncProperty(examples, async (rows) => {
        const wide = rows.map(({ id, has, p }) => ({
          id,
          ...Object.fromEntries(
            has.flatMap((value, label) => [
              [`y_${label}`, value],
              [`p_${label}`, (p[label] ?? 0) / 8],
            ]),
          ),
        }));
        const lists = rows.map(({ id, has, p }) => ({ id, has, p: p.map((value) => value / 8) }));
        const long = rows.flatMap(({ id, has, p }) =>
          has.map((y, label) => ({ id, label, y, score: (p[label] ?? 0) / 8 })),
        );
        const task = 'multilabel-classification';
        const patterns: Predictions = { id: 'id', target: 'y_*', scores: 'p_*' };
        const nested: Predictions = { id: 'id', target: 'has', scores: 'p' };
        const rowwise: Predictions = {
          id: 'id',
          target: 'y',
          layout: 'long',
          label: 'label',
          score: 'score',
        };
        const first = await load(task, writeCsv(wide), patterns);
        expect(await load(task, await writeParquet(lists), nested)).toEqual(first);
        expect(await load(task, writeJsonl(lists), nested)).toEqual(first);
        expect(await load(task, writeArrow(lists, 'stream'), nested)).toEqual(first);
        expect(await load(task, writeCsv(long.toReversed()), rowwise)).toEqual(first);
        expect(await load(task, await writeParquet(long), rowwise)).toEqual(first);
        expect(first).toMatchObject({ labels: ['0', '1', '2'] });
      }),
      { numRuns: 4 },
    );
  });
});

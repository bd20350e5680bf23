/** The scores of all labels of each example, from every layout that a file may have them in, into the reducer. */
import type { DuckDBListVector } from '@duckdb/node-api';

import type { ScoreFaultFound, ScoresRequest } from '../engine.ts';
import { type AnswerBatch, countLabels } from '../protocol.ts';
import { compileColumnList } from './compile-columns.ts';
import { compileRelation, isJson, type TableShape } from './compile-source.ts';
import type { Database, Vector } from './database.ts';
import { createLabelPacker, INLINED_BYTES, numbersOf, WORDS, wordsOf } from './pack-columns.ts';
import { createReducer, type ScoresReducer } from './reduce-scores.ts';

/** Examples sent at once, unless their scores come along. */
const BATCH_ROWS = 65_536;
const BATCH_SCORES = 1 << 20;

interface Table {
  readonly database: Database;
  readonly shape: TableShape;
  readonly parallel: boolean;
}

interface ScoresRead {
  readonly rows: number;
  readonly faults: readonly ScoreFaultFound[];
}

type LongScores = Extract<ScoresRequest['scores'], { readonly kind: 'long' }>;
type WideScores = Exclude<ScoresRequest['scores'], LongScores>;

/** Where examples go, and how what came of them is sent on. */
interface Sink {
  readonly reducer: ScoresReducer;
  /** To be asked after each example. */
  readonly isFull: () => boolean;
  readonly flush: () => Promise<void>;
}

export async function readScores(
  table: Table,
  request: ScoresRequest,
  send: (batch: AnswerBatch) => Promise<void>,
): Promise<ScoresRead> {
  const labels = countLabels(request);
  const batchRows = request.keep ? Math.max(1, Math.floor(BATCH_SCORES / labels)) : BATCH_ROWS;
  const reducer = createReducer(labels, request, batchRows);
  const sink: Sink = {
    reducer,
    isFull: () => reducer.waiting() >= batchRows,
    flush: async () => send({ kind: 'scores', scores: reducer.take() }),
  };
  await (request.scores.kind === 'long'
    ? readLong(table, request.scores, sink)
    : readWide(table, request.scores, labels, sink));
  if (reducer.waiting() > 0) await sink.flush();
  return { rows: reducer.rows(), faults: reducer.faults() };
}

/** A list of numbers for each row; of no elements where the cell holds no such list. */
function compileWide(table: Table, scores: WideScores): string {
  if (scores.kind === 'list') {
    const { from, cells } = compileRelation(table.shape, [{ column: scores.name, declaredTypes: [] }], {
      parallel: table.parallel,
      rowNumbers: false,
    });
    const raw = cells[0]?.raw ?? 'NULL';
    const list = isJson(table.shape.format)
      ? `TRY_CAST(CAST(${raw} AS JSON) AS DOUBLE[])`
      : `TRY_CAST(${raw} AS DOUBLE[])`;
    return `SELECT coalesce(${list}, CAST([] AS DOUBLE[])) FROM ${from}`;
  }
  const columns =
    scores.kind === 'columns'
      ? scores.names.map((name) => ({ name, as: 'number' as const }))
      : scores.keys.map((element) => ({ name: scores.name, element, as: 'number' as const }));
  const { from, selected } = compileColumnList(table.shape, columns, table);
  return `SELECT list_value(${selected.join(', ')}) FROM ${from}`;
}

async function readWide(
  table: Table,
  scores: WideScores,
  labels: number,
  { reducer, isFull, flush }: Sink,
): Promise<void> {
  const places = scores.kind === 'list' ? Uint32Array.from(scores.places) : undefined;
  const row = new Float64Array(labels);
  await table.database.streamVectors(compileWide(table, scores), async ([vector], count) => {
    if (vector === undefined) return;
    const lists = vector as unknown as DuckDBListVector;
    const numbers = numbersWithoutNull(lists.childVector);
    for (let index = 0; index < count; index += 1) {
      const start = lists.getEntryOffset(index);
      const length = lists.getEntryLength(index);
      if (length !== labels) {
        reducer.refuse('length', length);
      } else if (places === undefined) {
        reducer.add(numbers.subarray(start, start + labels));
      } else {
        for (let label = 0; label < labels; label += 1)
          row[label] = numbers[start + (places[label] ?? 0)] ?? 0;
        reducer.add(row);
      }
      if (isFull()) await flush();
    }
  });
}

/** What DuckDB says of which values are there; its package keeps it to itself. */
interface Nullable {
  readonly validity?: { readonly itemValid: (index: number) => boolean; readonly data?: unknown };
}

/** The numbers in lists, NaN where one is null: there the memory holds anything. */
function numbersWithoutNull(vector: Vector): Float64Array {
  if (vector.itemCount === 0) return new Float64Array();
  const numbers = numbersOf(vector);
  const { validity } = vector as unknown as Nullable;
  if (validity === undefined || validity.data === null) return numbers;
  return numbers.map((value, index) => (validity.itemValid(index) ? value : Number.NaN));
}

/** Gathers rows of one example, which come one after another because the engine sorts them. */
async function readLong(
  table: Table,
  { id, label, score, spellings }: LongScores,
  { reducer, isFull, flush }: Sink,
): Promise<void> {
  const { from, selected } = compileColumnList(
    table.shape,
    [
      { name: id, as: 'text' },
      { name: label, as: 'label' },
      { name: score, as: 'number' },
    ],
    table,
  );
  const gathered = startExample(spellings, reducer);
  const packer = createLabelPacker();
  let last: string | undefined;
  const sql = `SELECT ${selected.join(', ')} FROM ${from} ORDER BY 1`;
  await table.database.streamVectors(sql, async ([ids, labels, scores], count) => {
    if (ids === undefined || labels === undefined || scores === undefined || count === 0) return;
    packer.add(labels, count);
    const { codes, values } = packer.take();
    gathered.learn(values);
    const words = wordsOf(ids, count);
    const numbers = numbersOf(scores);
    for (let row = 0; row < count; row += 1) {
      const isSame = row === 0 ? last === String(ids.getItem(0)) : isSameText(ids, words, row);
      if (!isSame && last !== undefined) {
        gathered.end();
        if (isFull()) await flush();
      }
      last ??= '';
      gathered.add(codes[row] ?? 0, numbers[row] ?? Number.NaN);
    }
    last = String(ids.getItem(count - 1));
  });
  if (last !== undefined) gathered.end();
}

/** Whether a text is that of the row before: by length and beginning, and only then by the rest. */
function isSameText(vector: Vector, words: Uint32Array, row: number): boolean {
  const [at, before] = [row * WORDS, (row - 1) * WORDS];
  if (words[at] !== words[before] || words[at + 1] !== words[before + 1]) return false;
  if ((words[at] ?? 0) > INLINED_BYTES) return vector.getItem(row) === vector.getItem(row - 1);
  return words[at + 2] === words[before + 2] && words[at + 3] === words[before + 3];
}

interface GatheredExample {
  /** Labels that no row before had, as they are written. */
  readonly learn: (written: readonly string[]) => void;
  /** @param code number of the label by its first row */
  readonly add: (code: number, score: number) => void;
  readonly end: () => void;
}

/** The scores of one example after the other. A label that an example has no row of has the score 0. */
function startExample(spellings: readonly (readonly string[])[], reducer: ScoresReducer): GatheredExample {
  const labelOf = new Map(
    spellings.flatMap((written, label) => written.map((text) => [text, label] as const)),
  );
  const labels: number[] = [];
  const scores = new Float64Array(spellings.length);
  /** The example that each label was last seen in. */
  const seen = new Uint32Array(spellings.length);
  let example = 1;
  let repeated: number | undefined;
  return {
    learn: (written) => {
      for (const text of written) labels.push(labelOf.get(text) ?? 0);
    },
    add: (code, score) => {
      const label = labels[code] ?? 0;
      if (seen[label] === example) repeated ??= score;
      seen[label] = example;
      scores[label] = score;
    },
    end: () => {
      if (repeated === undefined) reducer.add(scores);
      else reducer.refuse('repeated', repeated);
      scores.fill(0);
      repeated = undefined;
      example += 1;
    },
  };
}

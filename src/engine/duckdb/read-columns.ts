/** Whole columns, sent in batches, and what is said of text among numbers. */
import { type CellCheck, type ColumnsRequest, TableError } from '../engine.ts';
import { type AnswerBatch, listKinds } from '../protocol.ts';
import { compileColumns, NOT_A_NUMBER_MARK } from './compile-columns.ts';
import { findExamples } from './find-examples.ts';
import { type OpenTable, requireColumns } from './open-table.ts';
import { createPacker } from './pack-columns.ts';

/** Rows sent at once: large enough to be cheap, small enough that neither side holds the table twice. */
const BATCH_ROWS = 65_536;

/** At the start only: an error of the CSV reader quotes the file, which may say anything. */
const NOT_A_NUMBER_ERROR = new RegExp(`^[A-Za-z ]+Error: ${NOT_A_NUMBER_MARK}`, 'u');

/** Columns that a message about text among numbers looks through. */
const MAX_SEARCHED = 100;

/** @throws TableError `not-a-number`, naming the first row */
async function refuseText(table: OpenTable, columns: readonly string[]): Promise<never> {
  const cells: CellCheck[] = [...new Set(columns)].slice(0, MAX_SEARCHED).map((name) => ({
    id: name,
    column: name,
    declaredTypes: ['number', 'boolean'],
    condition: { kind: 'type', types: ['number', 'boolean', 'null'] },
  }));
  const examples = await findExamples(table, {
    source: { path: table.location.named },
    cells,
    unique: [],
    limit: 100,
  });
  const [first] = Object.entries(examples)
    .flatMap(([column, rows]) => rows.map((example) => ({ column, ...example })))
    .filter(({ value }) => !/^[+-]?(?:nan|inf|infinity)$/iu.test(String(value)))
    .sort((one, other) => one.row - other.row);
  throw new TableError(
    'not-a-number',
    table.location.named,
    first === undefined
      ? `${table.location.named} has text where numbers are asked for.`
      : `Row ${first.row} of ${table.location.named}: ${JSON.stringify(first.value)} in column ${JSON.stringify(first.column)} is not a number.`,
    'Numbers are written as in JSON, like -1.5e3; a missing one is an empty cell.',
  );
}

/** The names of all columns that a request reads. */
function listNames(columns: ColumnsRequest['columns']): readonly string[] {
  return columns.flatMap(({ name }) => name);
}

/** Runs what may meet text where numbers are asked for. */
export async function refusingText<T>(
  table: OpenTable,
  columns: readonly string[],
  read: () => Promise<T>,
): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof Error && NOT_A_NUMBER_ERROR.test(error.message)) {
      return refuseText(table, columns);
    }
    throw error;
  }
}

export async function readColumns(
  table: OpenTable,
  request: ColumnsRequest,
  send: (batch: AnswerBatch) => Promise<void>,
): Promise<number> {
  requireColumns(table, listNames(request.columns));
  const packers = listKinds(request).map(createPacker);
  let [rows, waiting] = [0, 0];
  const flush = async (): Promise<void> => {
    if (waiting > 0) {
      await send({ kind: 'columns', columns: packers.map((packer) => packer.take()) });
    }
    waiting = 0;
  };
  const numbers = listNames(request.columns.filter(({ as }) => as === 'number'));
  await refusingText(table, numbers, async () => {
    await table.database.streamVectors(
      compileColumns(table.shape, request, table),
      async (vectors, count) => {
        packers.forEach((packer, column) => {
          const vector = vectors[column];
          if (vector !== undefined) {
            packer.add(vector, count);
          }
        });
        waiting += count;
        rows += count;
        if (waiting >= BATCH_ROWS) {
          await flush();
        }
      },
    );
    await flush();
  });
  return rows;
}

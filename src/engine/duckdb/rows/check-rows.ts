/** Checks of whole rows: what SQL tells is counted with everything else, what it cannot tell is streamed to JavaScript. */
import type { ExampleRow } from '../../engine.ts';
import type { RowCell, RowCheck } from '../../row-check.ts';
import type { OpenTable } from '../open-table.ts';
import type { CellSql } from '../compile-cell.ts';
import { relateCells, showCell } from '../compile-plan.ts';
import type { TableShape } from '../compile-source.ts';
import type { SqlValue } from '../database.ts';
import { compileRowCheck, isUndecided, listRowCells } from './compile-row-check.ts';
import type { Decision } from './decision.ts';
import { createCellReader, packCell } from './read-row.ts';
import type { Row, RowValidator } from './validate-rows.ts';

interface RowQuery {
  readonly from: string;
  readonly decision: Decision;
  readonly cells: readonly RowCell[];
  readonly packed: readonly string[];
  readonly cellOf: (request: RowCell) => CellSql;
}

function compileRowQuery(
  { shape, parallel }: Pick<OpenTable, 'shape' | 'parallel'>,
  check: RowCheck,
  rowNumbers: boolean,
): RowQuery {
  const cells = listRowCells(shape, check);
  const { from, cellOf } = relateCells(shape, cells, { parallel, rowNumbers });
  return {
    from,
    decision: compileRowCheck(shape, check, cellOf),
    cells,
    packed: cells.map((cell) => packCell(cellOf(cell))),
    cellOf,
  };
}

/** What makes objects of the packed cells of some rows, given column by column. */
function createRowReader(
  shape: TableShape,
  cells: readonly RowCell[],
): (columns: readonly (readonly SqlValue[] | undefined)[], count: number) => readonly Row[] {
  const readers = cells.map(({ column }) => {
    const type = shape.columns.find(({ name }) => name === column)?.type;
    return { column, read: createCellReader(type) };
  });
  // Any name may be a column's: an assignment to this one means something else to an ordinary object.
  const isHostile = cells.some(({ column }) => column === '__proto__');
  return (columns, count) => {
    const rows: Record<string, unknown>[] = [];
    for (let row = 0; row < count; row += 1) {
      rows.push(isHostile ? (Object.create(null) as Record<string, unknown>) : {});
    }
    for (const [index, { column, read }] of readers.entries()) {
      const values = columns[index] ?? [];
      for (let row = 0; row < count; row += 1) {
        const [packed, target] = [values[row] ?? null, rows[row]];
        if (packed !== null && target !== undefined) target[column] = read(packed);
      }
    }
    return rows;
  };
}

async function loadValidator(check: RowCheck): Promise<RowValidator> {
  return (await import('./validate-rows.ts')).createValidator(check);
}

/** How many of the rows of which SQL cannot tell break the check. */
export async function countUndecided(table: OpenTable, check: RowCheck): Promise<number> {
  const { from, decision, cells, packed } = compileRowQuery(table, check, false);
  const readRows = createRowReader(table.shape, cells);
  const validator = await loadValidator(check);
  let violations = 0;
  const selected = packed.length === 0 ? 'NULL' : packed.join(', ');
  await table.database.stream(
    `SELECT ${selected} FROM ${from} WHERE ${isUndecided(decision)}`,
    (columns, count) => {
      const rows = readRows(columns, count);
      violations += validator.judge(rows).filter((holds) => !holds).length;
      return true;
    },
  );
  return violations;
}

/** The first rows that break the check, in the file's order. */
export async function findRowExamples(
  table: OpenTable,
  check: RowCheck,
  limit: number,
): Promise<readonly FoundRow[]> {
  const { from, decision, cells, packed, cellOf } = compileRowQuery(
    { ...table, parallel: true },
    check,
    true,
  );
  const readRows = createRowReader(table.shape, cells);
  const validator = await loadValidator(check);
  const [shown, ...others] = cells.filter(({ column }) => check.shows.includes(column));
  const isOne = shown !== undefined && others.length === 0;
  const kind = check.shows.length === 0 ? 'absent' : 'text';
  const first = isOne ? showCell(cellOf(shown)) : `'${kind}', NULL`;
  const found: FoundRow[] = [];
  await table.database.stream(
    `SELECT CAST(r AS VARCHAR), ${first}${packed.map((sql) => `, ${sql}`).join('')} FROM ${from} WHERE NOT (${decision.holds})`,
    ([numbers, kinds, texts, ...columns], count) => {
      const rows = readRows(columns, count);
      const judged = validator.judge(rows);
      for (let at = 0; at < count && found.length < limit; at += 1) {
        const row = rows[at];
        if (judged[at] !== false || row === undefined) continue;
        const value = isOne ? texts?.[at] : showColumns(row, check.shows);
        found.push({ cells: [numbers?.[at], kinds?.[at], value], why: validator.explain(row) });
      }
      return found.length < limit;
    },
  );
  return found;
}

/** A row that breaks a check: its number, and kind and text of what it shows, as `ExampleRow` is read from them. */
export interface FoundRow {
  readonly cells: readonly (SqlValue | undefined)[];
  readonly why: NonNullable<ExampleRow['why']>;
}

function showColumns(row: Row, columns: readonly string[]): SqlValue {
  const shown = Object.entries(row).filter(([column]) => columns.includes(column));
  return JSON.stringify(Object.fromEntries(shown));
}

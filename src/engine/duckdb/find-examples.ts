/** Rows that break a check, with what their cells hold. */
import type { CellCheck, ExamplePlan, ExampleRow, Examples, Scalar } from '../engine.ts';
import {
  compileDuplicateExamples,
  compileSettledExamples,
  compileUnsettledExamples,
  MAXIMUM_SHOWN_LENGTH,
} from './compile-plan.ts';
import type { SqlValue } from './database.ts';
import { type OpenTable, requireColumns } from './open-table.ts';
import { findRowExamples } from './rows/check-rows.ts';
import { judgeTexts } from './rows/judge-bounded.ts';

/** In code points, as DuckDB's `left` counts. */
function cut(text: string): string {
  const points = Array.from(text);
  return points.length > MAXIMUM_SHOWN_LENGTH
    ? `${points.slice(0, MAXIMUM_SHOWN_LENGTH - 1).join('')}…`
    : text;
}

/** A number or boolean is shown as such only where it is written as JSON writes it: people search for what they see. */
function showValue(kind: SqlValue | undefined, text: SqlValue | undefined): Scalar | undefined {
  const written = String(text ?? '');
  if (kind === 'absent') {
    return undefined;
  }
  if (kind === 'null') {
    return null;
  }
  const value = kind === 'number' ? Number(written) : kind === 'boolean' ? written === 'true' : written;
  return String(value) === written ? (typeof value === 'string' ? cut(value) : value) : cut(written);
}

export function readExamples(rows: readonly (readonly (SqlValue | undefined)[])[]): readonly ExampleRow[] {
  return rows.map(([row, kind, text]) => ({ row: Number(row), value: showValue(kind, text) }));
}

async function findUnsettled(
  table: OpenTable,
  check: CellCheck,
  limit: number,
): Promise<readonly ExampleRow[]> {
  const compiled = compileUnsettledExamples(table.shape, check);
  const found: (SqlValue | undefined)[][] = [];
  if (compiled !== undefined) {
    await table.database.stream(compiled.sql, ([rows, kinds, shown, texts], count) => {
      const judged = judgeTexts(check.id, texts ?? [], compiled.accepts);
      for (let at = 0; at < count && found.length < limit; at += 1) {
        if (judged[at] !== true) {
          found.push([rows?.[at], kinds?.[at], shown?.[at]]);
        }
      }
      return found.length < limit;
    });
  }
  return readExamples(found);
}

export async function findExamples(table: OpenTable, plan: ExamplePlan): Promise<Examples> {
  requireColumns(table, [
    ...plan.cells.map(({ column }) => column),
    ...plan.unique.flatMap(({ columns }) => columns),
  ]);
  const examples = new Map<string, readonly ExampleRow[]>();
  const settled = compileSettledExamples(table.shape, plan);
  if (settled !== undefined) {
    const [row] = await table.database.query(settled.sql);
    for (const [index, id] of settled.ids.entries()) {
      examples.set(id, readExamples(JSON.parse(String(row?.[index] ?? '[]')) as SqlValue[][]));
    }
  }
  for (const check of plan.cells.filter(({ id }) => !examples.has(id))) {
    examples.set(check.id, await findUnsettled(table, check, plan.limit));
  }
  for (const check of plan.rows ?? []) {
    const found = await findRowExamples(table, check, plan.limit);
    const rows = readExamples(found.map(({ cells }) => cells));
    examples.set(
      check.id,
      rows.map((row, index) => ({ ...row, why: found[index]?.why ?? '' })),
    );
  }
  for (const check of plan.unique) {
    const sql = compileDuplicateExamples(table.shape, check, plan.limit);
    examples.set(check.id, readExamples(await table.database.query(sql)));
  }
  return Object.fromEntries(examples);
}

import { compareColumns, describeDiff } from '../../data/diff/describe-diff.ts';
import { namesPersonal } from '../../data/privacy/looks-personal.ts';
import type { Engine, QueryOptions, TableDescription, TableSource } from '../../engine/engine.ts';
import { holdsPersonalData } from '../../engine/personal/detectors.ts';
import { nameSource } from '../../engine/locate-table.ts';
import { UserError } from '../../evidence/errors.ts';
import { findNearest } from '../../evidence/find-nearest.ts';
import type { DataDiff } from '../../schemas/evidence.generated.ts';

export interface RowsRequest {
  readonly engine: Pick<Engine, 'describeTable' | 'diffTables'>;
  readonly dataset: string;
  readonly now: TableSource;
  readonly before: TableSource;
  /** What the table is compared with, for people. */
  readonly against: string;
  readonly key: readonly string[];
  /** Columns that are not compared. */
  readonly exclude: readonly string[];
  readonly tolerance?: number;
  readonly examples: number;
  /** Columns that are known to hold personal data by more than their names. */
  readonly personal?: ReadonlySet<string>;
  readonly options: QueryOptions;
}

/**
 * The rows of a table beside those that it had. Throws a UserError for a key or a column that a table lacks, and for a
 * key whose values stand in several rows.
 */
export async function compareRows(request: RowsRequest): Promise<DataDiff> {
  const { engine, key, exclude, options } = request;
  const now = await engine.describeTable(request.now, options);
  const before = await engine.describeTable(request.before, options);
  for (const column of key) {
    requireColumn(column, now, request.now);
    requireColumn(column, before, request.before);
  }
  const columns = compareColumns(now, before);
  const unknown = exclude.find((column) => ![now, before].some((table) => hasColumn(table, column)));
  if (unknown !== undefined) requireColumn(unknown, now, request.now);
  const compared = columns.shared.filter((column) => !key.includes(column) && !exclude.includes(column));
  const diff = await engine.diffTables(
    {
      source: request.now,
      before: request.before,
      key,
      columns: compared,
      examples: request.examples,
      ...(request.tolerance === undefined ? {} : { tolerance: request.tolerance }),
    },
    options,
  );
  refuseRepeated(diff.repeatedNow, request.now, key);
  refuseRepeated(diff.repeatedBefore, request.before, key);
  const isPersonal = (column: string): boolean =>
    request.personal?.has(column) === true || namesPersonal(column) !== undefined;
  return describeDiff(diff, {
    ...request,
    columns,
    compared,
    isPersonal,
    holdsPersonal: holdsPersonalData,
  });
}

function hasColumn({ columns }: TableDescription, column: string): boolean {
  return columns.some(({ name }) => name === column);
}

function requireColumn(column: string, table: TableDescription, source: TableSource): void {
  if (hasColumn(table, column)) return;
  const names = table.columns.map(({ name }) => name);
  const nearest = findNearest(column, names);
  throw new UserError(`${nameSource(source)} has no column \`${column}\`.`, {
    help: nearest === undefined ? `It has: ${names.join(', ')}.` : `Did you mean \`${nearest}\`?`,
  });
}

function refuseRepeated(count: number, source: TableSource, key: readonly string[]): void {
  if (count === 0) return;
  const rows = count === 1 ? '1 row repeats' : `${count} rows repeat`;
  throw new UserError(
    `${rows} the key of another row in ${nameSource(source)}, so rows cannot be told apart by ${key.map((column) => `\`${column}\``).join(', ')}.`,
    { help: 'Name further columns of the key, or leave the key out: rows are then compared whole.' },
  );
}

import type { ColumnRequest } from '../engine.ts';
import type { ChangedCell, DiffRequest, RowExample, TableDiff } from '../diff-tables.ts';
import type { OpenTable } from './open-table.ts';
import { compileColumnList } from './compile-columns.ts';

/** Cells of one changed row that are shown. */
const MAX_CELLS = 5;

/** Longest text of an example, in code points. */
const MAX_SHOWN = 200;

/**
 * Rows of two tables by their key. First each side becomes a table of keys and 64-bit hashes of rows, a few bytes a row;
 * the cells are read again only of rows whose hashes differ. An absent cell and an empty text count as one value.
 */
export async function diffTables(
  now: OpenTable,
  before: OpenTable,
  request: DiffRequest,
): Promise<TableDiff> {
  const { database } = now;
  try {
    await database.query(`CREATE TEMP TABLE diff_now AS ${compileSide(now, request)}`);
    await database.query(`CREATE TEMP TABLE diff_before AS ${compileSide(before, request)}`);
    return request.key.length === 0
      ? await compareWhole(now, before, request)
      : await compareByKey(now, before, request);
  } finally {
    for (const name of ['diff_now', 'diff_before', 'diff_changed']) {
      await database.query(`DROP TABLE IF EXISTS ${name}`);
    }
  }
}

function textsOf(names: readonly string[]): readonly ColumnRequest[] {
  return names.map((name) => ({ name, as: 'text' }));
}

/** Texts as one text, from which each can be told again. */
function joinKey(texts: readonly string[]): string {
  if (texts.length === 1) return texts.join('');
  return texts.map((text) => `replace(replace(${text}, '\\', '\\\\'), '|', '\\|')`).join(` || '|' || `);
}

/** Row number `r`, key `k`, hash of the compared cells `h`. */
function compileSide({ shape, parallel }: OpenTable, { key, columns }: DiffRequest): string {
  const { from, selected } = compileColumnList(shape, textsOf([...key, ...columns]), {
    parallel,
    rowNumbers: true,
  });
  const cells = selected.slice(key.length);
  const hash = cells.length === 0 ? '0' : `hash(${cells.join(', ')})`;
  return `SELECT r, ${key.length === 0 ? `''` : joinKey(selected.slice(0, key.length))} AS k, ${hash} AS h FROM ${from}`;
}

async function readOne({ database }: OpenTable, sql: string): Promise<readonly number[]> {
  const [row] = await database.query(sql);
  return (row ?? []).map(Number);
}

async function compareByKey(now: OpenTable, before: OpenTable, request: DiffRequest): Promise<TableDiff> {
  const [rowsNow = 0, keysNow = 0] = await readOne(now, 'SELECT count(*), count(DISTINCT k) FROM diff_now');
  const [rowsBefore = 0, keysBefore = 0] = await readOne(
    now,
    'SELECT count(*), count(DISTINCT k) FROM diff_before',
  );
  const sizes = {
    rowsBefore,
    rowsNow,
    repeatedBefore: rowsBefore - keysBefore,
    repeatedNow: rowsNow - keysNow,
  };
  if (sizes.repeatedBefore + sizes.repeatedNow > 0) {
    return { ...sizes, added: 0, removed: 0, changed: 0, unchanged: 0, columns: [], examples: [] };
  }
  await now.database.query(
    'CREATE TEMP TABLE diff_changed AS SELECT n.r AS n, b.r AS b FROM diff_now n JOIN diff_before b USING (k) WHERE n.h <> b.h',
  );
  const [added = 0, removed = 0] = await readOne(
    now,
    'SELECT (SELECT count(*) FROM diff_now ANTI JOIN diff_before USING (k)), (SELECT count(*) FROM diff_before ANTI JOIN diff_now USING (k))',
  );
  const { changed, columns, examples } = await findChanges(now, before, request);
  return {
    ...sizes,
    added,
    removed,
    changed,
    unchanged: rowsNow - added - changed,
    columns,
    examples: [
      ...(added === 0 ? [] : await showRows(now, request, 'added')),
      ...(removed === 0 ? [] : await showRows(before, request, 'removed', now)),
      ...examples,
    ],
  };
}

interface Pairs {
  readonly from: string;
  /** Whether the cell of each compared column differs. */
  readonly differs: readonly string[];
}

/** The rows whose hashes differ, side by side: `n0`… are the cells now, `b0`… those before, keys first. */
function pairChanges(now: OpenTable, before: OpenTable, request: DiffRequest): Pairs {
  const names = [...request.key, ...request.columns];
  const side = ({ shape, parallel }: OpenTable, letter: 'n' | 'b'): string => {
    const { from, selected } = compileColumnList(shape, textsOf(names), { parallel, rowNumbers: true });
    const cells = selected.map((sql, index) => `${sql} AS ${letter}${index}`).join(', ');
    return `(SELECT r AS ${letter}, ${cells} FROM ${from} WHERE ${isOneOf(`SELECT ${letter} FROM diff_changed`)})`;
  };
  return {
    from: `diff_changed JOIN ${side(now, 'n')} USING (n) JOIN ${side(before, 'b')} USING (b)`,
    differs: request.columns.map((_, index) =>
      compileDifference(index + request.key.length, request.tolerance),
    ),
  };
}

/**
 * Whether a row's number is one of some. The condition that never holds keeps DuckDB from turning the join round: it takes
 * a text file for a few dozen rows, and would hold all of its cells to look the few numbers up in them.
 */
function isOneOf(numbers: string): string {
  return `(r IN (${numbers}) OR r < 0)`;
}

function compileDifference(index: number, tolerance: number | undefined): string {
  const differs = `n${index} <> b${index}`;
  if (tolerance === undefined) return differs;
  const distance = `abs(TRY_CAST(n${index} AS DOUBLE) - TRY_CAST(b${index} AS DOUBLE))`;
  return `(${differs} AND NOT coalesce(${distance} <= ${tolerance}, false))`;
}

/** How many rows differ, in which columns, and the first of them: all in one look at both files. */
async function findChanges(
  now: OpenTable,
  before: OpenTable,
  request: DiffRequest,
): Promise<Pick<TableDiff, 'changed' | 'columns' | 'examples'>> {
  if (request.columns.length === 0) return { changed: 0, columns: [], examples: [] };
  const { from, differs } = pairChanges(now, before, request);
  const isChanged = `(${differs.join(' OR ')})`;
  const counts = [isChanged, ...differs].map((sql) => `count_if(${sql})`);
  const shown = request.examples === 0 ? 'NULL' : compileShown(request, differs, isChanged);
  const [row = []] = await now.database.query(`SELECT ${shown}, ${counts.join(', ')} FROM ${from}`);
  const [found, changed = 0, ...columns] = row;
  const changes = JSON.parse(String(found ?? '[]')) as readonly ShownChange[];
  return {
    changed: Number(changed),
    columns: columns.map(Number),
    examples: changes.map((change) => readChange(change, request.columns)),
  };
}

interface ShownChange {
  readonly row: string;
  readonly key: readonly string[];
  /** Place of the column, what it was, what it is. */
  readonly cells: readonly (readonly [string, string, string])[];
}

/** The first changed rows as one JSON text of `ShownChange[]`; NULL without any. */
function compileShown(
  { key, columns, examples }: DiffRequest,
  differs: readonly string[],
  isChanged: string,
): string {
  const cells = columns.map((_, index) => {
    const place = index + key.length;
    return `CASE WHEN ${differs[index] ?? 'false'} THEN [${index}::VARCHAR, ${cut(`b${place}`)}, ${cut(`n${place}`)}] END`;
  });
  const keys = key.map((_, index) => cut(`n${index}`));
  const shown = `{'row': CAST(n AS VARCHAR), 'key': [${keys.join(', ')}], 'cells': list_filter([${cells.join(', ')}], c -> c IS NOT NULL)[1:${MAX_CELLS}]}`;
  return `to_json(arg_min(${shown}, n, ${examples}) FILTER (${isChanged}))`;
}

function readChange({ row, key, cells }: ShownChange, columns: readonly string[]): RowExample {
  return {
    kind: 'changed',
    row: Number(row),
    key,
    cells: cells.map(([index, from, to]): ChangedCell => ({
      column: columns[Number(index)] ?? '',
      from,
      to,
    })),
  };
}

/** Keys of the first rows that only one table has. */
async function showRows(
  table: OpenTable,
  { key, columns, examples }: DiffRequest,
  kind: 'added' | 'removed',
  { database } = table,
): Promise<readonly RowExample[]> {
  if (examples === 0) return [];
  const same = key.length === 0 ? 'h' : 'k';
  const [own, other] = kind === 'added' ? ['diff_now', 'diff_before'] : ['diff_before', 'diff_now'];
  const shown = key.length === 0 ? columns : key;
  const { from, selected } = compileColumnList(table.shape, textsOf(shown), {
    parallel: table.parallel,
    rowNumbers: true,
  });
  const rows = await database.query(
    `SELECT CAST(r AS VARCHAR), ${selected.map(cut).join(', ')} FROM ${from} WHERE ${isOneOf(`SELECT r FROM ${own} ANTI JOIN ${other} USING (${same}) ORDER BY r LIMIT ${examples}`)} ORDER BY r`,
  );
  return rows.map(([row, ...cells]) => ({ kind, row: Number(row), key: cells.map(String), cells: [] }));
}

function cut(sql: string): string {
  return `left(${sql}, ${MAX_SHOWN})`;
}

/** Without a key: how many more or fewer rows of each content there are. */
async function compareWhole(now: OpenTable, before: OpenTable, request: DiffRequest): Promise<TableDiff> {
  const counts =
    'SELECT h, sum(now) AS now, sum(before) AS before FROM (SELECT h, 1 AS now, 0 AS before FROM diff_now UNION ALL SELECT h, 0, 1 FROM diff_before) GROUP BY h';
  const [rowsNow = 0, rowsBefore = 0, added = 0, removed = 0] = await readOne(
    now,
    `SELECT coalesce(sum(now), 0), coalesce(sum(before), 0), coalesce(sum(greatest(now - before, 0)), 0), coalesce(sum(greatest(before - now, 0)), 0) FROM (${counts})`,
  );
  return {
    rowsBefore,
    rowsNow,
    added,
    removed,
    changed: 0,
    unchanged: rowsNow - added,
    repeatedBefore: 0,
    repeatedNow: 0,
    columns: request.columns.map(() => 0),
    examples: [
      ...(added === 0 ? [] : await showRows(now, request, 'added')),
      ...(removed === 0 ? [] : await showRows(before, request, 'removed', now)),
    ],
  };
}

/** One split held against an earlier one: shared rows, entities and times, and values that came or went. */
import type { CategoryChange, InspectedColumn, SplitsAnswer, SplitsRequest } from '../../inspections.ts';
import type { OpenTable } from '../open-table.ts';
import type { CellSql } from '../compile-cell.ts';
import { findNearDuplicates } from './find-near-duplicates.ts';
import { ANY_SCALAR, canonicalCell, hashOf, rowOf } from './relate.ts';
import { relateSplit, type SplitPair, type SplitRelation } from './relate-split.ts';

/** Columns with more values are no categories. */
const MAX_CATEGORIES = 100;

/** Chance, over all values of a column, at which a value that is missing is no chance any more. */
const VANISHED_CHANCE = 0.001;

export async function compareSplits(table: OpenTable, request: SplitsRequest): Promise<SplitsAnswer> {
  const pair = pairTables(table, request);
  const [rows, near, entities, time] = [
    await countShared(pair),
    request.near === undefined ? undefined : await findNearDuplicates(pair, request.near),
    request.entity === undefined ? undefined : await countEntities(pair, request.entity),
    request.time === undefined ? undefined : await countOverlapping(pair, request.time),
  ];
  const changes = await compareCategories(pair);
  const label = changes.find(({ column }) => column === request.label?.name);
  return {
    ...rows,
    ...(near === undefined ? {} : { near }),
    ...(entities === undefined ? {} : { entities }),
    ...(time === undefined ? {} : { time }),
    ...(label === undefined ? {} : { label }),
    categories: changes.filter((change) => change !== label),
  };
}

function pairTables(table: OpenTable, request: SplitsRequest): SplitPair {
  const [later] = table.others;
  if (later === undefined) throw new Error('two splits are compared, and one table is open');
  return { request, earlier: table, later };
}

function relateBoth(
  { request, earlier, later }: SplitPair,
  columns: readonly InspectedColumn[],
): readonly [SplitRelation, SplitRelation] {
  return [relateSplit(earlier, request.earlier, columns), relateSplit(later, request.later, columns)];
}

async function countShared(
  pair: SplitPair,
): Promise<Pick<SplitsAnswer, 'earlierRows' | 'laterRows' | 'shared' | 'repeated'>> {
  const [one, other] = relateBoth(pair, pair.request.features);
  const [first, second] = [one.cells.map(canonicalCell), other.cells.map(canonicalCell)];
  const { database } = pair.earlier;
  const count = async (from: string): Promise<number> =>
    Number((await database.query(`SELECT count(*) FROM ${from}`))[0]?.[0] ?? 0);
  if (first.length === 0) {
    return { earlierRows: await count(one.from), laterRows: await count(other.from), shared: 0, repeated: 0 };
  }
  const [figures = []] = await database.query(
    `WITH first AS MATERIALIZED (SELECT ${hashOf(first)} AS w, count(*) AS n FROM ${one.from} GROUP BY w), second AS MATERIALIZED (SELECT ${hashOf(second)} AS w, count(*) AS n FROM ${other.from} GROUP BY w) SELECT (SELECT sum(n) FROM first), (SELECT sum(n) FROM second), (SELECT sum(n) FROM first WHERE n > 1), (SELECT sum(n) FROM second WHERE w IN (SELECT w FROM first))`,
  );
  const [earlierRows, laterRows, repeated, alike] = figures.map((figure) => Number(figure ?? 0));
  // Equal hashes are looked at as rows.
  const [verified] =
    alike === 0
      ? [[0]]
      : await database.query(
          `WITH shared AS MATERIALIZED (SELECT ${hashOf(first)} AS w FROM ${one.from} INTERSECT SELECT ${hashOf(second)} FROM ${other.from}) SELECT count(*) FROM ${other.from} WHERE ${hashOf(second)} IN (SELECT w FROM shared) AND ${rowOf(second)} IN (SELECT ${rowOf(first)} FROM ${one.from} WHERE ${hashOf(first)} IN (SELECT w FROM shared))`,
        );
  return {
    earlierRows: earlierRows ?? 0,
    laterRows: laterRows ?? 0,
    repeated: repeated ?? 0,
    shared: Number(verified?.[0] ?? 0),
  };
}

async function countEntities(
  pair: SplitPair,
  column: InspectedColumn,
): Promise<NonNullable<SplitsAnswer['entities']>> {
  const [one, other] = relateBoth(pair, [column]);
  const [first, second] = [one.cells.map(canonicalCell).join(''), other.cells.map(canonicalCell).join('')];
  const [row] = await pair.earlier.database.query(
    `WITH known AS MATERIALIZED (SELECT DISTINCT ${first} AS e FROM ${one.from} WHERE ${first} IS NOT NULL), own AS MATERIALIZED (SELECT ${second} AS e, count(*) AS n FROM ${other.from} WHERE ${second} IS NOT NULL GROUP BY e) SELECT count(*), coalesce(sum(n), 0) FROM own WHERE e IN (SELECT e FROM known)`,
  );
  return { shared: Number(row?.[0] ?? 0), rows: Number(row?.[1] ?? 0) };
}

/** Dates and date-times as moments, numbers as they are. */
function moment({ time, number }: CellSql): string {
  return time ?? number ?? 'NULL';
}

async function countOverlapping(
  pair: SplitPair,
  column: InspectedColumn,
): Promise<NonNullable<SplitsAnswer['time']>> {
  const [one, other] = relateBoth(pair, [column]);
  const [first, second] = [one.cells.map(moment).join(''), other.cells.map(moment).join('')];
  const [row] = await pair.earlier.database.query(
    `SELECT count_if(${second} < (SELECT max(${first}) FROM ${one.from})), count(${second}) FROM ${other.from}`,
  );
  return { overlapping: Number(row?.[0] ?? 0), rows: Number(row?.[1] ?? 0) };
}

/** Columns of text or booleans with few values, and the label whatever it is. */
async function compareCategories(pair: SplitPair): Promise<readonly CategoryChange[]> {
  const { features, label } = pair.request;
  const columns = [...features, ...(label === undefined ? [] : [label])].map(({ name }) => ({
    name,
    declaredTypes: ANY_SCALAR,
  }));
  if (columns.length === 0) return [];
  const [one, other] = relateBoth(pair, columns);
  const [before, after] = [await countValues(pair, one), await countValues(pair, other)];
  const categorical = columns.flatMap(({ name }, index) => {
    const { distinct = 0, present = 0, numbers = 0 } = before[index] ?? {};
    const isCategory = 2 * numbers <= present || name === label?.name;
    // What has few values in one split may be free text in the other.
    const isFew = distinct <= MAX_CATEGORIES && (after[index]?.distinct ?? 0) <= 100 * MAX_CATEGORIES;
    return isCategory && isFew ? [{ name, index }] : [];
  });
  const places = categorical.map(({ index }) => index);
  const [first, second] = [await listValues(pair, one, places), await listValues(pair, other, places)];
  return categorical.map(({ name }, place) =>
    compareValues(name, first[place] ?? new Map(), second[place] ?? new Map()),
  );
}

interface ValueCounts {
  readonly distinct: number;
  readonly present: number;
  readonly numbers: number;
}

async function countValues(
  { earlier }: SplitPair,
  { from, cells }: SplitRelation,
): Promise<readonly ValueCounts[]> {
  const counted = cells.flatMap(({ raw, number }) => [
    `approx_count_distinct(${raw})`,
    `count(${raw})`,
    number === undefined ? '0' : `count(${number})`,
  ]);
  const [row = []] = await earlier.database.query(`SELECT ${counted.join(', ')} FROM ${from}`);
  return cells.map((_, index) => {
    const [distinct = 0, present = 0, numbers = 0] = row.slice(3 * index, 3 * index + 3).map(Number);
    return { distinct, present, numbers };
  });
}

/** How often each value of some columns stands, in one scan. */
async function listValues(
  { earlier }: SplitPair,
  { from, cells }: SplitRelation,
  places: readonly number[],
): Promise<readonly ReadonlyMap<string, number>[]> {
  if (places.length === 0) return [];
  const histograms = places.map((place) => {
    const cell = cells[place];
    return `CAST(to_json(histogram(${cell === undefined ? 'NULL' : canonicalCell(cell)})) AS VARCHAR)`;
  });
  const [row = []] = await earlier.database.query(`SELECT ${histograms.join(', ')} FROM ${from}`);
  return row.map((json) => new Map(Object.entries((JSON.parse(String(json ?? '{}')) ?? {}) as object)));
}

function sum(counts: Iterable<number>): number {
  return [...counts].reduce((total, count) => total + count, 0);
}

function compareValues(
  column: string,
  earlier: ReadonlyMap<string, number>,
  later: ReadonlyMap<string, number>,
): CategoryChange {
  const [before, rows] = [sum(earlier.values()), sum(later.values())];
  const added = [...later].filter(([value]) => !earlier.has(value));
  const vanished = [...earlier].filter(([value, count]) => {
    const chance = (1 - count / before) ** rows;
    return !later.has(value) && chance < VANISHED_CHANCE / earlier.size;
  });
  return {
    column,
    newValues: added.length,
    newRows: sum(added.map(([, count]) => count)),
    vanishedValues: vanished.length,
    vanishedRows: sum(vanished.map(([, count]) => count)),
    rows,
  };
}

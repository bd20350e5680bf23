/** How much each column alone tells of the label: tables of counts by column in one scan, scored in JavaScript. */
import {
  classPower,
  numberPower,
  type FoldCount,
  type FoldSums,
} from '../../../statistics/predictive-power.ts';
import {
  LABEL_FOLDS,
  type LabelScore,
  type LabelScoresAnswer,
  type LabelScoresRequest,
} from '../../inspections.ts';
import type { OpenTable } from '../open-table.ts';
import type { CellSql } from '../compile-cell.ts';
import type { SqlValue } from '../database.ts';
import { quoteNumber } from '../sql-text.ts';
import { ANY_SCALAR, relate } from './relate.ts';

/** A number with more values is cut into so many parts of equal mass. */
const PARTS = 32;

/** A column with more values, or with more than half as many as rows, is an id or free text. */
const MAX_VALUES = 20_000;

/** A label of numbers with more values is not one of classes. */
const MAX_CLASSES = 50;

/** Too few rows say nothing. */
const LEAST_ROWS = 100;

/** Rows that edges of parts are taken from. */
const EDGE_ROWS = 100_000;

/** Columns that one scan counts. */
const COLUMNS_AT_ONCE = 30;

/** A column of which the values are counted. */
interface Counted {
  readonly column?: string;
  /** The value as VARCHAR; NULL is one of its own. */
  readonly value: string;
}

export async function scoreLabels(table: OpenTable, request: LabelScoresRequest): Promise<LabelScoresAnswer> {
  const { database } = table;
  const wanted = [request.label, ...request.columns].map(({ name }) => ({ name, declaredTypes: ANY_SCALAR }));
  const { from, cells } = relate(table, wanted, true);
  const [label, ...others] = cells;
  if (label === undefined) return { labelled: 0, scores: [] };
  const labelled = `(SELECT *, CAST(hash(r, ${request.seed}) % ${LABEL_FOLDS} AS INTEGER) AS f FROM ${from} WHERE ${label.raw} IS NOT NULL)`;
  const [shape = []] = await database.query(
    `SELECT count(*), approx_count_distinct(${label.raw}), ${countOf(label.number)}, max(r), ${label.number === undefined ? '0' : `coalesce(avg(${label.number}), 0)`}, ${others.flatMap(({ raw, number }) => [`approx_count_distinct(${raw})`, countOf(number), `count(${raw})`]).join(', ') || '0'} FROM ${labelled}`,
  );
  const [rows = 0, distinctLabels = 0, numericLabels = 0, last = 0, mean = 0, ...figures] = shape.map(Number);
  const isNumber = distinctLabels > MAX_CLASSES;
  if (rows < LEAST_ROWS || (isNumber && numericLabels < rows)) return { labelled: rows, scores: [] };
  const counted: Counted[] = [{ value: `CAST((r - 1) * ${PARTS} // ${last} AS VARCHAR)` }];
  const shapes = others.map((cell, index): ColumnShape => {
    const [distinct = 0, numbers = 0, present = 0] = figures.slice(3 * index, 3 * index + 3);
    return { cell, distinct, numbers, present };
  });
  const edges = await findEdges(table, labelled, shapes, rows);
  for (const [index, shape] of shapes.entries()) {
    const value = expressValue(shape, edges.get(shape.cell), rows);
    if (value !== undefined) counted.push({ column: request.columns[index]?.name ?? '', value });
  }
  const scores: LabelScore[] = [];
  for (let start = 0; start < counted.length; start += COLUMNS_AT_ONCE) {
    const part = counted.slice(start, start + COLUMNS_AT_ONCE);
    scores.push(
      ...(await scorePart(
        table,
        labelled,
        isNumber ? `(${label.number ?? 'NULL'} - ${quoteNumber(mean)})` : label.shown,
        part,
        isNumber,
        rows,
      )),
    );
  }
  return { labelled: rows, ...(isNumber ? {} : { classes: distinctLabels }), scores };
}

function countOf(number: string | undefined): string {
  return number === undefined ? '0' : `count(${number})`;
}

interface ColumnShape {
  readonly cell: CellSql;
  readonly distinct: number;
  readonly numbers: number;
  readonly present: number;
}

/** Mostly numbers, and more than are looked at one by one. */
function isCut({ cell, distinct, numbers, present }: ColumnShape): boolean {
  return distinct > PARTS && cell.number !== undefined && 2 * numbers > present;
}

/** Where numbers are cut into parts of equal mass: all columns in one scan of so many rows as that takes. */
async function findEdges(
  table: OpenTable,
  from: string,
  shapes: readonly ColumnShape[],
  rows: number,
): Promise<ReadonlyMap<CellSql, readonly number[]>> {
  const cut = shapes.filter(isCut);
  if (cut.length === 0) return new Map();
  const every = Math.max(1, Math.floor(rows / EDGE_ROWS));
  const shares = Array.from({ length: PARTS - 1 }, (_, part) => (part + 1) / PARTS).join(', ');
  const quantiles = cut.map(
    ({ cell }) => `CAST(to_json(quantile_disc(${cell.number ?? 'NULL'}, [${shares}])) AS VARCHAR)`,
  );
  const [row = []] = await table.database.query(
    `SELECT ${quantiles.join(', ')} FROM ${from} WHERE hash(r) % ${every} = 0`,
  );
  return new Map(
    cut.map(({ cell }, index) => {
      const edges = JSON.parse(String(row[index] ?? '[]')) as readonly number[] | null;
      return [cell, [...new Set(edges ?? [])]] as const;
    }),
  );
}

/** What stands for the value of a cell; undefined for a column whose values are too many to learn from. */
function expressValue(
  { cell, distinct }: ColumnShape,
  edges: readonly number[] | undefined,
  rows: number,
): string | undefined {
  if (edges === undefined) return distinct > MAX_VALUES || 2 * distinct > rows ? undefined : cell.shown;
  return `coalesce(CAST(${searchPart(cell.number ?? 'NULL', edges, 0)} AS VARCHAR), ${cell.shown})`;
}

/** The number of the part that a number is of, as a binary search. */
function searchPart(number: string, edges: readonly number[], first: number): string {
  if (edges.length === 0) return `CASE WHEN ${number} IS NOT NULL THEN ${first} END`;
  const middle = edges.length >> 1;
  const below = searchPart(number, edges.slice(0, middle), first);
  const above = searchPart(number, edges.slice(middle + 1), first + middle + 1);
  return `CASE WHEN ${number} <= ${quoteNumber(edges[middle] ?? 0)} THEN ${below} ELSE ${above} END`;
}

async function scorePart(
  table: OpenTable,
  from: string,
  target: string,
  part: readonly Counted[],
  isNumber: boolean,
  rows: number,
): Promise<readonly LabelScore[]> {
  const values = part.map(({ value }, index) => `${value} AS v${index}`).join(', ');
  const names = part.map((_, index) => `v${index}`);
  const sets = names.map((name) => (isNumber ? `(${name}, f)` : `(${name}, f, y)`)).join(', ');
  const sums = isNumber ? 'sum(y), sum(y * y)' : 'y';
  const tallies = part.map(() => createTally());
  await table.database.stream(
    `SELECT GROUPING(${names.join(', ')}), coalesce(${[...names, 'NULL'].join(', ')}), f, count(*), ${sums} FROM (SELECT f, ${target} AS y, ${values} FROM ${from}) GROUP BY GROUPING SETS (${sets})`,
    (columns, count) => {
      for (let row = 0; row < count; row += 1) {
        const [mask, ...cells] = columns.map((column) => column[row] ?? null);
        tallies[findPlace(Number(mask), part.length)]?.add(cells, isNumber);
      }
      return true;
    },
  );
  return part.flatMap(({ column }, index) => {
    const power = tallies[index]?.score(isNumber);
    return power === undefined ? [] : [{ ...(column === undefined ? {} : { column }), rows, ...power }];
  });
}

/** Which of so many columns a row of grouping sets is of: its bit alone is not set, the first column's is the highest. */
function findPlace(mask: number, columns: number): number {
  const own = 2 ** columns - 1 - mask;
  return columns - 1 - Math.log2(own);
}

/** The number of a text: the next one where it is new. */
function numberOf(known: Map<string, number>, text: SqlValue | undefined): number {
  const key = JSON.stringify(text ?? null);
  const number = known.get(key) ?? known.size;
  known.set(key, number);
  return number;
}

/** Numbers the values and labels of one column as they come. */
function createTally() {
  const [values, labels] = [new Map<string, number>(), new Map<string, number>()];
  const counts: FoldCount[] = [];
  const sums: FoldSums[] = [];
  return {
    add: ([value, fold, count, first, second]: readonly SqlValue[], isNumber: boolean): void => {
      const row = { value: numberOf(values, value), fold: Number(fold), count: Number(count) };
      if (isNumber) sums.push({ ...row, sum: Number(first), squares: Number(second) });
      else counts.push({ ...row, label: numberOf(labels, first) });
    },
    score: (isNumber: boolean) =>
      isNumber ? numberPower(sums, LABEL_FOLDS) : classPower(counts, labels.size, LABEL_FOLDS),
  };
}

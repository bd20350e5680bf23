/**
 * The survey of a table. A look at some rows says what is worth counting: a cell that contradicts a guess settles it,
 * whatever the other rows hold, so the answer does not depend on which rows were looked at.
 */
import { readTextCell } from '../cell-values.ts';
import type { CellFormat } from '../engine.ts';
import {
  type Category,
  type CellCounts,
  type ColumnSurvey,
  type DistinctEstimate,
  MAX_CATEGORIES,
  NULL_TOKENS,
  type NestedSurvey,
  type SurveyedColumn,
  type TableSurvey,
} from '../survey.ts';
import type { OpenTable } from './open-table.ts';
import { isText } from './compile-source.ts';
import {
  compileDistinct,
  compileHistograms,
  compileNestedTexts,
  compileSample,
  compileSurvey,
  compileTextsBeyond,
  type Figure,
  type Reading,
  type SurveyPlan,
} from './compile-survey.ts';
import type { SqlValue } from './database.ts';
import { formatFilter } from './formats.ts';
import { foldNested } from './survey-nested.ts';

/** Rows that are looked at first. */
const SAMPLE_ROWS = 2048;
/** Columns of one query: a query of ten thousand expressions takes longer to compile than to run. */
const COLUMNS_PER_SCAN = 200;
/** The estimate of a hundred distinct values is below twice as many. */
const MAX_ESTIMATED_CATEGORIES = 2 * MAX_CATEGORIES;
/** An estimate of as many values as rows is above this share of them. */
const LEAST_UNIQUE_SHARE = 0.5;

/** Formats that say something of a text: any word is a host's name, and any word with a colon a URI. */
const FORMATS: readonly CellFormat[] = ['date', 'date-time', 'time', 'email', 'uuid', 'ipv4', 'ipv6', 'uri'];

function hasFormat(format: CellFormat, text: string): boolean {
  return (format !== 'uri' || text.includes('://')) && formatFilter(format).accepts(text);
}

/** What some rows show of one column. */
interface Look {
  readonly reading: Reading;
  readonly formats: readonly CellFormat[];
  readonly fewTexts: boolean;
  readonly repeats: boolean;
}

function lookAt(written: readonly SqlValue[], texts: readonly SqlValue[], isWritten: boolean): Look {
  const present = written.filter((value) => value !== null).map(String);
  const strings = texts.filter((value) => value !== null).map(String);
  return {
    reading: isWritten ? guessReading(present) : 'own',
    formats: FORMATS.filter((format) => strings.every((text) => hasFormat(format, text))),
    fewTexts: new Set(strings).size <= MAX_CATEGORIES,
    repeats: new Set(present).size < present.length,
  };
}

/** What texts may all be read as, tokens aside; numbers with needless zeros are codes. */
function guessReading(texts: readonly string[]): Reading {
  const told = texts.filter((text) => !isNullToken(text));
  if (told.every((text) => typeof readTextCell(text, ['boolean']) === 'boolean')) return 'boolean';
  return told.every(isPlainNumber) ? 'number' : 'own';
}

function isPlainNumber(text: string): boolean {
  return typeof readTextCell(text, ['number']) === 'number' && !/^[+-]?0[0-9]/u.test(text);
}

function isNullToken(text: string): boolean {
  return (NULL_TOKENS as readonly string[]).includes(text);
}

async function lookAtRows(table: OpenTable, columns: readonly string[]): Promise<readonly Look[]> {
  const rows = await table.database.query(compileSample(table.shape, columns, SAMPLE_ROWS, table));
  const isWritten = isText(table.shape.format);
  return columns.map((_, index) =>
    lookAt(
      rows.map((row) => row[2 * index] ?? null),
      rows.map((row) => row[2 * index + 1] ?? null),
      isWritten,
    ),
  );
}

function planColumn({ name, mayShowValues }: SurveyedColumn, look: Look): SurveyPlan {
  const fewTexts = look.fewTexts && mayShowValues && look.reading === 'own';
  return {
    name,
    reading: look.reading,
    patterns: look.reading === 'own' ? look.formats.map(patternOf) : [],
    counted: !look.repeats ? 'values' : fewTexts ? 'texts' : 'not',
  };
}

/** Matches most texts of a format and no other; nothing at all where a format has none. */
function patternOf(format: CellFormat): string {
  return formatFilter(format).sufficient ?? '[^\\x00-\\x{10FFFF}]';
}

interface Counted {
  readonly plan: SurveyPlan;
  readonly figures: Readonly<Record<Figure, number>>;
  /** Texts that break each pattern of the plan. */
  readonly broken: readonly number[];
}

interface Scan {
  readonly rows: number;
  readonly columns: readonly Counted[];
}

async function scanColumns(table: OpenTable, plans: readonly SurveyPlan[]): Promise<Scan> {
  const columns: Counted[] = [];
  let rows = 0;
  for (let start = 0; start === 0 || start < plans.length; start += COLUMNS_PER_SCAN) {
    const part = plans.slice(start, start + COLUMNS_PER_SCAN);
    const { sql, figures } = compileSurvey(table.shape, part, table);
    const [row = []] = await table.database.query(sql);
    rows = Number(row[0] ?? 0);
    let at = 1;
    for (const plan of part) {
      const values = row
        .slice(at, at + figures.length)
        .map((value) => (value === null ? Number.NaN : Number(value)));
      at += figures.length;
      columns.push({
        plan,
        figures: Object.fromEntries(
          figures.map((figure, index) => [figure, values[index]]),
        ) as Counted['figures'],
        broken: row.slice(at, at + plan.patterns.length).map(Number),
      });
      at += plan.patterns.length;
    }
  }
  return { rows, columns };
}

async function readHistograms(
  table: OpenTable,
  columns: readonly string[],
  tokens?: readonly string[],
): Promise<ReadonlyMap<string, readonly Category[]>> {
  if (columns.length === 0) return new Map();
  const [row = []] = await table.database.query(compileHistograms(table.shape, columns, tokens, table));
  return new Map(columns.map((column, index) => [column, readEntries(row[index])]));
}

function readEntries(json: SqlValue | undefined): readonly Category[] {
  const entries = (JSON.parse(String(json ?? 'null')) ?? []) as {
    readonly key: string;
    readonly value: number;
  }[];
  return entries
    .map(({ key, value }) => ({ value: key, count: value }))
    .sort((one, other) => (one.value < other.value ? -1 : 1));
}

/** Columns of text that were read as numbers or booleans, and whose cells are so, tokens aside. */
async function findTokens(
  table: OpenTable,
  columns: readonly Counted[],
): Promise<ReadonlyMap<string, readonly Category[]>> {
  const mixed = columns.filter(({ plan, figures }) => plan.reading !== 'own' && figures.texts > 0);
  return await readHistograms(
    table,
    mixed.map(({ plan }) => plan.name),
    NULL_TOKENS,
  );
}

function isReadRight({ plan, figures }: Counted, tokens: ReadonlyMap<string, readonly Category[]>): boolean {
  if (plan.reading === 'own') return true;
  const missing = (tokens.get(plan.name) ?? []).reduce((sum, { count }) => sum + count, 0);
  const read = plan.reading === 'number' ? figures.numbers : figures.booleans;
  return figures.zeroLed === 0 && read > 0 && read + missing === figures.present;
}

/** The formats of a plan that all texts have, in the end each text by itself. */
async function settleFormats(
  table: OpenTable,
  { plan, figures, broken }: Counted,
  look: Look,
): Promise<readonly CellFormat[]> {
  if (plan.reading !== 'own' || figures.texts === 0) return [];
  const settled: CellFormat[] = [];
  for (const [index, format] of look.formats.entries()) {
    if (broken[index] === 0 || (await everyText(table, plan.name, format))) settled.push(format);
  }
  return settled;
}

async function everyText(table: OpenTable, column: string, format: CellFormat): Promise<boolean> {
  let holds = true;
  const sql = compileTextsBeyond(table.shape, column, formatFilter(format).sufficient, table);
  await table.database.stream(sql, ([texts = []], rows) => {
    for (let row = 0; row < rows && holds; row += 1) holds = hasFormat(format, String(texts[row]));
    return holds;
  });
  return holds;
}

async function lookInto(table: OpenTable, column: string): Promise<NestedSurvey> {
  const fold = foldNested(FORMATS, hasFormat);
  await table.database.stream(compileNestedTexts(table.shape, column, table), ([texts = []], rows) => {
    for (let row = 0; row < rows; row += 1) fold.add(String(texts[row]));
    return true;
  });
  return fold.finish();
}

/** A figure that is there. */
function given<Name extends string>(name: Name, value: number): { readonly [Key in Name]?: number } {
  return Number.isFinite(value) ? ({ [name]: value } as { readonly [Key in Name]?: number }) : {};
}

function countCells(figures: Counted['figures']): CellCounts {
  const { present, nulls, booleans, numbers, wholes, texts, arrays, objects, zeroLed } = figures;
  return { present, nulls, booleans, numbers, wholes, texts, arrays, objects, zeroLed };
}

async function describeColumn(
  table: OpenTable,
  counted: Counted,
  look: Look,
  tokens: readonly Category[],
  categories: readonly Category[] | undefined,
): Promise<ColumnSurvey> {
  const { plan, figures } = counted;
  const isNested = figures.arrays + figures.objects > 0;
  return {
    name: plan.name,
    counts: countCells(figures),
    ...given('least', figures.least),
    ...given('greatest', figures.greatest),
    ...given('shortest', figures.shortest),
    ...given('longest', figures.longest),
    formats: await settleFormats(table, counted, look),
    maybeUnique: !look.repeats && !isNested && figures.distinct >= LEAST_UNIQUE_SHARE * figures.present,
    ...(categories === undefined || categories.length > MAX_CATEGORIES ? {} : { categories }),
    ...(plan.reading === 'own' || tokens.length === 0 ? {} : { nullTokens: tokens }),
    ...(isNested ? { nested: await lookInto(table, plan.name) } : {}),
  };
}

/** Reads the table twice at most, and once more for columns whose first rows misled. */
export async function surveyTable(
  table: OpenTable,
  columns: readonly SurveyedColumn[],
): Promise<TableSurvey> {
  const names = columns.map(({ name }) => name);
  const looks = new Map((await lookAtRows(table, names)).map((look, index) => [names[index] ?? '', look]));
  const lookOf = (name: string): Look => looks.get(name) ?? lookAt([], [], false);
  const first = await scanColumns(
    table,
    columns.map((column) => planColumn(column, lookOf(column.name))),
  );
  const tokens = await findTokens(table, first.columns);
  const wrong = new Set(
    first.columns.filter((counted) => !isReadRight(counted, tokens)).map(({ plan }) => plan.name),
  );
  const again =
    wrong.size === 0
      ? { rows: first.rows, columns: [] }
      : await scanColumns(
          table,
          columns
            .filter(({ name }) => wrong.has(name))
            .map((column) => planColumn(column, { ...lookOf(column.name), reading: 'own' })),
        );
  const counted = first.columns.map(
    (column) => again.columns.find(({ plan }) => plan.name === column.plan.name) ?? column,
  );
  const few = counted.filter((column) => mayBeCategories(column, lookOf(column.plan.name), columns));
  const categories = await readHistograms(
    table,
    few.map(({ plan }) => plan.name),
  );
  const surveys: ColumnSurvey[] = [];
  for (const column of counted) {
    const { name } = column.plan;
    surveys.push(
      await describeColumn(table, column, lookOf(name), tokens.get(name) ?? [], categories.get(name)),
    );
  }
  return { format: table.shape.format, rows: first.rows, columns: surveys };
}

function mayBeCategories(
  { plan, figures }: Counted,
  look: Look,
  columns: readonly SurveyedColumn[],
): boolean {
  const shown = columns.some(({ name, mayShowValues }) => name === plan.name && mayShowValues);
  const isText =
    plan.reading === 'own' && figures.texts > 0 && figures.texts + figures.nulls === figures.present;
  return shown && isText && look.fewTexts && figures.distinct <= MAX_ESTIMATED_CATEGORIES;
}

/** About how many combinations of values some sets of columns have. */
export async function estimateDistinct(
  table: OpenTable,
  sets: readonly (readonly string[])[],
): Promise<readonly DistinctEstimate[]> {
  const names = [...new Set(sets.flat())];
  const rows = await table.database.query(compileSample(table.shape, names, SAMPLE_ROWS, table));
  const repeats = sets.map((set) => {
    const places = set.map((name) => 2 * names.indexOf(name));
    const keys = rows.map((row) => JSON.stringify(places.map((place) => row[place] ?? null)));
    return set.length > 1 && new Set(keys).size < keys.length;
  });
  const open = sets.filter((_, index) => repeats[index] !== true);
  if (open.length === 0) return sets.map(() => 'repeats');
  const [row = []] = await table.database.query(compileDistinct(table.shape, open, table));
  return sets.map((set, index) =>
    repeats[index] === true ? 'repeats' : Number(row[open.indexOf(set)] ?? 0),
  );
}

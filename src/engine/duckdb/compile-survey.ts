/** A survey of columns as SQL: what is counted of each, and how the single row of answers is read. */
import type { JsonType } from '../engine.ts';
import { type CellSql, WHOLE_NUMBERS } from './compile-cell.ts';
import { type CellRequest, compileRelation, isJson, isText, type TableShape } from './compile-source.ts';
import { quoteText, quoteTexts } from './sql-text.ts';

/** How the cells of a column are read for a survey: as what they are, or texts as numbers or booleans. */
export type Reading = 'own' | 'number' | 'boolean';

/** A column, and what is worth counting of it after a look at some rows. */
export interface SurveyPlan {
  readonly name: string;
  readonly reading: Reading;
  /** Patterns that most texts of a format match, by which it can be told that all do. */
  readonly patterns: readonly string[];
  /** Whether its values may be few, or all different: then they are estimated. */
  readonly counted: 'texts' | 'values' | 'not';
}

/** What one query counts of a column, in the order of its answers. */
const FIGURES = [
  'present',
  'nulls',
  'booleans',
  'numbers',
  'wholes',
  'texts',
  'arrays',
  'objects',
  'zeroLed',
  'least',
  'greatest',
  'shortest',
  'longest',
  'distinct',
] as const;
export type Figure = (typeof FIGURES)[number];

const DECLARED: Readonly<Record<Reading, readonly JsonType[]>> = {
  own: [],
  number: ['number'],
  boolean: ['boolean'],
};

/** A whole number as JSON writes it. */
const WHOLE = '-?(?:0|[1-9][0-9]*)';
const ZERO_LED = '[+-]?0[0-9].*';

function requestOf({ name, reading }: Pick<SurveyPlan, 'name' | 'reading'>): CellRequest {
  return { column: name, declaredTypes: DECLARED[reading] };
}

/** Columns that are read as their file says, whatever a schema would make of them. */
function relateOwn(
  shape: TableShape,
  columns: readonly string[],
  options: { readonly parallel: boolean },
): ReturnType<typeof compileRelation> {
  const requests = columns.map((name) => requestOf({ name, reading: 'own' }));
  return compileRelation(shape, requests, { ...options, rowNumbers: false });
}

function countOf(sql: string | undefined): string {
  return sql === undefined ? '0' : `count(${sql})`;
}

function countIf(sql: string | undefined): string {
  return sql === undefined ? '0' : `count_if(${sql})`;
}

/** @param type the column's own type; undefined where numbers say themselves how they are written */
function compileFigure(figure: Figure, cell: CellSql, plan: SurveyPlan, type: string | undefined): string {
  const { raw, number, text } = cell;
  const isWritten = type === undefined;
  switch (figure) {
    case 'present':
      return `count(${raw})`;
    case 'nulls':
      return countIf(cell.isNull);
    case 'booleans':
      return countOf(cell.boolean);
    case 'numbers':
      return countOf(number);
    case 'wholes':
      if (number === undefined) return '0';
      return isWritten
        ? `count_if(${number} IS NOT NULL AND regexp_full_match(${raw}, ${quoteText(WHOLE)}))`
        : WHOLE_NUMBERS.test(type)
          ? `count(${raw})`
          : '0';
    case 'texts':
      return countOf(text);
    case 'arrays':
      return countIf(cell.isArray);
    case 'objects':
      return countIf(cell.isObject);
    case 'zeroLed':
      return number === undefined || !isWritten
        ? '0'
        : `count_if(${number} IS NOT NULL AND regexp_full_match(${raw}, ${quoteText(ZERO_LED)}))`;
    case 'least':
      return number === undefined ? 'NULL' : `min(${number})`;
    case 'greatest':
      return number === undefined ? 'NULL' : `max(${number})`;
    case 'shortest':
      return text === undefined ? 'NULL' : `min(length(${text}))`;
    case 'longest':
      return text === undefined ? 'NULL' : `max(length(${text}))`;
    case 'distinct': {
      const counted = plan.counted === 'texts' ? text : plan.counted === 'values' ? raw : undefined;
      return counted === undefined ? 'NULL' : `approx_count_distinct(${counted})`;
    }
  }
}

export interface CompiledSurvey {
  /** Answers one row: the rows, then `width` figures for each column, then how many texts break each of its patterns. */
  readonly sql: string;
  readonly figures: readonly Figure[];
}

/** One scan for all columns. */
export function compileSurvey(
  shape: TableShape,
  plans: readonly SurveyPlan[],
  options: { readonly parallel: boolean },
): CompiledSurvey {
  const { from, cells } = compileRelation(shape, plans.map(requestOf), { ...options, rowNumbers: false });
  const isWritten = isText(shape.format) || isJson(shape.format);
  const selected = plans.flatMap((plan, index) => {
    const cell = cells[index];
    if (cell === undefined) throw new RangeError(`no cell was compiled for column ${plan.name}`);
    const type = isWritten ? undefined : shape.columns.find(({ name }) => name === plan.name)?.type;
    return [
      ...FIGURES.map((figure) => compileFigure(figure, cell, plan, type)),
      ...plan.patterns.map((pattern) =>
        countIf(
          cell.text === undefined ? undefined : `NOT regexp_full_match(${cell.text}, ${quoteText(pattern)})`,
        ),
      ),
    ];
  });
  return { sql: `SELECT ${['count(*)', ...selected].join(', ')} FROM ${from}`, figures: FIGURES };
}

/** Some rows: of each column its value as text and its text; of lists and objects only whether they are there. */
export function compileSample(
  shape: TableShape,
  columns: readonly string[],
  rows: number,
  options: { readonly parallel: boolean },
): string {
  const { from, cells } = relateOwn(shape, columns, options);
  const selected = cells.flatMap(({ raw, text, isArray, shown }) => {
    const isNested = !isJson(shape.format) && isArray !== undefined;
    return [isNested ? `CASE WHEN ${raw} IS NOT NULL THEN '' END` : shown, text ?? 'NULL'];
  });
  return `SELECT ${selected.join(', ')} FROM ${from} LIMIT ${rows}`;
}

/** Every text of some columns with its count, as JSON; of `tokens` only, where they are given. */
export function compileHistograms(
  shape: TableShape,
  columns: readonly string[],
  tokens: readonly string[] | undefined,
  options: { readonly parallel: boolean },
): string {
  const { from, cells } = relateOwn(shape, columns, options);
  const selected = cells.map(({ text = 'NULL' }) => {
    const counted =
      tokens === undefined
        ? text
        : `CASE WHEN list_contains(${quoteTexts(tokens)}, ${text}) THEN ${text} END`;
    return `to_json(map_entries(histogram(${counted})))`;
  });
  return `SELECT ${selected.join(', ')} FROM ${from}`;
}

/** The different texts of a column that a pattern does not settle; all, where there is none. */
export function compileTextsBeyond(
  shape: TableShape,
  column: string,
  pattern: string | undefined,
  options: { readonly parallel: boolean },
): string {
  const { from, cells } = relateOwn(shape, [column], options);
  const text = cells[0]?.text ?? 'NULL';
  const beyond = pattern === undefined ? '' : ` AND NOT regexp_full_match(${text}, ${quoteText(pattern)})`;
  return `SELECT DISTINCT ${text} FROM ${from} WHERE ${text} IS NOT NULL${beyond}`;
}

/** The lists and objects of a column as JSON. */
export function compileNestedTexts(
  shape: TableShape,
  column: string,
  options: { readonly parallel: boolean },
): string {
  const { from, cells } = relateOwn(shape, [column], options);
  const { raw = 'NULL', isArray = 'false', isObject = 'false' } = cells[0] ?? {};
  const json = isJson(shape.format) ? raw : `CAST(to_json(${raw}) AS VARCHAR)`;
  return `SELECT ${json} FROM ${from} WHERE ${isArray} OR ${isObject}`;
}

/** Distinct combinations of values of some sets of columns, estimated, with rows that lack all of them left out. */
export function compileDistinct(
  shape: TableShape,
  sets: readonly (readonly string[])[],
  options: { readonly parallel: boolean },
): string {
  const columns = [...new Set(sets.flat())];
  const { from, cells } = relateOwn(shape, columns, options);
  const rawOf = new Map(columns.map((name, index) => [name, cells[index]?.raw ?? 'NULL']));
  const selected = sets.map(
    (set) => `approx_count_distinct(hash(${set.map((name) => rawOf.get(name) ?? 'NULL').join(', ')}))`,
  );
  return `SELECT ${selected.join(', ')} FROM ${from}`;
}

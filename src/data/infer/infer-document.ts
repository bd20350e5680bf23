/** From a survey of a table to the data schema that it satisfies, as a document to be written. */
import { wilsonInterval } from '../../statistics/proportion.ts';
import type { TableSurvey } from '../../engine/survey.ts';
import {
  inferColumn,
  type InferenceOptions,
  type InferredColumn,
  type SchemaDocument,
} from './infer-column.ts';

export interface InferredTable {
  readonly columns: readonly InferredColumn[];
  readonly rows: number;
}

/**
 * Columns in the order of the file; those of JSON, which has none, sorted.
 * @param personal columns of which no value is told, no bound either
 */
export function inferColumns(
  survey: TableSurvey,
  { ranges }: InferenceOptions,
  personal: readonly string[],
): InferredTable {
  const columns = survey.columns.map((column) =>
    inferColumn(column, survey.format, { ranges: ranges && !personal.includes(column.name) }),
  );
  return {
    columns:
      survey.format === 'json' || survey.format === 'jsonl'
        ? columns.toSorted((one, other) => (one.name < other.name ? -1 : 1))
        : columns,
    rows: survey.rows,
  };
}

/**
 * @param named what the file is called in the schema's comment
 * @param keys columns whose values together stand in one row only
 */
export function writeDocument(
  { columns, rows }: InferredTable,
  keys: readonly (readonly string[])[],
  named: string,
): SchemaDocument {
  const required = columns.filter(({ present }) => rows > 0 && present === rows);
  const gaps = columns.flatMap(({ name, present }) => {
    const bound = boundAbsent(rows - present, rows);
    return bound === undefined ? [] : [[name, { 'at-most': bound }] as const];
  });
  const cells = columns.flatMap(({ name, cells }) => (cells === undefined ? [] : [[name, cells] as const]));
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $comment: `Inferred by mlgate infer from ${rows.toLocaleString('en-US')} row${rows === 1 ? '' : 's'} of ${named}.`,
    type: 'object',
    properties: Object.fromEntries(columns.map(({ name, schema }) => [name, schema])),
    required: required.map(({ name }) => name),
    dataset: {
      rows: { 'at-least': rows === 0 ? 0 : 1 },
      ...(keys.length === 0 ? {} : { unique: keys }),
      ...(gaps.length === 0 ? {} : { 'null-fraction': Object.fromEntries(gaps) }),
      ...(cells.length === 0 ? {} : { 'column-cells': Object.fromEntries(cells) }),
    },
  };
}

/** Level of the interval whose upper end bounds a share of absent cells: other data of the same kind stay below it. */
const ABSENT_LEVEL = 0.999;

/** The largest share of absent cells that these rows speak for, rounded up to a hundredth; undefined where none or nearly all are absent. */
function boundAbsent(absent: number, rows: number): number | undefined {
  if (absent === 0 || rows === 0) return undefined;
  const { high } = wilsonInterval(absent, rows, ABSENT_LEVEL);
  const bound = Math.ceil(high * 100) / 100;
  return bound >= 1 ? undefined : bound;
}

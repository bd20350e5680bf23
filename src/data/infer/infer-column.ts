/** What a data schema says of a column, from what its cells are like. */
import {
  NULL_TOKENS,
  type Category,
  type CellCounts,
  type ColumnSurvey,
  type NestedSurvey,
} from '../../engine/survey.ts';
import type { CellFormat, Scalar, TableFormat } from '../../engine/engine.ts';

/** A JSON Schema, as it is written. */
export type SchemaDocument = Readonly<Record<string, unknown>>;

/** What is said of a column, or of what its cells hold. */
interface InferredSchema {
  readonly type?: string | readonly string[];
  readonly enum?: readonly Scalar[];
  readonly format?: CellFormat;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly items?: InferredSchema;
  readonly properties?: Readonly<Record<string, InferredSchema>>;
  readonly required?: readonly string[];
}

/** How cells are read where not by default: an entry of `dataset.column-cells`. */
interface InferredCells {
  readonly 'null-values'?: readonly string[];
  readonly 'not-finite'?: 'null';
}

export interface InferredColumn {
  readonly name: string;
  readonly schema: InferredSchema;
  readonly cells?: InferredCells;
  /** Cells that stand for a value. */
  readonly present: number;
  /** Texts among its values that often stand for none. */
  readonly suspects: readonly Category[];
}

export interface InferenceOptions {
  /** Whether the smallest and largest numbers become bounds. */
  readonly ranges: boolean;
}

export function inferColumn(
  column: ColumnSurvey,
  format: TableFormat,
  options: InferenceOptions,
): InferredColumn {
  const { counts } = column;
  const missing = column.nullTokens ?? [];
  const missingCount = missing.reduce((sum, { count }) => sum + count, 0);
  const notFinite = countNotFinite(counts);
  const told = { ...counts, texts: counts.texts - missingCount };
  const isUnknown = notFinite > 0 && notFinite + counts.numbers < counts.present;
  const types = isUnknown ? [] : listTypes(told);
  const nullValues = missing.map(({ value }) => value);
  return {
    name: column.name,
    schema: {
      ...writeType(types),
      ...(types.length === 0 ? {} : describeValues(column, types, options)),
      ...(column.nested === undefined ? {} : describeNested(column.nested, format)),
    },
    ...(nullValues.length > 0
      ? { cells: { 'null-values': nullValues } }
      : notFinite > 0 && !isUnknown
        ? { cells: { 'not-finite': 'null' } }
        : {}),
    present: counts.present - missingCount - (isUnknown ? 0 : notFinite),
    suspects: (column.categories ?? []).filter(({ value }) =>
      (NULL_TOKENS as readonly string[]).includes(value),
    ),
  };
}

/** NaN and infinities: present, and of no type of JSON. */
function countNotFinite({ present, nulls, booleans, numbers, texts, arrays, objects }: CellCounts): number {
  return present - nulls - booleans - numbers - texts - arrays - objects;
}

type CountedTypes = Pick<
  CellCounts,
  'nulls' | 'booleans' | 'numbers' | 'wholes' | 'texts' | 'arrays' | 'objects'
>;

function listTypes({
  nulls,
  booleans,
  numbers,
  wholes,
  texts,
  arrays,
  objects,
}: CountedTypes): readonly string[] {
  return [
    ...(booleans > 0 ? ['boolean'] : []),
    ...(numbers > 0 ? [wholes === numbers ? 'integer' : 'number'] : []),
    ...(texts > 0 ? ['string'] : []),
    ...(arrays > 0 ? ['array'] : []),
    ...(objects > 0 ? ['object'] : []),
    ...(nulls > 0 ? ['null'] : []),
  ];
}

function writeType(types: readonly string[]): InferredSchema {
  const [only, ...others] = types;
  if (only === undefined) return {};
  return { type: others.length === 0 ? only : types };
}

/** Fewer values than this say nothing of the rest. */
const LEAST_FLAGS = 20;

function describeValues(
  column: ColumnSurvey,
  types: readonly string[],
  { ranges }: InferenceOptions,
): InferredSchema {
  const { counts, formats, categories, least, greatest } = column;
  const values = types.filter((type) => type !== 'null');
  const isOne = (type: string): boolean => values.length === 1 && values[0] === type;
  const orNull = types.includes('null') ? [null] : [];
  const [format] = formats;
  if (isOne('string') && format !== undefined && formats.length === 1) return { format };
  if (isOne('string') && categories !== undefined && areCategories(categories)) {
    return { enum: [...categories.map(({ value }) => value), ...orNull] };
  }
  const isFlag = isOne('integer') && least === 0 && greatest === 1 && counts.numbers >= LEAST_FLAGS;
  if (isFlag) return { enum: [0, 1, ...orNull] };
  return ranges && least !== undefined && greatest !== undefined ? { minimum: least, maximum: greatest } : {};
}

/** How often the values of a column of categories stand in it, on average. */
const LEAST_REPETITIONS = 10;

/** Largest chance, as estimated, that the next row has a value that none had before. */
const MAX_UNSEEN = 0.001;

/** Longer values are sentences. */
const MAX_CATEGORY_LENGTH = 60;

/**
 * Whether the values of a column are a closed list: repeated ten times on average, and the chance of an unseen one at
 * most one in a thousand, as the share of values seen once estimates it.
 * Source: I. J. Good, Biometrika 40 (1953) 237-264, equation (9) for r = 0.
 */
function areCategories(categories: readonly Category[]): boolean {
  const rows = categories.reduce((sum, { count }) => sum + count, 0);
  const once = categories.filter(({ count }) => count === 1).length;
  return (
    categories.length >= 2 &&
    rows >= LEAST_REPETITIONS * categories.length &&
    once <= MAX_UNSEEN * rows &&
    categories.every(({ value }) => value.length <= MAX_CATEGORY_LENGTH && !/\p{Cc}/u.test(value))
  );
}

/** Lists and objects from within. A field of Parquet or Arrow that is NULL may be told as absent or as null: either is allowed. */
function describeNested(nested: NestedSurvey, format: TableFormat): InferredSchema {
  const { items, keys, objects } = nested;
  const isTyped = format === 'parquet' || format === 'arrow';
  const required = (keys ?? []).filter(
    ([, { count, nulls }]) => count === objects && !(isTyped && nulls > 0),
  );
  return {
    ...(items === undefined ? {} : { items: describeInner(items, format) }),
    ...(objects === 0 || keys === undefined || keys.length === 0
      ? {}
      : { properties: Object.fromEntries(keys.map(([key, inner]) => [key, describeInner(inner, format)])) }),
    ...(required.length === 0 ? {} : { required: required.map(([key]) => key) }),
  };
}

function describeInner(inner: NestedSurvey, format: TableFormat): InferredSchema {
  const types = listTypes({ ...inner, numbers: inner.wholes + inner.fractions });
  const [only] = inner.formats;
  const isFormatted = only !== undefined && inner.formats.length === 1;
  return {
    ...writeType(types),
    ...(isFormatted ? { format: only } : {}),
    ...describeNested(inner, format),
  };
}

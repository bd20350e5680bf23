/** From a data schema to the flat list of what it asks: one rule, one check. */
import type { CellCondition, JsonType } from '../engine/engine.ts';
import type { ColumnSchema, DataSchema, DatasetRules } from '../schemas/data-schema.generated.ts';
import type { AnomalyName } from './anomalies.ts';

interface RuleBase {
  readonly name: AnomalyName;
  /** Unique in the schema, stable when other rules come and go. */
  readonly id: string;
  /** Where the schema asks for it. */
  readonly path: readonly string[];
}

interface RowsRule extends RuleBase {
  readonly kind: 'rows';
  readonly side: 'at-least' | 'at-most';
  readonly bound: number;
}

/** No column but those listed. */
interface NewColumnsRule extends RuleBase {
  readonly kind: 'new-columns';
}

interface MissingColumnRule extends RuleBase {
  readonly kind: 'missing-column';
  readonly column: string;
}

/** What must hold for each cell of a column. */
export interface CellRule extends RuleBase {
  readonly kind: 'cell';
  readonly column: string;
  readonly declaredTypes: readonly JsonType[];
  readonly condition: CellCondition;
}

/** Bounds on the share of absent cells. */
interface FractionRule extends RuleBase {
  readonly kind: 'fraction';
  readonly column: string;
  readonly side: 'at-least' | 'at-most';
  readonly bound: number;
}

export interface KeyRule extends RuleBase {
  readonly kind: 'key';
  readonly columns: readonly string[];
}

export type Rule = RowsRule | NewColumnsRule | MissingColumnRule | CellRule | FractionRule | KeyRule;

/** Fewest rows that a table must have when the schema does not say: an empty table is never a pass. */
const DEFAULT_ROWS = 1;

/** Every rule of a schema, in its own order: the table, then its columns, then keys. */
export function listRules(schema: DataSchema): readonly Rule[] {
  const columns = [...new Set([...Object.keys(schema.properties), ...schema.required])];
  return [
    ...listRowsRules(schema.dataset),
    ...(schema.additionalProperties ? [] : [newColumnsRule()]),
    ...columns.flatMap((column) => [
      ...(schema.required.includes(column) ? listRequiredRules(schema, column) : []),
      ...listColumnRules(column, schema.properties[column] ?? {}),
    ]),
    ...Object.keys(schema.dataset['null-fraction']).flatMap((column) =>
      listFractionRules(schema.dataset, column),
    ),
    ...listKeyRules(schema.dataset.unique),
  ];
}

function listRowsRules(dataset: DatasetRules): readonly RowsRule[] {
  const least = dataset.rows?.['at-least'] ?? DEFAULT_ROWS;
  const most = dataset.rows?.['at-most'];
  const base = { kind: 'rows', path: ['dataset', 'rows'] } as const;
  const lower: RowsRule = {
    ...base,
    name: 'DATASET_LOW_NUM_EXAMPLES',
    id: 'DATASET_LOW_NUM_EXAMPLES',
    path: [...base.path, 'at-least'],
    side: 'at-least',
    bound: least,
  };
  if (most === undefined) return [lower];
  return [
    lower,
    {
      ...base,
      name: 'DATASET_HIGH_NUM_EXAMPLES',
      id: 'DATASET_HIGH_NUM_EXAMPLES',
      path: [...base.path, 'at-most'],
      side: 'at-most',
      bound: most,
    },
  ];
}

function newColumnsRule(): NewColumnsRule {
  return {
    kind: 'new-columns',
    name: 'SCHEMA_NEW_COLUMN',
    id: 'SCHEMA_NEW_COLUMN',
    path: ['additionalProperties'],
  };
}

function listRequiredRules(schema: DataSchema, column: string): readonly Rule[] {
  const path = ['required', String(schema.required.indexOf(column))];
  const name = 'FEATURE_TYPE_LOW_FRACTION_PRESENT';
  return [
    {
      kind: 'missing-column',
      name: 'SCHEMA_MISSING_COLUMN',
      id: columnRuleId(column, 'SCHEMA_MISSING_COLUMN'),
      path,
      column,
    },
    {
      kind: 'cell',
      name,
      id: columnRuleId(column, name),
      path,
      column,
      declaredTypes: declaredTypes(schema.properties[column] ?? {}),
      condition: { kind: 'present' },
    },
  ];
}

/** What one keyword of a column asks. Two keywords of one name are told apart by `suffix`. */
interface KeywordRule {
  readonly keyword: keyof ColumnSchema;
  readonly name: AnomalyName;
  readonly suffix?: string;
  readonly condition: CellCondition;
}

function listColumnRules(column: string, schema: ColumnSchema): readonly CellRule[] {
  const types = declaredTypes(schema);
  return [...listTypeRules(schema, types), ...listNumberRules(schema, types), ...listTextRules(schema)].map(
    ({ keyword, name, suffix, condition }) => ({
      kind: 'cell',
      name,
      id: columnRuleId(column, name, suffix),
      path: ['properties', column, keyword],
      column,
      declaredTypes: types,
      condition,
    }),
  );
}

function listTypeRules(schema: ColumnSchema, types: readonly JsonType[]): readonly KeywordRule[] {
  const name = 'ENUM_TYPE_UNEXPECTED_STRING_VALUES';
  const declared = types.length === 0 ? undefined : types;
  return [
    ...when(declared, (types) => ({
      keyword: 'type',
      name: 'UNEXPECTED_DATA_TYPE',
      condition: { kind: 'type', types },
    })),
    ...when(schema.enum, (values) => ({ keyword: 'enum', name, condition: { kind: 'one-of', values } })),
    ...when(schema.const, (value) => ({
      keyword: 'const',
      name,
      suffix: 'const',
      condition: { kind: 'one-of', values: [value] },
    })),
  ];
}

function listNumberRules(schema: ColumnSchema, types: readonly JsonType[]): readonly KeywordRule[] {
  const whole = types.includes('integer') && !types.includes('number');
  const small: AnomalyName = whole ? 'INT_TYPE_SMALL_INT' : 'FLOAT_TYPE_SMALL_FLOAT';
  const big: AnomalyName = whole ? 'INT_TYPE_BIG_INT' : 'FLOAT_TYPE_BIG_FLOAT';
  const suffix = 'exclusive';
  return [
    ...when(schema.minimum, (value) => ({
      keyword: 'minimum',
      name: small,
      condition: { kind: 'minimum', value, exclusive: false },
    })),
    ...when(schema.exclusiveMinimum, (value) => ({
      keyword: 'exclusiveMinimum',
      name: small,
      suffix,
      condition: { kind: 'minimum', value, exclusive: true },
    })),
    ...when(schema.maximum, (value) => ({
      keyword: 'maximum',
      name: big,
      condition: { kind: 'maximum', value, exclusive: false },
    })),
    ...when(schema.exclusiveMaximum, (value) => ({
      keyword: 'exclusiveMaximum',
      name: big,
      suffix,
      condition: { kind: 'maximum', value, exclusive: true },
    })),
    ...when(schema.multipleOf, (value) => ({
      keyword: 'multipleOf',
      name: 'NUMBER_NOT_MULTIPLE',
      condition: { kind: 'multiple-of', value },
    })),
  ];
}

function listTextRules(schema: ColumnSchema): readonly KeywordRule[] {
  return [
    ...when(schema.minLength, (value) => ({
      keyword: 'minLength',
      name: 'STRING_TOO_SHORT',
      condition: { kind: 'min-length', value },
    })),
    ...when(schema.maxLength, (value) => ({
      keyword: 'maxLength',
      name: 'STRING_TOO_LONG',
      condition: { kind: 'max-length', value },
    })),
    ...when(schema.pattern, (pattern) => ({
      keyword: 'pattern',
      name: 'STRING_PATTERN_MISMATCH',
      condition: { kind: 'pattern', pattern },
    })),
    ...when(schema.format, (format) => ({
      keyword: 'format',
      name: 'STRING_FORMAT_MISMATCH',
      condition: { kind: 'format', format },
    })),
  ];
}

function when<T>(value: T | undefined, make: (value: T) => KeywordRule): readonly KeywordRule[] {
  return value === undefined ? [] : [make(value)];
}

function listFractionRules(dataset: DatasetRules, column: string): readonly FractionRule[] {
  const bounds = dataset['null-fraction'][column] ?? {};
  return (['at-most', 'at-least'] as const).flatMap((side): readonly FractionRule[] => {
    const bound = bounds[side];
    const name = side === 'at-most' ? 'FEATURE_TYPE_LOW_FRACTION_PRESENT' : 'FEATURE_HIGH_FRACTION_PRESENT';
    const path = ['dataset', 'null-fraction', column, side];
    return bound === undefined
      ? []
      : [
          {
            kind: 'fraction',
            name,
            id: columnRuleId(column, name, 'null-fraction'),
            path,
            column,
            side,
            bound,
          },
        ];
  });
}

function listKeyRules(keys: DatasetRules['unique']): readonly KeyRule[] {
  const rules = new Map<string, KeyRule>();
  for (const [index, key] of keys.entries()) {
    const columns = 'columns' in key ? key.columns : key;
    const id = `${columns.map(encodeName).join('+')}/DUPLICATE_KEY`;
    if (rules.has(id)) continue;
    rules.set(id, {
      kind: 'key',
      name: 'DUPLICATE_KEY',
      id,
      path: ['dataset', 'unique', String(index)],
      columns,
    });
  }
  return [...rules.values()];
}

/** The types that a column's schema declares; empty where it declares none. */
export function declaredTypes(schema: ColumnSchema): readonly JsonType[] {
  if (schema.type === undefined) return [];
  return typeof schema.type === 'string' ? [schema.type] : schema.type;
}

function columnRuleId(column: string, name: AnomalyName, suffix?: string): string {
  return `${encodeName(column)}/${name}${suffix === undefined ? '' : `/${suffix}`}`;
}

/** A column's name as a part of an id: what separates parts, and what breaks lines, is percent-encoded. */
function encodeName(name: string): string {
  return name.replaceAll(/[%/+\p{Cc}]/gu, (character) => encodeURIComponent(character));
}

/** What a data schema asks of one column. */
import type { CellCondition, JsonType, Scalar } from '../engine/engine.ts';
import type { ColumnSchema, DataSchema } from '../schemas/data-schema.generated.ts';
import type { AnomalyName } from './anomalies.ts';
import { definitionsOf, listDeclaredTypes } from './column-types.ts';
import {
  attachDefinitions,
  isScalar,
  listCellComposites,
  listParts,
  pathOf,
  type Part,
} from './row-rules.ts';
import type { CellRule, Rule, RowRule } from './rule.ts';

/** @param place of the column in the part's `required` */
export function listRequiredRules(
  schema: DataSchema,
  part: Part,
  column: string,
  place: number,
): readonly Rule[] {
  const path = pathOf(part, 'required', String(place));
  const name = 'FEATURE_TYPE_LOW_FRACTION_PRESENT';
  return [
    {
      kind: 'missing-column',
      name: 'SCHEMA_MISSING_COLUMN',
      id: columnRuleId(column, 'SCHEMA_MISSING_COLUMN', ...part.suffix),
      path,
      column,
    },
    {
      kind: 'cell',
      name,
      id: columnRuleId(column, name, ...part.suffix),
      path,
      column,
      declaredTypes: listDeclaredTypes(schema, column),
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

/** @param row the part of the row's schema that describes the column */
export function listColumnRules(
  schema: DataSchema,
  row: Part,
  column: string,
  described: unknown,
): readonly (CellRule | RowRule)[] {
  const definitions = definitionsOf(schema);
  const types = listDeclaredTypes(schema, column);
  const path = pathOf(row, 'properties', column);
  return listParts(described, path, definitions).flatMap((inner) => {
    const part = { ...inner, isReferred: row.isReferred || inner.isReferred };
    const suffix = [...row.suffix, ...part.suffix];
    return [
      ...listPlainRules(part, types).map(({ keyword, name, suffix: own, condition }): CellRule => ({
        kind: 'cell',
        name,
        id: columnRuleId(column, name, ...(own === undefined ? [] : [own]), ...suffix),
        path: pathOf(part, keyword),
        column,
        declaredTypes: types,
        condition,
      })),
      ...listCellComposites(part).map(({ keyword, name, schema: composite }): RowRule => ({
        kind: 'row',
        name,
        id: columnRuleId(column, name, keyword, ...suffix),
        path: pathOf(part, keyword),
        keyword,
        column,
        schema: attachDefinitions({ properties: { [column]: composite } }, definitions),
        columns: [column],
        isAboutAll: false,
      })),
    ];
  });
}

function listPlainRules(part: Part, types: readonly JsonType[]): readonly KeywordRule[] {
  const schema: ColumnSchema = part.schema;
  return [...listTypeRules(schema), ...listNumberRules(schema, types), ...listTextRules(schema)];
}

function listTypeRules(schema: ColumnSchema): readonly KeywordRule[] {
  const name = 'ENUM_TYPE_UNEXPECTED_STRING_VALUES';
  return [
    ...when(declaredTypes(schema), (types) => ({
      keyword: 'type',
      name: 'UNEXPECTED_DATA_TYPE',
      condition: { kind: 'type', types },
    })),
    ...when(scalarsOf(schema.enum), (values) => ({
      keyword: 'enum',
      name,
      condition: { kind: 'one-of', values },
    })),
    ...when(isScalar(schema.const) ? schema.const : undefined, (value) => ({
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

function declaredTypes({ type }: ColumnSchema): readonly JsonType[] | undefined {
  return typeof type === 'string' ? [type] : type;
}

/** The values of a list of nothing but scalars. */
function scalarsOf(values: readonly unknown[] | undefined): readonly Scalar[] | undefined {
  return values?.every(isScalar) === true ? values : undefined;
}

export function columnRuleId(column: string, name: AnomalyName, ...suffix: readonly string[]): string {
  return [encodeName(column), name, ...suffix.map(encodeName)].join('/');
}

/** A column's name as a part of an id: what separates parts, and what breaks lines, is percent-encoded. */
export function encodeName(name: string): string {
  return name.replaceAll(/[%/+\p{Cc}]/gu, (character) => encodeURIComponent(character));
}

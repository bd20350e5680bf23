/** A schema for one cell as SQL. */
import {
  CELL_FORMATS,
  type CellCondition,
  type CellFormat,
  type JsonType,
  type Scalar,
} from '../../engine.ts';
import type { CellSql } from '../compile-cell.ts';
import { compileCondition } from '../compile-condition.ts';
import {
  BREAKS,
  decide,
  type Decision,
  decideAll,
  decideAny,
  decideIf,
  decideOne,
  HOLDS,
  negate,
  UNKNOWN,
} from './decision.ts';

export type JsonSchema = Readonly<Record<string, unknown>>;

export function isSchema(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What composes schemas about the same value, whatever that value is. */
export interface Composer {
  readonly definitions: JsonSchema;
  readonly compile: (schema: unknown) => Decision;
}

/** Keywords in place, for a row and for a cell alike; undefined for a keyword that is none of them. */
export function compileInPlace(
  keyword: string,
  schema: JsonSchema,
  { definitions, compile }: Composer,
): Decision | undefined {
  const value = schema[keyword];
  const parts = Array.isArray(value) ? value : [];
  switch (keyword) {
    case '$ref':
      return compile(findDefinition(definitions, value));
    case 'allOf':
      return decideAll(parts.map(compile));
    case 'anyOf':
      return decideAny(parts.map(compile));
    case 'oneOf':
      return decideOne(parts.map(compile));
    case 'not':
      return negate(compile(value));
    case 'if':
      return decideIf(
        compile(value),
        'then' in schema ? compile(schema['then']) : HOLDS,
        'else' in schema ? compile(schema['else']) : HOLDS,
      );
    case 'then':
    case 'else':
      return HOLDS;
    default:
      return undefined;
  }
}

function findDefinition(definitions: JsonSchema, reference: unknown): unknown {
  const name = String(reference).replace(/^#\/\$defs\//u, '');
  if (!Object.hasOwn(definitions, name)) throw new RangeError(`no definition ${name}`);
  return definitions[name];
}

/** What ajv says of keywords that are about lists and objects only, where a cell is neither. */
const ABOUT_LISTS = [
  'items',
  'prefixItems',
  'contains',
  'minContains',
  'maxContains',
  'minItems',
  'maxItems',
  'uniqueItems',
  'unevaluatedItems',
];
const ABOUT_OBJECTS = [
  'properties',
  'required',
  'additionalProperties',
  'patternProperties',
  'propertyNames',
  'minProperties',
  'maxProperties',
  'dependentRequired',
  'dependentSchemas',
  'unevaluatedProperties',
];

/** What a cell that is there must satisfy; of an absent one the answer means nothing. */
export function compileCellSchema(cell: CellSql, schema: unknown, definitions: JsonSchema): Decision {
  if (typeof schema === 'boolean') return schema ? HOLDS : BREAKS;
  if (!isSchema(schema)) return UNKNOWN;
  const composer: Composer = {
    definitions,
    compile: (inner) => compileCellSchema(cell, inner, definitions),
  };
  return decideAll(
    Object.keys(schema).map(
      (keyword) =>
        compileInPlace(keyword, schema, composer) ?? compileCellKeyword(cell, keyword, schema[keyword]),
    ),
  );
}

function compileCellKeyword(cell: CellSql, keyword: string, value: unknown): Decision {
  if (ABOUT_LISTS.includes(keyword)) return unless(cell.isArray);
  if (ABOUT_OBJECTS.includes(keyword)) return unless(cell.isObject);
  if (keyword === 'enum') return compileValues(cell, Array.isArray(value) ? value : []);
  if (keyword === 'const') return compileValues(cell, [value]);
  const condition = toCondition(keyword, value);
  return condition === undefined ? HOLDS : compileLeaf(cell, condition);
}

/** Holds for all but the values of a kind into which SQL does not look. */
function unless(isOfKind: string | undefined): Decision {
  if (isOfKind === undefined) return HOLDS;
  return { holds: `NOT coalesce(${isOfKind}, false)`, breaks: 'false', isExact: false };
}

function isScalar(value: unknown): value is Scalar {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value);
}

function compileValues(cell: CellSql, values: readonly unknown[]): Decision {
  const scalars = compileLeaf(cell, { kind: 'one-of', values: values.filter(isScalar) });
  if (values.every(isScalar)) return scalars;
  const isNested = [cell.isArray, cell.isObject]
    .filter((test) => test !== undefined)
    .map((test) => `coalesce(${test}, false)`);
  if (isNested.length === 0) return scalars;
  return {
    holds: scalars.holds,
    breaks: `(${scalars.breaks}) AND NOT (${isNested.join(' OR ')})`,
    isExact: false,
  };
}

function compileLeaf(cell: CellSql, condition: CellCondition): Decision {
  const check = { id: '', column: '', declaredTypes: [], condition };
  const { sql, settledBy } = compileCondition(cell, check);
  const isSuspect = `coalesce(${sql}, false)`;
  return settledBy === undefined
    ? decide(`NOT ${isSuspect}`)
    : { holds: `NOT ${isSuspect}`, breaks: 'false', isExact: false };
}

/** A flat keyword as the condition that it stands for; undefined for one that asks nothing. */
function toCondition(keyword: string, value: unknown): CellCondition | undefined {
  const number = Number(value);
  switch (keyword) {
    case 'type':
      return { kind: 'type', types: [value].flat() as JsonType[] };
    case 'minimum':
    case 'maximum':
      return { kind: keyword, value: number, exclusive: false };
    case 'exclusiveMinimum':
      return { kind: 'minimum', value: number, exclusive: true };
    case 'exclusiveMaximum':
      return { kind: 'maximum', value: number, exclusive: true };
    case 'multipleOf':
      return { kind: 'multiple-of', value: number };
    case 'minLength':
      return { kind: 'min-length', value: number };
    case 'maxLength':
      return { kind: 'max-length', value: number };
    case 'pattern':
      return { kind: 'pattern', pattern: String(value) };
    case 'format':
      return CELL_FORMATS.includes(value as CellFormat)
        ? { kind: 'format', format: value as CellFormat }
        : undefined;
    default:
      return undefined;
  }
}

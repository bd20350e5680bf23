/** From the keywords of a schema that are about more than one plain value to what must hold for whole rows. */
import { isSchemaObject, listInPlace, type SchemaObject } from '../schemas/subschemas.ts';
import type { AnomalyName } from './anomalies.ts';
import { definitionName, findDefinition } from './column-types.ts';

/** A schema of which all must hold: the schema itself, those of its `allOf`, and those that these refer to. */
export interface Part {
  readonly schema: SchemaObject;
  /** Where it stands in the document; of one that is referred to, the reference. */
  readonly path: readonly string[];
  readonly isReferred: boolean;
  /** Tells its rules from those of other parts; empty for the schema itself. */
  readonly suffix: readonly string[];
}

/** Where a keyword of a part stands. */
export function pathOf({ path, isReferred }: Part, ...keys: readonly string[]): readonly string[] {
  return isReferred ? path : [...path, ...keys];
}

/** Each definition once, so that many references to one do not multiply. */
export function listParts(
  schema: unknown,
  path: readonly string[],
  definitions: SchemaObject,
): readonly Part[] {
  const seen = new Set<string>();
  const visit = (part: Part): readonly Part[] => {
    const { $ref: reference, allOf } = part.schema;
    const all = Array.isArray(allOf) ? allOf.filter(isSchemaObject) : [];
    const inner = all.map((held, index) => ({
      ...part,
      schema: held,
      path: pathOf(part, 'allOf', String(index)),
      suffix: [...part.suffix, `allOf.${index}`],
    }));
    return [part, ...inner.flatMap(visit), ...follow(part, reference)];
  };
  const follow = (from: Part, reference: unknown): readonly Part[] => {
    if (typeof reference !== 'string' || seen.has(reference)) return [];
    seen.add(reference);
    const target = findDefinition(definitions, reference);
    if (target === undefined) return [];
    const suffix = [...from.suffix, definitionName(reference)];
    return visit({ schema: target, path: pathOf(from, '$ref'), isReferred: true, suffix });
  };
  return isSchemaObject(schema) ? visit({ schema, path, isReferred: false, suffix: [] }) : [];
}

/** One keyword of a part with those that it cannot be understood without, as a schema of its own. */
export interface Composite {
  readonly keyword: string;
  readonly name: AnomalyName;
  readonly schema: SchemaObject;
}

/** Keywords that are not about one plain value, what is wrong where one is broken, and what it is read together with. */
interface Kind {
  readonly ofCell: AnomalyName;
  readonly ofRow: AnomalyName;
  readonly beside?: readonly string[];
  /** Of these only which they name counts: what they ask is a rule of its own. */
  readonly named?: readonly string[];
}

const OBJECT = { ofCell: 'OBJECT_MISMATCH', ofRow: 'ROW_MISMATCH' } as const;
const LIST = { ofCell: 'LIST_MISMATCH', ofRow: 'ROW_MISMATCH' } as const;
const ALTERNATIVES = { ofCell: 'ALTERNATIVES_MISMATCH', ofRow: 'ALTERNATIVES_MISMATCH' } as const;
const DEPENDENCY = { ofCell: 'DEPENDENCY_MISMATCH', ofRow: 'DEPENDENCY_MISMATCH' } as const;
const VALUES = { ofCell: 'ENUM_TYPE_UNEXPECTED_STRING_VALUES', ofRow: 'ROW_MISMATCH' } as const;

const KINDS: Readonly<Record<string, Kind>> = {
  enum: VALUES,
  const: VALUES,
  anyOf: ALTERNATIVES,
  oneOf: ALTERNATIVES,
  not: { ofCell: 'FORBIDDEN_VALUE', ofRow: 'FORBIDDEN_VALUE' },
  if: { ofCell: 'CONDITION_MISMATCH', ofRow: 'CONDITION_MISMATCH', beside: ['then', 'else'] },
  prefixItems: LIST,
  items: { ...LIST, named: ['prefixItems'] },
  contains: { ...LIST, beside: ['minContains', 'maxContains'] },
  minItems: { ...LIST, ofCell: 'FEATURE_TYPE_LOW_NUMBER_VALUES' },
  maxItems: { ...LIST, ofCell: 'FEATURE_TYPE_HIGH_NUMBER_VALUES' },
  uniqueItems: LIST,
  properties: OBJECT,
  required: OBJECT,
  patternProperties: OBJECT,
  additionalProperties: { ...OBJECT, named: ['properties', 'patternProperties'] },
  dependentRequired: DEPENDENCY,
  dependentSchemas: DEPENDENCY,
  propertyNames: OBJECT,
  minProperties: OBJECT,
  maxProperties: OBJECT,
  unevaluatedItems: LIST,
  unevaluatedProperties: OBJECT,
};

/** They are about what no keyword beside them has looked at. */
const UNEVALUATED = ['unevaluatedItems', 'unevaluatedProperties'];

/** Keywords that look at properties or items (core specification, section 11). */
const LOOKING = [
  '$ref',
  'allOf',
  'anyOf',
  'oneOf',
  'if',
  'then',
  'else',
  'dependentSchemas',
  'patternProperties',
  'additionalProperties',
  'prefixItems',
  'items',
  'contains',
  'minContains',
  'maxContains',
];

/** The composite keywords of a column's schema. */
export function listCellComposites({ schema }: Part): readonly Composite[] {
  return Object.entries(schema).flatMap(([keyword, value]) => {
    const isPlain =
      keyword === 'const' ? isScalar(value) : keyword === 'enum' && [value].flat().every(isScalar);
    return isPlain ? [] : toComposites(keyword, schema, 'ofCell');
  });
}

/** Those of a row's schema; columns, which it requires and which it lists, are rules of their own. */
export function listRowComposites({ schema }: Part): readonly Composite[] {
  return Object.keys(schema).flatMap((keyword) =>
    keyword === 'properties' || keyword === 'required' ? [] : toComposites(keyword, schema, 'ofRow'),
  );
}

export function isScalar(value: unknown): value is string | number | boolean | null {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value);
}

function toComposites(keyword: string, schema: SchemaObject, side: 'ofCell' | 'ofRow'): readonly Composite[] {
  const kind = Object.hasOwn(KINDS, keyword) ? KINDS[keyword] : undefined;
  const value = schema[keyword];
  if (kind === undefined || asksNothing(keyword, value)) return [];
  return [{ keyword, name: kind[side], schema: withNeighbours(keyword, schema, kind) }];
}

/** Keywords that hold for everything where what they ask of each part is nothing. */
const OF_EACH = [
  'items',
  'properties',
  'patternProperties',
  'additionalProperties',
  'propertyNames',
  'unevaluatedItems',
  'unevaluatedProperties',
];

function asksNothing(keyword: string, value: unknown): boolean {
  if (typeof value === 'boolean') return value === (keyword !== 'uniqueItems');
  return OF_EACH.includes(keyword) && isSchemaObject(value) && Object.keys(value).length === 0;
}

function withNeighbours(
  keyword: string,
  schema: SchemaObject,
  { beside = [], named = [] }: Kind,
): SchemaObject {
  if (UNEVALUATED.includes(keyword)) {
    const looking = Object.entries(schema).filter(
      // True is a table's default, not a keyword that has looked at every column.
      ([key, value]) => LOOKING.includes(key) && !(key === 'additionalProperties' && value === true),
    );
    return {
      ...Object.fromEntries(looking),
      [keyword]: schema[keyword],
      ...nameOnly(schema, ['properties']),
    };
  }
  const kept = Object.entries(schema).filter(([key]) => key === keyword || beside.includes(key));
  return { ...Object.fromEntries(kept), ...nameOnly(schema, named) };
}

/** Mappings and lists of schemas that ask nothing. */
function nameOnly(schema: SchemaObject, keywords: readonly string[]): SchemaObject {
  return Object.fromEntries(
    keywords
      .filter((keyword) => keyword in schema)
      .map((keyword) => {
        const value = schema[keyword];
        const names = isSchemaObject(value) ? Object.keys(value) : [];
        return [
          keyword,
          Array.isArray(value) ? value.map(() => ({})) : Object.fromEntries(names.map((name) => [name, {}])),
        ];
      }),
  );
}

/** With the definitions that it refers to, and no others: a schema in one piece. */
export function attachDefinitions(schema: SchemaObject, definitions: SchemaObject): SchemaObject {
  const used = new Map<string, unknown>();
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) {
      for (const item of value) visit(item);
    } else if (isSchemaObject(value)) {
      const reference = value['$ref'];
      if (typeof reference === 'string') use(reference);
      for (const inner of Object.values(value)) visit(inner);
    }
  };
  const use = (reference: string): void => {
    const target = findDefinition(definitions, reference);
    const name = definitionName(reference);
    if (target === undefined || used.has(name)) return;
    used.set(name, target);
    visit(target);
  };
  visit(schema);
  return used.size === 0 ? schema : { ...schema, $defs: Object.fromEntries(used) };
}

/** Keywords of a row that are about columns which they do not name. */
const ABOUT_ALL = [
  'patternProperties',
  'additionalProperties',
  'propertyNames',
  'minProperties',
  'maxProperties',
  'unevaluatedProperties',
  'enum',
  'const',
];

/** The columns that a schema of a row names, and whether it is about all others too. */
export function listNamedColumns(
  schema: SchemaObject,
  definitions: SchemaObject,
): { readonly columns: readonly string[]; readonly isAboutAll: boolean } {
  const columns = new Set<string>();
  const seen = new Set<SchemaObject>();
  let isAboutAll = false;
  const visit = (node: unknown): void => {
    if (!isSchemaObject(node) || seen.has(node)) return;
    seen.add(node);
    isAboutAll ||= ABOUT_ALL.some((keyword) => keyword in node && !asksNothing(keyword, node[keyword]));
    const required: readonly unknown[] = Array.isArray(node['required']) ? node['required'] : [];
    for (const name of required) columns.add(String(name));
    for (const keyword of ['properties', 'dependentRequired', 'dependentSchemas']) {
      const named = node[keyword];
      if (isSchemaObject(named)) for (const name of Object.keys(named)) columns.add(name);
    }
    const dependent = node['dependentRequired'];
    if (isSchemaObject(dependent))
      for (const name of Object.values(dependent).flat()) columns.add(String(name));
    for (const held of listInPlace(node)) visit(held.schema);
    if (typeof node['$ref'] === 'string') visit(findDefinition(definitions, node['$ref']));
  };
  visit(schema);
  return { columns: [...columns], isAboutAll };
}

/** Which keywords of JSON Schema 2020-12 hold schemas, and in which of them the schema is about the same value. */

export type SchemaObject = Readonly<Record<string, unknown>>;

export function isSchemaObject(value: unknown): value is SchemaObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** How a keyword holds schemas: one, a list of them, or a mapping from names to them. */
type Holding = 'one' | 'list' | 'mapping';

type Applicators = Readonly<Record<Holding, readonly string[]>>;

/** Applicators in place (core specification, section 10.2): what they hold is about the very value that holds them. */
const IN_PLACE: Applicators = {
  one: ['not', 'if', 'then', 'else'],
  list: ['allOf', 'anyOf', 'oneOf'],
  mapping: ['dependentSchemas'],
};

/** Applicators to children (section 10.3), to content, and the places where schemas only stand to be referred to. */
const ELSEWHERE: Applicators = {
  one: [
    'additionalProperties',
    'propertyNames',
    'unevaluatedProperties',
    'items',
    'contains',
    'unevaluatedItems',
    'contentSchema',
  ],
  list: ['prefixItems'],
  mapping: ['properties', 'patternProperties', '$defs', 'definitions'],
};

const HOLDINGS: ReadonlyMap<string, Holding> = new Map(
  [IN_PLACE, ELSEWHERE].flatMap(({ one, list, mapping }) => [
    ...one.map((keyword) => [keyword, 'one'] as const),
    ...list.map((keyword) => [keyword, 'list'] as const),
    ...mapping.map((keyword) => [keyword, 'mapping'] as const),
  ]),
);

/** How a keyword holds schemas; undefined for one that holds none. */
export function holdingOf(keyword: string): Holding | undefined {
  return HOLDINGS.get(keyword);
}

export interface Subschema {
  /** From the schema that holds it. */
  readonly path: readonly string[];
  readonly schema: unknown;
}

/** The schemas that a schema holds itself. */
export function listSubschemas(schema: SchemaObject): readonly Subschema[] {
  return Object.entries(schema).flatMap(([keyword, value]) => listHeld(keyword, value));
}

/** Those that are about the same value. */
export function listInPlace(schema: SchemaObject): readonly Subschema[] {
  return Object.entries(schema).flatMap(([keyword, value]) =>
    Object.values(IN_PLACE).some((keywords) => keywords.includes(keyword)) ? listHeld(keyword, value) : [],
  );
}

function listHeld(keyword: string, value: unknown): readonly Subschema[] {
  switch (holdingOf(keyword)) {
    case 'one':
      return [{ path: [keyword], schema: value }];
    case 'list':
      return Array.isArray(value)
        ? value.map((schema: unknown, index) => ({ path: [keyword, String(index)], schema }))
        : [];
    case 'mapping':
      return isSchemaObject(value)
        ? Object.entries(value).map(([name, schema]) => ({ path: [keyword, name], schema }))
        : [];
    case undefined:
      return [];
  }
}

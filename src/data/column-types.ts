/** What a data schema says of the types of a column, wherever it says it. */
import type { JsonType } from '../engine/engine.ts';
import { runBounded } from '../engine/run-bounded.ts';
import type { DataSchema } from '../schemas/data-schema.generated.ts';
import { isSchemaObject, listInPlace, type SchemaObject } from '../schemas/subschemas.ts';

/** The schemas that a data schema refers to, by name. */
export function definitionsOf(schema: DataSchema): SchemaObject {
  return schema.$defs ?? {};
}

/** What `#/$defs/<name>` names. */
export function findDefinition(definitions: SchemaObject, reference: string): SchemaObject | undefined {
  const name = definitionName(reference);
  const found = Object.hasOwn(definitions, name) ? definitions[name] : undefined;
  return isSchemaObject(found) ? found : undefined;
}

export function definitionName(reference: string): string {
  return reference.replace(/^#\/\$defs\//u, '');
}

/** A schema, what it refers to, and every branch of it that is about the same value; each once. */
function listAboutSame(schema: SchemaObject, definitions: SchemaObject): readonly SchemaObject[] {
  const found = new Set<SchemaObject>();
  const visit = (node: unknown): void => {
    if (!isSchemaObject(node) || found.has(node)) return;
    found.add(node);
    for (const held of listInPlace(node)) visit(held.schema);
    if (typeof node['$ref'] === 'string') visit(findDefinition(definitions, node['$ref']));
  };
  visit(schema);
  return [...found];
}

/**
 * The types by which a column's text becomes values: all that the schema names for it anywhere, in whatever branch. One
 * reading for the whole schema: a cell cannot be a number for one check and a text for another.
 */
export function listDeclaredTypes(schema: DataSchema, column: string): readonly JsonType[] {
  const definitions = definitionsOf(schema);
  const named = listAboutSame(schema as unknown as SchemaObject, definitions).flatMap((row) =>
    listColumnSchemas(row, column),
  );
  const types = named
    .flatMap((cell) => listAboutSame(cell, definitions))
    .flatMap(({ type }) => (type === undefined ? [] : ([type].flat() as JsonType[])));
  return [...new Set(types)];
}

/** What one schema of a row says of a column: by its name, else by patterns of names, else of all other columns. */
function listColumnSchemas(row: SchemaObject, column: string): readonly SchemaObject[] {
  const [properties, patterns] = [row['properties'], row['patternProperties']];
  const named = isSchemaObject(properties) && Object.hasOwn(properties, column) ? [properties[column]] : [];
  const matching = isSchemaObject(patterns)
    ? Object.entries(patterns).flatMap(([pattern, cell]) => (matchesName(pattern, column) ? [cell] : []))
    : [];
  const others = [...named, ...matching].length > 0 ? [] : [row['additionalProperties']];
  return [...named, ...matching, ...others, row['unevaluatedProperties']].filter(isSchemaObject);
}

/** A pattern that does not come to an end decides no reading; the engine, which must decide about it, then says so. */
function matchesName(pattern: string, name: string): boolean {
  return runBounded(() => new RegExp(pattern, 'u').test(name), 1_000)?.value ?? false;
}

/** What kind of values a column is declared to hold; `other` for several types, for none, and for nested ones. */
export type DeclaredKind = 'number' | 'integer' | 'boolean' | 'string' | 'date' | 'date-time' | 'other';

/** The declared kind of each column that the schema lists. */
export function columnTypes(schema: DataSchema): ReadonlyMap<string, DeclaredKind> {
  return new Map(
    Object.entries(schema.properties).map(([column, cell]) => [
      column,
      kindOf(
        listDeclaredTypes(schema, column),
        listAboutSame(cell as unknown as SchemaObject, definitionsOf(schema)),
      ),
    ]),
  );
}

function kindOf(declared: readonly JsonType[], schemas: readonly SchemaObject[]): DeclaredKind {
  const [type, ...others] = declared.filter((name): name is Exclude<JsonType, 'null'> => name !== 'null');
  const isNumber = others.length === 1 && declared.includes('integer') && declared.includes('number');
  if (isNumber) return 'number';
  if (others.length > 0 || type === undefined || type === 'array' || type === 'object') return 'other';
  if (type !== 'string') return type;
  const format = schemas.map((schema) => schema['format']).find((found) => found !== undefined);
  return format === 'date' || format === 'date-time' ? format : 'string';
}

import { isSchemaObject, holdingOf, type SchemaObject } from '../../schemas/subschemas.ts';
import { findReferred, type Resource, type SchemaIndex } from './index-schemas.ts';

/** Keywords that say where a schema is found, of which nothing is left in one that is flat. */
const IDENTIFYING = ['$id', '$schema', '$anchor', '$dynamicAnchor', '$vocabulary', '$defs', 'definitions'];

/** Which resource an outer schema has bound each dynamic anchor to (core specification, section 8.2.3.2). */
type Scope = ReadonlyMap<string, Resource>;

interface Flattening {
  readonly index: SchemaIndex;
  readonly names: Map<string, string>;
  readonly definitions: Map<string, SchemaObject>;
}

/**
 * The same schema in one piece: every reference is `#/$defs/<name>`, no schema has an identifier, `true` is `{}` and
 * `false` is `{ not: {} }`. What `$dynamicRef` means depends on the way to it, so a schema that is reached on several
 * ways may become several definitions. All references of its documents must have been found.
 */
export function flattenSchema(index: SchemaIndex, root: SchemaObject): SchemaObject {
  const state: Flattening = { index, names: new Map(), definitions: new Map() };
  const home = index.homes.get(root);
  if (home === undefined) return root;
  return {
    ...pick(root, ['$schema', '$id']),
    ...flattenObject(state, root, enter(new Map(), home)),
    // Whether a table may have more columns is asked of its header first.
    ...(typeof root['additionalProperties'] === 'boolean' ? pick(root, ['additionalProperties']) : {}),
    ...(state.definitions.size === 0 ? {} : { $defs: Object.fromEntries(state.definitions) }),
  };
}

function pick(schema: SchemaObject, keys: readonly string[]): SchemaObject {
  return Object.fromEntries(keys.filter((key) => key in schema).map((key) => [key, schema[key]]));
}

/** Of several resources with one dynamic anchor the outermost counts. */
function enter(scope: Scope, resource: Resource): Scope {
  const added = [...resource.dynamic.keys()].filter((name) => !scope.has(name));
  return added.length === 0 ? scope : new Map([...scope, ...added.map((name) => [name, resource] as const)]);
}

function flattenAny(state: Flattening, schema: unknown, scope: Scope): unknown {
  if (typeof schema === 'boolean') return schema ? {} : { not: {} };
  return isSchemaObject(schema) ? flattenObject(state, schema, scope) : schema;
}

function flattenObject(state: Flattening, schema: SchemaObject, around: Scope): SchemaObject {
  const home = state.index.homes.get(schema);
  if (home === undefined) return schema;
  const scope = enter(around, home);
  const entries = Object.entries(schema)
    .filter(
      ([keyword]) =>
        !IDENTIFYING.includes(keyword) && keyword !== '$dynamicRef' && keyword !== 'contentSchema',
    )
    .map(([keyword, value]) => [keyword, flattenKeyword(state, keyword, value, scope, home)] as const);
  const flat = Object.fromEntries(entries);
  const dynamic = schema['$dynamicRef'];
  if (typeof dynamic !== 'string') return flat;
  const reference = referTo(state, dynamic, scope, home, true);
  if (flat['$ref'] === undefined) return { ...flat, $ref: reference };
  const all: readonly unknown[] = Array.isArray(flat['allOf']) ? flat['allOf'] : [];
  return { ...flat, allOf: [...all, { $ref: reference }] };
}

function flattenKeyword(
  state: Flattening,
  keyword: string,
  value: unknown,
  scope: Scope,
  home: Resource,
): unknown {
  if (keyword === '$ref' && typeof value === 'string') return referTo(state, value, scope, home, false);
  switch (holdingOf(keyword)) {
    case 'one':
      return flattenAny(state, value, scope);
    case 'list':
      return Array.isArray(value) ? value.map((held: unknown) => flattenAny(state, held, scope)) : value;
    case 'mapping':
      return isSchemaObject(value)
        ? Object.fromEntries(
            Object.entries(value).map(([name, held]) => [name, flattenAny(state, held, scope)]),
          )
        : value;
    case undefined:
      return value;
  }
}

function referTo(
  state: Flattening,
  reference: string,
  scope: Scope,
  from: Resource,
  isDynamic: boolean,
): string {
  const found = findReferred(state.index, reference, from);
  if (found.kind !== 'schema') throw new Error(`the reference ${reference} was not found before`);
  const anchor = reference.slice(reference.indexOf('#') + 1);
  const bound = isDynamic && found.home.dynamic.get(anchor) === found.schema ? scope.get(anchor) : undefined;
  const target = bound?.dynamic.get(anchor) ?? found.schema;
  const home = bound ?? found.home;
  const within = enter(scope, home);
  const ways = [...within].map(([name, { uri }]) => `${name}=${uri}`).toSorted();
  const key = JSON.stringify([bound === undefined ? found.key : `${bound.uri}#${anchor}`, ways]);
  const known = state.names.get(key);
  if (known !== undefined) return `#/$defs/${known}`;
  const name = nameDefinition(state, reference, home);
  state.names.set(key, name);
  state.definitions.set(name, {});
  const flat = flattenAny(state, target, within);
  state.definitions.set(name, isSchemaObject(flat) ? flat : {});
  return `#/$defs/${name}`;
}

/** The last part of what was written, in characters that need no escape in a pointer; numbered where it is taken. */
function nameDefinition({ definitions }: Flattening, reference: string, { document }: Resource): string {
  const written = reference.split(/[/#]/u).findLast((part) => part !== '') ?? document.file;
  const name = written.replaceAll(/[^A-Za-z0-9_-]+/gu, '_').slice(0, 60) || 'schema';
  if (!definitions.has(name)) return name;
  let number = 2;
  while (definitions.has(`${name}-${number}`)) number += 1;
  return `${name}-${number}`;
}

/** Whether two schemas demand the same, as far as their form shows it. */
import { holdingOf, isSchemaObject, type SchemaObject } from '../../schemas/subschemas.ts';
import { findDefinition } from '../column-types.ts';

/** Keywords that say something to people and nothing of values; `$defs` count where they are referred to. */
export const ANNOTATIONS: readonly string[] = [
  'title',
  'description',
  '$comment',
  'examples',
  'deprecated',
  'readOnly',
  'writeOnly',
  'default',
  'contentEncoding',
  'contentMediaType',
  'contentSchema',
  '$schema',
  '$id',
  '$defs',
  'definitions',
];

/** The two documents, in which references are looked up. */
export interface Roots {
  readonly before: SchemaObject;
  readonly after: SchemaObject;
}

/** What `#/$defs/<name>` means, of a schema in one piece; undefined for any other reference. */
function resolve(reference: unknown, root: SchemaObject): SchemaObject | undefined {
  const definitions = root['$defs'];
  return typeof reference === 'string' && isSchemaObject(definitions)
    ? findDefinition(definitions, reference)
    : undefined;
}

/** `true` as the schema that it stands for, and `false` likewise. */
export function asObject(schema: unknown): SchemaObject {
  if (schema === undefined || schema === true) return {};
  return isSchemaObject(schema) ? schema : { not: {} };
}

/** The keywords of a schema that demand something. */
export function listDemands(schema: SchemaObject): readonly string[] {
  return Object.keys(schema).filter((key) => !ANNOTATIONS.includes(key));
}

/** Whether a schema is known to allow nothing. */
export function isNever(schema: SchemaObject): boolean {
  const demands = listDemands(schema);
  return 'not' in schema && demands.length === 1 && listDemands(asObject(schema['not'])).length === 0;
}

/** A schema that is only a reference, as what it refers to. */
export function expand(schema: SchemaObject, root: SchemaObject): SchemaObject {
  let expanded = schema;
  for (let steps = 0; steps < 20; steps += 1) {
    const demands = listDemands(expanded);
    if (demands.length !== 1 || demands[0] !== '$ref') return expanded;
    const target = resolve(expanded['$ref'], root);
    if (target === undefined) return expanded;
    expanded = target;
  }
  return expanded;
}

/**
 * Equal but for annotations, names of definitions and the order of keys. Schemas that refer to themselves are followed
 * once: what is the same up to there is the same for ever.
 */
export function isSame(
  before: unknown,
  after: unknown,
  roots: Roots,
  seen: ReadonlySet<string> = new Set(),
): boolean {
  const [one, other] = [asObject(before), asObject(after)];
  const keys = [...new Set([...listDemands(one), ...listDemands(other)])];
  return keys.every(
    (key) =>
      Object.hasOwn(one, key) &&
      Object.hasOwn(other, key) &&
      isSameKeyword(key, one[key], other[key], roots, seen),
  );
}

function isSameKeyword(
  keyword: string,
  before: unknown,
  after: unknown,
  roots: Roots,
  seen: ReadonlySet<string>,
): boolean {
  if (keyword === '$ref') {
    const pair = JSON.stringify([before, after]);
    if (seen.has(pair)) return true;
    const [one, other] = [resolve(before, roots.before), resolve(after, roots.after)];
    return one !== undefined && other !== undefined && isSame(one, other, roots, new Set([...seen, pair]));
  }
  const same = (one: unknown, other: unknown): boolean => isSame(one, other, roots, seen);
  switch (holdingOf(keyword)) {
    case 'one':
      return same(before, after);
    case 'list':
      return (
        Array.isArray(before) &&
        Array.isArray(after) &&
        before.length === after.length &&
        before.every((item, index) => same(item, after[index]))
      );
    case 'mapping':
      return isSameMapping(before, after, same);
    case undefined:
      return isEqual(before, after);
  }
}

function isSameMapping(
  before: unknown,
  after: unknown,
  same: (one: unknown, other: unknown) => boolean,
): boolean {
  if (!isSchemaObject(before) || !isSchemaObject(after)) return false;
  const names = Object.keys(before);
  return (
    names.length === Object.keys(after).length &&
    names.every((name) => Object.hasOwn(after, name) && same(before[name], after[name]))
  );
}

/** Equality of JSON values: the order of keys means nothing. */
export function isEqual(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (Array.isArray(one) && Array.isArray(other)) {
    return one.length === other.length && one.every((item, index) => isEqual(item, other[index]));
  }
  return isSchemaObject(one) && isSchemaObject(other) && isSameMapping(one, other, isEqual);
}

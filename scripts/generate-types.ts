/**
 * Generates the TypeScript types of src/schemas/ from action-schema/. `--check` writes nothing and fails if a file is out of date.
 * The types describe a document *after* parsing: a property that has a default is always there.
 */
import { readFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { compile } from 'json-schema-to-typescript';
import { writeGenerated } from './write-generated.ts';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type JsonObject = { [key: string]: Json };

const SCHEMAS = [
  'config',
  'data-schema',
  'evidence',
  'ledger-entry',
  'profile',
  'schema-diff',
  'schema-import',
];

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Rewrites a schema into what the generator reads best: scalars inlined, defaults required, rules that are no types dropped. */
function prepare(node: Json, definitions: JsonObject): Json {
  if (Array.isArray(node)) return node.map((item) => prepare(item, definitions));
  if (!isObject(node)) return node;
  const inlined = inlineScalarReference(node, definitions);
  const {
    anyOf: _anyOf,
    propertyNames: _names,
    patternProperties: _patterns,
    examples: _examples,
    title,
    ...rest
  } = inlined;
  // A schema that is `true` or `false` is read as `{}` or `{ not: {} }`.
  if (Array.isArray(rest['type']) && 'properties' in rest) rest['type'] = 'object';
  const result: JsonObject = {};
  for (const [key, value] of Object.entries(rest)) {
    result[key] = key === 'properties' ? prepareProperties(value, definitions) : prepare(value, definitions);
  }
  // The generator takes a value of which nothing is said for an object.
  if (!['type', '$ref', 'oneOf', 'enum', 'const', 'properties', 'allOf'].some((key) => key in inlined)) {
    result['tsType'] = 'unknown';
  }
  if (isObject(inlined['properties'])) {
    const required = Array.isArray(inlined['required']) ? inlined['required'] : [];
    const defaulted = Object.entries(inlined['properties'])
      .filter(([, property]) => isObject(property) && 'default' in property)
      .map(([name]) => name);
    result['required'] = [...new Set([...required, ...defaulted])];
    if (typeof title === 'string') result['title'] = title;
  } else if (typeof title === 'string' && ('enum' in inlined || 'oneOf' in inlined)) result['title'] = title;
  return result;
}

/** The keys of `properties` are names of the user's, which may be spelled like keywords (`title`, `examples`). */
function prepareProperties(properties: Json, definitions: JsonObject): Json {
  if (!isObject(properties)) throw new Error('properties is not an object');
  return Object.fromEntries(
    Object.entries(properties).map(([name, schema]) => [name, prepare(schema, definitions)]),
  );
}

function inlineScalarReference(node: JsonObject, definitions: JsonObject): JsonObject {
  if (typeof node['$ref'] !== 'string') return node;
  const target = definitions[node['$ref'].replace('#/$defs/', '')];
  if (!isObject(target)) throw new Error(`unknown reference ${node['$ref']}`);
  if ('properties' in target || 'oneOf' in target || 'enum' in target) {
    return 'default' in node
      ? { $ref: node['$ref'], default: node['default'] ?? null }
      : { $ref: node['$ref'] };
  }
  const { $ref: _ref, ...siblings } = node;
  const { title: _title, ...scalar } = target;
  return { ...scalar, ...siblings };
}

function makeReadonly(source: string): string {
  return source
    .replaceAll(/^(\s*)((?:"[^"]+"|[A-Za-z$_][\w$]*)\??: )/gm, '$1readonly $2')
    .replaceAll(/^(\s*)\[k: string\]: /gm, '$1readonly [key: string]: ')
    .replaceAll(/([\w)]+|\([^()]*\))\[\]\[\]/g, 'readonly (readonly $1[])[]')
    .replaceAll(/: ((?:\w+|\([^()]*\))\[\])/g, ': readonly $1')
    .replaceAll(/\| (\w+\[\])/g, '| readonly $1');
}

async function generate(name: string): Promise<string> {
  const schema = JSON.parse(readFileSync(`action-schema/${name}.schema.json`, 'utf8')) as JsonObject;
  const definitions = isObject(schema['$defs']) ? schema['$defs'] : {};
  const prepared = prepare({ ...schema, $id: '', $defs: {} }, definitions) as JsonObject;
  const kept = Object.entries(definitions).filter(
    ([, value]) => isObject(value) && ('properties' in value || 'oneOf' in value || 'enum' in value),
  );
  const { $id: _id, ...withoutId } = prepared;
  const source = await compile(
    {
      ...withoutId,
      title: schema['title'],
      $defs: Object.fromEntries(kept.map(([key, value]) => [key, prepare(value, definitions)])),
    } as never,
    name,
    {
      additionalProperties: false,
      bannerComment: `/** Generated from action-schema/${name}.schema.json by npm run generate. Do not edit. */`,
      format: false,
      ignoreMinAndMaxItems: true,
      strictIndexSignatures: false,
    },
  );
  return execFileSync('oxfmt', ['--stdin-filepath', `${name}.ts`], {
    input: makeReadonly(source),
    encoding: 'utf8',
  });
}

for (const name of SCHEMAS) writeGenerated(`src/schemas/${name}.generated.ts`, await generate(name));

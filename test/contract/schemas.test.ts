import { describe, expect, it } from 'vitest';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { SCHEMAS } from '../../src/schemas/validate.ts';

type Node = Readonly<Record<string, unknown>>;

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

interface Property {
  readonly path: string;
  readonly schema: Node;
}

/** Every property of every object in a schema, with what its reference adds. */
function listProperties(root: Node, node: Node, path: string): readonly Property[] {
  const properties = isNode(node['properties']) ? Object.entries(node['properties']) : [];
  const own = properties
    .filter((entry): entry is [string, Node] => isNode(entry[1]))
    .map(([name, schema]) => ({ path: `${path}.${name}`, schema: withReference(root, schema) }));
  const below = Object.entries(node).flatMap(([key, value]) => {
    if (key === 'examples' || key === 'default') return [];
    if (key === 'properties' || key === '$defs') {
      return isNode(value)
        ? Object.entries(value).flatMap(([name, child]) =>
            isNode(child) ? listProperties(root, child, `${path}.${name}`) : [],
          )
        : [];
    }
    return isNode(value) ? listProperties(root, value, `${path}.${key}`) : [];
  });
  return [...own, ...below];
}

function withReference(root: Node, schema: Node): Node {
  const reference = schema['$ref'];
  if (typeof reference !== 'string') return schema;
  const definitions = root['$defs'];
  const target = isNode(definitions) ? definitions[reference.replace('#/$defs/', '')] : undefined;
  return { ...(isNode(target) ? target : {}), ...schema };
}

const CASES = Object.entries(SCHEMAS).flatMap(([kind, schema]) =>
  listProperties(schema, schema, kind).map((property) => [property.path, kind, property.schema] as const),
);

/** Knows all of them: what they define is compiled once, not once for each property. */
const TOGETHER = new Ajv2020({ strict: false, schemas: Object.values(SCHEMAS) });

describe('action-schema', () => {
  it.each(Object.entries(SCHEMAS))('%s is valid in its dialect', (_kind, schema) => {
    const ajv = new Ajv2020({ strict: false });
    expect({ valid: ajv.validateSchema(schema), errors: ajv.errors }).toEqual({ valid: true, errors: null });
  });

  it('is seen whole', () => {
    expect(CASES.length).toBeGreaterThan(150);
  });

  it.each(CASES)('%s has a description and an example', (_path, _kind, schema) => {
    expect(schema['description']).toEqual(expect.any(String));
    const examples = schema['examples'];
    expect(Array.isArray(examples) && examples.length > 0).toBe(true);
  });

  it.each(CASES.filter(([, , schema]) => schema['$ref'] === undefined || 'examples' in schema))(
    'the examples and the default of %s are valid',
    (_path, kind, schema) => {
      const id = SCHEMAS[kind as keyof typeof SCHEMAS].$id;
      const rooted = JSON.parse(JSON.stringify(schema).replaceAll('"#/$defs/', `"${id}#/$defs/`)) as Node;
      const validate = TOGETHER.compile(rooted);
      const values = [
        ...(schema['examples'] as readonly unknown[]),
        ...('default' in schema ? [schema['default']] : []),
      ];
      for (const value of values)
        expect({ value, valid: validate(value), errors: validate.errors }).toMatchObject({ valid: true });
    },
  );
});

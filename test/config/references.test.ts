import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadDataSchema } from '../../src/config/load-data-schema.ts';
import { parseDataSchema } from '../../src/config/parse-data-schema.ts';
import { UserError } from '../../src/evidence/errors.ts';

async function load(schema: unknown, files: Readonly<Record<string, unknown>> = {}) {
  return await loadDataSchema(JSON.stringify(schema), 'schemas/s.json', async (path) => {
    const found = files[path];
    if (found === undefined) throw new UserError(`${path} does not exist.`);
    return await Promise.resolve(JSON.stringify(found));
  });
}

/** The definition that a schema refers to. */
function nameOf(value: unknown): string {
  return (value as { $ref: string }).$ref.slice('#/$defs/'.length);
}

async function mistakeOf(schema: unknown, files: Readonly<Record<string, unknown>> = {}): Promise<string> {
  return await load(schema, files).then(
    () => 'none',
    (error: unknown) => (error instanceof UserError ? error.message : String(error)),
  );
}

describe('references of a data schema', () => {
  it('become names in one document, whatever they lead to', async () => {
    const { schema, referred } = await load(
      {
        $id: 'https://example.org/schemas/s.json',
        properties: {
          a: { $ref: '#/$defs/money' },
          b: { $ref: '#total' },
          c: { $ref: 'types.json#/$defs/email' },
          d: { $ref: 'https://example.org/schemas/types.json' },
          e: { $ref: '../common/x.json#/$defs/y~1z' },
          f: { $ref: '#/properties/a' },
        },
        $defs: { money: { type: 'number' }, t: { $anchor: 'total', minimum: 1 }, unused: {} },
      },
      {
        'types.json': { maxLength: 3, $defs: { email: { allOf: [{ format: 'email' }, { $ref: '#' }] } } },
        '../common/x.json': { $defs: { 'y/z': { const: 1 } } },
      },
    );
    expect(referred.map(({ file }) => file)).toEqual(['types.json', '../common/x.json']);
    expect(schema.$defs).toEqual({
      money: { type: 'number' },
      total: { minimum: 1 },
      email: { allOf: [{ format: 'email' }, { $ref: '#/$defs/types_json' }] },
      types_json: { maxLength: 3 },
      y_1z: { const: 1 },
      a: { $ref: '#/$defs/money' },
    });
    expect(schema.properties['c']).toEqual({ $ref: '#/$defs/email' });
  });

  it('may be circular where each turn goes into a property or an item', async () => {
    const { schema } = await load({
      properties: { tree: { $ref: '#/$defs/node' } },
      $defs: { node: { properties: { children: { items: { $ref: '#/$defs/node' } } } } },
    });
    expect(schema.$defs).toEqual({
      node: { properties: { children: { items: { $ref: '#/$defs/node' } } } },
    });
  });

  it.each([
    ['itself', { $ref: '#' }],
    ['itself by a branch', { anyOf: [{ minProperties: 1 }, { $ref: '#' }] }],
    [
      'two that lead to each other',
      { $ref: '#/$defs/a', $defs: { a: { not: { $ref: '#/$defs/b' } }, b: { $ref: '#/$defs/a' } } },
    ],
  ])('are refused where they never end: %s', async (_name, schema) => {
    expect(await mistakeOf(schema)).toMatch(/leads back to itself/);
  });

  it.each([
    ['the network', { $ref: 'https://example.org/x.json' }, /on the network, and nothing is fetched/],
    ['nothing', { $ref: '#/$defs/none' }, /leads to no schema/],
    ['an unknown anchor', { $ref: '#none' }, /leads to no schema/],
    [
      'what is no schema',
      { properties: { a: { $ref: '#/required' } }, required: ['b'] },
      /leads to no schema/,
    ],
    ['a file that is not there', { $ref: 'other.json' }, /other\.json does not exist/],
  ])('are refused where they lead to %s', async (_name, schema, told) => {
    expect(await mistakeOf(schema)).toMatch(told);
  });

  it('have their mistakes told by the file that holds them', async () => {
    const schema = { properties: { a: { $ref: 'types.json#/$defs/x' } } };
    expect(await mistakeOf(schema, { 'types.json': { $defs: { x: { minimun: 3 } } } })).toMatch(
      /^schemas\/types\.json:1:\d+: \$defs\.x\.minimun: unknown key\. Did you mean `minimum`/,
    );
    expect(await mistakeOf(schema, { 'types.json': { $defs: { x: { $ref: '#/y' } } } })).toMatch(
      /^schemas\/types\.json:1:\d+: \$defs\.x\.\$ref: .* leads to no schema/,
    );
  });

  it('are refused without their files, and beyond 64 of them', async () => {
    expect(() => parseDataSchema('{"$ref":"t.json"}', 's.json')).toThrow(/no file `"t.json"` at hand/);
    const chain = Object.fromEntries(
      Array.from({ length: 70 }, (_, index) => [`f${index}.json`, { $ref: `f${index + 1}.json` }]),
    );
    expect(await mistakeOf({ $ref: 'f0.json' }, chain)).toMatch(/more than 64 files/);
  });

  it('by `$dynamicRef` mean the outermost of that name on the way', async () => {
    const { schema } = await load(
      { properties: { strict: { $ref: 'strict.json' }, loose: { $ref: 'tree.json' } } },
      {
        'tree.json': { $dynamicAnchor: 'node', items: { $dynamicRef: '#node' } },
        'strict.json': { $dynamicAnchor: 'node', $ref: 'tree.json', maxItems: 2 },
      },
    );
    const definitions: Readonly<Record<string, unknown>> = schema.$defs ?? {};
    const strict = definitions[nameOf(schema.properties['strict'])] as { $ref: string };
    const inner = definitions[nameOf(strict)] as { items: unknown };
    expect(definitions[nameOf(inner.items)]).toMatchObject({ maxItems: 2 });
    const loose = definitions[nameOf(schema.properties['loose'])] as { items: unknown };
    expect(definitions[nameOf(loose.items)]).not.toHaveProperty('maxItems');
  });

  it('of any text end in a schema or in a mistake', async () => {
    const reference = fc.oneof(
      fc.string({ maxLength: 12 }),
      fc.webUrl(),
      fc.constantFrom(
        '#/%',
        '#/$defs/a%zz',
        '//x',
        'file:///etc/passwd',
        '?x',
        'a b.json',
        '#/$defs/a/../b',
        '%2e%2e/x',
      ),
    );
    await fc.assert(
      fc.asyncProperty(reference, async (ref) => {
        const told = await mistakeOf({ properties: { a: { $ref: ref } }, $defs: { a: {} } });
        expect(told).not.toMatch(/^(?:Type|Range|Syntax|URI)?Error/);
      }),
      { seed: 20_261_121, numRuns: 200 },
    );
  });
});

describe('a data schema as it is parsed', () => {
  it('has objects for `true` and `false`, but of whether there may be more columns', () => {
    const { schema } = parseDataSchema(
      '{"properties":{"a":true,"b":false},"additionalProperties":false}',
      's.json',
    );
    expect(schema.properties).toEqual({ a: {}, b: { not: {} } });
    expect(schema.additionalProperties).toBe(false);
  });

  it.each([
    ['{"properties":{"a":{"then":{}}}}', /says nothing without `if`/],
    [
      '{"properties":{"a":{"anyOf":[{"type":"string","minimum":1}]}}}',
      /anyOf\.0\.minimum: says nothing about `string`/,
    ],
    ['{"properties":{"a":{"items":{"pattern":"("}}}}', /items\.pattern: is no regular expression/],
    ['{"patternProperties":{"(":{}}}', /is no regular expression/],
    [
      '{"properties":{"a":{"dependencies":{}}}}',
      /in 2020-12 write `dependentRequired` or `dependentSchemas`/,
    ],
    ['{"properties":{"a":{"properties":{"__proto__":{}}}}}', /only be described as a column/],
    ['{"properties":{"a":{"minItems":2,"maxItems":1}}}', /contradicts `maxItems`/],
    ['{"title":"x"}', /no column is described/],
  ])('is refused where it asks nothing: %s', (text, told) => {
    expect(() => parseDataSchema(text, 's.json')).toThrow(told);
  });
});

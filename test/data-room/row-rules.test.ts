// oxlint-disable unicorn/no-thenable -- `then` is a keyword of JSON Schema.
import { describe, expect, it } from 'vitest';
import { parseDataSchema } from '../../src/config/parse-data-schema.ts';
import { columnTypes, listDeclaredTypes } from '../../src/data/column-types.ts';
import { listRules } from '../../src/data/list-rules.ts';
import type { RowRule } from '../../src/data/rule.ts';

function parse(schema: object) {
  return parseDataSchema(JSON.stringify(schema), 's.json').schema;
}

function idsOf(schema: object): readonly string[] {
  return listRules(parse(schema))
    .map(({ id }) => id)
    .filter((id) => !id.startsWith('DATASET_'));
}

describe('rules of a row', () => {
  it('are one for each keyword, of columns and of the whole row', () => {
    expect(
      idsOf({
        properties: {
          a: { anyOf: [{ type: 'integer' }, { const: 'x' }], minItems: 1, uniqueItems: true },
          b: { properties: { c: { type: 'string' } }, required: ['c'], additionalProperties: false },
        },
        if: { required: ['a'] },
        then: { required: ['b'] },
        dependentRequired: { a: ['b'] },
        minProperties: 1,
      }),
    ).toEqual([
      'a/ALTERNATIVES_MISMATCH/anyOf',
      'a/FEATURE_TYPE_LOW_NUMBER_VALUES/minItems',
      'a/LIST_MISMATCH/uniqueItems',
      'b/OBJECT_MISMATCH/properties',
      'b/OBJECT_MISMATCH/required',
      'b/OBJECT_MISMATCH/additionalProperties',
      'CONDITION_MISMATCH/if',
      'DEPENDENCY_MISMATCH/dependentRequired',
      'ROW_MISMATCH/minProperties',
    ]);
  });

  it('of what all must hold are rules of their own, each definition once', () => {
    const schema = {
      properties: { a: { $ref: '#/$defs/age' }, b: { allOf: [{ maxLength: 3 }, { $ref: '#/$defs/age' }] } },
      allOf: [
        { required: ['a'] },
        { if: { required: ['b'] }, then: { required: ['c'] } },
        { $ref: '#/$defs/row' },
      ],
      $defs: { age: { type: 'integer', minimum: 0 }, row: { minProperties: 2 } },
    };
    expect(idsOf(schema)).toEqual([
      'a/UNEXPECTED_DATA_TYPE/age',
      'a/INT_TYPE_SMALL_INT/age',
      'b/STRING_TOO_LONG/allOf.0',
      'b/UNEXPECTED_DATA_TYPE/allOf.1/age',
      'b/INT_TYPE_SMALL_INT/allOf.1/age',
      'a/SCHEMA_MISSING_COLUMN/allOf.0',
      'a/FEATURE_TYPE_LOW_FRACTION_PRESENT/allOf.0',
      'CONDITION_MISMATCH/if/allOf.1',
      'ROW_MISMATCH/minProperties/allOf.2/row',
    ]);
    const paths = listRules(parse(schema)).map(({ id, path }) => [id, path.join('.')]);
    expect(Object.fromEntries(paths)).toMatchObject({
      'a/INT_TYPE_SMALL_INT/age': 'properties.a.$ref',
      'b/STRING_TOO_LONG/allOf.0': 'properties.b.allOf.0.maxLength',
      'CONDITION_MISMATCH/if/allOf.1': 'allOf.1.if',
    });
  });

  it('do not multiply with references', () => {
    const names = Array.from({ length: 30 }, (_, index) => `d${index}`);
    const $defs = Object.fromEntries(
      names.map((name, index) => [
        name,
        index === names.length - 1
          ? { minimum: 0 }
          : { allOf: [{ $ref: `#/$defs/${names[index + 1]}` }, { $ref: `#/$defs/${names[index + 1]}` }] },
      ]),
    );
    expect(idsOf({ properties: { a: { $ref: '#/$defs/d0' } }, $defs })).toHaveLength(1);
  });

  it('carry the definitions that they need, and the columns that they are about', () => {
    const rules = listRules(
      parse({
        anyOf: [{ properties: { a: { $ref: '#/$defs/x' } } }, { required: ['b'] }],
        additionalProperties: { type: 'number' },
        $defs: { x: { minimum: 1 }, y: { minimum: 2 } },
        properties: { z: { $ref: '#/$defs/y' } },
      }),
    ).filter((rule): rule is RowRule => rule.kind === 'row');
    expect(rules.map(({ keyword, columns, isAboutAll }) => ({ keyword, columns, isAboutAll }))).toEqual([
      { keyword: 'anyOf', columns: ['a', 'b'], isAboutAll: false },
      { keyword: 'additionalProperties', columns: ['z'], isAboutAll: true },
    ]);
    expect(rules[0]?.schema['$defs']).toEqual({ x: { minimum: 1 } });
  });

  it('ask nothing for what allows anything, and something for what allows nothing', () => {
    expect(
      idsOf({ properties: { a: { items: true, not: false, uniqueItems: false, contains: {} }, b: false } }),
    ).toEqual(['a/FORBIDDEN_VALUE/not', 'a/LIST_MISMATCH/contains', 'b/FORBIDDEN_VALUE/not']);
  });
});

describe('declared types of a column', () => {
  const schema = parse({
    properties: {
      plain: { type: ['integer', 'null'] },
      branches: { anyOf: [{ type: 'integer' }, { $ref: '#/$defs/flag' }] },
      none: { minimum: 1 },
      nested: { items: { type: 'integer' } },
      day: { allOf: [{ $ref: '#/$defs/day' }] },
      elsewhere: {},
    },
    if: { properties: { elsewhere: { type: 'number' } } },
    then: { properties: { plain: { type: 'number' } } },
    patternProperties: { '^n_': { type: 'number' } },
    additionalProperties: { type: 'boolean' },
    $defs: { flag: { type: 'boolean' }, day: { type: 'string', format: 'date' } },
  });

  it.each([
    ['plain', ['integer', 'null', 'number']],
    ['branches', ['integer', 'boolean']],
    ['none', []],
    ['nested', []],
    ['elsewhere', ['number']],
    ['n_1', ['number']],
    ['other', ['boolean']],
  ])('of %s are all that the schema names for it, in whatever branch', (column, types) => {
    expect(listDeclaredTypes(schema, column)).toEqual(types);
  });

  it('make a kind where they agree', () => {
    expect(Object.fromEntries(columnTypes(schema))).toEqual({
      plain: 'number',
      branches: 'other',
      none: 'other',
      nested: 'other',
      day: 'date',
      elsewhere: 'number',
    });
  });
});

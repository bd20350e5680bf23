// oxlint-disable unicorn/no-thenable -- `then` is a keyword of JSON Schema.
import { describe, expect, it } from 'vitest';
import type { CellSql } from '../../../../src/engine/duckdb/compile-cell.ts';
import { compileRowSchema } from '../../../../src/engine/duckdb/rows/compile-row-schema.ts';

const TEXT: CellSql = { raw: 'c0', text: 'c0', shown: 'c0' };
const NUMBER: CellSql = { raw: 'c1', number: 'n1', text: 't1', isInteger: 'n1 = trunc(n1)', shown: 'c1' };
const JSON_CELL: CellSql = { ...NUMBER, raw: 'x2', isArray: `f2 = '['`, isObject: `f2 = '{'` };
const CELLS = new Map([
  ['text', TEXT],
  ['number', NUMBER],
  ['json', JSON_CELL],
]);

function compile(schema: unknown, definitions = {}) {
  return compileRowSchema(
    { cellOf: (column) => CELLS.get(column), columns: [...CELLS.keys()] },
    schema,
    definitions,
  );
}

describe('schemas of rows as SQL', () => {
  it.each([
    { required: ['text'] },
    { properties: { number: { anyOf: [{ minimum: 1 }, { const: -1 }] } } },
    { oneOf: [{ required: ['text'] }, { required: ['number'] }] },
    { if: { properties: { text: { const: 'US' } } }, then: { required: ['number'] }, else: false },
    { not: { properties: { text: { pattern: '^a+$' } } } },
    { dependentRequired: { text: ['number'] }, dependentSchemas: { number: { minProperties: 2 } } },
    { propertyNames: { maxLength: 4 }, maxProperties: 2 },
    { patternProperties: { '^t': { minLength: 1 } }, additionalProperties: { type: ['number', 'array'] } },
    { $ref: '#/$defs/a' },
    { properties: { text: { items: { minimum: 1 }, required: ['y'] } } },
  ])('leave nothing to JavaScript where SQL can tell: %j', (schema) => {
    const decision = compile(schema, { a: { properties: { number: { multipleOf: 2 } } } });
    expect(decision.isExact).toBe(true);
  });

  it.each([
    { properties: { text: { format: 'email' } } },
    { properties: { text: { pattern: '(?=x)x' } } },
    { properties: { json: { items: { minimum: 1 } } } },
    { properties: { json: { enum: [1, [2]] } } },
    { unevaluatedProperties: { minimum: 1 } },
    { const: {} },
    { anyOf: [{ required: ['text'] }, { properties: { json: { required: ['y'] } } }] },
  ])('leave to it what SQL cannot tell: %j', (schema) => {
    expect(compile(schema).isExact).toBe(false);
  });

  it('decide without it all rows that one branch decides', () => {
    const { holds, breaks } = compile({
      anyOf: [{ required: ['text'] }, { properties: { json: { required: ['y'] } } }],
    });
    expect(holds).toContain('c0 IS NOT NULL');
    expect(breaks).not.toBe('true');
  });

  it('know before any row what a column that is not there means', () => {
    expect(compile({ required: ['none'] })).toMatchObject({ holds: 'false' });
    expect(compile({ properties: { none: false } })).toMatchObject({ holds: 'true' });
  });

  it('leave a schema to JavaScript that would be a query of megabytes', () => {
    const deep = (depth: number): unknown =>
      depth === 0
        ? { properties: { text: { format: 'email' } } }
        : { oneOf: [deep(depth - 1), { if: deep(depth - 1), then: { required: ['text'] } }] };
    const { holds, isExact } = compile(deep(9));
    expect(isExact).toBe(false);
    expect(holds.length).toBeLessThan(100_000);
  });

  it('let no name become part of a query', () => {
    const name = `'); DROP TABLE t; --`;
    const cells = new Map([[name, TEXT]]);
    const { holds } = compileRowSchema(
      { cellOf: (column) => cells.get(column), columns: [name] },
      { propertyNames: { pattern: '^a' }, additionalProperties: { maxLength: 3 } },
      {},
    );
    expect(holds).toContain(`'''); DROP TABLE t; --'`);
    expect(holds.replaceAll(`'''); DROP TABLE t; --'`, '')).not.toContain('DROP');
  });
});

// oxlint-disable unicorn/no-thenable -- `then` is a keyword of JSON Schema.
import { describe, expect, it } from 'vitest';
import { PlanError } from '../../../../src/engine/engine.ts';
import { judgeTexts } from '../../../../src/engine/duckdb/rows/judge-bounded.ts';
import { createCellReader } from '../../../../src/engine/duckdb/rows/read-row.ts';
import { createValidator } from '../../../../src/engine/duckdb/rows/validate-rows.ts';
import { runBounded } from '../../../../src/engine/run-bounded.ts';

const TRAP = `${'a'.repeat(50)}!`;

function acceptsSlowly(text: string): boolean {
  return /^(?:a+)+$/u.test(text);
}

function explain(schema: Record<string, unknown>, row: Record<string, unknown>): string {
  return createValidator({ id: 'rule', schema, cells: [], shows: [] }).explain(row);
}

describe('rows that JavaScript judges', () => {
  it.each([
    [{ properties: { a: { pattern: '^(a+)+$' } } }, { a: TRAP }],
    [{ properties: { a: { patternProperties: { '^(a+)+$': { type: 'string' } } } } }, { a: { [TRAP]: 1 } }],
  ])('are given up where a pattern does not end: %j', (schema, row) => {
    const validator = createValidator({ id: 'a/PATTERN', schema, cells: [], shows: [] }, 100);
    expect(() => validator.judge([row])).toThrow(
      /The check a\/PATTERN took longer than 0\.1 seconds for 1 row/,
    );
    expect(() => validator.explain(row)).toThrow(PlanError);
    expect(validator.judge([{ a: 'aaa' }])).toEqual([true]);
  });

  it('are given up as texts of one column too', () => {
    expect(() => judgeTexts('x', ['a', TRAP], acceptsSlowly, 100)).toThrow(/for 2 rows/);
    expect(judgeTexts('x', ['a', 'b'], acceptsSlowly, 100)).toEqual([true, false]);
  });

  it.each([
    [
      'that ajv would throw at',
      { if: { maxProperties: 0 }, then: { additionalProperties: {} }, patternProperties: { '^x': {} } },
      { x: { x: 'a' } },
      true,
    ],
    [
      'that ajv would accept',
      { prefixItems: [{ type: 'string' }], contains: { type: 'integer' } },
      [],
      false,
    ],
  ])('are judged as the specification says by a schema %s', (_name, cell, value, holds) => {
    const schema = { properties: { x: cell } };
    expect(createValidator({ id: 'x', schema, cells: [], shows: [] }).judge([{ x: value }])).toEqual([holds]);
  });

  it('pass on what the work itself throws', () => {
    expect(() =>
      runBounded(() => {
        throw new RangeError('x');
      }, 100),
    ).toThrow(RangeError);
  });

  it.each([
    [
      { anyOf: [{ required: ['a'] }, { properties: { b: { minimum: 3 } } }] },
      'branch 1: must have required property `a`; branch 2: `b` must be >= 3',
    ],
    [
      { oneOf: [{ required: ['b'] }, { properties: { b: { type: 'number' } } }] },
      'branches 1 and 2 both hold',
    ],
    [{ if: { required: ['b'] }, then: { required: ['a'] } }, '`then`: must have required property `a`'],
    [{ properties: { c: { additionalProperties: { type: 'number' } } } }, '`c.…` must be number'],
    [{ properties: { d: { items: { properties: { e: { maximum: 1 } } } } } }, '`d.1.e` must be <= 1'],
    [{ not: { required: ['b'] } }, 'is not allowed'],
  ])('are explained by the branch that failed, without their values: %j', (schema, told) => {
    expect(explain(schema, { b: 1, c: { 'ann@example.org': 'x' }, d: [{}, { e: 2 }] })).toBe(told);
  });
});

describe('nested cells', () => {
  it('have no property for a field without a value, and moments as RFC 3339 has them', () => {
    const read = createCellReader(
      'STRUCT(a INTEGER, "b ""q""" STRUCT(t TIMESTAMP)[], m MAP(VARCHAR, TIMESTAMP WITH TIME ZONE), d DECIMAL(10,2), k TIME, e ENUM(\'x, y\', \'z\'))',
    );
    expect(
      read(
        'j{"a":null,"b \\"q\\"":[{"t":"2024-01-01 00:00:00"},{"t":null},null],"m":{"x":"2024-01-01 10:00:00+00"},"d":1.50,"k":"10:00:00","e":"x, y"}',
      ),
    ).toEqual({
      'b "q"': [{ t: '2024-01-01T00:00:00Z' }, {}, null],
      m: { x: '2024-01-01T10:00:00Z' },
      d: 1.5,
      k: '10:00:00Z',
      e: 'x, y',
    });
  });

  it('have values of no JSON type where a program wrote NaN', () => {
    expect(createCellReader(undefined)('j{"a":NaN,"b":[-Infinity,"NaN \\" inf"]}')).toEqual({
      a: Number.POSITIVE_INFINITY,
      b: [Number.POSITIVE_INFINITY, 'NaN " inf'],
    });
    expect(createCellReader(undefined)('x')).toBe(Number.POSITIVE_INFINITY);
  });
});

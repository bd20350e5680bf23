import { describe, expect, it } from 'vitest';
import { parseDataSchema } from '../../../src/config/parse-data-schema.ts';
import { describeSchemaChange } from '../../../src/data/schema-diff/describe-schema-change.ts';
import type { DataSchema } from '../../../src/schemas/data-schema.generated.ts';

function schemaOf(document: object): DataSchema {
  return parseDataSchema(JSON.stringify(document), 's.json').schema;
}

function effectOf(before: object, after: object): string {
  return describeSchemaChange(schemaOf(before), schemaOf(after)).effect;
}

function column(cell: object): object {
  return { properties: { x: cell } };
}

/** Numbers from one on must be at most another. */
function conditional(from: number, most: number): object {
  return JSON.parse(`{"if": {"minimum": ${from}}, "then": {"maximum": ${most}}}`) as object;
}

function table(dataset: object): object {
  return { properties: { x: { enum: ['a'] }, y: {} }, dataset };
}

/** A schema that refers to itself. */
function tree(most: number): object {
  return {
    properties: { x: { $ref: '#/$defs/node' } },
    $defs: { node: { properties: { value: { maximum: most }, next: { $ref: '#/$defs/node' } } } },
  };
}

/** Cases of columns: before, after, the effect; and back again the opposite. */
const COLUMNS: readonly (readonly [object, object, 'tightening' | 'both' | 'unknown' | 'none'])[] = [
  [{}, { type: 'integer' }, 'tightening'],
  [{ type: 'number' }, { type: 'integer' }, 'tightening'],
  [{ type: ['integer', 'null'] }, { type: 'integer' }, 'tightening'],
  [{ type: 'integer' }, { type: 'boolean' }, 'both'],
  [{ enum: ['a', 'b'] }, { enum: ['b'] }, 'tightening'],
  [{ enum: ['a', 'b'] }, { const: 'a' }, 'tightening'],
  [{ enum: ['a', 'b'] }, { enum: ['b', 'c'] }, 'both'],
  [{ const: 'a' }, { enum: ['a'] }, 'none'],
  [{ minimum: 0 }, { exclusiveMinimum: 0 }, 'tightening'],
  [{ exclusiveMinimum: 0 }, { exclusiveMinimum: 0, minimum: -1 }, 'none'],
  [{ minimum: 0, maximum: 9 }, { minimum: 1, maximum: 8 }, 'tightening'],
  [{ minimum: 0, maximum: 9 }, { minimum: -1, maximum: 8 }, 'both'],
  [{ minLength: 0 }, {}, 'none'],
  [{ maxLength: 5 }, { maxLength: 4, minLength: 1 }, 'tightening'],
  [{}, { pattern: '^a' }, 'tightening'],
  [{ pattern: '^a' }, { pattern: '^ab' }, 'unknown'],
  [{ format: 'date' }, { format: 'date-time' }, 'unknown'],
  [{ type: 'array', items: { type: 'number' } }, { type: 'array', items: { type: 'integer' } }, 'tightening'],
  [
    { prefixItems: [{ type: 'number' }], items: { maximum: 5 } },
    { prefixItems: [{ type: 'number' }, { maximum: 4 }], items: { maximum: 5 } },
    'tightening',
  ],
  [
    { properties: { a: { maximum: 3 } } },
    { properties: { a: { maximum: 2 } }, required: ['a'] },
    'tightening',
  ],
  [{ properties: { a: {} } }, { properties: { a: {} }, additionalProperties: false }, 'tightening'],
  [
    { properties: { a: {}, b: { type: 'string' } }, additionalProperties: false },
    { properties: { a: {} }, additionalProperties: false },
    'tightening',
  ],
  [{ not: { maximum: 3 } }, { not: { maximum: 4 } }, 'tightening'],
  [{ anyOf: [{ type: 'integer' }, { const: 'x' }] }, { anyOf: [{ type: 'integer' }] }, 'tightening'],
  [{ allOf: [{ minimum: 1 }] }, { allOf: [{ minimum: 1 }, { maximum: 3 }] }, 'tightening'],
  [{ oneOf: [{ minimum: 1 }] }, { oneOf: [{ minimum: 2 }] }, 'unknown'],
  [conditional(1, 5), conditional(1, 4), 'tightening'],
  [conditional(1, 5), conditional(2, 5), 'unknown'],
  [{ title: 'one' }, { title: 'two', description: 'x' }, 'none'],
  // The cell 12 of a CSV file is a number to the one, and a text, which is not allowed, to the other.
  [{ type: ['integer', 'string'], enum: [12, 'a'] }, { type: 'integer', enum: [12] }, 'unknown'],
];

/** Cases of the whole table. */
const TABLES: readonly (readonly [object, object, 'tightening' | 'both' | 'unknown' | 'none'])[] = [
  [{}, { rows: { 'at-least': 1 } }, 'none'],
  [{}, { rows: { 'at-least': 100 } }, 'tightening'],
  [{ rows: { 'at-most': 5 } }, { rows: { 'at-most': 4 } }, 'tightening'],
  [{ rows: { 'max-change': '20%' } }, { rows: { 'max-change': '10%' } }, 'tightening'],
  [{ rows: { 'max-change': '20%' } }, { rows: { 'max-change': 10 } }, 'unknown'],
  [{}, { unique: [['x']] }, 'tightening'],
  [{ unique: [['x']] }, { unique: [{ columns: ['x'] }] }, 'none'],
  [{ unique: [{ columns: ['x'], severity: 'warn' }] }, { unique: [['x']] }, 'tightening'],
  [
    { 'null-fraction': { x: { 'at-most': 0.5 } } },
    { 'null-fraction': { x: { 'at-most': 0.4 } } },
    'tightening',
  ],
  [{ mostly: { x: 0.9 } }, {}, 'tightening'],
  // The nearer of two names counts.
  [{ mostly: { x: 0.5 } }, { mostly: { x: 0.5 }, 'min-domain-mass': { x: 0.9 } }, 'tightening'],
  [
    { statistics: { x: { mean: { 'at-most': 5 } } } },
    { statistics: { x: { mean: { 'at-least': 1, 'at-most': 5 }, quantiles: { '0.9': { 'at-most': 3 } } } } },
    'tightening',
  ],
  [{ freshness: { x: { 'at-most': '2d' } } }, { freshness: { x: { 'at-most': '24h' } } }, 'tightening'],
  [
    { environments: { serving: { absent: ['x', 'y'] } } },
    { environments: { serving: { absent: ['x'] } } },
    'tightening',
  ],
  [{ severity: { x: 'warn' } }, { severity: { x: 'fail' } }, 'tightening'],
  [
    { skip: [{ check: 'x', reason: 'being corrected', until: '2027-01-01' }] },
    { skip: [{ check: 'x', reason: 'nearly corrected', until: '2026-12-01' }] },
    'tightening',
  ],
  [
    { sql: [{ name: 'a', query: 'SELECT 1 FROM data' }] },
    { sql: [{ name: 'a', query: 'SELECT 2 FROM data' }] },
    'unknown',
  ],
  [{}, { cells: { trim: true } }, 'unknown'],
];

const OPPOSITE = { tightening: 'loosening', both: 'both', unknown: 'unknown', none: 'none' } as const;

describe('describeSchemaChange', () => {
  it.each(COLUMNS)('a column from %j to %j', (before, after, effect) => {
    expect(effectOf(column(before), column(after))).toBe(effect);
    expect(effectOf(column(after), column(before))).toBe(OPPOSITE[effect]);
  });

  it.each(TABLES)('a table from %j to %j', (before, after, effect) => {
    expect(effectOf(table(before), table(after))).toBe(effect);
    expect(effectOf(table(after), table(before))).toBe(OPPOSITE[effect]);
  });

  it('names columns that come and go, and what is required', () => {
    const before = schemaOf({ properties: { a: { type: 'integer' }, b: {} }, required: ['a'] });
    const after = schemaOf({
      properties: { a: { type: 'integer' }, c: { type: 'string' } },
      required: ['a', 'c'],
    });
    expect(
      describeSchemaChange(before, after).changes.map(({ text, effect }) => `${effect}: ${text}`),
    ).toEqual([
      'tightening: column "c" must have a value in every row now.',
      'none: Column "b": is not listed any more: it is not looked at now.',
      'none: Column "c": is listed now.',
      'tightening: Column "c": `type` is narrower: string, which was any.',
    ]);
  });

  it('follows references, also those that lead back to themselves', () => {
    expect(effectOf(tree(3), tree(3))).toBe('none');
    expect(effectOf(tree(3), tree(2))).toBe('unknown');
    expect(
      effectOf(column({ maximum: 3 }), {
        properties: { x: { $ref: '#/$defs/a' } },
        $defs: { a: { maximum: 3 } },
      }),
    ).toBe('none');
  });
});

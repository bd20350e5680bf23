import { expect, it } from 'vitest';
import { compileRowCheck } from '../../../../src/engine/duckdb/rows/compile-row-check.ts';
import { UNKNOWN } from '../../../../src/engine/duckdb/rows/decision.ts';
import { measureUnfolded } from '../../../../src/engine/duckdb/rows/measure-unfolded.ts';

const DOUBLINGS = 60;

/** Definitions of which each refers to the next one twice. */
function doubled(keyword: 'allOf' | 'anyOf' | 'oneOf'): Readonly<Record<string, object>> {
  const steps = Array.from({ length: DOUBLINGS }, (_, step) => {
    const next = { $ref: `#/$defs/d${step + 1}` };
    return [`d${step}`, { [keyword]: [next, next] }] as const;
  });
  return Object.fromEntries([...steps, [`d${DOUBLINGS}`, { type: 'integer' }]]);
}

it('counts what a schema unfolds to', () => {
  const cell = { type: 'integer', not: { enum: [1, 2] } };
  expect(measureUnfolded({ properties: { a: cell } }, {})).toBe(1 + 4);
  expect(
    measureUnfolded({ anyOf: [{ $ref: '#/$defs/c' }, { $ref: '#/$defs/c' }] }, { c: { required: ['a'] } }),
  ).toBe(1 + 2 * (1 + 2));
});

it.each(['allOf', 'anyOf', 'oneOf'] as const)(
  'leaves what doubles by %s to JavaScript, at once',
  (keyword) => {
    const definitions = doubled(keyword);
    const ofRow = { $ref: '#/$defs/d0', $defs: definitions };
    const ofCell = { properties: { a: { $ref: '#/$defs/d0' } }, $defs: definitions };
    const shape = { format: 'csv', columns: [{ name: 'a' }] } as never;
    for (const schema of [ofRow, ofCell]) {
      expect(measureUnfolded(schema, definitions)).toBeGreaterThan(2 ** DOUBLINGS);
      const check = { id: 'x', schema, cells: [], shows: [] };
      expect(compileRowCheck(shape, check, () => ({ raw: 'a', shown: 'a' }))).toEqual(UNKNOWN);
    }
  },
);

it('leaves conditions within conditions to JavaScript', () => {
  let nested: object = { const: 1 };
  for (let depth = 0; depth < 40; depth += 1) nested = { if: nested, else: { minimum: depth } };
  expect(measureUnfolded({ properties: { a: nested } }, {})).toBeGreaterThan(2 ** 40);
});

/** What the bundle validates with, beside what the source does: the same documents, mistakes and defaults. */
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { precompileValidators } from '../../scripts/precompile-validators.ts';
import { compileValidator } from '../../src/schemas/compile-validator.ts';
import { SCHEMAS } from '../../src/schemas/validate.ts';

const DOCUMENTS = {
  config: {
    version: 1,
    data: {
      table: {
        path: 'table.csv',
        schema: 'table.schema.json',
        drift: { columns: { age: { method: 'psi' } } },
        leakage: {},
      },
    },
    metrics: { accuracy: { from: 'metrics.json', key: 'accuracy', gate: { minimum: 0.9 } } },
  },
  'data-schema': {
    type: 'object',
    properties: {
      id: { type: 'string', pattern: '^C[0-9]+$', minLength: 2 },
      age: { type: ['integer', 'null'], minimum: 0, anyOf: [{ maximum: 99 }, { const: 120 }] },
      tags: { type: 'array', items: { $ref: '#/properties/id' }, uniqueItems: true },
    },
    required: ['id'],
    dataset: { rows: { 'at-least': 1 }, unique: [['id']], 'null-fraction': { age: { 'at-most': 0.1 } } },
  },
} as const;

type Kind = keyof typeof DOCUMENTS;

let folder: string;
let compiledAhead: typeof compileValidator;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'mlgate-validators-'));
  symlinkSync(resolve('node_modules'), join(folder, 'node_modules'));
  const path = join(folder, 'validators.mjs');
  writeFileSync(path, precompileValidators());
  const module = (await import(pathToFileURL(path).href)) as { compileValidator: typeof compileValidator };
  compiledAhead = module.compileValidator;
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** A document with one of its values, keys or items replaced. */
function spoil(document: unknown, places: readonly number[], value: unknown): unknown {
  const [place = 0, ...others] = places;
  if (places.length === 0 || typeof document !== 'object' || document === null) return value;
  const copy = structuredClone(document) as Record<string, unknown>;
  const keys = [...Object.keys(copy), 'stray'];
  const key = keys[place % keys.length] ?? 'stray';
  copy[key] = spoil(copy[key], others, value);
  return copy;
}

function validate(compile: typeof compileValidator, kind: Kind, document: unknown) {
  const validator = compile(SCHEMAS[kind], true);
  const filled = structuredClone(document);
  return { isValid: validator(filled), filled, errors: validator.errors };
}

describe.each(Object.keys(DOCUMENTS) as Kind[])('%s compiled ahead', (kind) => {
  it('finds the same mistakes and fills in the same defaults', () => {
    const source = compileValidator(SCHEMAS[kind], true);
    const ahead = compiledAhead(SCHEMAS[kind], true);
    fc.assert(
      fc.property(
        fc.array(fc.nat(20), { minLength: 1, maxLength: 6 }),
        fc.oneof(fc.jsonValue(), fc.constantFrom('1.0', -1, '', 'a\u{1f600}', {}, [])),
        (places, value) => {
          const document = spoil(DOCUMENTS[kind], places, value);
          const [one, other] = [structuredClone(document), structuredClone(document)];
          expect(ahead(one)).toBe(source(other));
          expect(one).toEqual(other);
          expect(ahead.errors).toEqual(source.errors);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('points to the keywords of the schema itself, as messages need', () => {
    const broken = validate(compiledAhead, kind, { ...DOCUMENTS[kind], stray: 1, version: 7, required: 3 });
    const expected = validate(compileValidator, kind, {
      ...DOCUMENTS[kind],
      stray: 1,
      version: 7,
      required: 3,
    });
    expect(broken.isValid).toBe(false);
    expect(broken.errors?.map(({ parentSchema }) => parentSchema)).toHaveLength(expected.errors?.length ?? 0);
    for (const [at, error] of (broken.errors ?? []).entries())
      expect(error.parentSchema).toBe(expected.errors?.[at]?.parentSchema);
  });
});

it('compiles what is not compiled ahead', () => {
  const validator = compiledAhead(SCHEMAS['ledger-entry'], false);
  expect(validator({})).toBe(false);
  expect(validator.errors).toHaveLength(1);
});

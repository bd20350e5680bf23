/** Files that somebody cut or changed: what is read of them is a valid schema, or they are refused in words. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { importSchemas, SCHEMA_FORMATS } from '../../../src/data/schema-import/import-schema.ts';
import { UserError } from '../../../src/evidence/errors.ts';

const FIXTURES = 'test/fixtures/schema-import';
const FILES = readdirSync(FIXTURES).filter((name) => !/\.csv$|\.answers\.json$/u.test(name));

/** Nothing but a UserError may be thrown. */
async function importSafely(file: string, text: string, format?: string): Promise<string> {
  try {
    const { tables } = await importSchemas(file, text, { format });
    return JSON.stringify(tables);
  } catch (error) {
    if (error instanceof UserError) return 'refused';
    throw error;
  }
}

describe.each(FILES)('%s', (file) => {
  const text = readFileSync(join(FIXTURES, file), 'utf8');

  test('cut anywhere', async () => {
    const step = Math.max(1, Math.floor(text.length / 60));
    for (let length = 0; length < text.length; length += step) {
      expect(await importSafely(file, text.slice(0, length))).toEqual(expect.any(String));
    }
  });

  test('changed anywhere', async () => {
    const change = fc.record({
      at: fc.nat(text.length),
      remove: fc.nat(8),
      insert: fc.string({ maxLength: 8 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 3 }), async (changes) => {
        const changed = changes.reduce(
          (before, { at, remove, insert }) => before.slice(0, at) + insert + before.slice(at + remove),
          text,
        );
        expect(await importSafely(file, changed)).toEqual(expect.any(String));
      }),
      { numRuns: 25 },
    );
  });

  test.each(SCHEMA_FORMATS.map(([format]) => format))('taken for %s', async (format) => {
    expect(await importSafely(file, text, format)).toEqual(expect.any(String));
  });
});

describe('documents of any shape', () => {
  test.each(SCHEMA_FORMATS.map(([format]) => format))('taken for %s', async (format) => {
    await fc.assert(
      fc.asyncProperty(fc.json(), async (text) => {
        expect(await importSafely('x.json', text, format)).toEqual(expect.any(String));
      }),
      { numRuns: 50 },
    );
  });

  test.each([
    [
      'great-expectations',
      '{"name": "s", "expectations": [{"type": "expect_column_to_exist", "kwargs": {"column": "__proto__"}}]}',
    ],
    [
      'frictionless',
      '{"fields": [{"name": "__proto__", "constraints": {"required": true}}, {"name": "constructor"}]}',
    ],
    ['pandera', '{"schema_type": "dataframe", "columns": {"__proto__": {"dtype": "int64"}}}'],
    [
      'dbt',
      '{"models": [{"name": "m", "columns": [{"name": "__proto__", "tests": ["not_null", "constructor"]}]}]}',
    ],
    ['tfdv', 'feature { name: "__proto__" type: INT }'],
  ])('a column may be called as what every object has: %s', async (format, text) => {
    const { tables } = await importSchemas('x', text, { format });
    expect(Object.keys(tables[0]?.schema['properties'] ?? {})).toContain('__proto__');
  });

  test('aliases that multiply are refused', async () => {
    const bomb = `schema_type: dataframe\na: &a [x, x]\n${Array.from({ length: 30 }, (_, index) => `b${index}: &b${index} [${index === 0 ? '*a, *a' : `*b${index - 1}, *b${index - 1}`}]`).join('\n')}\n`;
    expect(await importSafely('x.yaml', bomb, 'pandera')).toBe('refused');
  });
});

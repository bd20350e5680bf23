import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/config/parse-config.ts';
import { parseDataSchema } from '../../src/config/parse-data-schema.ts';
import { UserError } from '../../src/evidence/errors.ts';

const SHORTEST = 'version: 1\ndata: { d: { path: d.csv, schema: s.json } }\n';

function whatIsThrown(act: () => unknown): unknown {
  try {
    act();
    return undefined;
  } catch (error) {
    return error;
  }
}

function isUserErrorOrNothing(thrown: unknown): boolean {
  return thrown === undefined || thrown instanceof UserError;
}

describe('parseConfig', () => {
  it('fills in every default', () => {
    const { config } = parseConfig(SHORTEST, 'mlgate.yml');
    expect(config.data?.['d']).toEqual({
      path: 'd.csv',
      schema: 's.json',
      examples: 5,
      severity: 'fail',
      profile: true,
    });
    expect(config.enforce).toBe(true);
    expect(config.comparison).toEqual({
      alpha: 0.05,
      power: 0.8,
      inconclusive: 'warn',
      'no-baseline': 'warn',
      seed: 20260101,
      resamples: 2000,
    });
    expect(config.baseline.branch).toBe('mlgate');
  });

  it('names the policy by what it says, not by how it is written', () => {
    const written = parseConfig(
      `# a comment\ndata:\n  d:\n    schema: s.json\n    path: "d.csv"\nversion: 1\nenforce: true\n`,
      'other.yml',
    );
    expect(written.digest).toBe(parseConfig(SHORTEST, 'mlgate.yml').digest);
    expect(parseConfig(`${SHORTEST}enforce: false\n`, 'mlgate.yml').digest).not.toBe(written.digest);
  });

  it('locates a key, and a default at its nearest ancestor', () => {
    const { locate } = parseConfig(SHORTEST, 'mlgate.yml');
    expect(locate(['data', 'd', 'schema'])).toEqual({
      file: 'mlgate.yml',
      key: 'data.d.schema',
      line: 2,
      column: 27,
    });
    expect(locate(['data', 'd', 'severity'])).toEqual({
      file: 'mlgate.yml',
      key: 'data.d.severity',
      line: 2,
      column: 9,
    });
    expect(locate(['comparison', 'alpha'])).toEqual({
      file: 'mlgate.yml',
      key: 'comparison.alpha',
      line: 1,
      column: 1,
    });
  });

  it('bounds what a source holds', () => {
    const { locate } = parseConfig(SHORTEST, `${'x'.repeat(500)}/mlgate.yml`);
    const source = locate(['data', 'k'.repeat(500)]);
    expect([source.file.length, source.key.length]).toEqual([300, 300]);
  });

  it('says a UserError, whatever the document is', () => {
    const keys = fc.constantFrom(
      'version',
      'data',
      'models',
      'metrics',
      'predictions',
      'path',
      'gates',
      'baseline',
      'store',
      'x',
      '__proto__',
      'constructor',
      'max-regression',
      'task',
    );
    const tree = fc.letrec((tie) => ({
      node: fc.oneof(
        { maxDepth: 5 },
        fc.jsonValue({ maxDepth: 1 }),
        fc.dictionary(keys, tie('node'), { maxKeys: 5 }),
      ),
    })).node;
    fc.assert(
      fc.property(tree, (value) => {
        for (const parse of [parseConfig, parseDataSchema]) {
          expect(whatIsThrown(() => parse(JSON.stringify(value), 'a.json'))).toSatisfy(isUserErrorOrNothing);
        }
      }),
    );
  });
});

describe('parseDataSchema', () => {
  it('fills in defaults and keeps the order of columns', () => {
    const { schema, locate } = parseDataSchema(
      '{"properties": {"b": {}, "a": {"type": ["integer", "null"]}}}',
      's.json',
    );
    expect(Object.keys(schema.properties)).toEqual(['b', 'a']);
    expect(schema.dataset).toEqual({ unique: [], 'null-fraction': {} });
    expect([schema.required, schema.additionalProperties, schema.type]).toEqual([[], true, 'object']);
    expect(locate(['properties', 'a', 'type']).column).toBe(32);
  });

  it('allows columns by any name', () => {
    const names = ['', 'a.b', '__proto__', 'título', '<<', 'a "b"', 'oneOf'];
    const { schema } = parseDataSchema(
      JSON.stringify({ properties: Object.fromEntries(names.map((name) => [name, {}])) }),
      's.json',
    );
    expect(Object.keys(schema.properties)).toEqual(names);
  });
});

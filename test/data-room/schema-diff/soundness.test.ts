/** What is said not to loosen refuses whatever was refused, and what is said not to tighten allows what was allowed: by ajv. */
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormatsModule from 'ajv-formats';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseDataSchema } from '../../../src/config/parse-data-schema.ts';
import { describeSchemaChange } from '../../../src/data/schema-diff/describe-schema-change.ts';
import { listDeclaredTypes } from '../../../src/data/column-types.ts';
import { readTextCell } from '../../../src/engine/cell-values.ts';
import type { DataSchema } from '../../../src/schemas/data-schema.generated.ts';

const addFormats = addFormatsModule as unknown as typeof addFormatsModule.default;
const SEED = 20_261_122;
/** More are run by hand: `SOUNDNESS_RUNS=20000`. */
const RUNS = Number(process.env['SOUNDNESS_RUNS'] ?? 200);

type Json = Readonly<Record<string, unknown>>;

const small = fc.integer({ min: -3, max: 5 });
const scalar = fc.constantFrom<unknown>('a', 'ab', '2020-01-01', '', 0, 1, 2, 1.5, -3, true, false, null);
const NAMES = ['x', 'y', 'xx'] as const;

/** One keyword with a value. */
const plain: fc.Arbitrary<Json> = fc.oneof(
  fc.record({ type: fc.constantFrom('integer', 'number', 'string', 'boolean', 'null', 'object', 'array') }),
  fc.record({
    type: fc.uniqueArray(fc.constantFrom('integer', 'number', 'string', 'boolean', 'null'), {
      minLength: 1,
      maxLength: 3,
    }),
  }),
  fc.record({ enum: fc.uniqueArray(scalar, { minLength: 1, maxLength: 5 }) }),
  fc.record({ const: scalar }),
  fc.record({ minimum: small }),
  fc.record({ maximum: small }),
  fc.record({ exclusiveMinimum: small }),
  fc.record({ exclusiveMaximum: small }),
  fc.record({ multipleOf: fc.constantFrom(1, 2, 0.5, 3) }),
  fc.record({ minLength: fc.nat(3) }),
  fc.record({ maxLength: fc.nat(3) }),
  fc.record({ pattern: fc.constantFrom('^a', 'b', '^[0-9-]+$') }),
  fc.record({ format: fc.constantFrom('date', 'email') }),
  fc.record({ uniqueItems: fc.boolean() }),
  fc.record({ minItems: fc.nat(2) }),
  fc.record({ maxItems: fc.nat(2) }),
  fc.record({ minProperties: fc.nat(2) }),
  fc.record({ maxProperties: fc.nat(2) }),
  fc.record({ required: fc.uniqueArray(fc.constantFrom(...NAMES), { maxLength: 2 }) }),
  fc.record({
    dependentRequired: fc.dictionary(fc.constantFrom(...NAMES), fc.uniqueArray(fc.constantFrom(...NAMES)), {
      maxKeys: 2,
      noNullPrototype: true,
    }),
  }),
  fc.record({ title: fc.constantFrom('one', 'two') }),
);

const { schema } = fc.letrec<{ schema: Json | boolean; keyword: Json }>((tie) => {
  const inner = tie('schema');
  const list = fc.array(inner, { minLength: 1, maxLength: 3 });
  const mapping = fc.dictionary(fc.constantFrom(...NAMES), inner, { maxKeys: 2, noNullPrototype: true });
  return {
    keyword: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      { arbitrary: plain, weight: 8 },
      fc.record({ properties: mapping }),
      fc.record({ additionalProperties: inner }),
      fc.record({
        patternProperties: fc.dictionary(fc.constantFrom('^x', 'y'), inner, {
          maxKeys: 1,
          noNullPrototype: true,
        }),
      }),
      fc.record({ propertyNames: inner }),
      fc.record({ dependentSchemas: mapping }),
      fc.record({ items: inner }),
      fc.record({ prefixItems: list }),
      fc.record({ contains: inner, minContains: fc.nat(2) }),
      fc.record({ contains: inner, maxContains: fc.integer({ min: 1, max: 2 }) }),
      fc.record({ allOf: list }),
      fc.record({ anyOf: list }),
      fc.record({ oneOf: list }),
      fc.record({ not: inner }),
      fc
        .tuple(inner, inner)
        .map(
          (parts) =>
            JSON.parse(`{"if": ${JSON.stringify(parts[0])}, "then": ${JSON.stringify(parts[1])}}`) as Json,
        ),
      fc.record({ if: inner, else: inner }),
      fc.record({ unevaluatedProperties: inner }),
      fc.record({ unevaluatedItems: inner }),
      fc.record({ $ref: fc.constantFrom('#/$defs/one', '#/$defs/two') }),
    ),
    schema: fc.oneof(
      { depthSize: 'small' },
      {
        arbitrary: fc
          .array(tie('keyword'), { maxLength: 3 })
          .map((parts) => Object.assign({}, ...parts) as Json),
        weight: 9,
      },
      { arbitrary: fc.boolean(), weight: 1 },
    ),
  };
});

const definitions = fc.record({
  one: schema.map(withoutReferences),
  two: fc.oneof(
    schema.map(withoutReferences),
    fc.constant<Json>({ properties: { x: { $ref: '#/$defs/two' } }, minProperties: 1 }),
  ),
});

/** References lead one way only: what never ends is no schema. */
function withoutReferences(value: Json | boolean): Json | boolean {
  return JSON.parse(JSON.stringify(value).replaceAll(/"\$ref":"[^"]*"/gu, '"$comment":""')) as Json | boolean;
}

/** A schema changed in one place or several: most changes of people are small. */
function mutate(value: unknown, choose: (count: number) => number, fresh: () => unknown): unknown {
  if (Array.isArray(value)) {
    if (value.length === 0) return value;
    const at = choose(value.length);
    return value.map((item: unknown, index) => (index === at ? mutate(item, choose, fresh) : item));
  }
  if (typeof value !== 'object' || value === null) {
    if (typeof value === 'number') return value + [-1, 1, 0.5][choose(3)]!;
    return value;
  }
  const keys = Object.keys(value);
  const action = choose(6);
  if (keys.length === 0 || action === 0) return { ...value, ...(fresh() as Json) };
  const key = keys[choose(keys.length)] ?? '';
  const { [key]: inner, ...rest } = value as Json;
  if (action === 1) return rest;
  return { ...value, [key]: mutate(inner, choose, fresh) };
}

const column = fc.oneof(schema, schema);

const pair = fc
  .record({
    columns: fc.record({ x: column, y: column }, { requiredKeys: ['x'] }),
    row: fc.array(plain, { maxLength: 1 }),
    defs: definitions,
    other: definitions,
    choices: fc.array(fc.nat(1000), { minLength: 20, maxLength: 20 }),
    spare: fc.array(schema, { minLength: 3, maxLength: 3 }),
    changesDefinitions: fc.boolean(),
    times: fc.integer({ min: 1, max: 2 }),
  })
  .map(({ columns, row, defs, other, choices, spare, changesDefinitions, times }) => {
    let used = 0;
    const choose = (count: number): number => (choices[used++ % choices.length] ?? 0) % count;
    const before = { properties: columns, ...rowKeywords(row) };
    let after: unknown = before;
    for (let time = 0; time < times; time += 1) {
      after = mutate(after, choose, () => {
        const drawn = spare[choose(spare.length)];
        return typeof drawn === 'object' ? drawn : {};
      });
    }
    return {
      before: { ...before, $defs: defs },
      after: { ...(after as Json), $defs: changesDefinitions ? other : defs },
    };
  });

const ROW_KEYWORDS = ['required', 'minProperties', 'maxProperties', 'dependentRequired'];
function rowKeywords(row: readonly Json[]): Json {
  return Object.fromEntries(
    row.flatMap((part) => Object.entries(part)).filter(([key]) => ROW_KEYWORDS.includes(key)),
  );
}

const value = fc.oneof(
  { weight: 3, arbitrary: scalar },
  fc.array(scalar, { maxLength: 3 }),
  fc.dictionary(fc.constantFrom(...NAMES, 'z'), fc.oneof(scalar, fc.record({ x: scalar })), {
    maxKeys: 3,
    noNullPrototype: true,
  }),
);
const rows = fc.array(
  fc.dictionary(fc.constantFrom(...NAMES, 'z'), value, { maxKeys: 3, noNullPrototype: true }),
  {
    minLength: 20,
    maxLength: 30,
  },
);

function parse(document: unknown): DataSchema | undefined {
  try {
    return parseDataSchema(JSON.stringify(document), 'a.json').schema;
  } catch {
    return undefined;
  }
}

const ajv = new Ajv2020({ strict: false, unicodeRegExp: true, validateSchema: false, meta: false });
addFormats(ajv, { mode: 'full' });

function compile(schema: DataSchema): (row: unknown) => boolean {
  const { dataset: _dataset, $id: _id, $schema: _dialect, ...row } = schema as unknown as Json;
  const validate = ajv.compile(row);
  ajv.removeSchema(row);
  return (value) => {
    try {
      return validate(value);
    } catch (error) {
      // A defect of ajv: it loses count of evaluated properties under `if` beside `patternProperties`.
      if (error instanceof TypeError) fc.pre(false);
      throw error;
    }
  };
}

const seen = { tightening: 0, loosening: 0, none: 0, both: 0, unknown: 0 };

/** Beside `prefixItems`, ajv takes an empty list for one that contains what `contains` asks for. */
function meetsDefect(node: unknown): boolean {
  if (typeof node !== 'object' || node === null) return false;
  return ('prefixItems' in node && 'contains' in node) || Object.values(node).some(meetsDefect);
}

/** The first row that contradicts what is said. */
function findContradiction(before: DataSchema, after: DataSchema, rows: readonly Json[]): unknown {
  const { effect, changes } = describeSchemaChange(before, after);
  seen[effect] += 1;
  const [allowed, allows] = [compile(before), compile(after)];
  const contradicts = (was: boolean, is: boolean): boolean =>
    (is && !was && (effect === 'none' || effect === 'tightening')) ||
    (was && !is && (effect === 'none' || effect === 'loosening'));
  const values = rows.find((row) => contradicts(allowed(row), allows(row)));
  const texts = rows
    .map(writeRow)
    .find((row) => contradicts(allowed(readRow(row, before)), allows(readRow(row, after))));
  return values === undefined && texts === undefined ? undefined : { values, texts, effect, changes };
}

describe('a change of a schema', () => {
  test('never allows more than it is said to, and never less', () => {
    fc.assert(
      fc.property(pair, rows, (drawn, values) => {
        const [before, after] = [parse(drawn.before), parse(drawn.after)];
        fc.pre(before !== undefined && after !== undefined);
        if (before === undefined || after === undefined) return;
        fc.pre(![before, after].some(meetsDefect));
        expect(findContradiction(before, after, [...values, {}])).toBeUndefined();
      }),
      { seed: SEED, numRuns: RUNS },
    );
    // Otherwise it would have shown nothing.
    expect(seen.tightening).toBeGreaterThan(RUNS / 20);
    expect(seen.loosening).toBeGreaterThan(RUNS / 20);
  });
});

function writeRow(row: Json): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(row).map(([name, cell]) => [name, typeof cell === 'string' ? cell : JSON.stringify(cell)]),
  );
}

/** A row of CSV as a schema reads it. */
function readRow(row: Readonly<Record<string, string>>, schema: DataSchema): Json {
  return Object.fromEntries(
    Object.entries(row).flatMap(([name, text]) => {
      const cell = readTextCell(text, listDeclaredTypes(schema, name));
      return cell === undefined ? [] : [[name, cell] as const];
    }),
  );
}

/** Aggregates of the engine beside the same numbers computed naively in JavaScript. */
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { parseCondition } from '../../src/evidence/row-condition.ts';
import type { Aggregate, AggregateFigures, Measure, RowFilter } from '../../src/engine/aggregates.ts';
import { openTestEngine } from './open-test-engine.ts';

const test = openTestEngine();
afterAll(async () => {
  await test.close();
});

interface Row {
  readonly a: number | undefined;
  readonly b: number | undefined;
  readonly k: string | undefined;
}

const NUMBERS = fc.option(fc.integer({ min: -50, max: 50 }), { nil: undefined });
const ROWS = fc.array(
  fc.record<Row>({
    a: NUMBERS,
    b: NUMBERS,
    k: fc.option(fc.constantFrom('x', 'y', "it's", 'ü'), { nil: undefined }),
  }),
  { minLength: 1, maxLength: 30 },
);

let files = 0;

function write(rows: readonly Row[]): string {
  files += 1;
  const lines = rows.map(({ a = '', b = '', k = '' }) => `${a},${b},${k}`);
  return test.write(`rows${files}.csv`, `${['a,b,k', ...lines].join('\n')}\n`);
}

const number = (
  column: string,
): { readonly column: string; readonly declaredTypes: readonly ['number'] } => ({
  column,
  declaredTypes: ['number'],
});

async function measure(
  rows: readonly Row[],
  measures: Readonly<Record<string, Measure>>,
  where?: RowFilter,
): Promise<AggregateFigures> {
  const aggregates = Object.entries(measures).map(([id, one]): Aggregate => ({
    id,
    measure: one,
    ...(where === undefined ? {} : { where }),
  }));
  const plan = { source: { path: write(rows) }, cells: [], unique: [], absent: [], aggregates };
  const { aggregates: figures = {} } = await test.engine.checkTable(plan);
  return figures;
}

function present<T>(values: readonly (T | undefined)[]): readonly T[] {
  return values.filter((value): value is T => value !== undefined);
}

/** Type 7 of Hyndman and Fan. */
function quantile(values: readonly number[], probability: number): number | null {
  const sorted = values.toSorted((one, other) => one - other);
  const place = (sorted.length - 1) * probability;
  const [low, high] = [sorted[Math.floor(place)], sorted[Math.ceil(place)]];
  return low === undefined || high === undefined ? null : low + (high - low) * (place - Math.floor(place));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function deviation(values: readonly number[]): number | null {
  if (values.length < 2) return null;
  const mean = sum(values) / values.length;
  return Math.sqrt(sum(values.map((value) => (value - mean) ** 2)) / (values.length - 1));
}

function near(expected: number | null): unknown {
  return expected === null ? null : expect.closeTo(expected, 8);
}

const MEASURES: Readonly<Record<string, Measure>> = {
  rows: { kind: 'rows' },
  absent: { kind: 'absent', column: 'k' },
  minimum: { kind: 'statistic', of: 'minimum', column: number('a') },
  maximum: { kind: 'statistic', of: 'maximum', column: number('a') },
  mean: { kind: 'statistic', of: 'mean', column: number('a') },
  deviation: { kind: 'statistic', of: 'standard-deviation', column: number('a') },
  median: { kind: 'statistic', of: 'median', column: number('a') },
  sum: { kind: 'statistic', of: 'sum', column: number('a') },
  quantile: { kind: 'quantile', probability: 0.3, column: number('a') },
  distinct: { kind: 'distinct', column: 'k', share: false },
  share: { kind: 'distinct', column: 'k', share: true },
  duplicates: { kind: 'duplicates', columns: ['a', 'k'] },
  sums: { kind: 'broken-sums', test: { columns: [number('a'), number('b')], equals: 0 } },
  contradictions: { kind: 'contradictions', test: { columns: ['k'], determine: ['a'] } },
};

function expectedOf(rows: readonly Row[]): Readonly<Record<string, unknown>> {
  const values = present(rows.map(({ a }) => a));
  const texts = present(rows.map(({ k }) => k));
  const keys = rows
    .filter(({ a, k }) => a !== undefined || k !== undefined)
    .map(({ a, k }) => JSON.stringify([a, k]));
  const pairs = rows.filter(({ a, k }) => a !== undefined && k !== undefined);
  const distinct = new Set(texts).size;
  return {
    rows: rows.length,
    absent: rows.length - texts.length,
    minimum: near(quantile(values, 0)),
    maximum: near(quantile(values, 1)),
    mean: near(values.length === 0 ? null : sum(values) / values.length),
    deviation: near(deviation(values)),
    median: near(quantile(values, 0.5)),
    sum: near(values.length === 0 ? null : sum(values)),
    quantile: near(quantile(values, 0.3)),
    distinct,
    share: near(texts.length === 0 ? null : distinct / texts.length),
    duplicates: keys.length - new Set(keys).size,
    sums: rows.filter(({ a, b }) => a !== undefined && b !== undefined && a + b !== 0).length,
    contradictions:
      new Set(pairs.map(({ a, k }) => JSON.stringify([a, k]))).size - new Set(pairs.map(({ k }) => k)).size,
  };
}

function conditionOf(text: string): RowFilter {
  const parsed = parseCondition(text);
  if (!parsed.ok) throw new Error(parsed.mistake.text);
  return parsed.tree;
}

/** Conditions, and the same in JavaScript: of an empty cell nothing is known but that it is empty. */
const CONDITIONS: readonly (readonly [text: string, holds: (row: Row) => boolean])[] = [
  ['a > 3', ({ a }) => a !== undefined && a > 3],
  ['a <= 3', ({ a }) => a !== undefined && a <= 3],
  ['a = 3', ({ a }) => a === 3],
  ['a != 3', ({ a }) => a !== undefined && a !== 3],
  ["a != ''", ({ a }) => a !== undefined],
  ["a in (1, 2, '')", ({ a }) => a === undefined || a === 1 || a === 2],
  ["k = 'x'", ({ k }) => k === 'x'],
  ["k != 'x'", ({ k }) => k !== 'x'],
  ["k = ''", ({ k }) => k === undefined],
  ['k in ("it\'s", ü)', ({ k }) => k === "it's" || k === 'ü'],
  ['k not in (x, y)', ({ k }) => k !== 'x' && k !== 'y'],
  ['not (a > 3)', ({ a }) => !(a !== undefined && a > 3)],
  ["a > 0 and (b > 0 or k = 'y')", ({ a = 0, b = 0, k }) => a > 0 && (b > 0 || k === 'y')],
];

describe('aggregates', () => {
  it('are those of a naive computation', async () => {
    await fc.assert(
      fc.asyncProperty(ROWS, async (rows) => {
        expect(await measure(rows, MEASURES)).toEqual(expectedOf(rows));
      }),
      { numRuns: 25 },
    );
  });

  it('are of the rows that a condition selects', async () => {
    await fc.assert(
      fc.asyncProperty(ROWS, fc.constantFrom(...CONDITIONS), async (rows, [text, holds]) => {
        expect(await measure(rows, MEASURES, conditionOf(text))).toEqual(expectedOf(rows.filter(holds)));
      }),
      { numRuns: 30 },
    );
  });

  it('are those of each group', async () => {
    await fc.assert(
      fc.asyncProperty(ROWS, async (rows) => {
        const aggregates = Object.entries(MEASURES).map(([id, one]) => ({ id, measure: one }));
        const answer = await test.engine.askTable(
          { path: write(rows) },
          { kind: 'groups', by: ['k'], aggregates, limit: 10 },
          [],
        );
        const values = [...new Set(rows.map(({ k }) => k))];
        expect(answer).toMatchObject({ kind: 'groups', tooMany: false });
        const groups = answer.kind === 'groups' ? answer.groups : [];
        expect(new Set(groups.map(({ values: [value] }) => value))).toEqual(
          new Set(values.map((value) => value ?? null)),
        );
        for (const {
          values: [value],
          rows: count,
          figures,
        } of groups) {
          const own = rows.filter(({ k }) => (k ?? null) === value);
          expect(count).toBe(own.length);
          expect(figures).toEqual(expectedOf(own));
        }
      }),
      { numRuns: 20 },
    );
  });

  it('of numbers too large for a double are not finite, and no failure of the engine', async () => {
    const path = test.write('large.csv', 'a\n1e308\n1e308\n-1\n');
    const aggregates = ['sum', 'mean', 'standard-deviation'] as const;
    const plan = {
      source: { path },
      cells: [],
      unique: [],
      absent: [],
      aggregates: aggregates.map((of) => ({
        id: of,
        measure: { kind: 'statistic', of, column: number('a') } as const,
      })),
    };
    const { aggregates: figures } = await test.engine.checkTable(plan);
    expect(Object.values(figures ?? {}).map((figure) => Number.isFinite(figure))).toEqual([
      false,
      false,
      false,
    ]);
  });
});

describe('order', () => {
  it('is that of neighbours, absent cells passed over', async () => {
    await fc.assert(
      fc.asyncProperty(ROWS, fc.boolean(), fc.boolean(), async (rows, strict, isDecreasing) => {
        const answer = await test.engine.askTable(
          { path: write(rows) },
          {
            kind: 'order',
            column: number('a'),
            as: 'number',
            direction: isDecreasing ? 'decreasing' : 'increasing',
            strict,
            by: [],
            limit: 3,
          },
          [],
        );
        const numbered = rows.flatMap(({ a }, index) => (a === undefined ? [] : [{ a, row: index + 1 }]));
        const broken = numbered.filter(({ a }, index) => {
          const before = numbered[index - 1]?.a;
          if (before === undefined) return false;
          const step = isDecreasing ? before - a : a - before;
          return strict ? step <= 0 : step < 0;
        });
        expect(answer).toEqual({
          kind: 'found',
          count: broken.length,
          examples: broken.slice(0, 3).map(({ a, row }) => ({ row, value: a })),
        });
      }),
      { numRuns: 25 },
    );
  });
});

/** How several cells are one text. */
function keyOf({ a, k }: Row): string | undefined {
  return a === undefined || k === undefined ? undefined : `${a}|${k}`;
}

describe('foreign keys', () => {
  it('are the values that the other table lacks', async () => {
    await fc.assert(
      fc.asyncProperty(ROWS, ROWS, async (rows, others) => {
        const answer = await test.engine.askTable(
          { path: write(rows) },
          { kind: 'foreign-key', columns: ['a', 'k'], otherColumns: ['a', 'k'], limit: 2 },
          [{ path: write(others) }],
        );
        const known = new Set(others.map(keyOf));
        const orphans = rows.flatMap((row, index) => {
          const key = keyOf(row);
          return key === undefined || known.has(key) ? [] : [{ row: index + 1, value: key }];
        });
        expect(answer).toEqual({ kind: 'found', count: orphans.length, examples: orphans.slice(0, 2) });
      }),
      { numRuns: 30 },
    );
  });
});

/** Columns summarised by the engine: what is gathered of each kind, whatever the order of rows and the threads. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildProfile } from '../../src/data/profile/build-profile.ts';
import { mergeTables } from '../../src/data/profile/merge-summaries.ts';
import { printProfile } from '../../src/data/profile/profile-file.ts';
import { profileTable } from '../../src/data/profile/profile-table.ts';
import type { TableSummary } from '../../src/engine/profile.ts';
import type { ColumnProfile } from '../../src/schemas/evidence.generated.ts';
import { openTestEngine, type TestEngine } from './open-test-engine.ts';

let test: TestEngine;
beforeAll(() => {
  test = openTestEngine({ threads: 2 });
});
afterAll(async () => {
  await test.close();
});

async function profile(name: string, content: string, from = test) {
  const path = from.write(name, content);
  return await profileTable({ engine: from.engine, source: { path }, dataset: 'd' });
}

async function columnsOf(name: string, content: string): Promise<Readonly<Record<string, ColumnProfile>>> {
  const made = await profile(name, content);
  return Object.fromEntries(made.profile.columns.map((column) => [column.name, column]));
}

describe('the profile of a table', () => {
  it('tells of each kind of column what suits it', async () => {
    const found = await columnsOf(
      'kinds.csv',
      'n,x,b,s,d,t,e\n1,0.5,true,a,2024-01-01,2024-01-01T00:00:00Z,\n2,1.5,false,a,2024-01-03,2024-01-01T02:00:00+02:00,\n4,,true,bé,,2024-01-02T00:00:00.5Z,\n',
    );
    expect(found['n']).toMatchObject({
      type: 'integer',
      present: 3,
      absent: 0,
      distinct: { estimate: 3, exact: true },
      numeric: {
        min: 1,
        max: 4,
        mean: 2.333333333,
        histogram: { edges: [0.5, 1.5, 3, 5], counts: [1, 1, 1] },
      },
    });
    expect(found['x']).toMatchObject({ type: 'number', present: 2, absent: 1, numeric: { mean: 1 } });
    expect(found['b']).toMatchObject({ boolean: { true: 2, false: 1 } });
    expect(found['s']).toMatchObject({ text: { minLength: 1, maxLength: 2, meanLength: 1.333333333 } });
    expect(found['d']).toMatchObject({ absent: 1, time: { first: '2024-01-01', last: '2024-01-03' } });
    expect(found['t']).toMatchObject({
      distinct: { estimate: 2 },
      time: { first: '2024-01-01T00:00:00Z', last: '2024-01-02T00:00:00.500Z' },
    });
    expect(found['e']).toMatchObject({ present: 0, absent: 3 });
    expect(found['e']).not.toHaveProperty('text');
  });

  it('never estimates more different values than there are cells', async () => {
    const emails = Array.from({ length: 1200 }, (_, index) => `user${index}@example.com`);
    const { email } = await columnsOf('many.csv', `email\n${emails.join('\n')}\n`);
    expect(email?.distinct?.exact).toBe(false);
    expect(email?.distinct?.estimate).toBeLessThanOrEqual(1200);
  });

  it('lists values that repeat, and none that stands once', async () => {
    const { s } = await columnsOf('top.csv', `s\n${'x\n'.repeat(5)}${'y\n'.repeat(3)}once\n`);
    expect(s).toMatchObject({
      top: [
        { value: 'x', count: 5 },
        { value: 'y', count: 3 },
      ],
      others: 1,
    });
  });

  it('tells no value of a column that looks personal', async () => {
    const rows = Array.from({ length: 40 }, () => 'ada@example.org,1.5,2001-02-03').join('\n');
    const { profile: made, summary } = await profile('personal.csv', `email,salary,birth_date\n${rows}\n`);
    for (const told of [JSON.stringify(made), printProfile('d', summary)]) {
      expect(told).not.toMatch(/ada|2001|registers|1\.5[^0-9]*salary/u);
    }
    expect(made.columns[0]).toMatchObject({ personal: true, present: 40, text: { minLength: 15 } });
    expect(made.columns[0]).not.toHaveProperty('top');
  });

  it('counts nested values and nulls of JSON Lines, and cells of another type', async () => {
    const found = await columnsOf(
      'nested.jsonl',
      '{"a": 1, "o": {"x": 1}, "l": [1]}\n{"a": 2, "o": null}\n{"a": 3, "o": {"x": 2}, "l": []}\n',
    );
    expect(found['o']).toMatchObject({ type: 'other', present: 2, absent: 1 });
    expect(found['l']).toMatchObject({ type: 'other', present: 2, absent: 1 });
    expect(found['a']).toMatchObject({ numeric: { mean: 2 } });
  });

  it('counts NaN and infinity of Parquet apart', async () => {
    const path = await test.makeWithSql(
      (file) =>
        `COPY (SELECT unnest([1.0, 2.0, 'nan'::DOUBLE, '-inf'::DOUBLE, NULL]) AS x, DATE '2024-01-01' AS d) TO '${file}'`,
      'wild.parquet',
    );
    const { profile: made } = await profileTable({ engine: test.engine, source: { path }, dataset: 'd' });
    expect(made.columns).toMatchObject([
      { present: 4, absent: 1, numeric: { min: 1, max: 2, notFinite: 2 } },
      { type: 'date', time: { first: '2024-01-01' } },
    ]);
    expect(made.columns[0]).not.toHaveProperty('unread');
  });

  it('lets no name or value of a column change the query', async () => {
    const name = `"x'); DROP TABLE t; --""\u202e🙂"`;
    const { profile: made } = await profile(
      'names.csv',
      `${name},s\n1,"'; SELECT 1; --"\n2,"'; SELECT 1; --"\n`,
    );
    expect(made.columns.map((column) => column.name)).toEqual([`x'); DROP TABLE t; --"\u202e🙂`, 's']);
    expect(made.columns[1]?.top).toEqual([{ value: `'; SELECT 1; --`, count: 2 }]);
  });
});

/** Rows of a table with a column of each kind; more than the 2,048 that come in one piece. */
function makeRows(count: number, seed: number): readonly string[] {
  let state = seed;
  const next = (): number => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32;
  return Array.from({ length: count }, () => {
    const [a, b, c] = [next(), next(), next()];
    const day = new Date(1.6e12 + Math.floor(a * 1e11)).toISOString();
    return `${(a * 2 - 1) ** 3},${Math.floor(b * 300)},k${Math.floor(c * 7)},${Math.floor(b * 1e6)}${'x'.repeat(Math.floor(c * 12))},${day},${c < 0.1 ? '' : c < 0.5}`;
  });
}

const HEADER = 'x,n,k,u,t,b\n';
const ROWS = makeRows(9_000, 7);

function write(summary: TableSummary): string {
  return printProfile('d', summary);
}

describe('the summary of a table', () => {
  it('is the same for every order of rows, number of threads and format', async () => {
    const one = await profile('one.csv', `${HEADER}${ROWS.join('\n')}\n`);
    const reversed = await profile('reversed.csv', `${HEADER}${ROWS.toReversed().join('\n')}\n`);
    expect(reversed.profile).toEqual(one.profile);
    const alone = openTestEngine({ threads: 1 });
    try {
      const single = await profile('one.csv', `${HEADER}${ROWS.join('\n')}\n`, alone);
      expect(write(single.summary)).toBe(write(one.summary));
    } finally {
      await alone.close();
    }
    expect(JSON.stringify(one.profile).length).toBeLessThan(10_000);
  });

  it('of shards merges to that of the whole', async () => {
    const whole = await profile('whole.csv', `${HEADER}${ROWS.join('\n')}\n`);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: ROWS.length - 1 }), async (cut) => {
        const one = await profile('a.csv', `${HEADER}${ROWS.slice(0, cut).join('\n')}\n`);
        const other = await profile('b.csv', `${HEADER}${ROWS.slice(cut).join('\n')}\n`);
        const merged = mergeTables(
          { ...one.summary, columns: one.summary.columns },
          { ...other.summary, columns: other.summary.columns.toReversed() },
        );
        expect(buildProfile('d', merged)).toEqual(whole.profile);
      }),
      { numRuns: 3, seed: 20_261_121 },
    );
  });

  it('on the edges of another profile counts what moved out of them', async () => {
    const { profile: before } = await profile('before.csv', `${HEADER}${ROWS.join('\n')}\n`);
    const path = test.write(
      'after.csv',
      `${HEADER}5,1,k1,abc,2030-01-01T00:00:00Z,true\n-0.5,2,new,a,2020-10-01T00:00:00Z,false\n`,
    );
    const after = await profileTable({ engine: test.engine, source: { path }, dataset: 'd', frozen: before });
    const [x, , , , t] = after.profile.columns;
    expect(x?.numeric?.histogram.edges).toEqual(before.columns[0]?.numeric?.histogram.edges);
    expect(x?.numeric?.histogram.above).toBe(1);
    expect(x?.numeric?.histogram.counts.reduce((sum, count) => sum + count, 0)).toBe(1);
    expect(t?.time?.histogram.above).toBe(1);
  });
});

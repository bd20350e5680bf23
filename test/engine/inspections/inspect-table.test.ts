import { afterAll, describe, expect, it } from 'vitest';

import type { IntegrityRequest, SplitsRequest } from '../../../src/engine/inspections.ts';
import { openTestEngine } from '../open-test-engine.ts';

const given = openTestEngine();
afterAll(given.close);

let files = 0;
function write(text: string, extension = 'csv'): { readonly path: string } {
  files += 1;
  return { path: given.write(`faults-${files}.${extension}`, text) };
}

function csv(header: string, rows: readonly (readonly unknown[])[]): { readonly path: string } {
  return write([header, ...rows.map((row) => row.join(','))].join('\n') + '\n');
}

function range<T>(n: number, make: (index: number) => T): readonly T[] {
  return Array.from({ length: n }, (_, index) => make(index));
}

async function integrity(
  source: { readonly path: string },
  request: Partial<IntegrityRequest> & { readonly columns: readonly string[] },
) {
  return await given.engine.inspectTable({
    kind: 'integrity',
    source,
    rowColumns: request.columns,
    mayShow: request.columns,
    ...request,
  });
}

describe('integrity', () => {
  it('counts types, null spellings, junk and variants of a column', async () => {
    const cells = ['1', '2', 'NA', 'n/a', 'x7', 'true', '', '-'];
    const cities = ['Berlin', 'berlin', 'Berlin ', 'Bonn', 'MÃ¼nchen', 'Ulm', 'Ulm', 'Bonn'];
    const answer = await integrity(
      csv(
        'a,b',
        cells.map((cell, index) => [cell, cities[index]]),
      ),
      {
        columns: ['a', 'b'],
      },
    );
    expect(answer.rows).toBe(8);
    expect(answer.columns[0]).toMatchObject({ present: 7, numbers: 2, booleans: 1, texts: 4, junk: 0 });
    expect(answer.columns[0]?.nullSpellings.map(({ text }) => text).sort()).toEqual(['NA', 'n/a']);
    expect(answer.columns[1]).toMatchObject({ values: 6, mostFrequent: 2, junk: 1 });
    expect(answer.columns[1]?.variants).toMatchObject({ groups: 1, cells: 2 });
    expect(answer.columns[1]?.variants.examples[0]).toContain('"Berlin "');
  });

  it('counts a null of JSON as missing, not as a text among numbers', async () => {
    const rows = [...range(9, (index) => ({ a: index })), { a: null }, {}];
    const answer = await integrity(write(JSON.stringify(rows), 'json'), { columns: ['a'] });
    expect(answer.columns[0]).toMatchObject({ present: 9, numbers: 9, booleans: 0, texts: 0 });
  });

  it('counts a dash as missing among numbers only', async () => {
    const numbers = csv('a', [...range(9, (index) => [index]), ['-']]);
    const texts = csv('a', [...range(9, (index) => [`v${index}`]), ['-']]);
    expect((await integrity(numbers, { columns: ['a'] })).columns[0]?.nullSpellings).toEqual([
      { text: '-', count: 1 },
    ]);
    expect((await integrity(texts, { columns: ['a'] })).columns[0]?.nullSpellings).toEqual([]);
  });

  it('tells no spelling of a column that may not be shown', async () => {
    const answer = await integrity(csv('a', [['Ann'], ['ann'], ['Bob']]), { columns: ['a'], mayShow: [] });
    expect(answer.columns[0]?.variants).toEqual({ groups: 1, cells: 1, examples: [] });
  });

  it('finds columns that are the same in every row, and none that only hold the same values', async () => {
    const answer = await integrity(
      csv(
        'a,b,c,d',
        range(50, (index) => [index, (index + 1) % 50, index, 'k']),
      ),
      { columns: ['a', 'b', 'c', 'd'] },
    );
    expect(answer.columns.map(({ sameAs }) => sameAs)).toEqual([undefined, undefined, 'a', undefined]);
  });

  it('counts repeated rows and contradicting labels', async () => {
    const rows = [
      ['x', 1, 'yes'],
      ['x', 1, 'no'],
      ['x', 1, 'yes'],
      ['y', 2, 'no'],
      ['y', 3, 'no'],
      ['', 4, 'no'],
      ['', 4, 'no'],
    ];
    const answer = await integrity(csv('a,b,l', rows), { columns: ['a', 'b', 'l'], label: 'l' });
    expect(answer.duplicateRows).toBe(2);
    expect(answer.labels).toEqual({ labelled: 7, classes: 2, rarest: 2, conflicting: 3 });
  });

  it('reads JSON Lines and Parquet', async () => {
    const jsonl = write('{"a":1,"b":"u"}\n{"a":"x"}\n{"a":true,"b":null}\n', 'jsonl');
    const answer = await integrity(jsonl, { columns: ['a', 'b'] });
    expect(answer.columns[0]).toMatchObject({ present: 3, numbers: 1, booleans: 1, texts: 1 });
    const path = await given.makeWithSql(
      (path) => `COPY (SELECT i % 2 AS a, 'v' || i AS b FROM range(10) t(i)) TO '${path}' (FORMAT parquet)`,
      'faults.parquet',
    );
    expect((await integrity({ path }, { columns: ['a', 'b'] })).columns[0]).toMatchObject({
      numbers: 10,
      values: 2,
      mostFrequent: 5,
    });
  });
});

function splits(
  earlier: { readonly path: string },
  later: { readonly path: string },
  request: Partial<SplitsRequest> = {},
) {
  return given.engine.inspectTable({
    kind: 'splits',
    earlier: { source: earlier },
    later: { source: later },
    features: [
      { name: 'a', declaredTypes: ['number'] },
      { name: 'b', declaredTypes: ['string'] },
    ],
    ...request,
  });
}

describe('splits', () => {
  const train = csv(
    'id,a,b,y,t',
    range(1000, (index) => [
      index,
      index,
      `g${index % 5}`,
      index % 2 === 0 ? 'p' : 'q',
      `2026-01-${String((index % 28) + 1).padStart(2, '0')}`,
    ]),
  );

  it('counts rows that stand in both, whatever the format', async () => {
    const test = csv(
      'a,b',
      range(100, (index) => [990 + index, `g${index % 5}`]),
    );
    expect(await splits(train, test)).toMatchObject({
      earlierRows: 1000,
      laterRows: 100,
      shared: 10,
      repeated: 0,
    });
    const path = await given.makeWithSql(
      (path) =>
        `COPY (SELECT CAST(i + 990 AS DOUBLE) AS a, 'g' || (i % 5) AS b FROM range(100) t(i)) TO '${path}' (FORMAT parquet)`,
      'later.parquet',
    );
    expect(await splits(train, { path })).toMatchObject({ shared: 10 });
  });

  it('takes an absent cell for equal to an absent one', async () => {
    expect(
      await splits(
        csv('a,b', [
          ['', 'x'],
          [1, ''],
        ]),
        csv('a,b', [
          ['', 'x'],
          ['', 'y'],
        ]),
      ),
    ).toMatchObject({ shared: 1 });
  });

  it('counts entities, earlier rows, new and vanished labels and categories', async () => {
    const later = csv(
      'id,a,b,y,t',
      range(200, (index) => [
        index < 4 ? 7 : 5000 + index,
        -1 - index,
        index < 6 ? 'new' : 'g1',
        index < 3 ? 'r' : 'p',
        index < 5 ? '2026-01-02' : '2026-02-01',
      ]),
    );
    const answer = await splits(train, later, {
      entity: { name: 'id', declaredTypes: [] },
      time: { name: 't', declaredTypes: ['string'] },
      label: { name: 'y', declaredTypes: ['string'] },
    });
    expect(answer).toMatchObject({
      shared: 0,
      entities: { shared: 1, rows: 4 },
      time: { overlapping: 5, rows: 200 },
      label: { newRows: 3, newValues: 1, vanishedValues: 1, vanishedRows: 500, rows: 200 },
    });
    expect(answer.categories).toEqual([
      { column: 'b', newRows: 6, newValues: 1, vanishedValues: 4, vanishedRows: 800, rows: 200 },
    ]);
  });

  it('compares splits of one file', async () => {
    const both = csv('a,b,s', [
      [1, 'x', 'train'],
      [2, 'x', 'train'],
      [2, 'x', 'test'],
      [3, 'x', 'test'],
    ]);
    const answer = await splits(both, both, {
      earlier: { source: both, only: { column: 's', value: 'train' } },
      later: { source: both, only: { column: 's', value: 'test' } },
    });
    expect(answer).toMatchObject({ earlierRows: 2, laterRows: 2, shared: 1 });
  });

  it('finds texts and rows that are almost the same', async () => {
    const words = range(40, (index) => `word${index}`);
    const text = words.join(' ');
    const almost = words.with(39, 'other').join(' ');
    const other = range(40, (index) => `thing${index}`).join(' ');
    const near = { similarity: 0.8, seed: 1 };
    const answer = await splits(
      csv('a,b', [[1, text]]),
      csv('a,b', [
        [2, almost],
        [3, other],
      ]),
      { near: { ...near, columns: ['b'] } },
    );
    expect(answer.near).toEqual({ looked: 2, found: 1, isSample: false });
    const wide = range(20, (index) => ({ name: `c${index}`, declaredTypes: ['number'] as const }));
    const header = wide.map(({ name }) => name).join(',');
    const row = range(20, (index) => index);
    const rows = await splits(
      csv(header, [row]),
      csv(header, [row.with(3, 99), range(20, (index) => 100 + index)]),
      { features: wide, near: { ...near, columns: [] } },
    );
    expect(rows.near).toEqual({ looked: 2, found: 1, isSample: false });
  });
});

describe('label scores', () => {
  const rows = range(2000, (index) => {
    const noise = Math.sin(index * 12.9898) * 43758.5453;
    const random = noise - Math.floor(noise);
    const label = random < 0.5 ? 'no' : 'yes';
    return [
      label === 'yes' ? 1 : 0,
      random * 100,
      (index * 7919) % 1000,
      `u${index}`,
      `c${index % 3}`,
      label,
      random * 100 + 5,
    ];
  });
  const source = csv('copy,number,noise,id,category,y,z', rows);
  const columns = ['copy', 'number', 'noise', 'id', 'category'].map((name) => ({ name, declaredTypes: [] }));

  it('finds what gives the label away, and no id or noise', async () => {
    const answer = await given.engine.inspectTable({
      kind: 'label-scores',
      source,
      label: { name: 'y', declaredTypes: [] },
      columns,
      seed: 1,
    });
    expect(answer).toMatchObject({ labelled: 2000, classes: 2 });
    const scoreOf = (column: string | undefined) =>
      answer.scores.find((score) => score.column === column)?.score;
    expect(scoreOf('copy')).toBeGreaterThan(0.98);
    expect(scoreOf('number')).toBeGreaterThan(0.9);
    expect(scoreOf('noise')).toBeLessThan(0.05);
    expect(scoreOf('category')).toBeLessThan(0.05);
    expect(scoreOf(undefined)).toBeLessThan(0.05);
    expect(scoreOf('id')).toBeUndefined();
  });

  it('scores a label of numbers by squared error', async () => {
    const answer = await given.engine.inspectTable({
      kind: 'label-scores',
      source,
      label: { name: 'z', declaredTypes: [] },
      columns,
      seed: 1,
    });
    expect(answer.classes).toBeUndefined();
    const scoreOf = (column: string) => answer.scores.find((score) => score.column === column)?.score;
    expect(scoreOf('number')).toBeGreaterThan(0.99);
    expect(scoreOf('noise')).toBeLessThan(0.05);
  });

  it('sees that a file is sorted by its label', async () => {
    const sorted = csv(
      'a,y',
      range(1000, (index) => [(index * 37) % 11, index < 500 ? 'no' : 'yes']),
    );
    const answer = await given.engine.inspectTable({
      kind: 'label-scores',
      source: sorted,
      label: { name: 'y', declaredTypes: [] },
      columns: [],
      seed: 1,
    });
    expect(answer.scores[0]?.score).toBeGreaterThan(0.9);
  });
});

/** Dates and times of Parquet against formats: what is certain by its type is not written out, the rest is judged as text. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CellCheck, CellFormat } from '../../src/engine/engine.ts';
import { openTestEngine, type TestEngine } from './open-test-engine.ts';

const DAYS = [
  "'2024-02-29'",
  "'0001-01-01'",
  "'0001-01-02'",
  "'9999-12-30'",
  "'9999-12-31'",
  "'10000-01-01'",
  "'0044-03-15 (BC)'",
  "'infinity'",
  "'-infinity'",
  'NULL',
];

/** Year 10000, before Christ, and both infinities. */
const WRONG = 4;

let opened: TestEngine;

beforeAll(() => {
  opened = openTestEngine();
});

afterAll(async () => {
  await opened.close();
});

function checkFormat(column: string, format: CellFormat): CellCheck {
  return {
    id: `${column}/${format}`,
    column,
    declaredTypes: ['string'],
    condition: { kind: 'format', format },
  };
}

function checkString(column: string): CellCheck {
  return {
    id: `${column}/type`,
    column,
    declaredTypes: ['string'],
    condition: { kind: 'type', types: ['string'] },
  };
}

test('days, moments and moments with a zone keep their formats at every edge', async () => {
  const rows = DAYS.map(
    (day) =>
      `(CAST(${day} AS DATE), CAST(${day} AS TIMESTAMP), CAST(CAST(${day} AS TIMESTAMP) AS TIMESTAMPTZ))`,
  );
  const path = await opened.makeWithSql(
    (out) =>
      `SET TimeZone = 'UTC'; COPY (SELECT * FROM (VALUES ${rows.join(', ')}) AS t(day, moment, zoned)) TO '${out}' (FORMAT parquet)`,
    'times.parquet',
  );
  const columns = ['day', 'moment', 'zoned'];
  const { violations } = await opened.engine.checkTable({
    source: { path },
    cells: columns.flatMap((column) => [
      checkString(column),
      checkFormat(column, 'date'),
      checkFormat(column, 'date-time'),
    ]),
    absent: [],
    unique: [],
  });
  const present = DAYS.length - 1;
  expect(violations).toEqual({
    'day/type': 0,
    'day/date': WRONG,
    'day/date-time': present,
    'moment/type': 0,
    'moment/date': present,
    'moment/date-time': WRONG,
    'zoned/type': 0,
    'zoned/date': present,
    'zoned/date-time': WRONG,
  });
});

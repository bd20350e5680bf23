import { expect, test } from 'vitest';
import { readingOf } from '../../src/data/cell-reading.ts';
import { parseDataSchema } from '../../src/config/parse-data-schema.ts';
import { rulesOf } from '../../src/engine/cell-reading.ts';

function readingFrom(dataset: object): ReturnType<typeof readingOf> {
  const properties = {
    day: { type: 'string', format: 'date' },
    name: { type: 'string' },
    price: { type: 'number' },
    free: {},
  };
  return readingOf(parseDataSchema(JSON.stringify({ properties, dataset }), 'schema.json').schema);
}

test('a schema that says nothing of cells reads them as by default', () => {
  expect(readingFrom({})).toBeUndefined();
});

test('rules of the table, where they are meant for a column', () => {
  const reading = readingFrom({
    cells: { 'null-values': ['NA'], trim: true, dates: ['%d.%m.%Y'], 'not-finite': 'null', decimal: ',' },
  });
  const everywhere = { nullValues: ['NA'], trim: true, decimal: ',' };
  expect(rulesOf(reading, 'day')).toStrictEqual({ ...everywhere, dates: ['%d.%m.%Y'] });
  expect(rulesOf(reading, 'name')).toStrictEqual(everywhere);
  expect(rulesOf(reading, 'price')).toStrictEqual({ ...everywhere, notFinite: 'null' });
  expect(rulesOf(reading, 'free')).toStrictEqual({ ...everywhere, notFinite: 'null' });
});

test('rules of a column stand in place of the table’s, one by one', () => {
  const reading = readingFrom({
    cells: { 'null-values': ['NA'], 'not-finite': 'null', 'true-values': ['y'], 'false-values': ['n'] },
    'column-cells': {
      name: { 'null-values': [], dates: ['%Y%m%d'] },
      price: { 'not-finite': 'error', thousands: '.', decimal: ',', 'big-integers': 'error' },
      extra: { trim: true },
    },
  });
  const words = { trueValues: ['y'], falseValues: ['n'] };
  expect(rulesOf(reading, 'name')).toStrictEqual({ ...words, nullValues: [], dates: ['%Y%m%d'] });
  expect(rulesOf(reading, 'price')).toStrictEqual({
    ...words,
    nullValues: ['NA'],
    notFinite: 'error',
    thousands: '.',
    decimal: ',',
    bigIntegers: 'error',
  });
  expect(rulesOf(reading, 'extra')).toStrictEqual({
    ...words,
    nullValues: ['NA'],
    notFinite: 'null',
    trim: true,
  });
  expect(rulesOf(reading, 'other')).toStrictEqual({ ...words, nullValues: ['NA'] });
});

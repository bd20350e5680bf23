import { expect, test } from 'vitest';
import { parseDataSchema } from '../../src/config/parse-data-schema.ts';

function parse(dataset: object, more: object = {}): unknown {
  const schema = { properties: { price: { type: 'number' } }, dataset, ...more };
  return parseDataSchema(JSON.stringify(schema, undefined, 1), 's.json');
}

test.each([
  [{ cells: { thousands: ',', decimal: '.' } }],
  [{ cells: { decimal: ',' }, 'column-cells': { price: { thousands: '.' } } }],
  [
    {
      cells: { 'true-values': ['1'] },
      'column-cells': { price: { 'true-values': ['2'], 'false-values': ['1'] } },
    },
  ],
  [{ cells: { dates: ['%d.%m.%Y', '%Y%m%d %-H:%M:%S', '100%% %y-%-m-%-d'] } }],
  [{ 'column-cells': { unknown: { 'null-values': [] } } }],
])('%j is in order', (dataset) => {
  expect(() => parse(dataset)).not.toThrow();
});

test.each([
  [
    { cells: { thousands: '.' } },
    /dataset\.cells\.thousands.*`"\."` cannot be the decimal mark and stand between/u,
  ],
  [
    { cells: { thousands: ',' }, 'column-cells': { price: { decimal: ',' } } },
    /dataset\.column-cells\.price\.decimal.*`","` cannot be the decimal mark/u,
  ],
  [
    { cells: { 'true-values': ['1', 'y'] }, 'column-cells': { price: { 'false-values': ['1'] } } },
    /dataset\.column-cells\.price\.false-values.*`"1"` cannot mean true and false/u,
  ],
  [{ cells: { dates: ['%d.%m.%Y', '%d %b %Y'] } }, /dataset\.cells\.dates\.1.*`"%b"` is none of %Y, %y, %m/u],
  [{ cells: { dates: ['%d.%m.'] } }, /dataset\.cells\.dates\.0.*`"%d\.%m\."` has no place for a year/u],
  [{ cells: {} }, /dataset\.cells/u],
  [{ cells: { nulls: ['NA'] } }, /nulls/u],
])('%j is a mistake', (dataset, message) => {
  expect(() => parse(dataset)).toThrow(message);
});

test('rules for a column that may not exist are a mistake', () => {
  expect(() => parse({ 'column-cells': { prize: { trim: true } } }, { additionalProperties: false })).toThrow(
    /the column `"prize"` is not listed in `properties`.*Did you mean `"price"`/u,
  );
});

function boundBy(maximum: string): string {
  return `{ "properties": { "id": { "maximum": ${maximum} } } }`;
}

test('a bound that is rounded when it is read is a mistake', () => {
  expect(() => parseDataSchema(boundBy('9007199254740993'), 's.json')).toThrow(
    /s\.json:1:38.*properties\.id\.maximum.*9007199254740993 would be read as 9007199254740992, the nearest double/u,
  );
  for (const kept of ['9007199254740992', '18446744073709551616', '1e300', '9007199254740993.5', '-1']) {
    expect(() => parseDataSchema(boundBy(kept), 's.json')).not.toThrow();
  }
});

test('a text that is too short is told with its least length', () => {
  const skip = [{ check: 'price/UNEXPECTED_DATA_TYPE', reason: 'known', until: '2026-12-01' }];
  expect(() => parse({ skip })).toThrow(
    /dataset\.skip\.0\.reason: must be a text of at least 10 and of at most 300 characters; it is `"known"`/u,
  );
});

test('a keyword that is misspelled is told with the one that is meant, not with all sixty', () => {
  expect(() =>
    parse({ 'min-domain-mass': { price: 1 } }, { properties: { price: { typ: 'number' } } }),
  ).toThrow(/properties\.price\.typ: unknown key\. Did you mean `type`\?$/mu);
});

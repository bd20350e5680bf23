/** Cells and files as a user meets them: one command line each. */
import { expect, test } from 'vitest';
import { mlgate, mlgateJson, useFolders } from './harness.ts';

const makeFolder = useFolders();

const SCHEMA = `
properties:
  id: { type: integer }
  price: { type: number, minimum: 0 }
  day: { type: string, format: date }
  active: { type: [boolean, "null"] }
  country: { type: string, minLength: 2 }
required: [id, price, day, country]
dataset:
  unique: [[id]]
  cells: { null-values: [NA, "-"], decimal: ",", thousands: ".", dates: ["%d.%m.%Y"], trim: true }
  column-cells:
    country: { null-values: [] }
    active: { true-values: [ja], false-values: [nein] }
`;
const HEADER = 'id,price,day,active,country\n';
const GOOD = `${HEADER}1,"1.234,50",31.01.2024,ja,NA\n2, 0 ,2024-02-29,-,DE\n`;
const WORDS = ['validate', 'd.csv', '--schema', 's.yml'];

test('a German export passes as it is', async () => {
  const folder = await makeFolder({ 's.yml': SCHEMA, 'd.csv': GOOD });
  expect(await mlgate(folder, WORDS)).toMatchObject({ exitCode: 0, err: '' });
});

test.each([
  ['3,1.5,31.01.2024,ja,DE', 'price/UNEXPECTED_DATA_TYPE', { row: 3, column: 'price', value: '1.5' }],
  ['3,1,31.02.2024,ja,DE', 'day/STRING_FORMAT_MISMATCH', { row: 3, column: 'day', value: '31.02.2024' }],
  ['3,1,31.01.2024,yes,DE', 'active/UNEXPECTED_DATA_TYPE', { row: 3, column: 'active', value: 'yes' }],
  ['3,NA,31.01.2024,ja,DE', 'price/FEATURE_TYPE_LOW_FRACTION_PRESENT', { row: 3, column: 'price' }],
])('what cannot be read as declared is an anomaly with its row: %s', async (row, id, example) => {
  const folder = await makeFolder({ 's.yml': SCHEMA, 'd.csv': `${GOOD}${row}\n` });
  const { exitCode, document } = await mlgateJson(folder, WORDS);
  expect(exitCode).toBe(1);
  const { checks } = (document as { readonly body: { readonly checks: readonly object[] } }).body;
  expect(checks.filter((check) => 'verdict' in check && check.verdict === 'fail')).toMatchObject([
    { id: `data/data/${id}`, violations: 1, examples: [example] },
  ]);
});

test('files with other columns are a failing check, not an error', async () => {
  const folder = await makeFolder({ 's.yml': SCHEMA, 'd/0.csv': GOOD, 'd/1.csv': 'id,price\n3,1\n' });
  const { exitCode, out, err } = await mlgate(folder, ['validate', 'd/*.csv', '--schema', 's.yml']);
  expect([exitCode, err]).toEqual([1, '']);
  expect(out.replaceAll(/\s+/g, ' ')).toContain(
    'd/*.csv is not one table: d/1.csv has the columns "id", "price", but the first file has "id", "price", "day"',
  );
  expect(out).not.toContain(folder);
});

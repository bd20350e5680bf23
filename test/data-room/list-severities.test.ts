import { expect, it } from 'vitest';
import { parseDataSchema } from '../../src/config/parse-data-schema.ts';
import { listSchemaChecks } from '../../src/data/list-severities.ts';

const SCHEMA = `
properties:
  id: { type: integer, minimum: 0 }
  region: { type: string }
dataset:
  unique: [{ columns: [id], severity: warn }]
  order: [{ column: id, severity: fail }]
  rules: [{ name: north, when: region = north, then: { unique: [[id]] }, severity: warn }]
  slices: [{ by: [region], each: { rows: { at-least: 1 } }, severity: warn }]
  severity: { ORDER_BROKEN: warn, INT_TYPE_SMALL_INT: warn }
`;

it.each([
  ['id/DUPLICATE_KEY', 'DUPLICATE_KEY', 'warn'],
  ['id/ORDER_BROKEN', 'ORDER_BROKEN', 'fail'],
  ['id/INT_TYPE_SMALL_INT', 'INT_TYPE_SMALL_INT', 'warn'],
  ['id/UNEXPECTED_DATA_TYPE', 'UNEXPECTED_DATA_TYPE', undefined],
  ['when/north/id/DUPLICATE_KEY', 'DUPLICATE_KEY', 'warn'],
  ['slices/region/region=whatever/DATASET_LOW_NUM_EXAMPLES', 'DATASET_LOW_NUM_EXAMPLES', 'warn'],
  ['slices/region/TOO_MANY_SLICES', 'TOO_MANY_SLICES', 'warn'],
  ['a check that the schema does not ask for', 'ORDER_BROKEN', 'warn'],
])('the schema says what %s counts', (id, name, severity) => {
  const { severityOf } = listSchemaChecks(parseDataSchema(SCHEMA, 'd.yml').schema, 'd');
  expect(severityOf({ id: `data/d/${id}`, name })).toBe(severity);
});

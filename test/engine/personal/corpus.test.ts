/** How well values alone tell personal data: on columns that the Faker library invented, see test/fixtures/generate. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterAll, expect, it } from 'vitest';

import { findPersonal } from '../../../src/data/privacy/inspect-privacy.ts';
import { openTestEngine } from '../open-test-engine.ts';

const FOLDER = resolve('test/fixtures/personal');
const TRUTH = JSON.parse(readFileSync(resolve(FOLDER, 'corpus.json'), 'utf8')) as Readonly<
  Record<string, string | null>
>;

const given = openTestEngine();
afterAll(given.close);

it('finds all columns of personal data, and takes no other for such', async () => {
  const answer = await given.engine.inspectTable({
    kind: 'personal',
    source: { path: resolve(FOLDER, 'corpus.csv') },
    columns: Object.keys(TRUTH),
  });
  const found = new Map(findPersonal(answer).map(({ column, detail = '' }) => [column, detail]));
  const columns = Object.entries(TRUTH);
  const personal = columns.filter(([, kind]) => kind !== null);
  const impersonal = columns.filter(([, kind]) => kind === null);
  const missed = personal.filter(([column]) => !found.has(column)).map(([, kind]) => kind);
  const invented = impersonal.filter(([column]) => found.has(column)).map(([column]) => found.get(column));
  const misnamed = personal.filter(
    ([column, kind]) => found.has(column) && found.get(column)?.includes(String(kind)) !== true,
  );
  expect([personal.length, impersonal.length]).toEqual([135, 162]);
  expect(invented).toEqual([]);
  expect(missed).toEqual([]);
  expect(misnamed).toEqual([]);
});

import { describe, expect, it } from 'vitest';
import { WITHHELD, withholdPersonal } from '../../../src/data/privacy/withhold-personal.ts';
import type { Engine } from '../../../src/engine/engine.ts';
import type { TableQuestionAnswer } from '../../../src/engine/table-questions.ts';

/** What is shown of one row that a query returned. */
async function show(sql: string, value: string): Promise<unknown> {
  const answer: TableQuestionAnswer = { kind: 'found', count: 1, examples: [{ row: 1, value }] };
  const engine: Pick<Engine, 'findExamples' | 'askTable'> = {
    findExamples: async () => Promise.resolve({}),
    askTable: async () => Promise.resolve(answer),
  };
  const guarded = withholdPersonal(engine, new Set(['Nick']));
  const tables = [{ name: 'data', columns: [] }];
  const question = { kind: 'query', sql, tables, seconds: 1, limit: 1 } as const;
  const found = await guarded.askTable({ path: 'data.csv' }, question, []);
  return found.kind === 'found' ? found.examples[0]?.value : undefined;
}

describe('the rows of a query', () => {
  it.each([
    // What a row names itself: no text names the columns of these.
    ['FROM data', '{"surname":"Lovelace"}'],
    ['TABLE data', '{"id":1,"Nick":"ada1815"}'],
    ["SELECT COLUMNS('s.rname') FROM data", '{"surname":"Lovelace"}'],
    ['SELECT data FROM data', '{"data":{"id":1,"surname":"Lovela'],
    // What the text names and the row does not.
    ['SELECT surname AS x FROM data', '{"x":"Lovelace"}'],
    ['SELECT d."last name" AS x FROM data d', '{"x":"Lovelace"}'],
    ['SELECT upper(nick) AS x FROM data', '{"x":"ADA1815"}'],
    // What is such by its form.
    ['SELECT remark FROM data', '{"remark":"ada@example.org"}'],
  ])('are withheld where they are personal: %s', async (sql, value) => {
    expect(await show(sql, value)).toBe(WITHHELD);
  });

  it('are shown where they are not', async () => {
    const value = '{"id":1,"net":3.5}';
    expect(await show('SELECT * FROM data WHERE net > 2', value)).toBe(value);
  });
});

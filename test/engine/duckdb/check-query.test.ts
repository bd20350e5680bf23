import { afterAll, describe, expect, it } from 'vitest';
import type { TableQuestionAnswer } from '../../../src/engine/table-questions.ts';
import { openTestEngine } from '../open-test-engine.ts';

const test = openTestEngine();
afterAll(async () => {
  await test.close();
});
const path = test.write('data.csv', 'id,name,"odd ""name"""\n1,a,x\n2,b,y\n3,,z\n');
const secret = test.write('secret.csv', 'password\nhunter2\n');

async function ask(sql: string, seconds = 60): Promise<TableQuestionAnswer> {
  const columns = [{ column: 'id', declaredTypes: ['integer'], isTime: false }] as const;
  return await test.engine.askTable(
    { path },
    { kind: 'query', sql, tables: [{ name: 'data', columns }], seconds, limit: 3 },
    [],
  );
}

/** What a pull request might write into a schema. */
const ATTACKS: readonly (readonly [sql: string, why: RegExp])[] = [
  [`SELECT * FROM read_csv('${secret}')`, /reads `read_csv/u],
  [`SELECT * FROM '${secret}'`, /which is no table of it/u],
  [`SELECT * FROM read_text('/etc/passwd')`, /reads `read_text/u],
  [`SELECT * FROM glob('/*')`, /reads `glob/u],
  [`SELECT (SELECT count(*) FROM '${secret}') FROM data`, /which is no table of it/u],
  [`SELECT * FROM data WHERE id IN (FROM '${secret}')`, /which is no table of it/u],
  [`SELECT 1 UNION ALL FROM read_blob('/etc/passwd')`, /reads `read_blob/u],
  [`COPY data TO '/tmp/stolen.csv'`, /is no plain SELECT/u],
  [`COPY (SELECT 1) TO '${path}'`, /is no plain SELECT/u],
  ["ATTACH '/tmp/x.db'", /is no plain SELECT/u],
  ['PRAGMA database_list', /is no plain SELECT/u],
  ["SET memory_limit = '1TB'", /is no plain SELECT/u],
  ['INSTALL httpfs', /is no plain SELECT/u],
  ['CALL pragma_version()', /is no plain SELECT/u],
  ['CREATE TABLE t AS SELECT 1', /is no plain SELECT/u],
  ['DELETE FROM data', /is no plain SELECT/u],
  ['SELECT 1; DROP TABLE arrow', /is no plain SELECT/u],
  ['SELECT 1; SELECT 2', /is not one statement/u],
  ['', /is not one statement/u],
  ['SELECT 1) UNION (SELECT 2', /cannot be read/u],
  ['SELECT 1 /*', /cannot be read/u],
  ['EXPLAIN SELECT 1', /is no plain SELECT/u],
  ['DESCRIBE data', /is no plain SELECT/u],
  ['FROM (SHOW ALL TABLES)', /is no plain SELECT/u],
  ['SELECT * FROM duckdb_settings()', /reads `duckdb_settings/u],
  ['SELECT * FROM duckdb_settings', /reads `duckdb_settings/u],
  ['SELECT * FROM sqlite_master', /which is no table of it/u],
  ['SELECT * FROM information_schema.tables', /which is no table of it/u],
  ['SELECT * FROM main.data', /which is no table of it/u],
  ['WITH duckdb_settings AS (FROM duckdb_settings) FROM duckdb_settings', /which is no table of it/u],
  ['SELECT (WITH duckdb_settings AS (SELECT 1) SELECT 1) FROM duckdb_settings', /which is no table of it/u],
  ['WITH RECURSIVE r AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM r) FROM r', /./u],
  ["SELECT * FROM query('SELECT 1')", /reads `query/u],
  ["SELECT * FROM query_table('data')", /reads `query_table/u],
  ["SELECT current_setting('temp_directory')", /calls `current_setting`/u],
  ["SELECT system.main.current_setting('temp_directory')", /calls `current_setting`/u],
  ["SELECT getvariable('x')", /calls `getvariable`/u],
  ["SELECT json_execute_serialized_sql('x')", /calls `json_execute_serialized_sql`/u],
  ["SELECT nextval('s')", /calls `nextval`/u],
  ['SELECT random()', /calls `random`/u],
  ['SELECT now()', /calls `(?:now|get_current_timestamp)`/u],
  ['SELECT CURRENT_TIMESTAMP FROM data', /calls `get_current_timestamp`|calls `current_timestamp`/u],
  ['SELECT sleep_ms(100000)', /calls `sleep_ms`/u],
  ["SELECT write_log('x')", /calls `write_log`/u],
  ["SELECT age(TIMESTAMP '2020-01-01')", /calls `age`/u],
  ['SELECT version()', /calls `version`/u],
  ['SELECT reservoir_quantile(id, 0.5) FROM data', /calls `reservoir_quantile`/u],
  ['SELECT pg_typeof(1)', /calls `pg_typeof`/u],
  ['SELECT no_such_function(1)', /calls `no_such_function`/u],
  ['SELECT * FROM data USING SAMPLE 1', /./u],
  ['SELECT * FROM data TABLESAMPLE 10%', /takes a sample/u],
  ['PIVOT data ON name USING sum(id)', /is no plain SELECT/u],
  ['SELECT $1', /has a parameter/u],
  ['SELECT missing FROM data', /does not run: Binder Error/u],
  ['SELECT CAST(name AS INTEGER) FROM data', /does not run: Conversion Error/u],
];

describe('a query of a schema', () => {
  it.each(ATTACKS)('is refused: %s', async (sql, why) => {
    await expect(ask(sql)).rejects.toMatchObject({
      name: 'PlanError',
      message: expect.stringMatching(/^The query /u) as string,
    });
    await expect(ask(sql)).rejects.toThrow(why);
  });

  it.each([
    ['SELECT * FROM data', 3],
    ['FROM data WHERE id > 1 -- a remark', 2],
    ['SELECT "odd ""name""" FROM DATA d WHERE d.name IS NULL;', 1],
    ['WITH named AS (FROM data WHERE name IS NOT NULL), twice AS (FROM named) SELECT count(*) FROM twice', 1],
    ["SELECT a.id FROM data a JOIN data b ON a.id = b.id + 1 WHERE a.name LIKE '%b%'", 1],
    ['SELECT id, lag(id) OVER (ORDER BY id) AS before FROM data QUALIFY before IS NOT NULL', 2],
    ['SELECT name, sum(id) FILTER (id > 1), list(id), quantile_cont(id, 0.5) FROM data GROUP BY ALL', 3],
    ["SELECT unnest([1, 2, 3]), {'a': 1}, [x + 1 for x in [1, 2]]", 3],
    [
      "SELECT CASE WHEN id = 1 THEN coalesce(name, '?') END, upper(name) || 'x', regexp_matches(name, 'a') FROM data WHERE NOT EXISTS (SELECT 1 FROM data b WHERE b.id = data.id + 1)",
      1,
    ],
    ['SELECT id FROM data UNION ALL SELECT i FROM range(5) t(i) EXCEPT SELECT 0', 4],
    ['VALUES (1), (2)', 2],
    ["SELECT age(TIMESTAMP '2020-01-02', TIMESTAMP '2020-01-01')", 1],
    ["SELECT date_trunc('month', DATE '2026-03-01') FROM data ORDER BY 1 LIMIT 2", 2],
  ])('is run: %s', async (sql, count) => {
    expect(await ask(sql)).toMatchObject({ kind: 'found', count });
  });

  it('says no value of a cell where one cannot be converted', async () => {
    const told = /does not run: Conversion Error: a value is not what the query takes it for/u;
    await expect(ask('SELECT CAST(name AS INTEGER) FROM data')).rejects.toThrow(told);
    await expect(ask("SELECT CAST(name || 'SECRET' AS DATE) FROM data")).rejects.not.toThrow('SECRET');
  });

  it('ends when it takes too long, and the engine goes on', async () => {
    const endless = 'SELECT sum(a.range * b.range) FROM range(10000000) a, range(10000000) b';
    await expect(ask(endless, 0.2)).rejects.toThrow('The query took longer than 0.2 seconds.');
    expect(await ask('FROM data')).toMatchObject({ count: 3 });
  });

  it('ends where one call of a function takes too long to listen', async () => {
    const deaf = "SELECT repeat('x', 4000000000)";
    await expect(ask(deaf, 0.2)).rejects.toThrow(
      /^The query took (?:longer than 0\.2 seconds|more than \d+ MB)/u,
    );
    // The process is gone, and with it the query; the next question gets another.
    await new Promise((done) => setTimeout(done, 1000));
    expect(await ask('FROM data')).toMatchObject({ count: 3 });
  });

  it('shows the same rows each time', async () => {
    const answers = new Set<string>();
    for (let time = 0; time < 5; time += 1)
      answers.add(JSON.stringify(await ask('SELECT name, id FROM data')));
    expect([...answers]).toEqual([expect.stringContaining('{\\"name\\":\\"a\\",\\"id\\":1.0}') as string]);
  });
});

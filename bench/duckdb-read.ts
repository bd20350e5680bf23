/**
 * The yardstick of `bench/validate.ts`: DuckDB reads a CSV file with the types that it finds itself, and counts the
 * values of every column, so that every cell is converted.
 *
 *     node bench/duckdb-read.ts bench/data/table-1000000.csv 2
 */
import { DuckDBInstance } from '@duckdb/node-api';

const [path = '', threads = '2'] = process.argv.slice(2);
const instance = await DuckDBInstance.create(':memory:', { threads });
const connection = await instance.connect();
const source = `read_csv('${path.replaceAll("'", "''")}')`;
const described = await connection.runAndReadAll(`DESCRIBE SELECT * FROM ${source}`);
const counts = described
  .getRows()
  .map(([name]) => `count("${String(name).replaceAll('"', '""')}")`)
  .join(', ');
const answer = await connection.runAndReadAll(`SELECT count(*), ${counts} FROM ${source}`);
console.log(JSON.stringify({ rows: Number(answer.getRows()[0]?.[0]) }));

/** A table's columns for people: names, and what they seem to hold. */
import type { ColumnDescription, TableDescription, TableFormat } from '../engine.ts';
import { compileSource, DELIMITERS, isJson, type TableShape } from './compile-source.ts';
import type { Database } from './database.ts';

type ColumnType = ColumnDescription['type'];

function typeOfDuckDb(type: string): ColumnType {
  if (/^U?(?:TINY|SMALL|BIG|HUGE)?INT(?:EGER)?$/u.test(type)) {
    return 'integer';
  }
  if (/^(?:FLOAT|DOUBLE|DECIMAL)/u.test(type)) {
    return 'number';
  }
  if (/^(?:STRUCT|MAP|JSON)/u.test(type)) {
    return type.endsWith(']') ? 'array' : 'object';
  }
  if (type.endsWith(']')) {
    return 'array';
  }
  if (type.startsWith('TIMESTAMP')) {
    return 'date-time';
  }
  return type === 'BOOLEAN' ? 'boolean' : type === 'DATE' ? 'date' : type === 'NULL' ? 'null' : 'string';
}

/** DuckDB's summary of a JSON value: a type's name, `[element]` or `{key: …}`; "JSON" where rows differ. */
function typeOfStructure(structure: unknown): ColumnType {
  if (typeof structure === 'string') {
    return structure === 'JSON' ? 'string' : typeOfDuckDb(structure);
  }
  return Array.isArray(structure) ? 'array' : 'object';
}

async function describeJson(database: Database, shape: TableShape): Promise<readonly ColumnDescription[]> {
  const [row] = await database.query(
    `SELECT CAST(json_group_structure(j) AS VARCHAR) FROM ${compileSource(shape, true)}`,
  );
  const structure: unknown = JSON.parse(String(row?.[0] ?? 'null'));
  return typeof structure === 'object' && structure !== null && !Array.isArray(structure)
    ? Object.entries(structure).map(([name, value]) => ({ name, type: typeOfStructure(value) }))
    : [];
}

const OTHER_DELIMITERS: Readonly<Record<string, string>> = {
  ',': 'comma',
  ';': 'semicolon',
  '\t': 'tab',
  '|': 'bar',
};

/** A single column whose name holds another delimiter is nearly always a file of another dialect. */
function hintAtDelimiter(format: TableFormat, columns: readonly ColumnDescription[]): string | undefined {
  const [only, ...others] = columns;
  if ((format !== 'csv' && format !== 'tsv') || only === undefined || others.length > 0) {
    return undefined;
  }
  const found = Object.keys(OTHER_DELIMITERS).find(
    (delimiter) => delimiter !== DELIMITERS[format] && only.name.includes(delimiter),
  );
  return found === undefined
    ? undefined
    : `Its only column is named ${JSON.stringify(only.name)}: it seems to be delimited by ${OTHER_DELIMITERS[found]}, but .${format} means ${OTHER_DELIMITERS[DELIMITERS[format]]}.`;
}

export async function describeShape(database: Database, shape: TableShape): Promise<TableDescription> {
  const columns = isJson(shape.format)
    ? await describeJson(database, shape)
    : shape.columns.map(({ name, type, looksLike }) => ({ name, type: looksLike ?? typeOfDuckDb(type) }));
  const hint = hintAtDelimiter(shape.format, columns);
  return { format: shape.format, columns, ...(hint === undefined ? {} : { hint }) };
}

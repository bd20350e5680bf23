/** A schema for a row as SQL: what its columns are is known, what they hold is for the query to tell. */
import type { CellSql } from '../compile-cell.ts';
import { quoteText } from '../sql-text.ts';
import {
  compileCellSchema,
  compileInPlace,
  type Composer,
  isSchema,
  type JsonSchema,
} from './compile-cell-schema.ts';
import { BREAKS, decide, type Decision, decideAll, decideWhere, HOLDS, UNKNOWN } from './decision.ts';

export interface RowSql {
  /** A column's cell; undefined where the table has no such column. */
  readonly cellOf: (column: string) => CellSql | undefined;
  /** All columns that a row can have. */
  readonly columns: readonly string[];
}

export function compileRowSchema(row: RowSql, schema: unknown, definitions: JsonSchema): Decision {
  if (typeof schema === 'boolean') return schema ? HOLDS : BREAKS;
  if (!isSchema(schema)) return UNKNOWN;
  const composer: Composer = {
    definitions,
    compile: (inner) => compileRowSchema(row, inner, definitions),
  };
  return decideAll(
    Object.keys(schema).map(
      (keyword) =>
        compileInPlace(keyword, schema, composer) ?? compileRowKeyword(row, keyword, schema, composer),
    ),
  );
}

function compileRowKeyword(
  row: RowSql,
  keyword: string,
  schema: JsonSchema,
  { definitions, compile }: Composer,
): Decision {
  const value = schema[keyword];
  switch (keyword) {
    case 'type':
      return [value].flat().includes('object') ? HOLDS : BREAKS;
    case 'properties':
      return decideAll(
        entriesOf(value).map(([column, cell]) => compileColumn(row, column, cell, definitions)),
      );
    case 'required':
      return decideAll(namesOf(value).map((column) => decide(isPresent(row, column))));
    case 'dependentRequired':
      return decideAll(
        entriesOf(value).map(([column, needed]) =>
          decideWhere(
            isPresent(row, column),
            decideAll(namesOf(needed).map((other) => decide(isPresent(row, other)))),
          ),
        ),
      );
    case 'dependentSchemas':
      return decideAll(
        entriesOf(value).map(([column, needed]) => decideWhere(isPresent(row, column), compile(needed))),
      );
    case 'enum':
    case 'const':
    case 'unevaluatedProperties':
      return UNKNOWN;
    default:
      return compileOfAll(row, keyword, schema, definitions);
  }
}

/** Keywords that are about every column that a row has. */
function compileOfAll(row: RowSql, keyword: string, schema: JsonSchema, definitions: JsonSchema): Decision {
  const { columns } = row;
  const value = schema[keyword];
  const ofColumns = (decideOf: (column: string) => Decision): Decision => decideAll(columns.map(decideOf));
  switch (keyword) {
    case 'minProperties':
      return decide(`${countPresent(row, columns)} >= ${Number(value)}`);
    case 'maxProperties':
      return decide(`${countPresent(row, columns)} <= ${Number(value)}`);
    case 'propertyNames':
      return ofColumns((column) =>
        decideWhere(isPresent(row, column), compileCellSchema(nameAsCell(column), value, definitions)),
      );
    case 'patternProperties':
      return ofColumns((column) =>
        decideAll(
          entriesOf(value).map(([pattern, cell]) =>
            decideNamed(column, pattern, 'holds', compileColumn(row, column, cell, definitions)),
          ),
        ),
      );
    case 'additionalProperties': {
      const listed = new Set(entriesOf(schema['properties']).map(([name]) => name));
      const patterns = entriesOf(schema['patternProperties']).map(([pattern]) => pattern);
      return ofColumns((column) =>
        listed.has(column)
          ? HOLDS
          : patterns.reduce(
              (decision, pattern) => decideNamed(column, pattern, 'breaks', decision),
              compileColumn(row, column, value, definitions),
            ),
      );
    }
    default:
      return HOLDS;
  }
}

/** What is asked only of a column whose name matches a pattern, or does not. */
function decideNamed(
  column: string,
  pattern: string,
  where: 'holds' | 'breaks',
  decision: Decision,
): Decision {
  const named = compileCellSchema(nameAsCell(column), { pattern }, {});
  if (!named.isExact) return UNKNOWN;
  return decideWhere(named[where], decision);
}

/** A name is a text like any other, which the database compares and matches as it does cells. */
function nameAsCell(column: string): CellSql {
  const text = quoteText(column);
  return { raw: text, text, shown: text };
}

function compileColumn(row: RowSql, column: string, schema: unknown, definitions: JsonSchema): Decision {
  const cell = row.cellOf(column);
  if (cell === undefined) return HOLDS;
  return decideWhere(`${cell.raw} IS NOT NULL`, compileCellSchema(cell, schema, definitions));
}

function isPresent(row: RowSql, column: string): string {
  const cell = row.cellOf(column);
  return cell === undefined ? 'false' : `${cell.raw} IS NOT NULL`;
}

function countPresent(row: RowSql, columns: readonly string[]): string {
  const present = columns.map((column) => `CAST((${isPresent(row, column)}) AS INTEGER)`);
  return `(${present.length === 0 ? '0' : present.join(' + ')})`;
}

function entriesOf(value: unknown): readonly (readonly [string, unknown])[] {
  return isSchema(value) ? Object.entries(value) : [];
}

function namesOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

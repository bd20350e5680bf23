/** A condition on a cell as SQL: true where the cell breaks it. */
import { type CellCheck, type CellCondition, type JsonType, PlanError, type Scalar } from '../engine.ts';
import type { CellSql } from './compile-cell.ts';
import { compareNumber, isExactMultiple, isOneOfNumbers } from './compile-exact.ts';
import { formatFilter } from './formats.ts';
import { matchesWholeTexts, translatePattern } from './translate-pattern.ts';
import { quoteNumber, quoteText, quoteTexts } from './sql-text.ts';

/**
 * `sql` is true where the condition is broken for certain. Where `settledBy` is set, SQL could not decide for every
 * text: `sql` then only selects the texts that JavaScript must judge, by `settledBy`.
 */
export interface CompiledCondition {
  readonly sql: string;
  /** An aggregate that counts the same rows for less: counting what is there needs no condition. */
  readonly count?: string;
  readonly settledBy?: (text: string) => boolean;
}

const NEVER: CompiledCondition = { sql: 'false' };

function typeTest(cell: CellSql, type: JsonType): string | undefined {
  switch (type) {
    case 'null':
      return cell.isNull;
    case 'boolean':
      return cell.boolean === undefined ? undefined : `${cell.boolean} IS NOT NULL`;
    case 'integer':
      return cell.isInteger === undefined ? undefined : `coalesce(${cell.isInteger}, false)`;
    case 'number':
      return cell.number === undefined ? undefined : `${cell.number} IS NOT NULL`;
    case 'string':
      return cell.text === undefined ? undefined : `${cell.text} IS NOT NULL`;
    case 'array':
      return cell.isArray;
    case 'object':
      return cell.isObject;
  }
}

function compileType(cell: CellSql, types: readonly JsonType[]): CompiledCondition {
  if ((cell.text === cell.raw || cell.certain !== undefined) && types.includes('string')) {
    return NEVER;
  }
  const tests = types.map((type) => typeTest(cell, type)).filter((test) => test !== undefined);
  return exceptWhere(cell, tests, countOfType(cell, types));
}

/** The cells that are there, but those for which one of the tests is true. */
function exceptWhere(cell: CellSql, tests: readonly string[], counted?: string): CompiledCondition {
  const passes = tests.map((test) => `(${test})`).join(' OR ');
  return {
    sql: `${cell.raw} IS NOT NULL${passes === '' ? '' : ` AND NOT (${passes})`}`,
    count: `count(${cell.raw})${passes === '' ? '' : ` - ${counted ?? `count_if(${passes})`}`}`,
  };
}

/** How many cells are of a type, where counting the values of one expression says it. */
function countOfType(cell: CellSql, types: readonly JsonType[]): string | undefined {
  const [type, ...others] = types;
  const value = type === 'number' ? cell.number : type === 'boolean' ? cell.boolean : undefined;
  return value === undefined || others.length > 0 ? undefined : `count(${value})`;
}

/** DuckDB orders NaN and computes like IEEE 754 otherwise; cells of numbers are finite by construction. */
function compileBound(
  cell: CellSql,
  condition: CellCondition & { kind: 'minimum' | 'maximum' },
): CompiledCondition {
  if (cell.number === undefined) {
    return NEVER;
  }
  const below = condition.exclusive ? '<=' : '<';
  const above = condition.exclusive ? '>=' : '>';
  return {
    sql: compareNumber(cell, condition.kind === 'minimum' ? below : above, condition.value),
  };
}

/** From here on ajv's `res !== parseInt(res)` is true for every quotient: JavaScript prints it with an exponent. */
const LARGEST_QUOTIENT = 1e21;

/** Division of doubles as ajv does it, so that 0.3 is no multiple of 0.1 here either. */
function compileMultiple(cell: CellSql, divisor: number): CompiledCondition {
  if (cell.number === undefined) {
    return NEVER;
  }
  if (!(divisor > 0)) {
    throw new PlanError(`"multipleOf" must be a number above 0, not ${divisor}.`);
  }
  const quotient = `(${cell.number} / ${quoteNumber(divisor)})`;
  const byDoubles = `(${quotient} <> trunc(${quotient}) OR abs(${quotient}) >= ${quoteNumber(LARGEST_QUOTIENT)})`;
  const isMultiple = isExactMultiple(cell, divisor);
  return { sql: isMultiple === undefined ? byDoubles : `coalesce(NOT ${isMultiple}, ${byDoubles})` };
}

/** A text with half a surrogate pair cannot stand in a file of UTF-8. */
const LONE_SURROGATE = /\p{Surrogate}/u;

function compileOneOf(cell: CellSql, values: readonly Scalar[]): CompiledCondition {
  const texts = values.filter((value) => typeof value === 'string' && !LONE_SURROGATE.test(value));
  const numbers = values.filter((value) => typeof value === 'number' && Number.isFinite(value));
  const booleans = values.filter((value) => typeof value === 'boolean');
  const matches = [
    ...(cell.text !== undefined && texts.length > 0
      ? [`coalesce(list_contains(${quoteTexts(texts.map(String))}, ${cell.text}), false)`]
      : []),
    ...(cell.number !== undefined && numbers.length > 0
      ? [`coalesce(${isOneOfNumbers(cell, numbers.map(Number))}, false)`]
      : []),
    ...(cell.boolean !== undefined && booleans.length > 0
      ? [`coalesce(${cell.boolean} IN (${booleans.map(String).join(', ')}), false)`]
      : []),
    ...(cell.isNull !== undefined && values.includes(null) ? [cell.isNull] : []),
  ];
  return exceptWhere(cell, matches);
}

function compileLength(cell: CellSql, operator: '<' | '>', length: number): CompiledCondition {
  return cell.text === undefined ? NEVER : { sql: `length(${cell.text}) ${operator} ${quoteNumber(length)}` };
}

function parsePattern(check: CellCheck, pattern: string): RegExp {
  try {
    return new RegExp(pattern, 'u');
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new PlanError(
      `The pattern ${JSON.stringify(pattern)} of column "${check.column}" is not a regular expression: ${reason}.`,
      'Patterns are ECMA-262 regular expressions with the "u" flag: escape only what has a meaning, as in \\- inside [].',
    );
  }
}

function compilePattern(cell: CellSql, check: CellCheck, pattern: string): CompiledCondition {
  const expression = parsePattern(check, pattern);
  if (cell.text === undefined) {
    return NEVER;
  }
  const translated = translatePattern(pattern);
  if (translated === undefined) {
    return { sql: `${cell.text} IS NOT NULL`, settledBy: (text) => expression.test(text) };
  }
  const match = matchesWholeTexts(translated) ? 'regexp_full_match' : 'regexp_matches';
  return { sql: `NOT ${match}(${cell.text}, ${quoteText(translated)})` };
}

/** @throws PlanError for a pattern or a divisor that is none. */
export function compileCondition(cell: CellSql, check: CellCheck): CompiledCondition {
  const { condition } = check;
  switch (condition.kind) {
    case 'present':
      return { sql: `${cell.raw} IS NULL`, count: `count(*) - count(${cell.raw})` };
    case 'type':
      return compileType(cell, condition.types);
    case 'minimum':
    case 'maximum':
      return compileBound(cell, condition);
    case 'multiple-of':
      return compileMultiple(cell, condition.value);
    case 'min-length':
      return compileLength(cell, '<', condition.value);
    case 'max-length':
      return compileLength(cell, '>', condition.value);
    case 'pattern':
      return compilePattern(cell, check, condition.pattern);
    case 'one-of':
      return compileOneOf(cell, condition.values);
    case 'format': {
      if (cell.text === undefined) {
        return NEVER;
      }
      const filter = formatFilter(condition.format);
      if (cell.certain?.format === condition.format) {
        return { sql: `NOT (${cell.certain.sql})`, settledBy: filter.accepts };
      }
      return {
        sql:
          filter.sufficient === undefined
            ? `${cell.text} IS NOT NULL`
            : `NOT regexp_full_match(${cell.text}, ${quoteText(filter.sufficient)})`,
        settledBy: filter.accepts,
      };
    }
  }
}

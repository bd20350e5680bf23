/** The sentence of each check. */
import type { ExampleRow } from '../engine/engine.ts';
import { findNearest } from '../evidence/find-nearest.ts';
import { cureOf } from './anomalies.ts';
import { listNewColumns, type Judgement, type ScannedTable } from './judge-rule.ts';
import type { CellRule, RowRule, Rule } from './rule.ts';
import { wordBreaking, wordKept } from './word-row.ts';
import {
  joinNames,
  countOf,
  showCount,
  showName,
  showScalar,
  showShare,
  wordBroken,
  shorten,
} from './word-condition.ts';

/** What was found and what to do about it, for people. */
export function wordCheck(
  rule: Rule,
  judgement: Judgement,
  table: ScannedTable,
  examples: readonly ExampleRow[],
): string {
  switch (judgement.verdict) {
    case 'pass':
      return wordPass(rule, table);
    case 'fail':
      return `${wordFail(rule, judgement, table, examples)} ${cureOf(rule.name)}`;
    case 'skipped':
    default:
      return wordSkipped(rule, judgement.reason);
  }
}

function wordPass(rule: Rule, table: ScannedTable): string {
  const { rows } = table.figures;
  switch (rule.kind) {
    case 'rows':
      return `The table has ${countOf(rows, 'row')}.`;
    case 'new-columns':
      return 'The table has no other columns than those of the schema.';
    case 'missing-column':
      return `The table has ${showName(rule.column)}.`;
    case 'cell':
      if (rule.least !== undefined) return wordTolerated(rule, rule.least, table);
      return rule.condition.kind === 'present'
        ? `Every row has a value in ${showName(rule.column)}.`
        : `No row of ${showCount(rows)} has ${wordBroken(rule.column, rule.condition)}.`;
    case 'row':
      return wordKept(rule, countOf(rows, 'row'));
    case 'fraction':
      return `${wordShare(rule.column, table)}.`;
    case 'key':
    default:
      return `No two rows of ${showCount(rows)} share their ${nameKey(rule.columns)}.`;
  }
}

function wordFail(
  rule: Rule,
  judgement: Judgement & { readonly verdict: 'fail' },
  table: ScannedTable,
  examples: readonly ExampleRow[],
): string {
  const { rows } = table.figures;
  const violations = judgement.violations ?? 0;
  switch (rule.kind) {
    case 'rows':
      return `The table has ${countOf(rows, 'row')}; ${rule.side.replace('-', ' ')} ${showCount(rule.bound)} ${rule.bound === 1 ? 'is' : 'are'} ${rule.side === 'at-least' ? 'asked for' : 'allowed'}.`;
    case 'new-columns':
      return `The table has ${violations === 1 ? 'a column' : `${showCount(violations)} columns`} that the schema does not list: ${joinNames(listNewColumns(table))}.`;
    case 'missing-column':
      return wordMissing([rule.column], table);
    case 'cell':
      if (rule.least !== undefined) {
        return `${wordOutsiders(rule, table)}; at most ${showShare(1 - rule.least)} may be${wordFirst(examples)}.`;
      }
      return `${showCount(violations)} of ${countOf(rows, 'row')} ${violations === 1 ? 'has' : 'have'} ${wordBroken(rule.column, rule.condition)}${wordFirst(examples)}.`;
    case 'row':
      return `${showCount(violations)} of ${countOf(rows, 'row')} ${wordBreaking(rule, violations === 1)}${wordFirstRow(rule, examples)}.`;
    case 'fraction':
      if (judgement.reason === 'missing') return wordMissing([rule.column], table);
      return `${wordShare(rule.column, table)}; ${rule.side.replace('-', ' ')} ${showShare(rule.bound)} ${rule.side === 'at-most' ? 'may' : 'must'} be${wordFirst(examples)}.`;
    case 'key':
    default:
      if (judgement.reason === 'missing') return wordMissing(rule.columns, table);
      return `${countOf(violations, 'row')} ${violations === 1 ? 'repeats' : 'repeat'} the ${nameKey(rule.columns)} of another row${wordFirstPair(examples)}.`;
  }
}

/** How many values of a column break a condition that not all must satisfy. */
function wordOutsiders({ id, column, condition }: CellRule, { figures }: ScannedTable): string {
  const [outsiders = 0, values] = [figures.violations[id], figures.rows - (figures.absent[column] ?? 0)];
  const share = values === 0 ? '' : ` (${showShare(outsiders / values)})`;
  return `${showCount(outsiders)} of ${countOf(values, 'value')}${share} ${outsiders === 1 ? 'is' : 'are'} ${wordBroken(column, condition)}`;
}

function wordTolerated(rule: CellRule, least: number, table: ScannedTable): string {
  return `${wordOutsiders(rule, table)}; up to ${showShare(1 - least)} may be.`;
}

function wordMissing(columns: readonly string[], table: ScannedTable): string {
  const missing = columns.filter((column) => !table.columns.includes(column));
  const unclaimed = table.columns.filter((column) => !table.listed.includes(column));
  const told = missing.map((column) => {
    const nearest = findNearest(column, unclaimed);
    return nearest === undefined
      ? `${showName(column)} is missing from the table.`
      : `${showName(column)} is missing from the table, which has ${showName(nearest)}: was it renamed?`;
  });
  const has = `Columns there: ${joinNames(table.columns)}.`;
  return [...told, has].join(' ');
}

function wordSkipped(rule: Rule, reason: 'empty' | 'missing' | 'depends-on-failed-check'): string {
  switch (reason) {
    case 'empty':
      return 'Not checked, because the table has no rows.';
    case 'missing':
      return `Not checked, because the table does not have ${'column' in rule ? showName(rule.column) : 'the column'}, which the schema does not require.`;
    case 'depends-on-failed-check':
    default:
      return 'Not checked, because a required column is missing.';
  }
}

function wordFirst(examples: readonly ExampleRow[]): string {
  const first = examples[0];
  if (first === undefined) return '';
  return first.value === undefined
    ? `, first in row ${showCount(first.row)}`
    : `, first in row ${showCount(first.row)}: ${showScalar(first.value)}`;
}

/** Longest reason in a sentence, in characters. */
const MAX_REASON = 300;

/** The first row that breaks a rule of rows, and what the engine says of it. */
function wordFirstRow({ column }: RowRule, examples: readonly ExampleRow[]): string {
  const [first] = examples;
  if (first === undefined) return '';
  const { row, value, why = '' } = first;
  const isJson = column === undefined || /^[[{]/u.test(String(value));
  // Lists, objects and several columns are shown as the JSON that they are, not as a text that holds JSON.
  const shown = value === undefined ? '' : `: ${isJson ? shorten(String(value)) : showScalar(value)}`;
  return `, first in row ${showCount(row)}${shown}${why === '' ? '' : ` (${shorten(why, MAX_REASON)})`}`;
}

/** The two rows that share a key, when the first two examples are such. */
function wordFirstPair(examples: readonly ExampleRow[]): string {
  const [first, second] = examples;
  if (first?.value === undefined || second?.value !== first.value) return wordFirst(examples);
  return `, first in rows ${showCount(first.row)} and ${showCount(second.row)}: ${showScalar(first.value)}`;
}

function wordShare(column: string, table: ScannedTable): string {
  const absent = table.figures.absent[column] ?? 0;
  const { rows } = table.figures;
  return `${showCount(absent)} of ${countOf(rows, 'row')} (${showShare(absent / rows)}) have no value in ${showName(column)}`;
}

function nameKey(columns: readonly string[]): string {
  return columns.map(showName).join(' + ');
}

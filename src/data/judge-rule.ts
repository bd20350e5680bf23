/** From what the engine counted to what became of each rule. Nothing here knows how it is worded. */
import type { TableFigures } from '../engine/engine.ts';
import type { CellRule, Rule } from './rule.ts';

/** A table as the rules see it. */
export interface ScannedTable {
  readonly columns: readonly string[];
  /** Columns that the schema requires. */
  readonly required: readonly string[];
  /** Columns that data of this environment do not have. */
  readonly absent: readonly string[];
  /** Columns that the schema lists. */
  readonly listed: readonly string[];
  readonly figures: TableFigures;
}

export type Judgement =
  | { readonly verdict: 'pass'; readonly observed?: number }
  | {
      readonly verdict: 'fail';
      /** Offending cells, rows or columns. */
      readonly violations?: number;
      readonly observed?: number;
      readonly reason?: 'empty' | 'missing';
    }
  | { readonly verdict: 'skipped'; readonly reason: 'empty' | 'missing' | 'depends-on-failed-check' };

/** Decides one rule. */
export function judgeRule(rule: Rule, table: ScannedTable): Judgement {
  const { rows } = table.figures;
  switch (rule.kind) {
    case 'rows': {
      const holds = rule.side === 'at-least' ? rows >= rule.bound : rows <= rule.bound;
      if (holds) return { verdict: 'pass', observed: rows };
      return { verdict: 'fail', observed: rows, ...(rows === 0 ? { reason: 'empty' as const } : {}) };
    }
    case 'new-columns':
      return countJudgement(listNewColumns(table).length);
    case 'missing-column':
      return table.columns.includes(rule.column)
        ? { verdict: 'pass' }
        : { verdict: 'fail', reason: 'missing' };
    case 'cell':
      return (
        judgeAbsence([rule.column], 'skip', table) ??
        (rule.least === undefined
          ? countJudgement(table.figures.violations[rule.id])
          : judgeMass(rule, rule.least, table.figures))
      );
    case 'row':
      return (
        judgeAbsence(rule.column === undefined ? [] : [rule.column], 'skip', table) ??
        countJudgement(table.figures.violations[rule.id])
      );
    case 'key':
      return judgeAbsence(rule.columns, 'fail', table) ?? countJudgement(table.figures.duplicates[rule.id]);
    case 'fraction':
    default: {
      const early = judgeAbsence([rule.column], 'fail', table);
      if (early !== undefined) return early;
      const absent = counted(table.figures.absent[rule.column]);
      const observed = absent / rows;
      const holds = rule.side === 'at-least' ? observed >= rule.bound : observed <= rule.bound;
      return holds ? { verdict: 'pass', observed } : { verdict: 'fail', observed, violations: absent };
    }
  }
}

/** Columns that the file has and the schema does not list. */
export function listNewColumns(table: Pick<ScannedTable, 'columns' | 'listed'>): readonly string[] {
  return table.columns.filter((column) => !table.listed.includes(column));
}

function countJudgement(count: number | undefined): Judgement {
  const violations = counted(count);
  return violations === 0 ? { verdict: 'pass' } : { verdict: 'fail', violations };
}

/** Outsiders that are tolerated are no violations. */
function judgeMass({ id, column }: CellRule, least: number, figures: TableFigures): Judgement {
  const outsiders = counted(figures.violations[id]);
  const values = figures.rows - counted(figures.absent[column]);
  const observed = values === 0 ? 1 : 1 - outsiders / values;
  return observed >= least
    ? { verdict: 'pass', observed }
    : { verdict: 'fail', observed, violations: outsiders };
}

/** An answer that is not there is a defect of the engine; counting it as 0 would let it pass. */
function counted(count: number | undefined): number {
  if (count === undefined) throw new Error('The engine left a check of its plan unanswered.');
  return count;
}

/** What becomes of a rule whose columns are not all there, or that has no rows to look at. */
function judgeAbsence(
  columns: readonly string[],
  whenMissing: 'skip' | 'fail',
  table: ScannedTable,
): Judgement | undefined {
  const missing = columns.filter((column) => !table.columns.includes(column));
  if (missing.some((column) => table.required.includes(column))) {
    return { verdict: 'skipped', reason: 'depends-on-failed-check' };
  }
  if (missing.some((column) => table.absent.includes(column)))
    return { verdict: 'skipped', reason: 'missing' };
  if (missing.length > 0) return { verdict: whenMissing === 'fail' ? 'fail' : 'skipped', reason: 'missing' };
  return table.figures.rows === 0 ? { verdict: 'skipped', reason: 'empty' } : undefined;
}

/** From a judged rule to the check that evidence holds: its sentence, its examples, its source. */
import type { ExampleRow, Scalar } from '../engine/engine.ts';
import { boundDistinctly, boundSentence, boundText } from '../evidence/bound-text.ts';
import type { DataSchema } from '../schemas/data-schema.generated.ts';
import type { About, Check, ConfigSource } from '../schemas/evidence.generated.ts';
import { cureOf, type AnomalyName } from './anomalies.ts';
import { findSeverity, type FoundSkip } from './check-policy.ts';
import type { Judgement, ScannedTable } from './judge-rule.ts';
import type { Rule } from './rule.ts';
import type { JudgedRule } from './table-rules/run-table-rules.ts';
import type { TableRule } from './table-rules/table-rule.ts';
import { wordCheck } from './word-check.ts';
import { expectedOf } from './word-condition.ts';
import { expectedOfRow } from './word-row.ts';

/** What all checks of one dataset have in common. */
export interface CheckContext {
  readonly dataset: string;
  /** What a failed check is where the schema does not say. */
  readonly severity: Check['severity'];
  readonly schema: DataSchema;
  readonly locateSchema: (path: readonly string[]) => ConfigSource;
}

/** A rule that was looked at on a table. */
export function describeCheck(
  rule: Rule,
  judgement: Judgement,
  table: ScannedTable,
  examples: readonly ExampleRow[],
  context: CheckContext,
): Check {
  const observed = observedOf(judgement, examples);
  return {
    ...frameCheck(rule, context),
    verdict: judgement.verdict,
    ...('reason' in judgement ? { reason: judgement.reason } : {}),
    ...(observed === undefined ? {} : { observed }),
    expected: bounded(expectedOfRule(rule)),
    message: boundSentence(wordCheck(rule, judgement, table, examples)),
    ...('violations' in judgement ? { violations: judgement.violations } : {}),
    rows: table.figures.rows,
    ...(examples.length === 0 ? {} : { examples: examples.map((example) => toCheckExample(rule, example)) }),
  };
}

/** A rule of the whole table that was looked at. */
export function describeTableCheck(
  { rule, outcome, examples, rows }: JudgedRule,
  context: CheckContext,
): Check {
  const { verdict, reason, told, observed, violations } = outcome;
  const [column, ...others] = rule.columns;
  const about = column === undefined || others.length > 0 ? {} : { column: boundText(column) };
  return {
    ...frameCheck(rule, context),
    verdict,
    ...(reason === undefined ? {} : { reason }),
    ...(observed === undefined ? {} : { observed: bounded(observed) }),
    expected: bounded(rule.expected),
    message: boundSentence(verdict === 'fail' ? `${told} ${cureOf(rule.name)}` : told),
    ...(violations === undefined ? {} : { violations }),
    rows,
    ...(examples.length === 0
      ? {}
      : {
          examples: examples.map(({ row, value }) => ({
            row,
            ...about,
            ...(value === undefined ? {} : { value: bounded(value) }),
          })),
        }),
  };
}

/** A rule that the schema leaves out for now. */
export function describeLeftOut(rule: Rule | TableRule, { skip }: FoundSkip, context: CheckContext): Check {
  return {
    ...frameCheck(rule, context),
    verdict: 'skipped',
    reason: 'left-out',
    message: boundSentence(`Left out until ${skip.until}: ${skip.reason}`),
  };
}

/** A check that was left out until a day that has passed. */
export function noteExpired(check: Check, { skip }: FoundSkip): Check {
  const told = `${check.message} It was left out until ${skip.until} (${skip.reason}): that day has passed, so it counts again.`;
  return { ...check, message: boundSentence(told) };
}

/** A rule that could not be looked at, because the file is no table. */
export function describeUnchecked(rule: Rule | TableRule, context: CheckContext): Check {
  return {
    ...frameCheck(rule, context),
    verdict: 'skipped',
    reason: 'depends-on-failed-check',
    expected: bounded('ask' in rule ? rule.expected : expectedOfRule(rule)),
    message: 'Not checked, because the file could not be read as a table.',
  };
}

/** Whether the file is the table that the schema describes: the first check of every dataset. */
export function describeReadable(
  verdict:
    | { readonly verdict: 'pass' }
    | { readonly verdict: 'fail'; readonly reason: 'empty' | 'unreadable' },
  message: string,
  context: CheckContext,
): Check {
  const name: AnomalyName = 'DATA_UNREADABLE';
  return {
    id: boundDistinctly(`data/${context.dataset}/${name}`),
    name,
    about: { dataset: context.dataset },
    ...verdict,
    severity: context.severity,
    message: boundSentence(message),
  };
}

function frameCheck(
  rule: Rule | TableRule,
  context: CheckContext,
): Pick<Check, 'id' | 'name' | 'about' | 'severity' | 'source'> {
  const column =
    'column' in rule
      ? rule.column
      : 'columns' in rule && rule.columns.length === 1
        ? rule.columns[0]
        : undefined;
  const about: About =
    column === undefined
      ? { dataset: context.dataset }
      : { dataset: context.dataset, column: boundText(column) };
  return {
    id: boundDistinctly(`data/${context.dataset}/${rule.id}`),
    name: rule.name,
    about,
    severity: rule.severity ?? findSeverity(context.schema, rule) ?? context.severity,
    source: context.locateSchema(rule.path),
  };
}

function observedOf(judgement: Judgement, examples: readonly ExampleRow[]): Scalar | undefined {
  if ('observed' in judgement) return judgement.observed;
  const value = examples[0]?.value;
  return value === undefined ? undefined : bounded(value);
}

function expectedOfRule(rule: Rule): Scalar {
  switch (rule.kind) {
    case 'rows':
    case 'fraction':
      return `${rule.side.replace('-', ' ')} ${rule.bound}`;
    case 'new-columns':
      return 'no other columns';
    case 'missing-column':
      return 'a column';
    case 'cell': {
      const expected = expectedOf(rule.condition);
      return rule.least === undefined
        ? expected
        : `${String(expected)}, in at least ${rule.least} of the values`;
    }
    case 'row':
      return expectedOfRow(rule);
    case 'key':
    default:
      return 'each in one row only';
  }
}

function toCheckExample(rule: Rule, { row, value }: ExampleRow): NonNullable<Check['examples']>[number] {
  const column =
    rule.kind === 'cell' || rule.kind === 'fraction' || rule.kind === 'row'
      ? rule.column
      : rule.kind === 'key'
        ? rule.columns.join(', ')
        : undefined;
  return {
    row,
    ...(column === undefined ? {} : { column: boundText(column) }),
    ...(value === undefined ? {} : { value: bounded(value) }),
  };
}

/** A scalar as evidence may hold it: short, and nothing that JSON cannot say. */
function bounded(value: Scalar): Scalar {
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
  return typeof value === 'string' ? boundText(value) : value;
}

/** From a judged rule to the check that evidence holds: its sentence, its examples, its source. */
import type { ExampleRow, Scalar } from '../engine/engine.ts';
import { boundDistinctly, boundText } from '../evidence/bound-text.ts';
import type { About, Check, ConfigSource } from '../schemas/evidence.generated.ts';
import type { AnomalyName } from './anomalies.ts';
import type { Judgement, ScannedTable } from './judge-rule.ts';
import type { Rule } from './list-rules.ts';
import { wordCheck } from './word-check.ts';
import { expectedOf } from './word-condition.ts';

/** What all checks of one dataset have in common. */
export interface CheckContext {
  readonly dataset: string;
  readonly severity: Check['severity'];
  readonly locateSchema: (path: readonly string[]) => ConfigSource;
}

/** Bound of evidence's sentences, in code points. */
const MAX_SENTENCE = 2000;

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
    message: boundText(wordCheck(rule, judgement, table, examples), MAX_SENTENCE),
    ...('violations' in judgement ? { violations: judgement.violations } : {}),
    rows: table.figures.rows,
    ...(examples.length === 0 ? {} : { examples: examples.map((example) => toCheckExample(rule, example)) }),
  };
}

/** A rule that could not be looked at, because the file is no table. */
export function describeUnchecked(rule: Rule, context: CheckContext): Check {
  return {
    ...frameCheck(rule, context),
    verdict: 'skipped',
    reason: 'depends-on-failed-check',
    expected: bounded(expectedOfRule(rule)),
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
    message: boundText(message, MAX_SENTENCE),
  };
}

function frameCheck(
  rule: Rule,
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
    severity: context.severity,
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
    case 'cell':
      return expectedOf(rule.condition);
    case 'key':
    default:
      return 'each in one row only';
  }
}

function toCheckExample(rule: Rule, { row, value }: ExampleRow): NonNullable<Check['examples']>[number] {
  const column =
    rule.kind === 'cell' || rule.kind === 'fraction'
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

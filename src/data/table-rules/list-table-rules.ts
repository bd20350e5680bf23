/** Every rule of the `dataset` block that is not asked of single rows: one line for each kind. */
import { parseCondition, type RowCondition } from '../../evidence/row-condition.ts';
import type {
  ConditionalRule,
  DataSchema,
  DatasetRules,
  SliceRule,
} from '../../schemas/data-schema.generated.ts';
import { showName } from '../word-condition.ts';
import { listCompareRules } from './compare.ts';
import { listForeignKeyRules } from './foreign-keys.ts';
import { listFreshnessRules } from './freshness.ts';
import { listDependencyRules } from './functional-dependencies.ts';
import { listOrderRules } from './order.ts';
import { listRowChangeRules } from './row-change.ts';
import { listScopedRules } from './scoped-rules.ts';
import { listSqlRules } from './sql.ts';
import { listStatisticsRules } from './statistics.ts';
import { listSumRules } from './sums.ts';
import { encodeName } from '../list-column-rules.ts';
import { encodeNames, WHOLE_TABLE, type RuleContext, type Scope, type TableRule } from './table-rule.ts';

const KINDS: readonly ((dataset: DatasetRules, context: RuleContext) => readonly TableRule[])[] = [
  ({ rows }, context) => listRowChangeRules(rows?.['max-change'], context),
  ({ statistics = {} }, context) => listStatisticsRules(statistics, context),
  ({ order = [] }, context) => listOrderRules(order, context),
  ({ freshness = {} }, context) => listFreshnessRules(freshness, context),
  ({ sums = [] }, context) => listSumRules(sums, context),
  ({ 'functional-dependencies': rules = [] }, context) => listDependencyRules(rules, context),
  ({ 'foreign-keys': rules = [] }, context) => listForeignKeyRules(rules, context),
  ({ rules = [] }, context) => rules.flatMap((rule, index) => listConditionalRules(rule, index, context)),
  ({ compare = [] }, context) => listCompareRules(compare, context),
  ({ sql = [] }, context) => listSqlRules(sql, context),
];

/** The rules of a schema on its whole table, and on the rows of its conditions. */
export function listTableRules(schema: DataSchema, now: Date): readonly TableRule[] {
  return KINDS.flatMap((list) => list(schema.dataset, { schema, now, scope: WHOLE_TABLE }));
}

function listConditionalRules(
  { name, when, then: rules, severity }: ConditionalRule,
  index: number,
  context: RuleContext,
): readonly TableRule[] {
  const parsed = parseCondition(when);
  if (!parsed.ok) throw new RangeError(`The condition ${when} cannot be read.`);
  const needs = [...new Set(listColumns(parsed.tree))];
  const scope: Scope = {
    prefix: `when/${encodeName(name)}/`,
    path: ['dataset', 'rules', String(index), 'then'],
    words: ` where ${showName(when)}`,
    where: parsed.tree,
    ...(severity === undefined ? {} : { severity }),
  };
  return listScopedRules(rules, { ...context, scope }).map((rule) => ({
    ...rule,
    needs,
  }));
}

function listColumns(condition: RowCondition): readonly string[] {
  if (condition.kind === 'column') return [condition.column];
  return condition.kind === 'not' ? listColumns(condition.part) : condition.parts.flatMap(listColumns);
}

/** One block of checks for each slice. */
export interface SliceBlock {
  readonly by: readonly string[];
  readonly limit: number;
  /** How the ids of its checks begin. */
  readonly prefix: string;
  readonly path: readonly string[];
  readonly severity?: SliceRule['severity'];
  /** The rules of a slice, in one order for all. */
  readonly rulesOf: (values: readonly (string | null)[]) => readonly TableRule[];
}

export function listSliceBlocks(schema: DataSchema, now: Date): readonly SliceBlock[] {
  return (schema.dataset.slices ?? []).map((rule, index): SliceBlock => {
    const { by, each, 'max-slices': limit, severity } = rule;
    const prefix = `slices/${encodeNames(by)}/`;
    const path = ['dataset', 'slices', String(index)];
    return {
      by,
      limit,
      prefix,
      path,
      ...(severity === undefined ? {} : { severity }),
      rulesOf: (values) => {
        const scope: Scope = {
          prefix: `${prefix}${nameSlice(by, values, encodeName)}/`,
          path: [...path, 'each'],
          words: ` of ${nameSlice(by, values, (text) => text)}`,
          ...(severity === undefined ? {} : { severity }),
        };
        return listScopedRules(each, { schema, now, scope });
      },
    };
  });
}

/** `region=north, plan=basic`; an absent cell is `(empty)`. */
function nameSlice(
  by: readonly string[],
  values: readonly (string | null)[],
  show: (text: string) => string,
): string {
  return by
    .map((column, index) => `${show(column)}=${values[index] == null ? '(empty)' : show(values[index])}`)
    .join(', ');
}

/** Rows, absent cells and keys of a part of the table; of the whole table `list-rules.ts` asks for them. */
import type { ScopedRules } from '../../schemas/data-schema.generated.ts';
import { countOf, showCount, showName, showShare } from '../word-condition.ts';
import { listBoundRules } from './bounds.ts';
import { listFreshnessRules } from './freshness.ts';
import { listDependencyRules } from './functional-dependencies.ts';
import { listStatisticsRules } from './statistics.ts';
import { listSumRules } from './sums.ts';
import { encodeName } from '../list-column-rules.ts';
import { encodeNames, frameRule, type RuleContext, type TableRule } from './table-rule.ts';

/** Every rule of a block, for the rows of a scope. */
export function listScopedRules(rules: ScopedRules, context: RuleContext): readonly TableRule[] {
  return [
    ...listRowsRules(rules, context),
    ...Object.keys(rules['null-fraction'] ?? {}).flatMap((column) => listNullRules(rules, column, context)),
    ...(rules.unique ?? []).map((columns, index) => uniqueRule(columns, index, context)),
    ...listStatisticsRules(rules.statistics ?? {}, context),
    ...listFreshnessRules(rules.freshness ?? {}, context),
    ...listSumRules(rules.sums ?? [], context),
    ...listDependencyRules(rules['functional-dependencies'] ?? [], context),
  ];
}

function listRowsRules(rules: ScopedRules, context: RuleContext): readonly TableRule[] {
  return listBoundRules(context, {
    bounds: rules.rows,
    names: { 'at-least': 'DATASET_LOW_NUM_EXAMPLES', 'at-most': 'DATASET_HIGH_NUM_EXAMPLES' },
    idOf: (name) => name,
    path: ['rows'],
    columns: [],
    measure: { kind: 'rows' },
    subject: 'The number of rows',
    show: showCount,
  });
}

function listNullRules(rules: ScopedRules, column: string, context: RuleContext): readonly TableRule[] {
  return listBoundRules(context, {
    bounds: rules['null-fraction']?.[column],
    names: { 'at-least': 'FEATURE_HIGH_FRACTION_PRESENT', 'at-most': 'FEATURE_TYPE_LOW_FRACTION_PRESENT' },
    idOf: (name) => `${encodeName(column)}/${name}/null-fraction`,
    path: ['null-fraction', column],
    columns: [column],
    measure: { kind: 'absent', column },
    value: (absent, rows) => (absent === null || rows === 0 ? null : absent / rows),
    subject: `The share of rows without a value in ${showName(column)}`,
    show: showShare,
    violations: (absent) => absent,
  });
}

function uniqueRule(columns: readonly string[], index: number, context: RuleContext): TableRule {
  const { scope } = context;
  const key = columns.map(showName).join(' + ');
  return {
    ...frameRule(context, 'DUPLICATE_KEY', `${encodeNames(columns)}/DUPLICATE_KEY`, [
      'unique',
      String(index),
    ]),
    columns,
    expected: 'each in one row only',
    ask: {
      kind: 'measures',
      measures: { repeated: { kind: 'duplicates', columns } },
      judge: (figureOf, rows) => {
        const repeated = figureOf('repeated') ?? 0;
        return repeated === 0
          ? { verdict: 'pass', told: `No two rows of ${showCount(rows)}${scope.words} share their ${key}.` }
          : {
              verdict: 'fail',
              violations: repeated,
              told: `${countOf(repeated, 'row')}${scope.words} ${repeated === 1 ? 'repeats' : 'repeat'} the ${key} of another row.`,
            };
      },
    },
  };
}

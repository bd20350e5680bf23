/** `foreign-keys`: values that must be found in another table. */
import type { ForeignKey, TableReference } from '../../schemas/data-schema.generated.ts';
import { countOf, showName } from '../word-condition.ts';
import { encodeName } from '../list-column-rules.ts';
import { encodeNames, frameRule, type RuleContext, type TableRule } from './table-rule.ts';

/** What another table is called in ids. */
export function nameReference({ dataset, path }: TableReference): string {
  return dataset ?? path ?? '';
}

export function listForeignKeyRules(
  rules: readonly ForeignKey[],
  context: RuleContext,
): readonly TableRule[] {
  return rules.map(({ columns, references, severity }, index) => {
    const other = nameReference(references);
    const otherColumns = references.columns ?? columns;
    const [here, there] = [columns, otherColumns].map((names) => names.map(showName).join(' + '));
    return {
      ...frameRule(
        context,
        'FOREIGN_KEY_NOT_FOUND',
        `${encodeNames(columns)}/FOREIGN_KEY_NOT_FOUND/${encodeName(other)}`,
        ['foreign-keys', String(index)],
        severity,
      ),
      columns,
      expected: `found in ${there} of ${other}`,
      ask: {
        kind: 'question',
        question: (limit) => ({ kind: 'foreign-key', columns, otherColumns, limit }),
        others: [references],
        judge: ({ count }, rows) =>
          count === 0
            ? { verdict: 'pass', told: `Every ${here} is found in ${there} of ${showName(other)}.` }
            : {
                verdict: 'fail',
                violations: count,
                told: `${count} of ${countOf(rows, 'row')} ${count === 1 ? 'has' : 'have'} a ${here} that is not found in ${there} of ${showName(other)}.`,
              },
      },
    };
  });
}

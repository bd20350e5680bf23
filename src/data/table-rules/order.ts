/** `order`: values that follow each other in the order of the rows. */
import type { OrderedAs } from '../../engine/table-questions.ts';
import type { DataSchema, OrderRule } from '../../schemas/data-schema.generated.ts';
import { listDeclaredTypes } from '../column-types.ts';
import { countOf, showName } from '../word-condition.ts';
import { encodeName } from '../list-column-rules.ts';
import { encodeNames, frameRule, isTimeColumn, type RuleContext, type TableRule } from './table-rule.ts';

export function listOrderRules(rules: readonly OrderRule[], context: RuleContext): readonly TableRule[] {
  const { schema } = context;
  return rules.map(({ column, direction, strict, by = [], severity }, index) => {
    const name = showName(column);
    const way = `${strict ? 'strictly ' : ''}${direction}`;
    const within = by.length === 0 ? '' : ` within each ${by.map(showName).join(' + ')}`;
    const suffix = by.length === 0 ? '' : `/by/${encodeNames(by)}`;
    return {
      ...frameRule(
        context,
        'ORDER_BROKEN',
        `${encodeName(column)}/ORDER_BROKEN${suffix}`,
        ['order', String(index)],
        severity,
      ),
      columns: [column, ...by],
      expected: `${way}${within}`,
      ask: {
        kind: 'question',
        question: (limit) => ({
          kind: 'order',
          column: { column, declaredTypes: listDeclaredTypes(schema, column) },
          as: orderOf(schema, column),
          direction,
          strict,
          by,
          limit,
        }),
        others: [],
        judge: ({ count }) =>
          count === 0
            ? { verdict: 'pass', told: `${name} is ${way}${within}.` }
            : {
                verdict: 'fail',
                violations: count,
                told: `In ${countOf(count, 'row')} ${name} is out of order: it must be ${way}${within}.`,
              },
      },
    };
  });
}

/** What a column's values are ordered by, as its schema declares them. */
function orderOf(schema: DataSchema, column: string): OrderedAs {
  const types = listDeclaredTypes(schema, column);
  if (types.includes('number') || types.includes('integer')) return 'number';
  return isTimeColumn(schema, column) ? 'time' : 'text';
}

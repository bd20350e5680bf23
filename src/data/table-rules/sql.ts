/** `sql`: queries that must find nothing. */
import type { QueriedTable } from '../../engine/table-questions.ts';
import type { DataSchema, SqlRule } from '../../schemas/data-schema.generated.ts';
import { listDeclaredTypes } from '../column-types.ts';
import { countOf, showName } from '../word-condition.ts';
import { encodeName } from '../list-column-rules.ts';
import { frameRule, isTimeColumn, type RuleContext, type TableRule } from './table-rule.ts';

/** Longest time that one query may take. */
const QUERY_SECONDS = 60;

export function listSqlRules(rules: readonly SqlRule[], context: RuleContext): readonly TableRule[] {
  return rules.map(({ name, query, tables = {}, severity }, index) => {
    const others = Object.entries(tables);
    return {
      ...frameRule(
        context,
        'CUSTOM_VALIDATION',
        `CUSTOM_VALIDATION/${encodeName(name)}`,
        ['sql', String(index)],
        severity,
      ),
      columns: [],
      expected: 'no rows',
      ask: {
        kind: 'question',
        question: (limit) => ({
          kind: 'query',
          sql: query,
          tables: [ownTable(context.schema), ...others.map(([other]) => ({ name: other, columns: [] }))],
          seconds: QUERY_SECONDS,
          limit,
        }),
        others: others.map(([, reference]) => reference),
        judge: ({ count }) =>
          count === 0
            ? { verdict: 'pass', told: `The query ${showName(name)} finds nothing.` }
            : {
                verdict: 'fail',
                violations: count,
                told: `The query ${showName(name)} finds ${countOf(count, 'row')}.`,
              },
      },
    };
  });
}

function ownTable(schema: DataSchema): QueriedTable {
  const columns = Object.keys(schema.properties).map((column) => ({
    column,
    declaredTypes: listDeclaredTypes(schema, column),
    isTime: isTimeColumn(schema, column),
  }));
  return { name: 'data', columns };
}

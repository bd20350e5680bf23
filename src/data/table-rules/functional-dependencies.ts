/** `functional-dependencies`: rows that agree in some columns agree in others. */
import type { FunctionalDependency } from '../../schemas/data-schema.generated.ts';
import { countOf, showName } from '../word-condition.ts';
import { encodeNames, frameRule, type RuleContext, type TableRule } from './table-rule.ts';

export function listDependencyRules(
  rules: readonly FunctionalDependency[],
  context: RuleContext,
): readonly TableRule[] {
  const { scope } = context;
  return rules.map(({ columns, determine, severity }, index) => {
    const test = { columns, determine };
    const [from, to] = [columns, determine].map((names) => names.map(showName).join(' + '));
    return {
      ...frameRule(
        context,
        'FUNCTIONAL_DEPENDENCY_BROKEN',
        `${encodeNames(columns)}>${encodeNames(determine)}/FUNCTIONAL_DEPENDENCY_BROKEN`,
        ['functional-dependencies', String(index)],
        severity,
      ),
      columns: [...columns, ...determine],
      expected: `one ${to} for each ${from}`,
      ask: {
        kind: 'measures',
        measures: { contradictions: { kind: 'contradictions', test } },
        judge: (figureOf) => {
          const more = figureOf('contradictions') ?? 0;
          return more === 0
            ? { verdict: 'pass', told: `Each ${from}${scope.words} has one ${to}.` }
            : {
                verdict: 'fail',
                violations: more,
                told: `${countOf(more, 'combination')} of ${from} and ${to}${scope.words} ${more === 1 ? 'contradicts' : 'contradict'} another.`,
              };
        },
        examples: (limit) => ({
          kind: 'contradiction-examples',
          test,
          limit,
          ...(scope.where === undefined ? {} : { where: scope.where }),
        }),
      },
    };
  });
}

/** `sums`: columns that must add up, row by row or in their totals. */
import type { SumTest } from '../../engine/aggregates.ts';
import type { SumRule } from '../../schemas/data-schema.generated.ts';
import { countOf, showName } from '../word-condition.ts';
import { showNumber } from './bounds.ts';
import { encodeName } from '../list-column-rules.ts';
import {
  asNumber,
  encodeNames,
  frameRule,
  type Ask,
  type RuleContext,
  type TableRule,
} from './table-rule.ts';

export function listSumRules(rules: readonly SumRule[], context: RuleContext): readonly TableRule[] {
  return rules.map((rule, index) => {
    const { columns, equals, tolerance, over, severity } = rule;
    const test: SumTest = {
      columns: columns.map(asNumber),
      equals: typeof equals === 'number' ? equals : asNumber(equals),
      ...(tolerance === undefined ? {} : { tolerance }),
    };
    const equation = `${columns.map(showName).join(' + ')} = ${typeof equals === 'number' ? equals : showName(equals)}`;
    const told = typeof equals === 'number' ? String(equals) : encodeName(equals);
    const suffix = over === 'table' ? '/total' : '';
    return {
      ...frameRule(
        context,
        'SUM_MISMATCH',
        `${encodeNames(columns)}=${told}/SUM_MISMATCH${suffix}`,
        ['sums', String(index)],
        severity,
      ),
      columns: typeof equals === 'number' ? columns : [...columns, equals],
      expected: `${equation}${tolerance === undefined ? '' : ` to within ${tolerance}`}`,
      ask: over === 'table' ? askTotals(test, equation, context) : askRows(test, equation, context),
    };
  });
}

function askRows(test: SumTest, equation: string, { scope }: RuleContext): Ask {
  return {
    kind: 'measures',
    measures: { broken: { kind: 'broken-sums', test } },
    judge: (figureOf) => {
      const broken = figureOf('broken') ?? 0;
      return broken === 0
        ? { verdict: 'pass', told: `${equation} in every row${scope.words} that has them all.` }
        : {
            verdict: 'fail',
            violations: broken,
            told: `In ${countOf(broken, 'row')}${scope.words}, ${equation} does not hold.`,
          };
    },
    examples: (limit) => ({
      kind: 'sum-examples',
      test,
      limit,
      ...(scope.where === undefined ? {} : { where: scope.where }),
    }),
  };
}

function askTotals(test: SumTest, equation: string, { scope }: RuleContext): Ask {
  return {
    kind: 'measures',
    measures: { difference: { kind: 'total-difference', test } },
    judge: (figureOf) => {
      const difference = figureOf('difference');
      if (difference === null) {
        return { verdict: 'fail', reason: 'empty', told: `No row${scope.words} has all of ${equation}.` };
      }
      return difference === 0 || (test.tolerance !== undefined && Math.abs(difference) <= test.tolerance)
        ? { verdict: 'pass', observed: difference, told: `${equation} in the totals${scope.words}.` }
        : {
            verdict: 'fail',
            observed: difference,
            told: `The totals${scope.words} miss ${equation} by ${showNumber(difference)}.`,
          };
    },
  };
}

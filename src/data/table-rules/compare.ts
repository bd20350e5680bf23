/** `compare`: a number of this table beside the same number of another one. */
import type { Measure } from '../../engine/aggregates.ts';
import type { CompareRule } from '../../schemas/data-schema.generated.ts';
import { parseMargin } from '../../schemas/parse-margin.ts';
import { showName, showShare } from '../word-condition.ts';
import { showNumber } from './bounds.ts';
import { nameReference } from './foreign-keys.ts';
import { encodeName } from '../list-column-rules.ts';
import { asNumber, frameRule, type Outcome, type RuleContext, type TableRule } from './table-rule.ts';

const WORDS = {
  rows: 'number of rows',
  distinct: 'number of different values',
  sum: 'sum',
  mean: 'mean',
  minimum: 'smallest value',
  maximum: 'largest value',
} as const satisfies Readonly<Record<CompareRule['statistic'], string>>;

export function listCompareRules(rules: readonly CompareRule[], context: RuleContext): readonly TableRule[] {
  return rules.map((rule, index) => {
    const { name, column, with: reference, severity } = rule;
    const otherColumn = reference.columns?.[0] ?? column;
    return {
      ...frameRule(
        context,
        'COMPARISON_OUT_OF_BOUNDS',
        `COMPARISON_OUT_OF_BOUNDS/${encodeName(name)}`,
        ['compare', String(index)],
        severity,
      ),
      columns: column === undefined ? [] : [column],
      expected: wordBounds(rule),
      ask: {
        kind: 'comparison',
        own: measureOf(rule, column),
        other: measureOf(rule, otherColumn),
        with: reference,
        judge: (own, other) => judgeComparison(rule, own, other),
      },
    };
  });
}

function measureOf({ statistic }: CompareRule, column = ''): Measure {
  switch (statistic) {
    case 'rows':
      return { kind: 'rows' };
    case 'distinct':
      return { kind: 'distinct', column, share: false };
    case 'sum':
    case 'mean':
    case 'minimum':
    case 'maximum':
      return { kind: 'statistic', of: statistic, column: asNumber(column) };
  }
}

function wordBounds(rule: CompareRule): string {
  const { 'max-difference': difference } = rule;
  return [
    ...(['at-least', 'at-most'] as const).flatMap((side) =>
      rule[side] === undefined ? [] : [`${side.replace('-', ' ')} ${rule[side]}`],
    ),
    ...(difference === undefined ? [] : [`within ${difference}`]),
  ].join(', ');
}

function judgeComparison(rule: CompareRule, own: number | null, other: number | null): Outcome {
  const { statistic, column, with: reference } = rule;
  const of = column === undefined ? '' : ` of ${showName(column)}`;
  const where = showName(nameReference(reference));
  if (own === null || other === null || !Number.isFinite(own) || !Number.isFinite(other)) {
    return {
      verdict: 'fail',
      reason: 'not-finite',
      told: `The ${WORDS[statistic]}${of} cannot be told of both tables: there are no values, or they are too large.`,
    };
  }
  const share = other === 0 ? '' : ` (${showShare(own / other)} of it)`;
  const told = `The ${WORDS[statistic]}${of} is ${showNumber(own)}, and ${showNumber(other)} in ${where}${share}`;
  return holdsAgainst(rule, own, other)
    ? { verdict: 'pass', observed: own, told: `${told}.` }
    : { verdict: 'fail', observed: own, told: `${told}; asked for: ${wordBounds(rule)}.` };
}

function holdsAgainst(rule: CompareRule, own: number, other: number): boolean {
  const { 'at-least': least, 'at-most': most, 'max-difference': difference } = rule;
  const margin = difference === undefined ? undefined : parseMargin(difference);
  const allowed = margin?.kind === 'relative' ? margin.value * Math.abs(other) : margin?.value;
  return (
    (least === undefined || own >= parseMargin(least).value * other) &&
    (most === undefined || own <= parseMargin(most).value * other) &&
    (allowed === undefined || Math.abs(own - other) <= allowed)
  );
}

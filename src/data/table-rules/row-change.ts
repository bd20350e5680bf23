/** `rows.max-change`: how far the number of rows may be from that of the baseline. */
import { parseMargin } from '../../schemas/parse-margin.ts';
import type { AnomalyName } from '../anomalies.ts';
import { showCount, showShare } from '../word-condition.ts';

import { frameRule, type Outcome, type RuleContext, type TableRule } from './table-rule.ts';

const SIDES: readonly {
  readonly name: AnomalyName;
  readonly sign: 1 | -1;
  readonly word: 'fewer' | 'more';
}[] = [
  { name: 'COMPARATOR_LOW_NUM_EXAMPLES', sign: -1, word: 'fewer' },
  { name: 'COMPARATOR_HIGH_NUM_EXAMPLES', sign: 1, word: 'more' },
];

export function listRowChangeRules(
  change: string | number | undefined,
  context: RuleContext,
): readonly TableRule[] {
  if (change === undefined) return [];
  const { kind, value } = parseMargin(change);
  return SIDES.map(({ name, sign, word }) => ({
    ...frameRule(context, name, name, ['rows', 'max-change']),
    columns: [],
    expected: `at most ${change} ${word} than the baseline`,
    ask: {
      kind: 'baseline',
      judge: (rows, baseline): Outcome => {
        if (baseline === undefined) {
          return {
            verdict: 'inconclusive',
            reason: 'no-baseline',
            told: 'There is no record of main yet whose number of rows this could be held against.',
          };
        }
        const allowed = kind === 'relative' ? value * baseline : value;
        const told = `The table has ${showCount(rows)} rows, the baseline ${showCount(baseline)}`;
        const share =
          baseline === 0
            ? ''
            : ` (${showShare(Math.abs(rows - baseline) / baseline)} ${rows < baseline ? 'fewer' : 'more'})`;
        return sign * (rows - baseline) <= allowed
          ? { verdict: 'pass', observed: rows, told: `${told}.` }
          : {
              verdict: 'fail',
              observed: rows,
              told: `${told}${share}; at most ${change} ${word} is allowed.`,
            };
      },
    },
  }));
}

/** `freshness`: how old the newest value of a column of dates or times may be. */
import type { FreshnessRule } from '../../schemas/data-schema.generated.ts';
import { listDeclaredTypes } from '../column-types.ts';
import { showName } from '../word-condition.ts';
import { encodeName } from '../list-column-rules.ts';
import { frameRule, type Outcome, type RuleContext, type TableRule } from './table-rule.ts';

const SECONDS = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 } as const;

/** A duration of the data schema in milliseconds. Throws a RangeError for a text that is none. */
function readDuration(text: string): number {
  const [, count, unit] = /^([1-9][0-9]{0,5})([smhdw])$/u.exec(text) ?? [];
  if (count === undefined || unit === undefined) throw new RangeError(`${text} is no duration.`);
  return Number(count) * SECONDS[unit as keyof typeof SECONDS] * 1000;
}

export function listFreshnessRules(
  rules: Readonly<Record<string, FreshnessRule>>,
  context: RuleContext,
): readonly TableRule[] {
  const { schema, now } = context;
  return Object.entries(rules).map(([column, rule]) => ({
    ...frameRule(
      context,
      'DATA_STALE',
      `${encodeName(column)}/DATA_STALE`,
      ['freshness', column, 'at-most'],
      rule.severity,
    ),
    columns: [column],
    expected: `not older than ${rule['at-most']}`,
    ask: {
      kind: 'measures',
      measures: {
        newest: {
          kind: 'newest',
          column: { column, declaredTypes: listDeclaredTypes(schema, column) },
          upTo: now.getTime(),
        },
      },
      judge: (figureOf) => judgeAge(figureOf('newest'), column, rule['at-most'], context),
    },
  }));
}

/** The age itself is not told: evidence of the same data is the same at any time, but for the verdict. */
function judgeAge(
  newest: number | null,
  column: string,
  allowed: string,
  { scope, now }: RuleContext,
): Outcome {
  const name = showName(column);
  if (newest === null) {
    return {
      verdict: 'fail',
      reason: 'missing',
      told: `${name}${scope.words} has no date or time that is not in the future.`,
    };
  }
  const observed = new Date(newest).toISOString();
  const told = `The newest ${name}${scope.words} is ${observed}`;
  return now.getTime() - newest <= readDuration(allowed)
    ? { verdict: 'pass', observed, told: `${told}.` }
    : { verdict: 'fail', observed, told: `${told}, which is more than ${allowed} ago.` };
}

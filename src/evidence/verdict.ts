import type { Check, Policy, VerdictWord } from '../schemas/evidence.generated.ts';
import { EXIT_CODES } from './errors.ts';

/** From good to bad. `skipped` says nothing, so it never changes a verdict. */
const ORDER = ['skipped', 'pass', 'inconclusive', 'warn', 'fail'] as const satisfies readonly VerdictWord[];

/** The worst of several verdicts; `skipped` if there are none. */
export function worstOf(verdicts: readonly VerdictWord[]): VerdictWord {
  return verdicts.reduce<VerdictWord>(
    (worst, next) => (ORDER.indexOf(next) > ORDER.indexOf(worst) ? next : worst),
    'skipped',
  );
}

type Rules = Pick<Policy, 'inconclusive' | 'noBaseline'>;

/** What one check does to the verdict on everything. */
export function contributionOf(check: Check, rules: Rules): VerdictWord {
  if (check.verdict === 'fail') return check.severity;
  if (check.verdict !== 'inconclusive') return check.verdict;
  const asked = isMissingBaseline(check) ? rules.noBaseline : rules.inconclusive;
  return asked === 'fail' ? check.severity : asked;
}

/** Whether a check could not be decided because there is nothing to compare with. */
export function isMissingBaseline(check: Check): boolean {
  return (
    check.reason === 'no-baseline' ||
    check.reason === 'not-in-baseline' ||
    check.reason === 'outcomes-missing'
  );
}

/**
 * The verdict on everything: `fail`, `warn` or `pass`. No check at all, or none that looked at anything, is a fail,
 * never silence: a config that asks nothing, or evidence whose checks vanished, must not let anything through.
 */
export function judgeAll(checks: readonly Check[], rules: Rules): VerdictWord {
  const worst = worstOf(checks.map((check) => contributionOf(check, rules)));
  return worst === 'skipped' ? 'fail' : worst;
}

/** Exit code of a verdict. With `enforce: false` nothing blocks. */
export function exitCodeOf(verdict: VerdictWord, enforce: boolean): number {
  return verdict === 'fail' && enforce ? EXIT_CODES.gateSaysNo : EXIT_CODES.pass;
}

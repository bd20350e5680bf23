import { contributionOf } from '../../evidence/verdict.ts';
import type { Check, EvidenceBody } from '../../schemas/evidence.generated.ts';

/** What a check comes to for who reads results of tests. */
export interface ExportedCheck {
  readonly check: Check;
  readonly outcome: 'passed' | 'failed' | 'warned' | 'skipped';
  /** One word for what neither passed nor failed, and for what failed in another way than by `fail`. */
  readonly word: 'passed' | 'failed' | 'warning' | 'inconclusive' | 'not enforced' | 'skipped';
}

/** What stands for a failed verdict that no check gives the reason of: a list of no failures would read as a pass. */
const NOTHING_CHECKED: Check = {
  id: 'verdict',
  name: 'verdict',
  about: {},
  verdict: 'fail',
  reason: 'empty',
  severity: 'fail',
  message: 'Nothing was checked.',
};

/**
 * Every check in its order. Only what blocks has failed: with `enforce: false` a failure is a warning that says so. A
 * check that could not be decided and does not block is a warning if the policy warns of it, and else skipped: it never
 * counts as passed.
 */
export function listOutcomes({ checks, policy, verdict }: EvidenceBody): readonly ExportedCheck[] {
  const listed = checks.length === 0 && verdict === 'fail' ? [NOTHING_CHECKED] : checks;
  return listed.map((check): ExportedCheck => {
    const effect = contributionOf(check, policy);
    const undecided = check.verdict === 'inconclusive';
    if (check.verdict === 'skipped') return { check, outcome: 'skipped', word: 'skipped' };
    if (effect === 'fail') {
      return policy.enforce
        ? { check, outcome: 'failed', word: undecided ? 'inconclusive' : 'failed' }
        : { check, outcome: 'warned', word: 'not enforced' };
    }
    if (effect === 'warn') return { check, outcome: 'warned', word: undecided ? 'inconclusive' : 'warning' };
    return undecided
      ? { check, outcome: 'skipped', word: 'inconclusive' }
      : { check, outcome: 'passed', word: 'passed' };
  });
}

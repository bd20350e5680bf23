import { applyAcceptances, listAcceptable, type AcceptanceContext } from '../comparison/apply-acceptances.ts';
import { replaceBody } from '../evidence/evidence.ts';
import { collectNotes } from '../evidence/notes.ts';
import { keepFilled } from '../evidence/optional-lists.ts';
import { judgeAll } from '../evidence/verdict.ts';
import type { Acceptance, Evidence } from '../schemas/evidence.generated.ts';

/** Whether anything failed that an acceptance could change: if not, nobody need look for one. */
export function mayBeAccepted(evidence: Evidence): boolean {
  return listAcceptable(evidence.body.checks).length > 0;
}

/**
 * Evidence with the regressions that people with write access accepted as warnings. Only what the store of this
 * repository holds counts; what the evidence itself claims of acceptances is dropped.
 */
export function acceptRegressions(
  evidence: Evidence,
  {
    acceptances,
    refused,
  }: { readonly acceptances: readonly Acceptance[]; readonly refused: readonly string[] },
  context: AcceptanceContext,
): Evidence {
  const { acceptances: claimed, notes = [], ...rest } = evidence.body;
  const { checks, used } = applyAcceptances(rest.checks, acceptances, context);
  if (used.length === 0 && claimed === undefined && refused.length === 0) return evidence;
  const body = {
    ...rest,
    checks,
    verdict: rest.verdict === 'skipped' ? rest.verdict : judgeAll(checks, rest.policy),
    ...keepFilled({ acceptances: used, notes: collectNotes([...notes, ...refused]) }),
  };
  return replaceBody(evidence, body);
}

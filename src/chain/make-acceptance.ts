import { findNamedCheck } from '../comparison/apply-acceptances.ts';
import { UserError } from '../evidence/errors.ts';
import { formatTime } from '../evidence/format-time.ts';
import type { Acceptance, Check, Evidence } from '../schemas/evidence.generated.ts';

export interface AcceptanceRequest {
  /** What the person named: the id of a check, or a metric. */
  readonly name: string;
  readonly reason: string;
  /** The login on GitHub, or the name in git. */
  readonly actor: string;
  readonly now: Date;
  readonly days: number;
  readonly pullRequest: number | undefined;
}

/** Longest reason, in characters: evidence holds no longer sentence. */
const MAX_REASON = 500;
const MILLISECONDS_PER_DAY = 86_400_000;
const CHECKS_NAMED = 10;

/**
 * The acceptance of one failed check of an evidence. Throws a UserError without a reason, and where the name fits no
 * failed comparison or several: then it says which there are.
 */
export function makeAcceptance(evidence: Evidence, request: AcceptanceRequest): Acceptance {
  const reason = readReason(request.reason);
  const check = findCheck(evidence, request.name);
  const { source } = evidence;
  const head = source.headCommit ?? source.commit;
  return {
    check: check.id,
    reason,
    ...(typeof check.observed === 'number' ? { observed: check.observed } : {}),
    actor: request.actor,
    at: formatTime(request.now),
    expires: formatTime(new Date(request.now.getTime() + request.days * MILLISECONDS_PER_DAY)),
    ...(request.pullRequest === undefined ? {} : { pullRequest: request.pullRequest }),
    ...(head === undefined ? {} : { head }),
    digest: evidence.digest,
  };
}

function readReason(text: string): string {
  const reason = text.replaceAll(/\s+/g, ' ').trim();
  if (reason === '') {
    throw new UserError('A regression is accepted with a reason, and none was given.', {
      help: 'Say why, so that an auditor understands it in a year: `--reason "The old model used a leaked column"`.',
    });
  }
  if (reason.length <= MAX_REASON) return reason;
  throw new UserError(`The reason has ${reason.length} characters; at most ${MAX_REASON} are kept.`, {
    help: 'Say it shorter, and link to the discussion.',
  });
}

function findCheck(evidence: Evidence, name: string): Check {
  const found = findNamedCheck(evidence.body.checks, name);
  if (found.kind === 'found') return found.check;
  const list = found.known.slice(0, CHECKS_NAMED).map((id) => `\`${id}\``);
  const help =
    list.length === 0
      ? 'No comparison failed there. Bounds such as `at-least`, and data checks, are changed in the config.'
      : `Failed and acceptable: ${list.join(', ')}.`;
  if (found.kind === 'ambiguous') throw new UserError(`\`${name}\` failed in several places.`, { help });
  const meant = found.nearest === undefined ? '' : ` Did you mean \`${found.nearest}\`?`;
  throw new UserError(`No failed comparison is called \`${name}\`.${meant}`, { help });
}

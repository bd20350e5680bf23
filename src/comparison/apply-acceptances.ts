import { findNearest } from '../evidence/find-nearest.ts';
import type { Acceptance, Check } from '../schemas/evidence.generated.ts';
import { slackOf } from './judgement.ts';

/** What is judged, as far as an acceptance depends on it. */
export interface AcceptanceContext {
  /** Pull requests that the tested commit belongs to: on main those that it was merged with. */
  readonly pullRequests: readonly number[];
  /** The commit whose work is tested: the head of a pull request. */
  readonly head: string | undefined;
  readonly now: Date;
}

export interface Accepted {
  readonly checks: readonly Check[];
  /** Those that counted, in the order of the checks. */
  readonly used: readonly Acceptance[];
}

/** Checks that compare with the baseline. Bounds that hold whatever main is, and data, are for the config to change. */
const ACCEPTABLE: ReadonlySet<string> = new Set([
  'max-regression',
  'min-improvement',
  'max-improvement',
  'max-change',
  'max-negative-flips',
  'rule',
]);

/** The failed checks that somebody may accept. */
export function listAcceptable(checks: readonly Check[]): readonly Check[] {
  return checks.filter(({ verdict, name }) => verdict === 'fail' && ACCEPTABLE.has(name));
}

/**
 * Turns failed checks that somebody accepted into warnings that name who and why. An acceptance counts for the pull
 * request or the head that it was made for, until it expires, and while the finding is no worse than what was accepted.
 */
export function applyAcceptances(
  checks: readonly Check[],
  acceptances: readonly Acceptance[],
  context: AcceptanceContext,
): Accepted {
  const acceptable = new Set(listAcceptable(checks));
  const used: Acceptance[] = [];
  const judged = checks.map((check): Check => {
    if (!acceptable.has(check)) return check;
    const found = acceptances.find((acceptance) => counts(acceptance, check, context));
    if (found === undefined) return check;
    used.push(found);
    return {
      ...check,
      verdict: 'warn',
      reason: 'accepted',
      message: `Accepted by ${found.actor} until ${found.expires.slice(0, 10)}: ${found.reason}`,
    };
  });
  return { checks: judged, used };
}

function counts(acceptance: Acceptance, check: Check, context: AcceptanceContext): boolean {
  return (
    acceptance.check === check.id &&
    context.now.getTime() < Date.parse(acceptance.expires) &&
    isForThis(acceptance, context) &&
    isNoWorse(acceptance, check, context)
  );
}

function isForThis({ pullRequest, head }: Acceptance, context: AcceptanceContext): boolean {
  if (pullRequest !== undefined) return context.pullRequests.includes(pullRequest);
  return head !== undefined && head === context.head;
}

/**
 * Where both failed by a number, both lie on the bad side and the one further from 0 is the worse, unless the sign
 * changed. An improvement that is too small may be of either sign and either size: there the number must be the same.
 * What has no number is the same at the same head; what has one now and had none then, or the other way round, is not.
 */
function isNoWorse({ observed, head }: Acceptance, check: Check, context: AcceptanceContext): boolean {
  const found = typeof check.observed === 'number' ? check.observed : undefined;
  if (observed === undefined || found === undefined)
    return observed === found && head !== undefined && head === context.head;
  const slack = slackOf(found, observed);
  if (check.name === 'min-improvement') return Math.abs(found - observed) <= slack;
  return found * observed >= 0 && Math.abs(found) <= Math.abs(observed) + slack;
}

export type NamedCheck =
  | { readonly kind: 'found'; readonly check: Check }
  /** Nothing failed that can be accepted under this name; `known` are the ids that could be meant. */
  | { readonly kind: 'unknown'; readonly known: readonly string[]; readonly nearest: string | undefined }
  | { readonly kind: 'ambiguous'; readonly known: readonly string[] };

/** The failed check that a person names: by its id, or by its metric or rule where only one of the whole test set failed. */
export function findNamedCheck(checks: readonly Check[], name: string): NamedCheck {
  const acceptable = listAcceptable(checks);
  const known = acceptable.map(({ id }) => id);
  const exact = acceptable.find(({ id }) => id === name);
  if (exact !== undefined) return { kind: 'found', check: exact };
  const named = acceptable.filter(
    (check) =>
      check.about.slice === undefined && (check.metric === name || check.id.split('/').at(-1) === name),
  );
  const [first, second] = named;
  if (first === undefined) {
    // Of a slice only the id is a name: its metric alone would mean the whole test set's.
    const metrics = acceptable.flatMap(({ metric, about }) =>
      about.slice === undefined && metric !== undefined ? [metric] : [],
    );
    return { kind: 'unknown', known, nearest: findNearest(name, [...metrics, ...known]) };
  }
  return second === undefined
    ? { kind: 'found', check: first }
    : { kind: 'ambiguous', known: named.map(({ id }) => id) };
}

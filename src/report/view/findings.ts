import type { Check, Policy, VerdictWord } from '../../schemas/evidence.generated.ts';
import { groupBy } from '../group-by.ts';
import { describeOutcome, nameQuestion, nameCheckSubject } from './outcomes.ts';
import type { Finding, Outcome } from './report-view.ts';

/** Reasons that hold for everything about a model or a dataset at once, and are told once. */
const SHARED_REASONS: ReadonlySet<Check['reason']> = new Set([
  'no-baseline',
  'outcomes-missing',
  'test-set-changed',
  'unmatched-ids',
  'depends-on-failed-check',
] as const);

const EFFECT_ORDER: readonly VerdictWord[] = ['fail', 'warn', 'inconclusive', 'pass', 'skipped'];
const VERDICT_ORDER: readonly VerdictWord[] = ['fail', 'warn', 'inconclusive', 'skipped', 'pass'];

/** The checks that a reader must look at: what blocks, then what warns, then what could not be decided. */
export function listFindings(checks: readonly Check[], policy: Policy): readonly Finding[] {
  const noteworthy = checks
    .map((check) => ({ check, outcome: describeOutcome(check, policy) }))
    .filter(({ outcome }) => outcome.verdict !== 'pass' && outcome.verdict !== 'skipped');
  const groups = groupBy(noteworthy, ({ check, outcome }) => groupKey(check, outcome));
  return [...groups.values()].flatMap(toFinding).sort(compareFindings);
}

interface Judged {
  readonly check: Check;
  readonly outcome: Outcome;
}

function groupKey(check: Check, outcome: Outcome): string {
  if (!SHARED_REASONS.has(check.reason)) return `check ${check.id}`;
  return JSON.stringify([nameCheckSubject(check), check.reason, outcome.verdict, outcome.effect]);
}

function toFinding(group: readonly Judged[]): readonly Finding[] {
  const [first, ...others] = group;
  if (first === undefined) return [];
  const { check, outcome } = first;
  return [
    {
      outcome,
      subject: nameCheckSubject(check),
      asked: nameQuestion(check),
      alsoAsked: others.map((other) => nameQuestion(other.check)),
      message: check.message,
      examples: check.examples ?? [],
      source: check.source,
    },
  ];
}

function compareFindings(left: Finding, right: Finding): number {
  return (
    EFFECT_ORDER.indexOf(left.outcome.effect) - EFFECT_ORDER.indexOf(right.outcome.effect) ||
    VERDICT_ORDER.indexOf(left.outcome.verdict) - VERDICT_ORDER.indexOf(right.outcome.verdict)
  );
}

/**
 * Chooses which findings stand unfolded, at most `most`: the worst first, and among equals each subject in turn, so that
 * a dataset with many mistakes does not hide what happened to a model. Their order stays.
 */
export function chooseFindings(findings: readonly Finding[], most: number): ReadonlySet<Finding> {
  const byEffect = groupBy(findings, (finding) => finding.outcome.effect);
  const inTurn = [...byEffect.values()].flatMap((equals) => {
    const turns = [...groupBy(equals, (finding) => finding.subject).values()].flatMap((group) =>
      group.map((finding, turn) => ({ finding, turn })),
    );
    return turns.sort((left, right) => left.turn - right.turn);
  });
  return new Set(inTurn.slice(0, most).map(({ finding }) => finding));
}

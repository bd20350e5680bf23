import type { Check, Policy, VerdictWord } from '../../schemas/evidence.generated.ts';
import { countOf, formatCount } from '../format-number.ts';
import { groupBy } from '../group-by.ts';
import { describeOutcome, nameQuestion, nameCheckSubject, nameSubject } from './outcomes.ts';
import type { Finding, Outcome } from './report-view.ts';

/** Reasons that hold for everything about a model or a dataset at once, and are told once. */
const SHARED_REASONS: ReadonlySet<Check['reason']> = new Set([
  'no-baseline',
  'outcomes-missing',
  'test-set-changed',
  'unmatched-ids',
  'depends-on-failed-check',
] as const);

/** Undecided slices that one sentence names. */
const SLICES_NAMED = 12;

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

/** Slices of a model that could not be decided are one finding: the table of slices has what each would need. */
function groupKey({ id, about, reason, ...check }: Check, outcome: Outcome): string {
  const { slice, ...whole } = about;
  const kind = [reason, outcome.verdict, outcome.effect];
  if (SHARED_REASONS.has(reason))
    return JSON.stringify([nameCheckSubject({ ...check, id, about: whole }), kind]);
  return slice !== undefined && outcome.verdict === 'inconclusive'
    ? JSON.stringify([nameSubject(whole), nameQuestion({ ...check, id, about }), kind])
    : `check ${id}`;
}

function toFinding(group: readonly Judged[]): readonly Finding[] {
  const [first] = group;
  if (first === undefined) return [];
  const { check, outcome } = first;
  const slices = group.flatMap((member) => member.check.about.slice ?? []);
  const isOfSlices = slices.length === group.length && group.length > 1;
  const [asked = '', ...alsoAsked] = nameQuestions(group, isOfSlices);
  const { slice: _, ...whole } = check.about;
  return [
    {
      outcome,
      subject: isOfSlices
        ? `${nameSubject(whole)} · ${countOf(slices.length, 'slice')}`
        : nameCheckSubject(check),
      asked,
      alsoAsked,
      message:
        isOfSlices && !SHARED_REASONS.has(check.reason) ? describeUndecidedSlices(slices) : check.message,
      examples: check.examples ?? [],
      source: check.source,
    },
  ];
}

/** What was asked, the same of several slices once. */
function nameQuestions(group: readonly Judged[], isOfSlices: boolean): readonly string[] {
  const questions = groupBy(group, ({ check }) =>
    check.about.slice === undefined ? check.id : nameQuestion(check),
  );
  return [...questions.values()].flatMap(([first, ...others]) => {
    if (first === undefined) return [];
    const question = nameQuestion(first.check);
    return [
      isOfSlices || group.length === 1 || first.check.about.slice === undefined
        ? question
        : `${question} of ${countOf(others.length + 1, 'slice')}`,
    ];
  });
}

function describeUndecidedSlices(slices: readonly string[]): string {
  const named = slices.slice(0, SLICES_NAMED).map((slice) => `\`${slice}\``);
  const more = slices.length - named.length;
  return `${named.join('; ')}${more > 0 ? ` and ${formatCount(more)} more` : ''}. The report's table of slices has each.`;
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

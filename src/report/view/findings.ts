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

/** From so many columns on that fail in the same way, they are one finding; and so many of them are named. */
const LEAST_COLUMNS = 4;
const COLUMNS_NAMED = 12;

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
  return [...groups.values()].flatMap(splitColumns).flatMap(toFinding).sort(compareFindings);
}

/** A group of columns stays one only if it is large: a few columns are each told in full. */
function splitColumns(group: readonly Judged[]): readonly (readonly Judged[])[] {
  const isSmall = isOfColumns(group) && listColumns(group).length < LEAST_COLUMNS;
  return isSmall ? group.map((one) => [one]) : [group];
}

function listColumns(group: readonly Judged[]): readonly string[] {
  return [...new Set(group.flatMap(({ check }) => check.about.column ?? []))];
}

function isOfColumns(group: readonly Judged[]): boolean {
  return group.every(({ check }) => isOfColumn(check));
}

/** Whether a check is of one column of a dataset, and has a reason of its own. */
function isOfColumn({ about: { dataset, column, slice }, reason }: Check): boolean {
  return dataset !== undefined && column !== undefined && slice === undefined && !SHARED_REASONS.has(reason);
}

interface Judged {
  readonly check: Check;
  readonly outcome: Outcome;
}

/**
 * Slices of a model that could not be decided are one finding: the table of slices has what each would need. So are
 * columns of a dataset with the same fault: a hundred lines that differ in a name hide what else happened.
 */
function groupKey(judged: Check, outcome: Outcome): string {
  const { id, about, reason, ...check } = judged;
  const { slice, ...whole } = about;
  const kind = [reason, outcome.verdict, outcome.effect];
  if (SHARED_REASONS.has(reason))
    return JSON.stringify([nameCheckSubject({ ...check, id, about: whole }), kind]);
  if (isOfColumn(judged)) return JSON.stringify([nameSubject(about), check.name, kind]);
  return slice !== undefined && outcome.verdict === 'inconclusive'
    ? JSON.stringify([nameSubject(whole), nameQuestion({ ...check, id, about }), kind])
    : `check ${id}`;
}

function toFinding(group: readonly Judged[]): readonly Finding[] {
  const [first] = group;
  if (first === undefined) return [];
  const { check, outcome } = first;
  if (group.length > 1 && isOfColumns(group)) return [toFindingOfColumns(first, group)];
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

function toFindingOfColumns({ check, outcome }: Judged, group: readonly Judged[]): Finding {
  const columns = listColumns(group);
  const named = columns.slice(0, COLUMNS_NAMED).map((column) => `\`${column}\``);
  const more = columns.length - named.length;
  return {
    outcome,
    subject: nameCheckSubject(check),
    asked: `${check.name} of ${countOf(columns.length, 'column')}`,
    alsoAsked: [],
    message: `${named.join(', ')}${more > 0 ? ` and ${formatCount(more)} more` : ''}. The first: ${check.message}`,
    examples: check.examples ?? [],
    source: check.source,
  };
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

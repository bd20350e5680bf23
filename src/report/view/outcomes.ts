import { watchedMetric } from '../../evidence/metric-history.ts';
import { contributionOf, worstOf } from '../../evidence/verdict.ts';
import type { About, Check, Policy } from '../../schemas/evidence.generated.ts';
import type { Outcome } from './report-view.ts';

type Reason = NonNullable<Check['reason']>;

/** Reasons in words, where a report names one. */
export const REASON_WORDS: Readonly<Record<Reason, string>> = {
  unchanged: 'unchanged',
  'no-baseline': 'no baseline',
  'not-in-baseline': 'not in the baseline',
  undecided: 'test set too small',
  degenerate: 'nothing to tell apart',
  'too-few-rows': 'too few rows',
  'point-rule': 'point rule',
  missing: 'missing',
  'not-finite': 'not a number',
  'test-set-changed': 'test set changed',
  'outcomes-missing': 'baseline outcomes missing',
  'policy-changed': 'policy changed',
  'unmatched-ids': 'ids do not match',
  unreadable: 'unreadable',
  empty: 'empty',
  'depends-on-failed-check': 'depends on a failed check',
  'baseline-contradicted': 'main says otherwise',
  accepted: 'accepted regression',
  multiplicity: 'not sure among so many tests',
  'budget-spent': 'test set worn out',
  'unexpected-gain': 'too good to be true',
  'definition-changed': 'definition of the metric changed',
  'training-noise': 'training noise',
  'foreign-failure': 'the other tool failed',
  'foreign-incomplete': "the other tool's run is incomplete",
  'recomputed-differently': 'the model answers differently',
  'left-out': 'left out for now',
};

/** What a check came to, in words. */
export function describeOutcome(check: Check, policy: Policy): Outcome {
  const effect = contributionOf(check, policy);
  const details = [
    ...wordReason(check),
    ...(check.verdict === 'fail' && effect === 'warn' ? ['warning only'] : []),
  ];
  const label = details.length === 0 ? check.verdict : `${check.verdict} (${details.join(', ')})`;
  return { verdict: check.verdict, effect, label };
}

/** A rule has its reasons in its message, and numbers of a file have no test set. */
function wordReason({ reason, name, about }: Check): readonly string[] {
  if (reason === undefined || (reason === 'undecided' && name === 'rule')) return [];
  return [
    reason === 'undecided' && about.metricsFile !== undefined ? 'too much noise' : REASON_WORDS[reason],
  ];
}

/** The worst of several: of those with the worst effect the first. Undefined if there is none. */
export function worstOutcome(outcomes: readonly Outcome[]): Outcome | undefined {
  const worst = worstOf(outcomes.map((outcome) => outcome.effect));
  return outcomes.find((outcome) => outcome.effect === worst && outcome.verdict !== 'pass') ?? outcomes[0];
}

/** Name of what a check or metric is about, with its slice. */
export function nameSubject(about: About): string {
  const name = about.model ?? about.dataset ?? about.metricsFile ?? 'everything';
  return [name, about.split, about.slice].filter((part) => part !== undefined).join(' · ');
}

/** What a check is about. A rule may be about several models: then it is about the rules. */
export function nameCheckSubject(check: Check): string {
  return check.name === 'rule' ? 'rules' : nameSubject(check.about);
}

/** What was asked: metric or column, and the kind of check. */
export function nameQuestion(check: Check): string {
  if (check.name === 'rule') return check.id.split('/').at(-1) ?? check.id;
  if (check.name === 'expect') return check.name;
  const { metric, name } = check;
  const { column } = check.about;
  // Of groups a column is asked besides the rate.
  if (metric !== undefined && column !== undefined) return `${metric} by ${column} ${name}`;
  return [metric ?? column ?? watchedMetric(check), name].filter((part) => part !== undefined).join(' ');
}

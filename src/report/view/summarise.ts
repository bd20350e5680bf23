import { judgeAll, worstOf } from '../../evidence/verdict.ts';
import type {
  Check,
  Evidence,
  Input,
  Policy,
  Subject,
  VerdictWord,
  EvidenceBody,
} from '../../schemas/evidence.generated.ts';
import { countOf, formatBytes, formatCount, formatPlain } from '../format-number.ts';
import { describeBaseline } from './baseline-line.ts';
import { listDatasets } from './datasets.ts';
import { listDetails, listRemarks } from './details/list-details.ts';
import { listFindings } from './findings.ts';
import { listMeasured } from './metric-rows.ts';
import { describeOutcome, nameQuestion, nameCheckSubject } from './outcomes.ts';
import { listProvenance } from './provenance.ts';
import type { Banner, CheckLine, FileLine, ReportView, SubjectLine } from './report-view.ts';

/** Who vouches for the evidence: this run, or code of a pull request that nobody has read. */
export type Trust = 'own' | 'untrusted';

interface SummariseOptions {
  /** When the report is made: old evidence is called old. */
  readonly now: Date;
  readonly trust: Trust;
}

/** Turns evidence into what a report says. Pure; never throws on evidence that its schema accepts. */
export function summarise(evidence: Evidence, options: SummariseOptions): ReportView {
  const { body } = evidence;
  // A step of which the config asks nothing has no checks. A stranger's evidence without any is not believed that.
  const isIdle = options.trust === 'own' && body.verdict === 'skipped' && body.checks.length === 0;
  const judged = isIdle ? 'skipped' : judgeAll(body.checks, body.policy);
  const verdict = worstOf([body.verdict, judged]);
  return {
    verdict,
    blocks: verdict === 'fail' && body.policy.enforce,
    headline: writeHeadline(verdict, body),
    banners: listBanners(options.trust, verdict, body.verdict, body.policy),
    findings: listFindings(body.checks, body.policy),
    measured: listMeasured(body),
    datasets: listDatasets(body),
    baseline: body.baseline === undefined ? undefined : describeBaseline(body.baseline, evidence.createdAt),
    checks: body.checks.map((check) => describeCheck(check, body.policy)),
    remarks: listRemarks(body),
    details: listDetails(body),
    notes: body.notes ?? [],
    provenance: listProvenance(evidence, options.now),
    files: body.inputs.map(describeFile),
    subjects: body.subjects.map(describeSubject),
  };
}

/** Checks that bound what a model does without naming one metric. */
const BOUNDS_WITHOUT_METRIC: ReadonlySet<string> = new Set(['rule', 'max-negative-flips']);

function writeHeadline(verdict: VerdictWord, { checks, metrics, policy }: EvidenceBody): string {
  const word = verdict === 'fail' && !policy.enforce ? 'would have failed' : verdict;
  // A pass over metrics that nobody put a bound on says nothing about them, however much worse they are.
  const isUngated =
    metrics.length > 0 &&
    checks.length > 0 &&
    checks.every((check) => check.metric === undefined && !BOUNDS_WITHOUT_METRIC.has(check.name));
  if (verdict === 'skipped' && checks.length === 0)
    return 'skipped — the config asks nothing of this step; `mlgate run` runs them all';
  return `${word} — ${explainVerdict(checks, policy)}${isUngated ? '; no metric has a bound' : ''}`;
}

function explainVerdict(checks: readonly Check[], policy: Policy): string {
  if (checks.length === 0) return 'nothing was checked';
  const outcomes = checks.map((check) => describeOutcome(check, policy));
  const failed = outcomes.filter(({ verdict, effect }) => verdict === 'fail' && effect === 'fail').length;
  const undecided = outcomes.filter(({ verdict }) => verdict === 'inconclusive').length;
  const warned = outcomes.filter(
    ({ verdict, effect }) => effect === 'warn' && verdict !== 'inconclusive',
  ).length;
  const skipped = outcomes.filter(({ verdict }) => verdict === 'skipped').length;
  const parts = [
    ...(failed > 0 ? [`${countOf(failed, 'check')} failed`] : []),
    ...(warned > 0 ? [countOf(warned, 'warning')] : []),
    ...(undecided > 0 ? [`${formatCount(undecided)} could not be decided`] : []),
    ...(skipped > 0 ? [`${formatCount(skipped)} skipped`] : []),
  ];
  if (failed + warned + undecided > 0) return parts.join(', ');
  return [...praise(checks, skipped), ...parts].join(', ');
}

function praise(checks: readonly Check[], skipped: number): readonly string[] {
  const passed = checks.length - skipped;
  if (passed === 0) return [];
  const unchanged = checks.some((check) => check.reason === 'unchanged');
  const all =
    skipped > 0 || passed === 1
      ? `${countOf(passed, 'check')} passed`
      : `all ${formatCount(passed)} checks passed`;
  return unchanged ? [all, 'the model is unchanged'] : [all];
}

function listBanners(
  trust: Trust,
  verdict: VerdictWord,
  claimed: VerdictWord,
  policy: Policy,
): readonly Banner[] {
  const untrusted: Banner = {
    kind: 'untrusted',
    text: 'Reported by code of this pull request: the numbers are what that code says.',
  };
  const notEnforced: Banner = {
    kind: 'not-enforced',
    text:
      verdict === 'fail'
        ? 'This would have failed; nothing is blocked, because the config says `enforce: false`.'
        : 'Nothing would be blocked: the config says `enforce: false`.',
  };
  const contradiction: Banner = {
    kind: 'contradiction',
    text: `The evidence says \`${claimed}\`, but its own checks come to \`${verdict}\`: the worse of the two counts.`,
  };
  return [
    ...(trust === 'untrusted' ? [untrusted] : []),
    ...(policy.enforce ? [] : [notEnforced]),
    ...(verdict === claimed ? [] : [contradiction]),
  ];
}

function describeCheck(check: Check, policy: Policy): CheckLine {
  return {
    outcome: describeOutcome(check, policy),
    subject: nameCheckSubject(check),
    asked: nameQuestion(check),
    observed: writeScalar(check.observed),
    expected: writeScalar(check.expected),
  };
}

function writeScalar(value: Check['observed']): string {
  if (value === undefined) return '';
  return typeof value === 'number' ? formatPlain(value) : String(value);
}

function describeFile(input: Input): FileLine {
  const rows = input.rows === undefined ? [] : [countOf(input.rows, 'row')];
  return {
    role: input.name === undefined ? input.role : `${input.role} ${input.name}`,
    path: input.path,
    size: [formatBytes(input.bytes), ...rows].join(', '),
    sha256: input.sha256,
  };
}

function describeSubject(subject: Subject): SubjectLine {
  return {
    name: subject.name,
    sha256: subject.sha256,
    size: `${formatBytes(subject.bytes)} ${subject.format}`,
    binding: subject.binding,
  };
}

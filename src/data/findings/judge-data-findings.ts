import { boundSentence } from '../../evidence/bound-text.ts';
import type { Check, DataFinding } from '../../schemas/evidence.generated.ts';
import { joinNames, showCount } from '../word-condition.ts';
import { findingKind } from './finding-kinds.ts';
import type { DataBound, FindingLimit } from './list-data-bounds.ts';
import { wordRowsBound, wordShareBound } from './rows-bound.ts';

/** How far a share may be from its count over its rows. */
const ROUNDING = 1e-9;

/** Columns of which a message tells the details. */
const MAX_DETAILS = 5;

interface Judgement {
  readonly verdict: Check['verdict'];
  readonly reason?: NonNullable<Check['reason']>;
  readonly message: string;
  readonly observed?: number;
  readonly violations?: number;
  readonly rows?: number;
}

/**
 * One check for each bound. What was not measured fails: a step that crashed or was cut out never looks like a pass. A
 * pure function of evidence, so that a trusted stage can judge a stranger's findings again with its own bounds.
 */
export function judgeDataFindings(
  bounds: readonly DataBound[],
  findings: readonly DataFinding[],
): readonly Check[] {
  return bounds.map((bound) => {
    const own = findings.filter(
      ({ dataset, kind, against }) =>
        dataset === bound.dataset && kind === bound.name && against === bound.against,
    );
    const { verdict, reason, message, ...counted } = judgeBound(bound, own);
    return {
      ...frameCheck(bound),
      verdict,
      ...(reason === undefined ? {} : { reason }),
      message: boundSentence(message),
      ...counted,
    };
  });
}

/** The same bounds where the data could not be read. */
export function skipDataBounds(bounds: readonly DataBound[], why: string): readonly Check[] {
  return bounds.map((bound) => ({
    ...frameCheck(bound),
    verdict: 'skipped',
    reason: 'depends-on-failed-check',
    message: `Not looked at, because ${why}.`,
  }));
}

function frameCheck(
  bound: DataBound,
): Pick<Check, 'id' | 'name' | 'about' | 'severity' | 'expected' | 'source'> {
  const { id, name, dataset, severity, source } = bound;
  return { id, name, about: { dataset }, severity, expected: wordLimit(bound.limit), source };
}

function wordLimit(limit: FindingLimit): string {
  switch (limit.unit) {
    case 'rows':
    case 'share':
      return wordRowsBound(limit);
    case 'score':
      return `at most ${limit.most}`;
    case 'least-share':
      return `at least ${wordShareBound(limit.least)}`;
  }
}

function judgeBound(bound: DataBound, findings: readonly DataFinding[]): Judgement {
  const [whole, other] = findings.filter(({ column }) => column === undefined);
  const ofColumns = findings.filter(({ column }) => column !== undefined);
  if (other !== undefined || findings.some((finding) => !addsUp(bound, finding))) {
    const message = `What the evidence says of this${ofPair(bound)} does not add up: ${other === undefined ? 'a count is not the share that stands beside it' : 'it says it twice'}. Look at what made it.`;
    return { verdict: 'fail', reason: 'missing', message };
  }
  if (whole === undefined) {
    const message = `This was not looked at, though \`${bound.family}\` asks for it${ofPair(bound)}. Look at the step that should have done it.`;
    return { verdict: 'fail', reason: 'missing', message };
  }
  if (whole.value === null && ofColumns.length === 0) {
    const message = `${whole.detail ?? ''} So there was nothing to look at${ofPair(bound)}.`.trim();
    return { verdict: 'inconclusive', reason: 'too-few-rows', message };
  }
  return findingKind(bound.name)?.ofColumns === true
    ? judgeColumns(bound, whole, ofColumns)
    : judgeWhole(bound, whole);
}

function ofPair({ against }: DataBound): string {
  return against === undefined ? '' : ` (against ${quote(against)})`;
}

function quote(text: string): string {
  return `\`${text.replaceAll(/[\p{Cc}`]/gu, ' ')}\``;
}

function judgeWhole(bound: DataBound, finding: DataFinding): Judgement {
  const { value, count, n, detail = '' } = finding;
  const observed = value ?? 0;
  const rows = n === undefined ? {} : { rows: n };
  if (!isBroken(bound.limit, finding)) return { verdict: 'pass', message: detail, observed, ...rows };
  return {
    verdict: 'fail',
    message: `${detail} Asked for is ${wordLimit(bound.limit)}. ${cureOfKind(bound)}`,
    observed,
    ...(count === undefined ? {} : { violations: count }),
    ...rows,
  };
}

function judgeColumns(bound: DataBound, whole: DataFinding, found: readonly DataFinding[]): Judgement {
  const looked = whole.n ?? 0;
  if ((whole.value ?? 0) > found.length) {
    const message = `${showCount(whole.value ?? 0)} columns were found and only ${showCount(found.length)} are named. The evidence is not whole.`;
    return { verdict: 'fail', reason: 'missing', message };
  }
  const broken = found.filter((finding) => isBroken(bound.limit, finding));
  const bad = broken.filter(({ column = '' }) => !Object.hasOwn(bound.allowed, column));
  const allowed = broken.filter((finding) => !bad.includes(finding));
  const excused = allowed.map(
    ({ column = '' }) => ` ${quote(column)} is allowed: ${bound.allowed[column] ?? ''}.`,
  );
  if (bad.length === 0) {
    const message = `${looked === 1 ? 'One column was' : `${showCount(looked)} columns were`} looked at${ofPair(bound)}; nothing found.${excused.join('')}`;
    return { verdict: 'pass', message, observed: 0 };
  }
  const told = bad
    .slice(0, MAX_DETAILS)
    .map(({ column = '', detail = '' }) => `${quote(column)}: ${detail}`)
    .join(' ');
  const rest = bad.slice(MAX_DETAILS).map(({ column = '' }) => column);
  const more = rest.length === 0 ? '' : ` So are ${joinNames(rest)}.`;
  return {
    verdict: 'fail',
    message: `${told}${more}${excused.join('')} ${cureOfKind(bound)}`,
    observed: bad.length,
    violations: bad.reduce((sum, { count }) => sum + Math.max(1, count ?? 1), 0),
  };
}

function cureOfKind({ name }: DataBound): string {
  return findingKind(name)?.cure ?? '';
}

/** Whether a share is that of its count. Of what may not be found at all either says so, whatever the other is. */
function addsUp({ limit, name }: DataBound, { value, count, n, column }: DataFinding): boolean {
  const isSummary = column === undefined && findingKind(name)?.ofColumns === true;
  if (value === null || isSummary || limit.unit === 'score' || isForbidden(limit)) return true;
  if (count === undefined || n === undefined) return limit.unit !== 'rows';
  return n === 0 ? count === 0 : Math.abs(value - count / n) <= ROUNDING;
}

function isForbidden(limit: FindingLimit): boolean {
  return limit.unit === 'rows' && limit.most === 0;
}

/** A count is held against rows, a value against a share, a score by the limit that speaks for it. */
function isBroken(limit: FindingLimit, { value, count, interval }: DataFinding): boolean {
  switch (limit.unit) {
    case 'rows':
      return (isForbidden(limit) ? Math.max(count ?? 0, value ?? 0) : (count ?? value ?? 0)) > limit.most;
    case 'share':
      return (value ?? 0) > limit.most;
    case 'score':
      return (interval?.low ?? value ?? 0) > limit.most;
    case 'least-share':
      return (value ?? 0) < limit.least;
  }
}

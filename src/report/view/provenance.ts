import type { Evidence } from '../../schemas/evidence.generated.ts';
import { formatDuration, formatPercent } from '../format-number.ts';
import { shortenCommit } from './baseline-line.ts';
import type { Fact } from './report-view.ts';

/** Digits of a SHA-256 that are shown: enough to tell documents apart by eye. */
const DIGEST_DIGITS = 12;
/** Evidence that is older than this when the report is made is called old. */
const FRESH_SECONDS = 24 * 3600;

/** The first digits of a digest. */
function shortenDigest(digest: string): string {
  return digest.slice(0, DIGEST_DIGITS);
}

/** Who says so, when, and with what: enough to find the evidence and to make it again. */
export function listProvenance(evidence: Evidence, now: Date): readonly Fact[] {
  const { source, body } = evidence;
  return [
    ...optionalFact('commit', source.commit === undefined ? undefined : shortenCommit(source.commit), true),
    ...optionalFact(
      'head',
      source.headCommit === undefined ? undefined : shortenCommit(source.headCommit),
      true,
    ),
    ...optionalFact('ref', source.ref, true),
    ...optionalFact('run', describeRun(source.run, source.attempt), false),
    { name: 'evidence', value: shortenDigest(evidence.digest), isCode: true },
    { name: 'policy', value: shortenDigest(body.policy.digest), isCode: true },
    { name: 'alpha', value: formatPercent(body.policy.alpha), isCode: false },
    { name: 'seed', value: String(body.seed), isCode: false },
    { name: 'mlgate', value: body.tool.version, isCode: false },
    { name: 'made', value: describeTime(evidence.createdAt, now), isCode: false },
    { name: 'took', value: `${evidence.durationSeconds.toFixed(1)} s`, isCode: false },
  ];
}

function optionalFact(name: string, value: string | undefined, isCode: boolean): readonly Fact[] {
  return value === undefined ? [] : [{ name, value, isCode }];
}

function describeRun(run: number | undefined, attempt: number | undefined): string | undefined {
  if (run === undefined) return undefined;
  return attempt === undefined || attempt === 1 ? String(run) : `${run}, attempt ${attempt}`;
}

function describeTime(createdAt: string, now: Date): string {
  const written = `${createdAt.slice(0, 10)} ${createdAt.slice(11, 16)} UTC`;
  const seconds = (now.getTime() - Date.parse(createdAt)) / 1000;
  return seconds > FRESH_SECONDS ? `${written}, ${formatDuration(seconds)} before this report` : written;
}

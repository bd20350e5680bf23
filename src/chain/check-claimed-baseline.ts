import type { BaselineFound } from '../baseline/find-baseline.ts';
import type { Candidate } from '../baseline/check-candidate.ts';
import { toCanonicalJson } from '../evidence/canonical-json.ts';
import { replaceBody } from '../evidence/evidence.ts';
import { judgeAll } from '../evidence/verdict.ts';
import type { Config, DatasetConfig } from '../schemas/config.generated.ts';
import type { BaselineUsed, Check, Drift, Evidence, Metric } from '../schemas/evidence.generated.ts';

/** What the trusted half knows of main, besides what untrusted evidence says of it. */
export interface KnownBaseline {
  /** What a search finds on the branch now. */
  readonly found: BaselineFound;
  /** What the branch holds for the commit that the evidence names; undefined if nothing. */
  readonly named: Candidate | undefined;
  /** When the untrusted run began. */
  readonly startedAt: Date;
}

/** How long after its making evidence of main may come to stand on the branch: the queue before the job that records it. */
const RECORDING_MS = 60 * 60_000;

/** How far numbers computed from kept outcomes may lie from those that main recorded: scores may be kept in 32 bits. */
const TOLERANCE = 1e-4;

const HELP = 'Run the gate again on this head; if it says the same, look at what makes this evidence.';
const METRICS_NAMED = 3;

/** Whether evidence by a config says anything of main. */
export function comparesWithMain({ data = {}, models, metrics }: Config): boolean {
  return models !== undefined || metrics !== undefined || Object.values(data).some(isComparedWithMain);
}

function isComparedWithMain({ drift, skew, diff }: DatasetConfig): boolean {
  return diff !== undefined || [drift, skew].some((asked) => asked?.against === 'baseline');
}

/**
 * Untrusted evidence with a failed check where it says something else of main than main's own record: that there is no
 * baseline, another or an older one, or other numbers of it. A record that may have come after the run began is no
 * contradiction.
 */
export function checkClaimedBaseline(evidence: Evidence, known: KnownBaseline): Evidence {
  const problem = findContradiction(evidence, known);
  if (problem === undefined) return evidence;
  const check: Check = {
    id: 'baseline/claim',
    name: 'baseline',
    about: {},
    verdict: 'fail',
    reason: 'baseline-contradicted',
    severity: 'fail',
    message: `${problem} ${HELP}`,
  };
  const { body } = evidence;
  const checks = [...body.checks, check];
  return replaceBody(evidence, { ...body, checks, verdict: judgeAll(checks, body.policy) });
}

const STORE_RUNGS: readonly BaselineUsed['rung'][] = ['exact', 'ancestor', 'newest'];

function findContradiction({ body }: Evidence, known: KnownBaseline): string | undefined {
  const claimed = body.baseline;
  const isOfStore = claimed !== undefined && STORE_RUNGS.includes(claimed.rung);
  if (!isOfStore) return findOverlooked(claimed, known);
  const record = known.named?.kind === 'sound' ? known.named.evidence : undefined;
  if (record === undefined || record.digest !== claimed.evidence)
    return `The evidence names a baseline (${shorten(claimed.evidence)} of ${shorten(claimed.commit)}) that the branch does not hold.`;
  return (
    findPassedOver(claimed, known) ??
    findOtherNumbers(body.metrics, record) ??
    findOtherProfiles(body.drifts ?? [], record)
  );
}

function wasThere({ found, startedAt }: KnownBaseline): boolean {
  if (found.evidence === undefined) return false;
  return Date.parse(found.evidence.createdAt) + RECORDING_MS < startedAt.getTime();
}

function findOverlooked(claimed: BaselineUsed | undefined, known: KnownBaseline): string | undefined {
  if (!wasThere(known)) return undefined;
  const says =
    claimed === undefined || claimed.rung === 'none' ? 'has no baseline' : `has only a ${claimed.rung}`;
  return `The evidence says that main ${says}; the branch has one of ${shorten(known.found.used.commit)}.`;
}

function findPassedOver(claimed: BaselineUsed, known: KnownBaseline): string | undefined {
  if (!wasThere(known) || known.found.used.commit === claimed.commit) return undefined;
  return `The evidence compares with ${shorten(claimed.commit)}; the baseline of this change is ${shorten(known.found.used.commit)}.`;
}

function findOtherNumbers(metrics: readonly Metric[], record: Evidence): string | undefined {
  const recorded = new Map(record.body.metrics.map((metric) => [keyOf(metric), metric.value]));
  const different = metrics.filter((metric) => {
    const [claimed, value] = [metric.comparison?.baseline, recorded.get(keyOf(metric))];
    if (typeof claimed !== 'number' || typeof value !== 'number') return false;
    return Math.abs(claimed - value) > TOLERANCE * Math.max(1, Math.abs(value));
  });
  if (different.length === 0) return undefined;
  const named = different.slice(0, METRICS_NAMED).map(({ name }) => `\`${name}\``);
  return `The evidence has other numbers of the baseline than main recorded: ${named.join(', ')}.`;
}

/** What drift says of main's profiles: that there is none, or of another number of rows. */
function findOtherProfiles(drifts: readonly Drift[], record: Evidence): string | undefined {
  for (const { dataset, comparator, against, unavailable, referenceRows } of drifts) {
    if (against.kind !== 'baseline') continue;
    const profile = record.body.profiles?.find((one) => one.dataset === dataset);
    const says = unavailable === undefined ? referenceRows : undefined;
    if (says !== profile?.rows) {
      const [claimed, recorded] = [says, profile?.rows].map((rows) =>
        rows === undefined ? 'no rows' : `${rows} rows`,
      );
      return `The evidence holds the ${comparator} of \`${dataset}\` against ${claimed} of main; main recorded ${recorded}.`;
    }
  }
  return undefined;
}

/** Of the same model, test set and definition: others differ honestly. */
function keyOf({ name, about, definition }: Metric): string {
  return toCanonicalJson([name, about, definition]);
}

function shorten(hash: string | undefined): string {
  return hash === undefined ? 'unknown' : hash.slice(0, 12);
}

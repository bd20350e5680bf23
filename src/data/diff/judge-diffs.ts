/** Bounds on how many rows may differ from main's: from the config and what was counted, and nothing else. */
import { boundText } from '../../evidence/bound-text.ts';
import type { Config } from '../../schemas/config.generated.ts';
import type { BaselineUsed, Check, ConfigSource, DataDiff } from '../../schemas/evidence.generated.ts';
import { parseMargin } from '../../schemas/parse-margin.ts';
import { countOf, showCount } from '../word-condition.ts';

const BOUNDS = { 'max-added': 'added', 'max-removed': 'removed', 'max-changed': 'changed' } as const;
type DiffBound = keyof typeof BOUNDS;

export interface DiffGate {
  readonly dataset: string;
  readonly bound: DiffBound;
  /** Columns that name a row, as evidence has them. */
  readonly key: readonly string[];
  /** Largest share of main's rows. */
  readonly limit: number;
  readonly severity: Check['severity'];
  readonly source: ConfigSource;
}

/** Whether a check is the answer to such a bound. */
export function isDiffBound({ name, about }: Pick<Check, 'name' | 'about'>): boolean {
  return about.dataset !== undefined && Object.hasOwn(BOUNDS, name);
}

/** Every bound on changed rows that the config sets. */
export function listDiffGates(
  config: Pick<Config, 'data'>,
  locate: (path: readonly string[]) => ConfigSource,
): readonly DiffGate[] {
  return Object.entries(config.data ?? {}).flatMap(([dataset, { diff }]) =>
    (Object.keys(BOUNDS) as DiffBound[]).flatMap((bound): readonly DiffGate[] => {
      const limit = diff?.[bound];
      if (diff === undefined || limit === undefined) return [];
      const source = locate(['data', dataset, 'diff', bound]);
      const key = diff.key.map((column) => boundText(column));
      return [{ dataset, bound, key, limit: parseMargin(limit).value, severity: diff.severity, source }];
    }),
  );
}

export interface DiffJudgeRequest {
  readonly gates: readonly DiffGate[];
  readonly diffs: readonly DataDiff[];
  readonly baseline: BaselineUsed | undefined;
  /** What a difference is that should be there and is not: where untrusted code says what was found, it may have been left out. */
  readonly missing: 'fail' | 'inconclusive';
}

/** One check for each bound. */
export function judgeDiffs(request: DiffJudgeRequest): readonly Check[] {
  return request.gates.map((gate) => judgeGate(gate, request));
}

function judgeGate(gate: DiffGate, request: DiffJudgeRequest): Check {
  const { dataset, bound, limit, severity, source } = gate;
  const frame = {
    id: `data/${dataset}/diff/${bound}`,
    name: bound,
    about: { dataset },
    severity,
    expected: `at most ${writePercent(limit)}`,
    source,
  };
  const [diff, other] = request.diffs.filter((one) => one.dataset === dataset);
  if (diff === undefined) return { ...frame, ...explainNothing(dataset, request) };
  if (diff.key.join('\n') !== gate.key.join('\n')) {
    const message = `The rows of \`${dataset}\` are known by another key than this config says, so what changed was counted otherwise.`;
    return { ...frame, verdict: 'inconclusive', reason: 'policy-changed', message };
  }
  const fault = other === undefined ? findFault(diff) : 'there are two of them';
  if (fault !== undefined) {
    const message = `What the evidence says of the changed rows of \`${dataset}\` does not add up: ${fault}.`;
    return { ...frame, verdict: 'fail', reason: 'missing', message };
  }
  const count = diff[BOUNDS[bound]];
  const share = diff.rowsBefore === 0 ? Number(count > 0) : count / diff.rowsBefore;
  const what = `${showCount(count)} of main's ${countOf(diff.rowsBefore, 'row')} (${writePercent(share)})`;
  const action = { added: 'added to', removed: 'removed from', changed: 'changed in' }[BOUNDS[bound]];
  return share <= limit
    ? { ...frame, verdict: 'pass', observed: share, message: `${what} were ${action} \`${dataset}\`.` }
    : {
        ...frame,
        verdict: 'fail',
        observed: share,
        violations: count,
        message: `${what} were ${action} \`${dataset}\`; ${writePercent(limit)} are allowed. Look at the rows below, or raise \`${bound}\` if this change is meant.`,
      };
}

/** What no difference can be, as the end of a sentence. */
function findFault({ rows, rowsBefore, added, removed, changed, unchanged }: DataDiff): string | undefined {
  const kept = changed + unchanged;
  return rows === added + kept && rowsBefore === removed + kept
    ? undefined
    : 'the rows that were added, removed and kept are not those of the two tables';
}

function explainNothing(
  dataset: string,
  { baseline, missing }: DiffJudgeRequest,
): Pick<Check, 'verdict' | 'reason' | 'message'> {
  return baseline === undefined || baseline.rung === 'none'
    ? {
        verdict: 'inconclusive',
        reason: 'no-baseline',
        message: `There is no record of main that \`${dataset}\` could be held against yet.`,
      }
    : {
        verdict: missing,
        reason: 'missing',
        message: `The rows of \`${dataset}\` were not held against main's. The notes of this report say why, if the file could be read.`,
      };
}

const SIGNIFICANT = 3;

function writePercent(share: number): string {
  return `${Number((share * 100).toPrecision(SIGNIFICANT))} %`;
}

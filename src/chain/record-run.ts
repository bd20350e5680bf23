import type { Expectation } from '../baseline/check-candidate.ts';
import type { StoredOutcomes } from '../baseline/outcomes-store.ts';
import { recordBaseline, type RecordResult, type RecordTiming } from '../baseline/record-baseline.ts';
import { noteMeasurement } from '../baseline/note-measurement.ts';
import type { TestSetUse } from '../baseline/test-set-uses.ts';
import type { RefStore } from '../platform/ref-store.ts';
import type { BaselineConfig } from '../schemas/config.generated.ts';
import type { Evidence } from '../schemas/evidence.generated.ts';
import { readOutcomeFiles } from './evidence-files.ts';
import { maxOutcomesBytes } from './local-baseline.ts';

export interface RunToRecord {
  readonly evidence: Evidence;
  /** Absolute: the folders with the outcomes of that evidence, one for each part of it. */
  readonly folders: readonly string[];
  readonly baseline: BaselineConfig;
  readonly expected: Expectation;
  /** Pull requests that were judged since a point in time; left out where nobody knows. */
  readonly listJudged?: (since: string) => Promise<readonly TestSetUse[]>;
}

/** Records what a run on main left in a folder, as far as the config keeps it. Throws as `recordBaseline` does. */
export async function recordRun(
  store: RefStore,
  { evidence, folders, baseline, expected, listJudged }: RunToRecord,
  timing: RecordTiming,
): Promise<RecordResult> {
  const outcomes: StoredOutcomes[] = [];
  for (const folder of baseline.outcomes === 'ref' ? folders : [])
    outcomes.push(...(await readOutcomeFiles(evidence, folder)));
  const limits = { kept: baseline['outcomes-kept'], maxBytes: maxOutcomesBytes(baseline) };
  const { branch } = baseline;
  const result = await recordBaseline(store, { evidence, branch, outcomes, limits, expected }, timing);
  // Also when this commit was recorded before: measured again, it shows how much its metrics vary.
  await noteMeasurement(store, { evidence, branch, listJudged }, timing);
  return result;
}

/** What became of a record, for people. */
export function describeRecord(result: RecordResult, branch: string): string {
  const commit = result.commit.slice(0, 12);
  const sentences = {
    recorded: `Recorded ${commit} on the branch ${branch}.`,
    'already-recorded': `${commit} was recorded before, with the same evidence.`,
    'kept-first': `${commit} was recorded before, with other evidence (${result.evidence.slice(0, 12)}), which stays: baselines are never changed.`,
  };
  const lost = result.outcomes.flatMap((outcome) =>
    outcome.kept === 'ref' ? [] : [`Outcomes of ${outcome.model} were not kept: ${outcome.reason}`],
  );
  return [sentences[result.kind], ...lost].join('\n');
}

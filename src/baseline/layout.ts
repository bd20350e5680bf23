/**
 * What lies where on the baseline's branch and refs. Everything that reads or writes them takes its names from here.
 */

/** Ref of the branch that holds the evidence of main. */
export function branchRef(branch: string): string {
  return `refs/heads/${branch}`;
}

/** Folder of the evidence files. */
export const RUNS_FOLDER = 'runs';

/** The evidence of one commit of main. Written once, never changed. */
export function evidencePath(commit: string): string {
  return `${RUNS_FOLDER}/${commit}.json`;
}

/** Where the evidence of a subject is: a list of commits and digests, appended to. */
export function subjectPath(sha256: string): string {
  return `subjects/${sha256}.json`;
}

/** What became of the outcomes of one commit: their digests stay when they themselves are deleted. */
export function outcomesRecordPath(commit: string): string {
  return `outcomes/${commit}.json`;
}

/** Evidence that was taken off the branch to keep it small: a line for each. */
export const THINNED_FILE = 'thinned.jsonl';

/** Folder of main's history: a file for each month. */
export const HISTORY_FOLDER = 'history';

/** Main's metrics as they were measured in one month, a line for each measurement. `at`: RFC 3339. */
export function historyPath(at: string): string {
  return `${HISTORY_FOLDER}/${at.slice(0, 7)}.jsonl`;
}

/** How often a test set was used. */
export function usesPath(testSet: string): string {
  return `uses/${testSet}.json`;
}

/** All refs of outcomes. */
export const OUTCOMES_REFS = 'refs/mlgate/outcomes/';

/**
 * Refs of the outcomes on one test set: one ref for each commit, whose parentless commit holds the files. One ref for
 * all of them, replaced by compare-and-swap, was ruled out: GitHub's REST API has no compare-and-swap for an update
 * that is not a fast-forward, and with history the branch would grow by every model's outcomes for ever. A ref that
 * is only ever created cannot be lost to another writer, and is deleted alone.
 */
export function outcomesPrefix(testSet: string): string {
  return `${OUTCOMES_REFS}${testSet}/`;
}

/** `20261121T101500Z-<commit>`: names sort by age. */
export function outcomesRef(testSet: string, commit: string, now: Date): string {
  return `${outcomesPrefix(testSet)}${stampOf(now)}-${commit}`;
}

/** A point in time as the names of refs hold it. */
export function stampOf(time: Date): string {
  return time
    .toISOString()
    .replaceAll(/[-:]/gu, '')
    .replace(/\.\d+Z$/u, 'Z');
}

/** The parts of the name of a ref of outcomes; undefined for a ref that is not of this layout. */
export function readOutcomesRef(
  ref: string,
): { readonly testSet: string; readonly stamp: string; readonly commit: string } | undefined {
  const name = ref.startsWith(OUTCOMES_REFS) ? ref.slice(OUTCOMES_REFS.length) : '';
  const [, testSet, stamp, commit] =
    /^([0-9a-f]{64})\/(\d{8}T\d{6}Z)-([0-9a-f]{40}|[0-9a-f]{64})$/u.exec(name) ?? [];
  if (testSet === undefined || stamp === undefined || commit === undefined) return undefined;
  return { testSet, stamp, commit };
}

/** Regressions that people with write access accepted. */
export const ACCEPTANCES_FOLDER = 'acceptances';

/** `acceptances/20261121T101500Z-<digest>.json`: names sort by age. Written once, never changed. */
export function acceptancePath(at: string, digest: string): string {
  return `${ACCEPTANCES_FOLDER}/${stampOf(new Date(at))}-${digest.slice(0, 16)}.json`;
}

/** Outcomes of one model, in a folder named by the evidence that they belong to: another attempt's never stand in. */
export function outcomesPath(evidence: string, model: string): string {
  return `${evidence}/${model}.bin`;
}

/** In an artifact: the evidence, and the outcomes of each model beside it. */
export const ARTIFACT_EVIDENCE = 'evidence.json';

export function artifactOutcomesPath(model: string): string {
  return `outcomes/${model}.bin`;
}

/** First file of a new branch, for whoever comes upon it. */
export const BRANCH_README = `# Baselines of mlgate

This branch holds no code. mlgate appends to it what its runs on main found, and pull requests are compared with it.

- \`runs/<commit>.json\`: the evidence of one commit of main. Written once, never changed.
- \`subjects/<sha256>.json\`: for a model's digest, the commits and the evidence that tested it.
- \`outcomes/<commit>.json\`: the digests of the per-example outcomes of that commit, and where they are kept or why not.
- \`acceptances/<time>-<digest>.json\`: known regressions that somebody with write access accepted, with the reason.
- \`history/<month>.jsonl\`: main's metrics, a line for each time that a commit was measured; trends are drawn from it.
- \`uses/<test set>.json\`: how often each test set was used.
- \`thinned.jsonl\`: digests of evidence that \`mlgate baseline gc --compact\` took off the branch.

Nothing here needs care by hand. \`mlgate baseline log\` lists it, \`mlgate baseline show COMMIT\` prints one entry.
Per-example outcomes themselves are not here: they are on refs under \`refs/mlgate/outcomes/\`, which may be deleted at any time;
later comparisons are then unpaired, and say so.
`;

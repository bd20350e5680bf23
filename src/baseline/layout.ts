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

/**
 * Refs of the outcomes on one test set: one ref for each commit, whose parentless commit holds the files. One ref for
 * all of them, replaced by compare-and-swap, was ruled out: GitHub's REST API has no compare-and-swap for an update
 * that is not a fast-forward, and with history the branch would grow by every model's outcomes for ever. A ref that
 * is only ever created cannot be lost to another writer, and is deleted alone.
 */
export function outcomesPrefix(testSet: string): string {
  return `refs/mlgate/outcomes/${testSet}/`;
}

/** `20261121T101500Z-<commit>`: names sort by age. */
export function outcomesRef(testSet: string, commit: string, now: Date): string {
  const stamp = now
    .toISOString()
    .replaceAll(/[-:]/gu, '')
    .replace(/\.\d+Z$/u, 'Z');
  return `${outcomesPrefix(testSet)}${stamp}-${commit}`;
}

/** Commit whose outcomes a ref holds; undefined for a ref that is not of this layout. */
export function commitOfOutcomesRef(ref: string): string | undefined {
  return /\/\d{8}T\d{6}Z-([0-9a-f]{40}|[0-9a-f]{64})$/u.exec(ref)?.[1];
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

Nothing here needs care by hand. \`mlgate baseline log\` lists it, \`mlgate baseline show COMMIT\` prints one entry.
Per-example outcomes are not here: they are on refs under \`refs/mlgate/outcomes/\`, which may be deleted at any time;
later comparisons are then unpaired, and say so.
`;

import { dirname, join } from 'node:path';
import { chooseEvidenceArtifacts, mergeParts } from '../baseline/artifact-evidence.ts';
import { ARTIFACT_EVIDENCE } from '../baseline/layout.ts';
import type { RecordResult } from '../baseline/record-baseline.ts';
import { readEvidenceFile } from '../chain/evidence-files.ts';
import { describeRecord, recordRun } from '../chain/record-run.ts';
import { EXIT_CODES, UserError } from '../evidence/errors.ts';
import { writeOutputs } from '../platform/actions-io.ts';
import { listOwnArtifacts } from '../platform/artifacts.ts';
import { openRestStore } from '../platform/rest-ref-store.ts';
import { compareClaim, listJudgedHeads } from '../platform/runs.ts';
import type { Evidence } from '../schemas/evidence.generated.ts';
import { RETRY_TIMING } from '../platform/retry-timing.ts';
import { connectGitHub, resultsFolder, type Action, type ActionContext } from './action.ts';
import { fetchEvidence } from './fetch-evidence.ts';
import { openConfig, type OpenedConfig } from './run-stages.ts';

/** Appends the evidence of this commit of main to the baseline branch. */
export const recordBaselineAction: Action = {
  inputs: ['config', 'artifact', 'token'],
  outputs: ['recorded', 'commit'],
  run: async (context) => {
    const opened = await openConfig(context);
    const artifact = context.inputs.optional('artifact');
    const paths =
      artifact === undefined ? [pathOfReport(context)] : await fetchOwnEvidence(context, artifact);
    const { kind, commit } = await recordEvidence(context, opened, paths);
    writeOutputs({ recorded: kind === 'recorded', commit });
    return EXIT_CODES.pass;
  },
};

/** Where `report` and the root action leave the evidence of this job. */
export function pathOfReport(context: ActionContext): string {
  return join(resultsFolder(context, 'report'), ARTIFACT_EVIDENCE);
}

/** Records the evidence at a path, or in parts at several, and the outcomes beside each. */
export async function recordEvidence(
  context: ActionContext,
  { parsed, workspace }: OpenedConfig,
  paths: readonly string[],
): Promise<RecordResult> {
  const { baseline } = parsed.config;
  const { repositoryId, defaultBranch } = context.run;
  const main = baseline.main ?? defaultBranch;
  const expected = { repositoryId, ...(main === undefined ? {} : { main }), config: workspace.displayPath };
  const evidence = await readParts(context, paths);
  const client = await connectGitHub(context);
  const store = openRestStore(client);
  const { workflow } = context.run;
  const listJudged = async (since: string) =>
    workflow === undefined ? [] : await listJudgedHeads(client, workflow, since);
  const run = { evidence, folders: paths.map((path) => dirname(path)), baseline, expected, listJudged };
  const result = await recordRun(store, run, { ...RETRY_TIMING, now: context.now });
  const lost = result.outcomes.some(({ kept }) => kept === 'none');
  context.logger[lost ? 'warn' : 'info'](describeRecord(result, baseline.branch));
  return result;
}

/** The evidence of this run, each part of which must say that it is of this run. Throws a UserError otherwise. */
async function readParts({ run }: ActionContext, paths: readonly string[]): Promise<Evidence> {
  const parts: Evidence[] = [];
  for (const path of paths) {
    const part = await readEvidenceFile(path, 'the evidence');
    const [difference] = compareClaim(part.source, {
      id: run.run,
      attempt: run.attempt,
      event: run.event,
      // A runner that does not say its workflow has none to hold the claim against.
      path: run.workflow ?? part.source.workflow ?? 'unknown',
      headSha: run.pullRequest === undefined ? run.commit : run.headCommit,
      repositoryId: run.repositoryId,
    });
    if (difference !== undefined)
      throw new UserError(`This evidence is not of this run. ${difference}`, {
        help: 'Record evidence in the run that made it, and give no file of another one to `report`.',
      });
    parts.push(part);
  }
  const merged = mergeParts(parts, 'The parts of the evidence');
  if (typeof merged !== 'string') return merged;
  throw new UserError(merged, {
    help: 'Let the jobs of the matrix use one config and one version of mlgate.',
  });
}

/** Downloads the evidence of this run: one artifact, or those of a matrix, to be put together. */
async function fetchOwnEvidence(context: ActionContext, name: string): Promise<readonly string[]> {
  const help = 'Let an earlier job run the action `report`, which uploads it.';
  const artifacts = chooseEvidenceArtifacts(await listOwnArtifacts(), name);
  if (artifacts.length === 0)
    throw new UserError(`This run has no artifact \`${name}\`, and none \`${name}-*\`.`, { help });
  const paths: string[] = [];
  for (const artifact of artifacts) {
    const path = await fetchEvidence(context, artifact, undefined);
    if (path === undefined)
      throw new UserError(`The artifact \`${artifact.name}\` holds no evidence.`, { help });
    paths.push(path);
  }
  return paths;
}

import { dirname, join } from 'node:path';
import { ARTIFACT_EVIDENCE } from '../baseline/layout.ts';
import type { RecordResult } from '../baseline/record-baseline.ts';
import { readEvidenceFile } from '../chain/evidence-files.ts';
import { describeRecord, recordRun } from '../chain/record-run.ts';
import type { ParsedConfig } from '../config/parse-config.ts';
import { EXIT_CODES, UserError } from '../evidence/errors.ts';
import { writeOutputs } from '../platform/actions-io.ts';
import { findOwnArtifact } from '../platform/artifacts.ts';
import { openRestStore } from '../platform/rest-ref-store.ts';
import { connectGitHub, resultsFolder, RETRY_TIMING, type Action, type ActionContext } from './action.ts';
import { fetchEvidence } from './fetch-evidence.ts';
import { openConfig } from './run-stages.ts';

/** Appends the evidence of this commit of main to the baseline branch. */
export const recordBaselineAction: Action = {
  inputs: ['config', 'artifact', 'token'],
  outputs: ['recorded', 'commit'],
  run: async (context) => {
    const { parsed } = await openConfig(context);
    const artifact = context.inputs.optional('artifact');
    const path = artifact === undefined ? pathOfReport(context) : await fetchOwnEvidence(context, artifact);
    const { kind, commit } = await recordEvidence(context, parsed, path);
    writeOutputs({ recorded: kind === 'recorded', commit });
    return EXIT_CODES.pass;
  },
};

/** Where `report` and the root action leave the evidence of this job. */
export function pathOfReport(context: ActionContext): string {
  return join(resultsFolder(context, 'report'), ARTIFACT_EVIDENCE);
}

/** Records the evidence at a path, and the outcomes beside it. */
export async function recordEvidence(
  context: ActionContext,
  { config: { baseline } }: ParsedConfig,
  path: string,
): Promise<RecordResult> {
  const { repositoryId, defaultBranch } = context.run;
  const main = baseline.main ?? defaultBranch;
  const expected = { repositoryId, ...(main === undefined ? {} : { main }) };
  const evidence = await readEvidenceFile(path, 'the evidence');
  const store = openRestStore(await connectGitHub(context));
  const run = { evidence, folder: dirname(path), baseline, expected };
  const result = await recordRun(store, run, { ...RETRY_TIMING, now: context.now });
  const lost = result.outcomes.some(({ kept }) => kept === 'none');
  context.logger[lost ? 'warn' : 'info'](describeRecord(result, baseline.branch));
  return result;
}

async function fetchOwnEvidence(context: ActionContext, name: string): Promise<string> {
  const help = 'Let an earlier job run the action `report`, which uploads it.';
  const found = await findOwnArtifact(name);
  if (found === undefined) throw new UserError(`This run has no artifact \`${name}\`.`, { help });
  const path = await fetchEvidence(context, found, undefined);
  if (path === undefined) throw new UserError(`The artifact \`${name}\` holds no evidence.`, { help });
  return path;
}

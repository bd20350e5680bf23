import { readdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { StoredOutcomes } from '../chain/chain.ts';
import { completeEvidence } from '../chain/complete-evidence.ts';
import { readEvidenceFile, readOutcomeFiles } from '../chain/evidence-files.ts';
import { toCanonicalJson } from '../evidence/canonical-json.ts';
import { UserError } from '../evidence/errors.ts';
import type { Evidence } from '../schemas/evidence.generated.ts';
import { acceptKnownInRun } from './accept-known.ts';
import type { Action, ActionContext } from './action.ts';
import { annotate } from './annotate.ts';
import { judgeByBase } from './judge-by-base.ts';
import { publishOwnReport, readPublishInputs } from './publish-own-report.ts';
import { openConfig } from './run-stages.ts';
import { reportOnRun } from './trusted-report.ts';

/** One verdict from what the steps of a job found; or, with `from-run`, the trusted half for another run. */
export const reportAction: Action = {
  inputs: ['config', 'evidence', 'token', 'comment', 'comment-author', 'artifact', 'from-run'],
  outputs: ['verdict', 'evidence', 'report', 'html'],
  run: async (context) => {
    const inputs = readPublishInputs(context);
    const run = context.inputs.optional('from-run');
    return run === undefined
      ? await reportOnJob(context, inputs)
      : await reportOnRun(context, run, inputs.author);
  },
};

async function reportOnJob(
  context: ActionContext,
  inputs: ReturnType<typeof readPublishInputs>,
): Promise<number> {
  const opened = await openConfig(context);
  const paths = await listEvidence(context);
  const parts: Evidence[] = [];
  for (const path of paths) parts.push(await readEvidenceFile(path, path));
  const merged = completeEvidence(parts, opened.parsed);
  const judged = await acceptKnownInRun(context, await judgeByBase(context, opened, merged));
  annotate(context, opened.workspace, keepNews(judged.evidence, parts));
  const outcomes = await readOutcomes(merged, paths);
  return await publishOwnReport(context, inputs, {
    judged,
    outcomes,
    config: opened.workspace.displayPath,
  });
}

/** Evidence files: those of the input, or what earlier steps of this job left, in the order of the steps' names. */
async function listEvidence({ inputs, workspace, results }: ActionContext): Promise<readonly string[]> {
  const given = inputs.lines('evidence').map((path) => resolve(workspace, path));
  if (given.length > 0) return given;
  const steps = (await readdir(results, { withFileTypes: true }).catch(toNothing))
    .filter((entry) => entry.isDirectory() && entry.name !== 'report')
    .map((entry) => join(results, entry.name, 'evidence.json'))
    .toSorted();
  if (steps.length > 0) return steps;
  throw new UserError('No step of this job has left evidence.', {
    help: 'Run validate-data, test-model or compare-metrics in an earlier step of this job. If they did run, they failed before they could write any: look at their logs.',
  });
}

/** No step has made the folder. */
function toNothing(error: unknown): [] {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
  throw error;
}

/** Evidence with only those checks that no step has annotated: what is missing, and what the base's config says otherwise. */
function keepNews(evidence: Evidence, parts: readonly Evidence[]): Evidence {
  const told = new Set(parts.flatMap((part) => part.body.checks.map(toCanonicalJson)));
  const checks = evidence.body.checks.filter((check) => !told.has(toCanonicalJson(check)));
  return { ...evidence, body: { ...evidence.body, checks } };
}

/** The outcomes that steps left beside their evidence. */
async function readOutcomes(
  evidence: Evidence,
  paths: readonly string[],
): Promise<ReadonlyMap<string, StoredOutcomes>> {
  const found = new Map<string, StoredOutcomes>();
  for (const path of paths)
    for (const { model, testSet, bytes } of await readOutcomeFiles(evidence, dirname(path)))
      found.set(model, { testSetDigest: testSet, bytes });
  return found;
}

import { dirname, join } from 'node:path';
import { readArtifactEvidence } from '../baseline/artifact-evidence.ts';
import { findBaseline, type ArtifactEvidence, type BaselineFound } from '../baseline/find-baseline.ts';
import { findWantedCommit } from '../baseline/wanted-commit.ts';
import type { FileEffects, Workspace } from '../chain/connect.ts';
import { findLocalBaseline, maxOutcomesBytes } from '../chain/local-baseline.ts';
import type { ParsedConfig } from '../config/parse-config.ts';
import { downloadArtifact } from '../platform/artifacts.ts';
import type { GitHubClient } from '../platform/github-client.ts';
import { readBytes } from '../platform/read-text-file.ts';
import { findBranchTip, openRestHistory } from '../platform/rest-history.ts';
import { openRestStore } from '../platform/rest-ref-store.ts';
import { findLastGoodRun, listRunArtifacts } from '../platform/runs.ts';
import { connectGitHub, type ActionContext } from './action.ts';

interface BaselineRequest {
  readonly workspace: Workspace;
  readonly parsed: ParsedConfig;
  readonly files: FileEffects;
  /** Name of the artifact that a good run on main left. */
  readonly artifact: string;
}

/** The baseline of what this run tests, by the ladder of the design, through GitHub's API. */
export async function findActionBaseline(
  context: ActionContext,
  request: BaselineRequest,
): Promise<BaselineFound> {
  const { parsed, workspace, files } = request;
  const { baseline } = parsed.config;
  if (baseline.store === 'file')
    return await findLocalBaseline({
      parsed,
      folder: dirname(workspace.configPath),
      environment: context.environment,
      files,
    });
  const client = await connectGitHub(context);
  const history = openRestHistory(client);
  const { run } = context;
  const main = baseline.main ?? run.defaultBranch;
  const mainTip = main === undefined ? undefined : await findBranchTip(client, main);
  const { evidence } = baseline;
  return await findBaseline({
    store: { refs: openRestStore(client), branch: baseline.branch },
    history,
    wanted: await findWantedCommit(
      { commit: run.commit, pullRequest: run.pullRequest, mergeGroup: run.mergeGroup, mainTip },
      history,
    ),
    tested: run.commit,
    mainTip,
    expected: { repositoryId: run.repositoryId, ...(main === undefined ? {} : { main }) },
    artifact: async () => await readLastArtifact(context, client, request, main),
    file:
      evidence === undefined
        ? undefined
        : async () => ({ path: evidence, content: await files.readText(evidence), outcomes: new Map() }),
    maxOutcomesBytes: maxOutcomesBytes(baseline),
  });
}

async function readLastArtifact(
  context: ActionContext,
  client: GitHubClient,
  { parsed, artifact }: BaselineRequest,
  main: string | undefined,
): Promise<ArtifactEvidence> {
  const { run } = context;
  const { workflow } = run;
  if (workflow === undefined || main === undefined)
    return {
      kind: 'none',
      reason: 'The runner does not say which workflow this is, or which branch is main.',
    };
  const token = context.inputs.required('token');
  return await readArtifactEvidence(
    {
      findLastGoodRun: async () =>
        await findLastGoodRun(client, {
          workflow,
          branch: main,
          repositoryId: run.repositoryId,
          except: run.run,
        }),
      listArtifacts: async (good) => await listRunArtifacts(client, good),
      download: async (found, good) =>
        await downloadArtifact(found, { token, repository: run.repository, run: good.id }, context.temporary),
      readFile: async (folder, path, maxBytes) =>
        await readBytes(join(folder, path), { what: 'a file of the artifact', maxBytes }),
    },
    {
      name: artifact,
      models: Object.keys(parsed.config.models ?? {}),
      maxOutcomesBytes: maxOutcomesBytes(parsed.config.baseline),
    },
  );
}

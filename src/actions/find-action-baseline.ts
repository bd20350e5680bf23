import { dirname, join, relative } from 'node:path';
import { openArtifactResort } from '../baseline/artifact-evidence.ts';
import type { Expectation } from '../baseline/check-candidate.ts';
import { findBaseline, type BaselineFound } from '../baseline/find-baseline.ts';
import { listResorts, usesBranch, type Place } from '../baseline/ladder.ts';
import type { Resort } from '../baseline/resort.ts';
import { findWantedCommit, type WantedCommit } from '../baseline/wanted-commit.ts';
import type { FileEffects, Workspace } from '../chain/connect.ts';
import { openHistoryResort } from '../chain/history-baseline.ts';
import {
  findLocalBaseline,
  maxOutcomesBytes,
  openCommonResorts,
  openConfiguredChampion,
  type BaselineTools,
} from '../chain/local-baseline.ts';
import type { ParsedConfig } from '../config/parse-config.ts';
import { downloadArtifact } from '../platform/artifacts.ts';
import type { GitHubClient } from '../platform/github-client.ts';
import type { History } from '../platform/history.ts';
import { readBytes } from '../platform/read-text-file.ts';
import { findBranchTip, openRestHistory, readCommitTime } from '../platform/rest-history.ts';
import { openRestStore } from '../platform/rest-ref-store.ts';
import { findLastGoodRun, listRunArtifacts } from '../platform/runs.ts';
import { connectGitHub, type ActionContext } from './action.ts';

interface BaselineRequest {
  readonly workspace: Workspace;
  readonly parsed: ParsedConfig;
  readonly files: FileEffects;
  readonly tools: BaselineTools;
  /** Name of the artifact that a good run on main left. */
  readonly artifact: string;
}

/** The baseline of what this run tests, by the ladder of the config's store, through GitHub's API. */
export async function findActionBaseline(
  context: ActionContext,
  request: BaselineRequest,
): Promise<BaselineFound> {
  const { parsed, workspace, files, tools } = request;
  const { baseline } = parsed.config;
  const { environment } = context;
  const folder = dirname(workspace.configPath);
  if (baseline.store === 'file')
    return await findLocalBaseline({ parsed, folder, environment, files, tools });
  const client = await connectGitHub(context);
  const history = openRestHistory(client);
  const { run } = context;
  const main = baseline.main ?? run.defaultBranch;
  const tipOfMain = async () => await findMainTip(context, client, main);
  const { commit, pullRequest, mergeGroup } = run;
  // What a pull request or a merge group was applied to does not depend on where main is now.
  const mainTip = pullRequest === undefined && mergeGroup === undefined ? await tipOfMain() : undefined;
  const wanted = await findWantedCommit({ commit, pullRequest, mergeGroup, mainTip }, history);
  const expected = { repositoryId: run.repositoryId, ...(main === undefined ? {} : { main }) };
  const place = { client, history, wanted, main, expected };
  return await findBaseline({
    store: usesBranch(baseline) ? { refs: openRestStore(client), branch: baseline.branch } : undefined,
    history,
    wanted,
    tested: commit,
    findMainTip: tipOfMain,
    expected,
    resorts: listResorts(baseline, openResorts(context, request, place)),
    maxOutcomesBytes: maxOutcomesBytes(baseline),
  });
}

/** Where a search is made. */
interface SearchPlace {
  readonly client: GitHubClient;
  readonly history: History;
  readonly wanted: WantedCommit;
  /** Name of main. */
  readonly main: string | undefined;
  readonly expected: Expectation;
}

function openResorts(
  context: ActionContext,
  request: BaselineRequest,
  { client, history, wanted, main, expected }: SearchPlace,
): Readonly<Partial<Record<Place, Resort>>> {
  const { parsed, workspace, files, tools } = request;
  const store = openRestStore(client);
  return {
    ...openCommonResorts({ parsed, environment: context.environment, files, tools }, expected),
    ...openConfiguredChampion({ parsed, tools }, store, expected),
    artifact: openLastArtifact(context, client, request, { main, expected }),
    dvc: openHistoryResort({
      parsed,
      wanted,
      history,
      store,
      timeOf: async (commit) => await readCommitTime(client, commit),
      prefix: relative(workspace.root, dirname(workspace.configPath)).replaceAll('\\', '/'),
      root: workspace.root,
      measure: async (kept) => await tools.measure(parsed, kept),
    }),
  };
}

/** A push to main is main's tip, or was a moment ago: nothing has to be asked for. */
async function findMainTip(
  { run }: ActionContext,
  client: GitHubClient,
  main: string | undefined,
): Promise<string | undefined> {
  if (main === undefined) return undefined;
  return run.event === 'push' && run.ref === `refs/heads/${main}`
    ? run.commit
    : await findBranchTip(client, main);
}

function openLastArtifact(
  context: ActionContext,
  client: GitHubClient,
  { parsed, artifact }: BaselineRequest,
  { main, expected }: { readonly main: string | undefined; readonly expected: Expectation },
): Resort {
  const { run } = context;
  const { workflow } = run;
  const { baseline, models = {} } = parsed.config;
  const token = context.inputs.required('token');
  return openArtifactResort(
    {
      findLastGoodRun: async () =>
        workflow === undefined || main === undefined
          ? undefined
          : await findLastGoodRun(client, {
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
      models: Object.keys(models),
      maxOutcomesBytes: maxOutcomesBytes(baseline),
      expected,
      tested: run.commit,
    },
    baseline.store === 'artifact' ? 'fail' : 'say',
  );
}

/** The search for a baseline in a long history: how long on a clone, how many calls on GitHub. */
import { tmpdir } from 'node:os';
import { findBaseline } from '../../src/baseline/find-baseline.ts';
import { findWantedCommit } from '../../src/baseline/wanted-commit.ts';
import { createGitHubClient } from '../../src/platform/github-client.ts';
import { openGitStore } from '../../src/platform/git-ref-store.ts';
import { openGit } from '../../src/platform/git.ts';
import { openGitHistory, type History } from '../../src/platform/history.ts';
import { MLGATE_IDENTITY, type RefStore } from '../../src/platform/ref-store.ts';
import { openRestHistory } from '../../src/platform/rest-history.ts';
import { openRestStore } from '../../src/platform/rest-ref-store.ts';
import type { BaselineUsed } from '../../src/schemas/evidence.generated.ts';
import { addRepository, addWorkflowToken, removeRepositories } from '../../test/helpers/fake-github/seed.ts';
import { startFakeGitHub, type FakeGitHub } from '../../test/helpers/fake-github/server.ts';
import { runGit } from '../../test/helpers/git-repository.ts';

/** A pull request that was merged with the tip of main for its test. */
export interface TestedMerge {
  readonly commit: string;
  readonly headSha: string;
  readonly baseSha: string;
}

/** Makes the test merge of a pull request with one commit, in a bare repository. */
export async function makeTestedMerge(bare: string, main: string): Promise<TestedMerge> {
  const tree = await runGit(bare, ['rev-parse', `${main}^{tree}`]);
  const make = async (...parents: readonly string[]) =>
    await runGit(bare, ['commit-tree', tree, ...parents.flatMap((parent) => ['-p', parent])], { input: 'x' });
  const headSha = await make(main);
  const commit = await make(main, headSha);
  await runGit(bare, ['update-ref', 'refs/pull/1/head', headSha]);
  await runGit(bare, ['update-ref', 'refs/pull/1/merge', commit]);
  return { commit, headSha, baseSha: main };
}

async function search(store: RefStore, history: History, tested: TestedMerge): Promise<BaselineUsed> {
  const wanted = await findWantedCommit({ commit: tested.commit, pullRequest: tested }, history);
  const { used } = await findBaseline({
    store: { refs: store, branch: 'mlgate' },
    history,
    wanted,
    tested: tested.commit,
    findMainTip: async () => await Promise.resolve(tested.baseSha),
    expected: { main: 'main' },
    resorts: [],
    maxOutcomesBytes: 1000,
  });
  return used;
}

/** Searches in a clone that has everything but the branch's newest commits, which are fetched from its origin. */
export async function searchClone(
  directory: string,
  tested: TestedMerge,
): Promise<{ readonly used: BaselineUsed; readonly seconds: number }> {
  const git = openGit(directory, process.env);
  const options = { git, remote: 'origin', identity: MLGATE_IDENTITY, temporaryFolder: tmpdir() };
  const started = performance.now();
  const used = await search(openGitStore(options), openGitHistory(git), tested);
  return { used, seconds: (performance.now() - started) / 1000 };
}

/** Searches through the fake GitHub, whose every request and answer is held against GitHub's own description. */
export async function searchGitHub(
  github: FakeGitHub,
  tested: TestedMerge,
): Promise<{ readonly used: BaselineUsed; readonly calls: readonly string[] }> {
  const client = await createGitHubClient({
    token: 'bench',
    apiUrl: github.url,
    repository: 'acme/churn',
  });
  const before = github.state.requests.length;
  const used = await search(openRestStore(client), openRestHistory(client), tested);
  return { used, calls: github.state.requests.slice(before).map(({ operation }) => operation ?? 'unknown') };
}

/** The fake GitHub with an empty repository; `directory` is the bare repository behind it. */
export async function startGitHub(): Promise<{
  readonly github: FakeGitHub;
  readonly directory: string;
  readonly close: () => Promise<void>;
}> {
  const github = await startFakeGitHub();
  const repository = await addRepository(github.state, 'acme/churn');
  addWorkflowToken(github.state, 'bench', repository.fullName, { contents: 'read', actions: 'read' });
  const close = async () => {
    await removeRepositories(github.state);
    await github.close();
    github.assertNoViolations();
  };
  return { github, directory: repository.gitDirectory, close };
}

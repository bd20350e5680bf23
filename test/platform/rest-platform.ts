import { createGitHubClient, type GitHubClient } from '../../src/platform/github-client.ts';
import { addRepository, addWorkflowToken, removeRepositories } from '../helpers/fake-github/seed.ts';
import { startFakeGitHub, type FakeGitHub } from '../helpers/fake-github/server.ts';
import type { Permissions, RepositoryState } from '../helpers/fake-github/state.ts';
import { createGitWorkspace, type GitWorkspace } from '../helpers/git-repository.ts';

/** A fake GitHub with the repository acme/churn, a working tree that pushes to it, and a client. */
export interface RestPlatform {
  readonly github: FakeGitHub;
  readonly repository: RepositoryState;
  readonly workspace: GitWorkspace;
  readonly client: GitHubClient;
  /** Another job's client. */
  readonly connect: (permissions: Permissions) => Promise<GitHubClient>;
  /** Checks that every request fitted GitHub's description, and removes everything. */
  readonly close: () => Promise<void>;
}

const ALL: Permissions = {
  actions: 'read',
  contents: 'write',
  pull_requests: 'write',
  statuses: 'write',
};

export async function startRestPlatform(): Promise<RestPlatform> {
  const github = await startFakeGitHub();
  // The toolkit's artifact client reads these once, when it is first loaded: a test of it has one platform to a file.
  process.env['GITHUB_API_URL'] = github.url;
  process.env['GITHUB_SERVER_URL'] = github.serverUrl;
  const repository = await addRepository(github.state, 'acme/churn');
  const workspace = await createGitWorkspace({ origin: repository.gitDirectory });
  await workspace.commit({ 'a.txt': 'a' });
  await workspace.push();
  let tokens = 0;
  const connect = (permissions: Permissions) => {
    tokens += 1;
    addWorkflowToken(github.state, `token-${tokens}`, repository.fullName, permissions);
    return createGitHubClient({
      token: `token-${tokens}`,
      apiUrl: github.url,
      repository: repository.fullName,
      retryAfterMs: 1,
    });
  };
  return {
    github,
    repository,
    workspace,
    client: await connect(ALL),
    connect,
    close: async () => {
      await workspace.remove();
      await removeRepositories(github.state);
      await github.close();
      github.assertNoViolations();
    },
  };
}

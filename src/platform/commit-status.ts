import { callGitHub, type GitHubClient } from './github-client.ts';

/** The status that branch protection should require. */
const STATUS_CONTEXT = 'mlgate';

/** GitHub's limit for a status description, in characters. */
const MAX_DESCRIPTION_CHARACTERS = 140;

export interface CommitStatus {
  /** The commit that branch protection looks at: the head of the pull request, not its test merge. */
  readonly commit: string;
  readonly state: 'success' | 'failure' | 'error' | 'pending';
  readonly description: string;
  /** Where "Details" leads. */
  readonly url?: string;
  readonly context?: string;
}

/** Sets the commit's status. The last one set for a context counts, so setting it again is harmless. */
export async function setCommitStatus(client: GitHubClient, status: CommitStatus): Promise<void> {
  const { octokit, owner, repo } = client;
  await callGitHub('set the commit status', 'statuses: write', () =>
    octokit.rest.repos.createCommitStatus({
      owner,
      repo,
      sha: status.commit,
      state: status.state,
      context: status.context ?? STATUS_CONTEXT,
      description: shorten(status.description),
      ...(status.url === undefined ? {} : { target_url: status.url }),
    }),
  );
}

function shorten(text: string): string {
  const characters = Array.from(text);
  if (characters.length <= MAX_DESCRIPTION_CHARACTERS) return text;
  return `${characters.slice(0, MAX_DESCRIPTION_CHARACTERS - 1).join('')}…`;
}

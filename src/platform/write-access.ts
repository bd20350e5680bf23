import { findOnGitHub, type GitHubClient } from './github-client.ts';

/**
 * Whether a user may push to the repository. Asked of GitHub: what an event says of its author is the author's role at
 * best (`author_association`), which a member without access to this repository has too.
 */
export async function hasWriteAccess(client: GitHubClient, login: string): Promise<boolean> {
  const { octokit, owner, repo } = client;
  const answer = await findOnGitHub(`ask what ${login} may do here`, 'metadata: read', () =>
    octokit.rest.repos.getCollaboratorPermissionLevel({ owner, repo, username: login }),
  );
  // `permission` folds the finer roles: maintain is write, triage is read.
  return answer !== undefined && ['admin', 'write'].includes(answer.data.permission);
}

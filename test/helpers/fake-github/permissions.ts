/** Who may do what: GitHub's answers to a token that is missing, unknown, or too weak. */
import { notFound, Refusal, satisfies, type Need } from './call.ts';
import type { FakeGitHubState, RepositoryState, TokenState } from './state.ts';

/** The token of an Authorization header (`token …` or `Bearer …`); throws for one that nobody gave out. */
export function findToken(state: FakeGitHubState, authorization: string | undefined): TokenState | undefined {
  if (authorization === undefined) return undefined;
  const given = authorization.replace(/^(?:token|bearer) +/iu, '');
  const found = state.tokens.find(({ token }) => token === given);
  if (found === undefined) throw new Refusal(401, 'Bad credentials');
  return found;
}

function reaches(token: TokenState, repository: RepositoryState): boolean {
  return token.repositories === 'all' || token.repositories.includes(repository.fullName);
}

/** The value of `X-Accepted-GitHub-Permissions`: alternatives are separated by semicolons. */
export function acceptedPermissions(needs: Need): string {
  return needs.length === 0 ? 'metadata=read' : needs.map(({ name, level }) => `${name}=${level}`).join('; ');
}

/**
 * Throws what GitHub would answer. A public repository can be read by anybody; a private one does not exist
 * for those who cannot reach it.
 */
export function checkPermission(
  token: TokenState | undefined,
  repository: RepositoryState,
  needs: Need,
  isWrite: boolean,
): void {
  const isReadable = !repository.private && !isWrite;
  if (isReadable) return;
  if (token === undefined) throw isWrite ? new Refusal(401, 'Requires authentication') : notFound();
  if (!reaches(token, repository) && repository.private) throw notFound();
  if (!reaches(token, repository) || (needs.length > 0 && !satisfies(token.permissions, needs))) {
    throw new Refusal(403, 'Resource not accessible by integration');
  }
}

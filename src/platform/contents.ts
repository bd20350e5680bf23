import { UserError } from '../evidence/errors.ts';
import { findOnGitHub, type GitHubClient } from './github-client.ts';

/**
 * A text file as a commit has it, with its byte order mark if it has one, through the API; undefined if there is none. Throws a UserError for a folder, a
 * link, a file that is too large, or bytes that are no UTF-8.
 */
export async function readContent(
  client: GitHubClient,
  path: string,
  commit: string,
  maxBytes: number,
): Promise<string | undefined> {
  const { octokit, owner, repo } = client;
  const answer = await findOnGitHub(`read ${path} at ${commit.slice(0, 12)}`, 'contents: read', () =>
    octokit.rest.repos.getContent({ owner, repo, path, ref: commit }),
  );
  if (answer === undefined) return undefined;
  const { data } = answer;
  if (Array.isArray(data) || data.type !== 'file' || !('content' in data))
    throw new UserError(`${path} is not a file at ${commit.slice(0, 12)}.`);
  if (data.size > maxBytes)
    throw new UserError(
      `${path} has ${data.size} bytes at ${commit.slice(0, 12)}; at most ${maxBytes} are read.`,
    );
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(
      Buffer.from(data.content, 'base64'),
    );
  } catch (error) {
    throw new UserError(`${path} is not UTF-8 text at ${commit.slice(0, 12)}.`, { cause: error });
  }
}

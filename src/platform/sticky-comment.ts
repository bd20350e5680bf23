import { WorldError } from '../evidence/errors.ts';
import { callGitHub, findOnGitHub, GitHubError, type GitHubClient } from './github-client.ts';

/** GitHub's limit for a comment: beyond it, 422 "body is too long (maximum is 65536 characters)". */
export const MAX_COMMENT_CHARACTERS = 65_536;

/** Whose comments are ours. */
export interface CommentAuthor {
  readonly login: string;
  readonly type: 'Bot' | 'User';
}

/** Who a workflow's GITHUB_TOKEN comments as. */
export const GITHUB_ACTIONS_BOT: CommentAuthor = { login: 'github-actions[bot]', type: 'Bot' };

export interface StickyComment {
  /** Number of the pull request or issue. */
  readonly number: number;
  /** An HTML comment that is the first line of the body: one comment stands for each marker and author. */
  readonly marker: string;
  /** Markdown, marker included. */
  readonly body: string;
  readonly author: CommentAuthor;
  /** Whether to write a comment where none stands yet. */
  readonly create: boolean;
}

/** `absent`: none stood there and none was asked for. */
export type StickyResult =
  | { readonly kind: 'created' | 'updated' | 'unchanged'; readonly id: number; readonly url: string }
  | { readonly kind: 'absent' };

interface Found {
  readonly id: number;
  readonly url: string;
  readonly body: string;
}

const NEEDS = 'pull-requests: write';
const COMMENTS_PER_PAGE = 100;

/** Pages of comments that are read at most: 10,000 comments. */
const MAX_PAGES = 100;

/** How often a comment is looked for and written before its writing is given up. */
const MAX_TRIES = 3;

/**
 * Keeps one comment up to date: finds ours (the oldest whose author is `author` and whose first line is the marker),
 * edits it in place if the body differs, or writes it. Comments of others are never touched, whatever they hold;
 * nothing is ever deleted.
 */
export async function writeStickyComment(
  client: GitHubClient,
  comment: StickyComment,
): Promise<StickyResult> {
  assertBody(comment);
  for (let tries = 1; ; tries += 1) {
    const found = await findComment(client, comment);
    if (found === undefined && !comment.create) return { kind: 'absent' };
    if (found !== undefined && normalise(found.body) === normalise(comment.body)) {
      return { kind: 'unchanged', id: found.id, url: found.url };
    }
    const written = await tryToWrite(client, comment, found, tries);
    if (written !== undefined) return written;
  }
}

/**
 * Writes once. Undefined asks to look again: the comment was deleted meanwhile, or the answer to its creation was
 * lost. A creation is never repeated blindly, or there would be two comments.
 */
async function tryToWrite(
  client: GitHubClient,
  comment: StickyComment,
  found: Found | undefined,
  tries: number,
): Promise<StickyResult | undefined> {
  try {
    if (found === undefined) return await createComment(client, comment);
    return await updateComment(client, comment, found);
  } catch (error) {
    const lost = error instanceof GitHubError && (error.status === undefined || error.status >= 500);
    if (lost && found === undefined && tries < MAX_TRIES) return undefined;
    throw error;
  }
}

function assertBody({ marker, body }: StickyComment): void {
  if (!/^<!-- [^\n]+ -->$/u.test(marker) || firstLine(body) !== marker) {
    throw new TypeError('The first line of a sticky comment is its marker, an HTML comment.');
  }
  if (body.length > MAX_COMMENT_CHARACTERS) {
    throw new WorldError(
      `The comment has ${body.length} characters; GitHub takes ${MAX_COMMENT_CHARACTERS}.`,
    );
  }
}

async function findComment(client: GitHubClient, comment: StickyComment): Promise<Found | undefined> {
  const { octokit, owner, repo } = client;
  for (let page = 1; page <= MAX_PAGES; page += 1) {
    const { data } = await callGitHub('read the comments', NEEDS, () =>
      octokit.rest.issues.listComments({
        owner,
        repo,
        issue_number: comment.number,
        per_page: COMMENTS_PER_PAGE,
        page,
      }),
    );
    const ours = data.find(
      ({ user, body }) =>
        user?.login === comment.author.login &&
        user.type === comment.author.type &&
        firstLine(body ?? '') === comment.marker,
    );
    if (ours !== undefined) return { id: ours.id, url: ours.html_url, body: ours.body ?? '' };
    if (data.length < COMMENTS_PER_PAGE) return undefined;
  }
  return undefined;
}

/** Writes a comment that stands by itself, as an answer to somebody's. */
export async function writeReply(client: GitHubClient, number: number, body: string): Promise<void> {
  await createComment(client, { number, body });
}

async function createComment(
  client: GitHubClient,
  comment: Pick<StickyComment, 'number' | 'body'>,
): Promise<StickyResult> {
  const { octokit, owner, repo } = client;
  const { data } = await callGitHub('write the comment', NEEDS, () =>
    octokit.rest.issues.createComment({
      owner,
      repo,
      issue_number: comment.number,
      body: comment.body,
      request: { retries: 0 },
    }),
  );
  return { kind: 'created', id: data.id, url: data.html_url };
}

/** Undefined if the comment is gone. */
async function updateComment(
  client: GitHubClient,
  comment: StickyComment,
  found: Found,
): Promise<StickyResult | undefined> {
  const { octokit, owner, repo } = client;
  const answer = await findOnGitHub('update the comment', NEEDS, () =>
    octokit.rest.issues.updateComment({ owner, repo, comment_id: found.id, body: comment.body }),
  );
  if (answer === undefined) return undefined;
  return { kind: 'updated', id: answer.data.id, url: answer.data.html_url };
}

function firstLine(text: string): string {
  return (text.split('\n', 1)[0] ?? '').trimEnd();
}

/** GitHub may answer with other line ends than it was given. */
function normalise(text: string): string {
  return text.replaceAll('\r\n', '\n').trimEnd();
}

import { sha256 } from '../evidence/digest.ts';
import { contributionOf } from '../evidence/verdict.ts';
import { GITHUB_ACTIONS_BOT, writeStickyComment, type CommentAuthor } from '../platform/sticky-comment.ts';
import { renderMarkdown, type MarkdownOptions } from '../report/markdown/render-markdown.ts';
import type { Evidence } from '../schemas/evidence.generated.ts';
import { connectGitHub, type ActionContext } from './action.ts';
import type { Judged } from './judge-by-base.ts';

/** Where a comment goes, and whose it is. */
export interface CommentPlace {
  /** Number of the pull request. */
  readonly number: number;
  readonly author: CommentAuthor;
  /** The config's path from the repository's root: part of the comment's marker. */
  readonly config: string;
}

/** Whose comments are ours: the bot of the workflow token, or who the input `comment-author` names. */
export function readAuthor({ inputs }: ActionContext): CommentAuthor {
  const login = inputs.optional('comment-author');
  if (login === undefined) return GITHUB_ACTIONS_BOT;
  return { login, type: login.endsWith('[bot]') ? 'Bot' : 'User' };
}

/** Keeps the one comment of this config and title up to date, as far as the config wants one. */
export async function writeComment(
  context: ActionContext,
  { evidence, parsed }: Judged,
  options: MarkdownOptions,
  { number, author, config }: CommentPlace,
): Promise<void> {
  const { comment, title } = parsed.config.report;
  if (comment === 'never') return;
  const marker = `<!-- mlgate report ${sha256(`${config}\n${title}`).slice(0, 16)} -->`;
  const result = await writeStickyComment(await connectGitHub(context), {
    number,
    marker,
    body: renderMarkdown(evidence, { ...options, marker }),
    author,
    create: comment === 'always' || !isPlainPass(evidence),
  });
  context.logger.info(
    result.kind === 'absent'
      ? 'No comment: everything passes, and `report.comment` is `changes`.'
      : `The comment was ${WORDS[result.kind]}: ${result.url}`,
  );
}

const WORDS = { created: 'written', updated: 'updated', unchanged: 'left as it is' } as const;

function isPlainPass({ body }: Evidence): boolean {
  return body.checks.every((check) => ['pass', 'skipped'].includes(contributionOf(check, body.policy)));
}

import { recordAcceptances } from '../baseline/acceptances.ts';
import { openWorkspace } from '../chain/connect.ts';
import { makeAcceptance } from '../chain/make-acceptance.ts';
import { EXIT_CODES, UserError } from '../evidence/errors.ts';
import { writeOutputs } from '../platform/actions-io.ts';
import type { CommentEvent } from '../platform/event.ts';
import type { GitHubClient } from '../platform/github-client.ts';
import { readPullRequest, type FoundPullRequest } from '../platform/pull-request.ts';
import { openRestStore } from '../platform/rest-ref-store.ts';
import { hadEndedBy, listRunArtifacts, listRunsOfHead, type RunFacts } from '../platform/runs.ts';
import { writeReply } from '../platform/sticky-comment.ts';
import { hasWriteAccess } from '../platform/write-access.ts';
import { escapeMessage } from '../report/markdown/escape.ts';
import type { Acceptance } from '../schemas/evidence.generated.ts';
import { RETRY_TIMING } from '../platform/retry-timing.ts';
import { connectGitHub, type Action, type ActionContext } from './action.ts';
import { judgeByTrusted, reportOnPullRequest, type TrustedReport } from './trusted-report.ts';
import { readAuthor } from './write-comment.ts';

/** Acceptances that one comment may ask for. */
const MAX_COMMANDS = 10;

const USAGE =
  'Write `/mlgate accept roc_auc: why it is worth it`, one line for each: a failed metric or the id of a failed check, a colon, the reason.';

/** `/mlgate accept CHECK: REASON` in a comment on a pull request, by somebody with write access. */
export const acceptAction: Action = {
  inputs: ['config', 'token', 'artifact', 'comment-author'],
  outputs: ['accepted'],
  run: async (context) => {
    const { comment } = context.run;
    if (comment === undefined) {
      throw new UserError('This run was not started by a new comment on a pull request.', {
        help: 'Use it in a workflow `on: { issue_comment: { types: [created] } }`.',
      });
    }
    const requests = parseCommands(comment.body);
    if (requests.length === 0) {
      context.logger.info('The comment asks mlgate for nothing.');
      return EXIT_CODES.pass;
    }
    const client = await connectGitHub(context);
    if (comment.authorType !== 'User' || !(await hasWriteAccess(client, comment.author))) {
      // No reply: a stranger must not make this repository's bot talk.
      context.logger.warn(`${comment.author} has no write access here, so nothing was accepted.`);
      return EXIT_CODES.pass;
    }
    return await answerComment(context, client, comment, requests);
  },
};

interface AcceptRequest {
  readonly name: string;
  readonly reason: string;
}

/** Every line that begins with `/mlgate`. One that cannot be read has an empty name. */
function parseCommands(body: string): readonly AcceptRequest[] {
  return body
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => /^\/mlgate\b/.test(line))
    .slice(0, MAX_COMMANDS)
    .map((line) => {
      const [, name = '', reason = ''] = /^\/mlgate\s+accept\s+(\S.*?):\s+(\S.*)$/.exec(line) ?? [];
      return { name: name.replaceAll('`', '').trim(), reason };
    });
}

/** What went wrong is told where it was asked; the run fails too. */
async function answerComment(
  context: ActionContext,
  client: GitHubClient,
  comment: CommentEvent,
  requests: readonly AcceptRequest[],
): Promise<number> {
  try {
    const report = await openReport(context, client, comment);
    const accepted = await accept(report, comment, requests);
    writeOutputs({ accepted: accepted.map(({ check }) => check).join('\n') });
    await writeReply(client, comment.issue, accepted.map(describeAcceptance).join('\n'));
    // Whether the verdict passes now is the status' to say: accepting has worked either way.
    await reportOnPullRequest(report);
    return EXIT_CODES.pass;
  } catch (error) {
    if (error instanceof UserError) {
      const text = [error.message, ...(error.help === undefined ? [] : [error.help])].join(' ');
      await writeReply(client, comment.issue, escapeMessage(`Nothing was accepted. ${text}`));
    }
    throw error;
  }
}

async function accept(
  report: TrustedReport,
  comment: CommentEvent,
  requests: readonly AcceptRequest[],
): Promise<readonly Acceptance[]> {
  const { context, client, pullRequest } = report;
  if (requests.some(({ name }) => name === '')) throw new UserError('That is no command.', { help: USAGE });
  const { evidence, parsed } = await judgeByTrusted(report);
  const { branch, 'accept-days': days } = parsed.config.baseline;
  const acceptances = requests.map((request) =>
    makeAcceptance(evidence, {
      ...request,
      actor: comment.author,
      now: context.now(),
      days,
      pullRequest: pullRequest.number,
    }),
  );
  await recordAcceptances(openRestStore(client), { branch, acceptances }, RETRY_TIMING);
  return acceptances;
}

function describeAcceptance({ check, actor, expires }: Acceptance): string {
  return escapeMessage(
    `Accepted \`${check}\` for this pull request until ${expires.slice(0, 10)}, by ${actor}. If the regression grows, it fails again.`,
  );
}

/** The pull request and the newest run on its head that left evidence, both as GitHub tells them. */
async function openReport(
  context: ActionContext,
  client: GitHubClient,
  comment: CommentEvent,
): Promise<TrustedReport> {
  const pullRequest = await readPullRequest(client, comment.issue);
  if (pullRequest === undefined)
    throw new UserError(`#${comment.issue} is no open pull request.`, { help: 'Comment on an open one.' });
  const finished = await findJudgedRun(context, client, pullRequest);
  if (!hadEndedBy(finished, comment.createdAt)) {
    // Whoever wrote the comment has read the report of something else.
    throw new UserError(
      `The gate's run on ${pullRequest.headSha.slice(0, 12)} ended after this comment was written.`,
      { help: 'Read its report, then comment again.' },
    );
  }
  const config = openWorkspace(context.inputs.required('config'), context.workspace).displayPath;
  return { context, client, finished, pullRequest, config, author: readAuthor(context) };
}

async function findJudgedRun(
  { inputs }: ActionContext,
  client: GitHubClient,
  { headSha, headRepositoryId }: FoundPullRequest,
): Promise<RunFacts> {
  const name = inputs.required('artifact');
  for (const run of await listRunsOfHead(client, { headSha, headRepositoryId })) {
    const artifacts = await listRunArtifacts(client, run);
    if (artifacts.some((artifact) => artifact.name === name)) return run;
  }
  throw new UserError(`No finished run on ${headSha.slice(0, 12)} has left evidence.`, {
    help: 'Wait until the gate has finished, then comment again.',
  });
}

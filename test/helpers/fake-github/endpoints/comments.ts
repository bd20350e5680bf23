/** Comments of issues and pull requests. */
import type { Call, Handler } from '../call.ts';
import { bodyText, notFound, pathNumber, Refusal, requireToken } from '../call.ts';
import { paginate } from '../paging.ts';
import { nodeId, renderAccount, renderApp } from '../render/accounts.ts';
import { repositoryPage, repositoryUrl } from '../render/repositories.ts';
import { takeId, takeTime, type CommentState } from '../state.ts';

/** GitHub counts characters, not bytes; the number is in its error message. */
const MAX_BODY_CHARACTERS = 65_536;

function renderComment(call: Call, comment: CommentState) {
  const url = repositoryUrl(call.baseUrl, call.repository);
  const page = repositoryPage(call.repository);
  return {
    id: comment.id,
    node_id: nodeId('IssueComment', comment.id),
    url: `${url}/issues/comments/${comment.id}`,
    html_url: `${page}/pull/${comment.issueNumber}#issuecomment-${comment.id}`,
    issue_url: `${url}/issues/${comment.issueNumber}`,
    body: comment.body,
    user: renderAccount(call.baseUrl, comment.author),
    author_association: comment.author.type === 'Bot' ? 'NONE' : 'CONTRIBUTOR',
    performed_via_github_app: comment.app === null ? null : renderApp(call.baseUrl, comment.app),
    created_at: comment.createdAt,
    updated_at: comment.updatedAt,
  };
}

function refuse(message: string): Refusal {
  return new Refusal(422, 'Validation Failed', [
    { resource: 'IssueComment', code: 'custom', field: 'body', message },
  ]);
}

function requireBody(call: Call): string {
  const body = bodyText(call, 'body', '');
  if (body.trim() === '') throw refuse("body can't be blank");
  if (Array.from(body).length > MAX_BODY_CHARACTERS) {
    throw refuse(`body is too long (maximum is ${MAX_BODY_CHARACTERS} characters)`);
  }
  return body;
}

function requireIssue(call: Call): number {
  const number = pathNumber(call, 'issue_number');
  if (!call.repository.pullRequests.some((pull) => pull.number === number)) throw notFound();
  return number;
}

function requireComment(call: Call): CommentState {
  const id = pathNumber(call, 'comment_id');
  const found = call.repository.comments.find((comment) => comment.id === id);
  if (found === undefined) throw notFound();
  return found;
}

export const listComments: Handler = (call) => {
  const number = requireIssue(call);
  const since = call.query['since'] ?? '';
  const all = call.repository.comments.filter(
    (comment) => comment.issueNumber === number && comment.updatedAt >= since,
  );
  const { items, headers } = paginate(call, all);
  return { status: 200, body: items.map((comment) => renderComment(call, comment)), headers };
};

export const createComment: Handler = (call) => {
  const { account, app } = requireToken(call);
  const time = takeTime(call.state);
  const comment: CommentState = {
    id: takeId(call.state),
    issueNumber: requireIssue(call),
    body: requireBody(call),
    author: account,
    app,
    createdAt: time,
    updatedAt: time,
  };
  call.repository.comments.push(comment);
  return { status: 201, body: renderComment(call, comment) };
};

export const getComment: Handler = (call) => ({
  status: 200,
  body: renderComment(call, requireComment(call)),
});

export const updateComment: Handler = (call) => {
  // With write permission GitHub lets anyone edit anyone's comment: leaving others alone is the client's duty.
  const comment = requireComment(call);
  comment.body = requireBody(call);
  comment.updatedAt = takeTime(call.state);
  return { status: 200, body: renderComment(call, comment) };
};

export const deleteComment: Handler = (call) => {
  const comment = requireComment(call);
  call.repository.comments.splice(call.repository.comments.indexOf(comment), 1);
  return { status: 204 };
};

/** Commit statuses: what branch protection can require. */
import type { Call, Handler } from '../call.ts';
import { bodyText, notFound, Refusal, requireToken } from '../call.ts';
import { objectType, resolveCommit } from '../git-objects.ts';
import { paginate } from '../paging.ts';
import { nodeId, renderAccount } from '../render/accounts.ts';
import { renderMinimalRepository, repositoryUrl } from '../render/repositories.ts';
import { takeId, takeTime, type StatusState } from '../state.ts';

const MAX_DESCRIPTION_CHARACTERS = 140;
const MAX_STATUSES_PER_CONTEXT = 1000;

function renderStatus(call: Call, status: StatusState) {
  const creator = renderAccount(call.baseUrl, status.creator);
  return {
    url: `${repositoryUrl(call.baseUrl, call.repository)}/statuses/${status.sha}`,
    avatar_url: creator.avatar_url,
    id: status.id,
    node_id: nodeId('StatusContext', status.id),
    state: status.state,
    description: status.description,
    target_url: status.targetUrl,
    context: status.context,
    created_at: status.createdAt,
    updated_at: status.createdAt,
    creator,
  };
}

function refuseStatus(message: string): Refusal {
  return new Refusal(422, `Validation Failed: ${message}`, [{ resource: 'Status', code: 'custom', message }]);
}

export const createStatus: Handler = async (call) => {
  const { account } = requireToken(call);
  const sha = call.params['sha'] ?? '';
  if ((await objectType(call.repository.gitDirectory, sha)) !== 'commit') {
    throw new Refusal(422, `No commit found for SHA: ${sha}`);
  }
  const description = bodyText(call, 'description', null);
  if (description !== null && Array.from(description).length > MAX_DESCRIPTION_CHARACTERS) {
    throw refuseStatus(`Description is too long (maximum is ${MAX_DESCRIPTION_CHARACTERS} characters)`);
  }
  const context = bodyText(call, 'context', 'default');
  const same = call.repository.statuses.filter((other) => other.sha === sha && other.context === context);
  if (same.length >= MAX_STATUSES_PER_CONTEXT) {
    throw refuseStatus('This SHA and context has reached the maximum number of statuses.');
  }
  const status: StatusState = {
    id: takeId(call.state),
    sha,
    state: bodyText(call, 'state', 'error') as StatusState['state'],
    context,
    description,
    targetUrl: bodyText(call, 'target_url', null),
    creator: account,
    createdAt: takeTime(call.state),
  };
  call.repository.statuses.push(status);
  return { status: 201, body: renderStatus(call, status) };
};

/** Newest first. */
async function statusesOf(call: Call): Promise<{ sha: string; statuses: readonly StatusState[] }> {
  const sha = await resolveCommit(call.repository.gitDirectory, call.params['ref'] ?? '');
  if (sha === undefined) throw notFound();
  return { sha, statuses: call.repository.statuses.filter((status) => status.sha === sha).toReversed() };
}

export const listStatuses: Handler = async (call) => {
  const { items, headers } = paginate(call, (await statusesOf(call)).statuses);
  return { status: 200, body: items.map((status) => renderStatus(call, status)), headers };
};

function combine(latest: readonly StatusState[]): string {
  if (latest.some(({ state }) => state === 'error' || state === 'failure')) return 'failure';
  return latest.length > 0 && latest.every(({ state }) => state === 'success') ? 'success' : 'pending';
}

export const getCombinedStatus: Handler = async (call) => {
  const { sha, statuses } = await statusesOf(call);
  const latest = statuses.filter(
    (status, index) => statuses.findIndex(({ context }) => context === status.context) === index,
  );
  const url = repositoryUrl(call.baseUrl, call.repository);
  return {
    status: 200,
    body: {
      state: combine(latest),
      statuses: latest.map((status) => renderStatus(call, status)),
      sha,
      total_count: latest.length,
      repository: renderMinimalRepository(call.baseUrl, call.repository),
      commit_url: `${url}/commits/${sha}`,
      url: `${url}/commits/${sha}/status`,
    },
  };
};

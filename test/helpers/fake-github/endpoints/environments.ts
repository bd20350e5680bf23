/** Deployment environments and their protection rules. */
import type { Call, Handler } from '../call.ts';
import { notFound } from '../call.ts';
import { paginate } from '../paging.ts';
import { nodeId, renderAccount } from '../render/accounts.ts';
import { repositoryPage, repositoryUrl } from '../render/repositories.ts';
import type { EnvironmentState } from '../state.ts';

const CREATED_AT = '2026-01-01T00:00:00Z';

/** What lists of approvals show of an environment. */
export function renderEnvironmentSummary(call: Call, environment: EnvironmentState) {
  return {
    id: environment.id,
    node_id: nodeId('Environment', environment.id),
    name: environment.name,
    url: `${repositoryUrl(call.baseUrl, call.repository)}/environments/${encodeURIComponent(environment.name)}`,
    html_url: `${repositoryPage(call.repository)}/deployments/activity_log?environments_filter=${encodeURIComponent(environment.name)}`,
    created_at: CREATED_AT,
    updated_at: CREATED_AT,
  };
}

function protectionRules(call: Call, environment: EnvironmentState): readonly object[] {
  const rule = (offset: number) => ({
    id: environment.id * 10 + offset,
    node_id: nodeId('GateRule', environment.id * 10 + offset),
  });
  const reviewers = environment.reviewers.map((login) => ({
    type: 'User',
    reviewer: renderAccount(call.baseUrl, { login, type: 'User' }),
  }));
  return [
    ...(environment.waitMinutes === 0
      ? []
      : [{ ...rule(1), type: 'wait_timer', wait_timer: environment.waitMinutes }]),
    ...(reviewers.length === 0
      ? []
      : [
          {
            ...rule(2),
            type: 'required_reviewers',
            prevent_self_review: environment.preventSelfReview,
            reviewers,
          },
        ]),
  ];
}

function renderEnvironment(call: Call, environment: EnvironmentState) {
  return {
    ...renderEnvironmentSummary(call, environment),
    protection_rules: protectionRules(call, environment),
    deployment_branch_policy: null,
  };
}

export const getEnvironment: Handler = (call) => {
  const name = call.params['environment_name'];
  const found = call.repository.environments.find((environment) => environment.name === name);
  if (found === undefined) throw notFound();
  return { status: 200, body: renderEnvironment(call, found) };
};

export const listEnvironments: Handler = (call) => {
  const all = call.repository.environments;
  const { items, headers } = paginate(call, all);
  return {
    status: 200,
    body: {
      total_count: all.length,
      environments: items.map((environment) => renderEnvironment(call, environment)),
    },
    headers,
  };
};

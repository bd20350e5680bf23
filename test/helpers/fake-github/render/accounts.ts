/** Users, bots and apps as the API shows them. */
import { createHash } from 'node:crypto';
import type { Account } from '../state.ts';

/** A number that stands for a name, the same in every run: ids need only be stable. */
export function stableId(name: string): number {
  return Number.parseInt(createHash('sha256').update(name).digest('hex').slice(0, 7), 16);
}

export function nodeId(kind: string, id: number | string): string {
  return Buffer.from(`${kind}:${id}`).toString('base64url');
}

/** The schema `simple-user`. */
export function renderAccount(baseUrl: string, account: Account) {
  const url = `${baseUrl}/users/${encodeURIComponent(account.login)}`;
  const id = stableId(account.login);
  return {
    login: account.login,
    id,
    node_id: nodeId('User', id),
    avatar_url: `https://avatars.githubusercontent.com/u/${id}?v=4`,
    gravatar_id: '',
    url,
    html_url: `https://github.com/${encodeURIComponent(account.login)}`,
    followers_url: `${url}/followers`,
    following_url: `${url}/following{/other_user}`,
    gists_url: `${url}/gists{/gist_id}`,
    starred_url: `${url}/starred{/owner}{/repo}`,
    subscriptions_url: `${url}/subscriptions`,
    organizations_url: `${url}/orgs`,
    repos_url: `${url}/repos`,
    events_url: `${url}/events{/privacy}`,
    received_events_url: `${url}/received_events`,
    type: account.type,
    site_admin: false,
  };
}

/** The schema `integration`: GitHub's own app for the tokens of workflows has the number 15368. */
export function renderApp(baseUrl: string, slug: string) {
  const id = slug === 'github-actions' ? 15_368 : stableId(slug);
  return {
    id,
    slug,
    node_id: nodeId('App', id),
    owner: renderAccount(baseUrl, { login: 'github', type: 'Organization' }),
    name: slug === 'github-actions' ? 'GitHub Actions' : slug,
    description: '',
    external_url: `https://github.com/apps/${slug}`,
    html_url: `https://github.com/apps/${slug}`,
    created_at: '2018-07-30T09:30:17Z',
    updated_at: '2026-01-01T00:00:00Z',
    permissions: { contents: 'write', issues: 'write', metadata: 'read' },
    events: [],
  };
}

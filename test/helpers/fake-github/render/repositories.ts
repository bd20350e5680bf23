/** Repositories as the API shows them. */
import type { RepositoryState } from '../state.ts';
import { nodeId, renderAccount } from './accounts.ts';

/** Names of the template links, with what follows the repository's URL. */
const TEMPLATE_LINKS: Readonly<Record<string, string>> = {
  archive_url: '/{archive_format}{/ref}',
  assignees_url: '/assignees{/user}',
  blobs_url: '/git/blobs{/sha}',
  branches_url: '/branches{/branch}',
  collaborators_url: '/collaborators{/collaborator}',
  comments_url: '/comments{/number}',
  commits_url: '/commits{/sha}',
  compare_url: '/compare/{base}...{head}',
  contents_url: '/contents/{+path}',
  contributors_url: '/contributors',
  deployments_url: '/deployments',
  downloads_url: '/downloads',
  events_url: '/events',
  forks_url: '/forks',
  git_commits_url: '/git/commits{/sha}',
  git_refs_url: '/git/refs{/sha}',
  git_tags_url: '/git/tags{/sha}',
  hooks_url: '/hooks',
  issue_comment_url: '/issues/comments{/number}',
  issue_events_url: '/issues/events{/number}',
  issues_url: '/issues{/number}',
  keys_url: '/keys{/key_id}',
  labels_url: '/labels{/name}',
  languages_url: '/languages',
  merges_url: '/merges',
  milestones_url: '/milestones{/number}',
  notifications_url: '/notifications{?since,all,participating}',
  pulls_url: '/pulls{/number}',
  releases_url: '/releases{/id}',
  stargazers_url: '/stargazers',
  statuses_url: '/statuses/{sha}',
  subscribers_url: '/subscribers',
  subscription_url: '/subscription',
  tags_url: '/tags',
  teams_url: '/teams',
  trees_url: '/git/trees{/sha}',
};

/** A path, ref or tag inside a URL: slashes stay, `#` and `?` must not (GTO's tags are full of `#`). */
export function encodePath(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/').replaceAll('%40', '@');
}

export function repositoryUrl(baseUrl: string, repository: RepositoryState): string {
  return `${baseUrl}/repos/${repository.fullName}`;
}

export function repositoryPage(repository: RepositoryState): string {
  return `https://github.com/${repository.fullName}`;
}

export function ownerOf(repository: RepositoryState) {
  return { login: repository.owner, type: 'Organization' } as const;
}

/** The schema `minimal-repository`. */
export function renderMinimalRepository(baseUrl: string, repository: RepositoryState) {
  const url = repositoryUrl(baseUrl, repository);
  return {
    id: repository.id,
    node_id: nodeId('Repository', repository.id),
    name: repository.name,
    full_name: repository.fullName,
    owner: renderAccount(baseUrl, ownerOf(repository)),
    private: repository.private,
    html_url: repositoryPage(repository),
    description: null,
    fork: repository.parent !== null,
    url,
    ...Object.fromEntries(Object.entries(TEMPLATE_LINKS).map(([name, tail]) => [name, `${url}${tail}`])),
  };
}

/** The schemas `full-repository` and `repository`. */
export function renderFullRepository(baseUrl: string, repository: RepositoryState) {
  const page = repositoryPage(repository);
  return {
    ...renderMinimalRepository(baseUrl, repository),
    clone_url: `${page}.git`,
    git_url: `git://github.com/${repository.fullName}.git`,
    ssh_url: `git@github.com:${repository.fullName}.git`,
    svn_url: page,
    mirror_url: null,
    homepage: null,
    language: null,
    license: null,
    default_branch: repository.defaultBranch,
    visibility: repository.private ? 'private' : 'public',
    archived: false,
    disabled: false,
    ...Object.fromEntries(
      ['issues', 'projects', 'wiki', 'downloads'].map((feature) => [`has_${feature}`, true]),
    ),
    has_pages: false,
    has_discussions: false,
    forks: 0,
    forks_count: 0,
    open_issues: 0,
    open_issues_count: 0,
    watchers: 0,
    watchers_count: 0,
    stargazers_count: 0,
    network_count: 0,
    subscribers_count: 0,
    size: 0,
    pushed_at: '2026-11-01T12:00:00Z',
    created_at: '2026-01-01T00:00:00Z',
    updated_at: '2026-11-01T12:00:00Z',
  };
}

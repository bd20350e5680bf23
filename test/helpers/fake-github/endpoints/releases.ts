/** Releases: making one, finding one by its tag, listing. */
import type { Call, Handler } from '../call.ts';
import { bodyText, notFound, Refusal, requireToken } from '../call.ts';
import { moveRef, resolveCommit } from '../git-objects.ts';
import { paginate } from '../paging.ts';
import { nodeId, renderAccount } from '../render/accounts.ts';
import { encodePath, repositoryPage, repositoryUrl } from '../render/repositories.ts';
import { takeId, takeTime, type ReleaseState } from '../state.ts';

function renderRelease(call: Call, release: ReleaseState) {
  const url = `${repositoryUrl(call.baseUrl, call.repository)}/releases/${release.id}`;
  const page = repositoryPage(call.repository);
  return {
    url,
    html_url: `${page}/releases/tag/${encodePath(release.tag)}`,
    assets_url: `${url}/assets`,
    upload_url: `${url}/assets{?name,label}`,
    tarball_url: release.draft ? null : `${page}/tarball/${encodePath(release.tag)}`,
    zipball_url: release.draft ? null : `${page}/zipball/${encodePath(release.tag)}`,
    id: release.id,
    node_id: nodeId('Release', release.id),
    tag_name: release.tag,
    target_commitish: release.target,
    name: release.name,
    body: release.body,
    draft: release.draft,
    prerelease: release.prerelease,
    immutable: false,
    created_at: release.createdAt,
    published_at: release.draft ? null : release.createdAt,
    author: renderAccount(call.baseUrl, release.author),
    assets: [],
  };
}

/** Publishing makes the tag if there is none. */
async function ensureTag(call: Call, tag: string, target: string): Promise<void> {
  const { gitDirectory } = call.repository;
  if ((await resolveCommit(gitDirectory, `refs/tags/${tag}`)) !== undefined) return;
  const sha = await resolveCommit(gitDirectory, target);
  if (sha === undefined) {
    throw new Refusal(422, 'Validation Failed', [
      { resource: 'Release', code: 'invalid', field: 'target_commitish' },
    ]);
  }
  await moveRef(gitDirectory, `refs/tags/${tag}`, sha, undefined);
}

export const createRelease: Handler = async (call) => {
  const tag = bodyText(call, 'tag_name', '');
  const draft = call.body['draft'] === true;
  if (!draft && call.repository.releases.some((release) => !release.draft && release.tag === tag)) {
    throw new Refusal(422, 'Validation Failed', [
      { resource: 'Release', code: 'already_exists', field: 'tag_name' },
    ]);
  }
  const target = bodyText(call, 'target_commitish', call.repository.defaultBranch);
  if (!draft) await ensureTag(call, tag, target);
  const release: ReleaseState = {
    id: takeId(call.state),
    tag,
    target,
    name: bodyText(call, 'name', null),
    body: bodyText(call, 'body', null),
    draft,
    prerelease: call.body['prerelease'] === true,
    author: requireToken(call).account,
    createdAt: takeTime(call.state),
  };
  call.repository.releases.push(release);
  return { status: 201, body: renderRelease(call, release) };
};

export const getReleaseByTag: Handler = (call) => {
  const tag = call.params['tag'];
  const found = call.repository.releases.find((release) => release.tag === tag && !release.draft);
  if (found === undefined) throw notFound();
  return { status: 200, body: renderRelease(call, found) };
};

export const listReleases: Handler = (call) => {
  const { items, headers } = paginate(call, call.repository.releases.toReversed());
  return { status: 200, body: items.map((release) => renderRelease(call, release)), headers };
};

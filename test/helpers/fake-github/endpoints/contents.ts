/** `contents`: files and folders at a ref. */
import type { Call, Handler } from '../call.ts';
import { notFound } from '../call.ts';
import { readBlob, readTree, resolveCommit, type TreeEntry } from '../git-objects.ts';
import { encodePath, repositoryPage, repositoryUrl } from '../render/repositories.ts';

/** Up to here the answer holds the content; larger files need the raw media type. */
const INLINE_LIMIT_BYTES = 1024 * 1024;
const RAW = /application\/vnd\.github(?:\.v3)?\.raw/u;
const OBJECT = /application\/vnd\.github(?:\.v3)?\.object/u;

function commonFields(call: Call, commit: string, entry: TreeEntry) {
  const url = repositoryUrl(call.baseUrl, call.repository);
  const page = repositoryPage(call.repository);
  const path = encodePath(entry.path);
  const kind = entry.type === 'tree' ? 'tree' : 'blob';
  const self = `${url}/contents/${path}?ref=${commit}`;
  const git = `${url}/git/${kind}s/${entry.sha}`;
  const html = `${page}/${kind}/${commit}/${path}`;
  return {
    type: entry.type === 'tree' ? 'dir' : 'file',
    name: entry.path.split('/').at(-1) ?? '',
    path: entry.path,
    sha: entry.sha,
    size: entry.size ?? 0,
    url: self,
    git_url: git,
    html_url: html,
    download_url:
      entry.type === 'tree'
        ? null
        : `https://raw.githubusercontent.com/${call.repository.fullName}/${commit}/${path}`,
    _links: { self, git, html },
  };
}

async function fileReply(call: Call, commit: string, entry: TreeEntry) {
  const bytes = await readBlob(call.repository.gitDirectory, entry.sha);
  if (RAW.test(call.accept)) {
    return { status: 200, bytes, headers: { 'content-type': 'application/vnd.github.raw; charset=utf-8' } };
  }
  const isInline = bytes.length <= INLINE_LIMIT_BYTES;
  return {
    status: 200,
    body: {
      ...commonFields(call, commit, entry),
      content: isInline ? bytes.toString('base64').replaceAll(/.{1,60}/gu, '$&\n') : '',
      encoding: isInline ? 'base64' : 'none',
    },
  };
}

export const getContent: Handler = async (call) => {
  const { gitDirectory, defaultBranch } = call.repository;
  const path = (call.params['path'] ?? '').replace(/^\/+|\/+$/gu, '');
  const commit = await resolveCommit(gitDirectory, call.query['ref'] ?? defaultBranch);
  if (commit === undefined) throw notFound();
  const entries = await readTree(gitDirectory, commit, true);
  const entry = entries.find((candidate) => candidate.path === path);
  if (entry?.type === 'blob') return fileReply(call, commit, entry);
  if (entry === undefined && path !== '') throw notFound();
  const depth = path === '' ? 1 : path.split('/').length + 1;
  const children = entries
    .filter((child) => path === '' || child.path.startsWith(`${path}/`))
    .filter((child) => child.path.split('/').length === depth)
    .map((child) => commonFields(call, commit, child));
  if (entry !== undefined && OBJECT.test(call.accept)) {
    return { status: 200, body: { ...commonFields(call, commit, entry), entries: children } };
  }
  return { status: 200, body: children };
};

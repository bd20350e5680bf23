import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WorldError } from '../../src/evidence/errors.ts';
import {
  GITHUB_ACTIONS_BOT,
  MAX_COMMENT_CHARACTERS,
  writeStickyComment,
  type StickyComment,
} from '../../src/platform/sticky-comment.ts';
import { ACTIONS_BOT, addComment, addPullRequest } from '../helpers/fake-github/seed.ts';
import { startRestPlatform, type RestPlatform } from './rest-platform.ts';

const MARKER = '<!-- mlgate:report:churn -->';
let platform: RestPlatform;
let number: number;

beforeEach(async () => {
  platform = await startRestPlatform();
  const { workspace, github, repository } = platform;
  await workspace.branch('topic');
  await workspace.commit({ b: '2' });
  await workspace.push();
  number = (await addPullRequest(github.state, repository, { head: 'topic' })).number;
});

afterEach(() => platform.close());

function comment(text: string, overrides: Partial<StickyComment> = {}): StickyComment {
  return {
    number,
    marker: MARKER,
    body: `${MARKER}\n${text}`,
    author: GITHUB_ACTIONS_BOT,
    create: true,
    ...overrides,
  };
}

const bodies = () => platform.repository.comments.map(({ body }) => body);

describe('writeStickyComment', () => {
  it('creates, then updates in place, then leaves an equal one alone', async () => {
    const { client, github } = platform;
    const created = await writeStickyComment(client, comment('one'));
    const updated = await writeStickyComment(client, comment('two'));
    const writes = github.state.requests.length;
    const unchanged = await writeStickyComment(client, comment('two'));
    expect([created.kind, updated.kind, unchanged.kind]).toEqual(['created', 'updated', 'unchanged']);
    expect(new Set([created, updated, unchanged].map((result) => 'id' in result && result.id)).size).toBe(1);
    expect(bodies()).toEqual([`${MARKER}\ntwo`]);
    expect(github.state.requests.slice(writes).map(({ method }) => method)).toEqual(['GET']);
  });

  it('leaves look-alikes of others alone', async () => {
    const { client, github, repository } = platform;
    const forged = `${MARKER}\nEverything passed.`;
    addComment(github.state, repository, { issueNumber: number, body: forged });
    addComment(github.state, repository, {
      issueNumber: number,
      body: forged,
      author: { login: 'github-actions[bot]', type: 'User' },
    });
    addComment(github.state, repository, {
      issueNumber: number,
      body: `Quote:\n${MARKER}`,
      author: ACTIONS_BOT,
    });
    const result = await writeStickyComment(client, comment('real'));
    expect(result.kind).toBe('created');
    expect(bodies()).toEqual([forged, forged, `Quote:\n${MARKER}`, `${MARKER}\nreal`]);
  });

  it('keeps one comment for each marker', async () => {
    const { client } = platform;
    const other = '<!-- mlgate:report:spam -->';
    await writeStickyComment(client, comment('churn'));
    await writeStickyComment(client, comment('', { marker: other, body: `${other}\nspam` }));
    expect(bodies()).toEqual([`${MARKER}\nchurn`, `${other}\nspam`]);
  });

  it('finds its comment on a later page', async () => {
    const { client, github, repository } = platform;
    for (let index = 0; index < 120; index += 1) {
      addComment(github.state, repository, { issueNumber: number, body: `Chat ${index}` });
    }
    await writeStickyComment(client, comment('one'));
    expect((await writeStickyComment(client, comment('two'))).kind).toBe('updated');
    expect(repository.comments).toHaveLength(121);
  });

  it('writes nothing where none stands and none is asked for, but updates one that does', async () => {
    const { client } = platform;
    expect(await writeStickyComment(client, comment('one', { create: false }))).toEqual({ kind: 'absent' });
    await writeStickyComment(client, comment('one'));
    expect((await writeStickyComment(client, comment('two', { create: false }))).kind).toBe('updated');
  });

  it('does not write twice when the answer was lost', async () => {
    const { client, github } = platform;
    github.state.faults.push({ operation: 'issues/create-comment', times: 1, drop: 'after' });
    const result = await writeStickyComment(client, comment('once'));
    expect(result.kind).toBe('unchanged');
    expect(bodies()).toEqual([`${MARKER}\nonce`]);
  });

  it('tries again when the connection broke before anything happened', async () => {
    const { client, github } = platform;
    github.state.faults.push({ operation: 'issues/create-comment', times: 1, drop: 'before' });
    expect((await writeStickyComment(client, comment('once'))).kind).toBe('created');
    github.state.faults.push({
      operation: 'issues/create-comment',
      times: 3,
      respond: { status: 502, message: 'Bad Gateway' },
    });
    const other = '<!-- other -->';
    const failing = writeStickyComment(client, comment('', { marker: other, body: other }));
    await expect(failing).rejects.toThrow(/Could not write the comment: GitHub answered 502/u);
  });

  it('writes anew when its comment is deleted meanwhile', async () => {
    const { client, github, repository } = platform;
    await writeStickyComment(client, comment('one'));
    github.state.faults.push({
      operation: 'issues/update-comment',
      times: 1,
      before: async () => {
        repository.comments.splice(0);
      },
    });
    expect((await writeStickyComment(client, comment('two'))).kind).toBe('created');
    expect(bodies()).toEqual([`${MARKER}\ntwo`]);
  });

  it('takes other line ends for the same text', async () => {
    const { client, github, repository } = platform;
    addComment(github.state, repository, {
      issueNumber: number,
      body: `${MARKER}\r\none\r\ntwo`,
      author: ACTIONS_BOT,
    });
    expect((await writeStickyComment(client, comment('one\ntwo\n'))).kind).toBe('unchanged');
  });

  it('never writes more than GitHub takes, nor without its marker', async () => {
    const { client } = platform;
    const fits = 'x'.repeat(MAX_COMMENT_CHARACTERS - MARKER.length - 1);
    expect((await writeStickyComment(client, comment(fits))).kind).toBe('created');
    await expect(writeStickyComment(client, comment(`${fits}x`))).rejects.toThrow(WorldError);
    await expect(writeStickyComment(client, comment('', { body: 'no marker' }))).rejects.toThrow(TypeError);
    await expect(writeStickyComment(client, comment('', { marker: 'x', body: 'x' }))).rejects.toThrow(
      TypeError,
    );
  });

  it('says which permission is missing', async () => {
    const client = await platform.connect({ pull_requests: 'read', contents: 'read' });
    await expect(writeStickyComment(client, comment('one'))).rejects.toMatchObject({
      help: expect.stringContaining('permissions:\n  pull-requests: write'),
    });
  });
});

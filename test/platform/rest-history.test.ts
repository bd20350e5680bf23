import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findBranchTip, openRestHistory, readRepository } from '../../src/platform/rest-history.ts';
import { runGit } from '../helpers/git-repository.ts';
import { startRestPlatform, type RestPlatform } from './rest-platform.ts';

async function take(walk: AsyncIterable<string>, limit = 1000): Promise<readonly string[]> {
  const taken: string[] = [];
  for await (const commit of walk) {
    taken.push(commit);
    if (taken.length >= limit) break;
  }
  return taken;
}

let platform: RestPlatform;

beforeEach(async () => {
  platform = await startRestPlatform();
});

afterEach(() => platform.close());

describe('history through REST', () => {
  it('walks first parents only, in one call where history is short', async () => {
    const { workspace, client, github } = platform;
    const first = await workspace.revision();
    await workspace.branch('topic');
    const topic = await workspace.commit({ b: '2' });
    await workspace.checkout('main');
    const second = await workspace.commit({ c: '3' });
    const merge = await workspace.merge('topic');
    await workspace.push();
    const history = openRestHistory(client);
    expect(await take(history.walk(merge))).toEqual([merge, second, first]);
    expect(github.state.requests).toHaveLength(1);
    expect(await history.parentsOf(merge)).toEqual([second, topic]);
    expect(github.state.requests).toHaveLength(1);
    expect(await take(history.walk(merge), 2)).toEqual([merge, second]);
    expect(await history.mergeBase(second, topic)).toBe(first);
  });

  it('turns pages', async () => {
    const { client, github, repository } = platform;
    const commits = Array.from({ length: 130 }, (_, index) => {
      const from = index === 0 ? 'from refs/heads/main^0\n' : '';
      return `commit refs/heads/main\ncommitter A <a@example.com> ${1_800_000_000 + index} +0000\ndata 1\nx\n${from}\n`;
    });
    await runGit(repository.gitDirectory, ['fast-import', '--quiet'], { input: commits.join('') });
    const tip = await runGit(repository.gitDirectory, ['rev-parse', 'main']);
    const history = openRestHistory(client);
    const expected = (await runGit(repository.gitDirectory, ['rev-list', '--first-parent', 'main'])).split(
      '\n',
    );
    expect(expected).toHaveLength(131);
    expect(await take(history.walk(tip))).toEqual(expected);
    expect(github.state.requests).toHaveLength(2);
  });

  it('does not know commits that are not there', async () => {
    const { client } = platform;
    const history = openRestHistory(client);
    expect(await history.parentsOf('f'.repeat(40))).toBeUndefined();
    expect(await take(history.walk('f'.repeat(40)))).toEqual([]);
    expect(await history.mergeBase('f'.repeat(40), 'e'.repeat(40))).toBeUndefined();
  });

  it('reads branches and the repository', async () => {
    const { client, workspace, repository } = platform;
    expect(await findBranchTip(client, 'main')).toBe(await workspace.revision());
    expect(await findBranchTip(client, 'nothing')).toBeUndefined();
    expect(await readRepository(client)).toEqual({ id: repository.id, defaultBranch: 'main' });
  });
});

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { UserError, WorldError } from '../../src/evidence/errors.ts';
import {
  assertCommitId,
  findCurrentBranch,
  findMainRef,
  findMergeBase,
  hasChanges,
  listFirstParents,
  listRemotes,
  openGit,
  readGit,
  readParents,
  resolveCommit,
} from '../../src/platform/git.ts';
import { runCommand } from '../../src/platform/run-command.ts';
import {
  cloneRepository,
  createBareRepository,
  createGitWorkspace,
  runGit,
  type GitWorkspace,
} from '../helpers/git-repository.ts';
import { isolatedEnvironment } from './environment.ts';

const folders: string[] = [];

afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

async function start(options: { origin?: string } = {}): Promise<GitWorkspace> {
  const workspace = await createGitWorkspace(options);
  folders.push(workspace.directory);
  return workspace;
}

function gitOf(workspace: { directory: string }, extra: Record<string, string> = {}) {
  return openGit(workspace.directory, { ...isolatedEnvironment(), ...extra });
}

describe('git', () => {
  it('is not told about another repository by the environment', async () => {
    const [one, other] = [await start(), await start()];
    const commit = await one.commit({ a: '1' });
    await other.commit({ b: '2' });
    const git = gitOf(one, {
      GIT_DIR: join(other.directory, '.git'),
      GIT_INDEX_FILE: '/nowhere',
      GIT_WORK_TREE: '/',
    });
    expect(await resolveCommit(git, 'HEAD')).toBe(commit);
  });

  it('runs no hook of the repository', async () => {
    const workspace = await start();
    await workspace.commit({ a: '1' });
    const git = gitOf(workspace);
    const hook = join(workspace.directory, '.git/hooks/reference-transaction');
    await writeFile(hook, '#!/bin/sh\ntouch "$GIT_DIR/was-here"\n', { mode: 0o755 });
    await readGit(git, ['update-ref', 'refs/heads/x', await workspace.revision()]);
    expect(await runGit(workspace.directory, ['branch', '--list', 'x'])).toContain('x');
    expect((await git.run(['ls-files', '--others', '--exclude-standard'])).code).toBe(0);
    await expect(rm(join(workspace.directory, '.git/was-here'))).rejects.toThrow(/ENOENT/u);
  });

  it('takes a revision that looks like an option for a revision', async () => {
    const workspace = await start();
    await workspace.commit({ a: '1' });
    expect(await resolveCommit(gitOf(workspace), '--help')).toBeUndefined();
    expect(await resolveCommit(gitOf(workspace), 'nothing')).toBeUndefined();
  });

  it('says that a folder is no repository', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'mlgate-none-'));
    folders.push(folder);
    const git = openGit(folder, { ...isolatedEnvironment(), GIT_CEILING_DIRECTORIES: tmpdir() });
    await expect(readGit(git, ['status'])).rejects.toThrow(UserError);
    await expect(resolveCommit(git, 'HEAD')).rejects.toThrow(/is not in a git repository/u);
    await expect(findCurrentBranch(git)).rejects.toThrow(/is not in a git repository/u);
  });

  it('says that git is not installed', async () => {
    const workspace = await start();
    const git = openGit(workspace.directory, { PATH: '/nowhere' });
    const error: unknown = await readGit(git, ['status']).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(WorldError);
    expect(error).toMatchObject({ message: expect.stringContaining('it is not installed') });
    expect(error).toMatchObject({ help: expect.stringContaining('Install git') });
  });

  it('knows branches, remotes and changes', async () => {
    const bare = await createBareRepository();
    folders.push(bare);
    const seed = await start({ origin: bare });
    await seed.commit({ a: '1' });
    await seed.push();
    const clone = await cloneRepository(bare);
    folders.push(clone.directory);
    const git = gitOf(clone);
    expect(await findCurrentBranch(git)).toBe('main');
    expect(await listRemotes(git)).toEqual(['origin']);
    expect(await findMainRef(git, { remote: 'origin' })).toBe('refs/remotes/origin/HEAD');
    expect(await findMainRef(git, { remote: 'origin', main: 'main' })).toBe('refs/remotes/origin/main');
    expect(await findMainRef(git, {})).toBe('refs/heads/main');
    expect(await findMainRef(git, { main: 'trunk' })).toBeUndefined();
    expect(await hasChanges(git)).toBe(false);
    await writeFile(join(clone.directory, 'untracked'), 'x');
    expect(await hasChanges(git)).toBe(false);
    await writeFile(join(clone.directory, 'a'), 'changed');
    expect(await hasChanges(git)).toBe(true);
    await clone.git('checkout', '--quiet', '--detach');
    expect(await findCurrentBranch(git)).toBeUndefined();
  });

  it('accepts full hashes only where a commit is meant', () => {
    expect(() => assertCommitId('a'.repeat(40))).not.toThrow();
    for (const text of ['HEAD', '-x', 'a'.repeat(39), 'A'.repeat(40), '']) {
      expect(() => assertCommitId(text)).toThrow(/is not a commit/u);
    }
  });
});

describe('history', () => {
  it('walks first parents only', async () => {
    const workspace = await start();
    const first = await workspace.commit({ a: '1' });
    await workspace.branch('topic');
    const topic = await workspace.commit({ b: '2' });
    await workspace.checkout('main');
    const second = await workspace.commit({ c: '3' });
    const merge = await workspace.merge('topic');
    const git = gitOf(workspace);
    expect(await listFirstParents(git, merge, 10)).toEqual([merge, second, first]);
    expect(await listFirstParents(git, merge, 2)).toEqual([merge, second]);
    expect(await readParents(git, merge)).toEqual([second, topic]);
    expect(await readParents(git, first)).toEqual([]);
    expect(await readParents(git, 'f'.repeat(40))).toBeUndefined();
    expect(await listFirstParents(git, 'f'.repeat(40), 5)).toEqual([]);
    expect(await findMergeBase(git, second, topic)).toBe(first);
    expect(await findMergeBase(git, second, 'f'.repeat(40))).toBeUndefined();
  });

  it('names the parent at which a shallow clone ends', async () => {
    const bare = await createBareRepository();
    folders.push(bare);
    const seed = await start({ origin: bare });
    const first = await seed.commit({ a: '1' });
    const second = await seed.commit({ a: '2' });
    const third = await seed.commit({ a: '3' });
    await seed.push();
    const folder = await mkdtemp(join(tmpdir(), 'mlgate-shallow-'));
    folders.push(folder);
    await runGit(folder, ['clone', '--quiet', '--depth', '1', `file://${bare}`, '.']);
    const git = gitOf({ directory: folder });
    expect(await readParents(git, third)).toEqual([second]);
    expect(await listFirstParents(git, third, 10)).toEqual([third, second]);
    expect(await readParents(git, first)).toBeUndefined();
  });
});

describe('runCommand', () => {
  const options = {
    directory: tmpdir(),
    env: { PATH: process.env['PATH'] },
    maxOutputBytes: 1000,
    timeoutMs: 60_000,
    installHelp: 'Install it.',
  };

  it('gives an exit code, output and input back', async () => {
    const result = await runCommand('sh', ['-c', 'cat; echo oops >&2; exit 3'], {
      ...options,
      input: 'hello',
    });
    expect(result).toEqual({ code: 3, stdout: Buffer.from('hello'), stderr: 'oops\n' });
  });

  it('passes arguments through no shell', async () => {
    const { stdout } = await runCommand('echo', ['$HOME; ls `id`'], options);
    expect(stdout.toString()).toBe('$HOME; ls `id`\n');
  });

  it('stops what prints too much or takes too long', async () => {
    await expect(runCommand('yes', [], options)).rejects.toThrow(/printed more than/u);
    const slow = runCommand('sleep', ['60'], { ...options, timeoutMs: 50 });
    await expect(slow).rejects.toThrow(/did not end within 0.05 s/u);
  });

  it('hands over nothing of this process that was not asked for', async () => {
    const { stdout } = await runCommand('env', [], options);
    expect(
      stdout
        .toString()
        .split('\n')
        .filter((line) => line !== '' && !line.startsWith('PATH=')),
    ).toEqual([]);
  });
});

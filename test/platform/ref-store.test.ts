import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { afterEach, describe, expect, it } from 'vitest';
import { UserError, WorldError } from '../../src/evidence/errors.ts';
import { openGitStore } from '../../src/platform/git-ref-store.ts';
import { openGit } from '../../src/platform/git.ts';
import { MLGATE_IDENTITY, writeWithRetry, type RefStore } from '../../src/platform/ref-store.ts';
import {
  cloneRepository,
  createBareRepository,
  createGitWorkspace,
  runGit,
  type GitWorkspace,
} from '../helpers/git-repository.ts';
import { openRestStore } from '../../src/platform/rest-ref-store.ts';
import { startRestPlatform } from './rest-platform.ts';
import { isolatedEnvironment } from './environment.ts';

const REF = 'refs/heads/mlgate';
const cleanups: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

function keep<T extends { remove: () => Promise<void> }>(thing: T): T {
  cleanups.push(() => thing.remove());
  return thing;
}

function storeOf(workspace: GitWorkspace, remote: string | undefined): RefStore {
  return openGitStore({
    git: openGit(workspace.directory, isolatedEnvironment()),
    remote,
    identity: MLGATE_IDENTITY,
    temporaryFolder: tmpdir(),
  });
}

async function startRemote(): Promise<{
  readonly bare: string;
  readonly clone: () => Promise<GitWorkspace>;
}> {
  const bare = await createBareRepository();
  cleanups.push(() => rm(bare, { recursive: true, force: true }));
  const seed = keep(await createGitWorkspace({ origin: bare }));
  await seed.commit({ 'a.txt': 'a' });
  await seed.push();
  return { bare, clone: async () => keep(await cloneRepository(bare)) };
}

function files(
  entries: Readonly<Record<string, string | Uint8Array>>,
): ReadonlyMap<string, string | Uint8Array> {
  return new Map(Object.entries(entries));
}

async function readText(store: RefStore, commit: string, path: string): Promise<string | undefined> {
  const bytes = await store.readFile(commit, path, 1000);
  return bytes === undefined ? undefined : Buffer.from(bytes).toString('utf8');
}

async function commitOf(result: Promise<{ kind: string; commit?: string }>): Promise<string> {
  const { kind, commit } = await result;
  expect(kind).toBe('written');
  return commit ?? '';
}

const PLACES = [
  {
    place: 'the local repository',
    open: async () => {
      const workspace = keep(await createGitWorkspace());
      await workspace.commit({ 'a.txt': 'a' });
      return { store: storeOf(workspace, undefined), directory: workspace.directory, workspace };
    },
  },
  {
    place: 'a remote',
    open: async () => {
      const { bare, clone } = await startRemote();
      const workspace = await clone();
      return { store: storeOf(workspace, 'origin'), directory: bare, workspace };
    },
  },
  {
    place: 'a repository on GitHub',
    open: async () => {
      const { client, repository, workspace, close } = await startRestPlatform();
      cleanups.push(close);
      return { store: openRestStore(client), directory: repository.gitDirectory, workspace };
    },
  },
];

describe.each(PLACES)('refs of $place', ({ open }) => {
  it('creates an orphan commit and appends to it', async () => {
    const { store, directory } = await open();
    expect(await store.resolve(REF)).toBeUndefined();
    const first = await commitOf(
      store.write({ ref: REF, expected: undefined, files: files({ 'runs/a.json': '1' }), message: 'One' }),
    );
    expect(await runGit(directory, ['rev-list', '--count', REF])).toBe('1');
    const second = await commitOf(
      store.write({
        ref: REF,
        expected: first,
        files: files({ 'runs/b.json': '2', 'x/y': 'z' }),
        message: 'Two',
      }),
    );
    expect(await store.resolve(REF)).toBe(second);
    expect(await runGit(directory, ['log', '--format=%s|%P', REF])).toBe(`Two|${first}\nOne|`);
    const listed = await store.listFiles(second, 'runs');
    expect(listed.map(({ path, bytes }) => [path, bytes])).toEqual([
      ['runs/a.json', 1],
      ['runs/b.json', 1],
    ]);
    expect(await readText(store, second, 'runs/a.json')).toBe('1');
    expect(await readText(store, second, 'runs/c.json')).toBeUndefined();
    expect(await readText(store, second, 'runs')).toBeUndefined();
    expect(await store.listFiles(second, 'nothing')).toEqual([]);
  });

  it('says that the ref moved, and writes nothing, when somebody was faster', async () => {
    const { store } = await open();
    const change = { ref: REF, message: 'x' };
    const first = await commitOf(store.write({ ...change, expected: undefined, files: files({ a: '1' }) }));
    const late = await store.write({ ...change, expected: undefined, files: files({ b: '2' }) });
    expect(late).toEqual({ kind: 'moved' });
    const second = await commitOf(store.write({ ...change, expected: first, files: files({ c: '3' }) }));
    expect(await store.write({ ...change, expected: first, files: files({ d: '4' }) })).toEqual({
      kind: 'moved',
    });
    expect(await store.resolve(REF)).toBe(second);
  });

  it('keeps bytes as they are', async () => {
    const { store } = await open();
    const bytes = Uint8Array.from({ length: 256 }, (_, index) => index);
    const commit = await commitOf(
      store.write({
        ref: REF,
        expected: undefined,
        files: files({ 'b.bin': bytes, 'c.txt': 'a\r\nb\n' }),
        message: 'x',
      }),
    );
    expect(await store.readFile(commit, 'b.bin', 256)).toEqual(Buffer.from(bytes));
    expect(await readText(store, commit, 'c.txt')).toBe('a\r\nb\n');
  });

  it('refuses to read what is too large', async () => {
    const { store } = await open();
    const commit = await commitOf(
      store.write({ ref: REF, expected: undefined, files: files({ big: 'x'.repeat(101) }), message: 'x' }),
    );
    await expect(store.readFile(commit, 'big', 100)).rejects.toThrow(/`big` .* has 101 bytes; at most 100/u);
  });

  it('reads no link that somebody committed', async () => {
    const { store, directory } = await open();
    const blob = await runGit(directory, ['hash-object', '-w', '--stdin'], { input: '/etc/passwd' });
    const tree = await runGit(directory, ['mktree'], { input: `120000 blob ${blob}\tlink.json\n` });
    const commit = await runGit(directory, ['commit-tree', tree], { input: 'x' });
    await runGit(directory, ['update-ref', REF, commit]);
    expect(await store.resolve(REF)).toBe(commit);
    expect(await store.readFile(commit, 'link.json', 100)).toBeUndefined();
  });

  it('lists and deletes refs outside the branches', async () => {
    const { store } = await open();
    const write = (ref: string) =>
      store.write({ ref, expected: undefined, files: files({ 'm.bin': ref }), message: 'x' });
    await write('refs/mlgate/outcomes/aa/2');
    await write('refs/mlgate/outcomes/aa/1');
    await write('refs/mlgate/outcomes/ab/3');
    const listed = await store.listRefs('refs/mlgate/outcomes/aa/');
    expect(listed.map(({ ref }) => ref)).toEqual(['refs/mlgate/outcomes/aa/1', 'refs/mlgate/outcomes/aa/2']);
    const [first] = listed;
    if (first === undefined) throw new Error('Nothing was listed.');
    await store.deleteRef(first);
    await store.deleteRef(first);
    expect((await store.listRefs('refs/mlgate/outcomes/aa/')).map(({ ref }) => ref)).toEqual([
      'refs/mlgate/outcomes/aa/2',
    ]);
  });

  it('makes tags once and reads them', async () => {
    const { store, workspace } = await open();
    const target = await workspace.revision();
    const tag = { name: 'churn#prod#1', target, message: 'sequence: 1\nhead: abc' };
    expect(await store.createTag(tag)).toBe('created');
    expect(await store.createTag({ ...tag, message: 'other' })).toBe('exists');
    const [listed, ...others] = await store.listTags('churn#');
    expect(others).toEqual([]);
    if (listed === undefined) throw new Error('The tag is not listed.');
    expect(listed.name).toBe('churn#prod#1');
    expect(await store.readTag(listed)).toEqual({ target, message: 'sequence: 1\nhead: abc' });
  });

  it('writes a commit and its tags together, or nothing', async () => {
    const { store } = await open();
    const change = { ref: REF, expected: undefined, files: files({ 'ledger/1.json': '{}' }), message: 'x' };
    const tags = [{ name: 'churn@v1.0.0', target: undefined, message: 'one' }];
    const done = await store.writeAtomically(change, tags);
    if (done.kind !== 'written') throw new Error(`It was ${done.kind}.`);
    const [tag] = await store.listTags('churn@');
    expect(tag === undefined ? undefined : await store.readTag(tag)).toEqual({
      target: done.commit,
      message: 'one',
    });

    const next = { ...change, expected: done.commit, files: files({ 'ledger/2.json': '{}' }) };
    expect(await store.writeAtomically(next, tags)).toEqual({ kind: 'tag-exists', name: 'churn@v1.0.0' });
    expect(await store.resolve(REF)).toBe(done.commit);
    const late = [{ name: 'churn@v1.0.1', target: undefined, message: 'two' }];
    expect(await store.writeAtomically(change, late)).toEqual({ kind: 'moved' });
    expect(await store.listTags('churn@v1.0.1')).toEqual([]);
  });

  it('refuses names that would reach elsewhere', async () => {
    const { store } = await open();
    const at = (ref: string, path: string) =>
      store.write({ ref, expected: undefined, files: files({ [path]: 'x' }), message: 'x' });
    for (const path of [
      '../x',
      'a/../b',
      '/etc/passwd',
      '.git/config',
      'a/.GIT/hooks',
      'a\\b',
      'a\u0000b',
      '',
    ]) {
      await expect(at(REF, path)).rejects.toThrow(UserError);
    }
    for (const ref of [
      'main',
      'refs/heads',
      '--force',
      'refs/heads/a b',
      'refs/heads/a..b',
      'refs/heads/a.lock',
    ]) {
      await expect(at(ref, 'a')).rejects.toThrow(UserError);
      await expect(store.resolve(ref)).rejects.toThrow(UserError);
    }
    await expect(store.readFile('HEAD', 'a', 1)).rejects.toThrow(/`HEAD` is not a commit/u);
  });
});

describe('a remote', () => {
  it('gets commits under the name that was given', async () => {
    const { bare, clone } = await startRemote();
    const store = storeOf(await clone(), 'origin');
    await store.write({ ref: REF, expected: undefined, files: files({ a: '1' }), message: 'x' });
    expect(await runGit(bare, ['log', '--format=%an|%ce', REF])).toBe(
      'mlgate|mlgate@users.noreply.github.com',
    );
  });

  it('changes no branch, no tag, no file and no index of the clone', async () => {
    const { clone } = await startRemote();
    const workspace = await clone();
    const before = await workspace.git('for-each-ref', 'refs/heads', 'refs/tags', 'refs/mlgate');
    const store = storeOf(workspace, 'origin');
    await store.write({ ref: REF, expected: undefined, files: files({ a: '1' }), message: 'x' });
    expect(await workspace.git('for-each-ref', 'refs/heads', 'refs/tags', 'refs/mlgate')).toBe(before);
    expect(await workspace.git('status', '--porcelain')).toBe('');
  });

  it('is read by a clone that has nothing of the ref', async () => {
    const { clone } = await startRemote();
    const writer = storeOf(await clone(), 'origin');
    const reader = storeOf(await clone(), 'origin');
    const commit = await commitOf(
      writer.write({ ref: REF, expected: undefined, files: files({ 'runs/a.json': 'yes' }), message: 'x' }),
    );
    expect(await reader.resolve(REF)).toBe(commit);
    expect(await readText(reader, commit, 'runs/a.json')).toBe('yes');
  });

  it('that declines is a message with the cure, not a race', async () => {
    const { bare, clone } = await startRemote();
    const workspace = await clone();
    const { chmod, writeFile } = await import('node:fs/promises');
    await writeFile(`${bare}/hooks/pre-receive`, '#!/bin/sh\necho no >&2\nexit 1\n');
    await chmod(`${bare}/hooks/pre-receive`, 0o755);
    const write = storeOf(workspace, 'origin').write({
      ref: REF,
      expected: undefined,
      files: files({ a: '1' }),
      message: 'x',
    });
    const error: unknown = await write.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(WorldError);
    expect(error).toMatchObject({ message: expect.stringContaining('does not let mlgate write') });
    expect(error).toMatchObject({ help: expect.stringContaining('branch protection') });
  });

  it('that does not exist is a message', async () => {
    const workspace = keep(await createGitWorkspace({ origin: '/nowhere/at-all' }));
    await expect(storeOf(workspace, 'origin').resolve(REF)).rejects.toThrow(WorldError);
    expect(() => storeOf(workspace, '--upload-pack=touch')).toThrow(UserError);
  });

  it('takes 8 writers at once and loses nothing', async () => {
    const { bare, clone } = await startRemote();
    const clones = await Promise.all([clone(), clone(), clone(), clone()]);
    const writers = Array.from({ length: 8 }, async (_, index) => {
      const store = storeOf(clones[index % clones.length]!, 'origin');
      const plan = async () => ({
        kind: 'write' as const,
        files: files({ [`runs/${index}.json`]: String(index) }),
        message: `Writer ${index}`,
        value: index,
      });
      return writeWithRetry(store, REF, plan, {
        random: Math.random,
        sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
      });
    });
    const written = await Promise.all(writers);
    expect(written.map(({ value }) => value)).toEqual([...Array(8).keys()]);
    const names = await runGit(bare, ['ls-tree', '--name-only', REF, 'runs/']);
    expect(names.split('\n')).toHaveLength(8);
    expect(await runGit(bare, ['rev-list', '--count', REF])).toBe('8');
  }, 120_000);
});

async function startShallow() {
  const { bare, clone } = await startRemote();
  const writer = await clone();
  const old = await writer.revision();
  await writer.commit({ 'b.txt': 'b' });
  await writer.push();
  const shallow = keep(await createGitWorkspace({ origin: `file://${bare}` }));
  await shallow.git('fetch', '--quiet', '--depth', '1', 'origin', 'main');
  return { old, shallow, bare };
}

describe('a tag from a shallow clone', () => {
  it('fetches the commit that it names', async () => {
    const { old, shallow, bare } = await startShallow();
    const store = storeOf(shallow, 'origin');
    expect(await store.createTag({ name: 'churn@v1.0.0', target: old, message: 'x' })).toBe('created');
    expect(await runGit(bare, ['rev-parse', 'churn@v1.0.0^{commit}'])).toBe(old);
  });

  it('says that the commit is not there where it cannot be had', async () => {
    const { old, shallow } = await startShallow();
    const tag = { name: 'churn@v1.0.0', target: old, message: 'x' };
    await expect(storeOf(shallow, undefined).createTag(tag)).rejects.toThrow(/this clone does not have it/u);
    const unknown = { ...tag, target: 'f'.repeat(40) };
    await expect(storeOf(shallow, 'origin').createTag(unknown)).rejects.toThrow(WorldError);
  });
});

async function planToWrite() {
  return { kind: 'write' as const, files: files({ a: '1' }), message: 'x', value: 1 };
}

describe('writeWithRetry', () => {
  it('waits longer after each lost race, at random, and gives up with a cure', async () => {
    const pauses: number[] = [];
    const losing = {
      resolve: async () => undefined,
      write: async () => ({ kind: 'moved' as const }),
    };
    const writing = writeWithRetry(losing, REF, planToWrite, {
      random: () => 0.5,
      sleep: async (milliseconds) => {
        pauses.push(milliseconds);
      },
    });
    await expect(writing).rejects.toMatchObject({
      name: 'WorldError',
      message: expect.stringContaining('20 times in a row'),
      help: expect.stringContaining('concurrency'),
    });
    expect(pauses.slice(0, 4)).toEqual([100, 200, 400, 800]);
    expect(Math.max(...pauses)).toBe(5000);
  });

  it('asks again what to write, and stops where nothing is left to do', async () => {
    const tips = ['1'.repeat(40), '2'.repeat(40)];
    const seen: (string | undefined)[] = [];
    const racing = {
      resolve: async () => tips[seen.length],
      write: async () => ({ kind: 'moved' as const }),
    };
    const plan = async (tip: string | undefined) => {
      seen.push(tip);
      return seen.length === 1
        ? { kind: 'write' as const, files: files({ a: '1' }), message: 'x', value: 'mine' }
        : { kind: 'done' as const, value: 'theirs' };
    };
    const written = await writeWithRetry(racing, REF, plan, {
      random: () => 0,
      sleep: async () => undefined,
    });
    expect(written).toEqual({ value: 'theirs', commit: tips[1], tries: 2 });
    expect(seen).toEqual(tips);
  });
});

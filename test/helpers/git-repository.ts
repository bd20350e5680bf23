/**
 * Real git repositories in temporary folders. Identities and dates are fixed, and no configuration of the
 * machine is read, so that the same steps give the same commit ids everywhere.
 */
import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** The moment of the first commit; each later commit of a repository is a minute later. */
const FIRST_COMMIT_SECONDS = Date.parse('2026-11-01T12:00:00Z') / 1000;
const SECONDS_BETWEEN_COMMITS = 60;

const IDENTITY = {
  GIT_AUTHOR_NAME: 'Ada Example',
  GIT_AUTHOR_EMAIL: 'ada@example.com',
  GIT_COMMITTER_NAME: 'Ada Example',
  GIT_COMMITTER_EMAIL: 'ada@example.com',
};

/** The environment in which git sees nothing of this machine. */
function isolatedEnvironment(): Record<string, string> {
  return {
    PATH: process.env['PATH'] ?? '/usr/bin:/bin',
    HOME: tmpdir(),
    LC_ALL: 'C',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_TERMINAL_PROMPT: '0',
    ...IDENTITY,
  };
}

export interface GitResult {
  readonly code: number;
  readonly stdout: Buffer;
  readonly stderr: string;
}

export interface GitOptions {
  readonly input?: string | Uint8Array;
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs git and gives back whatever happened; never throws for an exit code. */
export function tryGit(
  directory: string,
  args: readonly string[],
  options: GitOptions = {},
): Promise<GitResult> {
  return new Promise((resolve, reject) => {
    const child = spawn('git', args, {
      cwd: directory,
      env: { ...isolatedEnvironment(), ...options.env },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
    child.once('error', reject);
    // git may end before it has read its input; the exit code says what went wrong.
    child.stdin.on('error', () => undefined);
    child.once('close', (code) => {
      resolve({
        code: code ?? -1,
        stdout: Buffer.concat(stdout),
        stderr: Buffer.concat(stderr).toString('utf8'),
      });
    });
    child.stdin.end(options.input ?? '');
  });
}

/** Runs git, throws if it fails, and gives back its output without the last line break. */
export async function runGit(
  directory: string,
  args: readonly string[],
  options: GitOptions = {},
): Promise<string> {
  const { code, stdout, stderr } = await tryGit(directory, args, options);
  if (code !== 0) throw new Error(`git ${args.join(' ')} ended with ${code}: ${stderr}`);
  return stdout.toString('utf8').replace(/\n$/u, '');
}

/** Files of a commit: path to content; null deletes the file. */
export type CommitFiles = Readonly<Record<string, string | Uint8Array | null>>;

/** A working tree with its repository. */
export interface GitWorkspace {
  readonly directory: string;
  git(...args: readonly string[]): Promise<string>;
  /** Writes the files, commits everything that changed (or nothing), and returns the commit's id. */
  commit(files: CommitFiles, message?: string): Promise<string>;
  /** Makes a branch at HEAD (or at `start`) and switches to it. */
  branch(name: string, start?: string): Promise<void>;
  checkout(ref: string): Promise<void>;
  /** Merges with a merge commit, whether or not a fast-forward is possible, and returns its id. */
  merge(ref: string): Promise<string>;
  /** The id of a revision, HEAD by default. */
  revision(ref?: string): Promise<string>;
  /** Pushes to origin; every branch and tag unless refspecs are given. */
  push(...refspecs: readonly string[]): Promise<void>;
  remove(): Promise<void>;
}

async function writeFiles(directory: string, files: CommitFiles): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    const target = join(directory, path);
    if (content === null) {
      await rm(target);
    } else {
      await mkdir(dirname(target), { recursive: true });
      await writeFile(target, content);
    }
  }
}

function openWorkspace(directory: string): GitWorkspace {
  let commits = 0;
  const git = (...args: readonly string[]) => runGit(directory, args);
  const makeCommit = async (args: readonly string[]) => {
    const date = `${FIRST_COMMIT_SECONDS + commits * SECONDS_BETWEEN_COMMITS} +0000`;
    commits += 1;
    await runGit(directory, args, { env: { GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date } });
    return git('rev-parse', 'HEAD');
  };
  return {
    directory,
    git,
    commit: async (files, message = 'A change') => {
      await writeFiles(directory, files);
      await git('add', '--all');
      return makeCommit(['commit', '--quiet', '--allow-empty', '-m', message]);
    },
    branch: async (name, start = 'HEAD') => {
      await git('checkout', '--quiet', '-b', name, start);
    },
    checkout: async (ref) => {
      await git('checkout', '--quiet', ref);
    },
    merge: (ref) => makeCommit(['merge', '--quiet', '--no-ff', '-m', `Merge ${ref}`, ref]),
    revision: (ref = 'HEAD') => git('rev-parse', '--verify', `${ref}^{commit}`),
    push: async (...refspecs) => {
      const what =
        refspecs.length === 0 ? ['refs/heads/*:refs/heads/*', 'refs/tags/*:refs/tags/*'] : refspecs;
      await git('push', '--quiet', 'origin', ...what);
    },
    remove: () => rm(directory, { recursive: true, force: true }),
  };
}

/** An empty bare repository whose HEAD is `main`. Remove the folder in the test. */
export async function createBareRepository(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'mlgate-bare-'));
  await runGit(directory, ['init', '--quiet', '--bare', '--initial-branch', 'main']);
  return directory;
}

/** An empty repository on branch `main`, with `origin` if the path of one is given. */
export async function createGitWorkspace(options: { readonly origin?: string } = {}): Promise<GitWorkspace> {
  const directory = await mkdtemp(join(tmpdir(), 'mlgate-work-'));
  await runGit(directory, ['init', '--quiet', '--initial-branch', 'main']);
  if (options.origin !== undefined) await runGit(directory, ['remote', 'add', 'origin', options.origin]);
  return openWorkspace(directory);
}

/** A clone of a bare repository, as a developer or a runner has one. */
export async function cloneRepository(origin: string): Promise<GitWorkspace> {
  const directory = await mkdtemp(join(tmpdir(), 'mlgate-clone-'));
  await runGit(directory, ['clone', '--quiet', origin, '.']);
  return openWorkspace(directory);
}

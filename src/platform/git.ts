import { UserError, WorldError } from '../evidence/errors.ts';
import { runCommand, type CommandResult } from './run-command.ts';

/** git in one folder. */
export interface Git {
  readonly directory: string;
  /** Runs git and returns whatever happened; see `runCommand`. */
  readonly run: (args: readonly string[], options?: GitOptions) => Promise<CommandResult>;
}

export interface GitOptions {
  readonly input?: string | Uint8Array;
  /** Added to git's environment: an index of its own, an identity. */
  readonly env?: Readonly<Record<string, string>>;
  /** Where the output goes instead of into the result. */
  readonly outputFile?: string;
  /** Largest output in bytes; see MAX_OUTPUT_BYTES. */
  readonly maxOutputBytes?: number;
}

/** Largest output of git that is read by default, in bytes. */
const MAX_OUTPUT_BYTES = 100_000_000;

/** Longest that one call of git may take, in milliseconds: a fetch over a slow line. */
const TIMEOUT_MS = 300_000;

/**
 * Variables of git that stay: how to reach and trust a remote, and where configuration is. All others are dropped:
 * inside a hook, or under a wrapper, GIT_DIR, GIT_INDEX_FILE and their like point at another repository.
 */
const KEPT_VARIABLES =
  /^GIT_(ASKPASS|SSH|SSH_COMMAND|SSH_VARIANT|CONFIG_(GLOBAL|SYSTEM|NOSYSTEM|COUNT|KEY_\d+|VALUE_\d+)|SSL_\w+|PROXY_\w+|HTTP_\w+)$/u;

/** Set for every call: nothing is asked on a terminal, messages are in English, and history is not rewritten by replace refs. */
const FIXED_VARIABLES = {
  GIT_TERMINAL_PROMPT: '0',
  GIT_OPTIONAL_LOCKS: '0',
  GIT_NO_REPLACE_OBJECTS: '1',
  LC_ALL: 'C',
};

/** Settings that keep a repository's own configuration from running programs or starting work in the background. */
const FIXED_SETTINGS = [
  'core.hooksPath=/dev/null',
  'core.fsmonitor=false',
  'gc.auto=0',
  'maintenance.auto=false',
];

/** git in a folder. `environment` is the process's own; see KEPT_VARIABLES for what git gets of it. */
export function openGit(directory: string, environment: Readonly<Record<string, string | undefined>>): Git {
  const env = cleanEnvironment(environment);
  const settings = FIXED_SETTINGS.flatMap((setting) => ['-c', setting]);
  return {
    directory,
    run: (args, options = {}) =>
      runCommand('git', [...settings, ...args], {
        directory,
        env: { ...env, ...options.env },
        maxOutputBytes: options.maxOutputBytes ?? MAX_OUTPUT_BYTES,
        timeoutMs: TIMEOUT_MS,
        installHelp: 'Install git 2.30 or newer and make sure that it is on the PATH.',
        ...(options.input === undefined ? {} : { input: options.input }),
        ...(options.outputFile === undefined ? {} : { outputFile: options.outputFile }),
      }),
  };
}

function cleanEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
): Record<string, string | undefined> {
  const kept = Object.entries(environment).filter(
    ([name]) => !name.toUpperCase().startsWith('GIT_') || KEPT_VARIABLES.test(name),
  );
  return { ...Object.fromEntries(kept), ...FIXED_VARIABLES };
}

/** Runs git and returns its output as text without the last line break. Throws a WorldError if it fails. */
export async function readGit(git: Git, args: readonly string[], options?: GitOptions): Promise<string> {
  const result = await git.run(args, options);
  if (result.code !== 0) throw explainGitFailure(git, args, result);
  return toText(result);
}

function toText(result: CommandResult): string {
  return result.stdout.toString('utf8').replace(/\n$/u, '');
}

/** What went wrong, with git's own words and, where the cause is known, the cure. */
export function explainGitFailure(git: Git, args: readonly string[], result: CommandResult): Error {
  const said = result.stderr.trim().split('\n').slice(-3).join(' ').slice(0, 500);
  if (/not a git repository/u.test(result.stderr)) {
    return new UserError(`${git.directory} is not in a git repository.`, {
      help: 'Run mlgate inside a clone, or make one with `git init`.',
    });
  }
  if (/dubious ownership/u.test(result.stderr)) {
    return new WorldError(`git refuses ${git.directory}: the folder belongs to another user.`, {
      help: `Run: git config --global --add safe.directory ${git.directory}`,
    });
  }
  const command = args.find((arg) => !arg.startsWith('-')) ?? '';
  return new WorldError(`\`git ${command}\` failed with exit code ${result.code}: ${said}`);
}

/** The commit that a revision names; undefined if there is none. */
export async function resolveCommit(git: Git, revision: string): Promise<string | undefined> {
  const args = ['rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`];
  const result = await git.run(args);
  if (result.code === 0) return toText(result);
  if (result.stderr.trim() === '' || /unknown revision|Needed a single revision/u.test(result.stderr)) {
    return undefined;
  }
  throw explainGitFailure(git, args, result);
}

/**
 * The parents of a commit as the commit itself names them, also where a shallow clone ends; undefined if the
 * repository does not have the commit.
 */
export async function readParents(git: Git, commit: string): Promise<readonly string[] | undefined> {
  assertCommitId(commit);
  const result = await git.run(['cat-file', 'commit', commit]);
  if (result.code !== 0) {
    if (/not a git repository|dubious ownership/u.test(result.stderr)) {
      throw explainGitFailure(git, ['cat-file'], result);
    }
    return undefined;
  }
  const header = toText(result).split('\n\n', 1)[0] ?? '';
  return header.split('\n').flatMap((line) => (line.startsWith('parent ') ? [line.slice(7)] : []));
}

/** A commit and its first parents, newest first, at most `limit`; in a shallow clone as far as it reaches. */
export async function listFirstParents(git: Git, commit: string, limit: number): Promise<readonly string[]> {
  assertCommitId(commit);
  if ((await readParents(git, commit)) === undefined) return [];
  const args = ['rev-list', '--first-parent', `--max-count=${limit}`, '--end-of-options', commit, '--'];
  const listed = (await readGit(git, args)).split('\n');
  const last = listed.at(-1);
  if (last === undefined || listed.length >= limit) return listed;
  // A shallow clone ends with a commit whose parent it can still name.
  const [parent] = (await readParents(git, last)) ?? [];
  return parent === undefined ? listed : [...listed, parent];
}

/** The root of the working tree. */
export async function findRoot(git: Git): Promise<string> {
  return await readGit(git, ['rev-parse', '--show-toplevel']);
}

/** The folder that git was opened in, from the root of the working tree: `gates/`; empty for the root itself. */
export async function readPrefix(git: Git): Promise<string> {
  return await readGit(git, ['rev-parse', '--show-prefix']);
}

/** When a commit was made, by the clock of whoever committed it. */
export async function readCommitTime(git: Git, commit: string): Promise<Date> {
  assertCommitId(commit);
  const seconds = await readGit(git, ['show', '--no-patch', '--format=%ct', '--end-of-options', commit]);
  return new Date(Number(seconds) * 1000);
}

/** Whether the clone was made without the whole history. */
export async function isShallow(git: Git): Promise<boolean> {
  return (await readGit(git, ['rev-parse', '--is-shallow-repository'])) === 'true';
}

/** The best common ancestor of two commits; undefined if they have none (or a shallow clone does not show it). */
export async function findMergeBase(git: Git, one: string, other: string): Promise<string | undefined> {
  assertCommitId(one);
  assertCommitId(other);
  const args = ['merge-base', '--end-of-options', one, other];
  const result = await git.run(args);
  if (result.code === 0) return toText(result).split('\n')[0];
  if (result.code === 1 || /Not a valid commit name|bad object/u.test(result.stderr)) return undefined;
  throw explainGitFailure(git, args, result);
}

/** The short name of the branch that is checked out; undefined if HEAD is detached. */
export async function findCurrentBranch(git: Git): Promise<string | undefined> {
  const result = await git.run(['symbolic-ref', '--quiet', '--short', 'HEAD']);
  if (result.code === 0) return toText(result);
  if (result.code === 1) return undefined;
  throw explainGitFailure(git, ['symbolic-ref'], result);
}

/** Names of the remotes, in git's order. */
export async function listRemotes(git: Git): Promise<readonly string[]> {
  return (await readGit(git, ['remote'])).split('\n').filter((name) => name !== '');
}

/** Whether tracked files differ from HEAD, in the index or in the working tree. */
export async function hasChanges(git: Git): Promise<boolean> {
  return (await readGit(git, ['status', '--porcelain', '--untracked-files=no'])) !== '';
}

/**
 * The ref that holds main in a clone: `refs/remotes/<remote>/<main>` if it exists, or else `refs/heads/<main>`.
 * Without a name, the remote's default branch, then `main`, then `master`. Undefined if none of them exists.
 */
export async function findMainRef(
  git: Git,
  wanted: { readonly main?: string; readonly remote?: string },
): Promise<string | undefined> {
  const remote = wanted.remote === undefined ? [] : [`refs/remotes/${wanted.remote}/`];
  const names = wanted.main === undefined ? ['HEAD', 'main', 'master'] : [wanted.main];
  for (const name of names) {
    const prefixes = name === 'HEAD' ? remote : [...remote, 'refs/heads/'];
    for (const prefix of prefixes) {
      if ((await resolveCommit(git, `${prefix}${name}`)) !== undefined) return `${prefix}${name}`;
    }
  }
  return undefined;
}

const COMMIT_ID = /^([0-9a-f]{40}|[0-9a-f]{64})$/u;

/** Whether a text is a full commit hash. */
export function isCommitId(text: string): boolean {
  return COMMIT_ID.test(text);
}

/** Throws a UserError unless the text is a full commit hash. */
export function assertCommitId(text: string): void {
  if (isCommitId(text)) return;
  throw new UserError(`\`${text.slice(0, 100)}\` is not a commit.`, {
    help: 'Give the full hash of 40 hexadecimal digits, as `git rev-parse HEAD` prints it.',
  });
}

/** Repositories as users have them, for command lines: a bare origin, a workspace on main, clones. Removed after each test. */
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect } from 'vitest';
import type { CliContext } from '../../src/cli/context.ts';
import type { Check, Evidence } from '../../src/schemas/evidence.generated.ts';
import {
  cloneRepository,
  createBareRepository,
  createGitWorkspace,
  runGit,
  type CommitFiles,
  type GitWorkspace,
} from '../helpers/git-repository.ts';
import { mlgate, mlgateJson } from './harness.ts';

export interface Origin {
  /** Path of the bare repository. */
  readonly origin: string;
  /** Whose main is pushed. */
  readonly work: GitWorkspace;
}

interface Repositories {
  /** A main with one commit, pushed. */
  readonly create: (files: CommitFiles) => Promise<Origin>;
  readonly clone: (origin: string) => Promise<GitWorkspace>;
  /** A clone as `actions/checkout` makes it: one commit deep, of one branch. Its path. */
  readonly cloneShallow: (origin: string, branch: string) => Promise<string>;
}

/** Repositories for the tests of one file. */
export function useRepositories(): Repositories {
  const folders: string[] = [];
  afterEach(async () => {
    for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
  });
  const keep = <T extends GitWorkspace>(work: T): T => {
    folders.push(work.directory);
    return work;
  };
  return {
    create: async (files) => {
      const origin = await createBareRepository();
      folders.push(origin);
      const work = keep(await createGitWorkspace({ origin }));
      await work.commit(files);
      await work.push();
      return { origin, work };
    },
    clone: async (origin) => keep(await cloneRepository(origin)),
    cloneShallow: async (origin, branch) => {
      const folder = await realpath(await mkdtemp(join(tmpdir(), 'mlgate-shallow-')));
      folders.push(folder);
      await runGit(folder, ['clone', '--quiet', '--depth=1', `--branch=${branch}`, `file://${origin}`, '.']);
      return folder;
    },
  };
}

/** Runs the gate on main and records what it found, whatever the verdict. Gives back the commit. */
export async function recordMain(
  work: GitWorkspace,
  overrides: Partial<CliContext> = {},
  config = 'mlgate.yml',
): Promise<string> {
  expect((await mlgate(work.directory, ['run', '-c', config], overrides)).exitCode).toBeLessThan(2);
  const recorded = await mlgate(work.directory, ['baseline', 'record', '-c', config], overrides);
  expect(recorded).toMatchObject({ exitCode: 0, err: '' });
  return await work.revision();
}

interface Gated {
  readonly exitCode: number;
  readonly evidence: Evidence;
  /** The check of an id; fails the test if there is none. */
  readonly check: (id: string) => Check;
}

/** Runs the gate in a folder, which must leave evidence. */
export async function gate(folder: string, config = 'mlgate.yml'): Promise<Gated> {
  const { exitCode, document } = await mlgateJson(folder, ['run', '-c', config]);
  const evidence = document as Evidence;
  return {
    exitCode,
    evidence,
    check: (id) => {
      const found = evidence.body.checks.find((check) => check.id === id);
      if (found !== undefined) return found;
      const ids = evidence.body.checks.map((check) => check.id).join(', ');
      throw new Error(`There is no check ${id}, only ${ids}.`);
    },
  };
}

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { UserError } from '../evidence/errors.ts';
import { findRoot, isShallow, openGit, resolveCommit } from '../platform/git.ts';
import { openFileAt } from '../platform/open-revision.ts';
import type { ChainEffects } from './chain.ts';
import type { Workspace } from './connect.ts';

type OpenCommitted = NonNullable<ChainEffects['openCommitted']>;

/** Files as commits have them, for one piece of work: the copies are removed after it. */
export async function withCommittedFiles<T>(
  { configPath }: Workspace,
  environment: Readonly<Record<string, string | undefined>>,
  work: (openCommitted: OpenCommitted) => Promise<T>,
): Promise<T> {
  const git = openGit(dirname(configPath), environment);
  const made: string[] = [];
  const openCommitted: OpenCommitted = async (commit, path) => {
    if ((await resolveCommit(git, commit)) === undefined) throw await explainUnknownCommit(git, commit);
    const folder = await mkdtemp(join(environment['RUNNER_TEMP'] ?? tmpdir(), 'mlgate-committed-'));
    made.push(folder);
    const name = relative(await findRoot(git), join(dirname(configPath), path)).replaceAll('\\', '/');
    const found = await openFileAt(git, commit, name, folder);
    if (found !== undefined) return found.path;
    throw new UserError(`${commit.slice(0, 7)} has no ${path}, neither in git nor by DVC.`);
  };
  try {
    return await work(openCommitted);
  } finally {
    for (const folder of made) await rm(folder, { recursive: true, force: true });
  }
}

async function explainUnknownCommit(git: ReturnType<typeof openGit>, commit: string): Promise<UserError> {
  const shallow = await isShallow(git);
  return new UserError(`This clone does not have the commit ${commit.slice(0, 7)}.`, {
    help: shallow
      ? 'Check out with `fetch-depth: 0`, or fetch that commit before this step.'
      : 'Fetch it: `git fetch --all`.',
  });
}

/** A checkout as actions/checkout leaves it in a job: one commit deep, at the event's ref, with `origin`. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { WorkflowEvent } from './fake-github/events.ts';
import type { RepositoryState } from './fake-github/state.ts';
import { runGit } from './git-repository.ts';

export interface Checkout {
  readonly directory: string;
  remove(): Promise<void>;
}

function localName(ref: string): string {
  if (ref.startsWith('refs/heads/')) return ref.replace('refs/heads/', 'refs/remotes/origin/');
  return ref.replace(/^refs\/pull\//u, 'refs/remotes/pull/');
}

/**
 * Checks out what an event stands for: a branch for a push, a detached test merge for a pull request.
 * `depth` 0 fetches the whole history of that ref; the default is 1, as the action's is.
 */
export async function checkOut(
  repository: RepositoryState,
  event: WorkflowEvent,
  options: { readonly depth?: number } = {},
): Promise<Checkout> {
  const directory = await mkdtemp(join(tmpdir(), 'mlgate-checkout-'));
  const depth = options.depth ?? 1;
  const remote = localName(event.ref);
  await runGit(directory, ['init', '--quiet', '--initial-branch', 'unused']);
  // By URL: with a plain path git ignores the depth.
  await runGit(directory, ['remote', 'add', 'origin', pathToFileURL(repository.gitDirectory).href]);
  const shallow = depth === 0 ? [] : [`--depth=${depth}`];
  await runGit(directory, ['fetch', '--quiet', '--no-tags', ...shallow, 'origin', `+${event.ref}:${remote}`]);
  const branch = /^refs\/heads\/(.+)$/u.exec(event.ref)?.[1];
  const how = branch === undefined ? ['--detach', remote] : ['-B', branch, remote];
  await runGit(directory, ['checkout', '--quiet', '--force', ...how]);
  return { directory, remove: () => rm(directory, { recursive: true, force: true }) };
}

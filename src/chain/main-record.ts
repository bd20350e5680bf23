import { readMetricHistory } from '../baseline/metric-history.ts';
import { readTestSetUses } from '../baseline/test-set-uses.ts';
import type { ParsedConfig } from '../config/parse-config.ts';
import { findCurrentBranch, findMainRef, hasChanges, type Git } from '../platform/git.ts';
import { openGitHistory, type History } from '../platform/history.ts';
import type { RefStore } from '../platform/ref-store.ts';
import { openClone } from './local-baseline.ts';
import type { MainRecord } from './watch-main.ts';

/** Main's record on the baseline's branch of a store. `isMain`: what is tested is main itself. */
export function openMainRecord(
  { config }: ParsedConfig,
  store: Pick<RefStore, 'resolve' | 'readFile' | 'listFiles'>,
  history: Pick<History, 'walk'>,
  isMain: boolean,
): MainRecord {
  const { branch } = config.baseline;
  return {
    isMain,
    readHistory: async (from) =>
      await readMetricHistory(store, { branch, history, from, window: config.trend.window }),
    readUses: async (testSet) => await readTestSetUses(store, branch, testSet),
  };
}

/** The record as a clone knows it; undefined outside one. */
export async function openLocalRecord(
  parsed: ParsedConfig,
  folder: string,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<MainRecord | undefined> {
  const clone = await openClone(folder, environment);
  if (clone === undefined) return undefined;
  const { git, store, remote } = clone;
  const { main } = parsed.config.baseline;
  const ref = await findMainRef(git, {
    ...(main === undefined ? {} : { main }),
    ...(remote === undefined ? {} : { remote }),
  });
  const branch = await findCurrentBranch(git);
  const names = [`refs/heads/${branch ?? ''}`, `refs/remotes/${remote ?? ''}/${branch ?? ''}`];
  const isMain = ref !== undefined && names.includes(await followHead(git, ref)) && !(await hasChanges(git));
  return openMainRecord(parsed, store, openGitHistory(git), isMain);
}

/** The branch that a remote's HEAD stands for; any other ref is itself. */
async function followHead(git: Git, ref: string): Promise<string> {
  const result = await git.run(['symbolic-ref', '--quiet', ref]);
  return result.code === 0 ? result.stdout.toString('utf8').trim() : ref;
}

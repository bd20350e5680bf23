import { dirname } from 'node:path';
import { listRecordedEntries, type RecordedEntry } from '../baseline/baseline-log.ts';
import { readConfig, type Workspace } from '../chain/connect.ts';
import { requireClone, type Clone } from '../chain/local-baseline.ts';
import type { ParsedConfig } from '../config/parse-config.ts';
import { UserError } from '../evidence/errors.ts';
import { findMainRef, resolveCommit } from '../platform/git.ts';
import { openGitHistory } from '../platform/history.ts';
import type { CommandArguments, OptionDefinition } from './command.ts';
import type { CliContext } from './context.ts';
import { openCliWorkspace } from './session.ts';

export interface BaselineSession {
  readonly workspace: Workspace;
  readonly parsed: ParsedConfig;
  readonly clone: Clone;
}

/** The config of a command line and the clone that it is in. Throws a UserError where there is none. */
export async function openBaselineSession(
  arguments_: CommandArguments,
  context: CliContext,
): Promise<BaselineSession> {
  const workspace = openCliWorkspace(arguments_, context);
  const parsed = await readConfig(workspace);
  const clone = await requireClone(dirname(workspace.configPath), context.environment);
  return { workspace, parsed, clone };
}

/** Tip of main as the clone knows it; where it knows no main, the commit that is checked out. */
export async function findMainTip({
  parsed,
  clone,
}: Pick<BaselineSession, 'parsed' | 'clone'>): Promise<string> {
  const { main } = parsed.config.baseline;
  const { git, remote, head } = clone;
  const wanted = { ...(main === undefined ? {} : { main }), ...(remote === undefined ? {} : { remote }) };
  const ref = await findMainRef(git, wanted);
  return (ref === undefined ? undefined : await resolveCommit(git, ref)) ?? head;
}

/** Records of main on the baseline branch, newest first. */
export async function listEntries(
  { parsed, clone }: BaselineSession,
  limit: number,
): Promise<readonly RecordedEntry[]> {
  const { branch, main } = parsed.config.baseline;
  return await listRecordedEntries(clone.store, {
    branch,
    history: openGitHistory(clone.git),
    mainTip: await findMainTip({ parsed, clone }),
    expected: main === undefined ? {} : { main },
    limit,
  });
}

/** `--last`: how many records are looked at. */
export const LAST_OPTION: OptionDefinition = {
  type: 'string',
  placeholder: 'COUNT',
  description: 'How many records are looked at, newest first.',
};

/** The value of `--last`. Throws a UserError for what is no count. */
export function parseLast(arguments_: CommandArguments, usual: number): number {
  const text = arguments_.text('last') ?? String(usual);
  if (/^[1-9]\d{0,6}$/u.test(text)) return Number(text);
  throw new UserError(`--last is \`${text}\`, which is no count.`, {
    help: 'Give a whole number of at least 1.',
  });
}

import { dirname } from 'node:path';
import { readConfig, type Workspace } from '../chain/connect.ts';
import { requireClone, type Clone } from '../chain/local-baseline.ts';
import type { ParsedConfig } from '../config/parse-config.ts';
import type { CommandArguments } from './command.ts';
import type { CliContext } from './context.ts';
import { openCliWorkspace } from './session.ts';

interface BaselineSession {
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

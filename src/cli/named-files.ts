/** Commands that name files on the command line and need no config: the config that such a command line stands for. */
import { join, resolve } from 'node:path';
import type { Stage } from '../chain/stages.ts';
import { connectNamedFiles, openWorkspace, parseWholeConfig } from '../chain/connect.ts';
import type { ParsedConfig } from '../config/parse-config.ts';
import { UserError } from '../evidence/errors.ts';
import type { CommandArguments } from './command.ts';
import type { CliContext } from './context.ts';
import { runStages } from './run-stages.ts';
import { DEFAULT_ENGINE, withCliEngine } from './session.ts';

/** What a key of the config is called on the command line: `--score`. Undefined for one that no option sets. */
type NameOption = (key: string) => string | undefined;

interface NamedFilesRequest {
  /** The config, as an object that JSON can say. Paths in it are those that `nameFiles` gave. */
  readonly config: object;
  readonly files: NamedFiles;
  readonly nameOption: NameOption;
  readonly stages: readonly Stage[];
}

/** Paths as the user wrote them, by the names that stand for them in the config. */
export type NamedFiles = ReadonlyMap<string, string>;

/**
 * Names that a config may hold, for files that may lie anywhere: the last part of each path, with its role before it
 * where two are alike.
 * @returns name by role, and the path by name
 */
export function nameFiles<Role extends string>(
  paths: Readonly<Record<Role, string>>,
): { readonly names: Readonly<Record<Role, string>>; readonly files: NamedFiles } {
  const entries = (Object.entries(paths) as [Role, string][]).map(
    ([role, path]) => [role, path, cleanName(path)] as const,
  );
  const isAlone = (name: string) => entries.filter((entry) => entry[2] === name).length === 1;
  const named = entries.map(
    ([role, path, name]) => [role, path, name !== '' && isAlone(name) ? name : `${role}/${name}`] as const,
  );
  return {
    names: Object.fromEntries(named.map(([role, , name]) => [role, name])) as Record<Role, string>,
    files: new Map(named.map(([, path, name]) => [name, path])),
  };
}

function cleanName(path: string): string {
  const last = path.split(/[/\\]/).at(-1) ?? '';
  return last.replaceAll(/[^A-Za-z0-9._-]/g, '_').replace(/^\.+$/, '');
}

/** Runs stages on files that somebody names, who may read whatever the operating system lets them. */
export async function runNamedFiles(
  request: NamedFilesRequest,
  arguments_: CommandArguments,
  context: CliContext,
): Promise<number> {
  const output = arguments_.text('output');
  try {
    // The engine's process starts while the command line is still being read.
    return await withCliEngine(context, DEFAULT_ENGINE, async (engine) =>
      runStages(
        engine,
        {
          parsed: parseCommandLine(request),
          stages: request.stages,
          workspace: openWorkspace(join(context.cwd, 'mlgate.yml'), context.cwd),
          files: connectNamedFiles(context.cwd, request.files),
          // Files from anywhere are of no commit.
          source: {},
          output: output === undefined ? undefined : { folder: resolve(context.cwd, output), hide: false },
        },
        arguments_,
        context,
      ),
    );
  } catch (error) {
    throw nameOptions(error, request.nameOption);
  }
}

/** Where a check was asked for is an option, not a line of a file that nobody wrote. */
function parseCommandLine({ config, nameOption }: NamedFilesRequest): ParsedConfig {
  const parsed = parseWholeConfig(JSON.stringify(config), 'the command line');
  const locate: ParsedConfig['locate'] = (path) => {
    const key = path.join('.');
    return { file: 'the command line', key: nameOption(key) ?? key };
  };
  return { ...parsed, locate };
}

/** The same mistake, told in the words of the command line. */
function nameOptions(error: unknown, nameOption: NameOption): unknown {
  if (!(error instanceof UserError)) return error;
  const reword = (text: string): string =>
    text
      .replaceAll(/the command line:\d+:\d+: ([\w.-]+): /g, (_, key: string) => `${nameOption(key) ?? key}: `)
      .replaceAll(
        /the command line:\d+:\d+: `([\w.-]+)`: /g,
        (_, key: string) => `${nameOption(key) ?? key}: `,
      )
      .replaceAll(/`((?:models|data)\.[\w.-]+)`/g, (_, key: string) => `\`${nameOption(key) ?? key}\``);
  const help = error.help === undefined ? {} : { help: reword(error.help) };
  return new UserError(reword(error.message), { ...help, cause: error });
}

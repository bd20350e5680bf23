import { access, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig } from '../../chain/connect.ts';
import { EXIT_CODES, UserError } from '../../evidence/errors.ts';
import { openGit, resolveCommit } from '../../platform/git.ts';
import { CONFIG_OPTION, JSON_OPTION, type Command, type CommandArguments } from '../command.ts';
import type { CliContext } from '../context.ts';
import { countOf } from '../count-of.ts';
import { DEFAULT_ENGINE, openCliWorkspace, withCliEngine } from '../session.ts';

interface Finding {
  readonly what: string;
  readonly ok: boolean;
  readonly detail: string;
  /** What this finding alone would make of the exit code. */
  readonly exitCode: number;
}

export const doctorCommand: Command = {
  name: 'doctor',
  summary: 'Check that this machine and this folder have what mlgate needs.',
  details: [
    'Exits with 0 if all is well, 2 if something is yours to mend, 3 if the machine lacks something.',
  ],
  positionals: [],
  options: { config: CONFIG_OPTION, json: JSON_OPTION },
  examples: ['mlgate doctor'],
  run: async (arguments_, context) => {
    const findings = [
      nodeVersion(),
      await tryGit(context),
      await tryEngine(context),
      await tryConfig(arguments_, context),
    ];
    if (arguments_.flag('json')) context.print(`${JSON.stringify({ findings })}\n`);
    else
      for (const { what, ok, detail } of findings)
        context.print(`${ok ? 'ok     ' : 'missing'} ${what}: ${detail}\n`);
    return Math.max(...findings.map((finding) => finding.exitCode));
  },
};

function nodeVersion(): Finding {
  return {
    what: 'Node',
    ok: true,
    exitCode: EXIT_CODES.pass,
    detail: `${process.versions.node} on ${process.platform}-${process.arch}`,
  };
}

async function attempt(what: string, work: () => Promise<string>): Promise<Finding> {
  try {
    return { what, ok: true, exitCode: EXIT_CODES.pass, detail: await work() };
  } catch (error) {
    const exitCode = error instanceof UserError ? EXIT_CODES.usersMistake : EXIT_CODES.worldsFault;
    return { what, ok: false, exitCode, detail: error instanceof Error ? error.message : String(error) };
  }
}

async function tryGit(context: CliContext): Promise<Finding> {
  return await attempt('git', async () => {
    const head = await resolveCommit(openGit(context.cwd, context.environment), 'HEAD');
    return head === undefined ? 'there is no commit yet' : `HEAD is ${head.slice(0, 12)}`;
  });
}

/** Not whether it is installed but whether it answers: a tiny table is read by the child process. */
async function tryEngine(context: CliContext): Promise<Finding> {
  return await attempt('query engine', async () => {
    const folder = await mkdtemp(join(context.environment['RUNNER_TEMP'] ?? tmpdir(), 'mlgate-doctor-'));
    try {
      const path = join(folder, 'table.csv');
      await writeFile(path, 'a,b\n1,2\n');
      const { columns } = await withCliEngine(
        context,
        DEFAULT_ENGINE,
        async (engine) => await engine.describeTable({ path }),
      );
      return `DuckDB answers in its child process (${columns.length} columns of a test table)`;
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
}

async function tryConfig(arguments_: CommandArguments, context: CliContext): Promise<Finding> {
  const workspace = openCliWorkspace(arguments_, context);
  return await attempt('config', async () => {
    await access(workspace.configPath).catch(() => {
      throw new UserError(`there is no ${workspace.displayPath}; \`mlgate init\` writes one`);
    });
    const { config } = await readConfig(workspace);
    return `${workspace.displayPath} is valid (${countOf(Object.keys(config.data ?? {}).length, 'dataset')}, ${countOf(Object.keys(config.models ?? {}).length, 'model')})`;
  });
}

import { dirname } from 'node:path';
import { readRecorded } from '../../baseline/baseline-log.ts';
import { connectFiles, readConfig } from '../../chain/connect.ts';
import { findLocalBaseline } from '../../chain/local-baseline.ts';
import { EXIT_CODES, UserError } from '../../evidence/errors.ts';
import { printEvidence } from '../../evidence/evidence.ts';
import { resolveCommit } from '../../platform/git.ts';
import { renderTerminal } from '../../report/terminal/render-terminal.ts';
import type { BaselineUsed } from '../../schemas/evidence.generated.ts';
import { openBaselineSession } from '../baseline-session.ts';
import { openBaselineTools } from '../baseline-tools.ts';
import { CONFIG_OPTION, JSON_OPTION, type Command, type CommandArguments } from '../command.ts';
import type { CliContext } from '../context.ts';
import { openCliWorkspace, withCliEngine } from '../session.ts';

export const baselineShowCommand: Command = {
  name: 'baseline show',
  summary:
    'Say which baseline a run here would be compared with, and why not a better one; or show the record of a commit.',
  positionals: [
    {
      name: 'COMMIT',
      description:
        'A commit of main whose record is shown, as git names it. Default: none, the search is shown.',
      required: false,
    },
  ],
  options: { config: CONFIG_OPTION, json: JSON_OPTION },
  examples: ['mlgate baseline show', 'mlgate baseline show HEAD~3'],
  run: async (arguments_, context) => {
    const [revision] = arguments_.positionals;
    if (revision === undefined) await showSearch(arguments_, context);
    else await showRecord(revision, arguments_, context);
    return EXIT_CODES.pass;
  },
};

async function showSearch(arguments_: CommandArguments, context: CliContext): Promise<void> {
  const workspace = openCliWorkspace(arguments_, context);
  const parsed = await readConfig(workspace);
  const { used } = await findLocalBaseline({
    parsed,
    folder: dirname(workspace.configPath),
    environment: context.environment,
    files: connectFiles(workspace),
    tools: openBaselineTools(
      context,
      async (work) => await withCliEngine(context, parsed.config.engine, work),
    ),
  });
  const said = arguments_.flag('json') ? JSON.stringify(used) : describeUsed(used, context.now());
  context.print(`${said}\n`);
}

function describeUsed(used: BaselineUsed, now: Date): string {
  const where = used.commit === undefined ? '' : ` commit ${used.commit.slice(0, 12)}`;
  const file = used.path === undefined ? '' : ` ${used.rung === 'file' ? 'file ' : ''}${used.path}`;
  const distance =
    used.distance === undefined || used.distance === 0 ? '' : `, ${used.distance} first-parent commits away`;
  const better = used.tried.map(({ rung, reason }) => `  not ${rung}: ${reason}`);
  return [`baseline: ${used.rung}${where}${file}${distance}${describeTime(used, now)}`, ...better].join('\n');
}

function describeTime({ recordedAt }: BaselineUsed, now: Date): string {
  if (recordedAt === undefined) return '';
  const future = Date.parse(recordedAt) > now.getTime() ? ' (in the future: a clock is wrong)' : '';
  return `, recorded ${recordedAt}${future}`;
}

async function showRecord(
  revision: string,
  arguments_: CommandArguments,
  context: CliContext,
): Promise<void> {
  const { parsed, clone } = await openBaselineSession(arguments_, context);
  const { branch, main } = parsed.config.baseline;
  const commit = await resolveCommit(clone.git, revision);
  if (commit === undefined)
    throw new UserError(`\`${revision}\` is no commit of this clone.`, { help: 'Look at `git log`.' });
  const expected = main === undefined ? {} : { main };
  const recorded = await readRecorded(clone.store, branch, commit, expected);
  if (recorded === undefined)
    throw new UserError(`Commit ${commit} has no record on the branch ${branch}.`, {
      help: 'List the records with `mlgate baseline log`.',
    });
  if (recorded.kind === 'refused')
    throw new UserError(recorded.reason, { help: 'Look at all records with `mlgate baseline verify`.' });
  const { title } = parsed.config.report;
  const options = {
    title,
    now: context.now(),
    trust: 'own',
    color: context.color,
    width: context.width,
  } as const;
  context.print(
    arguments_.flag('json') ? printEvidence(recorded.evidence) : renderTerminal(recorded.evidence, options),
  );
}

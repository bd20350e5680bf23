import { dirname } from 'node:path';
import { connectFiles, readConfig } from '../../chain/connect.ts';
import { findLocalBaseline } from '../../chain/local-baseline.ts';
import { EXIT_CODES } from '../../evidence/errors.ts';
import type { BaselineUsed } from '../../schemas/evidence.generated.ts';
import { CONFIG_OPTION, JSON_OPTION, type Command } from '../command.ts';
import { openCliWorkspace } from '../session.ts';

export const baselineShowCommand: Command = {
  name: 'baseline show',
  summary: 'Say which baseline a run here would be compared with, and why not a better one.',
  positionals: [],
  options: { config: CONFIG_OPTION, json: JSON_OPTION },
  examples: ['mlgate baseline show'],
  run: async (arguments_, context) => {
    const workspace = openCliWorkspace(arguments_, context);
    const parsed = await readConfig(workspace);
    const folder = dirname(workspace.configPath);
    const { used } = await findLocalBaseline({
      parsed,
      folder,
      environment: context.environment,
      files: connectFiles(workspace),
    });
    context.print(arguments_.flag('json') ? `${JSON.stringify(used)}\n` : `${describeUsed(used)}\n`);
    return EXIT_CODES.pass;
  },
};

function describeUsed(used: BaselineUsed): string {
  const where = used.commit === undefined ? '' : ` commit ${used.commit.slice(0, 12)}`;
  const file = used.path === undefined ? '' : ` file ${used.path}`;
  const distance =
    used.distance === undefined || used.distance === 0 ? '' : `, ${used.distance} first-parent commits away`;
  const recorded = used.recordedAt === undefined ? '' : `, recorded ${used.recordedAt}`;
  const better = used.tried.map(({ rung, reason }) => `  not ${rung}: ${reason}`);
  return [`baseline: ${used.rung}${where}${file}${distance}${recorded}`, ...better].join('\n');
}

import { STAGES } from '../../chain/stages.ts';
import { CONFIG_OPTION, JSON_OPTION, OUTPUT_OPTION, type Command } from '../command.ts';
import { runConfiguredStages } from '../run-stages.ts';

export const runCommand: Command = {
  name: 'run',
  summary: 'Run the whole gate: data, models, comparison with the baseline, report.',
  details: ['Writes evidence.json, report.md and report.html beside the config, and prints the report.'],
  positionals: [],
  options: { config: CONFIG_OPTION, output: OUTPUT_OPTION, json: JSON_OPTION },
  examples: ['mlgate run --config mlgate.yml'],
  run: async (arguments_, context) => await runConfiguredStages(arguments_, context, STAGES),
};

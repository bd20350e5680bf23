import { CONFIG_OPTION, JSON_OPTION, OUTPUT_OPTION, type Command } from '../command.ts';
import { runConfiguredStages } from '../run-stages.ts';

export const testCommand: Command = {
  name: 'test',
  summary: 'Compute the metrics of every model, with intervals, and judge their bounds.',
  positionals: [],
  options: { config: CONFIG_OPTION, output: OUTPUT_OPTION, json: JSON_OPTION },
  examples: ['mlgate test --config mlgate.yml'],
  run: async (arguments_, context) => await runConfiguredStages(arguments_, context, ['model']),
};

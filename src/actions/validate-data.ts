import type { Action } from './action.ts';
import { runStagesStep } from './run-stages.ts';

/** Every dataset of the config against its schema and, where that is asked for, beside what main recorded. */
export const validateDataAction: Action = {
  inputs: ['config', 'token'],
  outputs: ['verdict', 'evidence'],
  run: async (context) => (await runStagesStep(context, 'validate-data', ['data'])).exitCode,
};

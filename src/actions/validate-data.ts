import type { Action } from './action.ts';
import { runStagesStep } from './run-stages.ts';

/** Every dataset of the config against its schema. */
export const validateDataAction: Action = {
  inputs: ['config'],
  outputs: ['verdict', 'evidence'],
  run: async (context) => (await runStagesStep(context, 'validate-data', ['data'])).exitCode,
};

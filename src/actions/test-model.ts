import type { Action } from './action.ts';
import { runStagesStep } from './run-stages.ts';

/** The metrics of every model of the config, and the bounds on them. */
export const testModelAction: Action = {
  inputs: ['config'],
  outputs: ['verdict', 'evidence'],
  run: async (context) => (await runStagesStep(context, 'test-model', ['model'])).exitCode,
};

import { writeOutputs } from '../platform/actions-io.ts';
import type { Action } from './action.ts';
import { runStagesStep } from './run-stages.ts';

/** Every model and metrics file of the config beside the baseline of main. */
export const compareMetricsAction: Action = {
  inputs: ['config', 'token'],
  outputs: ['verdict', 'evidence', 'baseline'],
  run: async (context) => {
    const { exitCode, evidence } = await runStagesStep(context, 'compare-metrics', ['comparison']);
    writeOutputs({ baseline: evidence.body.baseline?.rung ?? 'none' });
    return exitCode;
  },
};

import type { Action } from './action.ts';

/** Every action, by the name of its folder; `mlgate` is the root's. Each is loaded only when it runs. */
export const ACTIONS: Readonly<Record<string, () => Promise<Action>>> = {
  mlgate: async () => (await import('./mlgate.ts')).mlgateAction,
  'validate-data': async () => (await import('./validate-data.ts')).validateDataAction,
  'test-model': async () => (await import('./test-model.ts')).testModelAction,
  'compare-metrics': async () => (await import('./compare-metrics.ts')).compareMetricsAction,
  report: async () => (await import('./report.ts')).reportAction,
  promote: async () => (await import('./promote.ts')).promoteAction,
  accept: async () => (await import('./accept.ts')).acceptAction,
  'record-baseline': async () => (await import('./record-baseline.ts')).recordBaselineAction,
};

/** What MLflow's words for the state of a run mean here. */
import type { ImportedRun } from './importer.ts';

/** In the old file store a number stands for the word (mlflow.protos.service.RunStatus). */
export const STATUS_NAMES: ReadonlyMap<unknown, string> = new Map<unknown, string>([
  [1, 'RUNNING'],
  [2, 'SCHEDULED'],
  [3, 'FINISHED'],
  [4, 'FAILED'],
  [5, 'KILLED'],
]);

export function describeStatus(word: string): Pick<ImportedRun, 'status' | 'detail'> {
  if (word === 'FINISHED') return { status: 'complete' };
  if (word === 'FAILED' || word === 'KILLED') return { status: 'failed', detail: `MLflow says ${word}.` };
  return {
    status: 'partial',
    detail: `MLflow says ${word}: the run has not ended, or was stopped before it could say so.`,
  };
}

/** Milliseconds since 1970 as MLflow writes them; nothing where they are no time. */
export function timeOf(milliseconds: unknown): { readonly started?: string } {
  const date = new Date(typeof milliseconds === 'number' ? milliseconds : Number.NaN);
  return Number.isNaN(date.getTime()) ? {} : { started: date.toISOString() };
}

import { TableError, type TableFault } from '../engine/engine.ts';

const FAULTS: readonly TableFault[] = ['empty', 'ragged', 'duplicate-columns', 'different-columns'];

/** Whether a file can be read and its content is bad: a finding of its check, not a failure of the run. */
export function isFaultOfContent(error: unknown): error is TableError {
  return error instanceof TableError && FAULTS.includes(error.fault);
}

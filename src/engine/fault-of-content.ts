import { TableError, type TableFault } from './engine.ts';

const FAULTS_OF_CONTENT: readonly TableFault[] = [
  'empty',
  'ragged',
  'duplicate-columns',
  'different-columns',
  'not-a-number',
];

/** Whether a file can be read and its content is bad: a finding where something judges it, not a failure of the run. */
export function isFaultOfContent(error: unknown): error is TableError {
  return error instanceof TableError && FAULTS_OF_CONTENT.includes(error.fault);
}

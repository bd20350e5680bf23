import { PlanError, TableError, type TableFault } from '../engine/engine.ts';
import { isFaultOfContent } from '../engine/fault-of-content.ts';
import { UserError, WorldError } from '../evidence/errors.ts';

const USERS_FAULTS: readonly TableFault[] = ['missing-file', 'not-a-file', 'not-its-format'];

/**
 * What the engine could not do, as the failure that the exit code and the message follow from. Other errors pass through.
 * Content that is bad is a finding where something judges it; where a table is only looked at, it is the user's mistake.
 */
export function explainTableError(error: unknown): unknown {
  if (!(error instanceof TableError) && !(error instanceof PlanError)) return error;
  const options = { cause: error, ...(error.help === undefined ? {} : { help: error.help }) };
  return isUsersMistake(error)
    ? new UserError(error.message, options)
    : new WorldError(error.message, options);
}

function isUsersMistake(error: TableError | PlanError): boolean {
  return error instanceof PlanError || USERS_FAULTS.includes(error.fault) || isFaultOfContent(error);
}

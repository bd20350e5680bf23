import { PlanError, TableError, type TableFault } from '../engine/engine.ts';
import { UserError, WorldError } from '../evidence/errors.ts';

/** What the user did; all other faults are the world's. Faults that are findings never get here. */
const USERS_FAULTS: readonly TableFault[] = ['missing-file', 'not-a-file', 'not-its-format'];

/** What the engine could not do, as the failure that the exit code and the message follow from. Other errors pass through. */
export function explainTableError(error: unknown): unknown {
  if (!(error instanceof TableError) && !(error instanceof PlanError)) return error;
  const options = { cause: error, ...(error.help === undefined ? {} : { help: error.help }) };
  return error instanceof PlanError || USERS_FAULTS.includes(error.fault)
    ? new UserError(error.message, options)
    : new WorldError(error.message, options);
}

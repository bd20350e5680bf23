/** JavaScript that must end: a stranger's regular expression or list can keep it busy for years. */
import { createContext, Script } from 'node:vm';

interface Holder {
  work: () => void;
}

const holder: Holder = { work: () => undefined };
const context = createContext({ holder });
const script = new Script('holder.work()');

/**
 * Runs some work to its end, or stops it in the middle of whatever it does, a match of a regular expression included.
 * @returns undefined where it was stopped
 */
export function runBounded<T>(work: () => T, milliseconds: number): { readonly value: T } | undefined {
  let done: { readonly value: T } | undefined;
  holder.work = () => {
    done = { value: work() };
  };
  try {
    script.runInContext(context, { timeout: milliseconds });
  } catch (error) {
    if (isTimeout(error)) return undefined;
    throw error;
  } finally {
    holder.work = () => undefined;
  }
  return done;
}

/** It may be an error of another context, which is no `Error` of this one. */
function isTimeout(error: unknown): boolean {
  return (
    typeof error === 'object' &&
    error !== null &&
    'code' in error &&
    error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT'
  );
}

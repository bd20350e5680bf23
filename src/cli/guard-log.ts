import { fstatSync } from 'node:fs';
import { disarmCommands } from '../platform/logger.ts';

type Write = (text: string) => void;

/**
 * Writes text so that no line of it is obeyed by GitHub's runner, which takes each line of a step's log that begins with
 * `::` or holds `##[` for a command, also one that came out of somebody's file. JSON has no such line, and is left to the
 * last character as it is for the program that reads it.
 */
export function guardLog(write: Write): Write {
  return (text) => write(/^[[{]/u.test(text) ? text : disarmCommands(text));
}

/** Whether what is written there ends in the log of a step: not where the step sends it into a file. */
export function isStepLog(
  descriptor: number,
  environment: Readonly<Record<string, string | undefined>>,
): boolean {
  return environment['GITHUB_ACTIONS'] === 'true' && !fstatSync(descriptor).isFile();
}

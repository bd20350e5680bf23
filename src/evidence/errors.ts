/**
 * The two kinds of failure that a user can act on. Anything else that is thrown is a defect of mlgate.
 * They live in this room because every room that may fail imports it.
 */

interface FailureOptions {
  /** What the reader can do about it: one sentence, in the imperative. */
  readonly help?: string;
  readonly cause?: unknown;
}

/** The user's mistake: a bad config, a missing file, a file that is not what its name says. Exit code 2. */
export class UserError extends Error {
  readonly help: string | undefined;

  constructor(message: string, options: FailureOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'UserError';
    this.help = options.help;
  }
}

/** The world's fault: network, permission, disk, memory, a service that answers wrongly. Exit code 3. */
export class WorldError extends Error {
  readonly help: string | undefined;

  constructor(message: string, options: FailureOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'WorldError';
    this.help = options.help;
  }
}

/** Exit codes of the program: what a shell or a CI system may rely on. */
export const EXIT_CODES = { pass: 0, gateSaysNo: 1, usersMistake: 2, worldsFault: 3 } as const;

import { UserError, WorldError } from '../evidence/errors.ts';

/** Codes of a path that leads through or to something else than it says: the user's mistake. */
const USERS_CODES: readonly unknown[] = ['ENOTDIR', 'EISDIR', 'EEXIST', 'ENAMETOOLONG', 'ELOOP'];

/** Why something could not be written, with the path; an error that is none of the file system's comes back as it is. */
export function explainWriteFailure(error: unknown, path: string): unknown {
  if (!(error instanceof Error) || !('code' in error) || !('syscall' in error)) return error;
  const message = `${path} could not be written: ${error.message}.`;
  return USERS_CODES.includes(error.code)
    ? new UserError(message, { help: 'Give the path of a folder, or of one that can be made.', cause: error })
    : new WorldError(message, {
        help: 'Check the permissions of the folder and the space on the disk.',
        cause: error,
      });
}

import { open, stat, type FileHandle } from 'node:fs/promises';
import { UserError, WorldError } from '../evidence/errors.ts';

interface ReadTextOptions {
  /** What the file is to the user, for messages: `the config`. */
  readonly what: string;
  readonly maxBytes: number;
}

/**
 * Reads a UTF-8 file. Throws a UserError that says what is wrong with the file (missing, a folder, a pipe, too large,
 * not UTF-8), or a WorldError where it may not or cannot be read. A byte order mark is left out.
 */
export async function readTextFile(path: string, options: ReadTextOptions): Promise<string> {
  const bytes = await readBytes(path, options);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw new UserError(`${capitalise(options.what)} ${path} is not UTF-8 text.`, {
      help: 'Save it as UTF-8.',
      cause: error,
    });
  }
}

/** Reads a file's bytes with the same messages as `readTextFile`. */
export async function readBytes(path: string, { what, maxBytes }: ReadTextOptions): Promise<Buffer> {
  const file = await openFile(path, what);
  try {
    const stats = await file.stat();
    // A folder has a size too, which must not be the message.
    const tooLarge = stats.size > maxBytes && !stats.isDirectory();
    const bytes = tooLarge ? undefined : await readUpTo(file, maxBytes);
    if (bytes !== undefined) return bytes;
    throw new UserError(`${capitalise(what)} ${path} is larger than ${maxBytes / 1e6} MB.`, {
      help: 'Check that the path leads to the right file.',
    });
  } catch (error) {
    throw explainFileFailure(error, path, what);
  } finally {
    await file.close();
  }
}

const CHUNK_BYTES = 1_000_000;

/** The rest of the file; undefined if it has more than `limit` bytes, also where `stat` says 0 (pipes, /proc). */
async function readUpTo(file: FileHandle, limit: number): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for (;;) {
    const { bytesRead, buffer } = await file.read({ buffer: Buffer.alloc(CHUNK_BYTES) });
    if (bytesRead === 0) return Buffer.concat(chunks);
    size += bytesRead;
    if (size > limit) return undefined;
    chunks.push(buffer.subarray(0, bytesRead));
  }
}

async function openFile(path: string, what: string): Promise<FileHandle> {
  try {
    const stats = await stat(path);
    // Opening a pipe waits for a writer, who may never come.
    if (stats.isFIFO() || stats.isSocket()) throw refuseSpecialFile(path, what);
    return await open(path, 'r');
  } catch (error) {
    throw explainFileFailure(error, path, what);
  }
}

/** The refusal of what has a path and is no file: a pipe, a socket, a device. */
export function refuseSpecialFile(path: string, what: string): UserError {
  return new UserError(`${capitalise(what)} ${path} is no ordinary file but a pipe, a socket or a device.`, {
    help: 'Write its content to a file, and give that.',
  });
}

/**
 * An error of the file system as the reader's mistake (missing, a folder) or the world's fault (permission, disk);
 * anything else comes back as it is.
 */
export function explainFileFailure(error: unknown, path: string, what: string): unknown {
  if (!(error instanceof Error) || !('code' in error)) return error;
  const name = capitalise(what);
  switch (error.code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return new UserError(`${name} ${path} does not exist.`, { help: 'Check the path.', cause: error });
    case 'EISDIR':
      return new UserError(`${name} ${path} is a folder, not a file.`, {
        help: 'Give the path of a file.',
        cause: error,
      });
    case 'EACCES':
    case 'EPERM':
      return new WorldError(`${name} ${path} may not be read.`, {
        help: 'Give this user the permission to read it.',
        cause: error,
      });
    default:
      if (!('syscall' in error)) return error;
      return new WorldError(`${name} ${path} could not be read: ${error.message}.`, { cause: error });
  }
}

function capitalise(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

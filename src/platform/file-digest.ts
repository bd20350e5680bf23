import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import { isAbsolute, relative, resolve, sep } from 'node:path';
import { UserError } from '../evidence/errors.ts';
import { explainFileFailure, refuseSpecialFile } from './read-text-file.ts';

export interface FileDigest {
  /** Lower-case hexadecimal. */
  readonly sha256: string;
  /** Size of what was hashed, in bytes. */
  readonly bytes: number;
}

/** How much is read at a time: larger than the default of 64 kB, which costs a sixth more time on large files. */
const CHUNK_BYTES = 1_048_576;

/**
 * SHA-256 and size of a file, read as a stream. Throws a UserError if it is missing, a folder or no ordinary file (a
 * device may never end), a WorldError if it may not or cannot be read.
 */
export async function digestFile(path: string, what = 'the file'): Promise<FileDigest> {
  const hash = createHash('sha256');
  let bytes = 0;
  try {
    const stats = await stat(path);
    if (!stats.isFile() && !stats.isDirectory()) throw refuseSpecialFile(path, what);
    for await (const chunk of createReadStream(path, {
      highWaterMark: CHUNK_BYTES,
    }) as AsyncIterable<Buffer>) {
      hash.update(chunk);
      bytes += chunk.length;
    }
  } catch (error) {
    throw explainFileFailure(error, path, what);
  }
  return { sha256: hash.digest('hex'), bytes };
}

/**
 * The absolute path of a path that a config names, which must lie in `folder`, links resolved: a config from a pull
 * request must not reach the rest of the machine. Throws a UserError if it leads outside, is missing, or has a NUL.
 */
export async function resolveInside(folder: string, path: string, what: string): Promise<string> {
  if (path.includes('\0') || isAbsolute(path) || !contains(folder, resolve(folder, path))) {
    throw leadsOutside(path, what);
  }
  const target = resolve(folder, path);
  let real: string;
  try {
    await stat(target);
    real = await realpath(target);
  } catch (error) {
    throw explainFileFailure(error, path, what);
  }
  if (!contains(await realpath(folder), real)) throw leadsOutside(path, what);
  return real;
}

function contains(folder: string, path: string): boolean {
  const way = relative(resolve(folder), path);
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

function leadsOutside(path: string, what: string): UserError {
  return new UserError(
    `The path \`${path.replaceAll('\0', '\\0')}\` of ${what} leads out of the config's folder.`,
    {
      help: 'Use a path relative to the folder of the config, to a file inside it that is no link to elsewhere.',
    },
  );
}

/** Files and folders of other tools, as a reader of their formats is given them. */
import { createReadStream } from 'node:fs';
import { open, readdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { sha256 } from '../evidence/digest.ts';
import { UserError } from '../evidence/errors.ts';
import type { ForeignSource } from '../evidence/foreign-source.ts';
import { digestFile, resolveInside, type FileDigest } from './file-digest.ts';
import { querySqlite } from './query-sqlite.ts';
import { explainFileFailure, readBytes, refuseSpecialFile } from './read-text-file.ts';

/** Largest file that is read whole, in bytes: logs of evaluations with every sample have tens of megabytes. */
const MAX_WHOLE_BYTES = 50_000_000;

/** What formats are recognised by, in bytes. */
const HEAD_BYTES = 65_536;

/** How much is read at a time of a file in pieces. */
const CHUNK_BYTES = 1_048_576;

/** Most files of a folder, and the deepest. */
const MAX_FILES = 20_000;
const MAX_DEPTH = 12;

/**
 * Opens what lies at a path. Throws a UserError where there is nothing, or a pipe or a device; a WorldError where it may
 * not be read.
 * @param path absolute
 * @param name as messages show it
 */
export async function openForeignSource(path: string, name: string): Promise<ForeignSource> {
  const stats = await stat(path).catch((error: unknown) => {
    throw explainFileFailure(error, name, 'the file');
  });
  if (stats.isDirectory()) return sourceOf(path, name, 'folder', 0, new Uint8Array());
  if (!stats.isFile()) throw refuseSpecialFile(name, 'the file');
  return sourceOf(path, name, 'file', stats.size, await readHead(path, name));
}

function sourceOf(
  path: string,
  name: string,
  kind: ForeignSource['kind'],
  size: number,
  head: Uint8Array,
): ForeignSource {
  const readWhole = async (): Promise<Uint8Array> => {
    if (size > MAX_WHOLE_BYTES) {
      throw new UserError(`${name} is larger than ${MAX_WHOLE_BYTES / 1e6} MB.`, {
        help: 'Point at a summary of the results, not at a log of everything.',
      });
    }
    return await readBytes(path, { what: 'the file', maxBytes: MAX_WHOLE_BYTES }).catch((error: unknown) => {
      throw renamed(error, path, name);
    });
  };
  return {
    name,
    kind,
    size,
    head,
    readBytes: readWhole,
    readText: async () => decodeText(await readWhole(), name),
    stream: () => streamFile(path, name),
    list: async () => (kind === 'folder' ? await listFiles(path, name) : []),
    open: async (below) => await openBeside(kind === 'folder' ? path : dirname(path), below, name, kind),
    digest: async () =>
      kind === 'file' ? await digestFile(path) : await digestFolder(path, await listFiles(path, name)),
    query: async (sql) => await querySqlite(path, name, sql),
  };
}

/** UTF-8 without a byte order mark. */
function decodeText(bytes: Uint8Array, name: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw new UserError(`${name} is not UTF-8 text.`, { help: 'Save it as UTF-8.', cause: error });
  }
}

/** Messages name the file as the user does, not where it lies. */
function renamed(error: unknown, path: string, name: string): unknown {
  if (!(error instanceof UserError)) return error;
  const options = error.help === undefined ? {} : { help: error.help };
  return new UserError(error.message.replaceAll(path, name), { ...options, cause: error });
}

async function readHead(path: string, name: string): Promise<Uint8Array> {
  const file = await open(path, 'r').catch((error: unknown) => {
    throw explainFileFailure(error, name, 'the file');
  });
  try {
    const { bytesRead, buffer } = await file.read({ buffer: new Uint8Array(HEAD_BYTES), position: 0 });
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

async function* streamFile(path: string, name: string): AsyncIterable<Uint8Array> {
  try {
    yield* createReadStream(path, { highWaterMark: CHUNK_BYTES }) as AsyncIterable<Uint8Array>;
  } catch (error) {
    throw explainFileFailure(error, name, 'the file');
  }
}

/** Links are passed over: they may lead anywhere. */
async function listFiles(folder: string, name: string): Promise<readonly string[]> {
  const found: string[] = [];
  const pending: { readonly way: string; readonly depth: number }[] = [{ way: '', depth: 0 }];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { way, depth } = next;
    const entries = await readdir(join(folder, way), { withFileTypes: true }).catch((error: unknown) => {
      throw explainFileFailure(error, name, 'the folder');
    });
    for (const entry of entries) {
      const below = way === '' ? entry.name : `${way}/${entry.name}`;
      if (entry.isDirectory() && depth < MAX_DEPTH) pending.push({ way: below, depth: depth + 1 });
      if (entry.isFile()) found.push(below);
    }
    if (found.length > MAX_FILES) {
      throw new UserError(`The folder ${name} has more than ${MAX_FILES} files.`, {
        help: 'Point at the folder of one run, or of one experiment.',
      });
    }
  }
  return found.toSorted();
}

async function digestFolder(folder: string, files: readonly string[]): Promise<FileDigest> {
  const digests: FileDigest[] = [];
  for (const file of files) digests.push(await digestFile(join(folder, file)));
  const lines = digests.map(({ sha256 }, index) => JSON.stringify([files[index], sha256]));
  return { sha256: sha256(lines.join('\n')), bytes: digests.reduce((sum, { bytes }) => sum + bytes, 0) };
}

async function openBeside(
  folder: string,
  below: string,
  name: string,
  kind: ForeignSource['kind'],
): Promise<ForeignSource | undefined> {
  const shown = kind === 'folder' ? `${name}/${below}` : name.replace(/[^/\\]*$/u, below);
  try {
    return await openForeignSource(await resolveInside(folder, below, 'the file'), shown);
  } catch (error) {
    if (error instanceof UserError && isMissing(error.cause)) return undefined;
    throw error;
  }
}

function isMissing(cause: unknown): boolean {
  return cause instanceof Error && 'code' in cause && (cause.code === 'ENOENT' || cause.code === 'ENOTDIR');
}

/** From the path that a user wrote to a file that an engine can open, or the reason why not. */
import { constants } from 'node:fs';
import { access, copyFile, realpath, stat, symlink } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';

import { TABLE_FORMATS, TableError, type TableFormat, type TableSource } from './engine.ts';
import type { TableLocation } from './protocol.ts';

/** What locating asks of the file system; tests put faults in its place. */
export interface FileSystem {
  readonly stat: (path: string) => Promise<{
    readonly size: number;
    readonly isFile: () => boolean;
    readonly isDirectory: () => boolean;
  }>;
  readonly realpath: (path: string) => Promise<string>;
  readonly accessForReading: (path: string) => Promise<void>;
}

export const NODE_FILE_SYSTEM: FileSystem = {
  stat,
  realpath,
  accessForReading: async (path) => access(path, constants.R_OK),
};

const EXTENSIONS: Readonly<Record<string, TableFormat>> = {
  csv: 'csv',
  tsv: 'tsv',
  tab: 'tsv',
  jsonl: 'jsonl',
  ndjson: 'jsonl',
  parquet: 'parquet',
  pq: 'parquet',
};

const COMPRESSIONS = { gz: 'gzip', zst: 'zstd' } as const;

/** Format and compression by the file's name; no format if the name does not say. */
function readTableName(name: string): {
  readonly format: TableFormat | undefined;
  readonly compression: TableLocation['compression'];
} {
  const parts = basename(name).toLowerCase().split('.');
  const last = parts.at(-1) ?? '';
  const compression = last === 'gz' || last === 'zst' ? COMPRESSIONS[last] : 'none';
  const extension = compression === 'none' ? last : (parts.at(-2) ?? '');
  const known = parts.length > 1 && Object.hasOwn(EXTENSIONS, extension);
  return { format: known ? EXTENSIONS[extension] : undefined, compression };
}

function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

function explainAccess(error: unknown, path: string): unknown {
  switch (errorCode(error)) {
    case 'ENOENT':
    case 'ENOTDIR':
      return new TableError(
        'missing-file',
        path,
        `${path} does not exist.`,
        'Check the path: it is relative to the folder in which mlgate runs.',
      );
    case 'EACCES':
    case 'EPERM':
      return new TableError(
        'no-permission',
        path,
        `${path} cannot be read: permission denied.`,
        'Give the user that runs mlgate the right to read the file.',
      );
    default:
      return error;
  }
}

function requireFormat(source: TableSource): TableFormat {
  const format = source.format ?? readTableName(source.path).format;
  if (format === undefined) {
    throw new TableError(
      'not-its-format',
      source.path,
      `${source.path} has no format: its name ends in none of ${Object.keys(EXTENSIONS)
        .map((extension) => `.${extension}`)
        .join(', ')} (with .gz or .zst).`,
      `Rename the file, or say its format: ${TABLE_FORMATS.join(', ')}.`,
    );
  }
  return format;
}

/**
 * Looks the file up: it exists, is a file, is not empty, may be read. Links are resolved here, because the engine may
 * then open exactly that file and nothing else.
 *
 * @throws TableError `missing-file`, `not-a-file`, `no-permission`, `empty`, `not-its-format`
 */
export async function locateTable(
  source: TableSource,
  files: FileSystem = NODE_FILE_SYSTEM,
): Promise<TableLocation> {
  const named = source.path;
  const format = requireFormat(source);
  try {
    const path = await files.realpath(resolve(named));
    const found = await files.stat(path);
    if (!found.isFile()) {
      throw new TableError(
        'not-a-file',
        named,
        `${named} is ${found.isDirectory() ? 'a directory' : 'not a regular file'}.`,
        'Name one file.',
      );
    }
    await files.accessForReading(path);
    if (found.size === 0) {
      throw new TableError(
        'empty',
        named,
        `${named} is empty: it has no bytes.`,
        format === 'csv' || format === 'tsv' ? 'The first line names the columns.' : 'Write the file again.',
      );
    }
    const { compression } = readTableName(named);
    return { named, path, format, compression: format === 'parquet' ? 'none' : compression };
  } catch (error) {
    throw error instanceof TableError ? error : explainAccess(error, named);
  }
}

const GLOB_CHARACTERS = /[*?[\]]/gu;

/**
 * DuckDB takes a path for a glob and has no escape that its own access rules would accept, so a file with `*`, `?`, `[`
 * in its path gets another name inside the engine's folder: a link, or a copy where links are not allowed.
 */
export async function avoidGlobs(location: TableLocation, folder: string): Promise<TableLocation> {
  if (location.path.search(GLOB_CHARACTERS) === -1) {
    return location;
  }
  const path = join(
    folder,
    `${String(Date.now())}-${basename(location.path).replaceAll(GLOB_CHARACTERS, '_')}`,
  );
  await symlink(location.path, path).catch(async () => copyFile(location.path, path));
  return { ...location, path };
}

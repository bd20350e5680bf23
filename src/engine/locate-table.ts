/** From the path that a user wrote to a file that an engine can open, or the reason why not. */
import { constants } from 'node:fs';
import { access, copyFile, open, realpath, stat, symlink } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';

import { TABLE_FORMATS, TableError, type TableFormat, type TableSource } from './engine.ts';
import { listFiles, type TableLocation } from './protocol.ts';
import { FOREIGN_EXTENSIONS, recogniseContent, SIGNATURE_BYTES, WRITE_A_TABLE } from './recognise-content.ts';

/** What locating asks of the file system; tests put faults in its place. */
export interface FileSystem {
  readonly stat: (path: string) => Promise<{
    readonly size: number;
    readonly isFile: () => boolean;
    readonly isDirectory: () => boolean;
  }>;
  readonly realpath: (path: string) => Promise<string>;
  readonly accessForReading: (path: string) => Promise<void>;
  /** The first bytes, or all where there are fewer. */
  readonly readStart: (path: string, bytes: number) => Promise<Uint8Array>;
}

async function readStart(path: string, bytes: number): Promise<Uint8Array> {
  const file = await open(path);
  try {
    const start = new Uint8Array(bytes);
    const { bytesRead } = await file.read(start, 0, bytes, 0);
    return start.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

export const NODE_FILE_SYSTEM: FileSystem = {
  stat,
  realpath,
  accessForReading: async (path) => access(path, constants.R_OK),
  readStart,
};

const EXTENSIONS: Readonly<Record<string, TableFormat>> = {
  csv: 'csv',
  tsv: 'tsv',
  tab: 'tsv',
  json: 'json',
  jsonl: 'jsonl',
  ndjson: 'jsonl',
  parquet: 'parquet',
  pq: 'parquet',
  arrow: 'arrow',
  arrows: 'arrow',
  feather: 'arrow',
  ipc: 'arrow',
};

/** Formats that compress inside the file. */
const PACKED_FORMATS: readonly TableFormat[] = ['parquet', 'arrow'];

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

/** In characters. */
const MAXIMUM_SHOWN_PATH = 300;

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
    case 'ELOOP':
    case 'ENAMETOOLONG':
      return new TableError(
        'missing-file',
        path,
        `${path.slice(0, MAXIMUM_SHOWN_PATH)} leads to no file: ${errorCode(error) === 'ELOOP' ? 'its links go in circles' : 'its name is too long'}.`,
        'Check the path, and what the links on it stand for.',
      );
    default:
      return error;
  }
}

export function nameSource({ named, path }: TableSource): string {
  return named ?? path;
}

function requireFormat(source: TableSource): TableFormat {
  const named = nameSource(source);
  const format = source.format ?? readTableName(source.path).format;
  if (format !== undefined) return format;
  const extension = source.path.split('.').at(-1)?.toLowerCase() ?? '';
  const foreign = Object.hasOwn(FOREIGN_EXTENSIONS, extension) ? FOREIGN_EXTENSIONS[extension] : undefined;
  if (foreign !== undefined) {
    throw new TableError(
      'not-its-format',
      named,
      `${named} is ${foreign}, which is no table that mlgate reads.`,
      WRITE_A_TABLE,
    );
  }
  throw new TableError(
    'not-its-format',
    named,
    `${named} has no format: its name ends in none of ${Object.keys(EXTENSIONS)
      .map((extension) => `.${extension}`)
      .join(', ')} (with .gz or .zst).`,
    `Rename the file, or say its format: ${TABLE_FORMATS.join(', ')}.`,
  );
}

/**
 * Looks the file up: it exists, is a file, is not empty, may be read, and does not begin as something else does. Links
 * are resolved here, because the engine may then open exactly that file and nothing else.
 *
 * @throws TableError `missing-file`, `not-a-file`, `no-permission`, `empty`, `not-its-format`
 */
export async function locateTable(
  source: TableSource,
  files: FileSystem = NODE_FILE_SYSTEM,
): Promise<TableLocation> {
  const { shards, shardNames, path, named: _, ...format } = source;
  const { cells, partitions } = source;
  const kept = {
    ...(cells === undefined ? {} : { cells }),
    ...(partitions === undefined ? {} : { partitions }),
  };
  if (shards === undefined) return { ...(await locateFile(source, files)), ...kept };
  const located: TableLocation[] = [];
  for (const [index, shard] of shards.entries()) {
    const named = shardNames?.[index] ?? shard;
    located.push(await locateFile({ ...format, path: shard, named }, files));
  }
  const [first] = located;
  if (first === undefined)
    throw new TableError('missing-file', path, `${path} has no files.`, 'Check the pattern.');
  const other = located.find((shard) => !isAlike(shard, first));
  if (other !== undefined) {
    throw new TableError(
      'not-its-format',
      path,
      `${path} is not one table: ${first.named} is ${nameKind(first)}, ${other.named} is ${nameKind(other)}.`,
      'Name files of one format by the pattern.',
    );
  }
  return { ...first, ...kept, named: path, shards: located.map(({ named, path }) => ({ named, path })) };
}

function isAlike(one: TableLocation, other: TableLocation): boolean {
  return one.format === other.format && one.compression === other.compression;
}

function nameKind({ format, compression }: TableLocation): string {
  return compression === 'none' ? format : `${format} in ${compression}`;
}

async function locateFile(source: TableSource, files: FileSystem): Promise<TableLocation> {
  const named = nameSource(source);
  const format = requireFormat(source);
  try {
    const path = await files.realpath(resolve(source.path));
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
    const { compression } = readTableName(source.path);
    const location: TableLocation = {
      named,
      path,
      format,
      compression: PACKED_FORMATS.includes(format) ? 'none' : compression,
    };
    refuseForeign(location, await files.readStart(path, SIGNATURE_BYTES));
    return location;
  } catch (error) {
    throw error instanceof TableError ? error : explainAccess(error, named);
  }
}

function refuseForeign(location: TableLocation, start: Uint8Array): void {
  const foreign = recogniseContent(start, location);
  if (foreign === undefined) return;
  throw new TableError(
    'not-its-format',
    location.named,
    `${location.named} is not what its name says (${nameKind(location)}): it is ${foreign.what}.`,
    foreign.help,
  );
}

const GLOB_CHARACTERS = /[*?[\]]/gu;

/**
 * DuckDB takes a path for a glob and has no escape that its own access rules would accept, so a file with `*`, `?`, `[`
 * in its path gets another name inside the engine's folder: a link, or a copy where links are not allowed.
 */
export async function avoidGlobs(location: TableLocation, folder: string): Promise<TableLocation> {
  const paths = await Promise.all(
    listFiles(location).map(async ({ path }, index) => await avoidGlob(path, folder, index)),
  );
  const { shards } = location;
  return {
    ...location,
    path: paths[0] ?? location.path,
    ...(shards === undefined
      ? {}
      : { shards: shards.map(({ named, path }, index) => ({ named, path: paths[index] ?? path })) }),
  };
}

async function avoidGlob(path: string, folder: string, index: number): Promise<string> {
  if (path.search(GLOB_CHARACTERS) === -1) return path;
  const name = `${String(Date.now())}-${index}-${basename(path).replaceAll(GLOB_CHARACTERS, '_')}`;
  const other = join(folder, name);
  await symlink(path, other).catch(async () => copyFile(path, other));
  return other;
}

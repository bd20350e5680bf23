import { basename, isAbsolute, resolve } from 'node:path';
import { readingOf } from '../../data/cell-reading.ts';
import { parseProfileFile, type ReadProfile } from '../../data/profile/profile-file.ts';
import { profileTable, type ProfiledTable } from '../../data/profile/profile-table.ts';
import { TableError, type Engine, type TableFormat } from '../../engine/engine.ts';
import { UserError } from '../../evidence/errors.ts';
import { listShards } from '../../platform/list-shards.ts';
import type { DataSchema } from '../../schemas/data-schema.generated.ts';
import type { DatasetProfile } from '../../schemas/evidence.generated.ts';
import { readDocument } from '../connect.ts';
import { explainTableError } from '../explain-table-error.ts';

export interface TableToProfile {
  readonly engine: Engine;
  readonly cwd: string;
  /** A file, or a pattern of several, as the user named it. */
  readonly file: string;
  readonly format?: TableFormat;
  readonly schema?: DataSchema;
  /** The profile whose edges are used again. */
  readonly frozen?: DatasetProfile;
  readonly signal?: AbortSignal;
  readonly onProgress?: (share: number) => void;
}

/** What a profile calls the table: nothing of the machine that it was on. */
export function nameDataset(file: string): string {
  return isAbsolute(file) ? basename(file) : file;
}

/** The profile of a file that somebody names. Throws a UserError for a file that holds no table. */
export async function profileFile(request: TableToProfile): Promise<ProfiledTable> {
  const { engine, cwd, file, format, schema, frozen, signal, onProgress } = request;
  const shards = await listShards(cwd, file);
  const place =
    shards === undefined
      ? { path: resolve(cwd, file), named: file }
      : { path: file, shards: shards.map((shard) => resolve(cwd, shard)) };
  const cells = schema === undefined ? undefined : readingOf(schema);
  try {
    return await profileTable(
      {
        engine,
        dataset: nameDataset(file),
        source: {
          ...place,
          ...(format === undefined ? {} : { format }),
          ...(cells === undefined ? {} : { cells }),
        },
        ...(schema === undefined ? {} : { schema }),
        ...(frozen === undefined ? {} : { frozen }),
      },
      { ...(signal === undefined ? {} : { signal }), ...(onProgress === undefined ? {} : { onProgress }) },
    );
  } catch (error) {
    // A profile judges nothing: what a check of the file would find is a mistake here.
    if (error instanceof TableError && error.help !== undefined && isContent(error)) {
      throw new UserError(error.message, { help: error.help, cause: error });
    }
    throw explainTableError(error);
  }
}

function isContent({ fault }: TableError): boolean {
  return (
    fault === 'empty' || fault === 'ragged' || fault === 'duplicate-columns' || fault === 'different-columns'
  );
}

/** A file that `mlgate profile` wrote. */
export async function readProfileFile(cwd: string, path: string): Promise<ReadProfile> {
  return parseProfileFile(await readDocument(resolve(cwd, path), path, 'the profile'), path);
}

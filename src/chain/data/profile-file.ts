import { basename, isAbsolute, resolve } from 'node:path';
import { readingOf } from '../../data/cell-reading.ts';
import { parseProfileFile, type ReadProfile } from '../../data/profile/profile-file.ts';
import { profileTable, type ProfiledTable } from '../../data/profile/profile-table.ts';
import type { Engine, TableFormat } from '../../engine/engine.ts';
import type { DataSchema } from '../../schemas/data-schema.generated.ts';
import type { DatasetProfile } from '../../schemas/evidence.generated.ts';
import { readDocument } from '../connect.ts';
import { locateNamedTable } from './locate-named-table.ts';

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

/** The profile of a file that somebody names. Throws a TableError for one that holds no table. */
export async function profileFile(request: TableToProfile): Promise<ProfiledTable> {
  const { engine, cwd, file, format, schema, frozen, signal, onProgress } = request;
  const cells = schema === undefined ? undefined : readingOf(schema);
  return await profileTable(
    {
      engine,
      dataset: nameDataset(file),
      source: {
        ...(await locateNamedTable(cwd, file)),
        ...(format === undefined ? {} : { format }),
        ...(cells === undefined ? {} : { cells }),
      },
      ...(schema === undefined ? {} : { schema }),
      ...(frozen === undefined ? {} : { frozen }),
    },
    { ...(signal === undefined ? {} : { signal }), ...(onProgress === undefined ? {} : { onProgress }) },
  );
}

/** A file that `mlgate profile` wrote. */
export async function readProfileFile(cwd: string, path: string): Promise<ReadProfile> {
  return parseProfileFile(await readDocument(resolve(cwd, path), path, 'the profile'), path);
}

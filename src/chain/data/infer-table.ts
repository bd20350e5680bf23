import { basename, isAbsolute, resolve } from 'node:path';
import { inferSchema, type Inference } from '../../data/infer/infer-schema.ts';
import { TableError, type Engine, type TableFault, type TableFormat } from '../../engine/engine.ts';
import { UserError } from '../../evidence/errors.ts';
import { listShards } from '../../platform/list-shards.ts';
import { explainTableError } from '../explain-table-error.ts';

export interface TableToInfer {
  readonly engine: Engine;
  readonly cwd: string;
  /** A file, or a pattern of several, as the user named it. */
  readonly file: string;
  /** What it is called, where not as it is named. */
  readonly named?: string;
  readonly format?: TableFormat;
  readonly ranges: boolean;
  readonly signal?: AbortSignal;
  readonly onStep?: (step: string) => void;
  readonly onProgress?: (share: number) => void;
}

/** Faults of content: there is no table to infer anything from. */
const FAULTS_OF_CONTENT: readonly TableFault[] = ['empty', 'ragged', 'duplicate-columns'];

/** The schema of a file that somebody names. Throws a UserError for a file that holds no table. */
export async function inferTable({
  cwd,
  file,
  // A schema that is committed says nothing of the machine that inferred it.
  named = isAbsolute(file) ? basename(file) : file,
  format,
  ...request
}: TableToInfer): Promise<Inference> {
  const shards = await listShards(cwd, file);
  const place =
    shards === undefined
      ? { path: resolve(cwd, file), named }
      : { path: file, shards: shards.map((shard) => resolve(cwd, shard)) };
  try {
    return await inferSchema({
      ...request,
      named,
      source: { ...place, ...(format === undefined ? {} : { format }) },
    });
  } catch (error) {
    if (error instanceof TableError && FAULTS_OF_CONTENT.includes(error.fault)) {
      const help = error.help === undefined ? {} : { help: error.help };
      throw new UserError(error.message, { ...help, cause: error });
    }
    throw explainTableError(error);
  }
}

import { basename, isAbsolute } from 'node:path';
import { inferSchema, type Inference } from '../../data/infer/infer-schema.ts';
import type { Engine, TableFormat } from '../../engine/engine.ts';
import { locateNamedTable } from './locate-named-table.ts';

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

/** The schema of a file that somebody names. Throws a TableError for one that holds no table. */
export async function inferTable({
  cwd,
  file,
  // A schema that is committed says nothing of the machine that inferred it.
  named = isAbsolute(file) ? basename(file) : file,
  format,
  ...request
}: TableToInfer): Promise<Inference> {
  return await inferSchema({
    ...request,
    named,
    source: {
      ...(await locateNamedTable(cwd, file, named)),
      ...(format === undefined ? {} : { format }),
    },
  });
}

import { resolve } from 'node:path';
import type { TableSource } from '../../engine/engine.ts';
import { listShards } from '../../platform/list-shards.ts';

/** A table that somebody names on a command line: a file, or a pattern or folder of several. */
export async function locateNamedTable(
  cwd: string,
  file: string,
  named = file,
): Promise<Pick<TableSource, 'path' | 'named' | 'shards'>> {
  const shards = await listShards(cwd, file);
  return shards === undefined
    ? { path: resolve(cwd, file), named }
    : { path: file, shards: shards.map((shard) => resolve(cwd, shard)) };
}

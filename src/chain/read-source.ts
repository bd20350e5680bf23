import { basename, isAbsolute } from 'node:path';
import type { TableFormat, TableSource } from '../engine/engine.ts';
import { sha256 } from '../evidence/digest.ts';
import type { ChainEffects, FileIdentity } from './chain.ts';
import { readPartitions } from './read-partitions.ts';

/** From what a config says of a file, or of several that are one table, to what the engine reads. */
export async function readSource(
  file: {
    readonly path: string;
    readonly format?: TableFormat;
    readonly cells?: TableSource['cells'] | undefined;
  },
  effects: Pick<ChainEffects, 'resolvePath' | 'listShards'>,
): Promise<TableSource> {
  const how = {
    ...(file.format === undefined ? {} : { format: file.format }),
    ...(file.cells === undefined ? {} : { cells: file.cells }),
  };
  const shards = await effects.listShards(file.path);
  if (shards === undefined) {
    return { path: await effects.resolvePath(file.path), named: file.path, ...how };
  }
  const partitions = readPartitions(shards);
  return {
    path: file.path,
    shards: await Promise.all(shards.map(effects.resolvePath)),
    // Evidence holds no path of a machine.
    shardNames: shards.map((shard) => (isAbsolute(shard) ? basename(shard) : shard)),
    ...(partitions === undefined ? {} : { partitions }),
    ...how,
  };
}

/**
 * Digest and size of a table. Of several files the digest is that of a list as `sha256sum` prints it: digest, two blanks,
 * path, line feed, sorted by path.
 */
export async function identifyTable(
  path: string,
  effects: Pick<ChainEffects, 'identifyFile' | 'listShards'>,
): Promise<FileIdentity> {
  const shards = await effects.listShards(path);
  if (shards === undefined) return await effects.identifyFile(path);
  let [list, bytes] = ['', 0];
  for (const shard of shards) {
    const identity = await effects.identifyFile(shard);
    list += `${identity.sha256}  ${shard}\n`;
    bytes += identity.bytes;
  }
  return { sha256: sha256(list), bytes };
}

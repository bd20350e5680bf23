import type { Partitions } from '../engine/engine.ts';

/** What Hive writes for a value that is not there. */
const NO_VALUE = '__HIVE_DEFAULT_PARTITION__';

/**
 * The columns that the names of folders say, as Hive, Spark and pyarrow write them (`day=1/region=north/part-0.parquet`):
 * of every shard the value, null where its path does not say. Undefined where no path says anything.
 */
export function readPartitions(shards: readonly string[]): Partitions | undefined {
  const said = shards.map(
    (shard) =>
      new Map(
        shard
          .split('/')
          .slice(0, -1)
          .flatMap((folder) => {
            const at = folder.indexOf('=');
            return at <= 0 ? [] : [[decode(folder.slice(0, at)), readValue(folder.slice(at + 1))] as const];
          }),
      ),
  );
  const names = [...new Set(said.flatMap((values) => [...values.keys()]))];
  return names.length === 0
    ? undefined
    : Object.fromEntries(names.map((name) => [name, said.map((values) => values.get(name) ?? null)]));
}

function readValue(text: string): string | null {
  return text === NO_VALUE || text === '' ? null : decode(text);
}

/** Characters that no file system takes are percent-encoded; a name that only looks so is taken as it is. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

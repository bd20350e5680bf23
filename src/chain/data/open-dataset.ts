import { readingOf } from '../../data/cell-reading.ts';
import type { TableSource } from '../../engine/engine.ts';
import type { DatasetConfig } from '../../schemas/config.generated.ts';
import type { ChainEffects } from '../chain.ts';
import { readDataSchema } from '../read-data-schema.ts';
import { readSource } from '../read-source.ts';

/** Another dataset of the config as a table, its cells read as its own schema says. */
export async function openDataset(
  dataset: DatasetConfig,
  effects: Pick<ChainEffects, 'readText' | 'displayPath' | 'besidePath' | 'resolvePath' | 'listShards'>,
): Promise<TableSource> {
  const { schema } = await readDataSchema(dataset.schema, effects);
  return await readSource({ ...dataset, cells: readingOf(schema) }, effects);
}

import type { TableFormat, TableSource } from '../engine/engine.ts';
import type { ChainEffects } from './chain.ts';

/** From what a config says of a file to what the engine reads. */
export async function readSource(
  file: { readonly path: string; readonly format?: TableFormat },
  effects: Pick<ChainEffects, 'resolvePath'>,
): Promise<TableSource> {
  const path = await effects.resolvePath(file.path);
  return file.format === undefined ? { path } : { path, format: file.format };
}

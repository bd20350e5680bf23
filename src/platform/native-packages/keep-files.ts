import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Removes everything below a folder but what is named, and what lies in it.
 * @param keep paths below the folder, with forward slashes
 */
export async function keepFiles(folder: string, keep: readonly string[]): Promise<void> {
  await keepBelow(folder, '', keep);
}

async function keepBelow(folder: string, way: string, keep: readonly string[]): Promise<void> {
  for (const name of await readdir(join(folder, way))) {
    const path = way === '' ? name : `${way}/${name}`;
    if (keep.includes(path)) continue;
    if (keep.some((kept) => kept.startsWith(`${path}/`))) await keepBelow(folder, path, keep);
    else await rm(join(folder, path), { recursive: true });
  }
}

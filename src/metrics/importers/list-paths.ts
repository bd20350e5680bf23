import { UserError } from '../../evidence/errors.ts';
import type { ForeignSource } from './importer.ts';

/**
 * Files below a folder, or the file itself; none where the folder cannot be listed. For recognising, which never
 * throws: whoever reads the folder then is told why.
 */
export async function listPaths(source: ForeignSource): Promise<readonly string[]> {
  if (source.kind === 'file') return [source.name];
  try {
    return await source.list();
  } catch (error) {
    if (error instanceof UserError) return [];
    throw error;
  }
}

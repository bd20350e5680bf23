/**
 * Every format of another tool's results that is read. Recognised in this order, which goes from what only one tool
 * writes to what many do: plain numbers are last.
 */
import type { Importer } from './importer.ts';

export const FORMATS: readonly (readonly [format: string, load: () => Promise<Importer>])[] = [
  ['dvc', async () => (await import('./dvc.ts')).DVC],
];

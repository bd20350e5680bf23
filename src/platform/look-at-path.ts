import { stat } from 'node:fs/promises';

/** Whether something is there that can be looked at: what cannot be is as good as absent. */
export async function exists(path: string): Promise<boolean> {
  return await stat(path).then(
    () => true,
    () => false,
  );
}

/** The same, and it is a file. */
export async function isFile(path: string): Promise<boolean> {
  return await stat(path).then(
    (stats) => stats.isFile(),
    () => false,
  );
}

import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { BLESSINGS, chooseBlessing } from '../report/exports/blessing.ts';
import type { Evidence } from '../schemas/evidence.generated.ts';
import { explainWriteFailure } from './explain-write-failure.ts';
import { writeWhole } from './write-results.ts';

/**
 * Writes TFX's marker into a folder. What an earlier run left there is removed first, so that the two never lie side by
 * side, and a crash leaves no blessing. Throws as `writeWhole` does.
 */
export async function writeBlessing(folder: string, evidence: Evidence): Promise<string> {
  for (const name of BLESSINGS) {
    const path = join(folder, name);
    await rm(path, { force: true }).catch((error: unknown) => {
      throw explainWriteFailure(error, path);
    });
  }
  const marker = join(folder, chooseBlessing(evidence));
  await writeWhole(marker, '');
  return marker;
}

import { join } from 'node:path';
import { exportFile, renderExport } from '../report/exports/render-export.ts';
import type { ReportConfig } from '../schemas/config.generated.ts';
import type { Evidence } from '../schemas/evidence.generated.ts';
import { writeBlessing } from './write-blessing.ts';
import { writeWhole } from './write-results.ts';

/** Writes the files for other programs into a folder, and says where they are. Throws as `writeWhole` does. */
export async function writeExports(
  folder: string,
  evidence: Evidence,
  formats: ReportConfig['exports'],
): Promise<readonly string[]> {
  const written: string[] = [];
  for (const format of formats) {
    // A step that tests no model, as validation of data alone, has nothing that could be attested.
    if (format === 'in-toto' && evidence.body.subjects.length === 0) continue;
    if (format === 'blessing') {
      written.push(await writeBlessing(folder, evidence));
    } else {
      const path = join(folder, exportFile(format));
      await writeWhole(path, await renderExport(format, evidence));
      written.push(path);
    }
  }
  return written;
}

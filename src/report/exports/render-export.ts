/** What other programs read of evidence, by the name that config and command line give it. */
import type { Evidence } from '../../schemas/evidence.generated.ts';

type Render = (evidence: Evidence) => string;

/** Each is loaded where it is asked for. The file's ending is what the programs that read it expect. */
const EXPORTS = {
  junit: {
    file: 'report.junit.xml',
    load: async (): Promise<Render> => (await import('./junit.ts')).renderJunit,
  },
  sarif: {
    file: 'report.sarif',
    load: async (): Promise<Render> => (await import('./sarif.ts')).renderSarif,
  },
  openmetrics: {
    file: 'report.openmetrics.txt',
    load: async (): Promise<Render> => (await import('./openmetrics.ts')).renderOpenMetrics,
  },
  'in-toto': {
    file: 'report.intoto.json',
    load: async (): Promise<Render> => (await import('./in-toto.ts')).renderInToto,
  },
} as const satisfies Readonly<
  Record<string, { readonly file: string; readonly load: () => Promise<Render> }>
>;

export type ExportFormat = keyof typeof EXPORTS;

export const EXPORT_FORMATS = Object.keys(EXPORTS) as readonly ExportFormat[];

/** Name of the file that an export is written to, beside the report. */
export function exportFile(format: ExportFormat): string {
  return EXPORTS[format].file;
}

/** Evidence as another program reads it. */
export async function renderExport(format: ExportFormat, evidence: Evidence): Promise<string> {
  const render = await EXPORTS[format].load();
  return render(evidence);
}

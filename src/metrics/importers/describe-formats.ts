import { FORMATS } from './formats.ts';
import type { Importer } from './importer.ts';
import { MLFLOW_REST } from './mlflow-rest.ts';

export type FormatDescription = Pick<Importer, 'format' | 'title' | 'tested' | 'versions' | 'source'>;

/** Every format, in the order of the alphabet. */
export async function describeFormats(): Promise<readonly FormatDescription[]> {
  const importers = await Promise.all(FORMATS.map(([, load]) => load()));
  return [...importers, MLFLOW_REST]
    .map(({ format, title, tested, versions, source }) => ({ format, title, tested, versions, source }))
    .toSorted((left, right) => (left.format < right.format ? -1 : 1));
}

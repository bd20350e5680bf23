import type { ImportedNumber, ImportedRun } from './importer.ts';
import { numberInText } from '../../evidence/foreign/places.ts';

/**
 * What somebody wrote into a model as pairs of texts: those that are numbers are numbers too (`metadata.accuracy`), all
 * are attributes. The first of a key counts.
 */
export function readMetadata(
  pairs: readonly (readonly [key: string, value: string])[],
): Pick<ImportedRun, 'attributes'> & { readonly numbers: readonly ImportedNumber[] } {
  const first = new Map<string, string>();
  for (const [key, value] of pairs) if (!first.has(key)) first.set(key, value);
  return {
    numbers: Array.from(first).flatMap(([key, text]): ImportedNumber[] => {
      const value = numberInText(text);
      return value === undefined ? [] : [{ key: `metadata.${key}`, value }];
    }),
    attributes: Object.fromEntries(Array.from(first, ([key, value]) => [`metadata.${key}`, value])),
  };
}

import type { ImportedNumber, ImportedRun } from './importer.ts';

/** Longest text that counts as a number: a version or a digest is none. */
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/iu;

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
    numbers: Array.from(first)
      .filter(([, value]) => NUMBER.test(value.trim()))
      .map(([key, value]) => ({ key: `metadata.${key}`, value: Number(value.trim()) })),
    attributes: Object.fromEntries(Array.from(first, ([key, value]) => [`metadata.${key}`, value])),
  };
}

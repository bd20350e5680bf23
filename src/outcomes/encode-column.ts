import type { CodedColumn } from './outcomes.ts';

/** A column of texts as codes, numbered in the order in which the texts first appear. */
export function encodeColumn(texts: readonly string[]): CodedColumn {
  const codeOf = new Map<string, number>();
  const codes = Uint32Array.from(texts, (text) => {
    const known = codeOf.get(text);
    if (known !== undefined) return known;
    codeOf.set(text, codeOf.size);
    return codeOf.size - 1;
  });
  return { codes, values: [...codeOf.keys()] };
}

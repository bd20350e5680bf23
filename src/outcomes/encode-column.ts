import type { Labels } from '../engine/engine.ts';
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

/**
 * Labels in another order of rows, numbered anew by their first row there: the order of the file leaves no trace.
 * @param spell labels that it spells alike become one.
 */
export function recodeLabels(
  { codes, values }: Labels,
  order: Uint32Array,
  spell: (text: string) => string = (text) => text,
): CodedColumn {
  const merged = encodeColumn(values.map(spell));
  const numberOf = new Int32Array(merged.values.length).fill(-1);
  const found: string[] = [];
  const recoded = new Uint32Array(order.length);
  // Codes lie anywhere in memory: a loop that does nothing else waits for many of them at once.
  for (let index = 0; index < order.length; index++) recoded[index] = codes[order[index] ?? 0] ?? 0;
  for (let index = 0; index < order.length; index++) {
    const code = merged.codes[recoded[index] ?? 0] ?? 0;
    let number = numberOf[code] ?? -1;
    if (number === -1) {
      number = numberOf[code] = found.length;
      found.push(merged.values[code] ?? '');
    }
    recoded[index] = number;
  }
  return { codes: recoded, values: found };
}

import { countOf, showCount, showShare } from '../word-condition.ts';

/** "20 of 1,000 rows (2%)". */
export function wordPart(count: number, of: number, noun: string): string {
  const share = of === 0 ? '' : ` (${showShare(count / of)})`;
  return `${showCount(count)} of ${countOf(of, noun)}${share}`;
}

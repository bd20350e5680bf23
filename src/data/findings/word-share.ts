import { countOf, showCount } from '../word-condition.ts';

/** 0.0312 as "3.12%". */
export function wordShare(share: number): string {
  return `${(share * 100).toLocaleString('en-US', { maximumSignificantDigits: 3 })}%`;
}

/** "20 of 1,000 rows (2%)". */
export function wordPart(count: number, of: number, noun: string): string {
  const share = of === 0 ? '' : ` (${wordShare(count / of)})`;
  return `${showCount(count)} of ${countOf(of, noun)}${share}`;
}

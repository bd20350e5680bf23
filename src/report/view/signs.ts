import type { Outcome, Tendency } from './report-view.ts';

/** Which of five signs an outcome gets: what it does counts more than what it is called. */
export type Sign = 'pass' | 'warn' | 'fail' | 'undecided' | 'skipped';

/** The sign of an outcome. A failed check that only warns gets the sign of a warning. */
export function signOf({ verdict, effect }: Pick<Outcome, 'verdict' | 'effect'>): Sign {
  if (effect === 'fail') return 'fail';
  if (verdict === 'inconclusive') return 'undecided';
  if (effect === 'warn') return 'warn';
  return verdict === 'skipped' ? 'skipped' : 'pass';
}

/** A tendency with its sign: never a sign or a colour alone. */
export const TENDENCY_WORDS: Readonly<Record<Tendency, string>> = {
  better: '▲ better',
  worse: '▼ worse',
  unclear: '≈ no clear change',
  unchanged: '= unchanged',
  higher: '↑ higher',
  lower: '↓ lower',
  'not-compared': '– not compared',
};

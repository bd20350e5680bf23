import { PlanError } from '../../engine.ts';
import { runBounded } from '../../run-bounded.ts';

/** How long JavaScript may take for what the database gives at once, 2,048 rows at most. Usual ones take 10 ms. */
const LIMIT_MILLISECONDS = 10_000;

/**
 * Runs the part of a check that is JavaScript's.
 * @param rows how many it is about
 * @throws PlanError when it takes too long
 */
export function workBounded<T>(
  id: string,
  rows: number,
  work: () => T,
  limit: number = LIMIT_MILLISECONDS,
): T {
  const done = runBounded(work, limit);
  if (done !== undefined) return done.value;
  throw new PlanError(
    `The check ${id} took longer than ${limit / 1000} seconds for ${rows} ${rows === 1 ? 'row' : 'rows'}, so it was stopped.`,
    'It has a pattern that takes exponential time for some texts, as ^(a+)+$ does, or asks too much of long lists. Write the pattern so that there is one way to match a text, and without (?=…), (?!…) and \\1 where you can.',
  );
}

/** Which of some texts are accepted. */
export function judgeTexts(
  id: string,
  texts: readonly unknown[],
  accepts: (text: string) => boolean,
  limit?: number,
): readonly boolean[] {
  return workBounded(id, texts.length, () => texts.map((text) => accepts(String(text))), limit);
}

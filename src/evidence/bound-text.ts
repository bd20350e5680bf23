import { sha256 } from './digest.ts';

/** Longest one-line text that evidence holds (`shortText` of its schema), in code points. */
const MAX_SHORT_TEXT = 300;

/** A text of at most so many code points; one that was cut ends in `…`. */
export function boundText(text: string, most: number = MAX_SHORT_TEXT): string {
  return cutTo(text, most, most - 1, () => '…');
}

/** Longest sentence that evidence holds (`sentence` of its schema), in code points. */
const MAX_SENTENCE = 2000;

/** A message, reason or note of evidence. */
export function boundSentence(text: string): string {
  return boundText(text, MAX_SENTENCE);
}

/** Hexadecimal digits of a digest that tell texts apart which begin alike. */
const DIGEST_DIGITS = 16;

/** The same for ids, keys and values that are compared: what was cut ends in a digest, so that it stays distinct. */
export function boundDistinctly(text: string): string {
  return cutTo(
    text,
    MAX_SHORT_TEXT,
    MAX_SHORT_TEXT - DIGEST_DIGITS - 1,
    () => `~${sha256(text).slice(0, DIGEST_DIGITS)}`,
  );
}

/** A text that is longer than `most` code points is cut to the first `kept`, and `end` put behind them. */
function cutTo(text: string, most: number, kept: number, end: () => string): string {
  if (text.length <= most) return text;
  // A code point has at most two units: what lies behind these need not be counted.
  const characters = Array.from(text.slice(0, 2 * most + 2));
  return characters.length <= most ? text : `${characters.slice(0, kept).join('')}${end()}`;
}

import type { ConfigSource } from '../schemas/evidence.generated.ts';
import type { TextMistake } from './token-reader.ts';

/** Characters of a text that are shown before and behind a mistake. */
const SHOWN_BEFORE = 60;
const SHOWN_AFTER = 40;

/** A mistake in a text of the config: where the text stands, and where in it the mistake is. */
export function showMistake(
  { file, key, line, column }: ConfigSource,
  text: string,
  mistake: TextMistake,
): string {
  const position = [file, line, column].filter((part) => part !== undefined).join(':');
  return `${position}: \`${key}\`: ${showPlace(text, mistake)}`;
}

/** A mistake with the part of the text that it is in and a mark below the place. */
export function showPlace(text: string, { offset, text: told }: TextMistake): string {
  const before = foldSpace(text.slice(0, offset)).slice(-SHOWN_BEFORE);
  const behind = foldSpace(text.slice(offset)).slice(0, SHOWN_AFTER);
  return [
    `at character ${offset + 1}: ${told}`,
    `    ${before}${behind}`,
    `    ${' '.repeat(before.length)}^`,
  ].join('\n');
}

/** A text of several lines on one. */
export function foldSpace(text: string): string {
  return text.replaceAll(/[\s\p{Cc}]+/gu, ' ');
}

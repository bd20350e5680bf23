/**
 * What every target needs before it escapes: text that a reader sees as it is.
 * A name or a value may come from a stranger's pull request, and a comment is read by people who trust it.
 */

/**
 * Code points that cannot be seen or that change how their neighbours are read: controls, format characters (bidirectional
 * overrides, zero width), separators of lines, lone surrogates, private use, what is no character, and all that Unicode calls ignorable.
 */
const UNSEEN =
  /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}\p{Noncharacter_Code_Point}\p{Default_Ignorable_Code_Point}]/gu;
/** They only choose between the plain and the coloured form of a sign: leaving them out loses nothing. */
const VARIATION_SELECTORS = /[\uFE0E\uFE0F]/g;
/** Most texts: nothing in them needs a second look. */
const PLAIN = /^[ -~]*$/;
const SPACES = /[\t\n\v\f\r\p{Zs}\u2028\u2029]/gu;
/** More marks than this on one letter are no language; they would paint over the lines above and below. */
const STACKED_MARKS = /(\p{M}{4})\p{M}+/gu;

/**
 * One line of plain text. Each white-space character becomes a space; what cannot be seen is named in its place,
 * such as ⟨U+202E⟩, because a reader must learn that it is there.
 */
export function cleanLine(text: string): string {
  if (PLAIN.test(text)) return text;
  return text
    .replace(VARIATION_SELECTORS, '')
    .replace(SPACES, ' ')
    .replace(UNSEEN, nameCodePoint)
    .replace(STACKED_MARKS, '$1');
}

function nameCodePoint(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return `⟨U+${code.toString(16).toUpperCase().padStart(4, '0')}⟩`;
}

/** A text of this many code units for each code point asked for is long enough, whatever cleaning takes away. */
const UNITS_LOOKED_AT = 8;

/** Cleans a text and cuts it to at most `most` code points; a text that was cut ends in `…`. */
export function shorten(text: string, most: number): string {
  // A stranger's text may be long, and nobody reads what lies behind the cut.
  const head = text.slice(0, most * UNITS_LOOKED_AT).replace(/[\uD800-\uDBFF]$/, '');
  const line = cleanLine(head);
  if (line.length <= most && head.length === text.length) return line;
  const points = Array.from(line);
  if (points.length <= most && head.length === text.length) return line;
  return `${points.slice(0, most - 1).join('')}…`;
}

/** A stretch of a message: words, or something quoted between backticks. */
export interface Stretch {
  readonly kind: 'text' | 'code';
  readonly value: string;
}

/** Splits a message at its pairs of backticks, as messages quote names and values. An odd backtick, or a pair around nothing, is text. */
export function splitCode(message: string): readonly Stretch[] {
  return message
    .split(/(`[^`]*[^`\s][^`]*`)/)
    .map((part, index): Stretch =>
      index % 2 === 1 ? { kind: 'code', value: part.slice(1, -1) } : { kind: 'text', value: part },
    )
    .filter(({ value }) => value !== '');
}

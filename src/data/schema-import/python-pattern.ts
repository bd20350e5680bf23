/**
 * Regular expressions of Python's `re` (https://docs.python.org/3/library/re.html#regular-expression-syntax) as those
 * of JSON Schema: ECMA-262 with the flag u.
 */

/** `search`: somewhere; `match`: from the beginning; `fullmatch`: all of the text. */
type Anchoring = 'search' | 'match' | 'fullmatch';

export type TranslatedPattern =
  | { readonly pattern: string; readonly note?: string }
  | { readonly why: string };

/** Longest pattern of a data schema. */
const MAX_PATTERN = 1000;

/** A pattern that finds the same; or why there is none. */
export function translatePythonPattern(python: string, anchoring: Anchoring): TranslatedPattern {
  const flags = /^\(\?[aiLmsux]+\)/u.exec(python);
  if (flags !== null)
    return { why: `it begins with the flags \`${flags[0]}\`, which JSON Schema's patterns do not have` };
  if (/\(\?[aiLmsux-]+:/u.test(python))
    return { why: "it changes flags for a part, which JSON Schema's patterns cannot" };
  const pattern = anchor(rewrite(python), anchoring);
  if (pattern.length > MAX_PATTERN) return { why: `it has more than ${MAX_PATTERN} characters` };
  try {
    RegExp(pattern, 'u');
  } catch {
    return { why: 'ECMA-262, whose patterns JSON Schema has, cannot say it' };
  }
  return /\\[dDwWbB]/u.test(pattern)
    ? {
        pattern,
        note: String.raw`\d, \w and \b mean the digits and letters of ASCII here, those of every script in Python.`,
      }
    : { pattern };
}

function anchor(pattern: string, anchoring: Anchoring): string {
  if (anchoring === 'search') return pattern;
  const isOne = !pattern.includes('|');
  const begun = isOne && pattern.startsWith('^') ? pattern : `^${isOne ? pattern : `(?:${pattern})`}`;
  return anchoring === 'match' || (isOne && /(?<!\\)\$$/u.test(begun)) ? begun : `${begun}$`;
}

/** Escapes that ECMA-262 writes otherwise. */
const ESCAPES: Readonly<Record<string, string>> = {
  A: '^',
  Z: '$',
  z: '$',
  a: String.raw`\x07`,
};

/** Signs that ECMA-262 lets a backslash stand before, with the flag u. */
const SYNTAX_SIGNS = '^$\\.*+?()[]{}|/';

function rewrite(python: string): string {
  let out = '';
  let isInClass = false;
  let position = 0;
  while (position < python.length) {
    const rest = python.slice(position);
    const [length, text] = isInClass ? rewriteInClass(rest) : rewriteOutside(rest);
    if (!isInClass && text.startsWith('[') && length > 0) isInClass = true;
    else if (isInClass && text === ']') isInClass = false;
    out += text;
    position += length;
  }
  return out;
}

/** The first code point. */
function firstSign(text: string): string {
  return /^./su.exec(text)?.[0] ?? '';
}

/** How many characters the next piece has, and what stands for it. */
type Piece = readonly [length: number, text: string];

function rewriteOutside(rest: string): Piece {
  const named = /^\(\?P<(\w+)>/u.exec(rest);
  if (named !== null) return [named[0].length, `(?<${named[1]}>`];
  const reference = /^\(\?P=(\w+)\)/u.exec(rest);
  if (reference !== null) return [reference[0].length, String.raw`\k<${reference[1]}>`];
  const comment = /^\(\?#[^)]*\)/u.exec(rest);
  if (comment !== null) return [comment[0].length, ''];
  const fewest = /^\{,(\d+)\}/u.exec(rest);
  if (fewest !== null) return [fewest[0].length, `{0,${fewest[1]}}`];
  const quantifier = /^\{\d+(?:,\d*)?\}/u.exec(rest);
  if (quantifier !== null) return [quantifier[0].length, quantifier[0]];
  // A bracket right after the opening one is one of the class's own characters in Python.
  const opening = /^\[\^?\]/u.exec(rest);
  if (opening !== null) return [opening[0].length, `${opening[0].slice(0, -1)}${String.raw`\]`}`];
  const open = /^\[\^?/u.exec(rest);
  if (open !== null) return [open[0].length, open[0]];
  if (rest.startsWith('\\')) return rewriteEscape(rest, '');
  const sign = firstSign(rest);
  return [sign.length, '{}]'.includes(sign) ? `\\${sign}` : sign];
}

function rewriteInClass(rest: string): Piece {
  if (rest.startsWith('\\')) return rewriteEscape(rest, '-');
  const sign = firstSign(rest);
  return [sign.length, sign];
}

function rewriteEscape(rest: string, alsoEscaped: string): Piece {
  const long = /^\\U([0-9A-Fa-f]{8})/u.exec(rest);
  if (long !== null) return [long[0].length, String.raw`\u{${(long[1] ?? '').replace(/^0+(?=.)/u, '')}}`];
  const sign = firstSign(rest.slice(1));
  const length = 1 + sign.length;
  const known = alsoEscaped === '' || sign === 'a' ? ESCAPES[sign] : undefined;
  if (known !== undefined) return [length, known];
  const isNeeded = /[0-9A-Za-z]/u.test(sign) || SYNTAX_SIGNS.includes(sign) || alsoEscaped.includes(sign);
  return [length, isNeeded ? `\\${sign}` : sign];
}

/** A pattern that this text, as it is, matches: for what begins, ends or contains. */
export function quotePattern(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\/]/gu, String.raw`\$&`);
}

/** A pattern of SQL's LIKE: `%` is any text, `_` one character. */
export function translateLikePattern(like: string): string {
  const parts = Array.from(like, (sign) =>
    sign === '%' ? String.raw`[\s\S]*` : sign === '_' ? String.raw`[\s\S]` : quotePattern(sign),
  );
  return `^${parts.join('')}$`;
}

/**
 * Regular expressions that RE2 (inside DuckDB) and ECMA-262 understand alike, or that can be respelled so that they do.
 * Everything else is `undefined`, and then JavaScript runs the pattern itself: look-around, back references, `\p`,
 * flags, surrogate escapes, large repetitions.
 */

/** ECMA-262 WhiteSpace and LineTerminator (sections 12.2 and 12.3); RE2's `\s` knows only ASCII. */
const SPACE =
  '\\t-\\r \\x{a0}\\x{1680}\\x{2000}-\\x{200a}\\x{2028}\\x{2029}\\x{202f}\\x{205f}\\x{3000}\\x{feff}';
const NOT_LINE_END = '[^\\n\\r\\x{2028}\\x{2029}]';

const OUTSIDE_CLASS: Readonly<Record<string, string>> = {
  d: '[0-9]',
  D: '[^0-9]',
  w: '[A-Za-z0-9_]',
  W: '[^A-Za-z0-9_]',
  s: `[${SPACE}]`,
  S: `[^${SPACE}]`,
  b: '\\b',
  B: '\\B',
};
/** A negated class cannot be spelled inside another without knowing all of Unicode, but RE2 has `\D` and `\W` itself. */
const INSIDE_CLASS: Readonly<Record<string, string>> = {
  d: '0-9',
  D: '\\D',
  w: 'A-Za-z0-9_',
  W: '\\W',
  s: SPACE,
};
const CONTROLS: Readonly<Record<string, number>> = { t: 9, n: 10, v: 11, f: 12, r: 13, 0: 0 };

/** RE2 refuses more than 1,000 copies of an expression, and its memory is bounded. */
const MAXIMUM_COPIES = 200;
const MAXIMUM_PATTERN_LENGTH = 1_000;

/** A literal spelled so that no engine can take it for anything else. */
function spell(codePoint: number): string {
  const character = String.fromCodePoint(codePoint);
  return /[0-9A-Za-z]/u.test(character) ? character : `\\x{${codePoint.toString(16)}}`;
}

interface Step {
  readonly text: string;
  readonly length: number;
}

/** Tokens that mean the same in both, longest first. */
const SAME = /^(?:\(\?:|[()|^$])/u;
const NAMED_GROUP = /^\(\?<[A-Za-z_][A-Za-z0-9_]*>/u;
const QUANTIFIER = /^(?:[*+?]|\{([0-9]+)(,?)([0-9]*)\})\??/u;
const ESCAPED_CODE_POINT = /^\\(?:x([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4})|u\{([0-9A-Fa-f]{1,6})\})/u;

function isSurrogate(codePoint: number): boolean {
  return codePoint >= 0xd800 && codePoint <= 0xdfff;
}

/** An escape that stands for one character; undefined when it is none, or half a surrogate pair. */
function readEscapedCharacter(
  rest: string,
): { readonly codePoint: number; readonly length: number } | undefined {
  const hex = ESCAPED_CODE_POINT.exec(rest);
  if (hex !== null) {
    const codePoint = Number.parseInt(hex[1] ?? hex[2] ?? hex[3] ?? '', 16);
    return isSurrogate(codePoint) ? undefined : { codePoint, length: hex[0].length };
  }
  const letter = rest[1] ?? '';
  const control = CONTROLS[letter];
  if (control !== undefined) {
    return { codePoint: control, length: 2 };
  }
  return /[\^$\\.*+?()[\]{}|/-]/u.test(letter) ? { codePoint: letter.charCodeAt(0), length: 2 } : undefined;
}

function readEscape(rest: string, named: Readonly<Record<string, string>>): Step | undefined {
  const text = named[rest[1] ?? ''];
  if (text !== undefined) {
    return { text, length: 2 };
  }
  const character = readEscapedCharacter(rest);
  return character === undefined ? undefined : { text: spell(character.codePoint), length: character.length };
}

function readCharacter(rest: string): Step {
  const codePoint = rest.codePointAt(0) ?? 0;
  return { text: spell(codePoint), length: codePoint > 0xffff ? 2 : 1 };
}

function readMember(rest: string): Step | undefined {
  return rest.startsWith('\\') ? readEscape(rest, INSIDE_CLASS) : readCharacter(rest);
}

/** A bracketed class, member by member. Empty classes are ECMA's own (`[]` never matches, `[^]` always). */
function readClass(rest: string): Step | undefined {
  let at = rest.startsWith('[^') ? 2 : 1;
  let text = rest.slice(0, at);
  if (rest[at] === ']') {
    return undefined;
  }
  while (at < rest.length && rest[at] !== ']') {
    const first = readMember(rest.slice(at));
    at += first?.length ?? 0;
    const isRange = rest[at] === '-' && rest[at + 1] !== ']';
    const last = isRange ? readMember(rest.slice(at + 1)) : undefined;
    if (first === undefined || (isRange && last === undefined)) {
      return undefined;
    }
    text += last === undefined ? first.text : `${first.text}-${last.text}`;
    at += last === undefined ? 0 : last.length + 1;
  }
  return { text: `${text}]`, length: at + 1 };
}

function readQuantifier(rest: string): (Step & { readonly copies: number }) | undefined {
  const match = QUANTIFIER.exec(rest);
  return match === null
    ? undefined
    : {
        text: match[0],
        length: match[0].length,
        copies: Math.max(1, Number(match[1] ?? 1), Number(match[3] ?? 1)),
      };
}

function readStep(rest: string): Step | undefined {
  const first = rest[0];
  if (first === '[') {
    return readClass(rest);
  }
  if (first === '\\') {
    return readEscape(rest, OUTSIDE_CLASS);
  }
  if (first === '.') {
    return { text: NOT_LINE_END, length: 1 };
  }
  const named = NAMED_GROUP.exec(rest);
  if (named !== null) {
    return { text: '(?:', length: named[0].length };
  }
  if (rest.startsWith('(?') && !rest.startsWith('(?:')) {
    return undefined;
  }
  const same = SAME.exec(rest);
  return same === null ? readCharacter(rest) : { text: same[0], length: same[0].length };
}

/**
 * The pattern in RE2's spelling, for a search anywhere in the text, or undefined if the two engines could differ on it.
 *
 * @param pattern A valid ECMA-262 regular expression with the `u` flag.
 */
export function translatePattern(pattern: string): string | undefined {
  if (pattern.length > MAXIMUM_PATTERN_LENGTH || /\p{Surrogate}/u.test(pattern)) {
    return undefined;
  }
  let copies = 1;
  let text = '';
  for (let at = 0; at < pattern.length;) {
    const rest = pattern.slice(at);
    const quantifier = readQuantifier(rest);
    const step = quantifier ?? readStep(rest);
    copies *= quantifier?.copies ?? 1;
    if (step === undefined || copies > MAXIMUM_COPIES) {
      return undefined;
    }
    text += step.text;
    at += step.length;
  }
  return text;
}

/**
 * Whether a translated pattern begins with `^` and ends with `$` in each of its alternatives, so that it can only match a
 * whole text. DuckDB then matches it two to three times as fast as a search (here: 50 against 180 ns a cell).
 */
export function matchesWholeTexts(translated: string): boolean {
  if (!translated.startsWith('^') || !/(?:^|[^\\])\$$/u.test(translated)) {
    return false;
  }
  let depth = 0;
  for (const [token] of translated.matchAll(/\\.|\[(?:\\.|[^\]\\])*\]|[()|]/gsu)) {
    if (token === '|' && depth === 0) {
      return false;
    }
    depth += token === '(' ? 1 : token === ')' ? -1 : 0;
  }
  return true;
}

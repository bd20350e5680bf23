/**
 * Protocol Buffers in text (https://protobuf.dev/reference/protobuf/textformat-spec/), without their descriptors: every
 * field is a list of its values in the order of the file. Strings are JSON's; names of enums are strings.
 */
import { UserError } from '../../evidence/errors.ts';

export type TextMessage = ReadonlyMap<string, readonly TextValue[]>;
export type TextValue = string | number | boolean | TextMessage;

/** Deepest nesting: a schema has about six levels. */
const MAX_DEPTH = 64;

interface Token {
  readonly kind: 'sign' | 'word' | 'text' | 'number';
  readonly text: string;
  readonly at: number;
}

interface Cursor {
  readonly tokens: readonly Token[];
  position: number;
  readonly file: string;
  readonly source: string;
}

/** The message of a file. Throws a UserError with the line of what is no text of Protocol Buffers. */
export function parseTextProto(source: string, file: string): TextMessage {
  const cursor: Cursor = { tokens: tokenise(source, file), position: 0, file, source };
  const message = parseFields(cursor, undefined, 0);
  return message;
}

const TOKEN =
  /(?<blank>[\s]+|#[^\n]*)|(?<text>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')|(?<number>-?\s?(?:0[xX][0-9a-fA-F]+|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?[fF]?))(?![\w])|(?<word>-?[A-Za-z_][\w]*)|(?<sign>[{}<>[\]:,;./])/uy;

function tokenise(source: string, file: string): readonly Token[] {
  const tokens: Token[] = [];
  const pattern = new RegExp(TOKEN);
  while (pattern.lastIndex < source.length) {
    const at = pattern.lastIndex;
    const groups = pattern.exec(source)?.groups;
    if (groups === undefined) throw broken(source, at, file, 'is no part of a text of Protocol Buffers');
    for (const kind of ['text', 'number', 'word', 'sign'] as const) {
      const text = groups[kind];
      if (text !== undefined) tokens.push({ kind, text, at });
    }
  }
  return tokens;
}

function broken(source: string, at: number, file: string, what: string): UserError {
  const line = source.slice(0, at).split('\n').length;
  const shown = JSON.stringify(source.slice(at, at + 20).split('\n')[0] ?? '');
  return new UserError(
    at >= source.length
      ? `${file}, line ${line}: the file ends in the middle of a message.`
      : `${file}, line ${line}: ${shown} ${what}.`,
    { help: 'Take the file as TFDV wrote it (`tfdv.write_schema_text`).' },
  );
}

function fail(cursor: Cursor, what: string): UserError {
  return broken(cursor.source, cursor.tokens[cursor.position]?.at ?? cursor.source.length, cursor.file, what);
}

function peek(cursor: Cursor): string | undefined {
  const token = cursor.tokens[cursor.position];
  return token?.kind === 'sign' ? token.text : undefined;
}

function skip(cursor: Cursor, signs: readonly string[]): boolean {
  const sign = peek(cursor);
  if (sign === undefined || !signs.includes(sign)) return false;
  cursor.position += 1;
  return true;
}

/** @param end the sign that closes the message; the end of the file without one */
function parseFields(cursor: Cursor, end: string | undefined, depth: number): TextMessage {
  if (depth > MAX_DEPTH) throw fail(cursor, `nests deeper than ${MAX_DEPTH} levels`);
  const fields = new Map<string, readonly TextValue[]>();
  while (cursor.position < cursor.tokens.length) {
    if (end !== undefined && skip(cursor, [end])) return fields;
    const name = parseName(cursor);
    const values = parseValues(cursor, skip(cursor, [':']), depth);
    fields.set(name, [...(fields.get(name) ?? []), ...values]);
    skip(cursor, [',', ';']);
  }
  if (end !== undefined) throw fail(cursor, 'is not the end of the message');
  return fields;
}

/** A name, or one of an extension or of an `Any` in brackets. */
function parseName(cursor: Cursor): string {
  if (skip(cursor, ['['])) {
    let name = '';
    while (!skip(cursor, [']'])) {
      const token = cursor.tokens[cursor.position];
      if (token === undefined || '{}<>'.includes(token.text))
        throw fail(cursor, 'is no name of an extension');
      name += token.text;
      cursor.position += 1;
    }
    return `[${name}]`;
  }
  const token = cursor.tokens[cursor.position];
  if (token?.kind !== 'word') throw fail(cursor, 'stands where the name of a field must');
  cursor.position += 1;
  return token.text;
}

function parseValues(cursor: Cursor, hasColon: boolean, depth: number): readonly TextValue[] {
  if (!skip(cursor, ['['])) return [parseValue(cursor, hasColon, depth)];
  const values: TextValue[] = [];
  while (!skip(cursor, [']'])) {
    values.push(parseValue(cursor, true, depth));
    if (peek(cursor) !== ']' && !skip(cursor, [',']))
      throw fail(cursor, 'stands in a list where a comma must');
  }
  return values;
}

function parseValue(cursor: Cursor, mayBeScalar: boolean, depth: number): TextValue {
  if (skip(cursor, ['{'])) return parseFields(cursor, '}', depth + 1);
  if (skip(cursor, ['<'])) return parseFields(cursor, '>', depth + 1);
  const token = cursor.tokens[cursor.position];
  if (token === undefined || token.kind === 'sign' || !mayBeScalar) throw fail(cursor, 'is no value');
  cursor.position += 1;
  if (token.kind === 'text') return parseTexts(cursor, token.text);
  return token.kind === 'number' ? parseNumber(token.text) : parseWord(token.text);
}

/** Strings that follow each other are one. */
function parseTexts(cursor: Cursor, first: string): string {
  let text = unescape(first);
  for (
    let next = cursor.tokens[cursor.position];
    next?.kind === 'text';
    next = cursor.tokens[cursor.position]
  ) {
    text += unescape(next.text);
    cursor.position += 1;
  }
  return text;
}

const NAMED: Readonly<Record<string, number>> = { a: 7, b: 8, f: 12, n: 10, r: 13, t: 9, v: 11 };

/** Escapes are bytes of UTF-8, or code points after `\u`. */
function unescape(quoted: string): string {
  const bytes: number[] = [];
  const inner = quoted.slice(1, -1);
  const pieces = inner.matchAll(
    /\\(?:([0-7]{1,3})|[xX]([0-9a-fA-F]{1,2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(.))|[^\\]+/gsu,
  );
  for (const [all, octal, hex, short, long, sign] of pieces) {
    const code = short ?? long;
    if (octal !== undefined) bytes.push(Number.parseInt(octal, 8) & 0xff);
    else if (hex !== undefined) bytes.push(Number.parseInt(hex, 16));
    else if (code !== undefined) bytes.push(...Buffer.from(toCharacter(Number.parseInt(code, 16))));
    else if (sign !== undefined && NAMED[sign] !== undefined) bytes.push(NAMED[sign]);
    else bytes.push(...Buffer.from(sign ?? all));
  }
  return Buffer.from(bytes).toString('utf8');
}

const MAX_CODE_POINT = 0x10_ff_ff;
const REPLACEMENT = '\u{FFFD}';

function toCharacter(code: number): string {
  return code > MAX_CODE_POINT ? REPLACEMENT : String.fromCodePoint(code);
}

/** A number; a whole one that a double would change stays a text. */
function parseNumber(text: string): number | string {
  const plain = text.replaceAll(/\s/gu, '').replace(/(?<!0[xX][0-9a-fA-F]*)[fF]$/u, '');
  const isOctal = /^-?0[0-7]+$/u.test(plain);
  const number = isOctal
    ? Number.parseInt(plain, 8)
    : plain.startsWith('-')
      ? -Number(plain.slice(1))
      : Number(plain);
  return /^-?\d+$/u.test(plain) && !Number.isSafeInteger(number) ? plain : number;
}

function parseWord(word: string): TextValue {
  const lower = word.toLowerCase();
  if (lower === 'true' || lower === 'false') return lower === 'true';
  if (['inf', 'infinity'].includes(lower)) return Number.POSITIVE_INFINITY;
  if (['-inf', '-infinity'].includes(lower)) return Number.NEGATIVE_INFINITY;
  return ['nan', '-nan'].includes(lower) ? Number.NaN : word;
}

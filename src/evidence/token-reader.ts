/** The words and signs of the small languages of the config: rules, and conditions of slices. */

/** What is wrong with a text, and where in it, from 0. */
export interface TextMistake {
  readonly offset: number;
  readonly text: string;
}

/** Ends the reading at the first mistake; `readText` turns it into a value. */
export class Mistake extends Error {
  readonly offset: number;

  constructor(offset: number, text: string) {
    super(text);
    this.offset = offset;
  }
}

interface Token {
  readonly kind: 'word' | 'quoted' | 'sign' | 'end';
  /** A quoted text without its quotes. */
  readonly text: string;
  readonly offset: number;
}

const TOKEN =
  /\s+|(?<word>[\p{L}\p{N}_./:-]+)|"(?<double>[^"]*)"|'(?<single>[^']*)'|(?<sign>[<>=!]+|[&|]+|.)/suy;

function listTokens(text: string): readonly Token[] {
  const tokens: Token[] = [];
  const pattern = new RegExp(TOKEN);
  for (let offset = 0; offset < text.length; offset = pattern.lastIndex) {
    pattern.lastIndex = offset;
    const groups = pattern.exec(text)?.groups ?? {};
    const { word, double, single, sign } = groups;
    const quoted = double ?? single;
    if (word !== undefined) tokens.push({ kind: 'word', text: word, offset });
    else if (quoted !== undefined) tokens.push({ kind: 'quoted', text: quoted, offset });
    else if (sign !== undefined) tokens.push({ kind: 'sign', text: sign, offset });
  }
  return [...tokens, { kind: 'end', text: '', offset: text.length }];
}

export interface Reader {
  readonly peek: () => Token;
  readonly take: () => Token;
  /** Takes the next token if it is this word or sign. */
  readonly takeIf: (text: string) => boolean;
  /** Throws a mistake at the next token: what stands there and what belongs there. */
  readonly refuse: (expected: string) => never;
}

/** How parts are put together: of a single one no combination is made. */
type Combine<T> = (kind: 'all' | 'any', parts: readonly T[]) => T;

/** Parts joined by `and`, those joined by `or`: `and` binds closer. */
export function readLogic<T>(reader: Reader, readPart: () => T, combine: Combine<T>): T {
  const readJoined = (word: string, kind: 'all' | 'any', readOne: () => T): T => {
    const first = readOne();
    const parts = [first];
    while (reader.takeIf(word)) parts.push(readOne());
    return parts.length === 1 ? first : combine(kind, parts);
  };
  return readJoined('or', 'any', () => readJoined('and', 'all', readPart));
}

/** A small language: what its texts are called, and what to write for what other languages write. */
export interface Language {
  /** `rule`, as in "the end of the rule". */
  readonly name: string;
  /** Longest text that is read, in characters. */
  readonly maxLength: number;
  readonly hints: Readonly<Record<string, string>>;
}

export type ReadText<Tree> =
  | { readonly ok: true; readonly tree: Tree }
  | { readonly ok: false; readonly mistake: TextMistake };

/**
 * Reads a whole text. Never throws: what is wrong first is returned, with what is allowed there.
 * @param read takes tokens from the reader; what it leaves is its own to refuse
 */
export function readText<Tree>(
  text: string,
  language: Language,
  read: (reader: Reader) => Tree,
): ReadText<Tree> {
  const { name, maxLength } = language;
  if (text.length > maxLength) {
    const told = `a ${name} may have at most ${maxLength} characters; this one has ${text.length}.`;
    return { ok: false, mistake: { offset: maxLength, text: told } };
  }
  try {
    return { ok: true, tree: read(makeReader(listTokens(text), language)) };
  } catch (error) {
    if (error instanceof Mistake)
      return { ok: false, mistake: { offset: error.offset, text: error.message } };
    throw error;
  }
}

function makeReader(tokens: readonly Token[], language: Language): Reader {
  let index = 0;
  const end: Token = tokens.at(-1) ?? { kind: 'end', text: '', offset: 0 };
  const peek = (): Token => tokens[index] ?? end;
  const take = (): Token => {
    const token = peek();
    index += 1;
    return token;
  };
  return {
    peek,
    take,
    takeIf: (text) => {
      const matches = peek().kind !== 'quoted' && peek().text === text && peek().kind !== 'end';
      if (matches) take();
      return matches;
    },
    refuse: (expected) => {
      const token = peek();
      throw new Mistake(
        token.offset,
        `${nameToken(token, language)} stands where ${expected} belongs.${hintAt(token, language)}`,
      );
    },
  };
}

function nameToken({ kind, text }: Token, { name }: Language): string {
  if (kind === 'end') return `the end of the ${name}`;
  const shown = text.length > 40 ? `${text.slice(0, 39)}…` : text;
  return kind === 'quoted' ? `"${shown}"` : `\`${shown}\``;
}

function hintAt({ kind, text }: Token, { hints }: Language): string {
  if (kind === 'quoted' || kind === 'end') return '';
  const hint = Object.hasOwn(hints, text) ? hints[text] : undefined;
  return hint === undefined ? '' : ` ${hint}`;
}

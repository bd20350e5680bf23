/**
 * YAML 1.2 (and with it JSON) to a value whose every part knows its line and column. Written for strangers' files:
 * nothing here recurses on unchecked depth, expands aliases without bound, or lets one key silently win over another.
 */
import { Composer, LineCounter, Parser, type CST, type Document, type YAMLError } from 'yaml';
import { UserError } from '../evidence/errors.ts';
import { MAX_ALIAS_EXPANSIONS, MAX_DEPTH } from './limits.ts';
import { makeMistakesError, type Mistake, type Position } from './mistake.ts';
import { refuseLargeDocument } from './read-document.ts';
import { examineTree, makeLocator, type PositionAt } from './yaml-tree.ts';

export interface LocatedValue {
  readonly value: unknown;
  /** Whole numbers of which `value` holds the nearest double only. */
  readonly rounded: readonly Mistake[];
  /** Where the key at the end of a path stands; for a path that leads nowhere, where its nearest ancestor does. */
  readonly locateKey: (path: readonly string[]) => Position;
  /** The same for the value. */
  readonly locateValue: (path: readonly string[]) => Position;
}

/**
 * The schema is fixed, so that a `%YAML 1.1` line cannot turn `no` into false. Merge keys are not read: nested ones
 * take exponential time. Uniqueness of keys is checked by `examineTree`: the composer's own check is quadratic.
 */
const OPTIONS = {
  schema: 'core',
  merge: false,
  stringKeys: true,
  uniqueKeys: false,
  prettyErrors: false,
  logLevel: 'silent',
} as const;

/** Throws a UserError that lists every mistake with its line and column. */
export function readYaml(source: string, file: string): LocatedValue {
  refuseLargeDocument(Buffer.byteLength(source), file);
  const text = source.replace(/^\u{feff}/u, '');
  const lines = new LineCounter();
  const tokens = [...new Parser(lines.addNewLine).parse(text)];
  refuseDeepNesting(tokens, file);
  const [document, second] = [...new Composer(OPTIONS).compose(tokens, true, text.length)];
  if (document?.contents == null || isBlank(document)) throw makeEmptyError(file);
  const positionAt: PositionAt = (offset) => toPosition(lines.linePos(offset));
  const { mistakes, rounded, targets } = examineTree(document.contents, positionAt);
  const all = [
    ...[...document.errors, ...document.warnings].map((error) => describeSyntax(error, text, positionAt)),
    ...(second === undefined ? [] : [describeSecondDocument(second, text, positionAt)]),
    ...mistakes,
  ];
  if (all.length > 0) throw makeMistakesError(file, all);
  const locate = makeLocator(document.contents, targets, positionAt);
  return {
    value: expand(document, file),
    rounded,
    locateKey: (path) => locate(path).key,
    locateValue: (path) => locate(path).value,
  };
}

function toPosition({ line, col }: { readonly line: number; readonly col: number }): Position {
  return { line: Math.max(1, line), column: Math.max(1, col) };
}

/** Nothing but blanks and comments: the composer makes an empty scalar of it. */
function isBlank(document: Document.Parsed): boolean {
  const [start, end] = document.contents?.range ?? [0, 0];
  return document.errors.length === 0 && start === end;
}

function makeEmptyError(file: string): UserError {
  return new UserError(`${file} is empty.`, {
    help: 'Run `mlgate init` for a first config and data schema.',
  });
}

/**
 * The composer recurses, and a regular expression that is compiled when the stack is nearly full ends the whole
 * process, so depth is measured on the tokens first, without recursion.
 */
function refuseDeepNesting(tokens: readonly CST.Token[], file: string): void {
  const waiting: { readonly token: CST.Token; readonly depth: number }[] = tokens.map((token) => ({
    token,
    depth: 0,
  }));
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { token, depth } = next;
    if (depth > MAX_DEPTH) {
      throw new UserError(`${file} is nested more than ${MAX_DEPTH} levels deep.`, {
        help: 'Check the path: is this a config or a schema?',
      });
    }
    for (const child of listChildren(token)) waiting.push({ token: child, depth: depth + 1 });
  }
}

function listChildren(token: CST.Token): readonly CST.Token[] {
  if (token.type === 'document') return token.value === undefined ? [] : [token.value];
  if (!('items' in token)) return [];
  return token.items.flatMap((item) => [item.key, item.value]).filter((child) => child != null);
}

const SYNTAX_TEXTS: Readonly<Partial<Record<YAMLError['code'], string>>> = {
  TAB_AS_INDENT: 'a tab is used to indent; YAML allows blanks only.',
  NON_STRING_KEY: 'a key must be a plain text.',
  BLOCK_AS_IMPLICIT_KEY:
    'a mapping begins in the middle of a line. Put a text that holds `: ` in quotes, or check the indentation.',
  BAD_SCALAR_START: 'a text may not begin with this character. Put it in quotes.',
  TAG_RESOLVE_FAILED: 'a tag (`!…`) is used; only plain YAML is read.',
};

function describeSyntax(error: YAMLError, text: string, positionAt: PositionAt): Mistake {
  const [offset] = error.pos;
  const place = offset >= text.length ? ' (at the end of the file)' : '';
  const told = SYNTAX_TEXTS[error.code] ?? `not valid YAML: ${error.message}${place}.`;
  return { position: positionAt(offset), path: [], text: told };
}

function describeSecondDocument(second: Document.Parsed, text: string, positionAt: PositionAt): Mistake {
  const marker = text.indexOf('---', second.range[0]);
  return {
    position: positionAt(marker < 0 ? second.range[0] : marker),
    path: [],
    text: 'a second YAML document begins here; a file may hold one. Remove the line `---`.',
  };
}

function expand(document: Document.Parsed, file: string): unknown {
  try {
    return document.toJS({ maxAliasCount: MAX_ALIAS_EXPANSIONS });
  } catch (cause) {
    if (!(cause instanceof ReferenceError)) throw cause;
    throw new UserError(`The aliases of ${file} expand to more than ${MAX_ALIAS_EXPANSIONS} copies.`, {
      help: 'Write the values out, or check the path: is this a config or a schema?',
      cause,
    });
  }
}

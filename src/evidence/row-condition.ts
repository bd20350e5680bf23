/** Conditions on rows, of slices and of tables: `mass > 10 and time_of_day in ('Night', 'Dusk')`. */
import { normaliseLabel } from './normalise-label.ts';
import {
  Mistake,
  readLogic,
  readText,
  type Language,
  type Reader,
  type TextMistake,
} from './token-reader.ts';

const SIGNS = ['<=', '>=', '!=', '=', '<', '>'] as const;
export type Sign = (typeof SIGNS)[number];

/** A column beside values of one kind; an empty text stands for an empty cell in both. */
export interface ColumnCondition {
  readonly kind: 'column';
  readonly column: string;
  /** `in` and `not in` are `=` and `!=` with several values. */
  readonly sign: Sign;
  readonly values: readonly (string | number)[];
  /** Where the first value stands in the text, from 0. */
  readonly offset: number;
}

export type RowCondition =
  | ColumnCondition
  | { readonly kind: 'all' | 'any'; readonly parts: readonly RowCondition[] }
  | { readonly kind: 'not'; readonly part: RowCondition };

export type ParsedCondition =
  | { readonly ok: true; readonly tree: RowCondition }
  | { readonly ok: false; readonly mistake: TextMistake };

/** Deepest nesting: nobody reads more, and the parser recurses. */
const MAX_DEPTH = 10;

/** Most comparisons of one condition, each of which is a pass over the examples. */
const MAX_COMPARISONS = 50;

const LANGUAGE: Language = {
  name: 'condition',
  maxLength: 1000,
  hints: {
    '&&': 'Write `and`.',
    '&': 'Write `and`.',
    '||': 'Write `or`.',
    '|': 'Write `or`.',
    AND: 'Write `and`.',
    OR: 'Write `or`.',
    NOT: 'Write `not`.',
    IN: 'Write `in`.',
    '!': 'Write `not`.',
    '==': 'Write `=`.',
    '===': 'Write `=`.',
    '<>': 'Write `!=`.',
    '=<': 'Write `<=`.',
    '=>': 'Write `>=`.',
    is: "Write `= ''` for an empty cell.",
    like: 'There are no patterns: list the values with `in (…)`.',
    between: 'Write `age >= 18 and age < 65`.',
    '/': 'There is no arithmetic.',
    '*': 'There is no arithmetic.',
    '+': 'There is no arithmetic.',
    '"': 'This quotation mark is not closed.',
    "'": 'This quotation mark is not closed.',
  },
};

/**
 * Reads a condition. Never throws: what is wrong first is returned, with its place and what is allowed there.
 *
 *     condition = all { "or" all }
 *     all       = part { "and" part }
 *     part      = "not" part | "(" condition ")" | column sign value | column ["not"] "in" "(" value { "," value } ")"
 *     sign      = "=" | "!=" | "<" | "<=" | ">" | ">="
 *
 * A column or a value with blanks or signs is quoted. A bare number is a number, everything else a text. A column is
 * compared with numbers or with texts, not with both.
 */
export function parseCondition(text: string): ParsedCondition {
  return readText(text, LANGUAGE, (reader) => {
    const tree = readAny(reader, 0);
    if (reader.peek().kind !== 'end') reader.refuse('`and`, `or` or the end');
    refuseMixture(listComparisons(tree));
    return tree;
  });
}

function refuseMixture(comparisons: readonly ColumnCondition[]): void {
  const tooMany = comparisons[MAX_COMPARISONS];
  if (tooMany !== undefined) {
    const told = `a condition may have at most ${MAX_COMPARISONS} comparisons; this one has ${comparisons.length}. List values with \`in (…)\`.`;
    throw new Mistake(tooMany.offset, told);
  }
  const known = new Map<string, 'number' | 'text'>();
  for (const { column, values, offset } of comparisons) {
    for (const value of values) {
      const kind = kindOf(value);
      if (kind === undefined) continue;
      if ((known.get(column) ?? kind) !== kind) {
        const told = `the column \`${column}\` is compared with numbers and with texts. Quote the numbers, if they are names.`;
        throw new Mistake(offset, told);
      }
      known.set(column, kind);
    }
  }
}

/** Undefined for the empty text, which is an empty cell of either kind. */
function kindOf(value: string | number): 'number' | 'text' | undefined {
  if (typeof value === 'number') return 'number';
  return value === '' ? undefined : 'text';
}

function listComparisons(condition: RowCondition): readonly ColumnCondition[] {
  if (condition.kind === 'column') return [condition];
  if (condition.kind === 'not') return listComparisons(condition.part);
  return condition.parts.flatMap(listComparisons);
}

/** The columns of a condition, by how they are read. */
export function columnsOfCondition(condition: RowCondition): {
  readonly labels: readonly string[];
  readonly numbers: readonly string[];
} {
  const comparisons = listComparisons(condition);
  const numbers = new Set(
    comparisons
      .filter(({ values }) => values.some((value) => typeof value === 'number'))
      .map((c) => c.column),
  );
  const labels = new Set(comparisons.map(({ column }) => column).filter((column) => !numbers.has(column)));
  return { labels: [...labels], numbers: [...numbers] };
}

function readAny(reader: Reader, depth: number): RowCondition {
  return readLogic(
    reader,
    () => readPart(reader, depth),
    (kind, parts) => ({ kind, parts }),
  );
}

function readPart(reader: Reader, depth: number): RowCondition {
  const { offset } = reader.peek();
  if (depth > MAX_DEPTH) throw new Mistake(offset, `more than ${MAX_DEPTH} levels inside each other.`);
  if (reader.takeIf('not')) return { kind: 'not', part: readPart(reader, depth + 1) };
  if (!reader.takeIf('(')) return readComparison(reader);
  const condition = readAny(reader, depth + 1);
  if (!reader.takeIf(')')) reader.refuse('`and`, `or` or `)`');
  return condition;
}

const WORDS: readonly string[] = ['and', 'or', 'not', 'in'];

function readComparison(reader: Reader): ColumnCondition {
  const { kind, text } = reader.peek();
  const isName = kind === 'quoted' ? text !== '' : kind === 'word' && !WORDS.includes(text);
  if (!isName) reader.refuse('a column, `not` or `(`');
  const column = reader.take().text;
  const isNegated = reader.takeIf('not');
  if (reader.takeIf('in')) return { kind: 'column', column, ...readList(reader, isNegated ? '!=' : '=') };
  if (isNegated) reader.refuse('`in`');
  const sign = SIGNS.find((known) => reader.takeIf(known));
  if (sign === undefined) return reader.refuse('`=`, `!=`, `<`, `<=`, `>`, `>=`, `in` or `not in`');
  const { offset } = reader.peek();
  const value = readValue(reader);
  if (typeof value === 'string' && sign !== '=' && sign !== '!=') {
    throw new Mistake(
      offset,
      `\`${sign}\` compares with a number, and this is a text. Texts have no order here.`,
    );
  }
  return { kind: 'column', column, sign, values: [value], offset };
}

function readList(reader: Reader, sign: Sign): Pick<ColumnCondition, 'sign' | 'values' | 'offset'> {
  if (!reader.takeIf('(')) reader.refuse('`(`');
  const { offset } = reader.peek();
  const values = [readValue(reader)];
  while (reader.takeIf(',')) values.push(readValue(reader));
  if (!reader.takeIf(')')) reader.refuse('`,` or `)`');
  return { sign, values, offset };
}

const NUMBER = /^-?(?:\d+\.?\d*|\.\d+)(?:e-?\d{1,3})?$/i;

function readValue(reader: Reader): string | number {
  const { kind, text } = reader.peek();
  if (kind === 'quoted') return normaliseLabel(reader.take().text);
  if (kind !== 'word' || WORDS.includes(text)) reader.refuse("a number or a text such as `'north'`");
  reader.take();
  // -0 and 0 are one number.
  return NUMBER.test(text) && Number.isFinite(Number(text)) ? Number(text) + 0 : normaliseLabel(text);
}

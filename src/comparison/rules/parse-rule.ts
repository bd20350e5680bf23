/** From the text of a rule to its tree. Time grows with the length of the text; length and depth are bounded. */
import { findNearest } from '../../evidence/find-nearest.ts';
import { Mistake, readLogic, readText, type Reader, type TextMistake } from '../../evidence/token-reader.ts';
import {
  QUANTITIES,
  type Combination,
  type Comparison,
  type Quantity,
  type Reference,
  type RuleSyntax,
  type SliceTerm,
} from './rule-syntax.ts';

/** Longest rule that is read, in characters: the bound of the config's schema. */
const MAX_LENGTH = 2000;

/** Deepest nesting of parentheses: nobody reads more, and the parser recurses. */
const MAX_DEPTH = 10;

/** Comparisons in one rule: all of them stand in its message. */
const MAX_COMPARISONS = 20;

export type ParsedRule =
  | { readonly ok: true; readonly rule: RuleSyntax }
  | { readonly ok: false; readonly mistake: TextMistake };

/**
 * Reads a rule such as `regression(churn.accuracy) <= 0.5 points and value(churn.recall) >= 0.8`. Never throws: what is
 * wrong first is returned, with what is allowed there.
 *
 *     rule       = all { "or" all }
 *     all        = part { "and" part }
 *     part       = "(" rule ")" | comparison
 *     comparison = ("value" | "regression" | "improvement") "(" reference ")" (">=" | "<=") number [unit]
 *     reference  = name [ "[" ( column "=" value { "," column "=" value } | condition ) "]" ] "." metric
 */
export function parseRule(text: string): ParsedRule {
  const read = readText(text, { name: 'rule', maxLength: MAX_LENGTH, hints: HINTS }, readWhole);
  return read.ok ? { ok: true, rule: read.tree } : read;
}

/** What other languages write for what there is here, or what there is not. */
const HINTS: Readonly<Record<string, string>> = {
  '&&': 'Write `and`.',
  '&': 'Write `and`.',
  '||': 'Write `or`.',
  '|': 'Write `or`.',
  AND: 'Write `and`.',
  OR: 'Write `or`.',
  not: 'There is no `not`: turn the comparison round.',
  '!': 'There is no `not`: turn the comparison round.',
  if: 'Write "A if B" as `regression(...) <= 0 or (A and B)`.',
  '>': 'Write `>=`.',
  '<': 'Write `<=`.',
  '==': 'Write `>=` or `<=`: what is measured never equals a number exactly.',
  '=': 'Write `>=` or `<=`: what is measured never equals a number exactly.',
  '/': 'There is no arithmetic: compare with a percentage of the baseline, such as `20 %`.',
  '*': 'There is no arithmetic.',
  '+': 'There is no arithmetic.',
  '-': 'There is no arithmetic.',
  '"': 'This quotation mark is not closed.',
  "'": 'This quotation mark is not closed.',
  drop: 'Write `regression(...)` for how much worse it is than the baseline, `improvement(...)` for how much better: a drop of a loss is good.',
  gain: 'Write `improvement(...)`: how much better it is than the baseline.',
};

function readWhole(reader: Reader): RuleSyntax {
  const rule = readAny(reader, 0);
  if (reader.peek().kind !== 'end') reader.refuse('`and`, `or` or the end');
  const comparisons = listComparisons(rule);
  const tooMany = comparisons[MAX_COMPARISONS];
  if (tooMany !== undefined) {
    const told = `a rule may have at most ${MAX_COMPARISONS} comparisons; this one has ${comparisons.length}. Make two rules of it.`;
    throw new Mistake(tooMany.offsets.quantity, told);
  }
  return rule;
}

/** The comparisons of a rule, from left to right. */
export function listComparisons(rule: RuleSyntax): readonly Comparison[] {
  return rule.kind === 'comparison' ? [rule] : rule.parts.flatMap(listComparisons);
}

function readAny(reader: Reader, depth: number): RuleSyntax {
  return readLogic(reader, () => readPart(reader, depth), combine);
}

/** `a and (b and c)` is one condition of three. */
function combine(kind: Combination<RuleSyntax>['kind'], parts: readonly RuleSyntax[]): RuleSyntax {
  return { kind, parts: parts.flatMap((part) => (part.kind === kind ? part.parts : [part])) };
}

function readPart(reader: Reader, depth: number): RuleSyntax {
  const { offset } = reader.peek();
  if (!reader.takeIf('(')) return readComparison(reader);
  if (depth === MAX_DEPTH) throw new Mistake(offset, `more than ${MAX_DEPTH} parentheses inside each other.`);
  const rule = readAny(reader, depth + 1);
  if (!reader.takeIf(')')) reader.refuse('`and`, `or` or `)`');
  return rule;
}

function readComparison(reader: Reader): Comparison {
  const { offset } = reader.peek();
  const quantity = readQuantity(reader);
  if (!reader.takeIf('(')) reader.refuse('`(`');
  const referenceOffset = reader.peek().offset;
  const reference = readReference(reader);
  if (!reader.takeIf(')')) reader.refuse('`)`');
  const bound = reader.takeIf('>=')
    ? 'at-least'
    : reader.takeIf('<=')
      ? 'at-most'
      : reader.refuse('`>=` or `<=`');
  const constantOffset = reader.peek().offset;
  const { constant, unit } = readConstant(reader);
  const offsets = { quantity: offset, reference: referenceOffset, constant: constantOffset };
  return { kind: 'comparison', quantity, reference, bound, constant, unit, offsets };
}

function readQuantity(reader: Reader): Quantity {
  const { kind, text } = reader.peek();
  const known = kind === 'word' ? QUANTITIES.find((quantity) => quantity === text) : undefined;
  if (known === undefined) {
    const nearest = kind === 'word' ? findNearest(text, QUANTITIES) : undefined;
    const meant = nearest === undefined ? '' : ` (did you mean \`${nearest}\`?)`;
    return reader.refuse(`\`value\`, \`regression\`, \`improvement\` or \`(\`${meant}`);
  }
  reader.take();
  return known;
}

function readReference(reader: Reader): Reference {
  if (reader.peek().kind !== 'word') reader.refuse('a metric such as `churn.accuracy`');
  const path = reader.take().text;
  if (reader.peek().kind === 'quoted') {
    // `training."val loss"`: the dot before a quotation mark ends the word.
    if (!path.endsWith('.')) reader.refuse('a dot before the quoted name of a metric,');
    return { path: path.slice(0, -1), slice: [], metric: readName(reader, 'the name of a metric') };
  }
  if (!reader.takeIf('[')) return { path, slice: [], metric: undefined };
  const slice = [readSliceTerm(reader)];
  while (reader.takeIf(',')) slice.push(readSliceTerm(reader));
  if (!reader.takeIf(']')) reader.refuse('`,` or `]` (a value with blanks or signs needs quotation marks)');
  return { path, slice, metric: readMetricAfterSlice(reader) };
}

function readMetricAfterSlice(reader: Reader): string {
  const { kind, text, offset } = reader.peek();
  if (kind !== 'word' || !text.startsWith('.')) reader.refuse('a dot and a metric, such as `.accuracy`,');
  reader.take();
  if (text !== '.') return text.slice(1);
  if (reader.peek().kind === 'quoted') return readName(reader, 'the name of a metric');
  throw new Mistake(offset, 'a metric is missing behind this dot.');
}

function readSliceTerm(reader: Reader): SliceTerm {
  const column = readName(reader, 'a column, as in `[region=north]`,');
  if (reader.peek().text === ']' && reader.peek().kind === 'sign') return { column, value: undefined };
  if (!reader.takeIf('=')) reader.refuse('`=` or `]`');
  // `region=""` is the slice of the rows with an empty cell.
  const isEmpty = reader.peek().kind === 'quoted' && reader.peek().text === '';
  const value = isEmpty
    ? reader.take().text
    : readName(reader, 'the value of a column, as in `[region=north]`,');
  return { column, value };
}

function readName(reader: Reader, expected: string): string {
  const { kind, text } = reader.peek();
  if ((kind !== 'word' && kind !== 'quoted') || text === '') reader.refuse(expected);
  return reader.take().text;
}

/** A number, with or without its unit glued to it: `0.5`, `20ms`. */
const CONSTANT = /^(-?\d+(?:\.\d+)?(?:e-?\d{1,3})?)([A-Za-z]*)$/;

function readConstant(reader: Reader): { readonly constant: number; readonly unit: string | undefined } {
  const { kind, text } = reader.peek();
  const [, digits, glued = ''] = (kind === 'word' ? CONSTANT.exec(text) : null) ?? [];
  const constant = Number(digits);
  if (!Number.isFinite(constant)) return reader.refuse('a number such as `0.5` or `20 %`');
  reader.take();
  // -0 and 0 are one number, and only one of them prints as itself.
  return { constant: constant + 0, unit: glued === '' ? readUnit(reader) : glued };
}

function readUnit(reader: Reader): string | undefined {
  if (reader.takeIf('%')) return '%';
  const { kind, text } = reader.peek();
  const isUnit = kind === 'word' && text !== 'and' && text !== 'or' && /^[A-Za-z]+$/.test(text);
  return isUnit && !Object.hasOwn(HINTS, text) ? reader.take().text : undefined;
}

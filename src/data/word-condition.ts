/** Words for rules: the parts of sentences that people read in reports. */
import type { CellCondition, JsonType, Scalar } from '../engine/engine.ts';

/** 10000 as "10,000". */
export function showCount(count: number): string {
  return count.toLocaleString('en-US');
}

/** 1 as "1 row", 10000 as "10,000 rows". */
export function countOf(count: number, noun: string): string {
  return `${showCount(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** 0.0312 as "3.12%". */
export function showShare(share: number): string {
  return `${(share * 100).toLocaleString('en-US', { maximumSignificantDigits: 3 })}%`;
}

/** Longest name or value inside a sentence, in characters. */
const MAX_SHOWN = 80;

/** A column's name as code, bounded and on one line. */
export function showName(name: string): string {
  return `\`${shorten(name.replaceAll(/[\p{Cc}`]/gu, ' '))}\``;
}

/** A value as JSON, bounded. */
export function showScalar(value: Scalar): string {
  return shorten(typeof value === 'string' ? JSON.stringify(value) : String(value));
}

export function shorten(text: string, most: number = MAX_SHOWN): string {
  const characters = Array.from(text);
  return characters.length <= most ? text : `${characters.slice(0, most - 1).join('')}…`;
}

/** Values of a list that a sentence shows. */
const MAX_LISTED = 8;

/** "a", "a or b", "a, b or c", "a, b, c, … (12 in all)". */
function joinAlternatives(words: readonly string[], last: 'or' | 'and' = 'or'): string {
  if (words.length > MAX_LISTED)
    return `${words.slice(0, MAX_LISTED).join(', ')}, … (${words.length} in all)`;
  const [head, tail] = [words.slice(0, -1), words.at(-1) ?? ''];
  return head.length === 0 ? tail : `${head.join(', ')} ${last} ${tail}`;
}

/** Names of columns in a sentence. */
export function joinNames(names: readonly string[]): string {
  return names.length === 0 ? 'none' : joinAlternatives(names.map(showName), 'and');
}

const TYPE_WORDS: Readonly<Record<JsonType, string>> = {
  string: 'a text',
  number: 'a number',
  integer: 'a whole number',
  boolean: '`true` or `false`',
  null: '`null`',
  array: 'a list',
  object: 'an object',
};

/** What a row that breaks a condition has: completes "3 of 10,000 rows have …". */
export function wordBroken(column: string, condition: CellCondition): string {
  const name = showName(column);
  switch (condition.kind) {
    case 'present':
      return `no value in ${name}, which is required`;
    case 'type':
      return `something else than ${joinAlternatives(condition.types.map((type) => TYPE_WORDS[type]))} in ${name}`;
    case 'minimum':
      if (condition.exclusive) return `${name} not above ${condition.value}`;
      return condition.value === 0
        ? `a negative ${name} (smallest allowed: 0)`
        : `${name} below ${condition.value}, the smallest allowed`;
    case 'maximum':
      return condition.exclusive
        ? `${name} not below ${condition.value}`
        : `${name} above ${condition.value}, the largest allowed`;
    case 'multiple-of':
      return `${name} that is no multiple of ${condition.value}`;
    case 'min-length':
      return `${name} of fewer than ${showCount(condition.value)} characters`;
    case 'max-length':
      return `${name} of more than ${showCount(condition.value)} characters`;
    case 'pattern':
      return `${name} that does not match ${showName(condition.pattern)}`;
    case 'one-of':
      return `${name} other than ${joinAlternatives(condition.values.map(showScalar))}`;
    case 'format':
    default:
      return `${name} that is no valid ${condition.format}`;
  }
}

/** What a condition asks for, as one scalar of evidence. */
export function expectedOf(condition: CellCondition): Scalar {
  switch (condition.kind) {
    case 'present':
      return 'a value';
    case 'type':
      return condition.types.join(' or ');
    case 'minimum':
      return condition.exclusive ? `more than ${condition.value}` : `at least ${condition.value}`;
    case 'maximum':
      return condition.exclusive ? `less than ${condition.value}` : `at most ${condition.value}`;
    case 'multiple-of':
      return `multiple of ${condition.value}`;
    case 'min-length':
      return `at least ${condition.value} characters`;
    case 'max-length':
      return `at most ${condition.value} characters`;
    case 'pattern':
      return condition.pattern;
    case 'one-of':
      return joinAlternatives(condition.values.map(showScalar));
    case 'format':
    default:
      return condition.format;
  }
}

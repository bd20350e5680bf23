import { UserError } from '../evidence/errors.ts';
import { MAX_MISTAKES_SHOWN } from './limits.ts';

/** A place in a text, both from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** One thing that is wrong with a document. */
export interface Mistake {
  readonly position: Position;
  /** Keys and indexes that lead to it; empty for the document itself. */
  readonly path: readonly string[];
  /** What is wrong, what is allowed, what to do. */
  readonly text: string;
}

/** A mistake of which only the path is known; `at` says whether the key or the value is to be pointed at. */
export interface FoundMistake {
  readonly path: readonly string[];
  readonly at: 'key' | 'value';
  readonly text: string;
}

/** All mistakes of one document in one error, in the order of its lines, each once. */
export function makeMistakesError(file: string, mistakes: readonly Mistake[]): UserError {
  const lines = [...new Set([...mistakes].sort(byPosition).map((mistake) => formatMistake(file, mistake)))];
  const shown = lines.slice(0, MAX_MISTAKES_SHOWN);
  if (lines.length === 1) return new UserError(shown.join(''));
  const rest = lines.length - shown.length;
  const more = rest === 0 ? [] : [`… and ${rest.toLocaleString('en-US')} more.`];
  return new UserError(
    [`${file} has ${lines.length.toLocaleString('en-US')} mistakes:`, ...shown, ...more].join('\n'),
  );
}

function formatMistake(file: string, { position, path, text }: Mistake): string {
  const key = path.length === 0 ? '' : `${showKey(path)}: `;
  return `${file}:${position.line}:${position.column}: ${key}${text}`;
}

function byPosition(left: Mistake, right: Mistake): number {
  return left.position.line - right.position.line || left.position.column - right.position.column;
}

/** Longest key path that a message or a source shows, in characters: the bound of evidence's short texts. */
const MAX_KEY_LENGTH = 300;

/** A path as people write it: joined by dots, bounded, without line ends. */
export function showKey(path: readonly string[]): string {
  const key = path.join('.').replaceAll(/\p{Cc}/gu, ' ');
  return key.length <= MAX_KEY_LENGTH ? key : `${key.slice(0, MAX_KEY_LENGTH - 1)}…`;
}

/** Longest value that a message shows, in characters. */
const MAX_VALUE_LENGTH = 60;

/** A value as a message shows it: as JSON, in backticks, bounded. */
export function showValue(value: unknown): string {
  return `\`${shorten(printValue(value))}\``;
}

function printValue(value: unknown): string {
  if (Array.isArray(value)) return `[${value.slice(0, 10).map(printItem).join(', ')}]`;
  return printItem(value);
}

function printItem(value: unknown): string {
  if (Array.isArray(value)) return '[…]';
  if (typeof value === 'object' && value !== null) return `{${Object.keys(value).slice(0, 10).join(', ')}}`;
  return typeof value === 'string' ? JSON.stringify(value) : String(value);
}

function shorten(text: string): string {
  return text.length <= MAX_VALUE_LENGTH ? text : `${text.slice(0, MAX_VALUE_LENGTH - 1)}…`;
}

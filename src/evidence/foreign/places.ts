/** Walking a parsed document of another tool, so that every message says where in it something is wrong. */
import { UserError } from '../errors.ts';

/** A value inside a document, and the way to it: linked, because most ways are never shown. */
export interface Place {
  readonly value: unknown;
  /** As messages show it. */
  readonly file: string;
  /** What it stands in, and under which key; nothing for the whole document. */
  readonly within?: { readonly place: Place; readonly key: string | number };
}

/** The whole document. */
export function placeOf(value: unknown, file: string): Place {
  return { value, file };
}

/** What stands under these keys and positions; absent where there is none. */
export function at(place: Place, ...keys: readonly (string | number)[]): Place {
  let found = place;
  for (const key of keys) found = stepInto(found, key);
  return found;
}

function stepInto(place: Place, key: string | number): Place {
  return { value: childOf(place.value, key), file: place.file, within: { place, key } };
}

function childOf(value: unknown, key: string | number): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
  return (value as Readonly<Record<string | number, unknown>>)[key];
}

/** Whether nothing stands there, or null. */
export function isAbsent({ value }: Place): boolean {
  return value === undefined || value === null;
}

/** What `read` makes of it; undefined where nothing stands there, or null. */
export function optional<T>(place: Place, read: (place: Place) => T): T | undefined {
  return isAbsent(place) ? undefined : read(place);
}

/** The elements of a list. Throws a UserError for anything else. */
export function listOf(place: Place): readonly Place[] {
  if (!Array.isArray(place.value)) throw wrong(place, 'a list');
  return place.value.map((_, index) => stepInto(place, index));
}

/** The keys of a mapping and what stands under them. Throws a UserError for anything else. */
export function entriesOf(place: Place): readonly (readonly [string, Place])[] {
  if (!isMapping(place)) throw wrong(place, 'a mapping');
  return Object.keys(place.value as object).map((key) => [key, stepInto(place, key)]);
}

export function isMapping({ value }: Place): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A text. Throws a UserError for anything else. */
export function textOf(place: Place): string {
  if (typeof place.value !== 'string') throw wrong(place, 'a text');
  return place.value;
}

/** A truth value. Throws a UserError for anything else. */
export function booleanOf(place: Place): boolean {
  if (typeof place.value !== 'boolean') throw wrong(place, 'true or false');
  return place.value;
}

const NON_FINITE: ReadonlyMap<unknown, number> = new Map([
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
  ['-Infinity', Number.NEGATIVE_INFINITY],
]);

/** A number, also NaN and infinities as Python writes them into JSON; undefined for anything else. */
export function numberAt({ value }: Place): number | undefined {
  return typeof value === 'number' ? value : NON_FINITE.get(value);
}

/** The same. Throws a UserError for anything else, such as `"N/A"`, true and null. */
export function numberOf(place: Place): number {
  const number = numberAt(place);
  if (number === undefined) throw wrong(place, 'a number');
  return number;
}

const SPELLINGS: ReadonlyMap<string, number> = new Map([
  ['nan', Number.NaN],
  ['inf', Number.POSITIVE_INFINITY],
  ['+inf', Number.POSITIVE_INFINITY],
  ['infinity', Number.POSITIVE_INFINITY],
  ['-inf', Number.NEGATIVE_INFINITY],
  ['-infinity', Number.NEGATIVE_INFINITY],
]);

/** A number, or a text that stands for one that JSON cannot write. */
export function toNumber(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  return typeof value === 'string' ? SPELLINGS.get(value.trim().toLowerCase()) : undefined;
}

const DECIMAL = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/iu;

/** The number that a text writes out, as formats do that only have texts; undefined for any other. */
export function numberInText(text: string): number | undefined {
  const trimmed = text.trim();
  return DECIMAL.test(trimmed) ? Number(trimmed) : toNumber(trimmed);
}

/** A count: a whole number of at least 0. Throws a UserError for anything else. */
export function countOf(place: Place): number {
  const { value } = place;
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) {
    throw wrong(place, 'a whole number of at least 0');
  }
  return value;
}

/** One of these texts. Throws a UserError for anything else. */
export function oneOf<T extends string>(place: Place, allowed: readonly T[]): T {
  const found = allowed.find((text) => text === place.value);
  if (found === undefined) {
    throw wrong(place, `one of ${allowed.map((text) => JSON.stringify(text)).join(', ')}`);
  }
  return found;
}

/** What a document says of itself: the plain values under these ways, by the names that they are given. */
export function collectAttributes(
  document: Place,
  ways: Readonly<Record<string, readonly string[]>>,
): Readonly<Record<string, string | number | boolean>> {
  return Object.fromEntries(
    Object.entries(ways).flatMap(([name, way]) => {
      const { value } = at(document, ...way);
      return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
        ? [[name, value]]
        : [];
    }),
  );
}

/** The mistake of a value that is not what it must be. */
export function wrong(place: Place, expected: string): UserError {
  const path = showPath(place);
  const where = path === '' ? 'the document' : `\`${path}\``;
  return new UserError(`${place.file}: ${where} ${showValue(place.value)}; it must be ${expected}.`, {
    help: 'Take the file as the tool wrote it, or name another `format`.',
  });
}

/** Where it stands: `results[3].score`; an empty text for the whole document. */
export function showPath(place: Place): string {
  const steps: string[] = [];
  for (let { within } = place; within !== undefined; within = within.place.within)
    steps.push(showKey(within.key));
  return steps.reverse().join('').replace(/^\./u, '').slice(0, 200);
}

function showKey(key: string | number): string {
  if (typeof key === 'number') return `[${key}]`;
  return `.${/^[\w-]+$/u.test(key) ? key : JSON.stringify(key)}`;
}

function showValue(value: unknown): string {
  if (value === undefined) return 'is missing';
  if (Array.isArray(value)) return 'is a list';
  if (typeof value === 'object' && value !== null) return 'is a mapping';
  return `is ${JSON.stringify(value).slice(0, 80)}`;
}

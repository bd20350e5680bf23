/**
 * Notations of dates and times as regular expressions, in the subset that RE2 and ECMA-262 share, so that JavaScript and
 * SQL read them alike. Whether a day exists (31.02.) is for `format` to say: here it only becomes RFC 3339.
 */
import { PlanError } from './engine.ts';

/** A text that matches in full is read as `replacement` says, with `\1` to `\9` for its groups. */
export interface DateVariant {
  readonly pattern: string;
  readonly replacement: string;
}

type Field = 'year' | 'month' | 'day' | 'hour' | 'minute' | 'second' | 'fraction' | 'zone';

/** One way in which a part is written: its expression, and what stands before its digits in RFC 3339. */
interface Spelling {
  readonly pattern: string;
  readonly prefix: string;
}

const TWO_DIGITS: readonly Spelling[] = [{ pattern: '[0-9]{2}', prefix: '' }];
const ONE_OR_TWO_DIGITS: readonly Spelling[] = [...TWO_DIGITS, { pattern: '[0-9]', prefix: '0' }];

/** The directives of strptime (POSIX) that need no knowledge of a language. */
const DIRECTIVES: Readonly<
  Record<string, { readonly field: Field; readonly spellings: readonly Spelling[] }>
> = {
  Y: { field: 'year', spellings: [{ pattern: '[0-9]{4}', prefix: '' }] },
  /** POSIX: 69 to 99 are of the 20th century. */
  y: {
    field: 'year',
    spellings: [
      { pattern: '(?:6[9]|[7-9][0-9])', prefix: '19' },
      { pattern: '(?:[0-5][0-9]|6[0-8])', prefix: '20' },
    ],
  },
  m: { field: 'month', spellings: TWO_DIGITS },
  '-m': { field: 'month', spellings: ONE_OR_TWO_DIGITS },
  d: { field: 'day', spellings: TWO_DIGITS },
  '-d': { field: 'day', spellings: ONE_OR_TWO_DIGITS },
  H: { field: 'hour', spellings: TWO_DIGITS },
  '-H': { field: 'hour', spellings: ONE_OR_TWO_DIGITS },
  M: { field: 'minute', spellings: TWO_DIGITS },
  S: { field: 'second', spellings: TWO_DIGITS },
  f: { field: 'fraction', spellings: [{ pattern: '[0-9]{1,9}', prefix: '' }] },
  z: { field: 'zone', spellings: [{ pattern: 'Z|[+-][0-9]{2}:[0-9]{2}', prefix: '' }] },
};

/** What a notation may hold, for messages. */
const DATE_DIRECTIVES: readonly string[] = Object.keys(DIRECTIVES).map((name) => `%${name}`);

type Piece =
  | { readonly literal: string }
  | { readonly field: Field; readonly spellings: readonly Spelling[] };

function parseNotation(notation: string): readonly Piece[] | string {
  const pieces: Piece[] = [];
  const seen = new Set<Field>();
  for (const [text] of notation.matchAll(/%-?.?|[^%]+/gsu)) {
    const name = text.slice(1);
    if (!text.startsWith('%') || text === '%%') {
      pieces.push({ literal: text === '%%' ? '%' : text });
      continue;
    }
    const directive = Object.hasOwn(DIRECTIVES, name) ? DIRECTIVES[name] : undefined;
    if (directive === undefined) return `${text} is none of ${DATE_DIRECTIVES.join(', ')}`;
    if (seen.has(directive.field)) return `it names the ${directive.field} twice`;
    seen.add(directive.field);
    pieces.push(directive);
  }
  return explainIncomplete(seen) ?? pieces;
}

const DATE_FIELDS: readonly Field[] = ['year', 'month', 'day'];

function explainIncomplete(seen: ReadonlySet<Field>): string | undefined {
  const needs = (field: Field, needed: readonly Field[]): string | undefined => {
    const missing = needed.find((other) => !seen.has(other));
    return seen.has(field) && missing !== undefined ? `it names the ${field} but no ${missing}` : undefined;
  };
  const missing = DATE_FIELDS.find((field) => !seen.has(field));
  return missing === undefined
    ? (needs('second', ['minute']) ??
        needs('minute', ['hour']) ??
        needs('hour', ['minute']) ??
        needs('fraction', ['second']) ??
        needs('zone', ['hour']))
    : `it has no ${missing}`;
}

function escapeLiteral(text: string): string {
  return text.replaceAll(/[.*+?(){}|[\]\\^$]/gu, '\\$&');
}

interface Reading {
  readonly pattern: string;
  /** What each field becomes. */
  readonly fields: ReadonlyMap<Field, string>;
}

function extend(reading: Reading, piece: Piece): readonly Reading[] {
  if ('literal' in piece) return [{ ...reading, pattern: reading.pattern + escapeLiteral(piece.literal) }];
  return piece.spellings.map(({ pattern, prefix }) => ({
    pattern: `${reading.pattern}(${pattern})`,
    fields: new Map([...reading.fields, [piece.field, `${prefix}\\${reading.fields.size + 1}`]]),
  }));
}

function writeRfc3339({ pattern, fields }: Reading): DateVariant {
  const part = (field: Field, before: string, otherwise = ''): string =>
    fields.has(field) ? `${before}${fields.get(field) ?? ''}` : otherwise;
  const date = `${part('year', '')}${part('month', '-')}${part('day', '-')}`;
  const time = fields.has('hour')
    ? `${part('hour', 'T')}${part('minute', ':')}${part('second', ':', ':00')}${part('fraction', '.')}${part('zone', '', 'Z')}`
    : '';
  return { pattern, replacement: date + time };
}

/**
 * How texts of a notation become RFC 3339: dates as `2024-01-31`, times as `2024-01-31T13:05:00Z`; without a zone they
 * are UTC. A notation has a year, a month and a day, all or none of hour and minute, and text between them.
 *
 * @param notation directives of strptime: %Y %y %m %d %H %M %S %f %z, and %-m %-d %-H for parts without leading zeros
 * @throws PlanError for what is no notation
 */
export function compileDateNotation(notation: string): readonly DateVariant[] {
  const pieces = parseNotation(notation);
  if (typeof pieces === 'string') {
    throw new PlanError(
      `${JSON.stringify(notation)} is no notation of dates: ${pieces}.`,
      `Write day, month and year, and all or none of hour and minute: ${DATE_DIRECTIVES.join(', ')}.`,
    );
  }
  return pieces
    .reduce<readonly Reading[]>(
      (readings, piece) => readings.flatMap((reading) => extend(reading, piece)),
      [{ pattern: '', fields: new Map() }],
    )
    .map(writeRfc3339);
}

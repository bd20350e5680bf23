/** The checks that pandera brings, one by one: what each is here. */
import { at, isMapping, listOf, numberAt, type Place } from '../../evidence/foreign/places.ts';
import { numberKeyword, textKeyword, valuesKeyword, type Carried, type Put } from './carry.ts';
import { quotePattern, translatePythonPattern } from './python-pattern.ts';

/** One check: its name, its arguments by name, and what kind of failure it is. */
export interface Check {
  readonly place: Place;
  readonly name: string;
  /** The arguments; where the file gives one value alone, that value. */
  readonly value: Place;
}

/** An argument by its name; a value that stands alone is that of the check's only argument. */
function argument({ value }: Check, name: string): Place {
  return isMapping(value) ? at(value, name) : value;
}

type Read =
  | { readonly puts: readonly Put[]; readonly note?: Carried['note'] }
  | { readonly why: string; readonly instead: string };

interface CheckMeaning {
  readonly ours: string;
  readonly arguments?: readonly string[];
  readonly read: (column: string, check: Check) => Read;
}

const DATES: Read = {
  why: 'its bound is a date or a text, and JSON Schema bounds numbers only',
  instead: 'Write it as `dataset.sql`: a SELECT of the rows beyond the bound.',
};

function bound(name: string, word: string): CheckMeaning {
  return {
    ours: `\`${word}\``,
    arguments: [name, 'value'],
    read: (column, check) => {
      const number = numberAt(argument(check, name)) ?? numberAt(argument(check, 'value'));
      return number === undefined ? DATES : { puts: numberKeyword(column, word, number) };
    },
  };
}

function readRange(column: string, check: Check): Read {
  const sides = (['min', 'max'] as const).map((side) => {
    const isIncluded = argument(check, `include_${side}`).value !== false;
    const word = side === 'min' ? 'Minimum' : 'Maximum';
    return [
      isIncluded ? word.toLowerCase() : `exclusive${word}`,
      numberAt(argument(check, `${side}_value`)),
    ] as const;
  });
  return sides.some(([, number]) => number === undefined)
    ? DATES
    : { puts: sides.flatMap(([word, number = 0]) => numberKeyword(column, word, number)) };
}

function values(
  name: string,
  argumentName: string,
  wrap: (list: readonly unknown[]) => unknown,
): CheckMeaning['read'] {
  return (column, check) => {
    const place = argument(check, argumentName);
    const list = Array.isArray(place.value) ? listOf(place).map(({ value }) => value) : [place.value];
    return list.some((value) => value === undefined || (typeof value === 'object' && value !== null))
      ? { why: 'it has no plain values', instead: 'List the values in `enum`.' }
      : { puts: valuesKeyword(column, name, wrap(list), list) };
  };
}

function pattern(anchoring: 'match' | 'search'): CheckMeaning {
  return {
    ours: '`pattern`',
    arguments: ['pattern'],
    read: (column, check) => {
      const read = translatePythonPattern(String(argument(check, 'pattern').value), anchoring);
      return 'why' in read
        ? { why: read.why, instead: 'Write a pattern of ECMA-262 by hand.' }
        : {
            puts: textKeyword(column, 'pattern', read.pattern),
            ...(read.note === undefined ? {} : { note: read.note }),
          };
    },
  };
}

function text(wrap: (quoted: string) => string): CheckMeaning {
  return {
    ours: '`pattern`',
    arguments: ['string'],
    read: (column, check) => ({
      puts: textKeyword(column, 'pattern', wrap(quotePattern(String(argument(check, 'string').value)))),
    }),
  };
}

/** The checks that pandera itself brings for columns of data frames. */
export const CHECKS: Readonly<Record<string, CheckMeaning>> = {
  equal_to: {
    ours: '`enum` of one value',
    arguments: ['value'],
    read: values('enum', 'value', (list) => list),
  },
  not_equal_to: {
    ours: '`not` with `enum`',
    arguments: ['value'],
    read: values('not', 'value', (list) => ({ enum: list })),
  },
  greater_than: bound('min_value', 'exclusiveMinimum'),
  greater_than_or_equal_to: bound('min_value', 'minimum'),
  less_than: bound('max_value', 'exclusiveMaximum'),
  less_than_or_equal_to: bound('max_value', 'maximum'),
  in_range: {
    ours: '`minimum`, `maximum`, `exclusiveMinimum`, `exclusiveMaximum`',
    arguments: ['min_value', 'max_value', 'include_min', 'include_max'],
    read: readRange,
  },
  isin: {
    ours: '`enum`',
    arguments: ['allowed_values', 'value'],
    read: values('enum', 'allowed_values', (list) => list),
  },
  notin: {
    ours: '`not` with `enum`',
    arguments: ['forbidden_values', 'value'],
    read: values('not', 'forbidden_values', (list) => ({ enum: list })),
  },
  str_matches: pattern('match'),
  str_contains: pattern('search'),
  str_startswith: text((quoted) => `^${quoted}`),
  str_endswith: text((quoted) => `${quoted}$`),
  str_length: {
    ours: '`minLength`, `maxLength`',
    arguments: ['min_value', 'max_value', 'exact_value'],
    read: (column, check) => {
      const exact = numberAt(argument(check, 'exact_value'));
      const least = exact ?? numberAt(argument(check, 'min_value'));
      const most = exact ?? numberAt(argument(check, 'max_value'));
      return {
        puts: [
          ...(least === undefined ? [] : textKeyword(column, 'minLength', least)),
          ...(most === undefined ? [] : textKeyword(column, 'maxLength', most)),
        ],
      };
    },
  },
  unique_values_eq: {
    ours: '`enum`; that each value occurs: `dataset.statistics` with `distinct`',
    arguments: ['values'],
    read: (column, check) => {
      const read = values('enum', 'values', (list) => list)(column, check);
      return 'why' in read
        ? read
        : {
            ...read,
            note: 'That each of the values occurs is not checked: bound `distinct` in `dataset.statistics`.',
          };
    },
  },
};

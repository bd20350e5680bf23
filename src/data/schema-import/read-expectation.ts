/** How each kind of expectation is said in a data schema. */
import { at, isAbsent, listOf, numberAt, type Place } from '../../evidence/foreign/places.ts';
import {
  add,
  carry,
  carryQuery,
  complement,
  keyword,
  leave,
  numberKeyword,
  set,
  setBounds,
  textKeyword,
  valuesKeyword,
  type Carried,
  type Outcome,
  type Put,
} from './carry.ts';
import { findColumnType, putNotation, putType, TIME_NOTE } from './column-types.ts';
import { translateLikePattern, translatePythonPattern } from './python-pattern.ts';

/** One expectation of a suite, or one test of dbt. */
export interface Expectation {
  /** Where it stands. */
  readonly place: Place;
  readonly name: string;
  readonly kwargs: Place;
  /** The column that it is about; empty where it is about the table. */
  readonly column: string;
}

/** The same for a share of the values, where the expectation has `mostly`. */
function withShare(expectation: Expectation): Pick<Carried, 'mostly'> {
  const mostly = numberAt(at(expectation.kwargs, 'mostly'));
  return mostly === undefined || mostly >= 1 ? {} : { mostly };
}

function number(expectation: Expectation, key: string): number | undefined {
  return numberAt(at(expectation.kwargs, key));
}

export function list(expectation: Expectation, key: string): readonly unknown[] {
  const place = at(expectation.kwargs, key);
  return isAbsent(place) ? [] : listOf(place).map(({ value }) => value);
}

function isTrue(expectation: Expectation, key: string): boolean {
  return at(expectation.kwargs, key).value === true;
}

export function exists({ column }: Expectation): readonly Put[] {
  return column === '' ? [] : [{ kind: 'exists', column }];
}

function cells(expectation: Expectation, puts: readonly Put[], note?: string): readonly Outcome[] {
  return [
    carry(expectation.place, [...exists(expectation), ...puts], {
      ...withShare(expectation),
      ...(note === undefined ? {} : { note }),
    }),
  ];
}

export function lost(expectation: Expectation, why: string, instead: string): readonly Outcome[] {
  return [leave(expectation.place, expectation.name, why, instead)];
}

const PLAIN_VALUES = ['string', 'number', 'boolean'];

function arePlain(values: readonly unknown[]): boolean {
  return values.length > 0 && values.every((value) => value === null || PLAIN_VALUES.includes(typeof value));
}

export function readSet(expectation: Expectation, negated: boolean): readonly Outcome[] {
  const values = list(expectation, 'value_set');
  if (!arePlain(values))
    return lost(expectation, 'it has no list of plain values', 'List the values in `enum`.');
  const value = negated ? { enum: values } : values;
  return cells(expectation, valuesKeyword(expectation.column, negated ? 'not' : 'enum', value, values));
}

/** `min_value`, `max_value` and whether they are among what is allowed. */
export function readBetween(expectation: Expectation): readonly Outcome[] {
  const { column, kwargs } = expectation;
  const sides = (['min', 'max'] as const).map((side) => {
    const strict = isTrue(expectation, `strict_${side}`) || isTrue(expectation, 'strictly');
    const word = `${side}imum`;
    return {
      place: at(kwargs, `${side}_value`),
      keyword: strict ? `exclusive${word[0]?.toUpperCase()}${word.slice(1)}` : word,
    };
  });
  const texts = sides.filter(({ place }) => typeof place.value === 'string');
  if (texts.length > 0) {
    return lost(
      expectation,
      'its bounds are dates or texts, and JSON Schema bounds numbers only',
      'Write it as `dataset.sql`: a SELECT of the rows beyond the bounds.',
    );
  }
  const puts = sides.flatMap(({ place, keyword }) => {
    const bound = numberAt(place);
    return bound === undefined ? [] : numberKeyword(column, keyword, bound);
  });
  return puts.length === 0 ? lost(expectation, 'it has no bound', 'Give it one.') : cells(expectation, puts);
}

export function readLengths(expectation: Expectation): readonly Outcome[] {
  const exact = number(expectation, 'value');
  const least = exact ?? number(expectation, 'min_value');
  const most = exact ?? number(expectation, 'max_value');
  const [more, less] = [isTrue(expectation, 'strict_min') ? 1 : 0, isTrue(expectation, 'strict_max') ? 1 : 0];
  return cells(expectation, [
    ...(least === undefined ? [] : textKeyword(expectation.column, 'minLength', least + more)),
    ...(most === undefined ? [] : textKeyword(expectation.column, 'maxLength', most - less)),
  ]);
}

export function readPatterns(
  expectation: Expectation,
  patterns: readonly unknown[],
  combine: (patterns: readonly string[]) => readonly Put[],
): readonly Outcome[] {
  const read = patterns.map((pattern) => translatePythonPattern(String(pattern), 'search'));
  const bad = read.find((pattern) => 'why' in pattern);
  if (bad !== undefined && 'why' in bad)
    return lost(expectation, bad.why, 'Write a pattern of ECMA-262 by hand.');
  const found = read.flatMap((pattern) => ('pattern' in pattern ? [pattern] : []));
  const note = found.find((pattern) => pattern.note !== undefined)?.note;
  return cells(
    expectation,
    [...combine(found.map(({ pattern }) => pattern)), impliedText(expectation.column)],
    note,
  );
}

function impliedText(column: string): Put {
  return { kind: 'implied-type', column, type: 'string' };
}

export function readLike(
  expectation: Expectation,
  patterns: readonly unknown[],
  combine: (patterns: readonly string[]) => readonly Put[],
): readonly Outcome[] {
  return cells(expectation, [
    ...combine(patterns.map((pattern) => translateLikePattern(String(pattern)))),
    impliedText(expectation.column),
  ]);
}

function oneOf(column: string) {
  return (patterns: readonly string[]): readonly Put[] => [
    keyword(
      column,
      'anyOf',
      patterns.map((pattern) => ({ pattern })),
    ),
  ];
}

export function noneOf(column: string) {
  return (patterns: readonly string[]): readonly Put[] => [
    keyword(
      column,
      'not',
      patterns.length === 1 ? { pattern: patterns[0] } : { anyOf: patterns.map((pattern) => ({ pattern })) },
    ),
  ];
}

export function each(column: string) {
  return (patterns: readonly string[]): readonly Put[] =>
    patterns.map((pattern) => keyword(column, 'pattern', pattern));
}

export function listCombination(expectation: Expectation) {
  return at(expectation.kwargs, 'match_on').value === 'all'
    ? each(expectation.column)
    : oneOf(expectation.column);
}

export function readTypes(expectation: Expectation, names: readonly unknown[]): readonly Outcome[] {
  const found = names.map((name) => findColumnType(String(name)));
  const types = [...new Set(found.map((type) => JSON.stringify(type)))];
  const [type] = found;
  if (type === undefined || types.length > 1) {
    const simple = [...new Set(found.flatMap((type) => (type === undefined ? [] : [type.type])))];
    if (found.some((type) => type === undefined) || simple.length === 0) {
      return lost(
        expectation,
        'the type is a name of the tool that read the table, not of single values',
        'Say the type in JSON Schema: `type`, and `format` for dates.',
      );
    }
    const [only] = simple;
    return cells(expectation, [keyword(expectation.column, 'type', simple.length === 1 ? only : simple)]);
  }
  return cells(
    expectation,
    putType(expectation.column, type),
    type.format === 'date-time' ? TIME_NOTE : undefined,
  );
}

/** Bounds on a statistic of the column; a bound that is excluded has no word here. */
export function readStatistic(expectation: Expectation, path: readonly string[]): readonly Outcome[] {
  const puts = setBounds(
    ['statistics', expectation.column, ...path],
    number(expectation, 'min_value'),
    number(expectation, 'max_value'),
  );
  if (puts.length === 0)
    return lost(expectation, 'it has no bound that is a number', 'Set `dataset.statistics` by hand.');
  const isStrict = isTrue(expectation, 'strict_min') || isTrue(expectation, 'strict_max');
  return cells(
    expectation,
    puts,
    isStrict ? 'A number that is equal to the bound passes here, and not there.' : undefined,
  );
}

export function readQuantiles(expectation: Expectation): readonly Outcome[] {
  const ranges = at(expectation.kwargs, 'quantile_ranges');
  const quantiles = listOf(at(ranges, 'quantiles'));
  const values = listOf(at(ranges, 'value_ranges'));
  const puts = quantiles.flatMap(({ value }, index) => {
    const range = values[index];
    if (range === undefined) return [];
    const [least, most] = [numberAt(at(range, 0)), numberAt(at(range, 1))];
    return setBounds(['statistics', expectation.column, 'quantiles', String(value)], least, most);
  });
  return cells(expectation, puts);
}

export function readRows(expectation: Expectation): readonly Outcome[] {
  const exact = number(expectation, 'value');
  const puts = setBounds(
    ['rows'],
    exact ?? number(expectation, 'min_value'),
    exact ?? number(expectation, 'max_value'),
  );
  return [carry(expectation.place, puts)];
}

export function readColumnSet(expectation: Expectation): readonly Outcome[] {
  const columns = [...list(expectation, 'column_set'), ...list(expectation, 'column_list')].map(String);
  const isExact = at(expectation.kwargs, 'exact_match').value !== false;
  const puts = [
    ...columns.map((column): Put => ({ kind: 'exists', column })),
    ...(isExact ? [{ kind: 'closed' } as const] : []),
  ];
  return [
    carry(
      expectation.place,
      puts,
      isAbsent(at(expectation.kwargs, 'column_list'))
        ? {}
        : { note: 'The columns are asked for, their order is not: columns are found by their names here.' },
    ),
  ];
}

export function readKey(expectation: Expectation, columns: readonly string[]): readonly Outcome[] {
  if (withShare(expectation).mostly !== undefined) {
    return lost(
      expectation,
      'a key holds for all rows here',
      'Bound `dataset.statistics.<column>.distinct-share`, if some rows may repeat.',
    );
  }
  const ignored = at(expectation.kwargs, 'ignore_row_if').value;
  const note =
    ignored === undefined || ignored === 'all_values_are_missing' || columns.length === 1
      ? {}
      : { note: 'Rows where all of the columns are absent do not count here; there it is other rows.' };
  return [carry(expectation.place, [...exists(expectation), add('unique', { columns })], note)];
}

export function readAbsent(expectation: Expectation): readonly Outcome[] {
  const share = withShare(expectation).mostly ?? 1;
  return [carry(expectation.place, [set(['null-fraction', expectation.column, 'at-least'], share)])];
}

export function readPresent(expectation: Expectation): readonly Outcome[] {
  const { column, place } = expectation;
  const share = withShare(expectation).mostly;
  return [
    carry(place, [
      share === undefined
        ? { kind: 'required', column }
        : set(['null-fraction', column, 'at-most'], complement(share)),
    ]),
  ];
}

export function readPresentShare(expectation: Expectation): readonly Outcome[] {
  const [least, most] = [number(expectation, 'min_value'), number(expectation, 'max_value')];
  return [
    carry(
      expectation.place,
      setBounds(
        ['null-fraction', expectation.column],
        most === undefined ? undefined : complement(most),
        least === undefined ? undefined : complement(least),
      ),
    ),
  ];
}

export function readOrder(expectation: Expectation, direction: string): readonly Outcome[] {
  const { column, place } = expectation;
  if (withShare(expectation).mostly !== undefined) {
    return lost(
      expectation,
      'an order holds for all rows here',
      'Set `dataset.order`, if no row may break it.',
    );
  }
  const strict = isTrue(expectation, 'strictly') ? { strict: true } : {};
  const order = add('order', { column, direction, ...strict });
  return [
    carry(place, [...exists(expectation), { kind: 'implied-type', column, type: 'number' }, order], {
      note: 'A column whose type nothing says is taken for one of numbers: say `type`, and `format`, if it holds dates.',
    }),
  ];
}

export function readSum(expectation: Expectation): readonly Outcome[] {
  const columns = list(expectation, 'column_list').map(String);
  const equals = number(expectation, 'sum_total');
  return equals === undefined || columns.length === 0
    ? lost(expectation, 'it names no columns or no sum', 'Set `dataset.sums` by hand.')
    : [carry(expectation.place, [add('sums', { columns, equals })])];
}

export function readQuery(expectation: Expectation): readonly Outcome[] {
  const { value } = at(expectation.kwargs, 'unexpected_rows_query');
  if (typeof value !== 'string')
    return lost(expectation, 'it has no query', 'Write the query in `dataset.sql`.');
  const query = value
    .replaceAll(/\{batch\}/gu, 'data')
    .trim()
    .replace(/;$/u, '');
  const { value: description } = at(expectation.kwargs, 'description');
  const name = typeof description === 'string' && description !== '' ? description : 'unexpected rows';
  return [carryQuery(expectation.place, name, query)];
}

export function readTime(expectation: Expectation): readonly Outcome[] {
  const { value } = at(expectation.kwargs, 'strftime_format');
  const puts = putNotation(expectation.column, String(value));
  return puts === undefined
    ? lost(
        expectation,
        'its format has parts that `dataset.cells` does not know',
        'Match the texts with `pattern`.',
      )
    : cells(expectation, puts);
}

export function readDistinctValues(expectation: Expectation): readonly Outcome[] {
  return [
    ...readSet(expectation, false),
    ...lost(
      expectation,
      'that each of the values occurs is not something a schema says here',
      'Bound `dataset.statistics.<column>.distinct` from below.',
    ),
  ];
}

/**
 * The expectations of Great Expectations, one by one: what each is here. dbt_expectations has the same names and
 * arguments, so its tests come through here too.
 */
import { at, isAbsent, listOf, numberAt, type Place } from '../../evidence/foreign/places.ts';
import {
  add,
  carry,
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

interface Meaning {
  /** What says the same here, for the table of peers; an empty text where nothing does. */
  readonly ours: string;
  /** What to do where nothing does. */
  readonly instead?: string;
  readonly read?: (expectation: Expectation) => readonly Outcome[];
}

/** The same for a share of the values, where the expectation has `mostly`. */
function withShare(expectation: Expectation): Pick<Carried, 'mostly'> {
  const mostly = numberAt(at(expectation.kwargs, 'mostly'));
  return mostly === undefined || mostly >= 1 ? {} : { mostly };
}

function number(expectation: Expectation, key: string): number | undefined {
  return numberAt(at(expectation.kwargs, key));
}

function list(expectation: Expectation, key: string): readonly unknown[] {
  const place = at(expectation.kwargs, key);
  return isAbsent(place) ? [] : listOf(place).map(({ value }) => value);
}

function isTrue(expectation: Expectation, key: string): boolean {
  return at(expectation.kwargs, key).value === true;
}

function exists({ column }: Expectation): readonly Put[] {
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

function lost(expectation: Expectation, why: string, instead: string): readonly Outcome[] {
  return [leave(expectation.place, expectation.name, why, instead)];
}

const PLAIN_VALUES = ['string', 'number', 'boolean'];

function arePlain(values: readonly unknown[]): boolean {
  return values.length > 0 && values.every((value) => value === null || PLAIN_VALUES.includes(typeof value));
}

function readSet(expectation: Expectation, negated: boolean): readonly Outcome[] {
  const values = list(expectation, 'value_set');
  if (!arePlain(values))
    return lost(expectation, 'it has no list of plain values', 'List the values in `enum`.');
  const value = negated ? { enum: values } : values;
  return cells(expectation, valuesKeyword(expectation.column, negated ? 'not' : 'enum', value, values));
}

/** `min_value`, `max_value` and whether they are among what is allowed. */
function readBetween(expectation: Expectation): readonly Outcome[] {
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

function readLengths(expectation: Expectation): readonly Outcome[] {
  const exact = number(expectation, 'value');
  const least = exact ?? number(expectation, 'min_value');
  const most = exact ?? number(expectation, 'max_value');
  const [more, less] = [isTrue(expectation, 'strict_min') ? 1 : 0, isTrue(expectation, 'strict_max') ? 1 : 0];
  return cells(expectation, [
    ...(least === undefined ? [] : textKeyword(expectation.column, 'minLength', least + more)),
    ...(most === undefined ? [] : textKeyword(expectation.column, 'maxLength', most - less)),
  ]);
}

function readPatterns(
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

function readLike(
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

function noneOf(column: string) {
  return (patterns: readonly string[]): readonly Put[] => [
    keyword(
      column,
      'not',
      patterns.length === 1 ? { pattern: patterns[0] } : { anyOf: patterns.map((pattern) => ({ pattern })) },
    ),
  ];
}

function each(column: string) {
  return (patterns: readonly string[]): readonly Put[] =>
    patterns.map((pattern) => keyword(column, 'pattern', pattern));
}

function listCombination(expectation: Expectation) {
  return at(expectation.kwargs, 'match_on').value === 'all'
    ? each(expectation.column)
    : oneOf(expectation.column);
}

function readTypes(expectation: Expectation, names: readonly unknown[]): readonly Outcome[] {
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
function readStatistic(expectation: Expectation, path: readonly string[]): readonly Outcome[] {
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

function readQuantiles(expectation: Expectation): readonly Outcome[] {
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

function readRows(expectation: Expectation): readonly Outcome[] {
  const exact = number(expectation, 'value');
  const puts = setBounds(
    ['rows'],
    exact ?? number(expectation, 'min_value'),
    exact ?? number(expectation, 'max_value'),
  );
  return [carry(expectation.place, puts)];
}

function readColumnSet(expectation: Expectation): readonly Outcome[] {
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

function readKey(expectation: Expectation, columns: readonly string[]): readonly Outcome[] {
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

function readAbsent(expectation: Expectation): readonly Outcome[] {
  const share = withShare(expectation).mostly ?? 1;
  return [carry(expectation.place, [set(['null-fraction', expectation.column, 'at-least'], share)])];
}

function readPresent(expectation: Expectation): readonly Outcome[] {
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

function readPresentShare(expectation: Expectation): readonly Outcome[] {
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

function readOrder(expectation: Expectation, direction: string): readonly Outcome[] {
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

function readSum(expectation: Expectation): readonly Outcome[] {
  const columns = list(expectation, 'column_list').map(String);
  const equals = number(expectation, 'sum_total');
  return equals === undefined || columns.length === 0
    ? lost(expectation, 'it names no columns or no sum', 'Set `dataset.sums` by hand.')
    : [carry(expectation.place, [add('sums', { columns, equals })])];
}

function readQuery(expectation: Expectation): readonly Outcome[] {
  const { value } = at(expectation.kwargs, 'unexpected_rows_query');
  if (typeof value !== 'string')
    return lost(expectation, 'it has no query', 'Write the query in `dataset.sql`.');
  const query = value
    .replaceAll(/\{batch\}/gu, 'data')
    .trim()
    .replace(/;$/u, '');
  const { value: description } = at(expectation.kwargs, 'description');
  const name = typeof description === 'string' && description !== '' ? description : 'unexpected rows';
  return [
    carry(expectation.place, [add('sql', { name: name.slice(0, MAX_NAME), query })], {
      note: "The query runs in DuckDB's dialect, over the table `data`.",
    }),
  ];
}

/** Longest name of a rule. */
const MAX_NAME = 100;

const BY_DRIFT = 'Compare with main instead: `drift` in mlgate.yml.';
const BY_SQL = 'Write it as `dataset.sql`: a SELECT of the rows that must not be there.';

function readTime(expectation: Expectation): readonly Outcome[] {
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

function readDistinctValues(expectation: Expectation): readonly Outcome[] {
  return [
    ...readSet(expectation, false),
    ...lost(
      expectation,
      'that each of the values occurs is not something a schema says here',
      'Bound `dataset.statistics.<column>.distinct` from below.',
    ),
  ];
}

/** Every expectation of the core of Great Expectations 0.18 and 1.x. */
export const EXPECTATIONS: Readonly<Record<string, Meaning>> = {
  expect_column_to_exist: {
    ours: '`required`, or a bound in `dataset.null-fraction`',
    read: (expectation) => [carry(expectation.place, exists(expectation))],
  },
  expect_table_columns_to_match_set: {
    ours: '`properties` with `additionalProperties: false`',
    read: readColumnSet,
  },
  expect_table_columns_to_match_ordered_list: {
    ours: '`properties` with `additionalProperties: false`; the order of columns is not checked',
    read: readColumnSet,
  },
  expect_table_column_count_to_equal: {
    ours: '',
    instead: 'List the columns, and set `additionalProperties: false`.',
  },
  expect_table_column_count_to_be_between: {
    ours: '',
    instead: 'List the columns, and set `additionalProperties: false`.',
  },
  expect_table_row_count_to_be_between: { ours: '`dataset.rows`', read: readRows },
  expect_table_row_count_to_equal: { ours: '`dataset.rows`', read: readRows },
  expect_table_row_count_to_equal_other_table: {
    ours: '`dataset.compare` with `statistic: rows`',
    instead: 'Set `dataset.compare` with the other table’s path or dataset.',
  },
  expect_column_values_to_not_be_null: { ours: '`required`, `dataset.null-fraction`', read: readPresent },
  expect_column_values_to_be_null: { ours: '`dataset.null-fraction` with `at-least`', read: readAbsent },
  expect_column_proportion_of_non_null_values_to_be_between: {
    ours: '`dataset.null-fraction`',
    read: readPresentShare,
  },
  expect_column_values_to_be_unique: {
    ours: '`dataset.unique`',
    read: (expectation) => readKey(expectation, [expectation.column]),
  },
  expect_compound_columns_to_be_unique: {
    ours: '`dataset.unique`',
    read: (expectation) => readKey(expectation, list(expectation, 'column_list').map(String)),
  },
  expect_multicolumn_values_to_be_unique: {
    ours: '`dataset.unique`',
    instead: 'It was renamed: set `dataset.unique`, if the columns are a key.',
  },
  expect_select_column_values_to_be_unique_within_record: { ours: '`dataset.sql`', instead: BY_SQL },
  expect_multicolumn_values_to_be_equal: { ours: '`dataset.sql`', instead: BY_SQL },
  expect_multicolumn_sum_to_equal: { ours: '`dataset.sums`', read: readSum },
  expect_column_pair_values_to_be_equal: { ours: '`dataset.sql`', instead: BY_SQL },
  expect_column_pair_values_a_to_be_greater_than_b: { ours: '`dataset.sql`', instead: BY_SQL },
  expect_column_pair_values_A_to_be_greater_than_B: { ours: '`dataset.sql`', instead: BY_SQL },
  expect_column_pair_values_to_be_in_set: { ours: '`anyOf` of the row, or `dataset.sql`', instead: BY_SQL },
  expect_column_pair_cramers_phi_value_to_be_less_than: { ours: '', instead: BY_SQL },
  expect_column_values_to_be_of_type: {
    ours: '`type`, `format`',
    read: (expectation) => readTypes(expectation, [at(expectation.kwargs, 'type_').value]),
  },
  expect_column_values_to_be_in_type_list: {
    ours: '`type`, `format`',
    read: (expectation) => readTypes(expectation, list(expectation, 'type_list')),
  },
  expect_column_type_to_be: {
    ours: '`type`, `format`',
    read: (expectation) => readTypes(expectation, [at(expectation.kwargs, 'type_').value]),
  },
  expect_column_values_to_be_in_set: { ours: '`enum`', read: (expectation) => readSet(expectation, false) },
  expect_column_values_to_not_be_in_set: {
    ours: '`not` with `enum`',
    read: (expectation) => readSet(expectation, true),
  },
  expect_column_distinct_values_to_be_in_set: {
    ours: '`enum`',
    read: (expectation) => readSet(expectation, false),
  },
  expect_column_distinct_values_to_equal_set: {
    ours: '`enum`; that each value occurs: `dataset.statistics` with `distinct`',
    read: readDistinctValues,
  },
  expect_column_distinct_values_to_contain_set: { ours: '', instead: 'Write it as `dataset.sql`.' },
  expect_column_most_common_value_to_be_in_set: { ours: '', instead: 'Write it as `dataset.sql`.' },
  expect_column_values_to_be_between: {
    ours: '`minimum`, `maximum`, `exclusiveMinimum`, `exclusiveMaximum`',
    read: readBetween,
  },
  expect_column_value_lengths_to_be_between: { ours: '`minLength`, `maxLength`', read: readLengths },
  expect_column_value_lengths_to_equal: { ours: '`minLength`, `maxLength`', read: readLengths },
  expect_column_values_to_match_regex: {
    ours: '`pattern`',
    read: (expectation) =>
      readPatterns(expectation, [at(expectation.kwargs, 'regex').value], each(expectation.column)),
  },
  expect_column_values_to_not_match_regex: {
    ours: '`not` with `pattern`',
    read: (expectation) =>
      readPatterns(expectation, [at(expectation.kwargs, 'regex').value], noneOf(expectation.column)),
  },
  expect_column_values_to_match_regex_list: {
    ours: '`anyOf` or `allOf` of `pattern`s',
    read: (expectation) =>
      readPatterns(expectation, list(expectation, 'regex_list'), listCombination(expectation)),
  },
  expect_column_values_to_not_match_regex_list: {
    ours: '`not` with `anyOf` of `pattern`s',
    read: (expectation) =>
      readPatterns(expectation, list(expectation, 'regex_list'), noneOf(expectation.column)),
  },
  expect_column_values_to_match_like_pattern: {
    ours: '`pattern`',
    read: (expectation) =>
      readLike(expectation, [at(expectation.kwargs, 'like_pattern').value], each(expectation.column)),
  },
  expect_column_values_to_not_match_like_pattern: {
    ours: '`not` with `pattern`',
    read: (expectation) =>
      readLike(expectation, [at(expectation.kwargs, 'like_pattern').value], noneOf(expectation.column)),
  },
  expect_column_values_to_match_like_pattern_list: {
    ours: '`anyOf` or `allOf` of `pattern`s',
    read: (expectation) =>
      readLike(expectation, list(expectation, 'like_pattern_list'), listCombination(expectation)),
  },
  expect_column_values_to_not_match_like_pattern_list: {
    ours: '`not` with `anyOf` of `pattern`s',
    read: (expectation) =>
      readLike(expectation, list(expectation, 'like_pattern_list'), noneOf(expectation.column)),
  },
  expect_column_values_to_match_strftime_format: { ours: '`format`, `dataset.cells`', read: readTime },
  expect_column_values_to_be_dateutil_parseable: {
    ours: '`format` (`date`, `date-time`), `dataset.cells`',
    instead:
      'Say the one notation that the dates have: `format`, and `dataset.cells` where it is not that of RFC 3339.',
  },
  expect_column_values_to_be_json_parseable: { ours: '', instead: BY_SQL },
  expect_column_values_to_match_json_schema: {
    ours: 'JSON Schema of nested columns, where the file is JSON or Parquet',
    instead: 'Put the schema under the column in `properties`, if the file holds nested values.',
  },
  expect_column_values_to_be_increasing: {
    ours: '`dataset.order`',
    read: (expectation) => readOrder(expectation, 'increasing'),
  },
  expect_column_values_to_be_decreasing: {
    ours: '`dataset.order`',
    read: (expectation) => readOrder(expectation, 'decreasing'),
  },
  expect_column_unique_value_count_to_be_between: {
    ours: '`dataset.statistics` with `distinct`',
    read: (expectation) => readStatistic(expectation, ['distinct']),
  },
  expect_column_proportion_of_unique_values_to_be_between: {
    ours: '`dataset.statistics` with `distinct-share`',
    read: (expectation) => readStatistic(expectation, ['distinct-share']),
  },
  expect_column_min_to_be_between: {
    ours: '`dataset.statistics` with `minimum`',
    read: (expectation) => readStatistic(expectation, ['minimum']),
  },
  expect_column_max_to_be_between: {
    ours: '`dataset.statistics` with `maximum`',
    read: (expectation) => readStatistic(expectation, ['maximum']),
  },
  expect_column_mean_to_be_between: {
    ours: '`dataset.statistics` with `mean`',
    read: (expectation) => readStatistic(expectation, ['mean']),
  },
  expect_column_median_to_be_between: {
    ours: '`dataset.statistics` with `median`',
    read: (expectation) => readStatistic(expectation, ['median']),
  },
  expect_column_stdev_to_be_between: {
    ours: '`dataset.statistics` with `standard-deviation`',
    read: (expectation) => readStatistic(expectation, ['standard-deviation']),
  },
  expect_column_sum_to_be_between: {
    ours: '`dataset.statistics` with `sum`',
    read: (expectation) => readStatistic(expectation, ['sum']),
  },
  expect_column_quantile_values_to_be_between: {
    ours: '`dataset.statistics` with `quantiles`',
    read: readQuantiles,
  },
  expect_column_value_z_scores_to_be_less_than: {
    ours: '',
    instead: 'Bound the values, or `quantiles` in `dataset.statistics`.',
  },
  expect_column_values_to_not_be_outliers: {
    ours: '',
    instead: 'Bound the values, or `quantiles` in `dataset.statistics`.',
  },
  expect_column_kl_divergence_to_be_less_than: { ours: '`drift` in mlgate.yml', instead: BY_DRIFT },
  expect_column_chisquare_test_p_value_to_be_greater_than: {
    ours: '`drift` in mlgate.yml',
    instead: BY_DRIFT,
  },
  expect_column_bootstrapped_ks_test_p_value_to_be_greater_than: {
    ours: '`drift` in mlgate.yml',
    instead: BY_DRIFT,
  },
  expect_column_parameterized_distribution_ks_test_p_value_to_be_greater_than: {
    ours: '',
    instead: BY_DRIFT,
  },
  unexpected_rows_expectation: { ours: '`dataset.sql`', read: readQuery },
  expect_query_results_to_match_comparison: { ours: '`dataset.compare`, `dataset.sql`', instead: BY_SQL },
};

/** What becomes of one expectation. */
export function readExpectation(expectation: Expectation): readonly Outcome[] {
  const { name } = expectation;
  const meaning = Object.hasOwn(EXPECTATIONS, name) ? EXPECTATIONS[name] : undefined;
  if (meaning === undefined) {
    return lost(expectation, 'it is none of the core expectations', BY_SQL);
  }
  if (meaning.read !== undefined) return meaning.read(expectation);
  const why =
    meaning.ours === '' ? 'nothing here says the same' : `it is said another way here: ${meaning.ours}`;
  return lost(expectation, why, meaning.instead ?? BY_SQL);
}

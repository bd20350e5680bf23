/**
 * The expectations of Great Expectations, one by one: what each is here. dbt_expectations has the same names and
 * arguments, so its tests come through here too.
 */
import { at } from '../../evidence/foreign/places.ts';
import { carry, type Outcome } from './carry.ts';
import {
  each,
  exists,
  list,
  listCombination,
  lost,
  noneOf,
  readAbsent,
  readBetween,
  readColumnSet,
  readDistinctValues,
  readKey,
  readLengths,
  readLike,
  readOrder,
  readPatterns,
  readPresent,
  readPresentShare,
  readQuantiles,
  readQuery,
  readRows,
  readSet,
  readStatistic,
  readSum,
  readTime,
  readTypes,
  type Expectation,
} from './read-expectation.ts';

interface Meaning {
  /** What says the same here, for the table of peers; an empty text where nothing does. */
  readonly ours: string;
  /** What to do where nothing does. */
  readonly instead?: string;
  readonly read?: (expectation: Expectation) => readonly Outcome[];
}

const BY_DRIFT = 'Compare with main instead: `drift` in mlgate.yml.';
const BY_SQL = 'Write it as `dataset.sql`: a SELECT of the rows that must not be there.';

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

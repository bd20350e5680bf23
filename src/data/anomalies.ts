/**
 * The catalogue of what can be wrong with a dataset. Names are those of TensorFlow Data Validation where it has one
 * for the same condition (https://www.tensorflow.org/tfx/data_validation/anomalies), so that people find what they know.
 */

import { FINDING_KINDS } from './findings/finding-kinds.ts';

export interface Anomaly {
  readonly name: string;
  /** The condition, in one sentence. */
  readonly meaning: string;
  readonly asked: string;
  /** How it usually comes about. */
  readonly cause: string;
  /** What to do: one sentence, in the imperative. Part of each message. */
  readonly cure: string;
  readonly origin: 'TFDV' | 'mlgate';
}

export const ANOMALIES = [
  {
    name: 'DATA_UNREADABLE',
    meaning:
      'The content of the file is not the table that the schema describes: rows with more or fewer cells than the header, quotes that do not close, two columns of one name, or none of the columns of the schema.',
    asked: 'always',
    cause:
      'Another delimiter, a field with an unquoted delimiter or line end, a file cut short, or another file altogether.',
    cure: 'Write the file again, with the delimiter that its extension promises and with quotes around fields that hold it.',
    origin: 'mlgate',
  },
  {
    name: 'DATASET_LOW_NUM_EXAMPLES',
    meaning: 'The table has fewer rows than asked for. Without a bound in the schema, one row is asked for.',
    asked: '`dataset.rows.at-least`',
    cause: 'An export that stopped early, a filter that is too strict, or an empty partition.',
    cure: 'Find out where rows were lost, or lower `dataset.rows.at-least`.',
    origin: 'TFDV',
  },
  {
    name: 'DATASET_HIGH_NUM_EXAMPLES',
    meaning: 'The table has more rows than allowed.',
    asked: '`dataset.rows.at-most`',
    cause: 'A join that multiplies rows, or an append where a replacement was meant.',
    cure: 'Find out where the extra rows come from, or raise `dataset.rows.at-most`.',
    origin: 'TFDV',
  },
  {
    name: 'SCHEMA_MISSING_COLUMN',
    meaning: 'The table lacks a column that the schema requires.',
    asked: '`required`',
    cause: 'A column was renamed or dropped where the data are made.',
    cure: 'Restore or rename the column, or take it out of `required`.',
    origin: 'TFDV',
  },
  {
    name: 'SCHEMA_NEW_COLUMN',
    meaning: 'The table has a column that the schema does not list, and the schema allows no others.',
    asked: '`additionalProperties: false`',
    cause: 'A column was added or renamed where the data are made.',
    cure: 'Add the column to `properties`, or drop it from the data.',
    origin: 'TFDV',
  },
  {
    name: 'UNEXPECTED_DATA_TYPE',
    meaning: 'A value has another type than the schema declares.',
    asked: '`type`',
    cause: 'Text among numbers, decimals among whole numbers, or a spelling of “missing” such as NA or -.',
    cure: 'Correct these cells (leave a missing value empty), or widen `type`.',
    origin: 'TFDV',
  },
  {
    name: 'ENUM_TYPE_UNEXPECTED_STRING_VALUES',
    meaning: 'A value is not one of those that the schema lists.',
    asked: '`enum`, `const`',
    cause: 'A new category, another spelling or case, or blanks around the text.',
    cure: 'Correct these cells, or add the values to the schema.',
    origin: 'TFDV',
  },
  {
    name: 'INT_TYPE_SMALL_INT',
    meaning: 'A whole number is below the smallest allowed.',
    asked: '`minimum`, `exclusiveMinimum` of a column of type `integer`',
    cause: 'A code for “missing” such as -1, another unit, or an overflow.',
    cure: 'Correct these cells, or lower the bound if they are right.',
    origin: 'TFDV',
  },
  {
    name: 'INT_TYPE_BIG_INT',
    meaning: 'A whole number is above the largest allowed.',
    asked: '`maximum`, `exclusiveMaximum` of a column of type `integer`',
    cause: 'A code for “missing” such as 999, another unit, or an overflow.',
    cure: 'Correct these cells, or raise the bound if they are right.',
    origin: 'TFDV',
  },
  {
    name: 'FLOAT_TYPE_SMALL_FLOAT',
    meaning: 'A number is below the smallest allowed.',
    asked: '`minimum`, `exclusiveMinimum` of any other column',
    cause: 'A code for “missing” such as -1, another unit, or a wrong sign.',
    cure: 'Correct these cells, or lower the bound if they are right.',
    origin: 'TFDV',
  },
  {
    name: 'FLOAT_TYPE_BIG_FLOAT',
    meaning: 'A number is above the largest allowed.',
    asked: '`maximum`, `exclusiveMaximum` of any other column',
    cause: 'A code for “missing” such as 999, another unit, or a lost decimal point.',
    cure: 'Correct these cells, or raise the bound if they are right.',
    origin: 'TFDV',
  },
  {
    name: 'NUMBER_NOT_MULTIPLE',
    meaning: 'A number is not a whole multiple of the step asked for.',
    asked: '`multipleOf`',
    cause: 'Another unit, or a rounding that was lost.',
    cure: 'Round these cells, or change `multipleOf`.',
    origin: 'mlgate',
  },
  {
    name: 'STRING_TOO_SHORT',
    meaning: 'A text has fewer characters (Unicode code points) than asked for.',
    asked: '`minLength`',
    cause: 'Texts cut off, or a placeholder such as -.',
    cure: 'Correct these cells, or lower `minLength`.',
    origin: 'mlgate',
  },
  {
    name: 'STRING_TOO_LONG',
    meaning: 'A text has more characters (Unicode code points) than allowed.',
    asked: '`maxLength`',
    cause: 'Two fields in one, or free text where a code was expected.',
    cure: 'Correct these cells, or raise `maxLength`.',
    origin: 'mlgate',
  },
  {
    name: 'STRING_PATTERN_MISMATCH',
    meaning: 'A text does not match the regular expression.',
    asked: '`pattern`',
    cause: 'Another spelling of a code, or blanks around the text.',
    cure: 'Correct these cells, or widen `pattern`.',
    origin: 'mlgate',
  },
  {
    name: 'STRING_FORMAT_MISMATCH',
    meaning: 'A text does not have the format asked for.',
    asked: '`format`',
    cause: 'Dates in local notation, or addresses without their domain.',
    cure: 'Write these cells in the format, or remove `format`.',
    origin: 'mlgate',
  },
  {
    name: 'FEATURE_TYPE_LOW_FRACTION_PRESENT',
    meaning: 'Too many cells of a column are without a value. A required column may have none.',
    asked: '`required`, `dataset.null-fraction.<column>.at-most`',
    cause: 'A source that stopped delivering, a failed join, or a parser that gave up on values.',
    cure: 'Fill these cells, or say in `dataset.null-fraction` how many may be empty (a required column may have none).',
    origin: 'TFDV',
  },
  {
    name: 'FEATURE_HIGH_FRACTION_PRESENT',
    meaning: 'Too few cells of a column are without a value.',
    asked: '`dataset.null-fraction.<column>.at-least`',
    cause: 'Missing values were filled with a default on the way.',
    cure: 'Find out what filled the cells, or lower `at-least`.',
    origin: 'mlgate',
  },
  {
    name: 'DUPLICATE_KEY',
    meaning: 'Values that may stand in one row only stand in several.',
    asked: '`dataset.unique`',
    cause: 'The same data appended twice, or a join that multiplies rows.',
    cure: 'Remove the repeated rows, or add the column that tells them apart to the key.',
    origin: 'mlgate',
  },
  {
    name: 'COMPARATOR_LOW_NUM_EXAMPLES',
    meaning: 'The table has fewer rows than that of the baseline by more than allowed.',
    asked: '`dataset.rows.max-change`',
    cause: 'An export that stopped early, or rows deleted on purpose.',
    cure: 'Find out where rows were lost, or raise `dataset.rows.max-change`.',
    origin: 'TFDV',
  },
  {
    name: 'COMPARATOR_HIGH_NUM_EXAMPLES',
    meaning: 'The table has more rows than that of the baseline by more than allowed.',
    asked: '`dataset.rows.max-change`',
    cause: 'The same data appended twice, or a join that multiplies rows.',
    cure: 'Find out where the extra rows come from, or raise `dataset.rows.max-change`.',
    origin: 'TFDV',
  },
  {
    name: 'FEATURE_TYPE_LOW_UNIQUE',
    meaning: 'A column has fewer different values than asked for.',
    asked: '`dataset.statistics.<column>.distinct`, `distinct-share`',
    cause: 'A filter that leaves one category, or a column filled with a default.',
    cure: 'Find out what became of the other values, or lower the bound.',
    origin: 'TFDV',
  },
  {
    name: 'FEATURE_TYPE_HIGH_UNIQUE',
    meaning: 'A column has more different values than allowed.',
    asked: '`dataset.statistics.<column>.distinct`, `distinct-share`',
    cause: 'Free text or identifiers where categories were expected, or several spellings of one.',
    cure: 'Bring the values into one spelling, or raise the bound.',
    origin: 'TFDV',
  },
  {
    name: 'STATISTIC_TOO_LOW',
    meaning: 'A statistic of a column (mean, quantile, sum, …) is below what is asked for.',
    asked: '`dataset.statistics.<column>`',
    cause: 'Another unit, a code for “missing” such as -1, or another population.',
    cure: 'Find out which rows pull it down, or lower the bound if the data are right.',
    origin: 'mlgate',
  },
  {
    name: 'STATISTIC_TOO_HIGH',
    meaning: 'A statistic of a column (mean, quantile, sum, …) is above what is allowed.',
    asked: '`dataset.statistics.<column>`',
    cause: 'Another unit, a code for “missing” such as 999, or another population.',
    cure: 'Find out which rows pull it up, or raise the bound if the data are right.',
    origin: 'mlgate',
  },
  {
    name: 'ORDER_BROKEN',
    meaning: 'A value does not follow the one before it in the order of the rows.',
    asked: '`dataset.order`',
    cause:
      'Files joined in another order, late events appended at the end, or a sort by text instead of by number.',
    cure: 'Sort the rows where the data are made, or name in `by` the columns within which the order holds.',
    origin: 'mlgate',
  },
  {
    name: 'DATA_STALE',
    meaning:
      'The newest value of a column of dates or times is older than allowed. Values in the future do not count.',
    asked: '`dataset.freshness`',
    cause: 'A job that no longer runs, or a copy of an old export.',
    cure: 'Make the data again, or raise `dataset.freshness.<column>.at-most`.',
    origin: 'mlgate',
  },
  {
    name: 'FOREIGN_KEY_NOT_FOUND',
    meaning: 'A value is not found in the table that it refers to.',
    asked: '`dataset.foreign-keys`',
    cause:
      'The tables were exported at different times, a row was deleted there, or the keys are written in different ways.',
    cure: 'Export both tables together, and write the keys alike: they are compared as texts.',
    origin: 'mlgate',
  },
  {
    name: 'SUM_MISMATCH',
    meaning: 'Columns do not add up to what they must equal, in a row or in the totals of the table.',
    asked: '`dataset.sums`',
    cause: 'A part that is missing, another unit or currency, or a rounding of each part.',
    cure: 'Correct these rows, or allow the rounding with `tolerance`.',
    origin: 'mlgate',
  },
  {
    name: 'FUNCTIONAL_DEPENDENCY_BROKEN',
    meaning: 'Rows that agree in some columns differ in one that these decide.',
    asked: '`dataset.functional-dependencies`',
    cause: 'Two spellings of one value, or a value that changed between the rows.',
    cure: 'Bring these rows to one value, or add to `columns` what tells them apart.',
    origin: 'mlgate',
  },
  {
    name: 'TOO_MANY_SLICES',
    meaning: 'A column that makes slices has more values than there may be slices, so none was looked at.',
    asked: '`dataset.slices[].max-slices`',
    cause: 'Identifiers or free text where categories were expected.',
    cure: 'Slice by a column with fewer values, or raise `max-slices`.',
    origin: 'mlgate',
  },
  {
    name: 'COMPARISON_OUT_OF_BOUNDS',
    meaning: 'A number of the table is not what the same number of another table asks for.',
    asked: '`dataset.compare`',
    cause: 'One of the tables was not made again, or rows were lost between them.',
    cure: 'Make both tables from the same data, or change the bound.',
    origin: 'mlgate',
  },
  {
    name: 'CUSTOM_VALIDATION',
    meaning: 'A query of the schema found rows, each of which is a violation.',
    asked: '`dataset.sql`',
    cause: 'What the query looks for.',
    cure: 'Look at the rows that it found, and correct the data or the query.',
    origin: 'TFDV',
  },
  {
    name: 'COMPARATOR_L_INFTY_HIGH',
    meaning:
      'The share of one category or bin has changed by more than allowed, and by more than chance explains.',
    asked: '`drift`, `skew` with the method `l-infinity`',
    cause: 'A new category, another source of the data, or a default that took over.',
    cure: 'Look at both histograms in the report and at how the column is made; if it may move so far, raise its `threshold` or name it in `exclude`.',
    origin: 'TFDV',
  },
  {
    name: 'COMPARATOR_JENSEN_SHANNON_DIVERGENCE_HIGH',
    meaning: 'Categories or bins are distributed otherwise than allowed, and than chance explains.',
    asked: '`drift`, `skew`: the method of categories',
    cause: 'Another mix of sources, a new or renamed category, or a filter that changed.',
    cure: 'Look at both histograms in the report and at how the column is made; if it may move so far, raise its `threshold` or name it in `exclude`.',
    origin: 'TFDV',
  },
  {
    name: 'COMPARATOR_DISTANCE_HIGH',
    meaning: 'Values, or lengths of texts, have moved farther than allowed, and than chance explains.',
    asked: '`drift`, `skew`: the method of numbers and times, and the other methods',
    cause: 'Another unit or scale, another population, a filter that changed, or the world.',
    cure: 'Look at both histograms in the report and at how the column is made; if it may move so far, raise its `threshold` or name it in `exclude`.',
    origin: 'mlgate',
  },
  {
    name: 'COMPARATOR_MISSING_SHARE_HIGH',
    meaning: 'The share of absent cells has changed by more than allowed, and by more than chance explains.',
    asked: '`drift`, `skew`',
    cause:
      'A source that no longer delivers, a join that finds no partner, or an imputation that was added or lost.',
    cure: 'Find out where the cells were lost or filled; if their share may change so much, raise `missing` of the column.',
    origin: 'mlgate',
  },
  {
    name: 'DATASET_DRIFT',
    meaning: 'A larger share of the columns has drifted than allowed.',
    asked: '`drift`',
    cause: 'Another population or period, or a change in how the data are made.',
    cure: 'Look at the columns that moved farthest; train again if the change is here to stay, or raise `max-share`.',
    origin: 'mlgate',
  },
  {
    name: 'SCHEMA_TRAINING_SERVING_SKEW',
    meaning: 'More of the columns than allowed are distributed otherwise in training than in serving.',
    asked: '`skew`',
    cause:
      'Features that are computed in two places, or training data of another time or place than what is served.',
    cure: 'Compute the columns that differ in one place for both, or train on what is served.',
    origin: 'TFDV',
  },
  {
    name: 'COMPARATOR_TABLES_DIFFER',
    meaning:
      'A classifier tells rows of the two tables apart that it has not seen: columns may have moved together.',
    asked: '`drift`, `skew` with `multivariate: true`',
    cause:
      'Columns that no longer belong together as they did, a join on another key, or columns that moved.',
    cure: 'Look at the columns by which it tells them apart; leave out those that may differ with `exclude`.',
    origin: 'mlgate',
  },
  {
    name: 'DVC_DIGEST_MISMATCH',
    meaning: 'A file that DVC tracks does not hold the bytes that its `.dvc` file or `dvc.lock` names.',
    asked: 'always, where DVC tracks the file',
    cause:
      'Data edited without `dvc add`, a checkout without `dvc pull`, or a stage that was run and not committed.',
    cure: 'Run `dvc checkout`, or `dvc add` if the new bytes are meant, and commit what it writes.',
    origin: 'mlgate',
  },
  ...FINDING_KINDS,
  {
    name: 'ALTERNATIVES_MISMATCH',
    meaning:
      'A value, or a row, fits none of the alternatives of the schema, or more than the one that it may fit.',
    asked: '`anyOf`, `oneOf`',
    cause: 'A kind of value that the schema does not know yet, or alternatives that overlap.',
    cure: 'Correct these rows, or add an alternative for them.',
    origin: 'mlgate',
  },
  {
    name: 'FORBIDDEN_VALUE',
    meaning: 'A value, or a row, is what the schema forbids.',
    asked: '`not`',
    cause: 'A placeholder, a code for “missing”, or columns that exclude each other.',
    cure: 'Correct these rows, or narrow `not`.',
    origin: 'mlgate',
  },
  {
    name: 'CONDITION_MISMATCH',
    meaning: 'A row to which a condition applies is not as it asks.',
    asked: '`if` with `then`, `else`',
    cause: 'One column was changed without the other, or a case that the condition does not know.',
    cure: 'Correct these rows, or narrow `if`.',
    origin: 'mlgate',
  },
  {
    name: 'DEPENDENCY_MISMATCH',
    meaning: 'A column holds a value without what must come with it.',
    asked: '`dependentRequired`, `dependentSchemas`',
    cause: 'A join that filled one column of several that belong together.',
    cure: 'Fill what is missing, or empty both.',
    origin: 'mlgate',
  },
  {
    name: 'FEATURE_TYPE_LOW_NUMBER_VALUES',
    meaning: 'A list has fewer items than asked for.',
    asked: '`minItems`',
    cause: 'Items that were lost, or one item where a list of several was meant.',
    cure: 'Correct these cells, or lower `minItems`.',
    origin: 'TFDV',
  },
  {
    name: 'FEATURE_TYPE_HIGH_NUMBER_VALUES',
    meaning: 'A list has more items than allowed.',
    asked: '`maxItems`',
    cause: 'Lists that were appended where they were to be replaced.',
    cure: 'Correct these cells, or raise `maxItems`.',
    origin: 'TFDV',
  },
  {
    name: 'LIST_MISMATCH',
    meaning: 'A list holds what the schema does not allow, or lacks what it asks for.',
    asked: '`items`, `prefixItems`, `contains`, `uniqueItems`, `unevaluatedItems`',
    cause: 'Items of another type, in another order, or twice.',
    cure: 'Correct these cells, or widen the schema of the items.',
    origin: 'mlgate',
  },
  {
    name: 'OBJECT_MISMATCH',
    meaning:
      'An object in a cell is not as the schema says: a property is missing, is one too many, or holds another value.',
    asked:
      '`properties`, `required`, `additionalProperties`, `patternProperties`, `propertyNames`, `minProperties`, `maxProperties`, `unevaluatedProperties` of a column',
    cause: 'Another version of the program that writes the objects.',
    cure: 'Correct these cells, or describe what they hold.',
    origin: 'mlgate',
  },
  {
    name: 'ROW_MISMATCH',
    meaning:
      'A row is not as the schema says of all its columns together: of those that are not listed, of their names or of their number.',
    asked:
      '`additionalProperties` and `patternProperties` with a schema, `propertyNames`, `minProperties`, `maxProperties`, `unevaluatedProperties`, `enum`, `const` of the row',
    cause: 'A column that was added where the data are made, or rows with too few values.',
    cure: 'Correct these rows, or describe the columns under `properties`.',
    origin: 'mlgate',
  },
] as const satisfies readonly Anomaly[];

export type AnomalyName = (typeof ANOMALIES)[number]['name'];

/** What to do about an anomaly. */
export function cureOf(name: AnomalyName): string {
  return ANOMALIES.find((anomaly) => anomaly.name === name)?.cure ?? '';
}

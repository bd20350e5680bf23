/**
 * The catalogue of what can be wrong with a dataset. Names are those of TensorFlow Data Validation where it has one
 * for the same condition (https://www.tensorflow.org/tfx/data_validation/anomalies), so that people find what they know.
 */

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
] as const satisfies readonly Anomaly[];

export type AnomalyName = (typeof ANOMALIES)[number]['name'];

/** What to do about an anomaly. */
export function cureOf(name: AnomalyName): string {
  return ANOMALIES.find((anomaly) => anomaly.name === name)?.cure ?? '';
}

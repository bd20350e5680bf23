/** What can be wrong with a file and its columns. */
import type { Anomaly } from './anomaly.ts';

export const FILE_ANOMALIES = [
  {
    name: 'DATA_UNREADABLE',
    meaning:
      'The content of the file is not the table that the schema describes: rows with more or fewer cells than the header, quotes that do not close, two columns of one name, or none of the columns of the schema.',
    asked: 'always',
    cause:
      'Another delimiter, a field with an unquoted delimiter or line end, a file cut short, or another file altogether.',
    example: 'Row 7 has 5 cells where the header has 4.',
    cure: 'Write the file again, with the delimiter that its extension promises and with quotes around fields that hold it.',
    origin: 'mlgate',
  },
  {
    name: 'SCHEMA_MISSING_COLUMN',
    meaning: 'The table lacks a column that the schema requires.',
    asked: '`required`',
    cause: 'A column was renamed or dropped where the data are made.',
    example: '`required: [customer_id]`, and the table has `customerId`.',
    cure: 'Restore or rename the column, or take it out of `required`.',
    origin: 'TFDV',
  },
  {
    name: 'SCHEMA_NEW_COLUMN',
    meaning: 'The table has a column that the schema does not list, and the schema allows no others.',
    asked: '`additionalProperties: false`',
    cause: 'A column was added or renamed where the data are made.',
    example: 'The table has `age_2`, and `properties` only `age`.',
    cure: 'Add the column to `properties`, or drop it from the data.',
    origin: 'TFDV',
  },
  {
    name: 'DVC_DIGEST_MISMATCH',
    meaning: 'A file that DVC tracks does not hold the bytes that its `.dvc` file or `dvc.lock` names.',
    asked: 'always, where DVC tracks the file',
    cause:
      'Data edited without `dvc add`, a checkout without `dvc pull`, or a stage that was run and not committed.',
    example: '`train.csv.dvc` names `1a79a4…`, and the file has `9e107d…`.',
    cure: 'Run `dvc checkout`, or `dvc add` if the new bytes are meant, and commit what it writes.',
    origin: 'mlgate',
  },
] as const satisfies readonly Anomaly[];

/**
 * Outcomes in the form in which they are kept for tomorrow's comparison: no ids, canonical order, gzip around a header
 * of one JSON line and then the columns, one after another. About 1 bit a row for each label; numbers take 2 to 4 bytes
 * where few decimal places or 32 bits hold them exactly. The other numbers of a large test set are rounded, to 2^-29 of
 * a probability's distance from 0 or 1, or to 2^-21 of a residual, and a digest of the exact ones tells whether
 * tomorrow's are equal to the last bit. So a million rows take less than 6 MB, whatever the numbers.
 */
import { gunzipSync, gzipSync } from 'node:zlib';
import { UserError } from '../evidence/errors.ts';
import { digestNumbers, foldScores, residualsOf, unfoldScores } from './round-outputs.ts';
import { chooseForm, readColumn, writeColumn, type ColumnForm, type StoredColumn } from './stored-columns.ts';
import type { BinaryOutcomes, Outcomes, RegressionOutcomes } from './outcomes.ts';
import { MAX_CLASSES } from './read-labels.ts';

const FORMAT = 'mlgate-outcomes';
/** Version 1 kept every number exactly, and named the columns `target`, `predicted` and `score`. */
const VERSIONS: readonly unknown[] = [1, 2];
const VERSION = 2;

/** Largest unpacked size that is read. */
const MAX_STORED_BYTES = 512_000_000;

/** A bit for each row unpacks to a byte, so that rows need a limit of their own. */
const MAX_STORED_ROWS = 50_000_000;

const MAX_HEADER_BYTES = 1_000_000;
const MAX_LABEL_LENGTH = 10_000;

/** Up to here every number is kept exactly: rounding saves little, and few examples decide by less. */
const MOST_EXACT_ROWS = 100_000;

/**
 * Bytes to keep: the same outcomes give the same bytes with the same version of zlib.
 * @param exactRows up to how many rows nothing is rounded.
 */
export function encodeOutcomes(outcomes: Outcomes, exactRows: number = MOST_EXACT_ROWS): Uint8Array {
  const { columns, exactDigest } = columnsOf(outcomes, outcomes.n > exactRows);
  const header = {
    format: FORMAT,
    version: VERSION,
    task: outcomes.task,
    n: outcomes.n,
    idsDigest: outcomes.idsDigest,
    testSetDigest: outcomes.testSetDigest,
    ...(exactDigest === undefined ? {} : { exactDigest }),
    labels: 'labels' in outcomes ? outcomes.labels : [],
    columns: columns.map(({ name, form }) => ({ name, ...form })),
  };
  const line = Buffer.from(`${JSON.stringify(header)}\n`);
  const written = columns.map(({ values, form }) => writeColumn(values, form));
  return gzipSync(Buffer.concat([line, ...written]), { level: outcomes.n > exactRows ? 1 : 6 });
}

/** What a column holds. `folded-score`: see `foldScores`. `residual`: predicted minus target. */
type ColumnName = 'target' | 'predicted' | 'score' | 'folded-score' | 'residual';

interface NamedColumn {
  readonly name: ColumnName;
  readonly values: StoredColumn;
  readonly form: ColumnForm;
}

interface ChosenColumns {
  readonly columns: readonly NamedColumn[];
  /** Where a column is rounded. */
  readonly exactDigest?: string;
}

function columnsOf(outcomes: Outcomes, mayRound: boolean): ChosenColumns {
  if (outcomes.task === 'regression') return columnsOfRegression(outcomes, mayRound);
  if (outcomes.task !== 'binary-classification' && outcomes.task !== 'multiclass-classification')
    throw new TypeError(`Outcomes of ${outcomes.task} are not kept yet.`);
  const { task, target, predicted } = outcomes;
  const form: ColumnForm = { type: task === 'binary-classification' ? 'bit' : 'u16' };
  const labels: readonly NamedColumn[] = [
    { name: 'target', values: target, form },
    { name: 'predicted', values: predicted, form },
  ];
  if (task !== 'binary-classification' || outcomes.score === undefined) return { columns: labels };
  const { column, exactDigest } = columnOfScores(outcomes.score, mayRound);
  return { columns: [...labels, column], ...(exactDigest === undefined ? {} : { exactDigest }) };
}

function columnOfScores(
  score: Float64Array,
  mayRound: boolean,
): { readonly column: NamedColumn; readonly exactDigest?: string } {
  const form = chooseForm(score);
  if (form.type !== 'f64' || !mayRound) return { column: { name: 'score', values: score, form } };
  return {
    column: { name: 'folded-score', values: foldScores(score), form: { type: 'round40' } },
    exactDigest: digestNumbers(score),
  };
}

function columnsOfRegression(outcomes: RegressionOutcomes, mayRound: boolean): ChosenColumns {
  const { target, predicted } = outcomes;
  const [formOfTarget, formOfPredicted] = [chooseForm(target), chooseForm(predicted)];
  const residuals = residualsOf(target, predicted);
  const isExact = formOfTarget.type !== 'f64' && formOfPredicted.type !== 'f64';
  // The residual of two huge numbers is infinite: then both are kept as they are.
  if (isExact || !mayRound || !residuals.every((value) => Number.isFinite(value))) {
    return {
      columns: [
        { name: 'target', values: target, form: formOfTarget },
        { name: 'predicted', values: predicted, form: formOfPredicted },
      ],
    };
  }
  // Losses are made of residuals, so these are what is rounded: a value far from 0 would lose more than its own error.
  return {
    columns: [
      {
        name: 'target',
        values: target,
        form: formOfTarget.type === 'f64' ? { type: 'round32' } : formOfTarget,
      },
      { name: 'residual', values: residuals, form: { type: 'round32' } },
    ],
    exactDigest: digestNumbers(predicted),
  };
}

interface Header {
  readonly task: Outcomes['task'];
  readonly n: number;
  readonly idsDigest: string;
  readonly testSetDigest: string;
  readonly exactDigest: string | undefined;
  readonly labels: readonly string[];
  readonly columns: readonly ({ readonly name: ColumnName } & ColumnForm)[];
}

/**
 * Reads stored outcomes, which may come from anybody: size, header, lengths and ranges are checked.
 * Throws a UserError that says what is wrong; `origin` names where the bytes came from.
 */
export function decodeOutcomes(bytes: Uint8Array, origin: string): Outcomes {
  const content = unpack(bytes, origin);
  const end = content.subarray(0, MAX_HEADER_BYTES).indexOf(0x0a);
  if (end < 0) throw refuse(origin, 'they have no header');
  const header = parseHeader(content.subarray(0, end).toString('utf8'), origin);
  const columns = new Map<string, StoredColumn>();
  let offset = end + 1;
  for (const { name, ...form } of header.columns) {
    const read = readColumn(content.subarray(offset), form, header.n);
    if (read === undefined) throw refuse(origin, `the column \`${name}\` is cut short`);
    columns.set(name, read.values);
    offset += read.length;
  }
  if (offset !== content.length) throw refuse(origin, 'bytes follow the last column');
  return assemble(header, columns, origin);
}

function refuse(origin: string, what: string, cause?: unknown): UserError {
  return new UserError(`${origin} holds no outcomes that this version can read: ${what}.`, {
    help: 'Record the baseline anew.',
    ...(cause === undefined ? {} : { cause }),
  });
}

function unpack(bytes: Uint8Array, origin: string): Buffer {
  try {
    return gunzipSync(bytes, { maxOutputLength: MAX_STORED_BYTES });
  } catch (error) {
    const tooLarge = error instanceof RangeError;
    throw refuse(
      origin,
      tooLarge ? `they unpack to more than ${MAX_STORED_BYTES / 1e6} MB` : 'they are not whole gzip data',
      error,
    );
  }
}

const TASKS: readonly string[] = [
  'binary-classification',
  'multiclass-classification',
  'regression',
] satisfies readonly Outcomes['task'][];
const COLUMN_TYPES: readonly string[] = [
  'bit',
  'u16',
  'decimal',
  'f32',
  'f64',
  'round40',
  'round32',
] satisfies readonly ColumnForm['type'][];
const COLUMN_NAMES: readonly string[] = [
  'target',
  'predicted',
  'score',
  'folded-score',
  'residual',
] satisfies readonly ColumnName[];
const DIGEST = /^[0-9a-f]{64}$/;

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isDigest(value: unknown): value is string {
  return typeof value === 'string' && DIGEST.test(value);
}

function isOptionalInteger(value: unknown): boolean {
  return value === undefined || Number.isSafeInteger(value);
}

function isLabelList(value: unknown): value is readonly string[] {
  return (
    Array.isArray(value) &&
    value.length <= MAX_CLASSES &&
    value.every((label) => typeof label === 'string' && label.length <= MAX_LABEL_LENGTH) &&
    new Set(value).size === value.length
  );
}

function isColumnList(value: unknown): value is Header['columns'] {
  return (
    Array.isArray(value) &&
    value.length <= 3 &&
    value.every(
      (column) =>
        isRecord(column) &&
        COLUMN_NAMES.includes(String(column['name'])) &&
        COLUMN_TYPES.includes(String(column['type'])) &&
        isOptionalInteger(column['scale']) &&
        column['scale'] !== 0 &&
        isOptionalInteger(column['offset']),
    )
  );
}

function parseHeader(text: string, origin: string): Header {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw refuse(origin, 'their header is not JSON', error);
  }
  if (!isRecord(value) || value['format'] !== FORMAT) throw refuse(origin, 'they are of another format');
  if (!VERSIONS.includes(value['version'])) {
    throw refuse(origin, `they are of version ${String(value['version'])}, not ${VERSIONS.join(' or ')}`);
  }
  const { task, n, idsDigest, testSetDigest, exactDigest, labels, columns } = value;
  const isSound =
    typeof task === 'string' &&
    TASKS.includes(task) &&
    typeof n === 'number' &&
    Number.isSafeInteger(n) &&
    n > 0 &&
    n <= MAX_STORED_ROWS &&
    isDigest(idsDigest) &&
    isDigest(testSetDigest) &&
    (exactDigest === undefined || isDigest(exactDigest)) &&
    isLabelList(labels) &&
    isColumnList(columns);
  if (!isSound) throw refuse(origin, 'their header is invalid');
  return { task: task as Outcomes['task'], n, idsDigest, testSetDigest, exactDigest, labels, columns };
}

function assemble(header: Header, columns: ReadonlyMap<string, StoredColumn>, origin: string): Outcomes {
  const { n, idsDigest, testSetDigest, exactDigest, labels, task } = header;
  const common = {
    n,
    ids: undefined,
    idsDigest,
    testSetDigest,
    ...(exactDigest === undefined ? {} : { exactDigest }),
    groups: undefined,
    strata: undefined,
    sliceColumns: new Map(),
    numericColumns: new Map(),
    weights: undefined,
  };
  if (task === 'regression') return { task, ...common, ...assembleRegression(columns, origin) };
  const [target, predicted] = [columns.get('target'), columns.get('predicted')];
  if (task === 'multiclass-classification') {
    const isLabel = (code: number): boolean => code < labels.length;
    const sound =
      target instanceof Uint16Array &&
      predicted instanceof Uint16Array &&
      target.every(isLabel) &&
      predicted.every(isLabel);
    if (!sound) throw refuse(origin, 'a label is out of range');
    return { task, ...common, target, predicted, labels };
  }
  if (task !== 'binary-classification') throw refuse(origin, 'they are of another task');
  const [negative, positive] = labels;
  const isBinary = target instanceof Uint8Array && predicted instanceof Uint8Array;
  if (!isBinary || negative === undefined || positive === undefined || labels.length !== 2) {
    throw refuse(origin, 'they are not binary');
  }
  return {
    task,
    ...common,
    target,
    predicted,
    score: assembleScores(columns, origin),
    labels: [negative, positive],
  };
}

function assembleRegression(
  columns: ReadonlyMap<string, StoredColumn>,
  origin: string,
): Pick<RegressionOutcomes, 'target' | 'predicted'> {
  const [target, residual] = [columns.get('target'), columns.get('residual')];
  const isComplete = isFiniteColumn(target) && (residual === undefined || isFiniteColumn(residual));
  const predicted =
    isComplete && residual !== undefined
      ? target.map((value, row) => value + (residual[row] ?? 0))
      : columns.get('predicted');
  if (!isComplete || !isFiniteColumn(predicted)) throw refuse(origin, 'a value is not finite');
  return { target, predicted };
}

function assembleScores(columns: ReadonlyMap<string, StoredColumn>, origin: string): BinaryOutcomes['score'] {
  const folded = columns.get('folded-score');
  const score = folded instanceof Float64Array ? unfoldScores(folded) : (folded ?? columns.get('score'));
  if (score !== undefined && !(score instanceof Float64Array && score.every(isProbability))) {
    throw refuse(origin, 'a score is no probability');
  }
  return score;
}

function isProbability(p: number): boolean {
  return p >= 0 && p <= 1;
}

function isFiniteColumn(column: StoredColumn | undefined): column is Float64Array {
  return column instanceof Float64Array && column.every((value) => Number.isFinite(value));
}

/**
 * Outcomes in the form in which they are kept for tomorrow's comparison: no ids, canonical order, gzip around a header
 * of one JSON line and then the columns, one after another. About 1 bit a row for each label; numbers take 2 to 4 bytes
 * where few decimal places or 32 bits hold them exactly. The other numbers of a large test set are rounded, to 2^-29 of
 * a probability's distance from 0 or 1, or to 2^-21 of a residual, and a digest of the exact ones tells whether
 * tomorrow's are equal to the last bit. So a million rows of one score or value take less than 6 MB, whatever the
 * numbers. Columns that a task has for each label, level or grade are one column, one after the other.
 */
import { gunzipSync, gzipSync } from 'node:zlib';
import { UserError } from '../evidence/errors.ts';
import type { GradedOutcomes, Outcomes } from './outcomes.ts';
import { MAX_CLASSES } from './read-labels.ts';
import { readColumn, writeColumn, type ColumnForm, type StoredColumn } from './stored-columns.ts';
import {
  assembleTask,
  assembleWeights,
  COLUMN_NAMES,
  layOut,
  lengthOf,
  shapeOf,
  type ColumnName,
  type Shape,
} from './stored-layout.ts';

const FORMAT = 'mlgate-outcomes';
/**
 * Version 1 kept every number exactly, and named the columns `target`, `predicted` and `score`. Version 2 knew binary
 * and multiclass classification without probabilities, and regression, in the columns that version 3 has for them.
 */
const VERSIONS: readonly unknown[] = [1, 2, 3];
const VERSION = 3;

/** Largest unpacked size that is read. */
const MAX_STORED_BYTES = 512_000_000;

/** A bit for each row unpacks to a byte, so that rows, and flags of all labels, need a limit of their own. */
const MAX_STORED_ROWS = 50_000_000;
const MAX_STORED_VALUES = 200_000_000;

const MAX_HEADER_BYTES = 16_000_000;
const MAX_LABEL_LENGTH = 10_000;

/** Up to here every number is kept exactly: rounding saves little, and few examples decide by less. */
const MOST_EXACT_ROWS = 100_000;

/**
 * Bytes to keep: the same outcomes give the same bytes with the same version of zlib.
 * @param exactRows up to how many rows (items, of a ranking) nothing is rounded.
 */
export function encodeOutcomes(outcomes: Outcomes, exactRows: number = MOST_EXACT_ROWS): Uint8Array {
  const shape = shapeOf(outcomes);
  const isLarge = Math.max(outcomes.n, shape.items) > exactRows;
  const { columns, exactDigest } = layOut(outcomes, isLarge);
  const header = {
    format: FORMAT,
    version: VERSION,
    ...shape,
    idsDigest: outcomes.idsDigest,
    testSetDigest: outcomes.testSetDigest,
    ...(exactDigest === undefined ? {} : { exactDigest }),
    bounds: shape.bounds.map((range) => range ?? null),
    columns: columns.map(({ name, form }) => ({ name, ...form })),
  };
  const line = Buffer.from(`${JSON.stringify(header)}\n`);
  const written = columns.map(({ values, form }) => writeColumn(values, form));
  return gzipSync(Buffer.concat([line, ...written]), { level: isLarge ? 1 : 6 });
}

interface Header {
  readonly shape: Shape;
  readonly idsDigest: string;
  readonly testSetDigest: string;
  readonly exactDigest: string | undefined;
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
  const columns = new Map<ColumnName, StoredColumn>();
  let offset = end + 1;
  for (const { name, ...form } of header.columns) {
    const read = readColumn(content.subarray(offset), form, lengthOf(name, header.shape));
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
  'multilabel-classification',
  'regression',
  'quantile-regression',
  'ranking',
  'forecasting',
  'graded',
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
/** Columns that may be kept as bits. */
const FLAGS: readonly unknown[] = ['target', 'predicted'] satisfies readonly ColumnName[];
const DIRECTIONS: readonly unknown[] = [
  'higher-is-better',
  'lower-is-better',
] satisfies GradedOutcomes['directions'];
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

function isCount(value: unknown, most: number): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 && value <= most;
}

function isLabelList(value: unknown): value is readonly string[] {
  return (
    Array.isArray(value) &&
    value.length <= MAX_CLASSES &&
    value.every((label) => typeof label === 'string' && label.length <= MAX_LABEL_LENGTH) &&
    new Set(value).size === value.length
  );
}

function isLevelList(value: unknown): value is readonly number[] {
  return (
    Array.isArray(value) &&
    value.length <= MAX_CLASSES &&
    value.every((level, at) => level > (at === 0 ? 0 : value[at - 1]) && level < 1)
  );
}

function isRange(range: unknown): boolean {
  if (range === null) return true;
  const [low, high]: readonly unknown[] = Array.isArray(range) && range.length === 2 ? range : [];
  return typeof low === 'number' && typeof high === 'number' && low <= high;
}

function isBoundsList(value: unknown): value is readonly (readonly [number, number] | null)[] {
  return Array.isArray(value) && value.every(isRange);
}

function isColumnList(value: unknown): value is Header['columns'] {
  return (
    Array.isArray(value) &&
    value.length <= COLUMN_NAMES.length &&
    value.every(
      (column) =>
        isRecord(column) &&
        COLUMN_NAMES.some((name) => name === column['name']) &&
        COLUMN_TYPES.includes(String(column['type'])) &&
        // A bit unpacks to a byte: a file of a few kilobytes could ask for gigabytes of them.
        (column['type'] !== 'bit' || FLAGS.includes(column['name'])) &&
        isOptionalInteger(column['scale']) &&
        column['scale'] !== 0 &&
        isOptionalInteger(column['offset']),
    ) &&
    new Set(value.map((column: Readonly<Record<string, unknown>>) => column['name'])).size === value.length
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
    throw refuse(origin, `they are of version ${String(value['version'])}, not ${VERSIONS.join(', ')}`);
  }
  const { idsDigest, testSetDigest, exactDigest, columns } = value;
  const shape = parseShape(value);
  const isSound =
    isDigest(idsDigest) &&
    isDigest(testSetDigest) &&
    (exactDigest === undefined || isDigest(exactDigest)) &&
    isColumnList(columns);
  if (!isSound || shape === undefined) throw refuse(origin, 'their header is invalid');
  return { shape, idsDigest, testSetDigest, exactDigest, columns };
}

/** Undefined where it is none. Versions before 3 have labels only. */
function parseShape(header: Readonly<Record<string, unknown>>): Shape | undefined {
  const { task, n, labels, items = 0, levels = [], directions = [], bounds = [] } = header;
  const isSound =
    typeof task === 'string' &&
    TASKS.includes(task) &&
    isCount(n, MAX_STORED_ROWS) &&
    n > 0 &&
    isCount(items, MAX_STORED_ROWS) &&
    isLabelList(labels) &&
    isLevelList(levels) &&
    (task === 'multiclass-classification' ||
      n * Math.max(labels.length, levels.length) <= MAX_STORED_VALUES) &&
    Array.isArray(directions) &&
    directions.every((direction) => DIRECTIONS.includes(direction)) &&
    isBoundsList(bounds);
  if (!isSound) return undefined;
  return {
    task: task as Shape['task'],
    n,
    items,
    labels,
    levels,
    directions: directions as Shape['directions'],
    bounds: bounds.map((range) => range ?? undefined),
  };
}

function assemble(
  { shape, idsDigest, testSetDigest, exactDigest }: Header,
  columns: ReadonlyMap<ColumnName, StoredColumn>,
  origin: string,
): Outcomes {
  const parts = { shape, columns, refuse: (what: string) => refuse(origin, what) };
  return {
    ...assembleTask(parts),
    n: shape.n,
    ids: undefined,
    idsDigest,
    testSetDigest,
    ...(exactDigest === undefined ? {} : { exactDigest }),
    groups: undefined,
    strata: undefined,
    sliceColumns: new Map(),
    numericColumns: new Map(),
    weights: assembleWeights(parts),
  };
}

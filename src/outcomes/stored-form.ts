/**
 * Outcomes in the form in which they are kept for tomorrow's comparison: no ids, canonical order, gzip around a header
 * of one JSON line and then the columns, one after another. About 1 bit a row for each label and 3 to 8 bytes for a
 * score, which is kept to the last bit: equal scores must stay equal.
 */
import { gunzipSync, gzipSync } from 'node:zlib';
import { UserError } from '../evidence/errors.ts';
import { readColumn, writeColumn, type ColumnType, type StoredColumn } from './stored-columns.ts';
import type { Outcomes } from './outcomes.ts';
import { MAX_CLASSES } from './read-labels.ts';

const FORMAT = 'mlgate-outcomes';
const VERSION = 1;

/** Largest unpacked size that is read. A million rows with scores have 9 MB. */
const MAX_STORED_BYTES = 512_000_000;

/** A bit for each row unpacks to a byte, so that rows need a limit of their own. */
const MAX_STORED_ROWS = 50_000_000;

const MAX_HEADER_BYTES = 1_000_000;
const MAX_LABEL_LENGTH = 10_000;

/** Bytes to keep: the same outcomes give the same bytes with the same version of zlib. */
export function encodeOutcomes(outcomes: Outcomes): Uint8Array {
  const columns = columnsOf(outcomes);
  const written = columns.map(([name, values]) => ({ name, ...writeColumn(values) }));
  const header = {
    format: FORMAT,
    version: VERSION,
    task: outcomes.task,
    n: outcomes.n,
    idsDigest: outcomes.idsDigest,
    testSetDigest: outcomes.testSetDigest,
    labels: outcomes.task === 'regression' ? [] : outcomes.labels,
    columns: written.map(({ name, type }) => ({ name, type })),
  };
  const line = Buffer.from(`${JSON.stringify(header)}\n`);
  return gzipSync(Buffer.concat([line, ...written.map(({ bytes }) => bytes)]), { level: 6 });
}

function columnsOf(
  outcomes: Outcomes,
): readonly (readonly [string, Uint8Array | Uint16Array | Float64Array])[] {
  const { target, predicted } = outcomes;
  const labels = [
    ['target', target],
    ['predicted', predicted],
  ] as const;
  if (outcomes.task !== 'binary-classification' || outcomes.score === undefined) return labels;
  return [...labels, ['score', outcomes.score]];
}

interface Header {
  readonly task: Outcomes['task'];
  readonly n: number;
  readonly idsDigest: string;
  readonly testSetDigest: string;
  readonly labels: readonly string[];
  readonly columns: readonly { readonly name: string; readonly type: ColumnType }[];
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
  for (const { name, type } of header.columns) {
    const read = readColumn(content.subarray(offset), type, header.n);
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
const COLUMN_TYPES: readonly string[] = ['bit', 'u16', 'f32', 'f64'] satisfies readonly ColumnType[];
const DIGEST = /^[0-9a-f]{64}$/;

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isDigest(value: unknown): value is string {
  return typeof value === 'string' && DIGEST.test(value);
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
        ['target', 'predicted', 'score'].includes(String(column['name'])) &&
        COLUMN_TYPES.includes(String(column['type'])),
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
  if (value['version'] !== VERSION) {
    throw refuse(origin, `they are of version ${String(value['version'])}, not ${VERSION}`);
  }
  const { task, n, idsDigest, testSetDigest, labels, columns } = value;
  const isSound =
    typeof task === 'string' &&
    TASKS.includes(task) &&
    typeof n === 'number' &&
    Number.isSafeInteger(n) &&
    n > 0 &&
    n <= MAX_STORED_ROWS &&
    isDigest(idsDigest) &&
    isDigest(testSetDigest) &&
    isLabelList(labels) &&
    isColumnList(columns);
  if (!isSound) throw refuse(origin, 'their header is invalid');
  return { task: task as Outcomes['task'], n, idsDigest, testSetDigest, labels, columns };
}

function assemble(header: Header, columns: ReadonlyMap<string, StoredColumn>, origin: string): Outcomes {
  const { n, idsDigest, testSetDigest, labels, task } = header;
  const common = {
    n,
    ids: undefined,
    idsDigest,
    testSetDigest,
    groups: undefined,
    strata: undefined,
    sliceColumns: new Map(),
  };
  const [target, predicted, score] = ['target', 'predicted', 'score'].map((name) => columns.get(name));
  const isLabel = (code: number): boolean => code < labels.length;
  if (task === 'regression') {
    if (!isFiniteColumn(target) || !isFiniteColumn(predicted)) throw refuse(origin, 'a value is not finite');
    return { task, ...common, target, predicted };
  }
  if (task === 'multiclass-classification') {
    const sound =
      target instanceof Uint16Array &&
      predicted instanceof Uint16Array &&
      target.every(isLabel) &&
      predicted.every(isLabel);
    if (!sound) throw refuse(origin, 'a label is out of range');
    return { task, ...common, target, predicted, labels };
  }
  const [negative, positive] = labels;
  const isBinary = target instanceof Uint8Array && predicted instanceof Uint8Array;
  if (!isBinary || negative === undefined || positive === undefined || labels.length !== 2) {
    throw refuse(origin, 'they are not binary');
  }
  if (score !== undefined && !(score instanceof Float64Array && score.every(isProbability))) {
    throw refuse(origin, 'a score is no probability');
  }
  return { task, ...common, target, predicted, score, labels: [negative, positive] };
}

function isProbability(p: number): boolean {
  return p >= 0 && p <= 1;
}

function isFiniteColumn(column: StoredColumn | undefined): column is Float64Array {
  return column instanceof Float64Array && column.every((value) => Number.isFinite(value));
}

/**
 * Writes a table for benchmarks, and the data schema that it satisfies: rows of 20 columns of the kinds that real
 * tables have (ids, numbers, categories, codes, dates, texts, gaps). The same seed gives the same bytes.
 *
 *     node bench/generate-table.ts --rows 1000000 --out bench/data [--columns 20]
 *
 * More columns are these 20 over again, under other names.
 *
 * A row takes about 168 bytes, so a million of them are about 168 MB.
 */
import { once } from 'node:events';
import { createWriteStream, type WriteStream } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

const DEFAULT_ROWS = 1_000_000;
const DEFAULT_SEED = 20_260_101;

/** Beyond this `index * ID_STEP` is no longer exact in a double, and ids could repeat. */
const MAX_ROWS = 20_000_000;
const ID_SPACE = 1_000_000_000;
/** 3^18: shares no factor with ID_SPACE, so that its multiples visit each id once, in an order that looks random. */
const ID_STEP = 387_420_489;

/** Text is handed to the file in pieces of about this many characters. */
const PIECE_CHARACTERS = 1 << 20;

const MILLISECONDS_PER_DAY = 86_400_000;
const FIRST_DAY = Date.UTC(2015, 0, 1);
const DAYS = 3650;

const REGIONS = ['north', 'south', 'east', 'west', 'centre', 'overseas'] as const;
const PLANS = ['free', 'basic', 'plus', 'business', 'enterprise'] as const;
const STATUSES = ['new', 'active', 'paused', 'closed'] as const;
const COUNTRIES = [
  'AT',
  'BR',
  'CA',
  'CH',
  'DE',
  'ES',
  'FR',
  'GB',
  'IN',
  'IT',
  'JP',
  'KR',
  'MX',
  'NL',
  'PL',
  'US',
] as const;
const FIRST_NAMES = [
  'ada',
  'alan',
  'barbara',
  'edsger',
  'emmy',
  'grace',
  'karl',
  'leslie',
  'radia',
  'tony',
] as const;
const LAST_NAMES = ['lovelace', 'hopper', 'liskov', 'noether', 'pearson', 'perlman', 'turing'] as const;
const DOMAINS = ['example.com', 'example.org', 'mail.example.net'] as const;
const WORDS = [
  'late',
  'delivery',
  'paid',
  'twice',
  'naïve',
  'asks',
  'for',
  'refund',
  'über',
  'happy',
  'call',
] as const;

/** Uniform numbers in [0, 1), 32 bits each: Marsaglia's xorshift (Xorshift RNGs, 2003, section 3: 13, 17, 5). */
type Random = () => number;

function seedRandom(seed: number): Random {
  let state = (seed ^ 0x9e3779b9) | 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

/** A column: how its schema describes it, and how a cell is written. An empty cell is an absent value. */
interface Column {
  readonly name: string;
  readonly schema: Readonly<Record<string, unknown>>;
  /** The share of empty cells; the schema tolerates NULL_TOLERANCE times as many. */
  readonly gaps?: number;
  readonly write: (random: Random, index: number) => string;
}

const NULL_TOLERANCE = 1.5;

const pick = (random: Random, values: readonly string[]): string =>
  values[Math.floor(random() * values.length)] ?? '';

const integer = (random: Random, low: number, high: number): number =>
  low + Math.floor(random() * (high - low + 1));

const digits = (value: number, length: number): string => String(value).padStart(length, '0');

const letters = (random: Random, length: number): string =>
  Array.from({ length }, () => String.fromCodePoint(65 + integer(random, 0, 25))).join('');

const day = (random: Random): string =>
  new Date(FIRST_DAY + integer(random, 0, DAYS - 1) * MILLISECONDS_PER_DAY).toISOString().slice(0, 10);

const moment = (random: Random): string =>
  `${new Date(FIRST_DAY + Math.floor(random() * DAYS * MILLISECONDS_PER_DAY)).toISOString().slice(0, 19)}Z`;

const text = (random: Random): string => {
  const words = Array.from({ length: integer(random, 1, 3) }, () => pick(random, WORDS)).join(' ');
  const kind = random();
  return kind < 0.02 ? `"${words}, ""quoted"""` : kind < 0.08 ? `"${words}, again"` : words;
};

const makeId = (index: number): number => (index * ID_STEP) % ID_SPACE;

const COLUMNS: readonly Column[] = [
  {
    name: 'customer_id',
    schema: { type: 'string', pattern: '^C[0-9]{9}$' },
    write: (_, index) => `C${digits(makeId(index), 9)}`,
  },
  { name: 'row_number', schema: { type: 'integer', minimum: 1 }, write: (_, index) => String(index + 1) },
  {
    name: 'age',
    schema: { type: 'integer', minimum: 18, maximum: 99 },
    write: (random) => String(integer(random, 18, 99)),
  },
  {
    name: 'orders',
    schema: { type: 'integer', minimum: 0, maximum: 500 },
    write: (random) => String(Math.floor(-20 * Math.log(1 - random() * 0.999999))),
  },
  {
    name: 'balance',
    schema: { type: 'number', minimum: -5000, maximum: 100_000 },
    write: (random) => (random() * 105_000 - 5000).toFixed(2),
  },
  {
    name: 'churn_score',
    schema: { type: 'number', minimum: 0, maximum: 1 },
    write: (random) => random().toFixed(4),
  },
  {
    name: 'latitude',
    schema: { type: 'number', minimum: -90, maximum: 90 },
    write: (random) => (random() * 180 - 90).toFixed(4),
  },
  {
    name: 'longitude',
    schema: { type: 'number', minimum: -180, maximum: 180 },
    write: (random) => (random() * 360 - 180).toFixed(4),
  },
  {
    name: 'discount',
    schema: { type: 'number', minimum: 0, exclusiveMaximum: 0.5 },
    gaps: 0.3,
    write: (random) => (integer(random, 0, 49) / 100).toFixed(2),
  },
  {
    name: 'last_rating',
    schema: { type: 'integer', enum: [1, 2, 3, 4, 5] },
    gaps: 0.15,
    write: (random) => String(integer(random, 1, 5)),
  },
  { name: 'region', schema: { type: 'string', enum: REGIONS }, write: (random) => pick(random, REGIONS) },
  { name: 'plan', schema: { type: 'string', enum: PLANS }, write: (random) => pick(random, PLANS) },
  { name: 'status', schema: { type: 'string', enum: STATUSES }, write: (random) => pick(random, STATUSES) },
  {
    name: 'country',
    schema: { type: 'string', pattern: '^[A-Z]{2}$' },
    write: (random) => pick(random, COUNTRIES),
  },
  {
    name: 'product_code',
    schema: { type: 'string', pattern: '^[A-Z]{3}-[0-9]{4}$' },
    write: (random) => `${letters(random, 3)}-${digits(integer(random, 0, 9999), 4)}`,
  },
  { name: 'active', schema: { type: 'boolean' }, write: (random) => (random() < 0.7 ? 'true' : 'false') },
  { name: 'signed_up', schema: { type: 'string', format: 'date' }, write: day },
  { name: 'last_seen', schema: { type: 'string', format: 'date-time' }, gaps: 0.02, write: moment },
  {
    name: 'email',
    schema: { type: 'string', format: 'email', maxLength: 60 },
    gaps: 0.01,
    write: (random) =>
      `${pick(random, FIRST_NAMES)}.${pick(random, LAST_NAMES)}${integer(random, 1, 99)}@${pick(random, DOMAINS)}`,
  },
  {
    name: 'note',
    schema: { type: 'string', minLength: 1, maxLength: 80 },
    gaps: 0.25,
    write: text,
  },
];

/** So many columns: the first 20, and then these again, numbered. */
function listColumns(count: number): readonly Column[] {
  return Array.from({ length: count }, (_, index) => {
    const column = COLUMNS[index % COLUMNS.length];
    if (column === undefined) throw new RangeError(`no column ${index}`);
    return index < COLUMNS.length
      ? column
      : { ...column, name: `${column.name}_${Math.floor(index / COLUMNS.length) + 1}` };
  });
}

/** The data schema that every generated table of at least `rows` rows satisfies. */
export function describeTable(rows: number, columns: readonly Column[] = COLUMNS): Record<string, unknown> {
  const gappy = columns.filter((column) => column.gaps !== undefined);
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: 'benchmark-table',
    type: 'object',
    properties: Object.fromEntries(columns.map((column) => [column.name, column.schema])),
    required: columns.filter((column) => column.gaps === undefined).map((column) => column.name),
    additionalProperties: false,
    dataset: {
      rows: { 'at-least': rows },
      unique: [['customer_id']],
      'null-fraction': Object.fromEntries(
        gappy.map((column) => [column.name, { 'at-most': Math.min(1, (column.gaps ?? 0) * NULL_TOLERANCE) }]),
      ),
    },
  };
}

function writeRow(columns: readonly Column[], random: Random, index: number): string {
  const cells = columns.map((column) =>
    column.gaps !== undefined && random() < column.gaps ? '' : column.write(random, index),
  );
  return `${cells.join(',')}\n`;
}

async function writeRows(
  file: WriteStream,
  rows: number,
  columns: readonly Column[],
  random: Random,
): Promise<void> {
  let piece = `${columns.map((column) => column.name).join(',')}\n`;
  for (let index = 0; index < rows; index++) {
    piece += writeRow(columns, random, index);
    if (piece.length >= PIECE_CHARACTERS) {
      if (!file.write(piece)) {
        await once(file, 'drain');
      }
      piece = '';
    }
  }
  file.end(piece);
  await once(file, 'finish');
}

/** What the files of a table are called, without their endings. */
export function nameTable(rows: number, columns: number = COLUMNS.length): string {
  return `table-${rows}${columns === COLUMNS.length ? '' : `x${columns}`}`;
}

export interface GeneratedTable {
  /** Path of the CSV file: UTF-8, comma, a header, line feeds. */
  readonly csv: string;
  /** Path of its data schema. */
  readonly schema: string;
  /** Size of the CSV file. */
  readonly bytes: number;
}

/**
 * Writes `table-<rows>.csv` and `table-<rows>.schema.json` into `directory`, a piece at a time; of another number of
 * columns than 20 the names begin with `table-<rows>x<columns>`.
 *
 * @throws RangeError when `rows` is no whole number between 1 and 20,000,000, or `count` none from 1 on
 */
export async function generateTable(
  rows: number,
  directory: string,
  seed: number = DEFAULT_SEED,
  count: number = COLUMNS.length,
): Promise<GeneratedTable> {
  if (!Number.isInteger(rows) || rows < 1 || rows > MAX_ROWS) {
    throw new RangeError(`--rows must be a whole number between 1 and ${MAX_ROWS}, not ${rows}`);
  }
  if (!Number.isInteger(count) || count < 1) {
    throw new RangeError(`--columns must be a whole number from 1 on, not ${count}`);
  }
  await mkdir(directory, { recursive: true });
  const columns = listColumns(count);
  const name = nameTable(rows, count);
  const csv = join(directory, `${name}.csv`);
  const schema = join(directory, `${name}.schema.json`);
  const file = createWriteStream(csv, { encoding: 'utf8' });
  await once(file, 'open');
  await writeRows(file, rows, columns, seedRandom(seed));
  await writeFile(schema, `${JSON.stringify(describeTable(rows, columns), null, 2)}\n`);
  return { csv, schema, bytes: file.bytesWritten };
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      rows: { type: 'string', default: String(DEFAULT_ROWS) },
      out: { type: 'string', default: join(import.meta.dirname, 'data') },
      seed: { type: 'string', default: String(DEFAULT_SEED) },
      columns: { type: 'string', default: String(COLUMNS.length) },
    },
  });
  const { rows, out, seed, columns } = values;
  console.log(JSON.stringify(await generateTable(Number(rows), out, Number(seed), Number(columns))));
}

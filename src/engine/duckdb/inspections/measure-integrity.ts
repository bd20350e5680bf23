/** Faults of single columns, repeated rows and contradicting labels, in a few scans. */
import type { ColumnIntegrity, IntegrityAnswer, IntegrityRequest, Spelling } from '../../inspections.ts';
import type { OpenTable } from '../open-table.ts';
import type { SqlValue } from '../database.ts';
import { quoteText } from '../sql-text.ts';
import { findVariants } from './find-variants.ts';
import { ANY_SCALAR, hashOf, relate, rowOf, type Related } from './relate.ts';

/** Texts that stand for a missing value and hardly for anything else; compared in lower case, trimmed. */
const NULL_TEXTS = [
  'null',
  '(null)',
  '<null>',
  'nil',
  'nan',
  '<na>',
  'na',
  'n/a',
  'n.a.',
  '#n/a',
  '#na',
  '\\n',
  'nat',
  'undefined',
];
/** Texts that stand for a missing value among numbers, and for a category elsewhere. */
const NULL_TEXTS_AMONG_NUMBERS = ['none', 'unknown', 'missing', '-', '--', '?', '.', 'x'];

/** Share of a column's cells that are numbers, from which a text of the second list is taken for a missing value. */
const MOSTLY_NUMBERS = 0.5;

/**
 * Control characters but tab and line breaks, replacement character, non-characters of byte order, private use, marks that turn
 * the direction of text; and what UTF-8 looks like that was read as Latin-1 or Windows-1252.
 */
const JUNK =
  '[\\x{00}-\\x{08}\\x{0B}\\x{0C}\\x{0E}-\\x{1F}\\x{7F}-\\x{9F}\\x{FFFD}\\x{FEFF}\\x{E000}-\\x{F8FF}\\x{202A}-\\x{202E}\\x{2066}-\\x{2069}]|Ã[\\x{A0}-\\x{BF}ƒ„…†‡€š›œ¤]|â€[œ\\x{9D}™˜“”¦¢]';

/** Values of a column that are listed one by one: at most so many, or such a share of the rows. */
const FEW_VALUES = 2000;
const FEW_SHARE = 0.002;
const MAX_CLASSES = 50;

/** Longest text of which variants are looked for. */
const MAX_LENGTH = 200;

/** Of each column, in this order. */
const FIGURES = 7;

export async function measureIntegrity(
  table: OpenTable,
  request: IntegrityRequest,
): Promise<IntegrityAnswer> {
  const { database } = table;
  const names = [...new Set(request.columns)];
  const related = relate(
    table,
    names.map((name) => ({ name, declaredTypes: ANY_SCALAR })),
  );
  const hashed = `(SELECT *, ${hashOf(related.cells.map(({ raw }) => raw))} AS w FROM ${related.from})`;
  const [row = []] = await database.query(
    `SELECT count(*), ${countDistinctRows(related, names, request)}, ${related.cells.flatMap(listFigures).join(', ')} FROM ${hashed}`,
  );
  const [rows, distinctRows] = [Number(row[0] ?? 0), Number(row[1] ?? 0)];
  const figures = names.map((name, index) => readFigures(name, row.slice(2 + index * FIGURES)));
  const listed = await listValues(table, related, figures, rows);
  const same = await findSameColumns(table, related, figures);
  const columns = figures.map(({ name, spellings, present, numbers, booleans, texts, junk }, index) => {
    const values = listed.get(index);
    const sameAs = same.get(index);
    return {
      name,
      present,
      numbers,
      booleans,
      texts,
      junk,
      nullSpellings: keepNullSpellings(spellings, { present, numbers }),
      ...describeValues(values, texts > 0, request.mayShow.includes(name)),
      ...(sameAs === undefined ? {} : { sameAs: names[sameAs] ?? '' }),
    } satisfies ColumnIntegrity;
  });
  // As many hashes as rows prove that no row is repeated.
  const duplicateRows = distinctRows >= rows ? 0 : await countDuplicateRows(table, request.rowColumns);
  const label = figures.findIndex(({ name }) => name === request.label);
  const labels =
    label === -1 ? undefined : await describeLabels(table, request, names[label] ?? '', listed.get(label));
  return { rows, duplicateRows, columns, ...(labels === undefined ? {} : { labels }) };
}

/** As 64-bit hashes, which take a third of the memory of the rows. */
function countDistinctRows(
  { cells }: Related,
  names: readonly string[],
  { rowColumns }: IntegrityRequest,
): string {
  const key = cells.filter((_, index) => rowColumns.includes(names[index] ?? '')).map(({ raw }) => raw);
  return key.length === 0 ? 'count(*)' : `count(DISTINCT ${hashOf(key)})`;
}

function listFigures(cell: Related['cells'][number]): readonly string[] {
  const text = cell.text ?? 'CAST(NULL AS VARCHAR)';
  const nulls = `lower(trim(${text})) IN (${[...NULL_TEXTS, ...NULL_TEXTS_AMONG_NUMBERS].map(quoteText).join(', ')})`;
  // A null of JSON is a value that is missing, and no text among numbers.
  const isPresent = cell.isNull === undefined ? '' : ` FILTER (NOT (${cell.isNull}))`;
  return [
    `count(${cell.raw})${isPresent}`,
    `approx_count_distinct(${cell.raw})`,
    cell.number === undefined ? '0' : `count(${cell.number})`,
    cell.boolean === undefined ? '0' : `count(${cell.boolean})`,
    cell.text === undefined
      ? "'{}'"
      : `CAST(to_json(histogram(${text}) FILTER (length(${text}) <= 12 AND ${nulls})) AS VARCHAR)`,
    cell.text === undefined ? '0' : `count_if(regexp_matches(${text}, ${quoteText(JUNK)}))`,
    `CAST(sum(CAST(hash(hash(${cell.raw}), w) AS HUGEINT)) AS VARCHAR)`,
  ];
}

interface Figures {
  readonly name: string;
  readonly present: number;
  readonly distinct: number;
  readonly numbers: number;
  readonly booleans: number;
  readonly texts: number;
  readonly spellings: readonly Spelling[];
  readonly junk: number;
  readonly fingerprint: string;
}

function readFigures(name: string, row: readonly (SqlValue | undefined)[]): Figures {
  const [present, distinct, numbers, booleans, spellings, junk, fingerprint] = row;
  const counts = { present: Number(present), numbers: Number(numbers), booleans: Number(booleans) };
  return {
    name,
    ...counts,
    distinct: Number(distinct),
    texts: counts.present - counts.numbers - counts.booleans,
    spellings: readHistogram(spellings),
    junk: Number(junk),
    fingerprint: String(fingerprint),
  };
}

function readHistogram(json: SqlValue | undefined): readonly Spelling[] {
  const counts = JSON.parse(String(json ?? '{}')) as Readonly<Record<string, number>> | null;
  return Object.entries(counts ?? {})
    .map(([text, count]) => ({ text, count }))
    .sort((one, other) => other.count - one.count || (one.text < other.text ? -1 : 1));
}

function keepNullSpellings(
  spellings: readonly Spelling[],
  { present, numbers }: Pick<Figures, 'present' | 'numbers'>,
): readonly Spelling[] {
  const amongNumbers = numbers > MOSTLY_NUMBERS * present;
  return spellings.filter(({ text }) => amongNumbers || NULL_TEXTS.includes(text.trim().toLowerCase()));
}

/** Every value of the columns that have few, by the column's place. */
async function listValues(
  table: OpenTable,
  { from, cells }: Related,
  figures: readonly Figures[],
  rows: number,
): Promise<ReadonlyMap<number, readonly Spelling[]>> {
  const few = Math.max(FEW_VALUES, rows * FEW_SHARE);
  const wanted = figures.flatMap(({ distinct }, index) => (distinct <= few ? [index] : []));
  const values = new Map<number, readonly Spelling[]>();
  // Some at a time: a thousand columns of a thousand values each are a megabyte of JSON for each hundred.
  for (let start = 0; start < wanted.length; start += 100) {
    const part = wanted.slice(start, start + 100);
    const sql = part.map(
      (index) => `CAST(to_json(histogram(left(${cells[index]?.shown ?? 'NULL'}, ${MAX_LENGTH}))) AS VARCHAR)`,
    );
    const [row = []] = await table.database.query(`SELECT ${sql.join(', ')} FROM ${from}`);
    for (const [at, index] of part.entries()) values.set(index, readHistogram(row[at]));
  }
  return values;
}

function describeValues(
  values: readonly Spelling[] | undefined,
  isText: boolean,
  mayShow: boolean,
): Pick<ColumnIntegrity, 'values' | 'mostFrequent' | 'variants'> {
  if (values === undefined) return { variants: { groups: 0, cells: 0, examples: [] } };
  const variants = isText ? findVariants(values) : { groups: 0, cells: 0, examples: [] };
  return {
    values: values.length,
    mostFrequent: values[0]?.count ?? 0,
    variants: mayShow ? variants : { ...variants, examples: [] },
  };
}

/** Columns whose values are those of an earlier one: found by a sum of hashes that ties values to rows, then compared. */
async function findSameColumns(
  table: OpenTable,
  { from, cells }: Related,
  figures: readonly Figures[],
): Promise<ReadonlyMap<number, number>> {
  const pairs = figures.flatMap((own, later): readonly (readonly [number, number])[] => {
    if (own.distinct < 2) return [];
    const earlier = figures.findIndex(
      ({ fingerprint, present }) => fingerprint === own.fingerprint && present === own.present,
    );
    return earlier < later ? [[earlier, later]] : [];
  });
  if (pairs.length === 0) return new Map();
  const differ = pairs.map(
    ([earlier, later]) =>
      `count_if(${cells[earlier]?.shown ?? ''} IS DISTINCT FROM ${cells[later]?.shown ?? ''})`,
  );
  const [row = []] = await table.database.query(`SELECT ${differ.join(', ')} FROM ${from}`);
  return new Map(
    pairs.filter((_, index) => Number(row[index]) === 0).map(([earlier, later]) => [later, earlier]),
  );
}

/** By hashes first, then by the rows themselves where hashes repeat. */
async function countDuplicateRows(table: OpenTable, columns: readonly string[]): Promise<number> {
  if (columns.length === 0) return 0;
  const { from, cells } = relate(
    table,
    columns.map((name) => ({ name, declaredTypes: [] })),
  );
  const key = cells.map(({ raw }) => raw);
  const keyed = `(SELECT *, ${hashOf(key)} AS w FROM ${from})`;
  const [row] = await table.database.query(
    `WITH repeated AS MATERIALIZED (SELECT w FROM ${keyed} GROUP BY w HAVING count(*) > 1) SELECT coalesce(sum(n - 1), 0) FROM (SELECT count(*) AS n FROM ${keyed} WHERE w IN (SELECT w FROM repeated) GROUP BY ${rowOf(key)})`,
  );
  return Number(row?.[0] ?? 0);
}

async function describeLabels(
  table: OpenTable,
  { rowColumns }: IntegrityRequest,
  label: string,
  values: readonly Spelling[] | undefined,
): Promise<NonNullable<IntegrityAnswer['labels']>> {
  const features = rowColumns.filter((name) => name !== label);
  const { from, cells } = relate(
    table,
    [label, ...features].map((name) => ({ name, declaredTypes: [] })),
  );
  const [own = 'NULL', ...others] = cells.map(({ raw }) => raw);
  if (values === undefined || values.length > MAX_CLASSES) {
    const [row] = await table.database.query(`SELECT count(${own}) FROM ${from}`);
    return { labelled: Number(row?.[0] ?? 0), conflicting: 0 };
  }
  const labelled = values.reduce((sum, { count }) => sum + count, 0);
  const keyed = `(SELECT *, ${hashOf(others)} AS w FROM ${from} WHERE ${own} IS NOT NULL)`;
  const conflicting = others.length === 0 ? 0 : await countConflicts(table, keyed, own, others);
  return { labelled, classes: values.length, rarest: values.at(-1)?.count ?? 0, conflicting };
}

/** By hashes first, as repeated rows are. */
async function countConflicts(
  table: OpenTable,
  keyed: string,
  label: string,
  others: readonly string[],
): Promise<number> {
  const differ = `HAVING min(${label}) <> max(${label})`;
  const doubtful = `SELECT w FROM ${keyed} GROUP BY w ${differ}`;
  const [alike] = await table.database.query(`SELECT count(*) FROM (${doubtful})`);
  if (Number(alike?.[0] ?? 0) === 0) return 0;
  const [row] = await table.database.query(
    `WITH doubtful AS MATERIALIZED (${doubtful}) SELECT coalesce(sum(n), 0) FROM (SELECT count(*) AS n FROM ${keyed} WHERE w IN (SELECT w FROM doubtful) GROUP BY ${rowOf(others)} ${differ})`,
  );
  return Number(row?.[0] ?? 0);
}

import { DETECTORS, MAX_LOOKED_AT, PREFILTER } from '../../personal/detectors.ts';
import type { PersonalAnswer, PersonalCells, PersonalRequest } from '../../personal/personal-request.ts';
import type { OpenTable } from '../open-table.ts';
import { quoteText } from '../sql-text.ts';
import { relate, type Related } from './relate.ts';

/** Different texts of a column that are looked at; of more, those that a hash of the text picks. */
const MAX_TEXTS = 20_000;

/** Columns that one scan looks at. */
const COLUMNS_AT_ONCE = 25;

/** The values stay in this process: only counts are answered. */
export async function detectPersonal(table: OpenTable, request: PersonalRequest): Promise<PersonalAnswer> {
  const names = [...new Set(request.columns)];
  const related = relate(
    table,
    names.map((name) => ({ name, declaredTypes: [] })),
  );
  const filter = quoteText(PREFILTER);
  const [row = []] = await table.database.query(
    `SELECT count(*), ${related.cells.flatMap(({ raw, shown }) => [`count(${raw})`, `approx_count_distinct(${raw})`, `count_if(regexp_matches(${shown}, ${filter}))`]).join(', ') || '0'} FROM ${related.from}`,
  );
  const [rows = 0, ...figures] = row.map(Number);
  const columns = names.map((name, index) => ({
    name,
    present: figures[3 * index] ?? 0,
    values: figures[3 * index + 1] ?? 0,
  }));
  const suspects = names.flatMap((name, index): readonly Suspect[] => {
    const [distinct = 0, candidates = 0] = figures.slice(3 * index + 1, 3 * index + 3);
    return candidates > 0 ? [{ name, index, every: Math.ceil(distinct / MAX_TEXTS) }] : [];
  });
  const found: PersonalCells[] = [];
  for (let start = 0; start < suspects.length; start += COLUMNS_AT_ONCE) {
    found.push(...(await detectInColumns(table, related, suspects.slice(start, start + COLUMNS_AT_ONCE))));
  }
  return { rows, columns, found };
}

/** A column of which some cells may be personal data. */
interface Suspect {
  readonly name: string;
  readonly index: number;
  /** One in so many texts is looked at. */
  readonly every: number;
}

async function detectInColumns(
  table: OpenTable,
  { from, cells }: Related,
  suspects: readonly Suspect[],
): Promise<readonly PersonalCells[]> {
  const histograms = suspects.map(({ index, every }) => {
    const shown = cells[index]?.shown ?? 'NULL';
    const picked = every > 1 ? ` AND hash(${shown}) % ${every} = 0` : '';
    return `CAST(to_json(histogram(left(${shown}, ${MAX_LOOKED_AT})) FILTER (regexp_matches(${shown}, ${quoteText(PREFILTER)})${picked})) AS VARCHAR)`;
  });
  const [row = []] = await table.database.query(`SELECT ${histograms.join(', ')} FROM ${from}`);
  return suspects.flatMap(({ name, every }, at) => {
    const counts = DETECTORS.map(() => ({ shaped: 0, cells: 0 }));
    const texts = JSON.parse(String(row[at] ?? '{}')) as Readonly<Record<string, number>>;
    for (const [text, count] of Object.entries(texts)) countText(text.trim(), every * count, counts);
    return DETECTORS.flatMap(({ name: detector, chance }, place) => {
      const { shaped = 0, cells = 0 } = counts[place] ?? {};
      const isSample = every > 1;
      return cells === 0 ? [] : [{ column: name, name: detector, chance, shaped, cells, isSample }];
    });
  });
}

function countText(text: string, times: number, counts: { shaped: number; cells: number }[]): void {
  for (const [at, { isShaped, isFound }] of DETECTORS.entries()) {
    const count = counts[at];
    if (count === undefined || !isShaped(text)) continue;
    count.shaped += times;
    if (isFound(text)) count.cells += times;
  }
}

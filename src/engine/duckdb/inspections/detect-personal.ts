import { DETECTORS, MAX_LOOKED_AT, PREFILTER } from '../../personal/detectors.ts';
import type { PersonalAnswer, PersonalCells, PersonalRequest } from '../../personal/personal-request.ts';
import type { OpenTable } from '../answer-question.ts';
import { quoteText } from '../sql-text.ts';
import { relate, type Related } from './relate.ts';

/** Different texts of a column that are looked at; of more, those that a hash of the text picks. */
const MAX_TEXTS = 20_000;

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
  const found: PersonalCells[] = [];
  for (const [index, name] of names.entries()) {
    const [distinct = 0, candidates = 0] = figures.slice(3 * index + 1, 3 * index + 3);
    if (candidates > 0) found.push(...(await detectInColumn(table, related, { name, index, distinct })));
  }
  return { rows, columns, found };
}

async function detectInColumn(
  table: OpenTable,
  { from, cells }: Related,
  { name, index, distinct }: { readonly name: string; readonly index: number; readonly distinct: number },
): Promise<readonly PersonalCells[]> {
  const shown = cells[index]?.shown ?? 'NULL';
  const every = Math.ceil(distinct / MAX_TEXTS);
  const picked = every > 1 ? ` AND hash(${shown}) % ${every} = 0` : '';
  const counts = DETECTORS.map(() => ({ shaped: 0, cells: 0 }));
  await table.database.stream(
    `SELECT left(${shown}, ${MAX_LOOKED_AT}) AS v, count(*) FROM ${from} WHERE regexp_matches(${shown}, ${quoteText(PREFILTER)})${picked} GROUP BY v`,
    ([texts = [], numbers = []], rows) => {
      for (let row = 0; row < rows; row += 1)
        countText(String(texts[row]).trim(), every * Number(numbers[row]), counts);
      return true;
    },
  );
  return DETECTORS.flatMap(({ name: detector, chance }, at) => {
    const { shaped = 0, cells = 0 } = counts[at] ?? {};
    return cells === 0 ? [] : [{ column: name, name: detector, chance, shaped, cells, isSample: every > 1 }];
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

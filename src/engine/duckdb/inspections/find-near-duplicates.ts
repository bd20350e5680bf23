import { murmurHash3 } from '../../../statistics/hashing.ts';
import { findSimilar, sortItems } from '../../../statistics/min-hash.ts';
import { wordShingles } from '../../../statistics/sketches.ts';
import type { SplitsAnswer, SplitsRequest } from '../../inspections.ts';
import type { Database } from '../database.ts';
import { canonicalCell, hashOf } from './relate.ts';
import { relateSplit, type SplitPair, type SplitRelation } from './relate-split.ts';

/** Most rows of either split that are looked at; of more, those that a hash of their content picks. */
const MAX_ROWS = 100_000;

/** Most runs of words of one text. */
const MAX_RUNS = 1000;
const WORDS = 3;

type NearRequest = NonNullable<SplitsRequest['near']>;

/** Rows of the later split that are almost one of the earlier split. Texts by runs of three words, whole rows cell by cell. */
export async function findNearDuplicates(
  { request, earlier, later }: SplitPair,
  near: NearRequest,
): Promise<NonNullable<SplitsAnswer['near']>> {
  const columns =
    near.columns.length === 0
      ? request.features
      : near.columns.map((name) => ({ name, declaredTypes: ['string'] as const }));
  const [first, second] = [
    await readSets(earlier.database, relateSplit(earlier, request.earlier, columns), near),
    await readSets(earlier.database, relateSplit(later, request.later, columns), near),
  ];
  const found = findSimilar(first.sets, second.sets, near.similarity, near.seed);
  return {
    looked: second.sets.length,
    found: found.reduce((sum, flag) => sum + flag, 0),
    isSample: first.isSample || second.isSample,
  };
}

interface Sets {
  readonly sets: readonly Uint32Array[];
  readonly isSample: boolean;
}

async function readSets(
  database: Database,
  { from, cells }: SplitRelation,
  { columns, seed }: NearRequest,
): Promise<Sets> {
  const values = cells.map(canonicalCell);
  const [counted] = await database.query(`SELECT count(*) FROM ${from}`);
  const every = Math.ceil(Number(counted?.[0] ?? 0) / MAX_ROWS);
  const picked = every <= 1 ? '' : ` WHERE ${hashOf([...values, String(seed)])} % ${every} = 0`;
  const isText = columns.length > 0;
  const items = isText
    ? cells.map(({ text, shown }) => `coalesce(${text ?? shown}, '')`)
    : values.map((value, index) => `CAST(hash(${value}, ${index}) % 4294967296 AS UINTEGER)`);
  const sets: Uint32Array[] = [];
  await database.stream(`SELECT ${items.join(', ')} FROM ${from}${picked}`, (vectors, rows) => {
    for (let row = 0; row < rows; row += 1) {
      const cellsOfRow = vectors.map((vector) => vector[row]);
      sets.push(sortItems(isText ? hashRuns(cellsOfRow.map(String).join('\n')) : cellsOfRow.map(Number)));
    }
    return true;
  });
  return { sets, isSample: every > 1 };
}

const ENCODER = new TextEncoder();

/** The runs of three words of a text, as numbers; of a shorter one the text as a whole. */
function hashRuns(text: string): readonly number[] {
  const simple = text
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
  const runs = [...wordShingles(simple, WORDS)].slice(0, MAX_RUNS);
  const shown = runs.length === 0 && simple !== '' ? [simple] : runs;
  return shown.map((run) => murmurHash3(ENCODER.encode(run)));
}

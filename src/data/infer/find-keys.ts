/** Which columns identify the rows of a table: candidates, never more than the data and their names speak for. */
import type { DistinctEstimate, ColumnSurvey, TableSurvey } from '../../engine/survey.ts';

/** Names of what is there to identify. */
const NAMES_A_KEY = /(?:^|[^a-z])(?:id|ids|key|uuid|guid|pk)(?:$|[^a-z])|[a-z](?:Id|ID|Key|Uuid|UUID|Guid)$/u;

/** Longer texts are contents. */
const MAX_KEY_LENGTH = 64;
/** Rows from which on texts of one length that all differ are taken for codes. */
const LEAST_CODES = 100;
/** A table that draws its values by chance would be free of repetitions less often than exp(-7), once in a thousand. */
const LEAST_EXPONENT = 7;

/**
 * Whether `rows` values drawn at random from `possible` would hardly ever all differ: then it is no chance that they do.
 * The chance is about exp(-rows² / (2 possible)) (the birthday problem; W. Feller, An Introduction to Probability
 * Theory and Its Applications I, 3rd ed., section II.3).
 */
function isNoChance(rows: number, possible: number): boolean {
  return (rows * rows) / (2 * possible) >= LEAST_EXPONENT;
}

/** Whether a name says that a column identifies something. */
function namesKey(column: string): boolean {
  return NAMES_A_KEY.test(/\p{Lu}/u.test(column) && /\p{Ll}/u.test(column) ? column : column.toLowerCase());
}

/** Columns that may be a key by themselves; whether they are is to be checked. */
export function listSingleKeys({ columns, rows }: TableSurvey): readonly string[] {
  return columns
    .filter((column) => column.maybeUnique && isComplete(column, rows) && rows > 1)
    .filter((column) => isMeantToDiffer(column, rows))
    .map(({ name }) => name);
}

/** Every row has a value, and all are of one kind that identifies: whole numbers or short texts. */
function isComplete({ counts, longest }: ColumnSurvey, rows: number): boolean {
  const isWhole = counts.wholes === rows;
  const isShortText = counts.texts === rows && (longest ?? 0) <= MAX_KEY_LENGTH;
  return counts.present === rows && (isWhole || isShortText);
}

function isMeantToDiffer(
  { name, counts, formats, least, greatest, shortest, longest }: ColumnSurvey,
  rows: number,
): boolean {
  if (namesKey(name) || formats.includes('uuid')) return true;
  if (counts.wholes === rows && least !== undefined && greatest !== undefined) {
    return isNoChance(rows, greatest - least + 1);
  }
  return counts.texts === rows && formats.length === 0 && shortest === longest && rows >= LEAST_CODES;
}

/** Columns of which combinations are looked at. */
const MAX_COMBINED = 8;

/** Columns that combinations may be made of, those that most often are part of a key first. */
export function rankParts({ columns, rows }: TableSurvey): readonly string[] {
  const rank = ({ name, formats, counts }: ColumnSurvey): number => {
    if (namesKey(name)) return 0;
    if (formats.includes('date') || formats.includes('date-time')) return 1;
    return counts.wholes === rows ? 3 : 2;
  };
  return columns
    .filter((column) => isComplete(column, rows))
    .toSorted((one, other) => rank(one) - rank(other))
    .slice(0, MAX_COMBINED)
    .map(({ name }) => name);
}

/** Every combination of `size` parts, those of the first parts first. */
export function combine(parts: readonly string[], size: number): readonly (readonly string[])[] {
  if (size === 0) return [[]];
  return parts.flatMap((part, index) =>
    combine(parts.slice(index + 1), size - 1).map((rest) => [part, ...rest]),
  );
}

/** An estimate of distinct combinations that is below this share of the rows is of a combination that repeats. */
const LEAST_DISTINCT_SHARE = 0.5;

/**
 * Whether a combination may be a key: hardly any of it repeats, and that is no chance, or its parts are named so.
 * @param single the distinct values of each part, estimated
 */
export function mayBeKey(
  parts: readonly string[],
  estimate: DistinctEstimate,
  single: readonly number[],
  rows: number,
  isMoment: (column: string) => boolean,
): boolean {
  if (estimate === 'repeats' || estimate < LEAST_DISTINCT_SHARE * rows) return false;
  const possible = single.reduce((product, distinct) => product * distinct, 1);
  const isNamed = parts.some(namesKey) && parts.every((part) => namesKey(part) || isMoment(part));
  return isNamed || isNoChance(rows, possible);
}

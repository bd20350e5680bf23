/** The profile of a table, for evidence and people, from what was gathered of its columns. */
import { holdsPersonalData } from '../../engine/personal/detectors.ts';
import type { ColumnSummary, TableSummary, TextSummary } from '../../engine/profile.ts';
import type {
  ColumnProfile,
  DatasetProfile,
  DistinctCount,
  HistogramCounts,
  NumericProfile,
  TextProfile,
  TimeProfile,
  TopValue,
} from '../../schemas/evidence.generated.ts';
import { estimateDistinct, parseRegisters, REGISTER_BITS } from '../../statistics/hyper-log-log.ts';
import { describeShape } from '../../statistics/moments.ts';
import type { NumberSummary } from '../../statistics/number-summary.ts';
import { chooseEdges, countBetween, quantilesOf, rankErrorOf } from '../../statistics/sketch-shape.ts';
import { hyperLogLogError } from '../../statistics/sketches.ts';
import { roundAtScale } from './round-at-scale.ts';

/** How much of each column is kept: less of wide tables, so that evidence stays small. */
interface Detail {
  readonly bins: number;
  readonly top: number;
  readonly levels: readonly number[];
}

const LEVELS = [0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99];

/** By the number of columns up to which it is kept. */
const DETAILS: readonly (Detail & { readonly columns: number })[] = [
  { columns: 100, bins: 64, top: 50, levels: LEVELS },
  { columns: 1_000, bins: 32, top: 20, levels: LEVELS },
  { columns: Number.POSITIVE_INFINITY, bins: 16, top: 10, levels: [0.05, 0.25, 0.5, 0.75, 0.95] },
];

/** Most different numbers that are listed one by one. */
const MAX_LISTED_NUMBERS = 50;

/** Most values that are listed when those that main's profile lists are listed too. */
const MAX_LISTED = 100;

/**
 * @param frozen the profile whose values are listed again where they stand, so that the two can be compared
 */
export function buildProfile(
  dataset: string,
  summary: TableSummary,
  frozen?: DatasetProfile,
): DatasetProfile {
  const width = summary.columns.length;
  const detail = DETAILS.find(({ columns }) => width <= columns) ?? DETAILS[0];
  const before = new Map(frozen?.columns.map(({ name, top }) => [name, top]));
  return {
    dataset,
    rows: summary.rows,
    columns:
      detail === undefined
        ? []
        : summary.columns.map((column) => buildColumn(column, detail, before.get(column.name))),
  };
}

function buildColumn(
  column: ColumnSummary,
  detail: Detail,
  before: readonly TopValue[] | undefined,
): ColumnProfile {
  const { name, type, present, absent, unread, notFinite, booleans, withheld } = column;
  const distinct = countDistinct(column);
  const numeric = describeNumbers(column, detail);
  const time = describeTimes(column, detail);
  const text = describeTexts(column, detail);
  return {
    name,
    type,
    present,
    absent,
    ...(unread > (notFinite ?? 0) ? { unread: unread - (notFinite ?? 0) } : {}),
    ...(distinct === undefined ? {} : { distinct }),
    ...(numeric === undefined ? {} : { numeric }),
    ...(text === undefined ? {} : { text }),
    ...(booleans === undefined ? {} : { boolean: booleans }),
    ...(time === undefined ? {} : { time }),
    ...listTop(column, detail, before),
    ...(withheld ? { personal: true } : {}),
  };
}

function countDistinct({
  present,
  numbers,
  texts,
  registers,
  distinct,
}: ColumnSummary): DistinctCount | undefined {
  if (texts?.counts !== undefined) {
    const { values, longHashes } = texts.counts;
    return { estimate: values.length + longHashes.length, exact: true };
  }
  if (numbers?.sketch.dropped === 0) return { estimate: numbers.sketch.values.length, exact: true };
  const estimate = registers === undefined ? distinct : estimateDistinct(parseRegisters(registers));
  return estimate === undefined
    ? undefined
    : {
        // No column has more values than cells, whatever the registers say.
        estimate: Math.min(Math.round(estimate), present),
        exact: false,
        relativeError: hyperLogLogError(REGISTER_BITS),
      };
}

/** Counts between the edges that were given, or else between edges that suit the numbers. */
function drawHistogram({ sketch, min, max, frozen }: NumberSummary, bins: number): HistogramCounts {
  if (frozen !== undefined) {
    const { edges, counts, below, above } = frozen;
    return { edges, counts, ...(below > 0 ? { below } : {}), ...(above > 0 ? { above } : {}) };
  }
  const edges = chooseEdges(sketch, { min, max }, bins);
  return { edges, counts: countBetween(sketch, edges) };
}

function describeNumbers(
  { type, numbers, notFinite }: ColumnSummary,
  { bins, levels }: Detail,
): NumericProfile | undefined {
  if ((type !== 'number' && type !== 'integer') || numbers?.moments === undefined) return undefined;
  const { min, max, zeros, sketch, moments } = numbers;
  const { mean, standardDeviation: spread, skewness, kurtosis } = describeShape(moments);
  const standardDeviation = moments.n < 2 ? 0 : spread;
  if (!Number.isFinite(standardDeviation)) return undefined;
  const isSpread = standardDeviation > 0 && Number.isFinite(skewness) && Number.isFinite(kurtosis);
  return {
    min,
    max,
    mean: roundAtScale(mean, Math.max(Math.abs(mean), standardDeviation)),
    standardDeviation: roundAtScale(standardDeviation, standardDeviation),
    ...(isSpread
      ? {
          skewness: roundAtScale(skewness, Math.max(1, Math.abs(skewness))),
          kurtosis: roundAtScale(kurtosis, Math.max(1, Math.abs(kurtosis))),
        }
      : {}),
    ...(notFinite === undefined || notFinite === 0 ? {} : { notFinite }),
    ...(zeros === 0 ? {} : { zeros }),
    quantiles: quantilesOf(sketch, numbers, levels).map((value, at) => ({
      level: levels[at] ?? 0,
      value,
    })),
    rankError: rankErrorOf(sketch),
    histogram: drawHistogram(numbers, bins),
  };
}

function describeTexts({ texts }: ColumnSummary, { bins }: Detail): TextProfile | undefined {
  if (texts === undefined) return undefined;
  const { min, max, moments } = texts.lengths;
  return {
    minLength: min,
    maxLength: max,
    meanLength: roundAtScale(moments?.mean ?? 0, max),
    lengths: drawHistogram(texts.lengths, bins),
  };
}

/** The years 0 to 9999, which can be written in four digits. */
const [FIRST_TIME, LAST_TIME] = [Date.parse('0000-01-01'), Date.parse('9999-12-31T23:59:59.999Z')];

function describeTimes({ type, numbers }: ColumnSummary, { bins }: Detail): TimeProfile | undefined {
  if ((type !== 'date' && type !== 'date-time') || numbers === undefined) return undefined;
  const { min, max } = numbers;
  if (min < FIRST_TIME || max > LAST_TIME) return undefined;
  const write = (time: number): string => {
    const text = new Date(time).toISOString();
    return type === 'date' ? text.slice(0, 10) : text.replace('.000Z', 'Z');
  };
  return { first: write(min), last: write(max), histogram: drawHistogram(numbers, bins) };
}

interface Listed {
  readonly value: string | number;
  readonly count: number;
}

/** Every value of a column where they are all known and mostly repeat. */
function listValues({ type, numbers, texts }: ColumnSummary): readonly Listed[] | undefined {
  if (texts?.counts !== undefined) return zip(texts.counts.values, texts.counts.counts);
  const isNumber = type === 'number' || type === 'integer';
  if (!isNumber || numbers === undefined || numbers.sketch.dropped > 0) return undefined;
  const { values, counts } = numbers.sketch;
  return values.length > MAX_LISTED_NUMBERS
    ? undefined
    : zip(values, counts).toSorted((one, other) => other.count - one.count);
}

function zip(values: readonly (string | number)[], counts: readonly number[]): readonly Listed[] {
  return values.map((value, at) => ({ value, count: counts[at] ?? 0 }));
}

function countRead({ numbers, texts }: ColumnSummary): number {
  return ((numbers ?? texts?.lengths)?.sketch.counts ?? []).reduce((sum, count) => sum + count, 0);
}

/** A value that stands once may be somebody's: only what repeats is told, and nothing that is personal by its form. */
function listTop(
  column: ColumnSummary,
  detail: Detail,
  before: readonly TopValue[] | undefined,
): Pick<ColumnProfile, 'top' | 'others'> {
  const values = listValues(column);
  const read = countRead(column);
  if (values === undefined || 2 * values.length + countLong(column.texts) > read) return {};
  const repeated = values.filter(({ count, value }) => count > 1 && !holdsPersonalData(String(value)));
  const known = new Set(before?.map(({ value }) => value));
  const top = [
    ...repeated.slice(0, detail.top),
    ...repeated.slice(detail.top).filter(({ value }) => known.has(value)),
  ].slice(0, MAX_LISTED);
  const others = read - top.reduce((sum, { count }) => sum + count, 0);
  return top.length === 0 ? {} : { top, ...(others === 0 ? {} : { others }) };
}

function countLong(texts: TextSummary | undefined): number {
  return 2 * (texts?.counts?.longHashes.length ?? 0);
}

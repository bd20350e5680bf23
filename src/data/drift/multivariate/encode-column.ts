/** A column of two tables as codes that trees can split: bins of numbers, categories in the order of what they tell. */
import type { ColumnProfile } from '../../../schemas/evidence.generated.ts';
import { CODES, type CodedFeature } from '../../../statistics/boosted-trees.ts';

/** The texts of a column, rows of both tables one after the other; empty where there is no value. */
export type ColumnTexts = readonly string[];

/** What may be learned from: which rows, and of which table each is. */
export interface Training {
  readonly labels: Uint8Array;
  readonly isTraining: Uint8Array;
}

/** The code of an absent cell: no number is so large. */
const ABSENT = CODES - 1;

/** Beyond so many different texts, it is how long they are that can be told. */
const MOST_CATEGORIES = 200;

/** Which table a row is of is used of rows in training only, and never for bins of numbers. */
export function encodeColumn(
  type: ColumnProfile['type'],
  texts: ColumnTexts,
  training: Training,
): CodedFeature {
  if (type === 'number' || type === 'integer') return encodeNumbers(texts.map(readNumber));
  if (type === 'date' || type === 'date-time') return encodeNumbers(texts.map((text) => Date.parse(text)));
  const isFew = new Set(texts).size <= MOST_CATEGORIES;
  return isFew ? encodeCategories(texts, training) : encodeNumbers(texts.map(measureText));
}

function readNumber(text: string): number {
  return text === '' ? Number.NaN : Number(text);
}

function measureText(text: string): number {
  return text === '' ? Number.NaN : text.length;
}

/** Bins of about equal size over both tables; equal numbers have one code. */
function encodeNumbers(values: readonly number[]): CodedFeature {
  const sorted = Float64Array.from(values.filter((value) => !Number.isNaN(value))).sort();
  const limits = [
    ...new Set(
      Array.from(
        { length: ABSENT - 1 },
        (_, bin) => sorted[Math.floor(((bin + 1) * sorted.length) / ABSENT)],
      ),
    ),
  ];
  return Uint8Array.from(values, (value) => {
    if (Number.isNaN(value)) return ABSENT;
    const bin = limits.findIndex((limit) => limit !== undefined && value < limit);
    return bin < 0 ? limits.length : bin;
  });
}

interface Tally {
  rows: number;
  trained: number;
  ones: number;
}

/** The most frequent ones, ordered by the share of the second table among the rows in training; the rest are one. */
function encodeCategories(texts: ColumnTexts, { labels, isTraining }: Training): CodedFeature {
  const tallies = new Map<string, Tally>();
  texts.forEach((text, row) => {
    const tally = tallies.get(text) ?? { rows: 0, trained: 0, ones: 0 };
    tally.rows += 1;
    tally.trained += isTraining[row] ?? 0;
    tally.ones += (isTraining[row] ?? 0) * (labels[row] ?? 0);
    tallies.set(text, tally);
  });
  const frequent = [...tallies]
    .toSorted(([first, one], [second, other]) => other.rows - one.rows || compareTexts(first, second))
    .slice(0, ABSENT)
    .toSorted(
      ([first, one], [second, other]) => shareOf(one) - shareOf(other) || compareTexts(first, second),
    );
  const codes = new Map(frequent.map(([text], code) => [text, code]));
  return Uint8Array.from(texts, (text) => codes.get(text) ?? ABSENT);
}

/** Of few rows drawn towards a half. */
function shareOf({ ones, trained }: Tally): number {
  return (ones + 1) / (trained + 2);
}

function compareTexts(first: string, second: string): number {
  return first < second ? -1 : first > second ? 1 : 0;
}

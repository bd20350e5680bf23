/** Profiles of parts of a table merged to that of the whole. */
import type { ColumnSummary, TableSummary, TextCounts, TextSummary } from '../../engine/profile.ts';
import {
  mergeRegisters,
  parseRegisters,
  printRegisters,
  type Registers,
} from '../../statistics/hyper-log-log.ts';
import { registersOf } from '../../statistics/gather-numbers.ts';
import { mergeSummaries, type NumberSummary } from '../../statistics/number-summary.ts';
import { sortCounts, type Counted } from '../../statistics/sort-counts.ts';

/** Two summaries that are not of parts of one table, or were made by different versions. */
export class MergeError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'MergeError';
  }
}

/**
 * The summary of all rows of both: the same as if they had been summarised together, but for the last digits of moments.
 * @throws MergeError where columns or their types differ, or texts were hashed in different ways
 */
export function mergeTables(one: TableSummary, other: TableSummary): TableSummary {
  if (one.hash !== other.hash) {
    throw new MergeError(`one was made with ${one.hash}, the other with ${other.hash}`);
  }
  const theirs = new Map(other.columns.map((column) => [column.name, column]));
  if (theirs.size !== one.columns.length) {
    throw new MergeError(`one has ${one.columns.length} columns, the other ${theirs.size}`);
  }
  const buckets = Math.min(one.buckets, other.buckets);
  return {
    rows: one.rows + other.rows,
    buckets,
    hash: one.hash,
    columns: one.columns.map((column) => {
      const its = theirs.get(column.name);
      if (its === undefined) throw new MergeError(`only one has column ${JSON.stringify(column.name)}`);
      return mergeColumns(column, its, buckets);
    }),
  };
}

function mergeColumns(one: ColumnSummary, other: ColumnSummary, buckets: number): ColumnSummary {
  if (one.type !== other.type) {
    throw new MergeError(
      `column ${JSON.stringify(one.name)} is of type ${one.type} in one, ${other.type} in the other`,
    );
  }
  const numbers = mergeOptional(one.numbers, other.numbers, (a, b) => mergeSummaries(a, b, buckets));
  const texts = mergeOptional(one.texts, other.texts, (a, b) => mergeTexts(a, b, buckets));
  const booleans = mergeOptional(one.booleans, other.booleans, (a, b) => ({
    true: a.true + b.true,
    false: a.false + b.false,
  }));
  const registers = mergeDistinct(one, other, numbers);
  const notFinite = (one.notFinite ?? 0) + (other.notFinite ?? 0);
  return {
    name: one.name,
    type: one.type,
    withheld: one.withheld || other.withheld,
    present: one.present + other.present,
    absent: one.absent + other.absent,
    unread: one.unread + other.unread,
    ...(notFinite === 0 ? {} : { notFinite }),
    ...(numbers === undefined ? {} : { numbers }),
    ...(texts === undefined ? {} : { texts }),
    ...(booleans === undefined ? {} : { booleans }),
    ...(registers === undefined ? {} : { registers: printRegisters(registers) }),
  };
}

function mergeOptional<T>(
  one: T | undefined,
  other: T | undefined,
  merge: (one: T, other: T) => T,
): T | undefined {
  if (one === undefined) return other;
  return other === undefined ? one : merge(one, other);
}

function mergeTexts(one: TextSummary, other: TextSummary, buckets: number): TextSummary {
  const lengths = mergeSummaries(one.lengths, other.lengths, buckets);
  if (one.counts === undefined || other.counts === undefined) return { lengths };
  const [a, b] = [one.counts, other.counts];
  const short = mergeCounts([a.values, b.values], [a.counts, b.counts]);
  const long = mergeCounts([a.longHashes, b.longHashes], [a.longCounts, b.longCounts]);
  if (short.length + long.length > buckets) return { lengths };
  const counts: TextCounts = {
    values: short.map(({ key }) => key),
    counts: short.map(({ count }) => count),
    longHashes: long.map(({ key }) => key),
    longCounts: long.map(({ count }) => count),
  };
  return { lengths, counts };
}

function mergeCounts(
  keys: readonly (readonly string[])[],
  counts: readonly (readonly number[])[],
): readonly Counted[] {
  const sums = new Map<string, number>();
  keys.forEach((list, part) => {
    list.forEach((key, at) => sums.set(key, (sums.get(key) ?? 0) + (counts[part]?.[at] ?? 0)));
  });
  return sortCounts([...sums].map(([key, count]) => ({ key, count })));
}

/** Registers of numbers are kept only where the sketch does not know all of them: what it knows is noted when needed. */
function mergeDistinct(
  one: ColumnSummary,
  other: ColumnSummary,
  numbers: NumberSummary | undefined,
): Registers | undefined {
  if (numbers !== undefined && numbers.sketch.dropped === 0) return undefined;
  const [a, b] = [registersFor(one), registersFor(other)];
  return mergeOptional(a, b, mergeRegisters);
}

function registersFor({ registers, numbers }: ColumnSummary): Registers | undefined {
  if (registers !== undefined) return parseRegisters(registers);
  return numbers === undefined ? undefined : registersOf(numbers.sketch.values);
}

/** What of two profiles of one column can be laid side by side: the same bins or categories, counted twice. */
import { boundDistinctly } from '../../evidence/bound-text.ts';
import type {
  ColumnDrift,
  ColumnProfile,
  DatasetProfile,
  HistogramCounts,
  TopValue,
  UncomparedColumn,
} from '../../schemas/evidence.generated.ts';

/** Two sets of counts over the same bins (with edges) or categories (with labels). */
export interface CountPair {
  readonly aspect: ColumnDrift['aspect'];
  readonly kind?: NonNullable<ColumnDrift['kind']>;
  readonly reference: readonly number[];
  readonly current: readonly number[];
  readonly edges?: readonly number[];
  readonly labels?: readonly string[];
  /** Standard deviation of the reference. */
  readonly scale?: number;
  readonly appeared?: readonly string[];
  readonly vanished?: readonly string[];
}

export interface PairedColumn {
  readonly pairs: readonly CountPair[];
  /** Why its values are not compared. */
  readonly reason?: UncomparedColumn['reason'];
}

/** Most names of categories that came or went. */
const MOST_NAMES = 20;

/** Label of the categories that are counted together. No category is called so: text is not in brackets of this kind. */
export const OTHER = '⟨other⟩';

/** Two profiles of one column as counts: of its values (or the lengths of its texts), and of absent cells. */
export function pairColumns(
  reference: ColumnProfile,
  current: ColumnProfile,
  isLabel: boolean,
): PairedColumn {
  const missing = pairMissing(reference, current);
  const pairs = missing === undefined ? [] : [missing];
  if (reference.present === 0 || current.present === 0) return { pairs, reason: 'nothing-there' };
  const values = pairValues(reference, current, isLabel);
  return typeof values === 'string' ? { pairs, reason: values } : { pairs: [values, ...pairs] };
}

/** Whether some column was counted between other edges, so that one of the two must be counted again. */
export function hasOtherBins(reference: DatasetProfile, current: DatasetProfile): boolean {
  const before = new Map(reference.columns.map((column) => [column.name, column]));
  return current.columns.some((column) => {
    const other = before.get(column.name);
    return other !== undefined && pairColumns(other, column, false).reason === 'other-bins';
  });
}

/**
 * Cells without a usable value: absent, NaN or infinite, or of another type. Undefined where all cells, or none, are
 * such.
 */
function pairMissing(reference: ColumnProfile, current: ColumnProfile): CountPair | undefined {
  const [m, n] = [countPresence(reference), countPresence(current)];
  const [present, absent] = [m[0] + n[0], m[1] + n[1]];
  if (present === 0 || absent === 0 || m[0] + m[1] === 0 || n[0] + n[1] === 0) return undefined;
  return { aspect: 'missing', reference: m, current: n, labels: ['present', 'absent'] };
}

function countPresence({ present, absent, unread = 0, numeric }: ColumnProfile): readonly [number, number] {
  const unusable = unread + (numeric?.notFinite ?? 0);
  return [present - unusable, absent + unusable];
}

function pairValues(
  reference: ColumnProfile,
  current: ColumnProfile,
  isLabel: boolean,
): CountPair | UncomparedColumn['reason'] {
  if (reference.boolean !== undefined && current.boolean !== undefined) {
    return {
      aspect: 'values',
      kind: 'boolean',
      labels: ['true', 'false'],
      reference: [reference.boolean.true, reference.boolean.false],
      current: [current.boolean.true, current.boolean.false],
    };
  }
  if (isLabel && isClasses(reference) && isClasses(current)) return pairCategories(reference, current);
  if (reference.numeric !== undefined && current.numeric !== undefined) {
    return pairNumbers(reference.numeric, current.numeric);
  }
  if (reference.time !== undefined && current.time !== undefined) {
    const [before, now] = [reference.time, current.time];
    // Edges of times are milliseconds since 1970.
    const pair = pairHistograms(before.histogram, now.histogram, {
      least: Math.min(Date.parse(before.first), Date.parse(now.first)),
      largest: Math.max(Date.parse(before.last), Date.parse(now.last)),
    });
    return pair === undefined ? 'other-bins' : { ...withOwnScale(pair), aspect: 'values', kind: 'time' };
  }
  if (isCategorical(reference) && isCategorical(current)) return pairCategories(reference, current);
  if (reference.text !== undefined && current.text !== undefined) {
    const [before, now] = [reference.text, current.text];
    const pair = pairHistograms(before.lengths, now.lengths, {
      least: Math.min(before.minLength, now.minLength),
      largest: Math.max(before.maxLength, now.maxLength),
    });
    return pair === undefined ? 'other-bins' : { ...withOwnScale(pair), aspect: 'length', kind: 'numeric' };
  }
  if (kindOf(reference) !== kindOf(current)) return 'other-type';
  return reference.personal === true || current.personal === true ? 'personal' : 'values-differ';
}

function kindOf({ type, numeric }: ColumnProfile): string {
  return numeric === undefined ? type : 'number';
}

type Numeric = NonNullable<ColumnProfile['numeric']>;

function pairNumbers(reference: Numeric, current: Numeric): CountPair | UncomparedColumn['reason'] {
  const pair = pairHistograms(reference.histogram, current.histogram, {
    least: Math.min(reference.min, current.min),
    largest: Math.max(reference.max, current.max),
  });
  if (pair === undefined) return 'other-bins';
  const { standardDeviation } = reference;
  return {
    ...pair,
    aspect: 'values',
    kind: 'numeric',
    ...(standardDeviation > 0 ? { scale: standardDeviation } : {}),
  };
}

interface Bins {
  readonly edges: readonly number[];
  readonly reference: readonly number[];
  readonly current: readonly number[];
}

/** The same bins twice, with one more at an end beyond which values lie; undefined where the edges are not the same. */
function pairHistograms(
  reference: HistogramCounts,
  current: HistogramCounts,
  { least, largest }: { readonly least: number; readonly largest: number },
): Bins | undefined {
  const { edges } = reference;
  const first = edges[0];
  const last = edges.at(-1);
  const isSame = edges.length === current.edges.length && edges.every((edge, i) => edge === current.edges[i]);
  if (!isSame || first === undefined || last === undefined) return undefined;
  const below = (reference.below ?? 0) + (current.below ?? 0) > 0;
  const above = (reference.above ?? 0) + (current.above ?? 0) > 0;
  const extend = (histogram: HistogramCounts): readonly number[] => [
    ...(below ? [histogram.below ?? 0] : []),
    ...histogram.counts,
    ...(above ? [histogram.above ?? 0] : []),
  ];
  return {
    edges: [
      ...(below ? [Math.min(first, least)] : []),
      ...edges,
      ...(above ? [Math.max(last, largest)] : []),
    ],
    reference: extend(reference),
    current: extend(current),
  };
}

/** With the standard deviation of the reference by the middles of its bins. */
function withOwnScale(pair: Bins): Bins & { readonly scale?: number } {
  const middles = middlesOf(pair.edges);
  const total = pair.reference.reduce((sum, count) => sum + count, 0);
  const average = (of: (middle: number) => number): number =>
    pair.reference.reduce((sum, count, bin) => sum + count * of(middles[bin] ?? 0), 0) / total;
  const mean = average((middle) => middle);
  const scale = Math.sqrt(average((middle) => (middle - mean) ** 2));
  return scale > 0 ? { ...pair, scale } : pair;
}

/** The middle of each bin. */
export function middlesOf(edges: readonly number[]): readonly number[] {
  return edges.slice(1).map((edge, bin) => (edge + (edges[bin] ?? edge)) / 2);
}

function isComplete({ top, others = 0 }: ColumnProfile): boolean {
  return top !== undefined && others === 0;
}

/** A label of more values than this is a number that was rounded. */
const MOST_CLASSES = 20;

function isClasses(column: ColumnProfile): boolean {
  return isComplete(column) && (column.type === 'string' || (column.top ?? []).length <= MOST_CLASSES);
}

function isCategorical({ type, top }: ColumnProfile): boolean {
  return type === 'string' && top !== undefined;
}

/**
 * The categories that both list, those that one lists whose absence from the other is certain, and all else together.
 */
function pairCategories(reference: ColumnProfile, current: ColumnProfile): CountPair {
  const [before, now] = [countTop(reference.top), countTop(current.top)];
  const isKnown = (key: string): boolean =>
    (before.has(key) || isComplete(reference)) && (now.has(key) || isComplete(current));
  const keys = [...new Set([...before.keys(), ...now.keys()])].filter(isKnown).toSorted(compareTexts);
  const countKnown = (counts: ReadonlyMap<string, number>): readonly number[] =>
    keys.map((key) => counts.get(key) ?? 0);
  const [known, knownNow] = [countKnown(before), countKnown(now)];
  const rest = reference.present - sumOf(known);
  const restNow = current.present - sumOf(knownNow);
  const hasRest = rest > 0 || restNow > 0;
  const named = keys.map(nameOf);
  return {
    aspect: 'values',
    kind: 'categorical',
    labels: hasRest ? [...named, OTHER] : named,
    reference: hasRest ? [...known, rest] : known,
    current: hasRest ? [...knownNow, restNow] : knownNow,
    appeared: named.filter((_, index) => known[index] === 0).slice(0, MOST_NAMES),
    vanished: named.filter((_, index) => knownNow[index] === 0).slice(0, MOST_NAMES),
  };
}

/** A number and the text that looks like it are two categories. */
function countTop(top: readonly TopValue[] | undefined): ReadonlyMap<string, number> {
  return new Map((top ?? []).map(({ value, count }) => [JSON.stringify(value), count]));
}

function nameOf(key: string): string {
  const value: unknown = JSON.parse(key);
  return boundDistinctly(typeof value === 'string' ? value : key);
}

function compareTexts(first: string, second: string): number {
  return first < second ? -1 : first > second ? 1 : 0;
}

export function sumOf(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0);
}

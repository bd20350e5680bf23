/** Profiles of small tables in memory, as the engine would make them: for what reads profiles and never rows. */
import { momentsOf, describeShape } from '../../src/statistics/moments.ts';
import { quantileOfSorted } from '../../src/statistics/quantile.ts';
import type { ColumnProfile, DatasetProfile, HistogramCounts } from '../../src/schemas/evidence.generated.ts';

export type Cells = readonly (number | string | boolean | undefined)[];

const MOST_BINS = 64;
const MOST_TOP = 100;

/** At most 64 bins of equal mass; of few distinct values one bin each. */
function chooseEdges(sorted: ArrayLike<number>): readonly number[] {
  const edges = Array.from({ length: MOST_BINS + 1 }, (_, level) =>
    quantileOfSorted(sorted, level / MOST_BINS, 1),
  );
  const rising = [...new Set(edges)];
  return rising.length === 1 ? [rising[0] ?? 0, rising[0] ?? 0] : rising;
}

export function countInto(values: readonly number[], frozen: readonly number[] | undefined): HistogramCounts {
  const edges = frozen ?? chooseEdges(Float64Array.from(values).sort());
  const bins = edges.length - 1;
  const counts = Array.from({ length: bins }, () => 0);
  let [below, above] = [0, 0];
  for (const value of values) {
    if (value < (edges[0] ?? 0)) below += 1;
    else if (value > (edges[bins] ?? 0)) above += 1;
    else {
      let [low, high] = [0, bins];
      while (high - low > 1) {
        const middle = (low + high) >> 1;
        if ((edges[middle] ?? 0) <= value) low = middle;
        else high = middle;
      }
      counts[low] = (counts[low] ?? 0) + 1;
    }
  }
  return { edges, counts, below, above };
}

function profileNumbers(
  values: readonly number[],
  frozen: ColumnProfile | undefined,
): Partial<ColumnProfile> {
  const finite = values.filter(Number.isFinite);
  if (finite.length === 0) return {};
  const shape = describeShape(momentsOf(finite));
  return {
    numeric: {
      min: finite.reduce((x, y) => Math.min(x, y)),
      max: finite.reduce((x, y) => Math.max(x, y)),
      mean: shape.mean,
      standardDeviation: finite.length < 2 ? 0 : Math.sqrt(shape.variance),
      notFinite: values.length - finite.length,
      quantiles: [],
      histogram: countInto(finite, frozen?.numeric?.histogram.edges),
    },
  };
}

function countTop(values: readonly (number | string)[]): Partial<ColumnProfile> {
  const counts = new Map<number | string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  if (counts.size > values.length / 2 && counts.size > MOST_TOP) return {};
  const all = [...counts].map(([value, count]) => ({ value, count })).toSorted((x, y) => y.count - x.count);
  const top = all.slice(0, MOST_TOP);
  return { top, others: values.length - top.reduce((sum, { count }) => sum + count, 0) };
}

function profileColumn(name: string, cells: Cells, frozen: ColumnProfile | undefined): ColumnProfile {
  const present = cells.filter((cell) => cell !== undefined);
  const counts = { name, present: present.length, absent: cells.length - present.length };
  const [first] = present;
  if (typeof first === 'number') {
    const numbers = present.map(Number);
    const top = numbers.every(Number.isInteger) ? countTop(numbers) : {};
    return { ...counts, type: 'number', ...profileNumbers(numbers, frozen), ...top };
  }
  if (typeof first === 'boolean') {
    const yes = present.filter((cell) => cell === true).length;
    return { ...counts, type: 'boolean', boolean: { true: yes, false: present.length - yes } };
  }
  if (present.length === 0) return { ...counts, type: 'other' };
  const texts = present.map(String);
  const lengths = texts.map((text) => text.length);
  const histogram = countInto(lengths, frozen?.text?.lengths.edges);
  const minLength = lengths.reduce((x, y) => Math.min(x, y), Number.POSITIVE_INFINITY);
  const maxLength = lengths.reduce((x, y) => Math.max(x, y), 0);
  const meanLength = lengths.reduce((x, y) => x + y, 0) / lengths.length;
  return {
    ...counts,
    type: 'string',
    text: { minLength, maxLength, meanLength, lengths: histogram },
    ...countTop(texts),
  };
}

/** A table by columns; with `frozen` its histograms have the edges of that profile. */
export function buildProfile(
  columns: Readonly<Record<string, Cells>>,
  frozen?: DatasetProfile,
  dataset = 'customers',
): DatasetProfile {
  return {
    dataset,
    rows: Math.max(0, ...Object.values(columns).map((cells) => cells.length)),
    columns: Object.entries(columns).map(([name, cells]) =>
      profileColumn(
        name,
        cells,
        frozen?.columns.find((column) => column.name === name),
      ),
    ),
  };
}

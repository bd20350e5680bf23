/** Which parts of the test set carry the change of a metric: parts whose contributions sum to the whole change. */
import { boundText } from '../evidence/bound-text.ts';
import { formOf } from '../metrics/form-of.ts';
import type { OutcomesPair } from '../outcomes/pair-outcomes.ts';
import { nameColumnSlice, titleColumn } from '../outcomes/slices.ts';
import type { About, Decomposition, Part } from '../schemas/evidence.generated.ts';
import { sumOf } from '../statistics/means.ts';
import { releaseMemory } from '../statistics/release-memory.ts';
import { adjustPValues } from '../statistics/multiple-testing.ts';
import { decomposeLabels, decomposeMacroF1 } from './decompose-macro-f1.ts';
import { comparePart, type PartOfChange, type PartValues } from './compare-part.ts';

export interface DecomposeOptions {
  readonly about: About;
  /** One-sided error rate: intervals have the two-sided level 1 - 2 alpha. */
  readonly alpha: number;
  /** Metrics to decompose besides the main one of the task: those that the config bounds. */
  readonly metrics: readonly string[];
}

/** Parts that anybody looks at. Evidence has room for more, but it is to stay small. */
const MAX_PARTS = 50;

const MAIN_METRICS = {
  'binary-classification': ['accuracy'],
  'multiclass-classification': ['accuracy', 'macro_f1'],
  'multilabel-classification': ['subset_accuracy', 'macro_f1'],
  regression: ['mae'],
  'quantile-regression': ['pinball'],
  ranking: ['ndcg@10'],
  forecasting: ['mase', 'mae'],
  graded: [],
} as const satisfies Readonly<Record<OutcomesPair['task'], readonly string[]>>;

/** Disjoint parts that make up the test set. */
interface Partition {
  readonly by: Decomposition['by'];
  /** With the column whose values are the parts, so that two columns can be told apart. */
  readonly about: About;
  /** The part of each row. */
  readonly codes: ArrayLike<number>;
  readonly names: readonly string[];
}

/**
 * The change of each metric by true class and by the values of each slice column, those parts first that carry most of
 * it, each with the paired test of no change within the part. P-values are adjusted over the parts of one
 * decomposition: by Benjamini-Hochberg, because disjoint parts of independent examples are independent, and by
 * Benjamini-Yekutieli where groups of examples may reach into several parts. Metrics that are no sum over examples or
 * classes (ROC AUC, precision) are left out, and so is what did not change. With weights nothing is decomposed: a part's
 * share of the rows is not its share of the change.
 */
export function decomposeChange(pair: OutcomesPair, options: DecomposeOptions): readonly Decomposition[] {
  if (pair.candidate.weights !== undefined) return [];
  const partitions = [...partitionByClass(pair, options.about), ...partitionBySlices(pair, options.about)];
  const main = pair.task === 'graded' ? pair.candidate.names : MAIN_METRICS[pair.task];
  const metrics = new Set([...main, ...options.metrics]);
  const level = 1 - 2 * options.alpha;
  return [...metrics].flatMap((metric) => {
    const values = partitions.length === 0 ? undefined : valuesOf(metric, pair);
    return partitions.flatMap((partition) => {
      const parts = decomposeOne({ metric, values, pair, partition, level });
      if (parts.length < 2 || parts.every(({ contribution }) => contribution === 0)) return [];
      return [describeDecomposition(metric, partition, parts, pair)];
    });
  });
}

function partitionByClass(pair: OutcomesPair, about: About): readonly Partition[] {
  const { candidate } = pair;
  if (!('labels' in candidate)) return [];
  const names = candidate.labels.map((label) => boundText(label));
  // An example has several labels, so that they part no examples, but a metric that is a mean over them.
  const codes = candidate.task === 'multilabel-classification' ? [] : candidate.target;
  return [{ by: 'class', about, codes, names }];
}

function partitionBySlices({ candidate }: OutcomesPair, about: About): readonly Partition[] {
  return [...candidate.sliceColumns].map(([column, { codes, values }]) => ({
    by: 'slice',
    about: { ...about, column: boundText(titleColumn(column)) },
    codes,
    names: values.map((value) => nameColumnSlice(column, value)),
  }));
}

interface Request {
  readonly metric: string;
  readonly values: ExampleValues | undefined;
  readonly pair: OutcomesPair;
  readonly partition: Partition;
  readonly level: number;
}

function decomposeOne({ metric, values, pair, partition, level }: Request): readonly PartOfChange[] {
  if (metric === 'macro_f1' && partition.by === 'class' && pair.task === 'multiclass-classification')
    return decomposeMacroF1(pair, partition.names);
  if (partition.by === 'class' && pair.task === 'multilabel-classification')
    return metric === 'macro_f1' ? decomposeLabels(pair, partition.names) : [];
  // By class, recall is that of the positive class alone.
  if (values === undefined || (metric === 'recall' && partition.by === 'class')) return [];
  return decomposeMean(values, partition, pair.candidate.groups, level);
}

/** A metric as one number for each example and model. */
interface ExampleValues {
  readonly candidate: ArrayLike<number>;
  readonly baseline: ArrayLike<number>;
  /** 1 for examples that count; undefined where all do. */
  readonly among: Uint8Array | undefined;
  readonly kind: PartValues['kind'];
}

/** Undefined for a metric that is no mean over examples, nor the root of one. */
function valuesOf(metric: string, pair: OutcomesPair): ExampleValues | undefined {
  const [candidate, baseline] = [formOf(metric, pair.candidate), formOf(metric, pair.baseline)];
  if (candidate?.kind === 'share' && baseline?.kind === 'share') {
    return { candidate: candidate.hits, baseline: baseline.hits, among: candidate.among, kind: 'share' };
  }
  if (candidate?.kind !== 'means' || baseline?.kind !== 'means') return undefined;
  const [now, before] = [candidate.columns[0], baseline.columns[0]];
  if (now === undefined || before === undefined) return undefined;
  if (candidate.plain) return { candidate: now, baseline: before, among: undefined, kind: 'mean' };
  return metric === 'rmse'
    ? { candidate: now, baseline: before, among: undefined, kind: 'root-mean' }
    : undefined;
}

/**
 * A mean falls into the parts' sums over all n. So does the difference of two roots of means: a - b is
 * (a^2 - b^2) / (a + b), and the squares are means.
 */
function decomposeMean(
  values: ExampleValues,
  { codes, names }: Partition,
  groups: Uint32Array | undefined,
  level: number,
): readonly PartOfChange[] {
  const parts = splitRows(values, codes, names.length).flatMap((rows, code) =>
    rows.length === 0 ? [] : [takeRows(names[code] ?? '', values, rows, groups)],
  );
  const total = (side: 'candidate' | 'baseline'): number => sumOf(parts.map((part) => sumOf(part[side])));
  const n = parts.reduce((sum, { candidate }) => sum + candidate.length, 0);
  const scale =
    values.kind === 'root-mean'
      ? n * (Math.sqrt(total('candidate') / n) + Math.sqrt(total('baseline') / n))
      : n;
  return parts.map((part) => {
    const compared = comparePart(part, scale, level);
    releaseMemory(part.candidate, part.baseline);
    return compared;
  });
}

/** Row numbers of each part, among the examples that count. */
function splitRows(
  { candidate, among }: ExampleValues,
  codes: ArrayLike<number>,
  parts: number,
): readonly Uint32Array[] {
  const counts = new Uint32Array(parts);
  const n = candidate.length;
  const counted = (row: number): boolean => among === undefined || among[row] === 1;
  for (let row = 0; row < n; row++) {
    const code = codes[row] ?? 0;
    if (counted(row)) counts[code] = (counts[code] ?? 0) + 1;
  }
  const rows = Array.from(counts, (count) => new Uint32Array(count));
  counts.fill(0);
  for (let row = 0; row < n; row++) {
    if (!counted(row)) continue;
    const code = codes[row] ?? 0;
    const [own, at] = [rows[code], counts[code] ?? 0];
    if (own !== undefined) own[at] = row;
    counts[code] = at + 1;
  }
  return rows;
}

function takeRows(
  name: string,
  { candidate, baseline, kind }: ExampleValues,
  rows: Uint32Array,
  groups: Uint32Array | undefined,
): PartValues {
  return {
    name,
    kind,
    candidate: pick(candidate, rows, new Float64Array(rows.length)),
    baseline: pick(baseline, rows, new Float64Array(rows.length)),
    groups: groups === undefined ? undefined : pick(groups, rows, new Uint32Array(rows.length)),
  };
}

/** The values of some rows. A loop: `from` with a callback takes ten times as long, and there may be millions. */
function pick<T extends Float64Array | Uint32Array>(
  column: ArrayLike<number>,
  rows: Uint32Array,
  into: T,
): T {
  for (let index = 0; index < rows.length; index++) into[index] = column[rows[index] ?? 0] ?? Number.NaN;
  return into;
}

function describeDecomposition(
  metric: string,
  { about, by }: Partition,
  parts: readonly PartOfChange[],
  pair: OutcomesPair,
): Decomposition {
  const method = pair.candidate.groups === undefined ? 'benjamini-hochberg' : 'benjamini-yekutieli';
  const tested = parts.filter(({ p }) => p !== undefined);
  const adjusted = adjustPValues(
    tested.map(({ p }) => p ?? 1),
    method,
  );
  const adjustedOf = new Map(tested.map((part, index) => [part, adjusted[index]]));
  const ordered = parts
    .map((part): Part => {
      const adjustedP = adjustedOf.get(part);
      return adjustedP === undefined ? part : { ...part, adjustedP };
    })
    .sort((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution) || (a.name < b.name ? -1 : 1));
  return {
    about,
    metric,
    by,
    ...(tested.length === 0 ? {} : { correction: method }),
    parts: ordered.length <= MAX_PARTS ? ordered : [...ordered.slice(0, MAX_PARTS - 1), mergeRest(ordered)],
  };
}

/** What is left of many parts, as one: the contributions still sum to the whole change. */
function mergeRest(ordered: readonly Part[]): Part {
  const rest = ordered.slice(MAX_PARTS - 1);
  return {
    name: `${rest.length} others`,
    n: rest.reduce((sum, { n }) => sum + n, 0),
    baseline: null,
    candidate: null,
    contribution: rest.reduce((sum, { contribution }) => sum + contribution, 0),
  };
}

import { adjustPValues } from '../../statistics/multiple-testing.ts';
import type { ColumnDrift, Drift } from '../../schemas/evidence.generated.ts';
import type { DriftGate } from './list-drift-gates.ts';
import { METHODS } from './methods.ts';

/** One comparison, with what the config's bounds make of it. */
export interface JudgedComparison {
  readonly found: ColumnDrift;
  readonly threshold: number;
  /** p, adjusted over all comparisons; undefined where there is none. */
  readonly q: number | undefined;
  readonly verdict: 'pass' | 'fail' | 'inconclusive';
  /** Rows that would decide: of this table, or of both where the other is too small for any number. */
  readonly needed?: NeededRows;
}

export interface NeededRows {
  readonly rows: number;
  readonly ofBoth: boolean;
}

type Sizes = Pick<Drift, 'rows' | 'referenceRows'>;

/** The distance above which it matters, as the config says or by default. */
export function thresholdOf(
  gate: DriftGate,
  { column, aspect, method }: Pick<ColumnDrift, 'column' | 'aspect' | 'method'>,
): number {
  const asked = gate.columns.get(column);
  return (aspect === 'missing' ? asked?.missing : asked?.threshold) ?? METHODS[method].threshold;
}

/** p of each comparison that has one, adjusted for how many there are: Benjamini and Hochberg. */
export function adjustComparisons(columns: readonly ColumnDrift[]): ReadonlyMap<ColumnDrift, number> {
  const tested = columns.filter(({ p }) => typeof p === 'number');
  const adjusted = adjustPValues(
    tested.map(({ p }) => p ?? 1),
    'benjamini-hochberg',
  );
  return new Map(tested.map((column, index) => [column, adjusted[index] ?? 1]));
}

/**
 * Each comparison by the rule of three: `fail` where the distance is above its threshold, above what 99 % of unchanged
 * samples of these sizes stay below, and its p, adjusted by Benjamini and Hochberg over all comparisons, is at most
 * the false discovery rate. Otherwise `inconclusive` where the distance is above its threshold, or could be by chance
 * alone: then a small distance says as little as a large one. Otherwise `pass`. A distance of 0 between tables of one
 * size passes: the data are the same, as on every change that does not touch them.
 */
export function judgeColumns(
  columns: readonly ColumnDrift[],
  gate: DriftGate,
  sizes: Sizes,
): readonly JudgedComparison[] {
  const qs = adjustComparisons(columns);
  return columns.map((found) => {
    const q = qs.get(found);
    const threshold = thresholdOf(gate, found);
    const verdict = judgeOne(found, { threshold, q, gate, sizes });
    if (verdict !== 'inconclusive') return { found, threshold, q, verdict };
    const needed = planRows(found, threshold, gate.falseDiscoveryRate / qs.size, sizes);
    return { found, threshold, q, verdict, ...(needed === undefined ? {} : { needed }) };
  });
}

function judgeOne(
  found: ColumnDrift,
  by: Pick<JudgedComparison, 'threshold' | 'q'> & { readonly gate: DriftGate; readonly sizes: Sizes },
): JudgedComparison['verdict'] {
  const { value, nullQuantile, aspect, method } = found;
  const { threshold, q, gate, sizes } = by;
  const asked = gate.columns.get(found.column)?.method;
  // Measured by another method than the config's: evidence of a change that edits its own config.
  if (aspect !== 'missing' && asked !== undefined && asked !== method) return 'inconclusive';
  if (value === null || typeof nullQuantile !== 'number' || q === undefined) return 'inconclusive';
  if (value === 0 && sizes.rows === sizes.referenceRows) return 'pass';
  if (value > threshold && value > nullQuantile && q <= gate.falseDiscoveryRate) return 'fail';
  return value > threshold || nullQuantile > threshold ? 'inconclusive' : 'pass';
}

/** Squared distances shrink with 1/n + 1/m; the index of stability is such a square itself. */
function powerOf(method: ColumnDrift['method']): number {
  return method === 'psi' ? 1 : 2;
}

/**
 * Rows at which chance alone stays below the threshold, and a distance as seen is told from it. By 1/n + 1/m: null
 * quantiles follow its root, logarithms of small p-values its inverse.
 */
function planRows(
  { value, nullQuantile, p, method }: ColumnDrift,
  threshold: number,
  wantedP: number,
  { rows, referenceRows }: Sizes,
): NeededRows | undefined {
  if (value === null || typeof nullQuantile !== 'number' || typeof p !== 'number') return undefined;
  const byChance = nullQuantile > threshold ? (threshold / nullQuantile) ** powerOf(method) : 1;
  const byTest = value > threshold && p > wantedP ? Math.log(p) / Math.log(wantedP) : 1;
  const factor = (1 / rows + 1 / referenceRows) * Math.min(byChance, byTest);
  if (!(factor > 0) || !Number.isFinite(factor)) return undefined;
  const alone = factor - 1 / referenceRows;
  // Where the other table stays as it is, ten times its rows are as good as any number: more are no advice.
  const ofBoth = alone <= 1 / (10 * referenceRows);
  return { rows: Math.ceil(ofBoth ? 2 / factor : 1 / alone), ofBoth };
}

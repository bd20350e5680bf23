/** How far a table has moved from another, column by column, from their two profiles: no rows are needed. */
import { boundDistinctly } from '../../evidence/bound-text.ts';
import { findNearest } from '../../evidence/find-nearest.ts';
import { UserError } from '../../evidence/errors.ts';
import type {
  ColumnDrift,
  DatasetProfile,
  Drift,
  DriftReference,
  UncomparedColumn,
} from '../../schemas/evidence.generated.ts';
import { showName } from '../word-condition.ts';
import { adjustComparisons, thresholdOf } from './judge-columns.ts';
import type { DriftGate } from './list-drift-gates.ts';
import { chooseMethod, isUsable, measureDistance } from './measure-distance.ts';
import { METHODS } from './methods.ts';
import { pairColumns, type CountPair } from './pair-columns.ts';

export interface DriftRequest {
  readonly gate: DriftGate;
  readonly against: DriftReference;
  readonly current: DatasetProfile;
  readonly reference: DatasetProfile;
}

/** What evidence has room for. */
const MOST_COMPARISONS = 20_000;
export const MOST_HISTOGRAMS = 300;
const MOST_UNCOMPARED = 1000;

/**
 * Every column that both tables have: its values or the lengths of its texts, and how many cells are absent. The edges
 * of the two profiles' histograms are the same, or the column is told to be uncompared. Throws a UserError where the
 * config names a column that neither has, or a method that its values do not allow.
 */
export function measureDrift({ gate, against, current, reference }: DriftRequest): Drift {
  refuseUnknown(gate, current, reference);
  const before = new Map(reference.columns.map((column) => [column.name, column]));
  const compared: ColumnDrift[] = [];
  const uncompared: UncomparedColumn[] = listLost(gate, current, reference);
  for (const column of current.columns) {
    const name = boundDistinctly(column.name);
    if (gate.excluded.has(name)) continue;
    const other = before.get(column.name);
    const { pairs, reason } =
      other === undefined
        ? { pairs: [], reason: 'only-here' as const }
        : pairColumns(other, column, gate.roles.has(name));
    compared.push(...pairs.map((found) => compare(gate, name, found)));
    if (reason !== undefined) uncompared.push({ column: name, reason });
  }
  const columns = withAdjusted(compared.toSorted(compareDistances).slice(0, MOST_COMPARISONS));
  const used = new Set(columns.map(({ method }) => method));
  return {
    dataset: gate.dataset,
    comparator: gate.comparator,
    against,
    rows: current.rows,
    referenceRows: reference.rows,
    formulas: [...used].map((method) => ({ method, formula: METHODS[method].formula })),
    columns: columns.map((column, index) => (index < MOST_HISTOGRAMS ? column : withoutHistogram(column))),
    ...(uncompared.length === 0 ? {} : { uncompared: uncompared.slice(0, MOST_UNCOMPARED) }),
  };
}

function refuseUnknown(gate: DriftGate, current: DatasetProfile, reference: DatasetProfile): void {
  const known = [...current.columns, ...reference.columns].map(({ name }) => boundDistinctly(name));
  for (const column of gate.columns.keys()) {
    if (known.includes(column)) continue;
    const nearest = findNearest(column, known);
    throw new UserError(
      `${gate.source.file}: \`${gate.source.key}.columns\` names ${showName(column)}, and ${gate.dataset} has no such column.`,
      { help: nearest === undefined ? 'Take it out.' : `Did you mean ${showName(nearest)}?` },
    );
  }
}

function listLost(gate: DriftGate, current: DatasetProfile, reference: DatasetProfile): UncomparedColumn[] {
  const here = new Set(current.columns.map(({ name }) => name));
  return reference.columns
    .filter(({ name }) => !here.has(name))
    .map(({ name }) => ({ column: boundDistinctly(name), reason: 'only-there' as const }))
    .filter(({ column }) => !gate.excluded.has(column));
}

function compare(gate: DriftGate, name: string, found: CountPair): ColumnDrift {
  const asked = gate.columns.get(name);
  const method =
    found.aspect === 'missing' || asked?.method === undefined ? chooseMethod(found) : asked.method;
  if (!isUsable(method, found)) {
    throw new UserError(
      `${gate.source.file}: \`${gate.source.key}.columns\` compares ${showName(name)} by ${METHODS[method].words}, and its values have no order.`,
      { help: 'Take `jensen-shannon`, `psi`, `cramers-v`, `total-variation` or `l-infinity`.' },
    );
  }
  const { pair: counts, value, nullQuantile, p } = measureDistance(method, found);
  const { aspect, kind, reference, current, edges, labels, scale, appeared = [], vanished = [] } = counts;
  return {
    column: name,
    aspect,
    ...(kind === undefined ? {} : { kind }),
    role: gate.roles.get(name) ?? 'feature',
    method,
    value: value ?? null,
    threshold: thresholdOf(gate, { column: name, aspect, method }),
    nullQuantile: nullQuantile ?? null,
    p: p ?? null,
    ...(asked?.critical === true ? { critical: true } : {}),
    ...(edges === undefined ? {} : { edges }),
    ...(labels === undefined ? {} : { labels }),
    ...(method === 'wasserstein' && scale !== undefined ? { scale } : {}),
    ...(appeared.length === 0 ? {} : { appeared }),
    ...(vanished.length === 0 ? {} : { vanished }),
    reference,
    current,
  };
}

/** Farthest first, in thresholds; then as they are called, so that the order of columns in a file changes nothing. */
function compareDistances(first: ColumnDrift, second: ColumnDrift): number {
  return reachOf(second) - reachOf(first) || (nameOf(first) < nameOf(second) ? -1 : 1);
}

function reachOf({ value, threshold }: ColumnDrift): number {
  return value === null ? -1 : value / threshold;
}

function nameOf({ column, aspect }: ColumnDrift): string {
  return `${column} ${aspect}`;
}

function withAdjusted(columns: readonly ColumnDrift[]): readonly ColumnDrift[] {
  const qs = adjustComparisons(columns);
  return columns.map((column) => ({ ...column, q: qs.get(column) ?? null }));
}

function withoutHistogram({ edges: _edges, labels: _labels, ...column }: ColumnDrift): ColumnDrift {
  return { ...column, reference: [], current: [] };
}

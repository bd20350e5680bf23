import { boundDistinctly, boundSentence } from '../../evidence/bound-text.ts';
import type { BaselineUsed, Check, ColumnDrift, Drift } from '../../schemas/evidence.generated.ts';
import type { AnomalyName } from '../anomalies.ts';
import { judgeColumns, type JudgedComparison, type NeededRows } from './judge-columns.ts';
import { judgeMultivariate } from './judge-multivariate.ts';
import type { DriftGate } from './list-drift-gates.ts';
import { METHODS } from './methods.ts';
import { showName } from '../word-condition.ts';
import { nameReference, wordColumn, wordMissing, wordTable, wordUnavailable } from './word-drift.ts';

export interface DriftJudging {
  readonly drifts: readonly Drift[];
  readonly gates: readonly DriftGate[];
  readonly baseline: BaselineUsed | undefined;
}

const DRIFT_NAMES: ReadonlySet<string> = new Set<AnomalyName>([
  'DATASET_DRIFT',
  'SCHEMA_TRAINING_SERVING_SKEW',
  'COMPARATOR_TABLES_DIFFER',
  ...Object.values(METHODS).map(({ anomaly }) => anomaly),
]);

/** One column's comparisons: it has drifted if any of them has. */
interface JudgedColumn {
  readonly column: string;
  readonly verdict: JudgedComparison['verdict'];
  /** The comparison that the verdict rests on: the first of that verdict. */
  readonly decisive: JudgedComparison;
}

/** What the rolled-up check of a dataset is made of. */
export interface JudgedTable {
  readonly drift: Drift;
  readonly columns: readonly JudgedColumn[];
  readonly drifted: readonly JudgedColumn[];
  readonly undecided: readonly JudgedColumn[];
  readonly verdict: JudgedComparison['verdict'];
  readonly needed?: NeededRows;
}

/** Drifted columns that get a line of their own, besides critical ones: the farthest. */
const MOST_LINES = 20;

/**
 * For each dataset and comparator one check of the share of columns that drifted, one for each of the farthest that
 * did (a warning, or what the config says of a critical one), and one for each critical column whatever it did. A pure
 * function of evidence, so that a trusted stage judges a stranger's evidence again with its own bounds.
 */
export function judgeDrift({ drifts, gates, baseline }: DriftJudging): readonly Check[] {
  return gates.flatMap((gate) => {
    const found = drifts.find(
      ({ dataset, comparator, against }) =>
        dataset === gate.dataset &&
        comparator === gate.comparator &&
        against.kind === gate.against.kind &&
        against.name === gate.against.name,
    );
    const isExcused = found?.unavailable !== 'no-baseline' || (baseline?.rung ?? 'none') === 'none';
    if (found === undefined || !isExcused) {
      return [frame(gate, { verdict: 'fail', reason: 'missing', message: wordMissing(gate) })];
    }
    const { unavailable: reason } = found;
    if (reason !== undefined) {
      return [frame(gate, { verdict: 'inconclusive', reason, message: wordUnavailable(gate, reason) })];
    }
    const table = judgeTable(found, gate);
    return [
      judgeShare(table, gate),
      ...listColumnChecks(table, gate),
      ...(gate.multivariate ? [judgeMultivariate(found, gate)] : []),
    ];
  });
}

/** Whether a check is one of these: evidence's own are dropped where it is judged again. */
export function isDriftCheck({ name }: Pick<Check, 'name'>): boolean {
  return DRIFT_NAMES.has(name);
}

/** `data/customers/drift`, `data/customers/age/drift`. */
function checkId({ dataset, comparator }: DriftGate, ...parts: readonly string[]): string {
  return boundDistinctly(['data', dataset, ...parts, comparator].join('/'));
}

function frame(gate: DriftGate, judged: Pick<Check, 'verdict' | 'message'> & Partial<Check>): Check {
  const { message } = judged;
  const name: AnomalyName = gate.comparator === 'skew' ? 'SCHEMA_TRAINING_SERVING_SKEW' : 'DATASET_DRIFT';
  return {
    id: checkId(gate),
    name,
    about: { dataset: gate.dataset },
    severity: gate.severity,
    source: gate.source,
    ...judged,
    message: boundSentence(message),
  };
}

/** The checks of tables that could not be read. */
export function skipDrift(gates: readonly DriftGate[], why: string): readonly Check[] {
  return gates.map((gate) =>
    frame(gate, {
      verdict: 'skipped',
      reason: 'depends-on-failed-check',
      message: `How far ${showName(gate.dataset)} has moved from ${nameReference(gate)} was not measured, because ${why}.`,
    }),
  );
}

const BY_WEIGHT = ['pass', 'inconclusive', 'fail'] as const;

function judgeTable(drift: Drift, gate: DriftGate): JudgedTable {
  const compared = drift.columns.filter(({ column }) => !gate.excluded.has(column));
  const columns = groupByColumn(judgeColumns(compared, gate, drift));
  const drifted = columns.filter(({ verdict }) => verdict === 'fail');
  const undecided = columns.filter(({ verdict }) => verdict === 'inconclusive');
  const allowed = gate.maxShare * columns.length;
  const common = { drift, columns, drifted, undecided };
  if (drifted.length > allowed) return { ...common, verdict: 'fail' };
  if (columns.length > 0 && drifted.length + undecided.length <= allowed) {
    return { ...common, verdict: 'pass' };
  }
  const needed = planTable(undecided, Math.floor(allowed) - drifted.length);
  return { ...common, verdict: 'inconclusive', ...(needed === undefined ? {} : { needed }) };
}

function groupByColumn(judged: readonly JudgedComparison[]): readonly JudgedColumn[] {
  const groups = new Map<string, JudgedColumn>();
  for (const comparison of judged) {
    const { found, verdict } = comparison;
    const known = groups.get(found.column);
    if (known !== undefined && BY_WEIGHT.indexOf(known.verdict) >= BY_WEIGHT.indexOf(verdict)) continue;
    groups.set(found.column, { column: found.column, verdict, decisive: comparison });
  }
  return [...groups.values()];
}

/** Rows at which so few columns are undecided that they could all have drifted. */
function planTable(undecided: readonly JudgedColumn[], spare: number): NeededRows | undefined {
  const plans = undecided
    .map(({ decisive }) => decisive.needed)
    .filter((needed) => needed !== undefined)
    .toSorted((first, second) => second.rows - first.rows);
  const open = undecided.length - plans.length;
  return open > spare ? undefined : plans[spare - open];
}

function judgeShare(table: JudgedTable, gate: DriftGate): Check {
  const { columns, drifted, drift, verdict, needed } = table;
  return frame(gate, {
    verdict,
    ...(verdict === 'inconclusive' ? { reason: columns.length === 0 ? 'undecided' : 'too-few-rows' } : {}),
    ...(columns.length === 0 ? {} : { observed: drifted.length / columns.length }),
    expected: gate.maxShare,
    message: wordTable(table, gate),
    rows: drift.rows,
    ...(verdict === 'inconclusive' && needed !== undefined ? { neededExamples: needed.rows } : {}),
  });
}

function listColumnChecks({ drift, columns, drifted }: JudgedTable, gate: DriftGate): readonly Check[] {
  const isCritical = ({ column }: JudgedColumn): boolean => gate.columns.get(column)?.critical === true;
  const shown = new Set(drifted.filter((column) => !isCritical(column)).slice(0, MOST_LINES));
  const checks = columns
    .filter((column) => shown.has(column) || isCritical(column))
    .map((column) => judgeColumn(column, drift, gate, isCritical(column)));
  return [...checks, ...listUnseenCritical(columns, gate)];
}

function judgeColumn(
  { column, verdict, decisive }: JudgedColumn,
  drift: Drift,
  gate: DriftGate,
  isCritical: boolean,
): Check {
  const { found, threshold, needed } = decisive;
  return frame(gate, {
    id: checkId(gate, column),
    name: METHODS[found.method].anomaly,
    about: { dataset: gate.dataset, column },
    verdict,
    ...(verdict === 'inconclusive' ? { reason: reasonOf(found, gate) } : {}),
    severity: isCritical ? gate.severity : 'warn',
    ...(found.value === null ? {} : { observed: found.value }),
    expected: threshold,
    message: wordColumn(decisive, drift, gate),
    rows: drift.rows,
    ...(needed === undefined ? {} : { neededExamples: needed.rows }),
  });
}

function reasonOf(
  { value, method, aspect, column }: ColumnDrift,
  gate: DriftGate,
): NonNullable<Check['reason']> {
  const asked = gate.columns.get(column)?.method;
  if (aspect !== 'missing' && asked !== undefined && asked !== method) return 'definition-changed';
  return value === null ? 'degenerate' : 'too-few-rows';
}

/** A critical column that nobody compared is never fine by silence. */
function listUnseenCritical(columns: readonly JudgedColumn[], gate: DriftGate): readonly Check[] {
  const seen = new Set(columns.map(({ column }) => column));
  return [...gate.columns]
    .filter(([column, { critical }]) => critical === true && !seen.has(column))
    .map(([column]) =>
      frame(gate, {
        id: checkId(gate, column),
        name: 'COMPARATOR_DISTANCE_HIGH',
        about: { dataset: gate.dataset, column },
        verdict: 'fail',
        reason: 'missing',
        message: wordMissing(gate, column),
      }),
    );
}

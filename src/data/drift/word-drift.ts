/** The sentences of drift and skew. */
import type { ColumnDrift, Drift } from '../../schemas/evidence.generated.ts';
import { cureOf } from '../anomalies.ts';
import { countOf, joinNames, showCount, showName } from '../word-condition.ts';
import type { JudgedComparison, NeededRows } from './judge-columns.ts';
import type { JudgedTable } from './judge-drift.ts';
import type { DriftGate } from './list-drift-gates.ts';
import { METHODS } from './methods.ts';

/** A number with three digits. */
export function showFigure(value: number): string {
  return String(Number(value.toPrecision(3)));
}

/** Below this a p-value is no more than a small number. */
const SMALLEST_P = 0.0001;

export function showP(p: number | undefined): string {
  if (p === undefined) return 'unknown';
  return p < SMALLEST_P ? `below ${SMALLEST_P}` : showFigure(p);
}

function showPercent(share: number): string {
  return `${showFigure(100 * share)} %`;
}

/** What the data are compared with. */
export function nameReference({ against }: DriftGate): string {
  return against.kind === 'baseline' ? 'main' : showName(against.name);
}

function showNeeded({ rows, ofBoth }: NeededRows): string {
  return ` About ${showCount(roundUp(rows))} rows${ofBoth ? ' of each' : ''} would decide.`;
}

/** Two digits: a plan is no more exact. */
function roundUp(rows: number): number {
  const step = 10 ** Math.max(0, Math.floor(Math.log10(rows)) - 1);
  return Math.ceil(rows / step) * step;
}

const ASPECTS = { values: '', missing: 'the share of absent cells of ', length: 'the length of ' } as const;

function nameComparison({ column, aspect }: ColumnDrift): string {
  return `${ASPECTS[aspect]}${showName(column)}`;
}

function capitalise(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

/** One column: what was seen, what it is held against, and what to do. */
export function wordColumn(judged: JudgedComparison, drift: Drift, gate: DriftGate): string {
  const { found, threshold, verdict, q, needed } = judged;
  const { value, nullQuantile, method } = found;
  const what = capitalise(nameComparison(found));
  const other = nameReference(gate);
  if (value === null || typeof nullQuantile !== 'number') {
    return `${what} cannot be compared with ${other}: ${showCount(drift.rows)} beside ${countOf(drift.referenceRows, 'row')} are too few, or the other never varies.`;
  }
  const asked = gate.columns.get(found.column)?.method;
  if (found.aspect !== 'missing' && asked !== undefined && asked !== method) {
    return `${what} was compared by ${METHODS[method].words}, and ${METHODS[asked].words} is asked for.`;
  }
  const seen = `${METHODS[method].words} is ${showFigure(value)}`;
  const chance = `99 % of unchanged samples of ${showCount(drift.rows)} and ${countOf(drift.referenceRows, 'row')} stay below ${showFigure(nullQuantile)}`;
  switch (verdict) {
    case 'fail':
      return `${what} has moved from ${other}: ${seen}, above the ${showFigure(threshold)} allowed (${chance}; corrected p ${showP(q)}).${wordCategories(found)} ${cureOf(METHODS[method].anomaly)}`;
    case 'inconclusive':
      return `Whether ${nameComparison(found)} has moved from ${other} by more than ${showFigure(threshold)} cannot be told: ${seen}, and ${chance}.${needed === undefined ? '' : showNeeded(needed)}`;
    case 'pass':
    default:
      return `${what} is as in ${other}: ${seen}; up to ${showFigure(threshold)} is allowed.`;
  }
}

function wordCategories({ appeared = [], vanished = [] }: ColumnDrift): string {
  const come = appeared.length === 0 ? '' : ` New: ${joinNames(appeared)}.`;
  return vanished.length === 0 ? come : `${come} Gone: ${joinNames(vanished)}.`;
}

/** All columns of a table. */
export function wordTable(table: JudgedTable, gate: DriftGate): string {
  const { columns, drifted, undecided, verdict, drift, needed } = table;
  const other = nameReference(gate);
  if (columns.length === 0) {
    return `No column can be compared with ${other}.${wordUncompared(drift)}`;
  }
  const many = `${drifted.length === 0 ? 'None' : showCount(drifted.length)} of ${countOf(columns.length, 'column')}`;
  const names = drifted.length === 0 ? '' : `: ${joinNames(drifted.map(({ column }) => column))}`;
  const seen = `${many} ${drifted.length > 1 ? 'have' : 'has'} ${gate.comparator === 'skew' ? 'skew against' : 'drifted from'} ${other} (${showCount(drift.rows)} beside ${countOf(drift.referenceRows, 'row')})${names}`;
  const allowed = `up to ${showPercent(gate.maxShare)} may`;
  const open =
    undecided.length === 0 ? '' : ` Of ${countOf(undecided.length, 'other column')} these rows cannot tell.`;
  const rest = wordUncompared(drift);
  if (verdict === 'fail') {
    const cure = cureOf(gate.comparator === 'skew' ? 'SCHEMA_TRAINING_SERVING_SKEW' : 'DATASET_DRIFT');
    return `${seen}; ${allowed}.${open}${rest} ${cure}`;
  }
  const plan = verdict === 'inconclusive' && needed !== undefined ? showNeeded(needed) : '';
  return `${seen}; ${allowed}.${open}${plan}${rest}`;
}

const REASONS = {
  'only-here': 'new here',
  'only-there': 'no longer there',
  'other-type': 'of another type',
  personal: 'personal',
  'values-differ': 'with values that mostly differ',
  'other-bins': 'counted in other bins',
  'nothing-there': 'without a value',
} as const;

function wordUncompared({ uncompared = [] }: Drift): string {
  const parts = Object.entries(REASONS).flatMap(([reason, words]) => {
    const columns = uncompared.filter((one) => one.reason === reason).map(({ column }) => column);
    return columns.length === 0 ? [] : [`${words}: ${joinNames(columns)}`];
  });
  return parts.length === 0 ? '' : ` Not compared: ${parts.join('; ')}.`;
}

/** What was asked for and is not in the evidence. */
export function wordMissing(gate: DriftGate, column?: string): string {
  const what = column === undefined ? `How far ${showName(gate.dataset)}` : `How far ${showName(column)}`;
  return `${what} has moved from ${nameReference(gate)} was not measured, though \`${gate.source.key}\` asks for it.${column === undefined ? '' : ' The column is not in both, or its values cannot be compared.'}`;
}

export function wordUnavailable(gate: DriftGate, reason: NonNullable<Drift['unavailable']>): string {
  return reason === 'no-baseline'
    ? `There is no record of main to compare ${showName(gate.dataset)} with.`
    : `Main's record has no profile of ${showName(gate.dataset)}. The next record of main will hold one, where \`profile\` is not turned off.`;
}

import { boundDistinctly } from '../../evidence/bound-text.ts';
import type { Check, Drift } from '../../schemas/evidence.generated.ts';
import { cureOf, type AnomalyName } from '../anomalies.ts';
import { joinNames, showCount } from '../word-condition.ts';
import type { DriftGate } from './list-drift-gates.ts';
import { nameReference, showFigure, showP } from './word-drift.ts';

/** Area under the ROC curve above which it matters that rows can be told apart: a shift of 0.18 standard deviations. */
export const AREA_THRESHOLD = 0.55;

/** Whether a classifier tells the two tables apart, by the same rule of three; there is one test, so nothing to adjust. */
export function judgeMultivariate(drift: Drift, gate: DriftGate): Check {
  const name: AnomalyName = 'COMPARATOR_TABLES_DIFFER';
  const common = {
    id: boundDistinctly(`data/${gate.dataset}/multivariate/${gate.comparator}`),
    name,
    about: { dataset: gate.dataset },
    severity: gate.severity,
    expected: AREA_THRESHOLD,
    source: gate.source,
  };
  const { value, p, nullQuantile, columns = [], rows = 0 } = drift.multivariate ?? { value: null };
  const other = nameReference(gate);
  if (drift.multivariate === undefined) {
    const message = `Whether rows can be told from those of ${other} was not measured, though \`${gate.source.key}.multivariate\` asks for it.`;
    return { ...common, verdict: 'fail', reason: 'missing', message };
  }
  if (value === null || typeof p !== 'number' || typeof nullQuantile !== 'number') {
    const message = `Whether rows can be told from those of ${other} cannot be said of so few.`;
    return { ...common, verdict: 'inconclusive', reason: 'too-few-rows', message };
  }
  const seen = `a classifier ranks ${showFigure(100 * value)} % of pairs of unseen rows right (50 % is guessing)`;
  const judged = { ...common, observed: value, rows };
  if (value > AREA_THRESHOLD && value > nullQuantile && p <= gate.falseDiscoveryRate) {
    const by = columns.length === 0 ? '' : ` Most of it by ${joinNames(columns)}.`;
    const message = `Rows can be told from those of ${other}: ${seen}, above ${showFigure(100 * AREA_THRESHOLD)} % (p ${showP(p)}).${by} ${cureOf(name)}`;
    return { ...judged, verdict: 'fail', message };
  }
  if (value > AREA_THRESHOLD || nullQuantile > AREA_THRESHOLD) {
    const message = `Whether rows can be told from those of ${other} cannot be said: ${seen}, and of ${showCount(rows)} rows chance reaches ${showFigure(100 * nullQuantile)} %.`;
    return { ...judged, verdict: 'inconclusive', reason: 'too-few-rows', message };
  }
  return { ...judged, verdict: 'pass', message: `Rows cannot be told from those of ${other}: ${seen}.` };
}

import type { Metric, MetricComparison } from '../schemas/evidence.generated.ts';
import { isSameSubject, type MetricGate } from './gate.ts';

/**
 * Numbers of somebody else's files beside the baseline's, by the point rule: two numbers without n or interval, of
 * which nobody knows how much they vary. The evidence says so.
 */
export function comparePoints(
  metrics: readonly Metric[],
  baselineMetrics: readonly Metric[],
  gates: readonly MetricGate[],
): readonly Metric[] {
  return metrics.map((metric) => {
    const same = baselineMetrics.find(
      (other) => other.name === metric.name && isSameSubject(metric.about, other.about),
    );
    return { ...metric, comparison: comparePoint(metric, same, gates) };
  });
}

function comparePoint(
  metric: Metric,
  same: Metric | undefined,
  gates: readonly MetricGate[],
): MetricComparison {
  const nothing = { difference: null, method: 'none' } as const;
  if (same === undefined) {
    return {
      baseline: null,
      ...nothing,
      reason: 'not-in-baseline',
      detail: 'The baseline has no such number.',
    };
  }
  const baseline = same.value;
  if (metric.value === null || baseline === null) {
    const detail = `${metric.value === null ? "The candidate's" : "The baseline's"} value is not a finite number.`;
    return { baseline, ...nothing, reason: 'not-finite', detail };
  }
  const margin = gates.find(
    (gate) => gate.metric === metric.name && isSameSubject(gate.about, metric.about),
  )?.maxRegression;
  return {
    baseline,
    difference: metric.value - baseline,
    method: 'point-rule',
    ...(margin?.kind === 'absolute' ? { margin: margin.value } : {}),
    ...(margin?.kind === 'relative' ? { relativeMargin: margin.value } : {}),
  };
}

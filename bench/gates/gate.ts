/** The product's own verdict on one drawn test set: the same two functions that the model stage calls. */
import { compareModel } from '../../src/comparison/compare-model.ts';
import type { MetricGate } from '../../src/comparison/gate.ts';
import { judgeMetrics } from '../../src/comparison/judge-metrics.ts';
import { findMetric } from '../../src/metrics/find-metric.ts';
import { formOf } from '../../src/metrics/form-of.ts';
import { computeValue } from '../../src/metrics/measure.ts';
import type { Outcomes } from '../../src/outcomes/outcomes.ts';

export type Decision = 'pass' | 'fail' | 'inconclusive';

/** Both models' answers on one drawn test set. */
export interface DrawnPair {
  readonly candidate: Outcomes;
  readonly baseline: Outcomes;
}

export interface GateOptions {
  /** Name in the catalogue. */
  readonly metric: string;
  /** `max-regression`, absolute. */
  readonly margin: number;
  /** One-sided error rate. */
  readonly alpha: number;
  readonly resamples: number;
  readonly seed: number;
}

/** Value of a metric on drawn outcomes. */
export function valueOf(metric: string, outcomes: Outcomes): number {
  const form = formOf(metric, outcomes);
  if (form === undefined) throw new TypeError(`${metric} cannot be computed from these outcomes.`);
  return computeValue(form);
}

export function decideByMlgate({ candidate, baseline }: DrawnPair, options: GateOptions): Decision {
  const { metric: name, margin, alpha } = options;
  const definition = findMetric(name);
  if (definition === undefined) throw new TypeError(`There is no metric ${name}.`);
  const value = valueOf(name, candidate);
  const gate: MetricGate = {
    about: { model: 'simulated' },
    metric: name,
    maxRegression: { kind: 'absolute', value: margin },
    severity: 'fail',
    source: { file: 'mlgate.yml', key: name },
    boundSources: {},
  };
  const { metrics } = compareModel({
    candidate,
    baseline,
    metrics: [
      {
        name,
        about: { model: 'simulated' },
        definition: definition.definition,
        direction: definition.direction,
        value: Number.isFinite(value) ? value : null,
      },
    ],
    figures: [],
    gates: [gate],
    slices: [],
    unpaired: false,
    seeds: [],
    sameSubject: false,
    alpha,
    power: 0.8,
    seed: options.seed,
    resamples: options.resamples,
  });
  const verdict = judgeMetrics({ metrics, gates: [gate], alpha })[0]?.verdict;
  if (verdict === 'pass' || verdict === 'fail' || verdict === 'inconclusive') return verdict;
  throw new TypeError(`A gate answered ${String(verdict)}.`);
}

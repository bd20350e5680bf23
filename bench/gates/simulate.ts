/** How often each rule decides what, over test sets drawn from a world with known truth. */
import { streamOf } from '../../src/metrics/stream-of.ts';
import { findMetric } from '../../src/metrics/find-metric.ts';
import { wilsonInterval } from '../../src/statistics/proportion.ts';
import { decideByMlgate, valueOf, type Decision } from './gate.ts';
import { POINT_RULES } from './rules.ts';
import type { Scenario } from './scenarios.ts';

export type Counts = Record<Decision, number>;

export interface SimulationRequest {
  readonly scenario: Scenario;
  readonly n: number;
  /** By how much the candidate is truly worse. */
  readonly loss: number;
  readonly runs: number;
  readonly alpha: number;
  readonly resamples: number;
  readonly seed: number;
}

function noCounts(): Counts {
  return { pass: 0, fail: 0, inconclusive: 0 };
}

/** Decisions of mlgate and of the point rules, each on the same test sets. */
export function simulate(request: SimulationRequest): Readonly<Record<string, Readonly<Counts>>> {
  const { scenario, n, loss, runs, seed } = request;
  const { metric, margin } = scenario;
  const sign = findMetric(metric)?.direction === 'lower-is-better' ? -1 : 1;
  const random = streamOf(seed, `${scenario.id} ${n} ${loss}`);
  const draw = scenario.world(loss);
  const counts: Record<string, Counts> = { mlgate: noCounts() };
  for (const rule of POINT_RULES) counts[rule.id] = noCounts();
  const count = (rule: string, decision: Decision): void => {
    const cell = counts[rule];
    if (cell !== undefined) cell[decision] += 1;
  };
  for (let run = 0; run < runs; run++) {
    const pair = draw(random, n);
    count('mlgate', decideByMlgate(pair, { ...request, metric, margin, seed: run }));
    const values = {
      candidate: sign * valueOf(metric, pair.candidate),
      baseline: sign * valueOf(metric, pair.baseline),
    };
    for (const rule of POINT_RULES) count(rule.id, rule.decide(values));
  }
  return counts;
}

/**
 * Two-sided level of the interval that a simulated rate is held against its nominal one with: about two hundred rates
 * are looked at together, so 95 % would cry wolf ten times.
 */
const LEVEL_OF_RATES = 0.9995;

/** Whether a simulated rate is above nominal by more than the simulation's own uncertainty. */
export function exceeds(count: number, runs: number, nominal: number): boolean {
  return wilsonInterval(count, runs, LEVEL_OF_RATES).low > nominal;
}

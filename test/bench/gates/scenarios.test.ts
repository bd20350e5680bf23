import { describe, expect, test } from 'vitest';
import { valueOf } from '../../../bench/gates/gate.ts';
import { SCENARIOS } from '../../../bench/gates/scenarios.ts';
import { exceeds, simulate } from '../../../bench/gates/simulate.ts';
import { findMetric } from '../../../src/metrics/find-metric.ts';
import { createRandom } from '../../../src/statistics/random.ts';

const ENOUGH = 60_000;

describe('worlds with known truth', () => {
  test.each(SCENARIOS)('$id: the candidate is worse by what was asked for', (scenario) => {
    const direction = findMetric(scenario.metric)?.direction === 'lower-is-better' ? -1 : 1;
    for (const loss of [0, scenario.margin]) {
      const { candidate, baseline } = scenario.world(loss)(createRandom(7), ENOUGH);
      const drop = direction * (valueOf(scenario.metric, baseline) - valueOf(scenario.metric, candidate));
      expect(Math.abs(drop - loss)).toBeLessThan(0.1 * scenario.margin);
    }
  });

  test('the same seed gives the same decisions', () => {
    const [scenario] = SCENARIOS;
    if (scenario === undefined) throw new Error('no scenario');
    const request = { scenario, n: 60, loss: 0, runs: 5, alpha: 0.05, resamples: 200, seed: 3 };
    expect(simulate(request)).toEqual(simulate(request));
    expect(Object.values(simulate(request)['mlgate'] ?? {}).reduce((sum, count) => sum + count, 0)).toBe(5);
  });
});

test('a simulated rate is above nominal only beyond its own uncertainty', () => {
  expect(exceeds(50, 1000, 0.05)).toBe(false);
  expect(exceeds(60, 1000, 0.05)).toBe(false);
  expect(exceeds(90, 1000, 0.05)).toBe(true);
});

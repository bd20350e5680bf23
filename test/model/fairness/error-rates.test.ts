/**
 * Simulated error rates of the verdict on fairness where examples have weights or belong together: of groups that are
 * apart by exactly the bound, no more may pass or fail than alpha says, beyond three standard errors of the simulation.
 * (Of plain shares test/statistics/corrected-proportions.test.ts enumerates them.)
 */
import { describe, expect, it } from 'vitest';
import { measureFairness } from '../../../src/model/fairness/measure-fairness.ts';
import { createRandom, type Random } from '../../../src/statistics/random.ts';
import { binaryOutcomes } from '../../outcomes/outcomes-of.ts';

const ALPHA = 0.05;
const RUNS = 80;
const MOST = ALPHA + 3 * Math.sqrt((ALPHA * (1 - ALPHA)) / RUNS);

interface World {
  readonly clusters: number;
  /** Examples of each cluster. */
  readonly size: number;
  /** Selection rate of each group: the lowest is four fifths of the highest. */
  readonly rates: readonly number[];
  /** Share of the examples of a cluster that share its luck. */
  readonly together: number;
  /** Each cluster has examples of every group. */
  readonly mixed?: boolean;
  readonly weighted?: boolean;
}

function draw({ clusters, size, rates, together, mixed = false, weighted = false }: World, random: Random) {
  const [score, group, cluster, weight]: number[][] = [[], [], [], []];
  for (let at = 0; at < clusters; at++) {
    const common = random.uniform();
    for (let place = 0; place < size; place++) {
      const own = (mixed ? place : at) % rates.length;
      const luck = random.uniform() < together ? common : random.uniform();
      score?.push(luck < (rates[own] ?? 0) ? 0.9 : 0.1);
      group?.push(own);
      cluster?.push(at);
      weight?.push(weighted ? 0.2 + 4 * random.uniform() ** 3 : 1);
    }
  }
  const codes = Uint32Array.from(group ?? []);
  return {
    ...binaryOutcomes(
      (score ?? []).map(() => 1),
      score ?? [],
    ),
    score: undefined,
    sliceColumns: new Map([['group', { codes, values: rates.map((_, at) => `g${at}`) }]]),
    groups: size > 1 ? Uint32Array.from(cluster ?? []) : undefined,
    weights: weighted ? Float64Array.from(weight ?? []) : undefined,
  };
}

describe('groups that are apart by exactly four fifths', () => {
  it.each<readonly [string, World]>([
    ['weights', { clusters: 400, size: 1, rates: [0.4, 0.5], together: 0, weighted: true }],
    [
      'few rare examples with weights',
      { clusters: 200, size: 1, rates: [0.08, 0.1], together: 0, weighted: true },
    ],
    ['100 users of 5 examples', { clusters: 100, size: 5, rates: [0.4, 0.5], together: 0.4 }],
    ['30 users of 8 examples', { clusters: 30, size: 8, rates: [0.4, 0.5], together: 0.4 }],
    ['60 openings for both groups', { clusters: 60, size: 6, rates: [0.4, 0.5], together: 0.4, mixed: true }],
    ['four groups of users', { clusters: 80, size: 5, rates: [0.4, 0.5, 0.45, 0.5], together: 0.3 }],
  ])('%s: neither passed nor failed more often than alpha', (_name, world) => {
    const random = createRandom(77);
    let [passed, failed] = [0, 0];
    for (let run = 0; run < RUNS; run++) {
      const settings = {
        model: 'm',
        alpha: ALPHA,
        seed: 1,
        resamples: 50,
        fairness: { groups: ['group'], severity: 'fail' as const },
      };
      const [found] = measureFairness(draw(world, random), settings);
      const ratio = found?.gaps.find(
        ({ metric, form }) => metric === 'selection_rate' && form === 'ratio',
      )?.interval;
      if ((ratio?.low ?? 1) >= 0.8) passed += 1;
      if ((ratio?.high ?? 0) < 0.8) failed += 1;
    }
    expect(passed / RUNS).toBeLessThanOrEqual(MOST);
    expect(failed / RUNS).toBeLessThanOrEqual(MOST);
  });
});

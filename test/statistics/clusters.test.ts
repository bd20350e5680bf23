import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  aucDifferenceInterval,
  aucDifferenceTest,
  aucInfluences,
  delongAuc,
  delongDifference,
  independentAucDifference,
} from '../../src/statistics/auc.ts';
import { bootstrapCounts, bootstrapRows, bootstrapWeights } from '../../src/statistics/bootstrap.ts';
import {
  clusteredScaledShareInterval,
  clusteredScaledShareTest,
  clusteredTangoInterval,
  clusteredTangoTest,
  clusterPairs,
} from '../../src/statistics/clustered-pairs.ts';
import { effectiveShare, measureClustering } from '../../src/statistics/clustering.ts';
import { estimateMean, sumOf, welchDifference } from '../../src/statistics/means.ts';
import { correctedTangoInterval } from '../../src/statistics/paired-proportions.ts';
import { correctedScaledShareInterval } from '../../src/statistics/scaled-shares.ts';
import { createRandom } from '../../src/statistics/random.ts';

const bits = (n: number) => fc.array(fc.constantFrom(0, 1), { minLength: n, maxLength: n });
const singletons = (n: number): number[] => Array.from({ length: n }, (_, index) => index);
const repeat = (values: readonly number[], times: number): number[] =>
  Array.from({ length: times }, () => values).flat();
const choose = (values: readonly number[], rows: Uint32Array): number[] =>
  Array.from(rows, (row) => values[row]!);
const isNear = (limit: number, value: number): boolean => Math.abs(limit - value) < 1e-6;
const options = (seed: number, replicates = 200) => ({ random: createRandom(seed), replicates });

describe('clustered pairs', () => {
  const pairs = fc.integer({ min: 2, max: 40 }).chain((n) => fc.tuple(bits(n), bits(n)));

  it('in clusters of one example are what they are without clusters', () => {
    fc.assert(
      fc.property(pairs, fc.constantFrom(0.8, 0.9, 0.95), ([first, second], level) => {
        const clustered = clusterPairs(first, second, singletons(first.length));
        const { low, high } = correctedTangoInterval(clustered.counts, level);
        const got = clusteredTangoInterval(clustered, level);
        expect(got.low).toBeCloseTo(low, 9);
        expect(got.high).toBeCloseTo(high, 9);
        const scaled = clusterPairs(first, second, singletons(first.length), 0.9);
        const wanted = correctedScaledShareInterval(scaled.counts, 0.9, level);
        expect(clusteredScaledShareInterval(scaled, level).low).toBeCloseTo(wanted.low, 9);
      }),
    );
  });

  it('have p-values that reject exactly what the interval excludes', () => {
    const generated = fc.tuple(
      pairs,
      fc.integer({ min: 2, max: 9 }),
      fc.double({ min: -0.9, max: 0.9, noNaN: true }),
    );
    fc.assert(
      fc.property(generated, ([[first, second], groups, difference]) => {
        const clusters = first.map((_, index) => index % Math.min(groups, first.length));
        const clustered = clusterPairs(first, second, clusters);
        const { low, high } = clusteredTangoInterval(clustered, 0.9);
        const { pGreater, pLess } = clusteredTangoTest(clustered, difference);
        expect(isNear(low, difference) || pGreater < 0.05 === low > difference).toBe(true);
        expect(isNear(high, difference) || pLess < 0.05 === high < difference).toBe(true);
        const scaled = clusterPairs(first, second, clusters, 0.95);
        const limit = clusteredScaledShareInterval(scaled, 0.9).low;
        expect(isNear(limit, 0) || clusteredScaledShareTest(scaled).pGreater < 0.05 === limit > 0).toBe(true);
      }),
    );
  });

  it('repeated within their cluster say no more than once', () => {
    const random = createRandom(4);
    const first = Array.from({ length: 60 }, () => random.integer(2));
    const second = Array.from({ length: 60 }, () => random.integer(2));
    const once = clusteredTangoInterval(clusterPairs(first, second, singletons(60)), 0.9);
    const repeated = clusterPairs(repeat(first, 3), repeat(second, 3), repeat(singletons(60), 3));
    expect(repeated.clustering.designEffect).toBeCloseTo(3, 1);
    const thrice = clusteredTangoInterval(repeated, 0.9);
    expect(thrice.low).toBeCloseTo(once.low, 2);
    expect(thrice.high).toBeCloseTo(once.high, 2);
  });

  it('without any difference count each cluster once, and a single cluster knows nothing', () => {
    const same = Array.from({ length: 100 }, (_, index) => index % 2);
    const clusters = same.map((_, index) => index % 20);
    const clustered = clusterPairs(same, same, clusters);
    expect(clustered.clustering).toEqual({ n: 100, clusters: 20, designEffect: 5, degenerate: true });
    const { low } = clusteredTangoInterval(clustered, 0.9);
    expect(low).toBeLessThan(-0.1);
    expect(clusteredTangoTest(clustered, low - 0.01).pGreater).toBeLessThan(0.05);
    const single = clusterPairs(
      same,
      same,
      same.map(() => 0),
    );
    expect(clusteredTangoInterval(single, 0.9)).toMatchObject({ low: -1, high: 1 });
    expect(clusteredScaledShareInterval({ ...single, ratio: 0.9 }, 0.9)).toMatchObject({
      low: -0.9,
      high: 1,
    });
  });

  it('keep the error rate at the margin with few large clusters', () => {
    const random = createRandom(31);
    const [runs, groups, size] = [600, 15, 8];
    let passes = 0;
    for (let run = 0; run < runs; run++) {
      const [first, second, clusters]: number[][] = [[], [], []];
      for (let group = 0; group < groups; group++) {
        // The whole cluster is discordant together: 4 % for the first, 14 % for the second.
        const draw = random.uniform();
        for (let example = 0; example < size; example++) {
          const noisy = random.uniform() < 0.1 ? random.uniform() : draw;
          first!.push(noisy < 0.04 || noisy > 0.5 ? 1 : 0);
          second!.push((noisy >= 0.04 && noisy < 0.18) || noisy > 0.5 ? 1 : 0);
          clusters!.push(group);
        }
      }
      if (clusteredTangoInterval(clusterPairs(first ?? [], second ?? [], clusters ?? []), 0.9).low > -0.1)
        passes++;
    }
    expect(passes / runs).toBeLessThanOrEqual(0.05 + 3 * Math.sqrt((0.05 * 0.95) / runs));
  });

  it('refuse what are not pairs of 0 and 1', () => {
    expect(() => clusterPairs([1], [0, 1], [0])).toThrow(/do not match/);
    expect(() => clusterPairs([1, 2], [0, 1], [0, 1])).toThrow(/Pair 1/);
  });
});

describe('the design effect', () => {
  it('of clusters of one is 1, and its share of the examples all of them', () => {
    const clustering = measureClustering([1, 4, 2, 8], [0, 1, 2, 3]);
    expect(clustering.designEffect).toBeCloseTo(1, 12);
    expect(effectiveShare(clustering, 0.9)).toBeCloseTo(1, 12);
    expect(effectiveShare(measureClustering([1, 2], [0, 0]), 0.9)).toBe(0);
  });
});

describe('areas of clustered examples', () => {
  const generated = fc
    .integer({ min: 6, max: 40 })
    .chain((n) =>
      fc.tuple(bits(n), fc.array(fc.integer({ min: 0, max: 12 }), { minLength: n, maxLength: n })),
    );

  it('have DeLong’s variance where every cluster has one example, and where examples are repeated', () => {
    fc.assert(
      fc.property(generated, ([labels, scores]) => {
        const plain = delongAuc(labels, scores);
        if (plain === undefined || plain.degenerate) return;
        const n = labels.length;
        const single = delongAuc(labels, scores, singletons(n))!;
        expect(single.variance).toBeCloseTo(plain.variance, 12);
        expect(single.degreesOfFreedom).toBe(n - 1);
        const repeated = delongAuc(repeat(labels, 2), repeat(scores, 2), repeat(singletons(n), 2))!;
        expect(repeated.variance).toBeCloseTo(plain.variance, 12);
      }),
    );
  });

  it('vary as the cluster bootstrap says', () => {
    const random = createRandom(12);
    const [groups, size] = [60, 6];
    const clusters = Array.from({ length: groups * size }, (_, index) => Math.floor(index / size));
    const shift = Array.from({ length: groups }, () => 2 * random.uniform());
    const labels = clusters.map(() => random.integer(2));
    const scoresOf = (): number[] =>
      clusters.map((cluster, index) => shift[cluster]! + labels[index]! * 0.7 + random.uniform());
    const [first, second] = [scoresOf(), scoresOf()];
    const got = delongDifference(labels, first, second, clusters)!;
    const areaOf = (rows: Uint32Array, scores: readonly number[]): number =>
      delongAuc(choose(labels, rows), choose(scores, rows))?.auc ?? Number.NaN;
    const sample = bootstrapRows(labels.length, (rows) => areaOf(rows, first), {
      random: createRandom(1),
      replicates: 400,
      clusters,
    });
    const { standardDeviation } = estimateMean(sample.sorted);
    expect(Math.sqrt(got.first.variance) / standardDeviation).toBeGreaterThan(0.85);
    expect(Math.sqrt(got.first.variance) / standardDeviation).toBeLessThan(1.15);
    // Scores that share their cluster's shift: ignoring the clusters would claim too much.
    expect(got.first.variance).not.toBeCloseTo(delongAuc(labels, first)!.variance, 5);
    const { low, high } = aucDifferenceInterval(got, 0.9);
    expect(aucDifferenceTest(got, low).pGreater).toBeCloseTo(0.05, 9);
    expect(aucDifferenceTest(got, high).pLess).toBeCloseTo(0.05, 9);
  });

  it('have influences with mean 0 whose spread is the standard error', () => {
    fc.assert(
      fc.property(generated, ([labels, scores]) => {
        const influences = aucInfluences(labels, scores);
        const plain = delongAuc(labels, scores);
        expect(influences === undefined).toBe(plain === undefined);
        if (influences === undefined || plain === undefined || plain.degenerate) return;
        const n = labels.length;
        expect(sumOf(influences)).toBeCloseTo(0, 9);
        const squares = sumOf(influences.map((value) => value * value));
        const { positives, negatives } = plain;
        const ratio = squares / n / n / plain.variance;
        expect(ratio).toBeGreaterThanOrEqual(
          (Math.min(positives, negatives) - 1) / Math.min(positives, negatives) - 1e-9,
        );
        expect(ratio).toBeLessThanOrEqual(1 + 1e-9);
      }),
    );
  });

  it('of independent examples differ with both variances', () => {
    const first = delongAuc([0, 1, 0, 1, 1, 0], [1, 4, 3, 5, 2, 2])!;
    const second = delongAuc([1, 1, 0, 0, 0], [3, 2, 1, 2, 5])!;
    const difference = independentAucDifference(first, second);
    expect(difference.variance).toBeCloseTo(first.variance + second.variance, 14);
    expect(difference.difference).toBe(first.auc - second.auc);
    expect(() => delongAuc([0, 1], [1, 2], [0])).toThrow(/cluster numbers/);
  });
});

describe('the bootstrap in strata', () => {
  const values = Array.from({ length: 30 }, (_, index) => ((index * 7) % 11) ** 2);
  const strata = values.map((_, index) => (index < 12 ? 0 : 1));

  function meanDifference(rows: Uint32Array): number {
    const part = (stratum: number): number[] =>
      Array.from(rows)
        .filter((row) => strata[row] === stratum)
        .map((row) => values[row]!);
    const [first, second] = [part(0), part(1)];
    return sumOf(first) / first.length - sumOf(second) / second.length;
  }

  it('keeps their sizes, and gives two independent samples the error of their difference', () => {
    const sizes = new Set<number>();
    const sample = bootstrapRows(
      30,
      (rows) => {
        if (rows.length === 30) sizes.add(rows.filter((row) => row < 12).length);
        return meanDifference(rows);
      },
      { ...options(1, 2000), strata },
    );
    expect([...sizes]).toEqual([12]);
    const [first, second] = [estimateMean(values.slice(0, 12)), estimateMean(values.slice(12))];
    const biased = Math.hypot(
      first.standardError * Math.sqrt(11 / 12),
      second.standardError * Math.sqrt(17 / 18),
    );
    expect(estimateMean(sample.sorted).standardDeviation / biased).toBeCloseTo(1, 1);
    expect(sample.estimate).toBeCloseTo(welchDifference(first, second).mean, 12);
    // Davison and Hinkley's acceleration for several samples, from the influences themselves.
    const influences = [values.slice(0, 12), values.slice(12).map((value) => -value)].map((part) => {
      const { mean, n } = estimateMean(part);
      return part.map((value) => (value - mean) / n);
    });
    const power = (k: number): number => sumOf(influences.flat().map((l) => l ** k));
    expect(sample.acceleration).toBeCloseTo(power(3) / (6 * power(2) ** 1.5), 9);
  });

  it('by weights draws the same as by rows, with clusters too', () => {
    const clusters = values.map((_, index) => Math.floor(index / 3));
    for (const design of [{ strata }, { clusters }, { clusters, strata }]) {
      const byRows = bootstrapRows(
        30,
        (rows) => rows.reduce((sum, row) => sum + values[row]!, 0) / rows.length,
        {
          ...options(7),
          ...design,
        },
      );
      const byWeights = bootstrapWeights(
        30,
        (weights) => {
          const total = weights.reduce((sum, weight) => sum + weight, 0);
          return weights.reduce((sum, weight, row) => sum + weight * values[row]!, 0) / total;
        },
        { ...options(7), ...design },
      );
      byWeights.sorted.forEach((value, index) => expect(value).toBeCloseTo(byRows.sorted[index]!, 9));
      expect(byWeights.acceleration).toBeCloseTo(byRows.acceleration, 9);
    }
  });

  it('by joint counts keeps the rows of each stratum', () => {
    const sample = bootstrapCounts(
      [8, 4, 10, 20],
      ([a = 0, b = 0, c = 0, d = 0]) => {
        expect([a + b, c + d].toSorted((x, y) => x - y)[1]).toBeGreaterThanOrEqual(29);
        return a / (a + b) - c / (c + d);
      },
      { ...options(3, 2000), strata: [0, 0, 1, 1] },
    );
    const wanted = Math.sqrt((8 * 4) / 12 ** 3 + (10 * 20) / 30 ** 3);
    expect(estimateMean(sample.sorted).standardDeviation / wanted).toBeCloseTo(1, 1);
  });

  it('refuses clusters across strata and lengths that do not match', () => {
    const across = { ...options(1), clusters: [0, 0, 1], strata: [0, 1, 1] };
    expect(() => bootstrapRows(3, () => 0, across)).toThrow(/more than one stratum/);
    expect(() => bootstrapWeights(3, () => 0, { ...options(1), strata: [0] })).toThrow(/do not match/);
  });
});

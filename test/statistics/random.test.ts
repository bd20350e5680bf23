import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drawBinomial, drawMultinomial } from '../../src/statistics/multinomial.ts';
import { binomialProbability, chiSquaredSurvival } from '../../src/statistics/distributions.ts';
import { createRandom, createXoshiro128 } from '../../src/statistics/random.ts';

const seeds = fc.maxSafeNat();

function total(values: Iterable<number>): number {
  return [...values].reduce((sum, value) => sum + value, 0);
}

/** P-value of Pearson's test that counts come from probabilities; cells with an expectation below 5 are pooled. */
function goodnessOfFit(counts: readonly number[], probabilities: readonly number[]): number {
  const draws = total(counts);
  let [statistic, cells, pooled, pooledExpected] = [0, 0, 0, 0];
  counts.forEach((count, index) => {
    const expected = draws * probabilities[index]!;
    if (expected < 5) {
      pooled += count;
      pooledExpected += expected;
      return;
    }
    statistic += (count - expected) ** 2 / expected;
    cells++;
  });
  if (pooledExpected > 1) statistic += (pooled - pooledExpected) ** 2 / pooledExpected;
  return chiSquaredSurvival(statistic, pooledExpected > 1 ? cells : cells - 1);
}

describe('random numbers', () => {
  it('are those of the published generator', () => {
    // State and outputs of the authors' C program, as another implementation's test data record them.
    const draw = createXoshiro128([0x964d4a0c, 0xd40ab895, 0xad7fdecb, 0x3006f0f0]);
    expect(Array.from({ length: 3 }, draw)).toEqual([0xf1391922, 0x6fe53806, 0xa5be2840]);
  });

  it('do not change between versions: a seed is part of every result', () => {
    const random = createRandom(20240229);
    expect(Array.from({ length: 4 }, random.bits)).toMatchInlineSnapshot(`
      [
        2840115235,
        660252202,
        2611172856,
        1524050324,
      ]
    `);
    expect([random.uniform(), random.integer(10), random.integer(3_000_000)]).toMatchInlineSnapshot(`
      [
        0.8729637986592096,
        2,
        2159230,
      ]
    `);
  });

  it('are the same for the same seed and others for another', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const [a, b, c] = [createRandom(seed), createRandom(seed), createRandom((seed + 1) % 2 ** 53)];
        const [x, y, z] = [a, b, c].map((random) => Array.from({ length: 8 }, random.bits));
        expect(x).toEqual(y);
        expect(x).not.toEqual(z);
      }),
    );
  });

  it('refuse a seed that is not an integer from 0 to 2^53 - 1', () => {
    for (const seed of [-1, 0.5, Number.NaN, 2 ** 53]) expect(() => createRandom(seed)).toThrow(RangeError);
  });

  it('stay below their bound', () => {
    fc.assert(
      fc.property(seeds, fc.integer({ min: 1, max: 2 ** 32 }), (seed, bound) => {
        const random = createRandom(seed);
        for (let draw = 0; draw < 20; draw++) {
          const value = random.integer(bound);
          expect(Number.isInteger(value) && value >= 0 && value < bound).toBe(true);
        }
        const u = random.uniform();
        expect(u >= 0 && u < 1).toBe(true);
      }),
    );
  });

  it.each([3, 7, 10, 1000])('integers below %i are equally likely', (bound) => {
    const random = createRandom(bound);
    const counts = Array.from({ length: bound }, () => 0);
    for (let draw = 0; draw < 100_000; draw++) counts[random.integer(bound)]! += 1;
    expect(
      goodnessOfFit(
        counts,
        counts.map(() => 1 / bound),
      ),
    ).toBeGreaterThan(1e-4);
  });

  it('integers do not prefer one half where a remainder would', () => {
    const random = createRandom(5);
    const bound = 3 * 2 ** 30;
    let low = 0;
    for (let draw = 0; draw < 30_000; draw++) if (random.integer(bound) < bound / 3) low++;
    expect(goodnessOfFit([low, 30_000 - low], [1 / 3, 2 / 3])).toBeGreaterThan(1e-4);
  });
});

describe('random counts', () => {
  it.each([
    [5, 0.3],
    [40, 0.02],
    [40, 0.9],
    [60, 0.5],
    [1000, 0.3],
    [100_000, 0.0005],
  ])('binomial(%i, %d) has its distribution', (trials, p) => {
    const random = createRandom(trials);
    const counts = Array.from({ length: trials + 1 }, () => 0);
    for (let draw = 0; draw < 20_000; draw++) counts[drawBinomial(random, trials, p)]! += 1;
    const probabilities = counts.map((_, k) => binomialProbability(k, trials, p));
    expect(goodnessOfFit(counts, probabilities)).toBeGreaterThan(1e-4);
  });

  it('binomial at its borders', () => {
    const random = createRandom(1);
    expect(drawBinomial(random, 0, 0.5)).toBe(0);
    expect(drawBinomial(random, 9, 0)).toBe(0);
    expect(drawBinomial(random, 9, 1)).toBe(9);
  });

  it('multinomial keeps the total and leaves empty cells empty', () => {
    fc.assert(
      fc.property(seeds, fc.array(fc.nat(5000), { minLength: 1, maxLength: 9 }), (seed, cells) => {
        const drawn = new Float64Array(cells.length);
        drawMultinomial(createRandom(seed), Float64Array.from(cells), drawn);
        expect(total(drawn)).toBe(total(cells));
        cells.forEach((cell, index) => {
          expect(drawn[index]).toBeGreaterThanOrEqual(0);
          expect(drawn[index]).toBeLessThanOrEqual(cell === 0 ? 0 : total(cells));
        });
      }),
    );
  });

  it('multinomial has the variance and covariance of its law', () => {
    const cells = Float64Array.from([600, 300, 100]);
    const random = createRandom(77);
    const drawn = new Float64Array(3);
    let [first, product] = [0, 0];
    const rounds = 20_000;
    for (let round = 0; round < rounds; round++) {
      drawMultinomial(random, cells, drawn);
      first += (drawn[0]! - 600) ** 2 / rounds;
      product += ((drawn[0]! - 600) * (drawn[1]! - 300)) / rounds;
    }
    // n p q = 240 and -n p1 p2 = -180, each within about five standard errors.
    expect(Math.abs(first - 240)).toBeLessThan(12);
    expect(Math.abs(product + 180)).toBeLessThan(12);
  });
});

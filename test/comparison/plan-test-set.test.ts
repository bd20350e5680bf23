import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  findChanceToPass,
  findVisibleChange,
  planMargin,
  type Spread,
} from '../../src/comparison/plan-test-set.ts';
import { judgeNonInferiority } from '../../src/statistics/non-inferiority.ts';
import { correctedTangoInterval } from '../../src/statistics/paired-proportions.ts';
import { createRandom } from '../../src/statistics/random.ts';

const TARGET = { alpha: 0.05, power: 0.8 };
const flips = (share: number): Spread => ({ kind: 'discordance', share });

function passesWithoutFlip(n: number): boolean {
  const counts = { both: n, onlyFirst: 0, onlySecond: 0, neither: 0 };
  return judgeNonInferiority(correctedTangoInterval(counts, 0.9), 0.02) === 'pass';
}

describe('planMargin', () => {
  test('gives the published number: 8 % of examples differ, margin 0.01', () => {
    const plan = planMargin({ spread: flips(0.08), margin: 0.01, target: TARGET, designEffect: 1 });
    expect(plan.equallyGood).toBe(4947);
    // sqrt(0.08 - 0.005^2), four times as many because half the margin is left.
    expect(plan.halfMarginWorse).toBe(
      Math.ceil(((1.6448536269514722 + 0.8416212335729143) / 0.005) ** 2 * (0.08 - 0.005 ** 2)),
    );
  });

  test('a standard deviation is what the root of the discordance is', () => {
    const request = { margin: 0.01, target: TARGET, designEffect: 1 };
    const spread: Spread = { kind: 'standard-deviation', value: Math.sqrt(0.08) };
    expect(planMargin({ ...request, spread }).equallyGood).toBe(4947);
  });

  test('clusters take their multiple', () => {
    const request = { spread: flips(0.08), margin: 0.01, target: TARGET };
    const one = planMargin({ ...request, designEffect: 1 });
    const three = planMargin({ ...request, designEffect: 3 });
    expect(three.equallyGood / one.equallyGood).toBeCloseTo(3, 3);
  });

  test('with hardly a flip, what unseen flips could do decides: at that many examples Tango passes, at one less not', () => {
    const { equallyGood } = planMargin({
      spread: flips(1e-9),
      margin: 0.02,
      target: TARGET,
      designEffect: 1,
    });
    expect(equallyGood).toBe(180);
    expect([passesWithoutFlip(equallyGood), passesWithoutFlip(equallyGood - 1)]).toEqual([true, false]);
  });

  test('models that are equally good pass about as often as planned, by simulation', () => {
    const [discordance, margin] = [0.1, 0.04];
    const { equallyGood: n } = planMargin({
      spread: flips(discordance),
      margin,
      target: TARGET,
      designEffect: 1,
    });
    const random = createRandom(7);
    const runs = 2000;
    let passed = 0;
    for (let run = 0; run < runs; run += 1) {
      const counts = { both: 0, onlyFirst: 0, onlySecond: 0, neither: 0 };
      for (let row = 0; row < n; row += 1) {
        const point = random.uniform();
        if (point < discordance / 2) counts.onlyFirst += 1;
        else if (point < discordance) counts.onlySecond += 1;
        else counts.both += 1;
      }
      if (judgeNonInferiority(correctedTangoInterval(counts, 0.9), margin) === 'pass') passed += 1;
    }
    expect(Math.abs(passed / runs - 0.8)).toBeLessThan(0.05);
  });
});

describe('findVisibleChange', () => {
  const SIZES = fc.integer({ min: 50, max: 1_000_000 });

  test('is the margin that so many examples were planned for', () => {
    fc.assert(
      fc.property(
        SIZES,
        fc.double({ min: 0.01, max: 0.5, noNaN: true }),
        fc.double({ min: 1, max: 5, noNaN: true }),
        (examples, share, designEffect) => {
          const spread = flips(share);
          const margin = findVisibleChange({ spread, examples, target: TARGET, designEffect });
          const { equallyGood } = planMargin({ spread, margin, target: TARGET, designEffect });
          expect(Math.abs(equallyGood - examples)).toBeLessThanOrEqual(1 + designEffect);
        },
      ),
    );
  });

  test('never claims to see what unseen flips could hide', () => {
    const change = findVisibleChange({ spread: flips(1e-9), examples: 100, target: TARGET, designEffect: 1 });
    expect(change).toBeCloseTo(0.0353915, 6);
  });
});

test('the chance to pass is the power that was planned for, and 0 where no flip could be excluded', () => {
  const request = { spread: flips(0.08), margin: 0.01, target: TARGET, designEffect: 1 };
  expect(findChanceToPass({ ...request, examples: 4947 })).toBeCloseTo(0.8, 3);
  expect(findChanceToPass({ ...request, examples: 200 })).toBe(0);
});

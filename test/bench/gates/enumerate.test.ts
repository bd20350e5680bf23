import { describe, expect, test } from 'vitest';
import { enumerateRates, type ShareTruth } from '../../../bench/gates/enumerate.ts';
import { decideByMlgate, type Decision } from '../../../bench/gates/gate.ts';
import { outcomesOfCounts } from '../../../bench/gates/outcomes.ts';
import { SHARE_RULES } from '../../../bench/gates/rules.ts';
import { tangoInterval, type PairedCounts } from '../../../src/statistics/paired-proportions.ts';

function worldOf(n: number, margin: number, onlyCandidate: number): ShareTruth {
  return { n, onlyCandidate, onlyBaseline: onlyCandidate + margin, accuracy: 0.85 };
}

function decideByTango(table: PairedCounts, margin: number): Decision {
  const { low, high } = tangoInterval(table, 0.95);
  if (low >= -margin) return 'pass';
  return high < -margin ? 'fail' : 'inconclusive';
}

function ruleOf(id: string) {
  const rule = SHARE_RULES.find((candidate) => candidate.id === id);
  if (rule === undefined) throw new Error(`no rule ${id}`);
  return rule;
}

describe('enumerateRates', () => {
  // Published for the evaluation gates of 2026: probability of passing a model that is worse by exactly the margin.
  const PUBLISHED = [
    {
      margin: 0.02,
      flips: 0,
      sizes: [10, 50, 100, 300],
      t: [0.82, 0.36, 0.13, 0.06],
      tango: [0, 0, 0, 0.017],
    },
    {
      margin: 0.02,
      flips: 0.005,
      sizes: [10, 50, 100, 300],
      t: [0.74, 0.23, 0.083, 0.054],
      tango: [0, 0.001, 0.008, 0.015],
    },
    {
      margin: 0.05,
      flips: 0.01,
      sizes: [10, 30, 100, 300],
      t: [0.48, 0.16, 0.064, 0.038],
      tango: [0, 0.001, 0.015, 0.019],
    },
  ] as const;

  test.each(PUBLISHED)('gives the published rates at margin $margin, flips $flips', (row) => {
    for (const [index, n] of row.sizes.entries()) {
      const truth = worldOf(n, row.margin, row.flips);
      const byT = enumerateRates(truth, (table) => ruleOf('paired-t').decide(table, row.margin));
      const byTango = enumerateRates(truth, (table) => decideByTango(table, row.margin));
      const wanted = row.t[index] ?? Number.NaN;
      expect(Math.abs(byT.pass - wanted)).toBeLessThan(wanted > 0.1 ? 0.005 : 0.0005);
      expect(Math.abs(byTango.pass - (row.tango[index] ?? Number.NaN))).toBeLessThan(0.0005);
    }
  });

  test('leaves next to nothing out', () => {
    const { pass, fail, inconclusive } = enumerateRates(worldOf(400, 0.02, 0.03), (table) =>
      decideByTango(table, 0.02),
    );
    expect(pass + fail + inconclusive).toBeGreaterThan(1 - 1e-6);
    expect(pass + fail + inconclusive).toBeLessThan(1 + 1e-9);
  });
});

describe('the gate itself', () => {
  // Tables over which an uncorrected score interval is above nominal: 8.2, 8.2 and 5.8 % of false alarms.
  test.each([
    { n: 300, margin: 0.01, flips: 0.005 },
    { n: 300, margin: 0.02, flips: 0 },
    { n: 100, margin: 0.05, flips: 0.02 },
  ])('errs in at most 5 % at n $n, margin $margin, flips $flips', ({ n, margin, flips }) => {
    const rates = enumerateRates(worldOf(n, margin, flips), (table) =>
      decideByMlgate(outcomesOfCounts(table), {
        metric: 'accuracy',
        margin,
        alpha: 0.05,
        resamples: 200,
        seed: 1,
      }),
    );
    expect(rates.pass).toBeLessThanOrEqual(0.05);
    expect(rates.fail).toBeLessThanOrEqual(0.05);
    expect(rates.fail).toBeGreaterThan(0.02);
  });
});

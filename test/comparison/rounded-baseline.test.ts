import { describe, expect, test } from 'vitest';
import { computeValue } from '../../src/metrics/measure.ts';
import { formOf } from '../../src/metrics/form-of.ts';
import { streamOf } from '../../src/metrics/stream-of.ts';
import { metricsOfTask } from '../../src/metrics/catalogue.ts';
import { estimateDifference } from '../../src/comparison/estimate-difference.ts';
import { isUnchanged } from '../../src/comparison/is-unchanged.ts';
import type { Outcomes } from '../../src/outcomes/outcomes.ts';
import { pairOutcomes, type OutcomesPair } from '../../src/outcomes/pair-outcomes.ts';
import { decodeOutcomes, encodeOutcomes } from '../../src/outcomes/stored-form.ts';
import { binaryOutcomes, regressionOutcomes } from '../outcomes/outcomes-of.ts';

const N = 6000;
const random = streamOf(3, 'rounded baseline');
const TRUTH = Array.from({ length: N }, () => (random.uniform() > 0.7 ? 1 : 0));
/** Confident scores too: some within 1e-13 of 0 or 1, where a coarse rounding would change the loss. */
const SCORES = TRUTH.map((truth) => {
  const logit = 3 * (truth - 0.5) + 12 * (random.uniform() + random.uniform() + random.uniform() - 1.5);
  return 1 / (1 + Math.exp(-2 * logit));
});
const VALUES = TRUTH.map((truth) => 1e6 + truth + random.uniform());

function pairOf(candidate: Outcomes, baseline: Outcomes): OutcomesPair {
  const pairing = pairOutcomes(candidate, baseline);
  if (pairing.kind === 'unpaired') throw new Error(pairing.detail);
  return pairing.pair;
}

function nearly(value: number): number {
  return value * (1 - 2 ** -50);
}

function kept(outcomes: Outcomes): Outcomes {
  const stored = decodeOutcomes(encodeOutcomes(outcomes, 0), 'the baseline');
  expect(stored.exactDigest).toBeDefined();
  return stored;
}

const CASES: readonly (readonly [string, Outcomes, Outcomes])[] = [
  [
    'scores',
    binaryOutcomes(TRUTH, SCORES),
    binaryOutcomes(
      TRUTH,
      SCORES.map((p) => Math.min(1, p ** 1.1)),
    ),
  ],
  [
    'values',
    regressionOutcomes(
      VALUES,
      VALUES.map((y) => y + random.uniform()),
    ),
    regressionOutcomes(
      VALUES,
      VALUES.map((y) => y - random.uniform()),
    ),
  ],
];

describe.each(CASES)('a baseline whose %s were rounded for keeping', (_what, candidate, baseline) => {
  test('is compared as the exact one would be: differences and limits move by less than 1e-6 of the interval', () => {
    const [exact, rounded] = [pairOf(candidate, baseline), pairOf(candidate, kept(baseline))];
    for (const { name } of metricsOfTask(candidate.task)) {
      const [own, other] = [exact, rounded].map((pair) => {
        const [first, second] = [formOf(name, pair.candidate), formOf(name, pair.baseline)];
        if (first === undefined || second === undefined) throw new Error(name);
        const estimate = estimateDifference(first, second, {
          level: 0.9,
          resamples: 200,
          random: streamOf(1, name),
          scale: 1,
        });
        const { low = Number.NaN, high = Number.NaN } = estimate?.interval ?? {};
        return { value: computeValue(second), difference: estimate?.value ?? Number.NaN, low, high };
      });
      if (own === undefined || other === undefined) throw new Error(name);
      const tolerance = 1e-6 * (own.high - own.low);
      for (const figure of ['value', 'difference', 'low', 'high'] as const) {
        expect(Math.abs(own[figure] - other[figure]), `${name} ${figure}`).toBeLessThanOrEqual(tolerance);
      }
    }
  });

  test('is unchanged if the candidate is equal to the last bit, and only then', () => {
    expect(isUnchanged(pairOf(baseline, kept(baseline)), false)).toBe(true);
    const moved: Outcomes =
      baseline.task === 'binary-classification'
        ? { ...baseline, score: (baseline.score ?? new Float64Array()).map(nearly) }
        : baseline.task === 'regression'
          ? { ...baseline, predicted: baseline.predicted.map(nearly) }
          : baseline;
    expect(isUnchanged(pairOf(moved, kept(baseline)), false)).toBe(false);
    expect(isUnchanged(pairOf(moved, kept(baseline)), true)).toBe(true);
  });
});

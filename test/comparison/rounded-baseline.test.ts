import { describe, expect, test } from 'vitest';
import { computeValue } from '../../src/metrics/measure.ts';
import { formOf } from '../../src/metrics/form-of.ts';
import { streamOf } from '../../src/metrics/stream-of.ts';
import { estimateDifference } from '../../src/comparison/estimate-difference.ts';
import { isUnchanged } from '../../src/comparison/is-unchanged.ts';
import { numericTargetOf, outputsOf, replaceOutputs } from '../../src/outcomes/model-outputs.ts';
import type { Outcomes } from '../../src/outcomes/outcomes.ts';
import { pairOutcomes, type OutcomesPair } from '../../src/outcomes/pair-outcomes.ts';
import { decodeOutcomes, encodeOutcomes } from '../../src/outcomes/stored-form.ts';
import {
  forecastingExamples,
  gradedExamples,
  multiclassExamples,
  multilabelExamples,
  quantileExamples,
  rankingExamples,
} from '../metrics/examples-of.ts';
import { namesOf } from '../metrics/names-of.ts';
import { binaryOutcomes, outcomesOf, regressionOutcomes } from '../outcomes/outcomes-of.ts';

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

/** Three labels for each example; another power is another model. */
function labelsOf(power: number): Outcomes {
  const score = SCORES.map((p, row) => [p, 1 - p, (row % 10) / 10].map((q) => q ** power));
  const target = TRUTH.map((truth, row) => [truth, 1 - truth, row % 3 === 0 ? 1 : 0]);
  return outcomesOf(multilabelExamples(target, score));
}

function classesOf(power: number): Outcomes {
  const p = SCORES.map((score) => Math.min(1, score ** power));
  const labels = TRUTH.map((truth) => (truth === 1 ? 'owl' : 'gull'));
  const said = p.map((score) => (score > 0.5 ? 'owl' : 'gull'));
  const given = p.map((score, row) => (TRUTH[row] === 1 ? score : 1 - score));
  return outcomesOf({
    ...multiclassExamples(labels, said),
    trueProbability: Float64Array.from(given),
    trueRank: Uint32Array.from(given, (score) => (score >= 0.5 ? 1 : 2)),
    squaredErrors: Float64Array.from(given, (score) => 2 * (1 - score) ** 2),
    scores: [Float64Array.from(p, (score) => 1 - score), Float64Array.from(p)],
  });
}

function quantilesOf(shift: number): Outcomes {
  const levels = [0.1, 0.5, 0.9];
  const columns = levels.map((level) => VALUES.map((y, row) => y + shift + level * (SCORES[row] ?? 0) - 0.4));
  return outcomesOf(quantileExamples(VALUES, levels, columns));
}

function rankingOf(noise: number): Outcomes {
  const queries = Array.from({ length: 500 }, (_, query) =>
    Array.from({ length: 12 }, (__, item) => {
      const row = query * 12 + item;
      return { relevance: TRUTH[row] ?? 0, score: (TRUTH[row] ?? 0) * noise + (SCORES[row] ?? 0) / 3 };
    }),
  );
  return outcomesOf(rankingExamples(queries));
}

function forecastOf(shift: number): Outcomes {
  return outcomesOf(
    forecastingExamples(VALUES, {
      predicted: VALUES.map((y, row) => y + shift + (SCORES[row] ?? 0) / 7),
      scale: VALUES.map((_, row) => 1 + (row % 5)),
      levels: [0.1, 0.9],
      quantiles: [
        VALUES.map((y, row) => y - (SCORES[row] ?? 0)),
        VALUES.map((y, row) => y + shift + (SCORES[row] ?? 0) / 3),
      ],
    }),
  );
}

function gradesOf(power: number): Outcomes {
  return outcomesOf(gradedExamples({ helpful: SCORES.map((p) => p ** power), passed: TRUTH }, [0, 1]));
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
  ['probabilities of classes', classesOf(1), classesOf(1.1)],
  ['scores of labels', labelsOf(1), labelsOf(1.2)],
  ['quantiles', quantilesOf(0), quantilesOf(0.1)],
  ['scores of items', rankingOf(0.1), rankingOf(0.4)],
  ['forecasts', forecastOf(0), forecastOf(0.2)],
  ['grades', gradesOf(1), gradesOf(1.1)],
];

/** Of the interval, that rounding may move anything by. */
const LARGEST_SHARE = 2e-6;

describe.each(CASES)('a baseline whose %s were rounded for keeping', (_what, candidate, baseline) => {
  test('is compared as the exact one would be: differences and limits move by millionths', () => {
    const [exact, rounded] = [pairOf(candidate, baseline), pairOf(candidate, kept(baseline))];
    for (const name of namesOf(candidate)) {
      if (formOf(name, candidate) === undefined) continue;
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
      const width = Number.isNaN(own.high) ? 0 : own.high - own.low;
      // Arithmetic with numbers of about a million has 10 digits left.
      // Values keep 2^-21 of their distance from the target: a median moves by as much as its example.
      const ofValues = numericTargetOf(candidate) === undefined ? 0 : 2 ** -20 * Math.abs(own.value);
      const tolerance = LARGEST_SHARE * width + ofValues + 1e-10;
      for (const figure of ['value', 'difference', 'low', 'high'] as const) {
        if (Number.isNaN(own[figure]) && Number.isNaN(other[figure])) continue;
        expect(Math.abs(own[figure] - other[figure]), `${name} ${figure}`).toBeLessThanOrEqual(tolerance);
      }
    }
  });

  test('is unchanged if the candidate is equal to the last bit, and only then', () => {
    expect(isUnchanged(pairOf(baseline, kept(baseline)), false)).toBe(true);
    const outputs = outputsOf(baseline).map((output) => ({
      ...output,
      columns: output.columns.map((column) => column.map(nearly)),
    }));
    const moved = replaceOutputs(baseline, outputs);
    expect(isUnchanged(pairOf(moved, kept(baseline)), false)).toBe(false);
    expect(isUnchanged(pairOf(moved, kept(baseline)), true)).toBe(true);
  });
});

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { delongAuc } from '../../src/statistics/auc.ts';
import {
  averageScores,
  balancedAccuracy,
  classCountsOf,
  cohenKappa,
  compareRates,
  countConfusions,
  labelCountsOf,
  matthewsCorrelation,
  ratesByGroup,
} from '../../src/statistics/classification-scores.ts';
import { estimateConfidentJoint } from '../../src/statistics/label-errors.ts';
import { pearsonCorrelation } from '../../src/statistics/moments.ts';
import {
  binaryCrossEntropy,
  crossEntropy,
  multiclassBrierScore,
  topKAccuracy,
} from '../../src/statistics/probability-scores.ts';
import { quantileOfSorted, quantilesOf } from '../../src/statistics/quantile.ts';
import {
  discountedGain,
  hitAt,
  normalisedGain,
  passAtK,
  precisionAt,
  rankedAveragePrecision,
  reciprocalRank,
} from '../../src/statistics/ranking-scores.ts';
import {
  meanSquaredLogError,
  meanTweedieDeviance,
  percentageErrors,
  regressionErrors,
} from '../../src/statistics/regression-errors.ts';
import {
  averagePrecision,
  detectionErrorCurve,
  oneVersusOneAuc,
  oneVersusRestAuc,
  precisionRecallCurve,
  rocCurve,
} from '../../src/statistics/score-curves.ts';

const bit = fc.constantFrom(0, 1);
const binary = fc.array(fc.tuple(bit, bit), { minLength: 2, maxLength: 30 });
const scored = fc.array(fc.tuple(bit, fc.integer({ min: 0, max: 9 })), { minLength: 2, maxLength: 30 });

function split<A, B>(pairs: readonly (readonly [A, B])[]): readonly [A[], B[]] {
  return [pairs.map(([a]) => a), pairs.map(([, b]) => b)];
}

describe('scores of classes', () => {
  it('for two classes: Matthews is the correlation, micro F is accuracy', () => {
    fc.assert(
      fc.property(binary, (pairs) => {
        const [truth, predicted] = split(pairs);
        const matrix = countConfusions(truth, predicted, 2);
        expect(matthewsCorrelation(matrix)).toBeCloseTo(pearsonCorrelation(truth, predicted) ?? 0, 9);
        const accuracy = pairs.filter(([a, b]) => a === b).length / pairs.length;
        expect(averageScores(classCountsOf(matrix), 'micro').f).toBeCloseTo(accuracy, 12);
        expect(averageScores(classCountsOf(matrix), 'weighted').recall).toBeCloseTo(accuracy, 12);
      }),
    );
  });

  it('are 0 or undefined where there is nothing to score', () => {
    expect(balancedAccuracy([])).toBeUndefined();
    expect(cohenKappa([[5]])).toBeUndefined();
    expect(averageScores([{ truePositives: 0, falsePositives: 0, falseNegatives: 0 }], 'weighted').f).toBe(0);
    expect(() => countConfusions([0], [0, 1], 2)).toThrow(/do not match/);
    expect(() => countConfusions([0, 2], [0, 1], 2)).toThrow(/Example 1/);
    expect(() => labelCountsOf([[1]], [])).toThrow(/do not match/);
  });

  it('by group leave out rates without a denominator', () => {
    const rates = ratesByGroup([1, 0, 0, 0], [1, 1, 0, 1], ['a', 'a', 'b', 'b']);
    expect(rates.get('a')).toEqual({ n: 2, selectionRate: 1, truePositiveRate: 1, falsePositiveRate: 1 });
    expect(rates.get('b')).toMatchObject({ selectionRate: 0.5, truePositiveRate: undefined });
    expect(compareRates([1, 0.5, undefined])).toEqual({ difference: 0.5, ratio: 0.5 });
    expect(compareRates([0.3, undefined])).toEqual({ difference: 0, ratio: 1 });
    expect(() => ratesByGroup([1], [1], [])).toThrow(RangeError);
  });
});

describe('curves of a score', () => {
  it('enclose the areas: trapezoids under ROC are the AUC, steps of precision the average precision', () => {
    fc.assert(
      fc.property(scored, (pairs) => {
        const [labels, scores] = split(pairs);
        const roc = rocCurve(labels, scores);
        const auc = delongAuc(labels, scores)?.auc;
        expect(roc === undefined).toBe(auc === undefined);
        const area = roc?.falsePositiveRate.slice(1).reduce((sum, x, at) => {
          const [left, right] = [roc.truePositiveRate[at]!, roc.truePositiveRate[at + 1]!];
          return sum + ((x - roc.falsePositiveRate[at]!) * (left + right)) / 2;
        }, 0);
        expect(area ?? -1).toBeCloseTo(auc ?? -1, 9);
        const precision = averagePrecision(labels, scores);
        const positives = labels.filter((label) => label === 1).length;
        expect(precision === undefined).toBe(positives === 0);
        // By definition: for every positive the precision at its own score.
        const byDefinition = pairs
          .filter(([label]) => label === 1)
          .map(([, score]) => pairs.filter(([, other]) => other >= score))
          .reduce((sum, chosen) => sum + chosen.filter(([label]) => label === 1).length / chosen.length, 0);
        expect(precision ?? 0).toBeCloseTo(positives === 0 ? 0 : byDefinition / positives, 9);
      }),
    );
  });

  it('agree with each other at every threshold', () => {
    fc.assert(
      fc.property(scored, (pairs) => {
        const [labels, scores] = split(pairs);
        const [roc, det, pr] = [
          rocCurve(labels, scores),
          detectionErrorCurve(labels, scores),
          precisionRecallCurve(labels, scores),
        ];
        det?.thresholds.forEach((threshold, at) => {
          const same = roc!.thresholds.indexOf(threshold);
          expect(det.falsePositiveRate[at]).toBe(roc!.falsePositiveRate[same]);
          expect(det.falseNegativeRate[at]).toBeCloseTo(1 - roc!.truePositiveRate[same]!, 12);
          expect(pr!.recall[pr!.thresholds.indexOf(threshold)]).toBe(roc!.truePositiveRate[same]);
        });
        expect(det === undefined).toBe(roc === undefined);
      }),
    );
  });

  it('of several classes are the binary ones for two', () => {
    const [labels, scores] = [
      [0, 1, 1, 0, 1],
      [0.2, 0.4, 0.9, 0.5, 0.7],
    ];
    const rows = scores.map((score) => [1 - score, score]);
    const { auc } = delongAuc(labels, scores)!;
    expect(oneVersusRestAuc(labels, rows)!.macro).toBeCloseTo(auc, 12);
    expect(oneVersusOneAuc(labels, rows)!.weighted).toBeCloseTo(auc, 12);
    expect(oneVersusRestAuc([1, 1, 1, 1, 1], rows)).toBeUndefined();
    expect(oneVersusOneAuc([1, 1, 1, 1, 1], rows)).toBeUndefined();
    expect(() => rocCurve([1], [1, 2])).toThrow(/do not match/);
    expect(() => rocCurve([1, 0], [1, Number.NaN])).toThrow(/Score 1/);
  });
});

describe('scores of probabilities', () => {
  const rows = [
    [0.7, 0.2, 0.1],
    [0.3, 0.3, 0.4],
  ];

  it('are the definitions', () => {
    expect(crossEntropy([0, 1], rows, 0)).toBeCloseTo(-(Math.log(0.7) + Math.log(0.3)) / 2, 12);
    expect(multiclassBrierScore([0, 1], rows)).toBeCloseTo((0.09 + 0.04 + 0.01 + 0.09 + 0.49 + 0.16) / 2, 12);
    expect(binaryCrossEntropy([1, 0], [0.8, 0.4], 0)).toBeCloseTo(-(Math.log(0.8) + Math.log(0.6)) / 2, 12);
    expect(crossEntropy([1], [[1, 0]], 0)).toBe(Number.POSITIVE_INFINITY);
    // Of the two equal ones the later counts as the more probable.
    expect(topKAccuracy([0, 0], rows, 2)).toBe(0.5);
    expect(topKAccuracy([0, 1], rows, 2)).toBe(1);
  });

  it('refuse labels without a column', () => {
    expect(() => crossEntropy([0, 3], rows, 0)).toThrow(/Label 1 is 3/);
    expect(() => crossEntropy([0], rows, 0)).toThrow(/do not match/);
  });
});

describe('errors of numbers', () => {
  it('with equal weights are those without, but for the even median', () => {
    const value = fc.integer({ min: -50, max: 50 });
    fc.assert(
      fc.property(fc.array(fc.tuple(value, value), { minLength: 1, maxLength: 15 }), (pairs) => {
        const [target, predicted] = split(pairs);
        const { medianAbsoluteError, ...rest } = regressionErrors(target, predicted);
        const weighted = regressionErrors(
          target,
          predicted,
          target.map(() => 2),
        );
        for (const [name, got] of Object.entries(rest)) {
          const wanted = weighted[name as keyof typeof rest];
          expect(got ?? -1).toBeCloseTo(wanted ?? -1, 9);
        }
        expect(weighted.medianAbsoluteError).toBeLessThanOrEqual(medianAbsoluteError);
      }),
    );
  });

  it('deviances vanish for exact predictions and grow away from them, in every power', () => {
    const power = fc.constantFrom(-1, 0, 1, 1.5, 2, 3);
    const positive = fc.double({ min: 0.1, max: 50, noNaN: true });
    fc.assert(
      fc.property(power, positive, positive, (p, y, mu) => {
        expect(meanTweedieDeviance([y], [y], p)).toBeCloseTo(0, 6);
        expect(meanTweedieDeviance([y], [mu], p)).toBeGreaterThanOrEqual(-1e-9);
      }),
    );
    expect(meanTweedieDeviance([0, 2], [1, 2], 1)).toBeCloseTo(1, 12);
    expect(() => meanTweedieDeviance([0], [1], 2)).toThrow(/no deviance/);
    expect(() => meanTweedieDeviance([1], [1], 0.5)).toThrow(/power 0.5/);
    expect(() => meanSquaredLogError([-2], [1])).toThrow(RangeError);
    expect(percentageErrors([2, 0], [1, 0])).toEqual({
      meanAbsolute: 0.25,
      weightedAbsolute: 0.5,
      symmetric: 1 / 3,
    });
    expect(() => percentageErrors([], [])).toThrow(RangeError);
  });
});

describe('scores of rankings', () => {
  it('the mean gain of ties is the mean over their orders', () => {
    const items = fc.array(fc.tuple(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 0, max: 1 })), {
      minLength: 1,
      maxLength: 4,
    });
    const permute = (values: readonly number[]): number[][] =>
      values.length === 0
        ? [[]]
        : values.flatMap((value, at) =>
            permute(values.filter((_, other) => other !== at)).map((rest) => [value, ...rest]),
          );
    fc.assert(
      fc.property(items, fc.integer({ min: 1, max: 4 }), (pairs, top) => {
        const [relevance, scores] = split(pairs);
        const orders = permute(scores.map((_, index) => index));
        const gains = orders.map((order) =>
          discountedGain(
            order.map((index) => relevance[index]!),
            order.map((index) => scores[index]!),
            { top, ties: 'later-first' },
          ),
        );
        const mean = gains.reduce((sum, gain) => sum + gain, 0) / gains.length;
        expect(discountedGain(relevance, scores, { top })).toBeCloseTo(mean, 9);
        expect(normalisedGain(relevance, relevance)).toBeCloseTo(relevance.some((r) => r > 0) ? 1 : 0, 12);
      }),
    );
    expect(() => discountedGain([1], [])).toThrow(/do not match/);
  });

  it('of lists are the definitions', () => {
    expect(reciprocalRank([0, 0, 1, 1])).toBeCloseTo(1 / 3, 12);
    expect(rankedAveragePrecision([1, 0, 1])).toBeCloseTo((1 + 2 / 3) / 2, 12);
    expect([reciprocalRank([0]), rankedAveragePrecision([])]).toEqual([0, 0]);
    expect(precisionAt([1, 1], 4)).toBe(0.5);
    expect([hitAt([0, 1], 1), hitAt([0, 1], 2)]).toEqual([false, true]);
  });

  it('pass@k is the share of choices of k samples with a right one', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 8 }), fc.nat(), fc.nat(), (n, a, b) => {
        const [c, k] = [a % (n + 1), (b % n) + 1];
        const subsets = Array.from({ length: 2 ** n }, (_, code) => code).filter(
          (code) => code.toString(2).replaceAll('0', '').length === k,
        );
        const right = subsets.filter((code) => code % 2 ** c !== 0).length;
        expect(passAtK(n, c, k)).toBeCloseTo(right / subsets.length, 12);
      }),
    );
    expect(() => passAtK(3, 4, 1)).toThrow(RangeError);
  });
});

describe('confident learning', () => {
  it('keeps the share of each label, and suspects what is confidently another', () => {
    const { joint, confident, counts } = estimateConfidentJoint(
      [0, 0, 0, 1, 1],
      [
        [0.9, 0.8, 0.1, 0.3, 0.2],
        [0.1, 0.2, 0.9, 0.7, 0.8],
      ],
    );
    expect([...confident]).toEqual([0, 0, 1, -1, 1]);
    expect(counts).toEqual([
      [2, 1],
      [0, 1],
    ]);
    expect(joint.map((row) => row[0]! + row[1]!)).toEqual([expect.closeTo(0.6, 12), expect.closeTo(0.4, 12)]);
    expect(() => estimateConfidentJoint([2], [[0.5], [0.5]])).toThrow(/Label 0 is 2/);
    expect(() => estimateConfidentJoint([], [])).toThrow(RangeError);
  });
});

describe('quantiles of unsorted values', () => {
  it('are those of the sorted ones; of none there are none', () => {
    expect(quantilesOf([3, 1, 2, 9], [0.1, 0.5])).toEqual(
      [0.1, 0.5].map((p) => quantileOfSorted([1, 2, 3, 9], p)),
    );
    expect(quantilesOf([], [0.5])).toBeUndefined();
  });
});

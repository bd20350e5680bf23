/** The part of the reference cases' table that is about predictions, rankings, labels, hashes and sketches. */
import {
  averageScores,
  balancedAccuracy,
  classCountsOf,
  cohenKappa,
  compareRates,
  countAgreement,
  countConfusions,
  labelCountsOf,
  matthewsCorrelation,
  ratesByGroup,
  scoreClass,
  type Averaging,
  type ClassCounts,
} from '../../src/statistics/classification-scores.ts';
import { murmurHash3, xxHash32, xxHash64 } from '../../src/statistics/hashing.ts';
import { estimateConfidentJoint } from '../../src/statistics/label-errors.ts';
import {
  binaryCrossEntropy,
  crossEntropy,
  multiclassBrierScore,
  topKAccuracy,
} from '../../src/statistics/probability-scores.ts';
import {
  discountedGain,
  hitAt,
  normalisedGain,
  passAtK,
  precisionAt,
  rankedAveragePrecision,
  reciprocalRank,
  type GainOptions,
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
import {
  bandingProbability,
  bandingThreshold,
  hyperLogLogError,
  jaccardSimilarity,
  kllRankError,
  linearCount,
  minHashError,
  probabilisticCountingError,
  wordShingles,
} from '../../src/statistics/sketches.ts';

// The inputs differ from case to case and come from a file that we do not write.
// oxlint-disable-next-line typescript/no-explicit-any
type Inputs = any;

function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function matrixOf({ y, pred }: Inputs): number[][] {
  return countConfusions(y, pred, Math.max(...y, ...pred) + 1);
}

const AVERAGINGS: readonly Averaging[] = ['micro', 'macro', 'weighted'];

function classScores(inputs: Inputs): unknown {
  const counts = classCountsOf(matrixOf(inputs));
  const averaged = AVERAGINGS.map((averaging) => {
    const { precision, recall, f: f1, jaccard } = averageScores(counts, averaging);
    const [half, two] = [0.5, 2].map((beta) => averageScores(counts, averaging, beta).f);
    return [averaging, { precision, recall, f1, 'f0.5': half, f2: two, jaccard }] as const;
  });
  const scores = counts.map((one) => scoreClass(one));
  return {
    ...Object.fromEntries(averaged),
    per_class: {
      precision: scores.map(({ precision }) => precision),
      recall: scores.map(({ recall }) => recall),
      f1: scores.map(({ f }) => f),
      support: counts.map(({ truePositives, falseNegatives }) => truePositives + falseNegatives),
    },
  };
}

function classificationMetrics(inputs: Inputs): unknown {
  const matrix = matrixOf(inputs);
  const identical = countConfusions(inputs.y, inputs.y, Math.max(...inputs.y) + 1);
  return {
    balanced_accuracy: balancedAccuracy(matrix),
    macro_recall_zero_division0: averageScores(classCountsOf(matrix), 'macro').recall,
    mcc: matthewsCorrelation(matrix),
    kappa: cohenKappa(matrix) ?? NaN,
    kappa_identical_constant: cohenKappa(identical) ?? NaN,
  };
}

function multilabel({ y, pred }: Inputs): unknown {
  const counts: ClassCounts[] = labelCountsOf(y, pred);
  const ofRows = y.map((row: number[], index: number) => scoreClass(countAgreement(row, pred[index])).f);
  const averaged = AVERAGINGS.map((averaging) => [averaging, averageScores(counts, averaging).f] as const);
  return { ...Object.fromEntries(averaged), samples: average(ofRows) };
}

function roc({ y, score }: Inputs): unknown {
  const curve = rocCurve(y, score);
  // The version of the case's program writes the largest score + 1 where others write Infinity.
  const [, ...thresholds] = curve?.thresholds ?? [];
  return {
    fpr: curve?.falsePositiveRate,
    tpr: curve?.truePositiveRate,
    thresholds: [Math.max(...score) + 1, ...thresholds],
  };
}

function logLosses({ y, proba }: Inputs): unknown {
  if (Array.isArray(proba[0])) {
    return {
      log_loss: crossEntropy(y, proba, Number.EPSILON),
      top2_accuracy: topKAccuracy(y, proba, 2),
      multiclass_brier: multiclassBrierScore(y, proba),
    };
  }
  return {
    'log_loss_eps_1e-15': binaryCrossEntropy(y, proba, 1e-15),
    log_loss_eps_float64: binaryCrossEntropy(y, proba, Number.EPSILON),
    unclipped: binaryCrossEntropy(y, proba, 0),
  };
}

function regression({ y, pred, weights }: Inputs): unknown {
  const errors = regressionErrors(y, pred, weights);
  return {
    mse: errors.meanSquaredError,
    mae: errors.meanAbsoluteError,
    medae: errors.medianAbsoluteError,
    r2: errors.rSquared,
    explained_variance: errors.explainedVariance,
    r2_perfect: regressionErrors(y, y).rSquared,
    r2_single_sample: regressionErrors([y[0]], [pred[0]]).rSquared ?? NaN,
  };
}

function gains({ relevance, score }: Inputs): unknown {
  const mean = (gain: typeof discountedGain, options: GainOptions = {}): number =>
    average(relevance.map((row: number[], query: number) => gain(row, score[query], options)));
  return {
    dcg: mean(discountedGain),
    ndcg: mean(normalisedGain),
    ndcg_at_4: mean(normalisedGain, { top: 4 }),
    ndcg_at_1: mean(normalisedGain, { top: 1 }),
    ndcg_tie_averaged: mean(normalisedGain),
    ndcg_ignore_ties: mean(normalisedGain, { ties: 'later-first' }),
  };
}

function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

export const predictionAdapters: Readonly<Record<string, (inputs: Inputs) => unknown>> = {
  groupFairness: ({ y, pred, group }) => {
    const rates = [...ratesByGroup(y, pred, group).values()];
    const { difference, ratio } = compareRates(rates.map(({ selectionRate }) => selectionRate));
    return { demographic_parity_difference: difference, demographic_parity_ratio: ratio };
  },
  passAtK: ({ n_c_k: rows }) => rows.map(([n, c, k]: [number, number, number]) => passAtK(n, c, k)),
  rocCurve: roc,
  precisionRecallCurve: ({ y, score }) => precisionRecallCurve(y, score),
  averagePrecision: ({ y, score }) => {
    const value = averagePrecision(y, score);
    return { ap: value ?? 0, undefined: value === undefined };
  },
  rocAucMulticlass: ({ y, proba }) => {
    const [rest, pairs] = [oneVersusRestAuc(y, proba), oneVersusOneAuc(y, proba)];
    return {
      ovr_macro: rest?.macro,
      ovr_weighted: rest?.weighted,
      ovo_macro: pairs?.macro,
      ovo_weighted: pairs?.weighted,
    };
  },
  precisionRecallF: classScores,
  classificationMetrics,
  mccFromCounts: ({ tp, tn, fp, fn }) => ({
    mcc: matthewsCorrelation([
      [tn, fp],
      [fn, tp],
    ]),
  }),
  multilabelF1: multilabel,
  logLoss: logLosses,
  detCurve: ({ y, score }) => {
    const curve = detectionErrorCurve(y, score);
    return { fpr: curve?.falsePositiveRate, fnr: curve?.falseNegativeRate, thresholds: curve?.thresholds };
  },
  regressionMetrics: regression,
  mape: ({ y, pred }) => {
    const { meanAbsolute, weightedAbsolute, symmetric } = percentageErrors(y, pred);
    return { mape: meanAbsolute, wape: weightedAbsolute, smape_0_2: symmetric };
  },
  deviance: ({ y, pred, y_gamma: positive }) => ({
    poisson: meanTweedieDeviance(y, pred, 1),
    gamma: meanTweedieDeviance(positive, pred, 2),
    'tweedie_1.5': meanTweedieDeviance(y, pred, 1.5),
    msle: meanSquaredLogError(y, pred),
  }),
  ndcg: gains,
  rankingMetrics: ({ ranked_relevance: queries }) => ({
    mrr: average(queries.map((ranked: number[]) => reciprocalRank(ranked))),
    map: average(queries.map((ranked: number[]) => rankedAveragePrecision(ranked))),
    precision_at_2: average(queries.map((ranked: number[]) => precisionAt(ranked, 2))),
    hit_at_2: average(queries.map((ranked: number[]) => Number(hitAt(ranked, 2)))),
  }),
  murmur3_32: ({ strings_utf8: texts, seeds }) =>
    Object.fromEntries(
      seeds.map((seed: number) => [
        `seed${seed}`,
        texts.map((text: string) => murmurHash3(bytesOf(text), seed)),
      ]),
    ),
  xxHash: ({ strings_utf8: texts, seed }) => ({
    xxh32_hex: texts.map((text: string) => xxHash32(bytesOf(text), seed).toString(16).padStart(8, '0')),
    xxh64_hex: texts.map((text: string) =>
      xxHash64(bytesOf(text), BigInt(seed)).toString(16).padStart(16, '0'),
    ),
  }),
  kllNormalizedRankError: ({ k }) => ({
    single: k.map((size: number) => kllRankError(size, 'single')),
    pmf: k.map((size: number) => kllRankError(size, 'between')),
  }),
  hllRelativeStandardError: ({ lg_m: bits }) => bits.map(hyperLogLogError),
  hllLinearCounting: ({ m, zero_registers: empty }) => empty.map((zeros: number) => linearCount(m, zeros)),
  minhashLshProbability: ({ s, b, r }) => ({
    p: s.map((similarity: number) => bandingProbability(similarity, b, r)),
    threshold_approx: bandingThreshold(b, r),
    'jaccard_se_k128_at_0.8': minHashError(0.8, 128),
  }),
  jaccard: ({ a, b, shingle }) => {
    const words = Number(/\d+/.exec(shingle)?.[0]);
    return { jaccard: jaccardSimilarity(wordShingles(a, words), wordShingles(b, words)) };
  },
  confidentJoint: ({ labels, pred_probs: probabilities }) => {
    const rows = probabilities as readonly (readonly number[])[];
    const columns = (rows[0] ?? []).map((_, label) => rows.map((row) => row[label] ?? Number.NaN));
    const { thresholds, counts, joint, confident } = estimateConfidentJoint(labels, columns);
    return {
      thresholds,
      confident_joint_uncalibrated: counts,
      joint_calibrated: joint,
      off_diagonal_indices: (labels as readonly number[]).flatMap((label, row) =>
        confident[row] === -1 || confident[row] === label ? [] : [row],
      ),
    };
  },
  cpcRelativeStandardError: ({ lg_k: bits }) => ({
    hip_single: probabilisticCountingError(bits, 'single'),
    icon_merged: probabilisticCountingError(bits, 'merged'),
  }),
};

/**
 * The table that ties the reference cases to the functions of src: one line for each function name of the cases. The
 * inputs are as the case gives them, decoded; what is returned must hold every key that the case expects.
 */
import { delongAuc, delongDifference, nullAucVariance } from '../../src/statistics/auc.ts';
import { betaQuantile } from '../../src/statistics/beta.ts';
import { basicInterval, bcaInterval, percentileInterval } from '../../src/statistics/bootstrap-interval.ts';
import { bootstrapRows, type BootstrapSample } from '../../src/statistics/bootstrap.ts';
import {
  binomialCdf,
  binomialProbability,
  chiSquaredSurvival,
  fSurvival,
  kolmogorovSurvival,
  studentTSurvival,
} from '../../src/statistics/distributions.ts';
import type { ConfidenceInterval } from '../../src/statistics/interval.ts';
import {
  estimateClusteredMean,
  estimateMean,
  tTest,
  welchDifference,
  type TTest,
} from '../../src/statistics/means.ts';
import { adjustPValues } from '../../src/statistics/multiple-testing.ts';
import { judgeNonInferiority } from '../../src/statistics/non-inferiority.ts';
import { normalQuantile, normalSurvival } from '../../src/statistics/normal.ts';
import {
  mcnemarTest,
  flipRates,
  pairedBonettPriceInterval,
  pairedDifference,
  pairedNewcombeInterval,
  pairedWaldInterval,
  tangoInterval,
  tangoTest,
  type PairedCounts,
} from '../../src/statistics/paired-proportions.ts';
import {
  mcnemarSampleSize,
  minimumDetectableEffect,
  nonInferioritySampleSize,
  pairedTSampleSize,
  questionSampleSize,
  tTestPower,
  twoProportionSampleSize,
} from '../../src/statistics/power.ts';
import {
  agrestiCoullInterval,
  clopperPearsonInterval,
  jeffreysInterval,
  wilsonInterval,
  zeroFailuresUpperLimit,
} from '../../src/statistics/proportion.ts';
import { quantileOfSorted, quantilesOf, type QuantileType } from '../../src/statistics/quantile.ts';
import { createRandom, type Random } from '../../src/statistics/random.ts';
import { searchSlices, type ErrorSlice } from '../../src/statistics/slice-search.ts';
import {
  andersonDarlingStatistic,
  cramerVonMisesTest,
  eppsSingletonTest,
} from '../../src/statistics/two-sample.ts';
import {
  katzRatioInterval,
  koopmanInterval,
  miettinenNurminenInterval,
  newcombeInterval,
  ratioMiettinenNurminenInterval,
} from '../../src/statistics/two-proportions.ts';
import { rankSumTest, signedRankTest } from '../../src/statistics/ranks.ts';
import { exactPermutationTest, permutationPValue } from '../../src/statistics/permutation.ts';
import {
  confidenceSequenceHalfWidth,
  decideOnline,
  mcnemarEValue,
  releaseByLadder,
} from '../../src/statistics/sequential.ts';
import { exceedsThreshold, hoeffdingSampleSize } from '../../src/statistics/sample-size-bounds.ts';
import {
  correctedResampledMean,
  friedmanTest,
  stochasticOrderViolation,
  trimmedMean,
} from '../../src/statistics/resampled-runs.ts';
import { findBestSplit, findChangePoints } from '../../src/statistics/change-points.ts';
import {
  fisherTableTest,
  fisherTest,
  R_ROOT_TOLERANCE,
  goodnessOfFitTest,
  independenceTest,
} from '../../src/statistics/contingency.ts';
import {
  categoricalDistances,
  energyDistance,
  entropy,
  meanDiscrepancy,
  medianDistance,
  mutualInformation,
  populationStabilityIndex,
  stabilityIndexFalseAlarm,
  wassersteinDistance,
} from '../../src/statistics/divergences.ts';
import { kolmogorovFiniteSurvival, kolmogorovSmirnovTest } from '../../src/statistics/kolmogorov-smirnov.ts';
import {
  binPredictions,
  calibrationErrors,
  decomposeBrier,
  hosmerLemeshowTest,
  recalibrate,
  spiegelhalterTest,
} from '../../src/statistics/calibration.ts';
import {
  autocorrelation,
  describeShape,
  EMPTY_MOMENTS,
  mergeMoments,
  momentsOf,
  pearsonCorrelation,
  type Moments,
} from '../../src/statistics/moments.ts';
import { generateVector, mulberry32 } from './generators.ts';
import { predictionAdapters } from './prediction-case-adapters.ts';

// The inputs differ from case to case and come from a file that we do not write.
// oxlint-disable-next-line typescript/no-explicit-any
type Inputs = any;

type Adapter = (inputs: Inputs) => unknown;

function limits(interval: ConfidenceInterval | undefined): readonly number[] | undefined {
  return interval === undefined ? undefined : [interval.low, interval.high];
}

function pairedCounts(inputs: Inputs): PairedCounts {
  const { both_ok: both, only_first_ok: onlyFirst, only_second_ok: onlySecond, both_wrong: neither } = inputs;
  return { both, onlyFirst, onlySecond, neither };
}

function mcnemar(inputs: Inputs): unknown {
  const { onlyFirst, onlySecond } = pairedCounts(inputs);
  const test = mcnemarTest(onlyFirst, onlySecond);
  return {
    chi2: test.chiSquared,
    p_asymptotic: test.pAsymptotic,
    chi2_cc: test.chiSquaredCorrected,
    p_cc: test.pCorrected,
    p_exact: test.pExact,
    p_midp: test.pMid,
  };
}

function pairedIntervals(inputs: Inputs): unknown {
  const counts = pairedCounts(inputs);
  return {
    difference: pairedDifference(counts),
    tango: limits(tangoInterval(counts, inputs.level)),
    newcombe_square_and_add: limits(pairedNewcombeInterval(counts, inputs.level)),
    wald: limits(pairedWaldInterval(counts, inputs.level)),
    bonett_price: limits(pairedBonettPriceInterval(counts, inputs.level)),
  };
}

function pairedNonInferiority(inputs: Inputs): unknown {
  const { only_new_ok: onlyFirst, only_old_ok: onlySecond, n, margin, alpha } = inputs;
  const counts = { both: n - onlyFirst - onlySecond, onlyFirst, onlySecond, neither: 0 };
  const test = tangoTest(counts, -margin);
  return {
    z: test.z,
    p: test.pGreater,
    lower_one_sided_95: tangoInterval(counts, 1 - 2 * alpha).low,
    upper_one_sided_95: tangoInterval(counts, 1 - 2 * alpha).high,
  };
}

function proportionIntervals({ x, n, level }: Inputs): unknown {
  return {
    wilson: limits(wilsonInterval(x, n, level)),
    clopper_pearson: limits(clopperPearsonInterval(x, n, level)),
    jeffreys: limits(jeffreysInterval(x, n, level)),
    agresti_coull: limits(agrestiCoullInterval(x, n, level)),
  };
}

function twoProportionIntervals({ x1, n1, x2, n2, level }: Inputs): unknown {
  const [first, second] = [
    { successes: x1, trials: n1 },
    { successes: x2, trials: n2 },
  ] as const;
  return {
    difference: x1 / n1 - x2 / n2,
    newcombe_hybrid: limits(newcombeInterval(first, second, level)),
    miettinen_nurminen: limits(miettinenNurminenInterval(first, second, level)),
    ratio: x1 / n1 / (x2 / n2),
    katz_log: limits(katzRatioInterval(first, second, level)),
    koopman_score: limits(koopmanInterval(first, second, level)),
    ratio_miettinen_nurminen: limits(ratioMiettinenNurminenInterval(first, second, level)),
  };
}

function delong(inputs: Inputs): unknown {
  const second = inputs.score_b ?? inputs.score2;
  if (second === undefined) {
    const estimate = delongAuc(inputs.y, inputs.score ?? inputs.score_a);
    return { ...estimate, var: estimate?.variance };
  }
  const pair = delongDifference(inputs.y, inputs.score_a ?? inputs.score1 ?? inputs.score, second);
  const z = (pair?.difference ?? NaN) / Math.sqrt(pair?.variance ?? NaN);
  return {
    auc_a: pair?.first.auc,
    auc_b: pair?.second.auc,
    var_a: pair?.first.variance,
    var_b: pair?.second.variance,
    cov: pair?.covariance,
    difference: pair?.difference,
    z,
    p: 2 * normalSurvival(Math.abs(z)),
    degenerate: pair?.degenerate,
  };
}

/** The area alone: no number where a class is absent, an error where a score is not a number. */
function rocAuc({ y, score }: Inputs): unknown {
  if (score.some(Number.isNaN)) {
    try {
      return delongAuc(y, score);
    } catch (error) {
      return { error: error instanceof RangeError ? 'invalid input NaN' : String(error) };
    }
  }
  const auc = delongAuc(y, score)?.auc;
  return auc === undefined ? { error: 'undefined', value: NaN } : { auc };
}

/** The stream of the cases' bootstrap: index = floor(u n) of mulberry32. */
function caseRandom(seed: number): Random {
  const uniform = mulberry32(seed);
  return {
    bits: () => Math.floor(uniform() * 2 ** 32),
    uniform,
    integer: (bound) => Math.floor(uniform() * bound),
  };
}

function bootstrapStatistic(data: Inputs, name: string): (rows: Uint32Array) => number {
  if (name === 'pearson correlation') {
    return (rows) =>
      pearsonCorrelation(
        Array.from(rows, (row) => data[row][0]),
        Array.from(rows, (row) => data[row][1]),
      ) ?? NaN;
  }
  if (name !== 'mean') throw new Error(`Unknown statistic "${name}".`);
  return (rows) => estimateMean(Array.from(rows, (row) => data[row])).mean;
}

function bootstrap({ data, statistic, B = 200, seed = 1, level = 0.95 }: Inputs): unknown {
  const options = { random: caseRandom(seed), replicates: B };
  const sample: BootstrapSample = bootstrapRows(data.length, bootstrapStatistic(data, statistic), options);
  const bca = bcaInterval(sample, level);
  return {
    theta: sample.estimate,
    se: bca.standardError,
    z0: bca.bias,
    acceleration: bca.acceleration,
    percentile: limits(percentileInterval(sample, level)),
    basic: limits(basicInterval(sample, level)),
    bca: limits(bca),
    bca_levels: bca.quantileLevels,
    interval: limits(bca),
    degenerate: bca.degenerate,
  };
}

function clusterBootstrap({ cluster, a, b, B, seed }: Inputs): unknown {
  const difference = (rows: Uint32Array): number =>
    rows.reduce((sum, row) => sum + (b[row] - a[row]), 0) / rows.length;
  const options = { random: caseRandom(seed), replicates: B, clusters: cluster };
  const interval = percentileInterval(bootstrapRows(a.length, difference, options), 0.95);
  return { se: interval.standardError, percentile95: limits(interval) };
}

function subtract(a: readonly number[], b: readonly number[]): number[] {
  return a.map((value, index) => value - (b[index] ?? NaN));
}

function tTests({ a, b }: Inputs): unknown {
  const paired = estimateMean(subtract(a, b));
  const test = tTest(paired, 0);
  const welch = tTest(welchDifference(estimateMean(a), estimateMean(b)), 0);
  return {
    paired: {
      mean: paired.mean,
      sd: paired.standardDeviation,
      degenerate: paired.degenerate,
      t: test.t,
      df: test.degreesOfFreedom,
      p: test.pTwoSided,
    },
    welch: { t: welch.t, df: welch.degreesOfFreedom, p: welch.pTwoSided },
  };
}

function tost(lower: TTest, upper: TTest): unknown {
  return {
    p: Math.max(lower.pGreater, upper.pLess),
    lower: { t: lower.t, p: lower.pGreater, df: lower.degreesOfFreedom },
    upper: { t: upper.t, p: upper.pLess, df: upper.degreesOfFreedom },
  };
}

function tostPaired({ a, b, low, high }: Inputs): unknown {
  const estimate = estimateMean(subtract(a, b));
  return tost(tTest(estimate, low), tTest(estimate, high));
}

function tostIndependent({ a, b, low, high }: Inputs): unknown {
  const difference = welchDifference(estimateMean(a), estimateMean(b));
  return tost(tTest(difference, low), tTest(difference, high));
}

function multipleTesting({ p, alpha = 0.05 }: Inputs): unknown {
  const methods = {
    bonferroni: 'bonferroni',
    holm: 'holm',
    hochberg: 'hochberg',
    hommel: 'hommel',
    BH: 'benjamini-hochberg',
    BY: 'benjamini-yekutieli',
    sidak: 'sidak',
    'holm-sidak': 'holm-sidak',
    fdr_tsbh: 'two-stage-benjamini-hochberg',
  } as const;
  const adjusted: Record<string, number[]> = {};
  for (const [name, method] of Object.entries(methods)) adjusted[name] = adjustPValues(p, method, alpha);
  const rejected = Object.entries(adjusted).map(([name, values]) => [
    name,
    values.filter((value) => value <= alpha).length,
  ]);
  return { ...adjusted, 'rejected_at_0.05': Object.fromEntries(rejected) };
}

function wilcoxon({ x, y, d }: Inputs): unknown {
  const test = signedRankTest(d ?? subtract(x, y));
  const p = test.exact ?? test.normal;
  const largest = (test.pairs * (test.pairs + 1)) / 2;
  return {
    W_plus: test.statistic,
    W_scipy: Math.min(test.statistic, largest - test.statistic),
    p: p.twoSided,
    p_two_sided: p.twoSided,
    p_greater: p.greater,
    hodges_lehmann: test.shift,
    hl_ci95: test.shiftInterval,
    p_asymptotic_nocc: test.normal.twoSided,
    p_asymptotic_cc: test.corrected.twoSided,
    n_effective: test.pairs,
  };
}

function mannWhitney({ x, y }: Inputs): unknown {
  const test = rankSumTest(x, y);
  return {
    U: test.statistic,
    auc: test.statistic / (x.length * y.length),
    p: (test.exact ?? test.normal).twoSided,
    p_two_sided_exact: test.exact?.twoSided,
    p_greater_exact: test.exact?.greater,
    hodges_lehmann: test.shift,
    hl_ci95: test.shiftInterval,
    p_asymptotic_cc: test.corrected.twoSided,
    p_asymptotic_nocc: test.normal.twoSided,
  };
}

function permutation({ x, y }: Inputs): unknown {
  const test = exactPermutationTest(x, y);
  return {
    statistic: test.statistic,
    p_two_sided_2min: test.pTwoSided,
    p_greater: test.pGreater,
    n_permutations: test.permutations,
  };
}

function lordPlusPlus({ p, alpha, w0 }: Inputs): unknown {
  const decisions = decideOnline(p, alpha, w0);
  return {
    alpha_i: decisions.map((decision) => decision.level),
    rejected: decisions.map((decision) => Number(decision.rejected)),
  };
}

/** The submissions of the Ladder's case, generated as its text says. */
function ladder({ n, submissions }: Inputs): unknown {
  const first = generateVector('mulberry32', 900, n).map((u) => Number(u < 0.3));
  const losses = Array.from({ length: submissions }, (_, k) => {
    if (k === 0) return first;
    const fresh = generateVector('mulberry32', 950 + k, n);
    return generateVector('mulberry32', 900 + k, n).map((u, i) =>
      u < 0.03 + 0.01 * k ? Number((fresh[i] ?? NaN) < 0.3 - 0.012 * k) : (first[i] ?? NaN),
    );
  });
  return { empirical: losses.map((loss) => estimateMean(loss).mean), released: releaseByLadder(losses) };
}

function easemlSizes({ H: tests }: Inputs): unknown {
  const rows = [0.99, 0.999, 0.9999, 0.99999].flatMap((reliability) =>
    [0.1, 0.05, 0.025, 0.01].map((tolerance) => {
      const size = (adaptivity: 'none' | 'full', variables: number): number =>
        Math.ceil(
          hoeffdingSampleSize(tolerance, { errorProbability: 1 - reliability, tests, adaptivity }, variables),
        );
      return [reliability, tolerance, size('none', 1), size('full', 1), size('none', 2), size('full', 2)];
    }),
  );
  return { rows };
}

function easemlEvaluate({ condition, estimates }: Inputs): unknown {
  const [threshold = NaN, tolerance = NaN] = (condition.match(/\d*\.\d+/g) ?? []).map(Number);
  const values = estimates.map(([n, o]: [number, number]) => exceedsThreshold(n - o, threshold, tolerance));
  return {
    values: values.map((value: string) => `${value.charAt(0).toUpperCase()}${value.slice(1)}`),
    'fp-free': values.map((value: string) => value === 'true'),
    'fn-free': values.map((value: string) => value !== 'false'),
  };
}

function nadeauBengio({ a, b, n_train: train, n_test: test }: Inputs): unknown {
  const differences = subtract(a, b);
  const corrected = tTest(correctedResampledMean(differences, { train, test }), 0);
  const naive = tTest(estimateMean(differences), 0);
  return {
    t_corrected: corrected.t,
    p_one_sided: corrected.pGreater,
    t_uncorrected: naive.t,
    p_uncorrected_one_sided: naive.pGreater,
    df: corrected.degreesOfFreedom,
  };
}

function column(rows: number[][], task: number): number[] {
  return rows.map((row) => row[task] ?? NaN);
}

function average(values: number[]): number {
  return estimateMean(values).mean;
}

function rliable({ scores, scores_y: other }: Inputs): unknown {
  const all: number[] = scores.flat();
  const tasks: number[] = scores[0].map((_: number, task: number) => task);
  const wins = tasks.map((task) => {
    const [x, y] = [column(scores, task), column(other, task)];
    return rankSumTest(x, y).statistic / (x.length * y.length);
  });
  const means = tasks.map((task) => average(column(scores, task))).toSorted((x, y) => x - y);
  return {
    iqm: trimmedMean(all, 0.25),
    mean: average(all),
    median: quantileOfSorted(means, 0.5),
    optimality_gap: average(all.map((score) => Math.max(0, 1 - score))),
    probability_of_improvement: average(wins),
  };
}

function stepQuantile(values: number[], p: number): number {
  return values[Math.ceil(values.length * p) - 1] ?? values[0] ?? NaN;
}

/** The violation ratio as a Riemann sum over a grid without its first node, as one library computes it. */
function gridViolation(a: readonly number[], b: readonly number[], step: number): number {
  const [x, y] = [a, b].map((values) => values.toSorted((p, q) => p - q)) as [number[], number[]];
  let [violated, total] = [0, 0];
  for (let node = 1; node * step < 1; node++) {
    const p = node * step;
    const gap = stepQuantile(y, p) - stepQuantile(x, p);
    total += gap * gap;
    if (gap > 0) violated += gap * gap;
  }
  return violated / total;
}

function aso({ scores_a: a, scores_b: b, dt }: Inputs): unknown {
  return {
    deepsig_dt_0_005: gridViolation(a, b, dt),
    exact_integral: stochasticOrderViolation(a, b),
    exact_integral_ba: stochasticOrderViolation(b, a),
  };
}

function friedman({ rows }: Inputs): unknown {
  const { chiSquared, degreesOfFreedom, p } = friedmanTest(rows);
  return { chi2: chiSquared, df: degreesOfFreedom, p };
}

/** Power or sizes of the t-tests that the case names. */
function powerOfT({ paired_n_for: paired, two_sample_power: two }: Inputs): unknown {
  return {
    n: pairedTSampleSize(paired.delta, paired.sd, paired),
    power: tTestPower(two.delta, two.sd * Math.SQRT2, two.n, 2 * (two.n - 1), two.alpha),
  };
}

function evalSampleSize({ omega2, sigma2_a: a, sigma2_b: b, delta, alpha, power }: Inputs): unknown {
  const size = (within: number, answers: number, other = within): number =>
    questionSampleSize(
      delta,
      omega2,
      [
        { variance: within, answers },
        { variance: other, answers },
      ],
      { alpha, power },
    );
  return {
    n: size(a, 1, b),
    'n_rounded_inputs_1.96_0.84': (omega2 * (1.96 + 0.84) ** 2) / delta ** 2,
    n_with_sigma2_1_6_K1: size(1 / 6, 1),
    n_with_sigma2_1_6_K10: size(1 / 6, 10),
  };
}

/** Exact size of two non-inferiority tests at the boundary, by enumeration of all discordant counts. */
function testSize({ scenarios_N_margin_p12_p21: rows, alpha_one_sided: alpha }: Inputs): unknown {
  const critical = -normalQuantile(alpha);
  return each(rows, (n = NaN, margin = NaN, p12 = NaN, p21 = NaN) => {
    let [wald, tango] = [0, 0];
    for (let b = 0; b <= n; b++) {
      const ofB = binomialProbability(b, n, p12);
      if (ofB < 1e-15) continue;
      for (let c = 0; c <= n - b; c++) {
        const probability = ofB * binomialProbability(c, n - b, p21 / (1 - p12));
        if (probability < 1e-18) continue;
        const difference = (b - c) / n;
        const error = Math.sqrt(Math.max(0, (b + c) / n - difference ** 2) / n);
        if (difference + margin >= critical * error) wald += probability;
        const counts = { both: n - b - c, onlyFirst: b, onlySecond: c, neither: 0 };
        if (tangoTest(counts, -margin).z >= critical) tango += probability;
      }
    }
    return { wald, tango };
  });
}

function disparateImpact(inputs: Inputs): unknown {
  const { selected_ref: x2, n_ref: n2, selected_group: x1, n_group: n1, level } = inputs;
  const table = [
    [x1, n1 - x1],
    [x2, n2 - x2],
  ];
  const test = independenceTest(table);
  const ratio = x1 / n1 / (x2 / n2);
  const koopman = koopmanInterval({ successes: x1, trials: n1 }, { successes: x2, trials: n2 }, level);
  return {
    ...(twoProportionIntervals({ x1, n1, x2, n2, level }) as object),
    impact_ratio: ratio,
    four_fifths_violated: ratio < 0.8,
    chi2: test.chiSquared,
    p_value: test.p,
    fisher_p: fisherTest(table, level).p,
    ci_excludes_0_8: koopman.high < 0.8 || koopman.low > 0.8,
  };
}

function chi2Contingency({ table }: Inputs): unknown {
  const [plain, corrected] = [independenceTest(table), independenceTest(table, true)];
  return {
    chi2: plain.chiSquared,
    p: plain.p,
    df: plain.degreesOfFreedom,
    expected: plain.expected,
    G: plain.g,
    G_p: plain.gP,
    cramers_v: plain.cramersV,
    cramers_v_bias_corrected: plain.correctedV,
    chi2_yates: corrected.chiSquared,
    p_yates: corrected.p,
    phi: plain.cramersV,
  };
}

function fisher2x2({ table }: Inputs): unknown {
  // The case is what R prints, so it is asked for to R's tolerance.
  const test = fisherTest(table, 0.95, R_ROOT_TOLERANCE);
  return { p: test.p, or: test.oddsRatio, ci: limits(test.interval) };
}

function distances({ p, q, p_counts: pCounts, q_counts: qCounts }: Inputs): unknown {
  const [first, second] = [p ?? pCounts, q ?? qCounts];
  const [there, back] = [categoricalDistances(first, second), categoricalDistances(second, first)];
  return {
    kl_pq: there.kullbackLeibler,
    kl_qp: back.kullbackLeibler,
    js_distance_e: there.jensenShannon,
    js_distance_2: there.jensenShannon / Math.sqrt(Math.LN2),
    js_disjoint_distance_2: categoricalDistances([1, 0], [0, 1]).jensenShannon / Math.sqrt(Math.LN2),
    tvd: there.totalVariation,
    linf: there.largestDifference,
    hellinger: there.hellinger,
  };
}

function energy({ x, y }: Inputs): unknown {
  const distance = energyDistance(x, y);
  const [m, n] = [x.length, y.length];
  return { E_statistic: ((m * n) / (m + n)) * distance, scipy_energy_distance: Math.sqrt(distance) };
}

/** All choices of `size` of `n` positions. */
function choices(n: number, size: number, from = 0): number[][] {
  if (size === 0) return [[]];
  const rest: number[][] = [];
  for (let first = from; first <= n - size; first++) {
    for (const tail of choices(n, size - 1, first + 1)) rest.push([first, ...tail]);
  }
  return rest;
}

function mmd({ x, y }: Inputs): unknown {
  const pooled: number[][] = [...x, ...y];
  const median = medianDistance(pooled);
  const gamma = 1 / (2 * median ** 2);
  const observed = meanDiscrepancy(x, y, gamma);
  const values = choices(pooled.length, x.length).map((chosen) => {
    const first = pooled.filter((_, index) => chosen.includes(index));
    const second = pooled.filter((_, index) => !chosen.includes(index));
    return meanDiscrepancy(first, second, gamma).unbiased;
  });
  const extreme = values.filter((value) => value >= observed.unbiased - 1e-12).length;
  return {
    median_distance: median,
    mmd2_unbiased: observed.unbiased,
    mmd2_biased: observed.biased,
    p_exact_permutation: extreme / values.length,
    n_permutations: values.length,
  };
}

function c2st({ n_test: n, accuracy, auc, n0, n1 }: Inputs): unknown {
  const accuracyZ = (accuracy - 0.5) / Math.sqrt(1 / (4 * n));
  const aucZ = (auc - 0.5) / Math.sqrt(nullAucVariance(n1, n0));
  return {
    acc_z: accuracyZ,
    acc_p_one_sided_normal: normalSurvival(accuracyZ),
    acc_p_exact_binom: binomialCdf(n - Math.round(accuracy * n), n, 0.5),
    auc_z_null: aucZ,
    auc_p_one_sided: normalSurvival(aucZ),
  };
}

/** Python's rounding, which the finite-sample form of one library uses. */
function roundHalfToEven(x: number): number {
  const floor = Math.floor(x);
  if (x - floor !== 0.5) return Math.round(x);
  return floor % 2 === 0 ? floor : floor + 1;
}

function ks({ x, y }: Inputs): unknown {
  const test = kolmogorovSmirnovTest(x, y);
  const effective = (x.length * y.length) / (x.length + y.length);
  return {
    statistic: test.statistic,
    p_exact: test.pExact,
    p_exact_conditional_on_ties: test.pExact,
    p_exact_ignoring_ties: test.pIgnoringTies,
    p_asymp_kolmogorov: test.pAsymptotic,
    p_asymp_scipy: kolmogorovFiniteSurvival(roundHalfToEven(effective), test.statistic),
  };
}

function calibration({ p, y, bins }: Inputs): unknown {
  const width = binPredictions(p, y, bins, 'equal-width');
  const [ofWidth, ofMass] = [
    calibrationErrors(width),
    calibrationErrors(binPredictions(p, y, bins, 'equal-mass')),
  ];
  return {
    ece_width: ofWidth.expected,
    mce_width: ofWidth.largest,
    ece_mass: ofMass.expected,
    l2_ce_squared_mass: ofMass.squared,
    l2_ce_squared_mass_debiased: ofMass.squaredDebiased,
    l2_ce_squared_width_debiased: ofWidth.squaredDebiased,
    bins_width: width.map(({ n, meanPrediction, meanOutcome }) => ({
      n,
      conf: meanPrediction,
      acc: meanOutcome,
    })),
    signed_bias_mean_p_minus_y: estimateMean(subtract(p, y)).mean,
  };
}

function brier({ p, y, bins }: Inputs): unknown {
  const parts = decomposeBrier(p, y, bins);
  const losses = p.map((value: number, index: number) => -Math.log(y[index] === 1 ? value : 1 - value));
  return {
    brier: parts.score,
    reliability: parts.reliability,
    resolution: parts.resolution,
    uncertainty: parts.uncertainty,
    within_bin_correction: parts.withinBins,
    brier_skill: parts.skill,
    log_loss: estimateMean(losses).mean,
  };
}

function calibrationTests({ p, y }: Inputs): unknown {
  const spiegelhalter = spiegelhalterTest(p, y);
  const fit = recalibrate(p, y);
  const bins = binPredictions(p, y, 10, 'equal-mass');
  return {
    spiegelhalter_z: spiegelhalter.z,
    spiegelhalter_p: spiegelhalter.p,
    cox_intercept: fit?.intercept,
    cox_slope: fit?.slope,
    cox_slope_se: fit?.slopeError,
    calibration_in_the_large: fit?.inTheLarge,
    hosmer_lemeshow_mass10: hosmerLemeshowTest(bins, 8).chiSquared,
    hl_p_df8: hosmerLemeshowTest(bins, 8).p,
    hl_p_df10_external: hosmerLemeshowTest(bins, 10).p,
  };
}

function reliabilityCurve({ p, y, bins, strategy }: Inputs): unknown {
  const curve = binPredictions(p, y, bins, strategy === 'quantile' ? 'equal-mass' : 'equal-width');
  return {
    prob_true: curve.map((bin) => bin.meanOutcome),
    prob_pred: curve.map((bin) => bin.meanPrediction),
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function evalStandardErrors({ cluster, a, b }: Inputs): unknown {
  const differences = subtract(b, a);
  const [ofA, ofB, ofD] = [estimateMean(a), estimateMean(b), estimateMean(differences)];
  const [clusteredA, clusteredD] = [
    estimateClusteredMean(a, cluster),
    estimateClusteredMean(differences, cluster),
  ];
  const groups = clusteredA.degreesOfFreedom + 1;
  const shrink = Math.sqrt((groups - 1) / groups);
  const n = a.length;
  const sizes = Array.from(
    { length: groups },
    (_, group) => cluster.filter((c: number) => c === group).length,
  );
  // Sums over pairs within a cluster are squares of sums less sums of squares.
  const crude = (clusteredA.standardError * shrink) ** 2;
  const ofSquares = (ofA.standardDeviation ** 2 * (n - 1)) / n ** 2;
  const between = clusteredBetween(a, cluster, sizes, ofA.mean);
  const within = (ofA.standardDeviation ** 2 * (n - 1) - between * (groups - 1)) / (n - groups);
  const typical = (n - sum(sizes.map((size) => size * size)) / n) / (groups - 1);
  return {
    n,
    clusters: groups,
    mean_a: ofA.mean,
    mean_b: ofB.mean,
    se_clt_a: ofA.standardError,
    se_bernoulli_a: Math.sqrt((ofA.mean * (1 - ofA.mean)) / n),
    se_clustered_a_miller_eq4: Math.sqrt(ofA.standardError ** 2 + crude - ofSquares),
    se_cluster_CR0_a: clusteredA.standardError * shrink,
    diff: ofD.mean,
    se_unpaired: Math.hypot(ofA.standardError, ofB.standardError),
    se_paired: ofD.standardError,
    se_paired_clustered_CR0: clusteredD.standardError * shrink,
    se_paired_clustered_CR1: clusteredD.standardError,
    correlation_ab: pearsonCorrelation(a, b),
    icc_anova_a: (between - within) / (between + (typical - 1) * within),
    p_paired_clustered_CR1_t: tTest(clusteredD, 0).pTwoSided,
  };
}

/** Mean square between clusters of a one-way analysis of variance. */
function clusteredBetween(values: Inputs, cluster: Inputs, sizes: readonly number[], mean: number): number {
  const squares = sizes.map((size, group) => {
    const own = sum(values.filter((_: number, index: number) => cluster[index] === group)) / size;
    return size * (own - mean) ** 2;
  });
  return sum(squares) / (sizes.length - 1);
}

function negativeFlips({ y, old, new: fresh }: Inputs): unknown {
  const right = (pred: Inputs): boolean[] => y.map((label: number, index: number) => pred[index] === label);
  const [was, is] = [right(old), right(fresh)];
  const count = (a: boolean, b: boolean): number => is.filter((ok, i) => ok === a && was[i] === b).length;
  const counts = {
    both: count(true, true),
    onlyFirst: count(true, false),
    onlySecond: count(false, true),
    neither: count(false, false),
  };
  const rates = flipRates(counts);
  return {
    nfr: rates.negative,
    pfr: rates.positive,
    churn: sum(old.map((label: number, index: number) => Number(label !== fresh[index]))) / y.length,
    acc_old: was.filter(Boolean).length / y.length,
    acc_new: is.filter(Boolean).length / y.length,
    relative_nfr: rates.relativeNegative,
    backward_trust_compatibility: rates.kept,
    nfr_ci_wilson: limits(wilsonInterval(counts.onlySecond, y.length, 0.95)),
  };
}

function describeMoments(moments: Moments, values: readonly number[]): unknown {
  const shape = describeShape(moments);
  const sorted = values.toSorted((p, q) => p - q);
  const median = quantileOfSorted(sorted, 0.5);
  const deviations = values.map((value) => Math.abs(value - median)).toSorted((p, q) => p - q);
  return {
    n: moments.n,
    mean: moments.mean,
    var_ddof1: shape.variance,
    sd_ddof1: shape.standardDeviation,
    skew_biased: shape.skewness,
    skew_g1_unbiased: shape.unbiasedSkewness,
    kurtosis_excess_biased: shape.kurtosis,
    kurtosis_excess_unbiased: shape.unbiasedKurtosis,
    mad: quantileOfSorted(deviations, 0.5),
    median,
    iqr_type7: quantileOfSorted(sorted, 0.75) - quantileOfSorted(sorted, 0.25),
    lag1_autocorrelation: autocorrelation(values, 1),
  };
}

function sliceFinder({ slice_loss: slice, rest_loss: rest }: Inputs): unknown {
  const [inside, outside] = [estimateMean(slice), estimateMean(rest)];
  const test = tTest(welchDifference(inside, outside), 0);
  const spread = Math.hypot(inside.standardDeviation, outside.standardDeviation);
  return {
    effect_size: (Math.SQRT2 * (inside.mean - outside.mean)) / spread,
    welch_t: test.t,
    p_one_sided: test.pGreater,
  };
}

/** Applies a function to each row of arguments. */
function each(rows: readonly (readonly number[])[], call: (...values: number[]) => unknown): unknown {
  return rows.map((row) => call(...row));
}

function otherTwoSample({ x, y }: Inputs): unknown {
  const cvm = cramerVonMisesTest(x, y);
  const characteristic = eppsSingletonTest(x, y);
  return {
    cvm: cvm.statistic,
    cvm_p_exact: cvm.pExact,
    cvm_p_asymptotic: cvm.pAsymptotic,
    anderson_ksamp: andersonDarlingStatistic([x, y]),
    epps_singleton: characteristic?.statistic,
    epps_singleton_p: characteristic?.p,
  };
}

function eDivisive({ series }: Inputs): unknown {
  const split = findBestSplit(series, 3);
  const { changePoints } = findChangePoints(series, { random: createRandom(1), alpha: 0.01 });
  const indexes = changePoints.map(({ index }) => index);
  return {
    first_split_best_q: split?.statistic,
    first_split_tau: split?.split,
    first_split_kappa: split?.end,
    otava_default_indexes: indexes,
    change_points: indexes,
  };
}

function sliceLine({ X, e, k, min_support: minimumSupport, alpha }: Inputs): unknown {
  const features = X[0].map((_: number, feature: number) => column(X, feature));
  const top = searchSlices(features, e, { count: k, minimumSupport, alpha });
  const all = searchSlices(features, e, { count: Number.POSITIVE_INFINITY, minimumSupport, alpha });
  const isIn = (row: number, { predicates }: ErrorSlice): boolean =>
    predicates.every(({ feature, value }) => X[row][feature] === value);
  return {
    top: top.slices.map((slice) => ({
      score: slice.score,
      sum_error: slice.errorSum,
      max_error: Math.max(...e.filter((_: number, row: number) => isIn(row, slice))),
      size: slice.size,
    })),
    n_slices_with_positive_score: all.slices.length,
  };
}

/** Function name of the cases -> how to call ours. */
export const adapters: Readonly<Record<string, Adapter | undefined>> = {
  'normalSf/normalPpf': ({ sf, ppf }) => ({ sf: sf.map(normalSurvival), ppf: ppf.map(normalQuantile) }),
  tSf: ({ t_df: rows }) => each(rows, (t = NaN, df = NaN) => studentTSurvival(t, df)),
  chi2Sf: ({ x_df: rows }) => each(rows, (x = NaN, df = NaN) => chiSquaredSurvival(x, df)),
  fSf: ({ x_d1_d2: rows }) => each(rows, (x = NaN, d1 = NaN, d2 = NaN) => fSurvival(x, d1, d2)),
  binomCdf: ({ k_n_p: rows }) => each(rows, (k = NaN, n = NaN, p = NaN) => binomialCdf(k, n, p)),
  betaPpf: ({ p_a_b: rows }) => each(rows, (p = NaN, a = NaN, b = NaN) => betaQuantile(p, a, b)),
  kolmogorovSf: ({ x }) => x.map(kolmogorovSurvival),
  mcnemar,
  pairedProportionDifferenceCI: pairedIntervals,
  pairedNonInferiority,
  proportionCI: proportionIntervals,
  twoProportionCI: twoProportionIntervals,
  delongAuc: delong,
  rocAuc,
  bootstrapBca: bootstrap,
  clusterBootstrap,
  disparateImpact,
  chi2Contingency,
  chi2Gof: ({ observed, expected }) => {
    const { chiSquared, p } = goodnessOfFitTest(observed, expected);
    return { chi2: chiSquared, p };
  },
  fisherExact2x2: fisher2x2,
  distributionDistances: distances,
  psi: ({ ref_counts: reference, cur_counts: current }) => ({
    'evidently_fill_0.0001': populationStabilityIndex(reference, current, { fill: 0.0001 }),
    'laplace_0.5': populationStabilityIndex(reference, current, { add: 0.5 }),
  }),
  psiFalseAlarm: ({ B, n, thresholds }) =>
    n.map((size: number) => thresholds.map((at: number) => stabilityIndexFalseAlarm(at, B, size, size))),
  wasserstein1: ({ cases }) =>
    cases.map(([x, y, u, v]: Inputs) =>
      wassersteinDistance(x, y, { first: u ?? undefined, second: v ?? undefined }),
    ),
  energyStatistic: energy,
  mmd,
  c2st,
  ks2Samp: ks,
  entropyCategorical: ({ counts }) => ({
    nats: entropy(counts),
    bits: entropy(counts) / Math.LN2,
    normalised_k4: entropy(counts) / Math.log(counts.length),
  }),
  mutualInformation: ({ table }) => ({ nats: mutualInformation(table) }),
  correlation: ({ x, y }) => {
    const pearson = pearsonCorrelation(x, y);
    return { pearson: pearson ?? NaN, undefined: pearson === undefined };
  },
  describe: ({ x }) => describeMoments(momentsOf(x), x),
  mergeMoments: ({ a, b }) => {
    const merged = mergeMoments(mergeMoments(EMPTY_MOMENTS, momentsOf(a)), momentsOf(b));
    return describeMoments(merged, [...a, ...b]);
  },
  calibration,
  brierDecomposition: brier,
  calibrationTests,
  reliabilityCurve,
  evalStandardErrors,
  bernoulliSe: ({ p_n: rows }) => each(rows, (p = NaN, n = NaN) => Math.sqrt((p * (1 - p)) / n)),
  negativeFlips,
  sliceFinderEffect: sliceFinder,
  wilcoxonSignedRank: wilcoxon,
  mannWhitneyU: mannWhitney,
  permutationTest: permutation,
  permutationPValue: ({ exceedances, n_permutations: m }) => ({
    p: permutationPValue(exceedances, m),
    p_wrong_without_plus_one: exceedances / m,
  }),
  testSize,
  tTestPower: powerOfT,
  powerTwoProportions: ({ p1, p2, ...target }) => ({ n_per_group: twoProportionSampleSize(p1, p2, target) }),
  evalSampleSize,
  lordPlusPlus,
  ladder,
  easemlSampleSize: easemlSizes,
  easemlEvaluate,
  eValueMcNemarBetaMixture: ({ wins_discordant: rows }) =>
    each(rows, (wins = NaN, discordant = NaN) => mcnemarEValue(wins, discordant)),
  asymptoticConfidenceSequence: ({ t_sd_rho_alpha: rows }) =>
    each(rows, (t = NaN, sd = NaN, rho = NaN, alpha = NaN) => confidenceSequenceHalfWidth(t, sd, rho, alpha)),
  correctedResampledTTest: nadeauBengio,
  rliable,
  asoViolationRatio: aso,
  friedman,
  tTests,
  tostPaired,
  tostIndependent,
  adjustPValues: multipleTesting,
  mcnemarSampleSize: ({ p_disc_delta_alpha2_power: rows }) =>
    each(rows, (discordance = NaN, delta = NaN, alpha = NaN, power = NaN) =>
      mcnemarSampleSize(discordance, delta, { alpha, power }),
    ),
  minimumDetectableEffect: ({ sd_diff: sd, n, alpha_one_sided: alpha, power }) =>
    n.map((size: number) => minimumDetectableEffect(sd, size, { alpha, power })),
  nonInferioritySampleSize: ({
    p_disc: share,
    true_diff: difference,
    margin,
    alpha_one_sided: alpha,
    power,
  }) => nonInferioritySampleSize(Math.sqrt(share - difference ** 2), margin, { alpha, power }, difference),
  zeroFailuresUpper: ({ n, level }) => n.map((size: number) => zeroFailuresUpperLimit(size, level)),
  gateVerdict: ({ intervals, margin }) =>
    intervals.map(([low, high]: readonly [number, number]) => judgeNonInferiority({ low, high }, margin)),
  quantile: ({ x, probs }) => {
    const types: readonly QuantileType[] = [1, 2, 3, 4, 5, 6, 7, 8, 9];
    return Object.fromEntries(types.map((type) => [`type${type}`, quantilesOf(x, probs, type)]));
  },
  profileColumn: ({ x }) => ({
    n: x.length,
    mean: describeShape(momentsOf(x)).mean,
    quantiles: quantilesOf(x, [0.25, 0.5, 0.75]),
  }),
  fisherExactRxC: ({ table }) => ({ p: fisherTableTest(table) }),
  otherTwoSample,
  eDivisive,
  sliceLine,
  ...predictionAdapters,
};

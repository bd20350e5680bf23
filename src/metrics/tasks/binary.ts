/** Metrics of binary classification. */
import { calibrationErrorForm, recalibrationForm } from '../calibration-forms.ts';
import {
  BALANCED_ACCURACY,
  createF,
  F1,
  JACCARD,
  KAPPA,
  MATTHEWS_CORRELATION,
  NEGATIVE_PREDICTIVE_VALUE,
  PRECISION,
} from '../class-metrics.ts';
import type { TableMetric } from '../class-table.ts';
import {
  ANY_NUMBER,
  CORRELATION,
  INTERVALS,
  NOT_NEGATIVE,
  UNIT_INTERVAL,
  type Parameter,
  type TaskMetric,
} from '../definition.ts';
import type { BinaryExamples } from '../examples.ts';
import { meanForm, type Form, type StatisticForm } from '../form.ts';
import { agreements, logLosses, squaredErrors } from '../losses.ts';
import {
  averagePrecisionForm,
  giniForm,
  largestGapForm,
  precisionAtBudgetForm,
  precisionAtRecallForm,
  recallAtBudgetForm,
  recallAtFalloutForm,
  recallAtPrecisionForm,
  type ScoredExamples,
} from '../score-statistics.ts';

type BinaryMetric = TaskMetric<BinaryExamples>;

/** Metrics of predicted labels can be asked for at any threshold. */
const THRESHOLD: Parameter = {
  meaning: 'a score of at least this counts as predicted positive',
  title: 'at a threshold of {}',
  range: UNIT_INTERVAL,
  needs: 'score',
};

/** The examples as predicted at another threshold; undefined where that needs scores and there are none. */
function predictAt(examples: BinaryExamples, threshold: number | undefined): BinaryExamples | undefined {
  if (threshold === undefined) return examples;
  const { score } = examples;
  if (score === undefined) return undefined;
  const predicted = new Uint8Array(score.length);
  for (let row = 0; row < predicted.length; row++) {
    if ((score[row] ?? Number.NaN) >= threshold) predicted[row] = 1;
  }
  return { ...examples, predicted };
}

/** A metric of predicted labels: as the file has them, or at a threshold. */
function ofLabels(
  definition: Omit<BinaryMetric, 'formOf' | 'needs' | 'parameter' | 'definition'>,
  formOf: (examples: BinaryExamples) => Form,
): BinaryMetric {
  return {
    ...definition,
    needs: 'prediction',
    parameter: THRESHOLD,
    definition: 1,
    formOf: (examples, at) => {
      const predicted = predictAt(examples, at);
      return predicted && formOf(predicted);
    },
  };
}

/** A statistic of the scores at some number. */
function ofScores(
  definition: Omit<BinaryMetric, 'formOf' | 'needs' | 'definition'>,
  formOf: (examples: ScoredExamples, at: number) => StatisticForm,
): BinaryMetric {
  return {
    ...definition,
    needs: 'score',
    definition: 1,
    formOf: ({ target, score }, at = Number.NaN) => score && formOf({ target, score }, at),
  };
}

function tableForm({ target, predicted }: BinaryExamples, metric: TableMetric): Form {
  return { kind: 'table', classes: 2, truth: target, predicted, metric };
}

/** 1 where a column has 0, and the other way round. */
function negate(column: Uint8Array): Uint8Array {
  return column.map((value) => 1 - value);
}

const NO_POSITIVE = 'when no example is positive';
const NO_NEGATIVE = 'when no example is negative';
const ONE_CLASS = 'when all examples are of one class';

const OF_LABELS: readonly BinaryMetric[] = [
  ofLabels(
    {
      name: 'accuracy',
      title: 'Accuracy',
      aliases: [
        'acc',
        'accuracy_score',
        'binary_accuracy',
        'categorical_accuracy',
        'sparse_categorical_accuracy',
        'exact_match',
      ],
      direction: 'higher-is-better',
      bounds: UNIT_INTERVAL,
      shown: true,
      formula: 'correct / n',
      interval: INTERVALS.share,
      comparison: INTERVALS.sharedDifference,
      source: 'scikit-learn accuracy_score',
    },
    ({ target, predicted }) => ({ kind: 'share', hits: agreements(target, predicted), among: undefined }),
  ),
  ofLabels(
    {
      name: 'precision',
      title: 'Precision',
      aliases: ['precision_score', 'positive_predictive_value', 'ppv'],
      direction: 'higher-is-better',
      bounds: UNIT_INTERVAL,
      shown: true,
      formula: 'TP / (TP + FP), of the positive class',
      undefinedWhen: 'when no example is predicted positive',
      interval: INTERVALS.share,
      comparison: INTERVALS.counts,
      source: 'scikit-learn precision_score(zero_division=nan)',
    },
    (examples) => tableForm(examples, PRECISION),
  ),
  ofLabels(
    {
      name: 'recall',
      title: 'Recall',
      aliases: ['recall_score', 'sensitivity', 'true_positive_rate', 'tpr', 'hit_rate'],
      direction: 'higher-is-better',
      bounds: UNIT_INTERVAL,
      shown: true,
      formula: 'TP / (TP + FN), of the positive class',
      undefinedWhen: NO_POSITIVE,
      interval: INTERVALS.share,
      comparison: `${INTERVALS.sharedDifference}, over the positive examples`,
      source: 'scikit-learn recall_score(zero_division=nan)',
    },
    ({ target, predicted }) => ({ kind: 'share', hits: predicted, among: target }),
  ),
  ofLabels(
    {
      name: 'f1',
      title: 'F1',
      aliases: ['f1_score', 'fscore', 'f_score', 'f_measure', 'binary_f1', 'binary_f1_score', 'dice'],
      direction: 'higher-is-better',
      bounds: UNIT_INTERVAL,
      shown: true,
      formula: '2 TP / (2 TP + FP + FN), of the positive class',
      undefinedWhen: 'when no example is positive and none is predicted positive',
      interval: INTERVALS.counts,
      comparison: INTERVALS.counts,
      source: 'scikit-learn f1_score(zero_division=nan)',
    },
    (examples) => tableForm(examples, F1),
  ),
];

const OF_ALL_SCORES: readonly BinaryMetric[] = [
  {
    name: 'roc_auc',
    title: 'ROC AUC',
    aliases: ['auc', 'auroc', 'roc_auc_score', 'auc_roc', 'rocauc', 'roc_auc_ovr_binary', 'c_statistic'],
    direction: 'higher-is-better',
    bounds: UNIT_INTERVAL,
    needs: 'score',
    shown: true,
    definition: 1,
    formula: 'P(score of a positive > score of a negative) + P(they are equal) / 2',
    undefinedWhen: ONE_CLASS,
    interval:
      'DeLong on the logit scale; never narrower than what 2.7 unseen examples of the smaller class (at alpha 0.05) could do',
    comparison:
      'paired DeLong, widened for skewness; with fewer than 200 examples of a class (and at most 5,000 in all) widened by the BCa bootstrap; never narrower than what 2.7 unseen examples of the smaller class (at alpha 0.05) could do',
    source: 'scikit-learn roc_auc_score; DeLong, DeLong and Clarke-Pearson, Biometrics 44 (1988)',
    formOf: ({ target, score }) => score && { kind: 'ranks', target, score },
  },
  {
    name: 'log_loss',
    title: 'Log loss',
    aliases: [
      'logloss',
      'cross_entropy',
      'crossentropy',
      'binary_crossentropy',
      'binary_cross_entropy',
      'bce',
      'categorical_crossentropy',
      'sparse_categorical_crossentropy',
      'logistic_loss',
      'negative_log_likelihood',
      'nll',
      'nll_loss',
    ],
    direction: 'lower-is-better',
    unit: 'nats',
    bounds: NOT_NEGATIVE,
    needs: 'score',
    shown: true,
    definition: 1,
    formula:
      'mean of -ln(probability of the true class), probabilities clipped to [eps, 1 - eps], eps = 2^-52',
    interval: INTERVALS.mean,
    comparison: `paired: ${INTERVALS.mean}`,
    source: 'scikit-learn log_loss (1.5 and newer clip at the eps of float64)',
    formOf: ({ target, score }) => score && meanForm(logLosses(target, score)),
  },
  {
    name: 'brier',
    title: 'Brier score',
    aliases: ['brier_score', 'brier_score_loss', 'brier_loss'],
    direction: 'lower-is-better',
    bounds: UNIT_INTERVAL,
    needs: 'score',
    shown: true,
    definition: 1,
    formula: 'mean of (score - target)^2, target 0 or 1',
    interval: INTERVALS.mean,
    comparison: `paired: ${INTERVALS.mean}`,
    source: 'scikit-learn brier_score_loss; G. W. Brier, Monthly Weather Review 78 (1950)',
    formOf: ({ target, score }) => score && meanForm(squaredErrors(target, score), { low: 0, high: 1 }),
  },
  ofScores(
    {
      name: 'average_precision',
      title: 'Average precision',
      aliases: ['average_precision_score', 'pr_auc', 'auc_pr', 'auprc', 'ap', 'binary_average_precision'],
      direction: 'higher-is-better',
      bounds: UNIT_INTERVAL,
      formula: 'sum over thresholds of (rise of recall) * precision, equal scores together',
      undefinedWhen: NO_POSITIVE,
      interval: INTERVALS.statistic,
      comparison: `paired: ${INTERVALS.statistic}`,
      source: 'scikit-learn average_precision_score',
    },
    averagePrecisionForm,
  ),
  ofScores(
    {
      name: 'gini',
      title: 'Gini coefficient',
      aliases: ['gini_coefficient', 'accuracy_ratio', 'somers_d'],
      direction: 'higher-is-better',
      bounds: CORRELATION,
      formula: '2 ROC AUC - 1',
      undefinedWhen: ONE_CLASS,
      interval: INTERVALS.statistic,
      comparison: `paired: ${INTERVALS.statistic}`,
      source: 'scikit-learn roc_auc_score',
    },
    giniForm,
  ),
  ofScores(
    {
      name: 'ks_statistic',
      title: 'Kolmogorov-Smirnov statistic',
      aliases: ['ks', 'ks_score', 'kolmogorov_smirnov', 'youden_j'],
      direction: 'higher-is-better',
      bounds: UNIT_INTERVAL,
      formula: 'largest TPR - FPR over all thresholds',
      undefinedWhen: ONE_CLASS,
      interval: INTERVALS.statistic,
      comparison: `paired: ${INTERVALS.statistic}`,
      source: 'scikit-learn roc_curve, max(tpr - fpr)',
    },
    largestGapForm,
  ),
];

const MORE_OF_LABELS: readonly BinaryMetric[] = [
  ofLabels(
    {
      name: 'specificity',
      title: 'Specificity',
      aliases: ['true_negative_rate', 'tnr', 'selectivity', 'binary_specificity'],
      direction: 'higher-is-better',
      bounds: UNIT_INTERVAL,
      formula: 'TN / (TN + FP)',
      undefinedWhen: NO_NEGATIVE,
      interval: INTERVALS.share,
      comparison: `${INTERVALS.sharedDifference}, over the negative examples`,
      source: 'scikit-learn recall_score(pos_label=0, zero_division=nan)',
    },
    ({ target, predicted }) => ({ kind: 'share', hits: negate(predicted), among: negate(target) }),
  ),
  ofLabels(
    {
      name: 'false_positive_rate',
      title: 'False positive rate',
      aliases: ['fpr', 'fall_out', 'fallout'],
      direction: 'lower-is-better',
      bounds: UNIT_INTERVAL,
      formula: 'FP / (TN + FP)',
      undefinedWhen: NO_NEGATIVE,
      interval: INTERVALS.share,
      comparison: `${INTERVALS.sharedDifference}, over the negative examples`,
      source: '1 - scikit-learn recall_score(pos_label=0, zero_division=nan)',
    },
    ({ target, predicted }) => ({ kind: 'share', hits: predicted, among: negate(target) }),
  ),
  ofLabels(
    {
      name: 'false_negative_rate',
      title: 'False negative rate',
      aliases: ['fnr', 'miss_rate'],
      direction: 'lower-is-better',
      bounds: UNIT_INTERVAL,
      formula: 'FN / (TP + FN)',
      undefinedWhen: NO_POSITIVE,
      interval: INTERVALS.share,
      comparison: `${INTERVALS.sharedDifference}, over the positive examples`,
      source: '1 - scikit-learn recall_score(zero_division=nan)',
    },
    ({ target, predicted }) => ({ kind: 'share', hits: negate(predicted), among: target }),
  ),
  ofLabels(
    {
      name: 'npv',
      title: 'Negative predictive value',
      aliases: ['negative_predictive_value'],
      direction: 'higher-is-better',
      bounds: UNIT_INTERVAL,
      formula: 'TN / (TN + FN)',
      undefinedWhen: 'when no example is predicted negative',
      interval: INTERVALS.share,
      comparison: INTERVALS.counts,
      source: 'scikit-learn precision_score(pos_label=0, zero_division=nan)',
    },
    (examples) => tableForm(examples, NEGATIVE_PREDICTIVE_VALUE),
  ),
  ofLabels(
    {
      name: 'selection_rate',
      title: 'Selection rate',
      aliases: ['positive_rate', 'predicted_positive_rate', 'acceptance_rate'],
      direction: 'none',
      bounds: UNIT_INTERVAL,
      formula: '(TP + FP) / n',
      interval: INTERVALS.share,
      comparison: INTERVALS.sharedDifference,
      source: 'fairlearn selection_rate',
    },
    ({ predicted }) => ({ kind: 'share', hits: predicted, among: undefined }),
  ),
  ofLabels(
    {
      name: 'balanced_accuracy',
      title: 'Balanced accuracy',
      aliases: ['balanced_accuracy_score', 'bacc'],
      direction: 'higher-is-better',
      bounds: UNIT_INTERVAL,
      formula: 'mean of the recall of the classes that occur',
      interval: INTERVALS.counts,
      comparison: INTERVALS.counts,
      source: 'scikit-learn balanced_accuracy_score',
    },
    (examples) => tableForm(examples, BALANCED_ACCURACY),
  ),
  ofLabels(
    {
      name: 'mcc',
      title: 'Matthews correlation',
      aliases: [
        'matthews_correlation',
        'matthews_corrcoef',
        'matthews_correlation_coefficient',
        'binary_matthews_corrcoef',
        'phi_coefficient',
      ],
      direction: 'higher-is-better',
      bounds: CORRELATION,
      formula: '(TP TN - FP FN) / sqrt((TP + FP)(TP + FN)(TN + FP)(TN + FN)); 0 where that is 0 / 0',
      interval: INTERVALS.counts,
      comparison: INTERVALS.counts,
      source: 'scikit-learn matthews_corrcoef; B. W. Matthews (1975)',
    },
    (examples) => tableForm(examples, MATTHEWS_CORRELATION),
  ),
  ofLabels(
    {
      name: 'kappa',
      title: "Cohen's kappa",
      aliases: ['cohen_kappa', 'cohen_kappa_score', 'cohens_kappa', 'binary_cohen_kappa'],
      direction: 'higher-is-better',
      bounds: CORRELATION,
      formula: '(agreement - agreement by chance) / (1 - agreement by chance)',
      undefinedWhen: 'when truth and prediction are all of one and the same class',
      interval: INTERVALS.counts,
      comparison: INTERVALS.counts,
      source: 'scikit-learn cohen_kappa_score; J. Cohen (1960)',
    },
    (examples) => tableForm(examples, KAPPA),
  ),
  ofLabels(
    {
      name: 'jaccard',
      title: 'Jaccard index',
      aliases: ['jaccard_score', 'jaccard_index', 'binary_jaccard_index', 'iou', 'critical_success_index'],
      direction: 'higher-is-better',
      bounds: UNIT_INTERVAL,
      formula: 'TP / (TP + FP + FN)',
      undefinedWhen: 'when no example is positive and none is predicted positive',
      interval: INTERVALS.counts,
      comparison: INTERVALS.counts,
      source: 'scikit-learn jaccard_score(zero_division=nan)',
    },
    (examples) => tableForm(examples, JACCARD),
  ),
  {
    name: 'f_beta',
    title: 'F-beta',
    aliases: ['fbeta', 'fbeta_score', 'binary_fbeta_score'],
    direction: 'higher-is-better',
    bounds: UNIT_INTERVAL,
    needs: 'prediction',
    parameter: {
      meaning: 'beta: how many times as much recall counts as precision',
      title: 'with beta {}',
      range: [0, 1000],
      required: true,
    },
    definition: 1,
    formula: '(1 + beta^2) TP / ((1 + beta^2) TP + beta^2 FN + FP)',
    undefinedWhen: 'when no example is positive and none is predicted positive',
    interval: INTERVALS.counts,
    comparison: INTERVALS.counts,
    source: 'scikit-learn fbeta_score(zero_division=nan)',
    formOf: (examples, at = Number.NaN) => tableForm(examples, createF(at)),
  },
];

function shareParameter(meaning: string): Parameter {
  return { meaning, title: 'of {}', range: UNIT_INTERVAL, required: true };
}

/** At an operating point that is given by a share. */
const AT_SHARES: readonly BinaryMetric[] = [
  ofScores(
    {
      name: 'precision_at_recall',
      title: 'Precision at a recall',
      aliases: ['precision_at_fixed_recall', 'binary_precision_at_fixed_recall'],
      direction: 'higher-is-better',
      bounds: UNIT_INTERVAL,
      parameter: shareParameter('the least recall of a threshold'),
      formula: 'highest precision of the thresholds with at least this recall',
      undefinedWhen: NO_POSITIVE,
      interval: INTERVALS.resampled,
      comparison: `paired: ${INTERVALS.resampled}`,
      source: 'scikit-learn precision_recall_curve, max(precision[recall >= r])',
    },
    precisionAtRecallForm,
  ),
  ofScores(
    {
      name: 'recall_at_precision',
      title: 'Recall at a precision',
      aliases: ['recall_at_fixed_precision', 'binary_recall_at_fixed_precision'],
      direction: 'higher-is-better',
      bounds: UNIT_INTERVAL,
      parameter: shareParameter('the least precision of a threshold'),
      formula: 'highest recall of the thresholds with at least this precision; 0 where none has it',
      undefinedWhen: NO_POSITIVE,
      interval: INTERVALS.resampled,
      comparison: `paired: ${INTERVALS.resampled}`,
      source: 'scikit-learn precision_recall_curve, max(recall[precision >= p])',
    },
    recallAtPrecisionForm,
  ),
  ofScores(
    {
      name: 'recall_at_fpr',
      title: 'Recall at a false positive rate',
      aliases: ['tpr_at_fpr', 'sensitivity_at_fpr', 'recall_at_false_positive_rate'],
      direction: 'higher-is-better',
      bounds: UNIT_INTERVAL,
      parameter: shareParameter('the largest false positive rate of a threshold'),
      formula: 'highest recall of the thresholds with at most this false positive rate',
      undefinedWhen: ONE_CLASS,
      interval: INTERVALS.resampled,
      comparison: `paired: ${INTERVALS.resampled}`,
      source: 'scikit-learn roc_curve, max(tpr[fpr <= f])',
    },
    recallAtFalloutForm,
  ),
  ofScores(
    {
      name: 'precision_at_budget',
      title: 'Precision at a budget',
      aliases: ['precision_at_top'],
      direction: 'higher-is-better',
      bounds: UNIT_INTERVAL,
      parameter: shareParameter('the share of examples that are acted on, highest scores first'),
      formula: 'positives among the share with the highest scores / that share; of equal scores each in part',
      interval: INTERVALS.resampled,
      comparison: `paired: ${INTERVALS.resampled}`,
      source: 'its definition in numpy, in test/reference',
    },
    precisionAtBudgetForm,
  ),
  ofScores(
    {
      name: 'recall_at_budget',
      title: 'Recall at a budget',
      aliases: ['recall_at_top', 'capture_rate', 'cumulative_gain'],
      direction: 'higher-is-better',
      bounds: UNIT_INTERVAL,
      parameter: shareParameter('the share of examples that are acted on, highest scores first'),
      formula:
        'positives among the share with the highest scores / all positives; of equal scores each in part',
      undefinedWhen: NO_POSITIVE,
      interval: INTERVALS.resampled,
      comparison: `paired: ${INTERVALS.resampled}`,
      source: 'its definition in numpy, in test/reference',
    },
    recallAtBudgetForm,
  ),
];

const OF_CALIBRATION: readonly BinaryMetric[] = [
  ofScores(
    {
      name: 'ece',
      title: 'Calibration error',
      aliases: ['expected_calibration_error', 'calibration_error', 'rms_calibration_error'],
      direction: 'lower-is-better',
      bounds: UNIT_INTERVAL,
      formula:
        'root of the mean squared gap between mean score and share of positives over at most 15 bins of equal size, less what chance adds',
      interval: 'test inversion: noncentral chi-squared over bins',
      comparison: INTERVALS.squareAndAdd,
      source: 'A. Kumar, P. Liang, T. Ma, NeurIPS 32 (2019), section 5',
    },
    calibrationErrorForm,
  ),
  ofScores(
    {
      name: 'calibration_slope',
      title: 'Calibration slope',
      aliases: ['cox_slope'],
      direction: 'none',
      bounds: ANY_NUMBER,
      formula: 'slope of a logistic regression of the target on the logit of the score; 1 is best',
      undefinedWhen: 'when all examples are of one class, or the scores separate the classes',
      interval: 'Wald, maximum likelihood; with groups or weights robust',
      comparison: INTERVALS.squareAndAdd,
      source: 'D. R. Cox, Biometrika 45 (1958); statsmodels Logit',
    },
    (examples) => recalibrationForm(examples, 'slope'),
  ),
  ofScores(
    {
      name: 'calibration_intercept',
      title: 'Calibration in the large',
      aliases: ['cox_intercept', 'calibration_in_the_large'],
      direction: 'none',
      bounds: ANY_NUMBER,
      formula: 'intercept of that logistic regression with the slope held at 1; 0 is best',
      undefinedWhen: ONE_CLASS,
      interval: 'Wald, maximum likelihood; with groups or weights robust',
      comparison: INTERVALS.squareAndAdd,
      source: 'D. R. Cox, Biometrika 45 (1958); statsmodels GLM with an offset',
    },
    (examples) => recalibrationForm(examples, 'inTheLarge'),
  ),
];

export const BINARY_METRICS: readonly BinaryMetric[] = [
  ...OF_LABELS,
  ...OF_ALL_SCORES,
  ...MORE_OF_LABELS,
  ...AT_SHARES,
  ...OF_CALIBRATION,
];

/** Metrics of multiclass classification. */
import { calibrationErrorForm } from '../calibration-forms.ts';
import { confidencesOf } from '../class-confidence.ts';
import { oneVersusOneForm, oneVersusRestForm } from '../class-areas.ts';
import {
  BALANCED_ACCURACY,
  KAPPA,
  MACRO_F1,
  MACRO_JACCARD,
  MACRO_PRECISION,
  MACRO_RECALL,
  MATTHEWS_CORRELATION,
  WEIGHTED_F1,
  WEIGHTED_PRECISION,
  WEIGHTED_RECALL,
} from '../class-metrics.ts';
import type { TableMetric } from '../class-table.ts';
import { CORRELATION, INTERVALS, NOT_NEGATIVE, UNIT_INTERVAL, type TaskMetric } from '../definition.ts';
import type { MulticlassExamples } from '../examples.ts';
import { meanForm, type MeansForm } from '../form.ts';
import { agreements, negativeLogarithms, products, squaredErrors } from '../losses.ts';

type MulticlassMetric = TaskMetric<MulticlassExamples>;

/** A function of the counts by class. */
function ofTable(
  definition: Omit<
    MulticlassMetric,
    'formOf' | 'needs' | 'definition' | 'interval' | 'comparison' | 'direction'
  >,
  metric: TableMetric,
): MulticlassMetric {
  return {
    ...definition,
    direction: 'higher-is-better',
    needs: 'prediction',
    definition: 1,
    interval: INTERVALS.manyCounts,
    comparison: INTERVALS.manyCounts,
    formOf: ({ target, predicted, labels }) => ({
      kind: 'table',
      metric,
      classes: labels.length,
      truth: target,
      predicted,
    }),
  };
}

/** The moments that quadratic kappa is made of: of the distance, the target, the prediction and their squares. */
function readMoments({
  0: apart = Number.NaN,
  1: t = Number.NaN,
  2: c = Number.NaN,
  3: tt = Number.NaN,
  4: cc = Number.NaN,
}: ArrayLike<number>) {
  return { apart, t, c, byChance: tt + cc - 2 * t * c };
}

/**
 * Kappa with quadratic weights from the moments of the two labels' numbers: 1 less the mean squared distance over that of
 * labels drawn apart from each other.
 */
function quadraticKappaForm({ target, predicted, labels }: MulticlassExamples): MeansForm {
  // From the middle label, so that differences of moments keep their digits.
  const middle = (labels.length - 1) / 2;
  const truth = Float64Array.from(target, (label) => label - middle);
  const claim = Float64Array.from(predicted, (label) => label - middle);
  const distance = squaredErrors(truth, claim);
  return {
    kind: 'means',
    columns: [distance, truth, claim, products(truth, truth), products(claim, claim)],
    plain: false,
    value: (means) => {
      const { apart, byChance } = readMoments(means);
      return byChance > 0 ? 1 - apart / byChance : Number.NaN;
    },
    gradient: (means) => {
      const { apart, t, c, byChance } = readMoments(means);
      const slope = apart / byChance ** 2;
      return [-1 / byChance, -2 * c * slope, -2 * t * slope, slope, slope];
    },
  };
}

function ofAreas(
  name: string,
  title: string,
  aliases: readonly string[],
  way: 'ovr' | 'ovo',
  averaging: 'macro' | 'weighted',
): MulticlassMetric {
  const method = way === 'ovr' ? INTERVALS.statistic : INTERVALS.resampled;
  const average = averaging === 'macro' ? 'all alike' : 'by how often they are true';
  return {
    name,
    title,
    aliases,
    direction: 'higher-is-better',
    bounds: UNIT_INTERVAL,
    needs: 'score',
    definition: 1,
    formula: `mean of the areas under the ROC curve of ${way === 'ovr' ? 'each label against the rest' : 'each two labels, in both directions'}, ${average}`,
    undefinedWhen: 'when a label has no example',
    interval: method,
    comparison: `paired: ${method}`,
    source: `scikit-learn roc_auc_score(multi_class="${way}", average="${averaging}")`,
    formOf: (examples) =>
      examples.scores &&
      (way === 'ovr' ? oneVersusRestForm : oneVersusOneForm)(examples, examples.scores, averaging),
  };
}

export const MULTICLASS_METRICS: readonly MulticlassMetric[] = [
  {
    name: 'accuracy',
    title: 'Accuracy',
    aliases: [
      'acc',
      'accuracy_score',
      'categorical_accuracy',
      'sparse_categorical_accuracy',
      'multiclass_accuracy',
      'exact_match',
    ],
    direction: 'higher-is-better',
    bounds: UNIT_INTERVAL,
    needs: 'prediction',
    shown: true,
    definition: 1,
    formula: 'correct / n',
    interval: INTERVALS.share,
    comparison: INTERVALS.sharedDifference,
    source: 'scikit-learn accuracy_score',
    formOf: ({ target, predicted }) => ({
      kind: 'share',
      hits: agreements(target, predicted),
      among: undefined,
    }),
  },
  {
    ...ofTable(
      {
        name: 'macro_f1',
        title: 'Macro F1',
        aliases: ['f1_macro', 'macro_f1_score', 'f1_score_macro', 'macro_avg_f1_score', 'multiclass_f1'],
        bounds: UNIT_INTERVAL,
        formula: 'mean over all classes in target or prediction of 2 TP / (2 TP + FP + FN)',
        source: 'scikit-learn f1_score(average="macro", zero_division=0)',
      },
      MACRO_F1,
    ),
    shown: true,
  },
  {
    name: 'log_loss',
    title: 'Log loss',
    aliases: [
      'logloss',
      'cross_entropy',
      'crossentropy',
      'categorical_crossentropy',
      'sparse_categorical_crossentropy',
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
      'mean of -ln(probability of the true label), probabilities clipped to [eps, 1 - eps], eps = 2^-52',
    interval: INTERVALS.mean,
    comparison: `paired: ${INTERVALS.mean}`,
    source: 'scikit-learn log_loss',
    formOf: ({ trueProbability }) => trueProbability && meanForm(negativeLogarithms(trueProbability)),
  },
  {
    name: 'brier',
    title: 'Brier score',
    aliases: ['brier_score', 'brier_score_loss', 'brier_loss'],
    direction: 'lower-is-better',
    bounds: [0, 2],
    needs: 'score',
    definition: 1,
    formula: 'mean of the sum over labels of (probability - truth)^2, truth 0 or 1',
    interval: INTERVALS.mean,
    comparison: `paired: ${INTERVALS.mean}`,
    source: 'scikit-learn brier_score_loss(scale_by_half=False)',
    formOf: ({ squaredErrors: errors }) => errors && meanForm(errors.slice(), { low: 0, high: 2 }),
  },
  {
    name: 'ece',
    title: 'Calibration error of the predicted label',
    aliases: ['expected_calibration_error', 'calibration_error', 'rms_calibration_error'],
    direction: 'lower-is-better',
    bounds: UNIT_INTERVAL,
    needs: 'score',
    definition: 1,
    formula:
      'root of the mean squared gap between mean confidence in the predicted label and accuracy over at most 15 bins of equal size, less what chance adds',
    interval: 'test inversion: noncentral chi-squared over bins',
    comparison: INTERVALS.squareAndAdd,
    source: 'A. Kumar, P. Liang, T. Ma, NeurIPS 32 (2019), section 5; C. Guo and others, ICML 34 (2017)',
    formOf: (examples) => {
      const confidences = confidencesOf(examples);
      return confidences && calibrationErrorForm(confidences);
    },
  },
  {
    name: 'top_k_accuracy',
    title: 'Top-k accuracy',
    aliases: ['top_k_accuracy_score', 'top_k_categorical_accuracy', 'sparse_top_k_categorical_accuracy'],
    direction: 'higher-is-better',
    bounds: UNIT_INTERVAL,
    needs: 'score',
    parameter: {
      meaning: 'among how many of the highest probabilities the true label must be',
      title: 'with k = {}',
      range: [1, Number.POSITIVE_INFINITY],
      whole: true,
      required: true,
    },
    definition: 1,
    formula:
      'share of examples whose true label has one of the k highest probabilities; of equal ones the later labels come first',
    interval: INTERVALS.share,
    comparison: INTERVALS.sharedDifference,
    source: 'scikit-learn top_k_accuracy_score',
    formOf: ({ trueRank }, at = Number.NaN) =>
      trueRank && {
        kind: 'share',
        hits: Uint8Array.from(trueRank, (rank) => (rank <= at ? 1 : 0)),
        among: undefined,
      },
  },
  ofTable(
    {
      name: 'balanced_accuracy',
      title: 'Balanced accuracy',
      aliases: ['balanced_accuracy_score', 'bacc'],
      bounds: UNIT_INTERVAL,
      formula: 'mean of the recall of the labels that occur in the target',
      source: 'scikit-learn balanced_accuracy_score',
    },
    BALANCED_ACCURACY,
  ),
  {
    name: 'micro_f1',
    title: 'Micro F1',
    aliases: [
      'f1_micro',
      'micro_f1_score',
      'f1_score_micro',
      'micro_precision',
      'micro_recall',
      'precision_micro',
      'recall_micro',
    ],
    direction: 'higher-is-better',
    bounds: UNIT_INTERVAL,
    needs: 'prediction',
    definition: 1,
    formula:
      '2 TP / (2 TP + FP + FN) over all labels together, which is accuracy where each example has one label',
    interval: INTERVALS.share,
    comparison: INTERVALS.sharedDifference,
    source: 'scikit-learn f1_score(average="micro")',
    formOf: ({ target, predicted }) => ({
      kind: 'share',
      hits: agreements(target, predicted),
      among: undefined,
    }),
  },
  ofTable(
    {
      name: 'weighted_f1',
      title: 'Weighted F1',
      aliases: ['f1_weighted', 'weighted_f1_score', 'f1_score_weighted'],
      bounds: UNIT_INTERVAL,
      formula: 'mean of F1 over labels, by how often they are true',
      source: 'scikit-learn f1_score(average="weighted", zero_division=0)',
    },
    WEIGHTED_F1,
  ),
  ofTable(
    {
      name: 'macro_precision',
      title: 'Macro precision',
      aliases: ['precision_macro', 'precision_score_macro'],
      bounds: UNIT_INTERVAL,
      formula: 'mean over all labels in target or prediction of TP / (TP + FP)',
      source: 'scikit-learn precision_score(average="macro", zero_division=0)',
    },
    MACRO_PRECISION,
  ),
  ofTable(
    {
      name: 'macro_recall',
      title: 'Macro recall',
      aliases: ['recall_macro', 'recall_score_macro'],
      bounds: UNIT_INTERVAL,
      formula: 'mean over all labels in target or prediction of TP / (TP + FN)',
      source: 'scikit-learn recall_score(average="macro", zero_division=0)',
    },
    MACRO_RECALL,
  ),
  ofTable(
    {
      name: 'weighted_precision',
      title: 'Weighted precision',
      aliases: ['precision_weighted', 'precision_score_weighted'],
      bounds: UNIT_INTERVAL,
      formula: 'mean of precision over labels, by how often they are true',
      source: 'scikit-learn precision_score(average="weighted", zero_division=0)',
    },
    WEIGHTED_PRECISION,
  ),
  ofTable(
    {
      name: 'weighted_recall',
      title: 'Weighted recall',
      aliases: ['recall_weighted', 'recall_score_weighted'],
      bounds: UNIT_INTERVAL,
      formula: 'mean of recall over labels, by how often they are true',
      source: 'scikit-learn recall_score(average="weighted", zero_division=0)',
    },
    WEIGHTED_RECALL,
  ),
  ofTable(
    {
      name: 'macro_jaccard',
      title: 'Macro Jaccard index',
      aliases: ['jaccard_macro', 'jaccard_score_macro', 'mean_iou'],
      bounds: UNIT_INTERVAL,
      formula: 'mean over all labels in target or prediction of TP / (TP + FP + FN)',
      source: 'scikit-learn jaccard_score(average="macro", zero_division=0)',
    },
    MACRO_JACCARD,
  ),
  ofTable(
    {
      name: 'mcc',
      title: 'Matthews correlation',
      aliases: [
        'matthews_correlation',
        'matthews_corrcoef',
        'matthews_correlation_coefficient',
        'multiclass_matthews_corrcoef',
      ],
      bounds: CORRELATION,
      formula: 'correlation of truth and prediction over all labels; 0 where either has a single label',
      source: 'scikit-learn matthews_corrcoef; J. Gorodkin (2004)',
    },
    MATTHEWS_CORRELATION,
  ),
  ofTable(
    {
      name: 'kappa',
      title: "Cohen's kappa",
      aliases: ['cohen_kappa', 'cohen_kappa_score', 'cohens_kappa', 'multiclass_cohen_kappa'],
      bounds: CORRELATION,
      formula: '(agreement - agreement by chance) / (1 - agreement by chance)',
      undefinedWhen: 'when truth and prediction are all of one and the same label',
      source: 'scikit-learn cohen_kappa_score; J. Cohen (1960)',
    },
    KAPPA,
  ),
  {
    name: 'quadratic_kappa',
    title: 'Quadratic kappa',
    aliases: ['quadratic_weighted_kappa', 'qwk', 'weighted_kappa'],
    direction: 'higher-is-better',
    bounds: CORRELATION,
    needs: 'prediction',
    definition: 1,
    formula:
      '1 - mean squared distance of target and prediction / the same of labels drawn by chance; labels are numbered in the order of their sorted names',
    undefinedWhen: 'when truth and prediction are all of one and the same label',
    interval: INTERVALS.means,
    comparison: `paired: ${INTERVALS.means}`,
    source: 'scikit-learn cohen_kappa_score(weights="quadratic"); J. Cohen (1968)',
    formOf: quadraticKappaForm,
  },
  ofAreas(
    'roc_auc_ovr',
    'ROC AUC, one against the rest',
    ['auc_ovr', 'auroc_ovr', 'roc_auc', 'auc', 'auroc', 'multiclass_auroc'],
    'ovr',
    'macro',
  ),
  ofAreas('roc_auc_ovr_weighted', 'ROC AUC, one against the rest, weighted', [], 'ovr', 'weighted'),
  ofAreas('roc_auc_ovo', 'ROC AUC, one against one', ['auc_ovo', 'auroc_ovo'], 'ovo', 'macro'),
  ofAreas('roc_auc_ovo_weighted', 'ROC AUC, one against one, weighted', [], 'ovo', 'weighted'),
];

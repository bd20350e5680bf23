/** The catalogue of metrics: one table of names and meanings. How each is computed stands in forms.ts. */
import type { Task } from './examples.ts';

export interface MetricDefinition {
  readonly name: string;
  /** Name for people, in the form that begins a sentence. */
  readonly title: string;
  /** Names of the same quantity in scikit-learn, Keras, Hugging Face and others, in lower case with underscores. */
  readonly aliases: readonly string[];
  readonly direction: 'higher-is-better' | 'lower-is-better';
  /** Left out where the value has none, or that of the target. */
  readonly unit?: string;
  /** Smallest and largest possible value. */
  readonly bounds: readonly [number, number];
  /** Tasks that it is computed for; none: read from metrics files only. */
  readonly tasks: readonly Task[];
  /** Columns of the predictions file that it needs besides id and target. */
  readonly needs: 'score' | 'prediction';
  /** Rises by one when the same predictions would give another value. */
  readonly definition: number;
  readonly formula: string;
  /** When there is no value, as the end of the sentence "It is undefined ...". */
  readonly undefinedWhen?: string;
  /** Interval of one model's value. */
  readonly interval?: string;
  /** Interval of the paired difference of two models. */
  readonly comparison?: string;
  readonly source: string;
}

const BINARY = ['binary-classification'] as const;
const UNIT_INTERVAL = [0, 1] as const;
const NOT_NEGATIVE = [0, Number.POSITIVE_INFINITY] as const;
const BOOTSTRAP =
  'up to 5,000 examples BCa bootstrap, not narrower than the delta method nor, up to 200, than the studentised bootstrap; above, delta method, widened for skewness';
const MEAN =
  'up to 5,000 examples BCa bootstrap, not narrower than Student t nor, up to 200, than the studentised bootstrap; above, Student t, widened for skewness';
const JOINT_COUNTS = 'BCa bootstrap of the joint counts, widened for unseen flips';

const COMPUTED: readonly MetricDefinition[] = [
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
    tasks: ['binary-classification', 'multiclass-classification'],
    needs: 'prediction',
    definition: 1,
    formula: 'correct / n',
    interval: 'Clopper-Pearson',
    comparison: 'Tango score, corrected for continuity and skewness',
    source: 'scikit-learn accuracy_score',
  },
  {
    name: 'precision',
    title: 'Precision',
    aliases: ['precision_score', 'positive_predictive_value', 'ppv'],
    direction: 'higher-is-better',
    bounds: UNIT_INTERVAL,
    tasks: BINARY,
    needs: 'prediction',
    definition: 1,
    formula: 'TP / (TP + FP), of the positive class',
    undefinedWhen: 'when no example is predicted positive',
    interval: 'Clopper-Pearson',
    comparison: JOINT_COUNTS,
    source: 'scikit-learn precision_score(zero_division=nan)',
  },
  {
    name: 'recall',
    title: 'Recall',
    aliases: ['recall_score', 'sensitivity', 'true_positive_rate', 'tpr', 'hit_rate'],
    direction: 'higher-is-better',
    bounds: UNIT_INTERVAL,
    tasks: BINARY,
    needs: 'prediction',
    definition: 1,
    formula: 'TP / (TP + FN), of the positive class',
    undefinedWhen: 'when no example is positive',
    interval: 'Clopper-Pearson',
    comparison: 'Tango score, corrected for continuity and skewness, over the positive examples',
    source: 'scikit-learn recall_score(zero_division=nan)',
  },
  {
    name: 'f1',
    title: 'F1',
    aliases: ['f1_score', 'fscore', 'f_score', 'f_measure', 'binary_f1', 'dice'],
    direction: 'higher-is-better',
    bounds: UNIT_INTERVAL,
    tasks: BINARY,
    needs: 'prediction',
    definition: 1,
    formula: '2 TP / (2 TP + FP + FN), of the positive class',
    undefinedWhen: 'when no example is positive and none is predicted positive',
    interval: JOINT_COUNTS,
    comparison: JOINT_COUNTS,
    source: 'scikit-learn f1_score(zero_division=nan)',
  },
  {
    name: 'roc_auc',
    title: 'ROC AUC',
    aliases: ['auc', 'auroc', 'roc_auc_score', 'auc_roc', 'rocauc', 'roc_auc_ovr_binary', 'c_statistic'],
    direction: 'higher-is-better',
    bounds: UNIT_INTERVAL,
    tasks: BINARY,
    needs: 'score',
    definition: 1,
    formula: 'P(score of a positive > score of a negative) + P(they are equal) / 2',
    undefinedWhen: 'when all examples are of one class',
    interval:
      'DeLong on the logit scale; never narrower than what 2.7 unseen examples of the smaller class (at alpha 0.05) could do',
    comparison:
      'paired DeLong, widened for skewness; with fewer than 200 examples of a class (and at most 5,000 in all) widened by the BCa bootstrap; never narrower than what 2.7 unseen examples of the smaller class (at alpha 0.05) could do',
    source: 'scikit-learn roc_auc_score; DeLong, DeLong and Clarke-Pearson, Biometrics 44 (1988)',
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
    tasks: BINARY,
    needs: 'score',
    definition: 1,
    formula:
      'mean of -ln(probability of the true class), probabilities clipped to [eps, 1 - eps], eps = 2^-52',
    interval: MEAN,
    comparison: `paired: ${MEAN}`,
    source: 'scikit-learn log_loss (1.5 and newer clip at the eps of float64)',
  },
  {
    name: 'brier',
    title: 'Brier score',
    aliases: ['brier_score', 'brier_score_loss', 'brier_loss'],
    direction: 'lower-is-better',
    bounds: UNIT_INTERVAL,
    tasks: BINARY,
    needs: 'score',
    definition: 1,
    formula: 'mean of (score - target)^2, target 0 or 1',
    interval: MEAN,
    comparison: `paired: ${MEAN}`,
    source: 'scikit-learn brier_score_loss; G. W. Brier, Monthly Weather Review 78 (1950)',
  },
  {
    name: 'macro_f1',
    title: 'Macro F1',
    aliases: ['f1_macro', 'macro_f1_score', 'f1_score_macro', 'macro_avg_f1_score', 'multiclass_f1'],
    direction: 'higher-is-better',
    bounds: UNIT_INTERVAL,
    tasks: ['multiclass-classification'],
    needs: 'prediction',
    definition: 1,
    formula: 'mean over all classes in target or prediction of 2 TP / (2 TP + FP + FN)',
    interval: `${JOINT_COUNTS}; delta method above 5,000 different cells`,
    comparison: `${JOINT_COUNTS}; delta method above 5,000 different cells`,
    source: 'scikit-learn f1_score(average="macro", zero_division=0)',
  },
  {
    name: 'mae',
    title: 'Mean absolute error',
    aliases: ['mean_absolute_error', 'l1', 'l1_loss'],
    direction: 'lower-is-better',
    bounds: NOT_NEGATIVE,
    tasks: ['regression'],
    needs: 'prediction',
    definition: 1,
    formula: 'mean of |prediction - target|',
    interval: MEAN,
    comparison: `paired: ${MEAN}`,
    source: 'scikit-learn mean_absolute_error',
  },
  {
    name: 'rmse',
    title: 'Root mean squared error',
    aliases: ['root_mean_squared_error', 'root_mean_square_error'],
    direction: 'lower-is-better',
    bounds: NOT_NEGATIVE,
    tasks: ['regression'],
    needs: 'prediction',
    definition: 1,
    formula: 'sqrt(mean of (prediction - target)^2)',
    interval: BOOTSTRAP,
    comparison: `paired: ${BOOTSTRAP}`,
    source: 'scikit-learn root_mean_squared_error',
  },
  {
    name: 'r2',
    title: 'R²',
    aliases: ['r2_score', 'r_squared', 'rsquared', 'coefficient_of_determination'],
    direction: 'higher-is-better',
    bounds: [Number.NEGATIVE_INFINITY, 1],
    tasks: ['regression'],
    needs: 'prediction',
    definition: 1,
    formula:
      '1 - sum (prediction - target)^2 / sum (target - mean target)^2; with a constant target 1 if perfect, else 0',
    undefinedWhen: 'for a single example',
    interval: BOOTSTRAP,
    comparison: `paired: ${BOOTSTRAP}`,
    source: 'scikit-learn r2_score(force_finite=True)',
  },
];

/** Shape of a metric that is known by name and direction only, because something else computes it. */
function known(
  name: string,
  title: string,
  direction: MetricDefinition['direction'],
  aliases: readonly string[],
  bounds: readonly [number, number] = NOT_NEGATIVE,
): MetricDefinition {
  const formula = 'as the program that wrote the file computes it';
  return {
    name,
    title,
    aliases,
    direction,
    bounds,
    tasks: [],
    needs: 'prediction',
    definition: 1,
    formula,
    source: 'the metrics file',
  };
}

const ANY = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY] as const;
const CORRELATION = [-1, 1] as const;

const READ_ONLY: readonly MetricDefinition[] = [
  known('loss', 'Loss', 'lower-is-better', ['objective_loss'], ANY),
  known('mse', 'Mean squared error', 'lower-is-better', ['mean_squared_error', 'l2', 'l2_loss']),
  known('mape', 'Mean absolute percentage error', 'lower-is-better', ['mean_absolute_percentage_error']),
  known('smape', 'Symmetric mean absolute percentage error', 'lower-is-better', [
    'symmetric_mean_absolute_percentage_error',
  ]),
  known('msle', 'Mean squared logarithmic error', 'lower-is-better', [
    'mean_squared_log_error',
    'mean_squared_logarithmic_error',
  ]),
  known('median_absolute_error', 'Median absolute error', 'lower-is-better', ['medae']),
  known('max_error', 'Largest error', 'lower-is-better', []),
  known(
    'explained_variance',
    'Explained variance',
    'higher-is-better',
    ['explained_variance_score'],
    [ANY[0], 1],
  ),
  known('error_rate', 'Error rate', 'lower-is-better', ['err', 'misclassification_rate'], UNIT_INTERVAL),
  known(
    'balanced_accuracy',
    'Balanced accuracy',
    'higher-is-better',
    ['balanced_accuracy_score'],
    UNIT_INTERVAL,
  ),
  known(
    'top_k_accuracy',
    'Top-k accuracy',
    'higher-is-better',
    ['top_k_categorical_accuracy', 'sparse_top_k_categorical_accuracy', 'top_5_accuracy', 'top5_accuracy'],
    UNIT_INTERVAL,
  ),
  known(
    'average_precision',
    'Average precision',
    'higher-is-better',
    ['average_precision_score', 'pr_auc', 'auc_pr', 'auprc', 'ap', 'map', 'mean_average_precision'],
    UNIT_INTERVAL,
  ),
  known(
    'micro_f1',
    'Micro F1',
    'higher-is-better',
    ['f1_micro', 'micro_f1_score', 'f1_score_micro'],
    UNIT_INTERVAL,
  ),
  known(
    'weighted_f1',
    'Weighted F1',
    'higher-is-better',
    ['f1_weighted', 'weighted_f1_score', 'f1_score_weighted'],
    UNIT_INTERVAL,
  ),
  known('specificity', 'Specificity', 'higher-is-better', ['true_negative_rate', 'tnr'], UNIT_INTERVAL),
  known(
    'mcc',
    'Matthews correlation',
    'higher-is-better',
    ['matthews_correlation', 'matthews_corrcoef', 'matthews_correlation_coefficient'],
    CORRELATION,
  ),
  known('kappa', "Cohen's kappa", 'higher-is-better', ['cohen_kappa', 'cohen_kappa_score'], CORRELATION),
  known('jaccard', 'Jaccard index', 'higher-is-better', ['jaccard_score', 'iou', 'mean_iou'], UNIT_INTERVAL),
  known(
    'pearson',
    'Pearson correlation',
    'higher-is-better',
    ['pearsonr', 'pearson_correlation'],
    CORRELATION,
  ),
  known(
    'spearman',
    'Spearman correlation',
    'higher-is-better',
    ['spearmanr', 'spearman_correlation'],
    CORRELATION,
  ),
  known('ndcg', 'NDCG', 'higher-is-better', ['ndcg_score'], UNIT_INTERVAL),
  known('mrr', 'Mean reciprocal rank', 'higher-is-better', ['mean_reciprocal_rank'], UNIT_INTERVAL),
  known('perplexity', 'Perplexity', 'lower-is-better', ['ppl', 'word_perplexity', 'byte_perplexity']),
  known('bleu', 'BLEU', 'higher-is-better', ['sacrebleu', 'bleu_score']),
  known('rouge_l', 'ROUGE-L', 'higher-is-better', [
    'rougel',
    'rouge',
    'rouge1',
    'rouge2',
    'rougelsum',
    'rouge_1',
    'rouge_2',
  ]),
  known('word_error_rate', 'Word error rate', 'lower-is-better', ['wer']),
  known('character_error_rate', 'Character error rate', 'lower-is-better', ['cer']),
  known(
    'ece',
    'Expected calibration error',
    'lower-is-better',
    ['expected_calibration_error'],
    UNIT_INTERVAL,
  ),
];

/** Every metric by name: first those that are computed from predictions, then those that are only read from files. */
export const CATALOGUE: readonly MetricDefinition[] = [...COMPUTED, ...READ_ONLY];

/** The metrics that are computed for a task, in the order in which reports show them. */
export function metricsOfTask(task: Task): readonly MetricDefinition[] {
  return COMPUTED.filter((metric) => metric.tasks.includes(task));
}

/** Metrics that are known by name and direction, because something else computes them. */
import { ANY_NUMBER, CORRELATION, NOT_NEGATIVE, UNIT_INTERVAL, type MetricDefinition } from './definition.ts';

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
    needs: 'prediction',
    definition: 1,
    formula,
    source: 'the metrics file',
  };
}

export const READ_ONLY_METRICS: readonly MetricDefinition[] = [
  known('loss', 'Loss', 'lower-is-better', ['objective_loss'], ANY_NUMBER),
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
    [ANY_NUMBER[0], 1],
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
    ['average_precision_score', 'pr_auc', 'auc_pr', 'auprc', 'ap'],
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

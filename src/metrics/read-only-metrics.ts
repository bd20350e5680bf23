/** Metrics that are known by name and direction, because something else computes them. */
import { ANY_NUMBER, NOT_NEGATIVE, UNIT_INTERVAL, type MetricDefinition } from './definition.ts';

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
  known('error_rate', 'Error rate', 'lower-is-better', ['err', 'misclassification_rate'], UNIT_INTERVAL),
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
];

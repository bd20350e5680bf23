import { CATALOGUE, type MetricDefinition } from './catalogue.ts';

function normaliseName(name: string): string {
  return name
    .trim()
    .toLowerCase()
    .replaceAll(/[\s-]+/g, '_');
}

const BY_NAME: ReadonlyMap<string, MetricDefinition> = new Map(
  CATALOGUE.flatMap((metric) => [metric.name, ...metric.aliases].map((name) => [name, metric] as const)),
);

/** The metric of a name or an alias, whatever its case, hyphens and spaces; undefined where the catalogue has none. */
export function findMetric(name: string): MetricDefinition | undefined {
  return BY_NAME.get(normaliseName(name));
}

const SPLIT = 'eval|evaluation|val|valid|validation|dev|test|train|training|holdout|best|final|epoch';

/** Parts of a key that say on what a metric was measured, not what it is (Keras, Hugging Face, Lightning). */
const SPLIT_BEFORE = new RegExp(`^(?:(?:${SPLIT})_)+`);
const SPLIT_AFTER = new RegExp(`(?:_(?:${SPLIT}))+$`);

/** scikit-learn's scorers turn a loss round: neg_log_loss is better when it is higher. */
const NEGATED = /^neg_/;

/**
 * Which way a number of somebody else's file is better, by its key; undefined where the catalogue does not know it.
 * `train.acc`, `val_loss`, `accuracy_test`, `eval/accuracy` and `neg_mean_squared_error` are found; the last is a
 * negated loss.
 */
export function findDirection(key: string): MetricDefinition['direction'] | undefined {
  const last = normaliseName(key.split(/[./:]/).at(-1) ?? key);
  const bare = last.replace(SPLIT_BEFORE, '').replace(SPLIT_AFTER, '');
  const direct = findMetric(key) ?? BY_NAME.get(last) ?? BY_NAME.get(bare);
  if (direct !== undefined) return direct.direction;
  const negated = NEGATED.test(bare) ? BY_NAME.get(bare.replace(NEGATED, '')) : undefined;
  if (negated === undefined) return undefined;
  return negated.direction === 'lower-is-better' ? 'higher-is-better' : 'lower-is-better';
}

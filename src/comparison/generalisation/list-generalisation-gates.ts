import { UserError } from '../../evidence/errors.ts';
import { findNearest } from '../../evidence/find-nearest.ts';
import type { Config, ModelConfig } from '../../schemas/config.generated.ts';
import type { Check, ConfigSource, Generalisation } from '../../schemas/evidence.generated.ts';
import { parseMargin, type Margin } from '../../schemas/parse-margin.ts';
import { findModelMetric, metricsOfModel } from '../find-model-metric.ts';

/** How much better on its training set a model may be, or than a trivial one it must be. */
export interface GeneralisationGate {
  readonly model: string;
  readonly metric: string;
  readonly against: Generalisation['against'];
  readonly bound: 'max-gap' | 'min-gain';
  /** In the metric's own unit, or for a gain as a share of the trivial model's value. */
  readonly limit: Margin;
  readonly severity: Check['severity'];
  readonly source: ConfigSource;
}

type Locate = (path: readonly string[]) => ConfigSource;

type Listed =
  | { readonly kind: 'gate'; readonly gate: GeneralisationGate }
  | { readonly kind: 'mistake'; readonly text: string; readonly help: string };

/** Tasks for which a constant answer is a model. */
const TASKS_WITH_TRIVIAL_MODEL: readonly ModelConfig['task'][] = [
  'binary-classification',
  'multiclass-classification',
  'regression',
  'quantile-regression',
];

/**
 * Every bound on overfitting and on the gain over a trivial model. Throws one UserError that lists all mistakes: a metric
 * that the task does not have or that is neither better when higher nor when lower, a task without a trivial model.
 */
export function listGeneralisationGates(
  config: Pick<Config, 'models'>,
  locate: Locate,
): readonly GeneralisationGate[] {
  const listed = Object.entries(config.models ?? {}).flatMap(([name, model]) => [
    ...Object.entries(model.training?.['max-gap'] ?? {}).map(([key, limit]) => {
      const path = ['models', name, 'training', 'max-gap', key];
      const severity = model.training?.severity ?? 'fail';
      const bound = { model: name, against: 'training', bound: 'max-gap', severity } as const;
      return listOne(model, key, { ...bound, limit: parseMargin(limit) }, locate(path));
    }),
    ...Object.entries(model['min-gain'] ?? {}).map(([key, limit]) => {
      const source = locate(['models', name, 'min-gain', key]);
      if (!TASKS_WITH_TRIVIAL_MODEL.includes(model.task)) {
        const help = `Tasks with a trivial model: ${TASKS_WITH_TRIVIAL_MODEL.join(', ')}.`;
        return mistake(source, `asks for a trivial model, and the task ${model.task} has none.`, help);
      }
      const bound = { model: name, against: 'trivial', bound: 'min-gain', severity: 'fail' } as const;
      return listOne(model, key, { ...bound, limit: parseMargin(limit) }, source);
    }),
  ]);
  const mistakes = listed.filter((item) => item.kind === 'mistake');
  if (mistakes.length > 0) {
    const helps = [...new Set(mistakes.map(({ help }) => help))];
    throw new UserError(mistakes.map(({ text }) => text).join('\n'), { help: helps.join('\n') });
  }
  return listed.flatMap((item) => (item.kind === 'gate' ? [item.gate] : []));
}

function listOne(
  model: ModelConfig,
  key: string,
  bound: Omit<GeneralisationGate, 'metric' | 'source'>,
  source: ConfigSource,
): Listed {
  const definition = findModelMetric(model, key);
  if (definition === undefined) {
    const names = metricsOfModel(model).map(({ name }) => name);
    const nearest = findNearest(key, names);
    const hint = nearest === undefined ? '' : ` Did you mean \`${nearest}\`?`;
    return mistake(
      source,
      `is no metric of ${model.task}.${hint}`,
      `Metrics of ${model.task}: ${names.join(', ')}.`,
    );
  }
  if (definition.direction === 'none') {
    const text = `${definition.title} is neither better when higher nor when lower.`;
    return mistake(source, text, 'Bound it by itself with `at-least` and `at-most` under `metrics`.');
  }
  return { kind: 'gate', gate: { ...bound, metric: definition.name, source } };
}

function mistake(source: ConfigSource, text: string, help: string): Listed {
  const position = [source.file, source.line, source.column].filter((part) => part !== undefined).join(':');
  return { kind: 'mistake', text: `${position}: \`${source.key}\`: ${text}`, help };
}

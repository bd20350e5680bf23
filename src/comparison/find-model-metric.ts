/** Which metrics a model of the config has. */
import { metricsOfTask } from '../metrics/catalogue.ts';
import type { MetricDefinition } from '../metrics/definition.ts';
import { findAmong } from '../metrics/find-metric.ts';
import { listGradeMetrics } from '../metrics/tasks/graded.ts';
import type { ModelConfig } from '../schemas/config.generated.ts';

type ModelOfConfig = Pick<ModelConfig, 'task' | 'predictions'>;

/** The metrics that a model of the config can have: those of its task, or of its grades. */
export function metricsOfModel({ task, predictions }: ModelOfConfig): readonly MetricDefinition[] {
  if (task !== 'graded') return metricsOfTask(task);
  const grades = Object.entries(predictions.grades ?? {});
  return listGradeMetrics({
    names: grades.map(([name]) => name),
    directions: grades.map(([, { direction }]) => direction),
    bounds: grades.map(([, { bounds = [] }]) => {
      const [least, most] = bounds;
      return least === undefined || most === undefined ? undefined : [least, most];
    }),
  });
}

/** The metric of a model by a name or an alias, with the number after its `@`; undefined where it has none such. */
export function findModelMetric(model: ModelOfConfig, name: string): MetricDefinition | undefined {
  return findAmong(metricsOfModel(model), name)?.definition;
}

/** What a metric needs and the model's predictions do not name, as the end of a sentence; undefined where nothing is missing. */
export function findMissingColumn(
  { task, predictions }: ModelOfConfig,
  definition: MetricDefinition,
): { readonly missing: string; readonly help: string } | undefined {
  if (definition.needs !== 'score') return undefined;
  if (predictions.score !== undefined || predictions.scores !== undefined) return undefined;
  return task === 'multiclass-classification' || task === 'multilabel-classification'
    ? {
        missing: 'names no `scores`',
        help: 'Name the columns with the probability of each label as `scores`, or take this metric out.',
      }
    : {
        missing: 'names no `score` column',
        help: 'Name the column with the probability of the positive class as `score`, or take this metric out.',
      };
}

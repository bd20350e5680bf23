/** The catalogue of metrics: the table of what each task has. */
import type { MetricDefinition, TaskMetric } from './definition.ts';
import { TASKS, type Examples, type ExamplesOf, type Task } from './examples.ts';
import { READ_ONLY_METRICS } from './read-only-metrics.ts';
import { BINARY_METRICS } from './tasks/binary.ts';
import { FORECASTING_METRICS } from './tasks/forecasting.ts';
import { listGradeMetrics } from './tasks/graded.ts';
import { MULTICLASS_METRICS } from './tasks/multiclass.ts';
import { MULTILABEL_METRICS } from './tasks/multilabel.ts';
import { QUANTILE_METRICS } from './tasks/quantile.ts';
import { RANKING_METRICS } from './tasks/ranking.ts';
import { REGRESSION_METRICS } from './tasks/regression.ts';

type TaskTable = { readonly [Kind in Task]: readonly TaskMetric<ExamplesOf<Kind>>[] };

/** The metrics of each task, in the order in which reports show them. Those of graded examples are their grades. */
const TASK_METRICS: TaskTable = {
  'binary-classification': BINARY_METRICS,
  'multiclass-classification': MULTICLASS_METRICS,
  'multilabel-classification': MULTILABEL_METRICS,
  regression: REGRESSION_METRICS,
  'quantile-regression': QUANTILE_METRICS,
  ranking: RANKING_METRICS,
  forecasting: FORECASTING_METRICS,
  graded: [],
};

/** The metrics that can be computed for a task, in the order in which reports show them. */
export function metricsOfTask(task: Task): readonly MetricDefinition[] {
  return TASK_METRICS[task];
}

/**
 * The metrics of these examples, with how they are computed: those of their task, or of their grades. They compute on
 * examples of that task only, which the table guarantees.
 */
export function metricsOf(examples: Examples): readonly TaskMetric<Examples>[] {
  const metrics = examples.task === 'graded' ? listGradeMetrics(examples) : TASK_METRICS[examples.task];
  return metrics as readonly TaskMetric<never>[] as readonly TaskMetric<Examples>[];
}

/** Metrics that only metrics files have: something else computes them. */
export const FILE_METRICS: readonly MetricDefinition[] = READ_ONLY_METRICS;

/** Every metric: first those of each task, then those that are only read from files. A name may be of several tasks. */
export const CATALOGUE: readonly MetricDefinition[] = [...TASKS.flatMap(metricsOfTask), ...FILE_METRICS];

/** Graded examples: the mean of each grade is a metric, by the grade's name. */
import { ANY_NUMBER, INTERVALS, type TaskMetric } from '../definition.ts';
import type { GradedExamples } from '../examples.ts';
import { meanForm } from '../form.ts';

/** The metrics that these grades make. */
export function listGradeMetrics({
  names,
  directions,
  bounds,
}: Pick<GradedExamples, 'names' | 'directions' | 'bounds'>): readonly TaskMetric<GradedExamples>[] {
  return names.map((name, position) => {
    const range = bounds[position];
    return {
      name,
      title: name,
      aliases: [],
      direction: directions[position] ?? 'higher-is-better',
      bounds: range ?? ANY_NUMBER,
      needs: 'prediction',
      shown: true,
      definition: 1,
      formula: 'mean of the grade',
      interval: INTERVALS.mean,
      comparison: `paired: ${INTERVALS.mean}`,
      source: 'numpy average',
      formOf: (examples) => {
        const grades = examples.grades[examples.names.indexOf(name)];
        const limits = range === undefined ? undefined : { low: range[0], high: range[1] };
        return grades && meanForm(grades.slice(), limits);
      },
    };
  });
}

/** Graded examples: the mean of each grade is a metric, by the grade's name. */
import { ANY_NUMBER, INTERVALS, type TaskMetric } from '../definition.ts';
import type { GradedExamples } from '../examples.ts';
import { meanForm, type Form } from '../form.ts';

/** A pass rate where nobody gave anything but 0 and 1, for which better intervals are known than for a mean. */
function formOfGrade(grades: Float64Array, range: readonly [number, number] | undefined): Form {
  // The only grade of a scale from 1 to 5 may be 1, which passed nothing.
  const mayBeRate = range === undefined || (range[0] === 0 && range[1] === 1);
  if (mayBeRate && grades.every((grade) => grade === 0 || grade === 1)) {
    return { kind: 'share', hits: Uint8Array.from(grades), among: undefined };
  }
  return meanForm(grades.slice(), range === undefined ? undefined : { low: range[0], high: range[1] });
}

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
      formula: 'mean of the grade; the share that passed, where every grade is 0 or 1',
      interval: `${INTERVALS.mean}; of grades that are all 0 or 1: ${INTERVALS.share}`,
      comparison: `paired: ${INTERVALS.mean}; of grades that are all 0 or 1: ${INTERVALS.sharedDifference}`,
      source: 'numpy average',
      formOf: (examples) => {
        const grades = examples.grades[examples.names.indexOf(name)];
        return grades && formOfGrade(grades, range);
      },
    };
  });
}

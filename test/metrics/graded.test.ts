import { describe, expect, test } from 'vitest';
import { formOf, listMeasured } from '../../src/metrics/form-of.ts';
import { measureForm } from '../../src/metrics/measure.ts';
import { createRandom } from '../../src/statistics/random.ts';
import { clopperPearsonInterval } from '../../src/statistics/proportion.ts';
import { gradedExamples } from './examples-of.ts';

const OPTIONS = { level: 0.9, random: createRandom(1), resamples: 200 };

describe('grades', () => {
  test('are metrics by their names', () => {
    const examples = gradedExamples({ helpful: [0.5, 1], passed: [1, 0] });
    expect(listMeasured(examples).map(({ name }) => name)).toEqual(['helpful', 'passed']);
  });

  test('of 0 and 1 are a rate, with the interval of one', () => {
    const form = formOf('passed', gradedExamples({ passed: [1, 1, 1, 0, 1] }));
    if (form === undefined) throw new Error('There is one.');
    const { low, high } = clopperPearsonInterval(4, 5, 0.9);
    expect(measureForm(form, OPTIONS)).toMatchObject({ value: 0.8, interval: { low, high } });
  });

  test.each([
    ['between 0 and 1', { quality: [0, 1, 0.5] }, undefined],
    ['of another scale that happen to be 1', { quality: [1, 1, 1] }, [1, 5] as const],
  ])('%s are a mean', (_what, grades, bounds) => {
    expect(formOf('quality', gradedExamples(grades, bounds))?.kind).toBe('means');
  });

  test('are not used up by what is computed from them', () => {
    const examples = gradedExamples({ quality: [0, 1, 0.5] });
    const form = formOf('quality', examples);
    expect(form?.kind === 'means' && form.columns[0] !== examples.grades[0]).toBe(true);
  });
});

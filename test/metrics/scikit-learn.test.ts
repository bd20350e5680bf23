import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { metricsOfTask } from '../../src/metrics/catalogue.ts';
import type { Examples } from '../../src/metrics/examples.ts';
import { formOf } from '../../src/metrics/form-of.ts';
import { computeValue, measureForm } from '../../src/metrics/measure.ts';
import { createRandom } from '../../src/statistics/random.ts';
import { binaryExamples, multiclassExamples, regressionExamples } from './examples-of.ts';

interface Case {
  readonly name: string;
  readonly task: Examples['task'];
  readonly target: readonly (number & string)[];
  readonly score: readonly number[];
  readonly predicted: readonly (number & string)[];
  readonly expected: Readonly<Record<string, number | null>>;
}

const { cases } = JSON.parse(readFileSync('test/data/metrics-cases.json', 'utf8')) as {
  readonly cases: readonly Case[];
};

function readExamples(item: Case): Examples {
  if (item.task === 'binary-classification') return binaryExamples(item.target, item.score);
  if (item.task === 'regression') return regressionExamples(item.target, item.predicted);
  return multiclassExamples(item.target, item.predicted);
}

/** To 1e-9, absolute below 1; undefined agrees with undefined. */
function isClose(value: number, expected: number): boolean {
  if (Number.isNaN(expected)) return Number.isNaN(value);
  return Math.abs(value - expected) <= 1e-9 * Math.max(1, Math.abs(expected));
}

const OPTIONS = { level: 0.9, random: createRandom(1), resamples: 50 };

describe('metric values agree with scikit-learn to 1e-9', () => {
  test('there are cases of each task', () => {
    expect(new Set(cases.map((item) => item.task)).size).toBe(3);
    expect(cases.length).toBeGreaterThanOrEqual(39);
  });

  test.each(cases.map((item) => [`${item.task}: ${item.name}`, item] as const))('%s', (_name, item) => {
    const examples = readExamples(item);
    const names = metricsOfTask(item.task).map((metric) => metric.name);
    expect(names.toSorted()).toEqual(Object.keys(item.expected).toSorted());
    const disagreements = names.filter((name) => {
      const form = formOf(name, examples);
      if (form === undefined) return true;
      const { value, interval } = measureForm(form, OPTIONS);
      const expected = item.expected[name] ?? Number.NaN;
      const isOutside =
        interval !== undefined && !(interval.low <= value + 1e-12 && value - 1e-12 <= interval.high);
      return isOutside || !isClose(value, expected) || !isClose(computeValue(form), expected);
    });
    expect(disagreements).toEqual([]);
  });
});

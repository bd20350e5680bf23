import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { metricsOf, metricsOfTask } from '../../src/metrics/catalogue.ts';
import { TASKS, type Examples, type MulticlassExamples } from '../../src/metrics/examples.ts';
import { formOf } from '../../src/metrics/form-of.ts';
import { computeValue, measureForm } from '../../src/metrics/measure.ts';
import { createRandom } from '../../src/statistics/random.ts';
import {
  binaryExamples,
  forecastingExamples,
  gradedExamples,
  multiclassExamples,
  multilabelExamples,
  quantileExamples,
  rankingExamples,
  regressionExamples,
} from './examples-of.ts';

type Numbers = readonly number[];

type Columns =
  | { readonly task: 'binary-classification'; readonly target: Numbers; readonly score: Numbers }
  | {
      readonly task: 'multiclass-classification';
      readonly target: readonly string[];
      readonly predicted: readonly string[];
      readonly scores?: readonly Numbers[];
      readonly labels?: readonly string[];
    }
  | {
      readonly task: 'multilabel-classification';
      readonly target: readonly Numbers[];
      readonly score: readonly Numbers[];
    }
  | { readonly task: 'regression'; readonly target: Numbers; readonly predicted: Numbers }
  | {
      readonly task: 'quantile-regression';
      readonly target: Numbers;
      readonly levels: Numbers;
      readonly quantiles: readonly Numbers[];
    }
  | { readonly task: 'ranking'; readonly queries: readonly (readonly [Numbers, Numbers])[] }
  | {
      readonly task: 'forecasting';
      readonly target: Numbers;
      readonly predicted: Numbers;
      readonly scale: Numbers;
      readonly levels: Numbers;
      readonly quantiles: readonly Numbers[];
    }
  | { readonly task: 'graded'; readonly grades: Readonly<Record<string, Numbers>> };

type Case = Columns & {
  readonly name: string;
  readonly weights?: Numbers;
  readonly expected: Readonly<Record<string, number | null>>;
};

const { cases } = JSON.parse(readFileSync('test/data/metrics-cases.json', 'utf8')) as {
  readonly cases: readonly Case[];
};

/** What loading makes of a probability for each class. */
function withScores(examples: MulticlassExamples, rows: readonly Numbers[]): MulticlassExamples {
  const own = (row: number): number => rows[row]?.[examples.target[row] ?? 0] ?? Number.NaN;
  const rank = (row: number): number =>
    1 +
    (rows[row] ?? []).filter(
      (p, label) => p > own(row) || (p === own(row) && label > (examples.target[row] ?? 0)),
    ).length;
  const squares = (row: number): number =>
    (rows[row] ?? []).reduce((sum, p, label) => sum + (p - (examples.target[row] === label ? 1 : 0)) ** 2, 0);
  return {
    ...examples,
    trueProbability: Float64Array.from(rows, (_, row) => own(row)),
    trueRank: Uint32Array.from(rows, (_, row) => rank(row)),
    squaredErrors: Float64Array.from(rows, (_, row) => squares(row)),
    scores: examples.labels.map((_, label) => Float64Array.from(rows, (row) => row[label] ?? Number.NaN)),
  };
}

function readExamples(item: Case): Examples {
  switch (item.task) {
    case 'binary-classification':
      return binaryExamples(item.target, item.score);
    case 'multiclass-classification': {
      const examples = multiclassExamples(item.target, item.predicted, item.labels);
      return item.scores === undefined ? examples : withScores(examples, item.scores);
    }
    case 'multilabel-classification':
      return multilabelExamples(item.target, item.score);
    case 'regression':
      return regressionExamples(item.target, item.predicted);
    case 'quantile-regression':
      return quantileExamples(item.target, item.levels, item.quantiles);
    case 'ranking':
      return rankingExamples(
        item.queries.map(([relevances, scores]) =>
          relevances.map((relevance, at) => ({ relevance, score: scores[at] ?? Number.NaN })),
        ),
      );
    case 'forecasting':
      return forecastingExamples(item.target, item);
    case 'graded':
      return gradedExamples(item.grades);
  }
}

/** To 1e-9, absolute below 1; undefined agrees with undefined. */
function isClose(value: number, expected: number): boolean {
  if (Number.isNaN(expected)) return Number.isNaN(value);
  return Math.abs(value - expected) <= 1e-9 * Math.max(1, Math.abs(expected));
}

const OPTIONS = { level: 0.9, random: createRandom(1), resamples: 20 };

/** The part of a name before its number. */
function baseOf(name: string): string {
  return name.split('@')[0] ?? name;
}

describe('metric values agree with the reference programs to 1e-9', () => {
  test.each(cases.map((item) => [`${item.task}: ${item.name}`, item] as const))('%s', (_name, item) => {
    const examples = readExamples(item);
    const weights = item.weights === undefined ? undefined : Float64Array.from(item.weights);
    const disagreements = Object.entries(item.expected).flatMap(([name, reference]) => {
      const form = formOf(name, examples);
      if (form === undefined) return [`${name} has no form`];
      const { value, interval } = measureForm(form, { ...OPTIONS, weights });
      const expected = reference ?? Number.NaN;
      if (!isClose(value, expected)) return [`${name} is ${value}, not ${expected}`];
      if (!isClose(computeValue(form, weights), expected)) return [`${name} alone is not ${expected}`];
      const isOutside =
        interval !== undefined && !(interval.low <= value + 1e-12 && value - 1e-12 <= interval.high);
      return isOutside ? [`${name} = ${value} is outside ${interval.low} to ${interval.high}`] : [];
    });
    expect(disagreements).toEqual([]);
  });
});

describe.each(TASKS)('every metric of %s', (task) => {
  const own = cases.filter((item) => item.task === task);
  const names = (graded: readonly Case[]): readonly string[] =>
    task === 'graded'
      ? graded.flatMap((item) => metricsOf(readExamples(item)).map(({ name }) => name))
      : metricsOfTask(task).map(({ name }) => name);

  test.each([
    ['without weights', (item: Case) => item.weights === undefined],
    ['with weights', (item: Case) => item.weights !== undefined],
  ])('has a case with a value, %s', (_what, isOf) => {
    const chosen = own.filter(isOf);
    const covered = new Set(
      chosen.flatMap(({ expected }) =>
        Object.entries(expected).flatMap(([name, value]) => (value === null ? [] : [baseOf(name)])),
      ),
    );
    expect(names(chosen).filter((name) => !covered.has(name))).toEqual([]);
  });
});

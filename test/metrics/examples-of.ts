import type {
  BinaryExamples,
  ForecastingExamples,
  GradedExamples,
  MulticlassExamples,
  MultilabelExamples,
  QuantileExamples,
  RankingExamples,
  RegressionExamples,
} from '../../src/metrics/examples.ts';

/** Binary examples from plain arrays; labels by score >= 0.5. */
export function binaryExamples(target: readonly number[], score: readonly number[]): BinaryExamples {
  return {
    task: 'binary-classification',
    n: target.length,
    target: Uint8Array.from(target),
    predicted: Uint8Array.from(score, (p) => (p >= 0.5 ? 1 : 0)),
    score: Float64Array.from(score),
    labels: ['0', '1'],
  };
}

export function multiclassExamples(
  target: readonly string[],
  predicted: readonly string[],
  labels: readonly string[] = [...new Set([...target, ...predicted])].sort(),
): MulticlassExamples {
  const encode = (column: readonly string[]): Uint16Array =>
    Uint16Array.from(column, (label) => labels.indexOf(label));
  return {
    task: 'multiclass-classification',
    n: target.length,
    target: encode(target),
    predicted: encode(predicted),
    labels,
  };
}

export function regressionExamples(
  target: readonly number[],
  predicted: readonly number[],
): RegressionExamples {
  return {
    task: 'regression',
    n: target.length,
    target: Float64Array.from(target),
    predicted: Float64Array.from(predicted),
  };
}

/** Rows of 0 and 1, one for each example with one for each label; labels by score >= 0.5. */
export function multilabelExamples(
  target: readonly (readonly number[])[],
  score: readonly (readonly number[])[],
): MultilabelExamples {
  const labels = (score[0] ?? []).map((_, label) => `l${String(label).padStart(3, '0')}`);
  return {
    task: 'multilabel-classification',
    n: target.length,
    labels,
    target: labels.map((_, label) => Uint8Array.from(target, (row) => row[label] ?? 0)),
    predicted: labels.map((_, label) => Uint8Array.from(score, (row) => ((row[label] ?? 0) >= 0.5 ? 1 : 0))),
    score: labels.map((_, label) => Float64Array.from(score, (row) => row[label] ?? Number.NaN)),
  };
}

/** @param predicted one list for each level. */
export function quantileExamples(
  target: readonly number[],
  levels: readonly number[],
  predicted: readonly (readonly number[])[],
): QuantileExamples {
  return {
    task: 'quantile-regression',
    n: target.length,
    target: Float64Array.from(target),
    levels,
    predicted: predicted.map((column) => Float64Array.from(column)),
  };
}

/** @param queries the items of each query. */
export function rankingExamples(
  queries: readonly (readonly { readonly relevance: number; readonly score: number }[])[],
): RankingExamples {
  const items = queries.flat();
  let end = 0;
  return {
    task: 'ranking',
    n: queries.length,
    ends: Uint32Array.from(queries, (query) => (end += query.length)),
    relevance: Float64Array.from(items, ({ relevance }) => relevance),
    score: Float64Array.from(items, ({ score }) => score),
  };
}

export function forecastingExamples(
  target: readonly number[],
  parts: {
    readonly predicted?: readonly number[];
    readonly scale?: readonly number[];
    readonly levels?: readonly number[];
    readonly quantiles?: readonly (readonly number[])[];
  },
): ForecastingExamples {
  const { predicted, scale, levels = [], quantiles = [] } = parts;
  return {
    task: 'forecasting',
    n: target.length,
    target: Float64Array.from(target),
    predicted: predicted === undefined ? undefined : Float64Array.from(predicted),
    scale: scale === undefined ? undefined : Float64Array.from(scale),
    levels,
    quantiles: quantiles.map((column) => Float64Array.from(column)),
  };
}

/** Grades by name, the higher the better. */
export function gradedExamples(
  grades: Readonly<Record<string, readonly number[]>>,
  bounds?: readonly [number, number],
): GradedExamples {
  const names = Object.keys(grades).sort();
  return {
    task: 'graded',
    n: grades[names[0] ?? '']?.length ?? 0,
    names,
    grades: names.map((name) => Float64Array.from(grades[name] ?? [])),
    directions: names.map(() => 'higher-is-better'),
    bounds: names.map(() => bounds),
  };
}

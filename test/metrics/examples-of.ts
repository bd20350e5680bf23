import type { BinaryExamples, MulticlassExamples, RegressionExamples } from '../../src/metrics/examples.ts';

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
): MulticlassExamples {
  const labels = [...new Set([...target, ...predicted])].sort();
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

import { digestIds, digestTestSet } from '../../src/outcomes/digest-test-set.ts';
import type { BinaryOutcomes, MulticlassOutcomes, RegressionOutcomes } from '../../src/outcomes/outcomes.ts';
import { binaryExamples, multiclassExamples, regressionExamples } from '../metrics/examples-of.ts';

function numberedIds(n: number): readonly string[] {
  return Array.from({ length: n }, (_, row) => `e${String(row).padStart(6, '0')}`);
}

/** Outcomes as loading makes them, from plain arrays. */
export function binaryOutcomes(
  target: readonly number[],
  score: readonly number[],
  ids: readonly string[] = numberedIds(target.length),
): BinaryOutcomes {
  const examples = binaryExamples(target, score);
  const testSetDigest = digestTestSet(ids, (row) => String(target[row]));
  return { ...examples, ids, idsDigest: digestIds(ids), testSetDigest };
}

export function multiclassOutcomes(
  target: readonly string[],
  predicted: readonly string[],
): MulticlassOutcomes {
  const ids = numberedIds(target.length);
  const testSetDigest = digestTestSet(ids, (row) => target[row] ?? '');
  return { ...multiclassExamples(target, predicted), ids, idsDigest: digestIds(ids), testSetDigest };
}

export function regressionOutcomes(
  target: readonly number[],
  predicted: readonly number[],
): RegressionOutcomes {
  const ids = numberedIds(target.length);
  const testSetDigest = digestTestSet(ids, (row) => String(target[row]));
  return { ...regressionExamples(target, predicted), ids, idsDigest: digestIds(ids), testSetDigest };
}

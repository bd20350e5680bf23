import { digestIds, digestTestSet } from '../../src/outcomes/digest-test-set.ts';
import type { BinaryOutcomes, MulticlassOutcomes, RegressionOutcomes } from '../../src/outcomes/outcomes.ts';
import { packTexts } from '../../src/outcomes/packed-texts.ts';
import { binaryExamples, multiclassExamples, regressionExamples } from '../metrics/examples-of.ts';

function numberedIds(n: number): readonly string[] {
  return Array.from({ length: n }, (_, row) => `e${String(row).padStart(6, '0')}`);
}

/** What outcomes of any task have, from ids and the text of each target. */
function testSetOf(ids: readonly string[], targets: readonly (string | number)[]) {
  const packed = packTexts(ids);
  return {
    ids: packed,
    idsDigest: digestIds(packed),
    testSetDigest: digestTestSet(packed, (row) => Buffer.from(String(targets[row]))),
    groups: undefined,
    strata: undefined,
    sliceColumns: new Map(),
  };
}

/** Outcomes as loading makes them, from plain arrays. */
export function binaryOutcomes(
  target: readonly number[],
  score: readonly number[],
  ids: readonly string[] = numberedIds(target.length),
): BinaryOutcomes {
  return { ...binaryExamples(target, score), ...testSetOf(ids, target) };
}

export function multiclassOutcomes(
  target: readonly string[],
  predicted: readonly string[],
): MulticlassOutcomes {
  return { ...multiclassExamples(target, predicted), ...testSetOf(numberedIds(target.length), target) };
}

export function regressionOutcomes(
  target: readonly number[],
  predicted: readonly number[],
): RegressionOutcomes {
  return { ...regressionExamples(target, predicted), ...testSetOf(numberedIds(target.length), target) };
}

import { digestIds, digestTestSet, type Targets } from '../../src/outcomes/digest-test-set.ts';
import type {
  BinaryOutcomes,
  MulticlassOutcomes,
  Outcomes,
  RegressionOutcomes,
} from '../../src/outcomes/outcomes.ts';
import { packTexts } from '../../src/outcomes/packed-texts.ts';
import type { Examples } from '../../src/metrics/examples.ts';
import { binaryExamples, multiclassExamples, regressionExamples } from '../metrics/examples-of.ts';

function numberedIds(n: number): readonly string[] {
  return Array.from({ length: n }, (_, row) => `e${String(row).padStart(6, '0')}`);
}

/** What outcomes of any task have. */
function testSetOf(ids: readonly string[], targets: Targets) {
  const packed = packTexts(ids);
  const idsDigest = digestIds(packed);
  return {
    ids: packed,
    idsDigest,
    testSetDigest: digestTestSet(idsDigest, targets),
    groups: undefined,
    strata: undefined,
    sliceColumns: new Map(),
    numericColumns: new Map(),
    weights: undefined,
  };
}

/** Outcomes as loading makes them, from plain arrays. */
export function binaryOutcomes(
  target: readonly number[],
  score: readonly number[],
  ids: readonly string[] = numberedIds(target.length),
): BinaryOutcomes {
  const examples = binaryExamples(target, score);
  return { ...examples, ...testSetOf(ids, { codes: examples.target, labels: ['0', '1'] }) };
}

export function multiclassOutcomes(
  target: readonly string[],
  predicted: readonly string[],
): MulticlassOutcomes {
  const examples = multiclassExamples(target, predicted);
  const targets = { codes: examples.target, labels: examples.labels };
  return { ...examples, ...testSetOf(numberedIds(target.length), targets) };
}

export function regressionOutcomes(
  target: readonly number[],
  predicted: readonly number[],
): RegressionOutcomes {
  const examples = regressionExamples(target, predicted);
  return { ...examples, ...testSetOf(numberedIds(target.length), { values: examples.target }) };
}

/** Outcomes of any examples, with numbered ids. */
export function outcomesOf<Own extends Examples>(examples: Own): Extract<Outcomes, { task: Own['task'] }> {
  const ids = numberedIds(examples.n);
  return { ...examples, ...testSetOf(ids, targetsOf(examples)) } as unknown as Extract<
    Outcomes,
    { task: Own['task'] }
  >;
}

function targetsOf(examples: Examples): Targets {
  switch (examples.task) {
    case 'binary-classification':
      return { codes: examples.target, labels: ['0', '1'] };
    case 'multiclass-classification':
      return { codes: examples.target, labels: examples.labels };
    case 'multilabel-classification':
      return { flags: examples.target, labels: examples.labels };
    case 'regression':
    case 'quantile-regression':
    case 'forecasting':
      return { values: examples.target };
    case 'ranking': {
      const { ends, relevance } = examples;
      return { ends, itemsDigest: digestIds(packTexts(numberedIds(relevance.length))), relevance };
    }
    case 'graded':
      return { untold: true };
  }
}

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { calibrateModel } from '../../src/model/calibration/measure-calibration.ts';
import { findModelErrors } from '../../src/model/error-examples/find-model-errors.ts';
import { countSharedIds } from '../../src/model/generalisation/count-shared-ids.ts';
import { drawTraining } from '../../src/model/generalisation/draw-training.ts';
import { noteTooGood } from '../../src/model/generalisation/note-too-good.ts';
import { findLabelErrors } from '../../src/model/label-errors/find-label-errors.ts';
import { measureModel } from '../../src/model/measure-model.ts';
import type { Outcomes } from '../../src/outcomes/outcomes.ts';
import { createRandom } from '../../src/statistics/random.ts';
import { binaryOutcomes, multiclassOutcomes, regressionOutcomes } from '../outcomes/outcomes-of.ts';

const ABOUT = { model: 'm' };

function note(outcomes: Outcomes) {
  const { metrics } = measureModel(outcomes, { model: 'm', alpha: 0.05, seed: 1, resamples: 100 });
  return noteTooGood('m', outcomes, metrics);
}

function draw(seed: number, n: number, distort: (p: number) => number) {
  const random = createRandom(seed);
  const truth = Array.from({ length: n }, () => 0.05 + 0.9 * random.uniform());
  return binaryOutcomes(
    truth.map((p) => (random.uniform() < p ? 1 : 0)),
    truth.map(distort),
  );
}

describe('calibration of a model', () => {
  it('an honest model is not told to be off; an overconfident one is, by its slope', () => {
    const [honest] = calibrateModel(
      draw(1, 4000, (p) => p),
      ABOUT,
      0.05,
    );
    expect(honest?.bins).toBe(15);
    expect(honest?.error?.interval?.low).toBe(0);
    expect(honest?.slope?.interval?.low).toBeLessThan(1);
    expect(honest?.slope?.interval?.high).toBeGreaterThan(1);
    const [sure] = calibrateModel(
      draw(1, 4000, (p) => (p < 0.5 ? p / 4 : 1 - (1 - p) / 4)),
      ABOUT,
      0.05,
    );
    expect(sure?.error?.interval?.low).toBeGreaterThan(0.05);
    expect(sure?.slope?.interval?.high).toBeLessThan(1);
    expect(sure?.spiegelhalter?.p).toBeLessThan(1e-6);
  });

  it('of several classes what counts is the confidence in the answer', () => {
    const plain = multiclassOutcomes(['a', 'b', 'c', 'a'], ['a', 'b', 'a', 'a']);
    expect(calibrateModel(plain, ABOUT, 0.05)).toEqual([]);
    const scores = [
      [0.8, 0.1, 0.6, 0.9],
      [0.1, 0.7, 0.3, 0.05],
      [0.1, 0.2, 0.1, 0.05],
    ].map((column) => Float64Array.from(column));
    const [found] = calibrateModel({ ...plain, scores }, ABOUT, 0.05);
    const brier = (0.2 ** 2 + 0.3 ** 2 + 0.6 ** 2 + 0.1 ** 2) / 4;
    const { reliability = 0, resolution = 0, uncertainty = 0, within = 0 } = found?.brier ?? {};
    expect(reliability - resolution + uncertainty + within).toBeCloseTo(brier, 12);
  });

  it('what has no slope has none: one class, separated classes', () => {
    const [found] = calibrateModel(binaryOutcomes([0, 0, 1, 1], [0.1, 0.2, 0.8, 0.9]), ABOUT, 0.05);
    expect(found?.slope).toBeUndefined();
    const [one] = calibrateModel(binaryOutcomes([1, 1, 1], [0.9, 1, 0.8]), ABOUT, 0.05);
    expect(Number.isFinite(one?.error?.interval?.high)).toBe(true);
    expect(calibrateModel(regressionOutcomes([1], [1]), ABOUT, 0.05)).toEqual([]);
  });
});

describe('labels that are likely to be wrong', () => {
  it('flipped labels are found, the surest first, and none is listed where ids are private', () => {
    const random = createRandom(9);
    const truth = Array.from({ length: 600 }, () => (random.uniform() < 0.5 ? 1 : 0));
    const flipped = new Set([3, 77, 400, 512]);
    const given = truth.map((y, row) => (flipped.has(row) ? 1 - y : y));
    const outcomes = binaryOutcomes(
      given,
      truth.map((y) => (y === 1 ? 0.9999 : 0.0001)),
    );
    const [found] = findLabelErrors(outcomes, ABOUT, 10);
    const top = found?.examples.slice(0, 4).map(({ id }) => Number(String(id).slice(1)));
    expect(new Set(top)).toEqual(flipped);
    expect(found?.estimated).toBe(4);
    const scores = found?.examples.map(({ score }) => score) ?? [];
    expect(scores).toEqual(scores.toSorted((a, b) => a - b));
    expect(findLabelErrors(outcomes, ABOUT, 0)[0]?.examples).toEqual([]);
    expect(findLabelErrors({ ...outcomes, score: undefined }, ABOUT, 10)).toEqual([]);
  });
});

describe('labels of a target that nobody can predict', () => {
  it('are not doubted: the model is unsure, or doubts too many', () => {
    const random = createRandom(11);
    const labels = ['a', 'b', 'c'];
    const truth = Array.from({ length: 600 }, () => labels[random.integer(3)] ?? 'a');
    const unsure = labels.map(() => Float64Array.from(truth, () => 0.2 + 0.2 * random.uniform()));
    const outcomes = { ...multiclassOutcomes(truth, truth), scores: unsure };
    expect(findLabelErrors(outcomes, ABOUT, 10)).toEqual([]);
    const sure = labels.map((_, label) =>
      Float64Array.from(truth, (_given, row) => (row % 3 === label ? 0.9 : 0.05)),
    );
    expect(findLabelErrors({ ...outcomes, scores: sure }, ABOUT, 10)).toEqual([]);
  });
});

describe('labels that chance explains', () => {
  it('are not called wrong: a rare class is rare where the model is right about itself', () => {
    const random = createRandom(5);
    const score = Array.from({ length: 5000 }, () => 0.01 + 0.08 * random.uniform());
    const honest = binaryOutcomes(
      score.map((p) => (random.uniform() < p ? 1 : 0)),
      score,
    );
    expect(findLabelErrors(honest, ABOUT, 10)).toEqual([]);
    const [noisy] = findLabelErrors(
      binaryOutcomes(
        score.map((p, row) => (row % 50 === 0 || random.uniform() < p ? 1 : 0)),
        score,
      ),
      ABOUT,
      10,
    );
    // A hundred labels were made positive; confident learning looks at the half of which the model is surer than usual.
    expect(noisy?.estimated).toBeGreaterThan(30);
    expect(noisy?.estimated).toBeLessThan(70);
  });
});

describe('where a model errs', () => {
  it('lists the errors of which it was surest, by id', () => {
    const outcomes = binaryOutcomes([1, 0, 1, 0], [0.1, 0.9999, 0.8, 0.7]);
    const [found] = findModelErrors(outcomes, ABOUT, 2);
    expect(found?.examples).toMatchObject([
      { id: 'e000001', target: '0', predicted: '1', score: 0.9999 },
      { id: 'e000000', target: '1', predicted: '0', score: 0.9 },
    ]);
    expect(found).toMatchObject({ loss: 'log_loss', n: 4, topShare: 0.01 });
    expect(findModelErrors(outcomes, ABOUT, 0)[0]?.examples).toEqual([]);
    expect(findModelErrors({ ...outcomes, ids: undefined }, ABOUT, 5)[0]?.examples).toEqual([]);
  });

  it('one example of a hundred that carries half of the loss', () => {
    const target = Array.from({ length: 100 }, () => 0);
    const predicted = target.map((_, row) => (row === 17 ? 99 : 1));
    const [found] = findModelErrors(regressionOutcomes(target, predicted), ABOUT, 1);
    expect(found?.lossShare).toBeCloseTo(0.5, 12);
    expect(found?.examples).toMatchObject([{ id: 'e000017', target: 0, predicted: 99 }]);
  });

  it('a perfect model carries no loss, and labels alone are not concentrated', () => {
    expect(findModelErrors(regressionOutcomes([1, 2], [1, 2]), ABOUT, 5)[0]).toEqual({
      about: ABOUT,
      loss: 'absolute_error',
      n: 2,
      examples: [],
    });
    const [labels] = findModelErrors(multiclassOutcomes(['a', 'b'], ['a', 'a']), ABOUT, 5);
    expect(labels?.lossShare).toBeUndefined();
    expect(labels?.examples).toMatchObject([{ target: 'b', predicted: 'a', loss: 1 }]);
  });
});

/** Outcomes with these ids, sorted as loading sorts them. */
function outcomesOf(ids: readonly string[]) {
  const sorted = ids.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  return binaryOutcomes(
    sorted.map(() => 0),
    sorted.map(() => 0.5),
    sorted,
  );
}

describe('the training set beside the test set', () => {
  it('counts the ids of both, as sets do', () => {
    const ids = fc.uniqueArray(fc.string({ minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(ids, ids, (first, second) => {
        const shared = countSharedIds(outcomesOf(first), outcomesOf(second), 2);
        const known = new Set(second);
        expect(shared?.count).toBe(first.filter((id) => known.has(id)).length);
        expect(shared?.examples.every((id) => known.has(id))).toBe(true);
      }),
    );
  });

  it('draws both over the same edges', () => {
    const figures = drawTraining(
      regressionOutcomes([0, 1, 2], [0, 1, 1]),
      regressionOutcomes([4, 4], [3, 4]),
      ABOUT,
    );
    expect(figures.map(({ id }) => id)).toEqual(['model/m/training-targets', 'model/m/training-predictions']);
    expect([figures[0]?.edges[0], figures[0]?.edges.at(-1)]).toEqual([0, 4]);
    expect(
      figures[0]?.series.map(({ name, counts }) => [name, counts.reduce((sum, count) => sum + count, 0)]),
    ).toEqual([
      ['test', 3],
      ['training', 2],
    ]);
    const classes = drawTraining(
      multiclassOutcomes(['a', 'b'], ['b', 'b']),
      multiclassOutcomes(['c', 'b'], ['c', 'c']),
      ABOUT,
    );
    expect(classes[0]?.series).toEqual([
      { name: 'test', counts: [1, 1, 0] },
      { name: 'training', counts: [0, 1, 1] },
    ]);
  });

  it('too good to be true is said, of enough examples of two classes', () => {
    const target = Array.from({ length: 200 }, (_, row) => row % 2);
    expect(
      note(
        binaryOutcomes(
          target,
          target.map((y) => 0.1 + 0.8 * y),
        ),
      ),
    ).toMatchObject([expect.stringMatching(/leakage/)]);
    expect(note(binaryOutcomes(target.slice(0, 20), target.slice(0, 20)))).toEqual([]);
    expect(
      note(
        binaryOutcomes(
          target.map(() => 0),
          target.map(() => 0.1),
        ),
      ),
    ).toEqual([]);
    expect(note(draw(3, 500, (p) => p))).toEqual([]);
  });
});

import { describe, expect, it } from 'vitest';
import { delongAuc } from '../../src/statistics/auc.ts';
import { boostTrees, CODES, scoreRows } from '../../src/statistics/boosted-trees.ts';
import { createRandom } from '../../src/statistics/random.ts';

const random = createRandom(7);
const ROWS = 2000;
const noise = (): Uint8Array => Uint8Array.from({ length: ROWS }, () => random.integer(CODES));

describe('boostTrees', () => {
  it('learns what takes two features together, and says which', () => {
    const features = [noise(), noise(), noise()];
    const [first, second] = features;
    const labels = Uint8Array.from({ length: ROWS }, (_, row) =>
      (first?.[row] ?? 0) < 16 === (second?.[row] ?? 0) < 16 ? 1 : 0,
    );
    const model = boostTrees(features, labels);
    expect(delongAuc(labels, scoreRows(model, features))?.auc).toBeGreaterThan(0.95);
    expect(Math.min(model.gains[0] ?? 0, model.gains[1] ?? 0)).toBeGreaterThan(model.gains[2] ?? 0);
  });

  it('gives the odds of the labels where no feature tells anything', () => {
    const labels = Uint8Array.from({ length: ROWS }, (_, row) => (row % 4 === 0 ? 1 : 0));
    const constant = new Uint8Array(ROWS);
    const scores = scoreRows(boostTrees([constant], labels), [constant]);
    expect(new Set(scores).size).toBe(1);
    expect(scores[0]).toBeCloseTo(Math.log(1 / 3), 2);
  });

  it('gives the same trees each time', () => {
    const [feature, labels] = [noise(), noise().map((code) => code % 2)];
    expect(boostTrees([feature], labels)).toEqual(boostTrees([feature], labels));
  });
});

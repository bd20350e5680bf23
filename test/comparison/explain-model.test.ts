import { describe, expect, it } from 'vitest';
import { explainModel, NO_EXPLANATION } from '../../src/comparison/explain-model.ts';
import type { Outcomes } from '../../src/outcomes/outcomes.ts';
import { binaryOutcomes } from '../outcomes/outcomes-of.ts';

const TARGET = [1, 0, 1, 0, 1, 0];
const BEFORE = binaryOutcomes(TARGET, [0.9, 0.1, 0.8, 0.2, 0.7, 0.3]);
const AFTER = binaryOutcomes(TARGET, [0.9, 0.1, 0.2, 0.2, 0.7, 0.3]);

function explain(candidate: Outcomes, baseline: Outcomes) {
  return explainModel({
    candidate,
    baseline,
    sameSubject: false,
    about: { model: 'churn' },
    alpha: 0.05,
    examples: 10,
    threshold: 0.5,
    seeds: [],
    metrics: [],
  });
}

describe('explainModel', () => {
  it('has the flips and what carries the change', () => {
    const { flips, decompositions } = explain(AFTER, BEFORE);
    expect(flips).toMatchObject([{ negative: { count: 1 } }]);
    expect(decompositions).toMatchObject([{ metric: 'accuracy', by: 'class' }]);
  });

  it('has nothing to decompose where the model is unchanged', () => {
    const { flips, decompositions } = explain(BEFORE, BEFORE);
    expect(flips).toMatchObject([{ churn: { count: 0 } }]);
    expect(decompositions).toEqual([]);
  });

  it('says nothing of models that cannot be paired', () => {
    expect(explain(AFTER, binaryOutcomes([1, 0], [0.9, 0.1]))).toEqual(NO_EXPLANATION);
  });

  it('says nothing where another label is the positive one: the same numbers mean something else', () => {
    const swapped = { ...BEFORE, labels: ['1', '0'] as const };
    expect(explain(AFTER, swapped)).toEqual(NO_EXPLANATION);
  });
});

import { describe, expect, it } from 'vitest';
import { countParts, describeForm, formsOf, readParts } from '../../../src/model/recompute/answer-form.ts';
import type { Outcomes } from '../../../src/outcomes/outcomes.ts';
import { binaryOutcomes, multiclassOutcomes, regressionOutcomes } from '../../outcomes/outcomes-of.ts';

/** What is asked for, and what the file says of its second example. */
function ask(outcomes: Outcomes, ownLabels: boolean) {
  const forms = formsOf(outcomes, ownLabels);
  const parts = readParts(outcomes, forms, 1);
  expect(countParts(forms)).toBe(parts.size);
  return { kinds: forms.map(({ kind }) => kind), parts: Object.fromEntries(parts) };
}

const { ids, ...regression } = regressionOutcomes([1, 2], [3, 4]);
const common = { ...regression, ids };
const columns = [Float64Array.of(0, 0.25), Float64Array.of(0, 0.75)];
const flags = [Uint8Array.of(0, 0), Uint8Array.of(0, 1)];

describe('a predictions file is asked for', () => {
  it('scores, and labels that it holds itself', () => {
    const binary = binaryOutcomes([0, 1], [0.2, 0.7]);
    expect(ask(binary, false)).toEqual({ kinds: ['score'], parts: { score: 0.7 } });
    expect(ask(binary, true)).toEqual({ kinds: ['score', 'label'], parts: { score: 0.7, prediction: '1' } });
    expect(ask({ ...binary, score: undefined }, true)).toEqual({
      kinds: ['label'],
      parts: { prediction: '1' },
    });
  });

  it('a score for each label', () => {
    const labelled = multiclassOutcomes(['cat', 'dog'], ['dog', 'cat']);
    expect(ask(labelled, true)).toEqual({ kinds: ['label'], parts: { prediction: 'cat' } });
    const scored = { ...labelled, scores: columns };
    const scores = { 'scores.cat': 0.25, 'scores.dog': 0.75 };
    expect(ask(scored, false)).toEqual({ kinds: ['scores'], parts: scores });
    // Somebody else's labels beside the model's scores would pass otherwise.
    expect(ask(scored, true)).toEqual({
      kinds: ['scores', 'label'],
      parts: { ...scores, prediction: 'cat' },
    });
  });

  it('decisions, values, quantiles', () => {
    const tags = {
      ...common,
      task: 'multilabel-classification',
      labels: ['a', 'b'],
      target: flags,
      predicted: flags,
    } as const;
    const decisions = { 'predictions.a': 0, 'predictions.b': 1 };
    expect(ask({ ...tags, score: undefined }, true)).toEqual({ kinds: ['predictions'], parts: decisions });
    const scores = { 'scores.a': 0.25, 'scores.b': 0.75 };
    expect(ask({ ...tags, score: columns }, false)).toEqual({ kinds: ['scores'], parts: scores });
    expect(ask({ ...tags, score: columns }, true)).toEqual({
      kinds: ['scores', 'predictions'],
      parts: { ...scores, ...decisions },
    });
    expect(ask(common, true)).toEqual({ kinds: ['value'], parts: { prediction: 4 } });
    const quantiles = { 'quantiles.0.1': 0.25, 'quantiles.0.9': 0.75 };
    const levels = [0.1, 0.9];
    expect(ask({ ...common, task: 'quantile-regression', levels, predicted: columns }, true)).toEqual({
      kinds: ['quantiles'],
      parts: quantiles,
    });
    const forecast = {
      ...common,
      task: 'forecasting',
      scale: undefined,
      levels,
      quantiles: columns,
    } as const;
    expect(ask(forecast, true)).toEqual({
      kinds: ['value', 'quantiles'],
      parts: { prediction: 4, ...quantiles },
    });
    expect(ask({ ...forecast, predicted: undefined }, true)).toEqual({
      kinds: ['quantiles'],
      parts: quantiles,
    });
    expect(ask({ ...forecast, levels: [], quantiles: [] }, true)).toEqual({
      kinds: ['value'],
      parts: { prediction: 4 },
    });
  });

  it('nothing where an answer for one example says nothing', () => {
    const graded = { ...common, task: 'graded', names: [], grades: [], directions: [], bounds: [] } as const;
    expect(ask(graded, true)).toEqual({ kinds: [], parts: {} });
  });

  it('in words', () => {
    const forms = formsOf(
      { ...common, task: 'quantile-regression', levels: [0.1, 0.9], predicted: columns },
      true,
    );
    expect(forms.map(describeForm)).toEqual([
      '`quantiles`, an object with a number for each level (0.1, 0.9)',
    ]);
  });
});

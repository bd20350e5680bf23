import { describe, expect, it } from 'vitest';
import type { AnswerForm } from '../../../src/model/recompute/answer-form.ts';
import {
  readTensors,
  type OutputTensor,
  type TensorsRequest,
} from '../../../src/model/recompute/read-tensors.ts';

function tensor(
  name: string,
  type: string,
  dims: readonly number[],
  data: readonly (number | string)[],
): OutputTensor {
  return { name, type, dims, data };
}

const LABEL = tensor('label', 'int64', [2], [1, 0]);
const PAIR = tensor('probabilities', 'float32', [2, 2], [0.25, 0.75, 0.5, 0.5]);

function read(
  form: AnswerForm | readonly AnswerForm[],
  tensors: readonly OutputTensor[],
  rest: Partial<TensorsRequest> = {},
) {
  const answers = readTensors({
    tensors,
    others: [],
    output: undefined,
    forms: [form].flat(),
    ids: ['a', 'b'],
    ...rest,
  });
  if (answers.kind === 'fault') return answers.message;
  return ['a', 'b'].map((id) => Object.fromEntries(answers.byId.get(id) ?? []));
}

describe('outputs', () => {
  it('of a binary classifier hold the score in the column of the positive label', () => {
    const score = (labels: readonly [string, string]) => read({ kind: 'score', labels }, [LABEL, PAIR]);
    expect(score(['0', '1'])).toEqual([{ score: 0.75 }, { score: 0.5 }]);
    // scikit-learn sorts its classes, whichever of them is called positive.
    expect(score(['yes', 'no'])).toEqual([{ score: 0.25 }, { score: 0.5 }]);
    expect(score(['10', '9'])).toEqual([{ score: 0.25 }, { score: 0.5 }]);
    const single = tensor('out', 'float32', [2, 1], [0.75, 0.5]);
    expect(read({ kind: 'score', labels: ['1', '0'] }, [single])).toEqual([{ score: 0.75 }, { score: 0.5 }]);
  });

  it('of a classifier hold the label, or what makes one', () => {
    const form: AnswerForm = { kind: 'label', labels: ['b', 'a', 'c'], isBinary: false };
    const three = tensor('p', 'float32', [2, 3], [0.1, 0.2, 0.7, 0.4, 0.4, 0.2]);
    const words = tensor('label', 'string', [2, 1], ['c', 'a']);
    expect(read(form, [words, three])).toEqual([{ prediction: 'c' }, { prediction: 'a' }]);
    expect(read(form, [three])).toEqual([{ prediction: 'c' }, { prediction: 'a' }]);
    expect(read({ ...form, kind: 'scores' }, [words, three])).toEqual([
      { 'scores.a': 0.1, 'scores.b': 0.2, 'scores.c': 0.7 },
      { 'scores.a': 0.4, 'scores.b': 0.4, 'scores.c': 0.2 },
    ]);
  });

  it('hold values and quantiles', () => {
    expect(read({ kind: 'value' }, [tensor('y', 'float64', [2], [5, 6])])).toEqual([
      { prediction: 5 },
      { prediction: 6 },
    ]);
    expect(read({ kind: 'quantiles', levels: [0.1, 0.9] }, [PAIR])).toEqual([
      { 'quantiles.0.1': 0.25, 'quantiles.0.9': 0.75 },
      { 'quantiles.0.1': 0.5, 'quantiles.0.9': 0.5 },
    ]);
    const y = tensor('y', 'float64', [2], [5, 6]);
    expect(read([{ kind: 'value' }, { kind: 'quantiles', levels: [0.1, 0.9] }], [PAIR, y])).toEqual([
      { prediction: 5, 'quantiles.0.1': 0.25, 'quantiles.0.9': 0.75 },
      { prediction: 6, 'quantiles.0.1': 0.5, 'quantiles.0.9': 0.5 },
    ]);
  });

  it('hold scores and labels where the file has columns for both', () => {
    const forms = [
      { kind: 'score', labels: ['0', '1'] },
      { kind: 'label', labels: ['0', '1'], isBinary: true },
    ] as const;
    const both = [
      { score: 0.75, prediction: '1' },
      { score: 0.5, prediction: '0' },
    ];
    expect(read(forms, [LABEL, PAIR])).toEqual(both);
    expect(read(forms, [LABEL, PAIR, { ...PAIR, name: 'x' }], { output: 'probabilities' })).toEqual(both);
  });

  it('that are a sequence of maps say how to convert the model', () => {
    const message = read({ kind: 'score', labels: ['0', '1'] }, [LABEL], { others: ['output_probability'] });
    expect(message).toContain(
      'which needs a tensor of floats with one or two columns; its outputs are `label` (int64, [2]), `output_probability` (no tensor).',
    );
    expect(message).toContain('`options={"zipmap": False}`');
  });

  it('that are several must be chosen from', () => {
    const other = { ...PAIR, name: 'calibrated' };
    const form: AnswerForm = { kind: 'score', labels: ['0', '1'] };
    expect(() => read(form, [PAIR, other])).toThrow(
      'Several outputs of the model may hold its answers: `probabilities`, `calibrated`.',
    );
    expect(read(form, [PAIR, other], { output: 'calibrated' })).toEqual([{ score: 0.75 }, { score: 0.5 }]);
    expect(() => read(form, [PAIR], { output: 'x' })).toThrow(
      'The model has no output `x`, which `recompute.output` names.',
    );
  });

  it('of another number of rows or with NaN are no answers', () => {
    const form: AnswerForm = { kind: 'value' };
    expect(read(form, [tensor('y', 'float32', [3], [1, 2, 3])])).toContain(
      'No output of the model can be held',
    );
    expect(read(form, [tensor('y', 'float32', [2], [1, NaN])])).toBe(
      "The model's output `y` holds NaN, which is no answer.",
    );
  });
});

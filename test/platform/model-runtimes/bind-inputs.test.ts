import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  bindInputs,
  CellFault,
  InputMistake,
  makeTensor,
  type InputMetadata,
} from '../../../src/platform/model-runtimes/onnx/bind-inputs.ts';

function input(name: string, type: string, shape: readonly (number | string)[]): InputMetadata {
  return { name, isTensor: true, type, shape };
}

const COLUMNS = [
  { name: 'a', cells: ['1', '2'] },
  { name: 'b', cells: ['3', ''] },
  { name: 'city', cells: ['Bonn', ''] },
];

function tensorOf(metadata: InputMetadata, columns: string | readonly string[], rows = 2) {
  const [bound] = bindInputs([metadata], COLUMNS, { [metadata.name]: columns }).inputs;
  if (bound === undefined) throw new Error('nothing was bound');
  const { dims, data } = makeTensor(bound, 0, rows);
  return { dims, data: [...data] };
}

describe('inputs', () => {
  it('are filled row by row, in the shape that the model declares', () => {
    expect(tensorOf(input('x', 'float32', ['', 2]), ['a', 'b'])).toEqual({
      dims: [2, 2],
      data: [1, 3, 2, NaN],
    });
    expect(tensorOf(input('x', 'float64', ['n']), 'a')).toEqual({ dims: [2], data: [1, 2] });
    expect(tensorOf(input('x', 'float32', ['n', 1, 'k']), ['a', 'b']).dims).toEqual([2, 1, 2]);
    expect(tensorOf(input('x', 'float32', ['n', 2, 1]), ['a', 'b']).dims).toEqual([2, 2, 1]);
    expect(tensorOf(input('x', 'string', ['n', 1]), 'city').data).toEqual(['Bonn', '']);
    expect(tensorOf(input('x', 'int64', ['n', 1]), 'a').data).toEqual([1n, 2n]);
    expect(tensorOf(input('x', 'int32', ['n', 1]), 'a').data).toEqual([1, 2]);
  });

  it('are told from each other by name', () => {
    const two = [input('a', 'float32', ['', 1]), input('X', 'string', ['', 1])];
    const bound = bindInputs(two, COLUMNS, { X: 'city' }).inputs;
    expect(bound.map(({ columns }) => columns.map(({ name }) => name))).toEqual([['a'], ['city']]);
    expect(bindInputs([input('a', 'float32', [1, 1])], COLUMNS, {}).oneByOne).toBe(true);
  });

  it.each([
    ['that the model lacks', { y: 'a' }, 'The model has no input `y`, which `recompute.inputs` names.'],
    [
      'of a column that is not there',
      { x: 'z' },
      'The features have no column `z`, which `recompute.inputs.x` names.',
    ],
    [
      'with a column too many',
      { x: ['a', 'b'] },
      "The model's input `x` (float32, [n, 1]) does not take 2 columns a row.",
    ],
  ])('%s are a mistake', (_name, chosen, message) => {
    const failure = () => bindInputs([input('x', 'float32', ['n', 1])], COLUMNS, chosen);
    expect(failure).toThrow(InputMistake);
    expect(failure).toThrow(message);
  });

  it('of a kind that no column has are a mistake', () => {
    expect(() => tensorOf(input('x', 'float16', ['n', 1]), 'a')).toThrow(
      'is of a kind that mlgate cannot fill',
    );
    expect(() => bindInputs([{ name: 'x', isTensor: false }], COLUMNS, { x: 'a' })).toThrow(InputMistake);
    expect(() => tensorOf(input('x', 'float32', [32, 1]), 'a')).toThrow('takes exactly 32 rows at a time');
    expect(() => tensorOf(input('x', 'toString', ['n', 1]), 'a')).toThrow(InputMistake);
  });

  it('cannot hold every cell', () => {
    expect(() => tensorOf(input('x', 'float32', ['n', 1]), 'city')).toThrow(
      new CellFault('"Bonn" in column `city` is no number.'),
    );
    expect(() => tensorOf(input('x', 'int64', ['n', 1]), 'b')).toThrow(
      new CellFault("An empty cell in column `b` is no int64, which the model's input holds."),
    );
  });

  it.each([
    ['int64', '9223372036854775808'],
    ['int64', '1e30'],
    ['int64', '1.5'],
    ['int64', 'constructor'],
    ['int32', '2147483648'],
    ['int32', '-2147483649'],
    ['bool', '2'],
    ['bool', ''],
    ['float32', 'constructor'],
    ['float64', '1,5'],
  ])('of %s never hold %s as something else', (type, cell) => {
    const { inputs } = bindInputs([input('x', type, ['n'])], [{ name: 'x', cells: [cell] }], {});
    expect(() => inputs.map((bound) => makeTensor(bound, 0, 1))).toThrow(CellFault);
  });

  it.each([
    ['int64', '+3.0', 3n],
    ['int32', 'True', 1],
    ['bool', 'false', 0],
    ['float32', 'TRUE', 1],
    ['float32', '-inf', -Infinity],
  ])('of %s hold %s as %s', (type, cell, value) => {
    const { inputs } = bindInputs([input('x', type, ['n'])], [{ name: 'x', cells: [cell] }], {});
    expect(inputs.map((bound) => makeTensor(bound, 0, 1).data[0])).toEqual([value]);
  });

  it('give back every number as JavaScript prints it', () => {
    fc.assert(
      fc.property(fc.double(), (value) => {
        const [bound] = bindInputs(
          [input('x', 'float64', ['n'])],
          [{ name: 'x', cells: [String(value)] }],
          {},
        ).inputs;
        expect(bound && makeTensor(bound, 0, 1).data[0]).toBe(value === 0 ? Number(String(value)) : value);
      }),
    );
    const whole = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
    fc.assert(
      fc.property(whole, (value) => {
        const [bound] = bindInputs(
          [input('x', 'int64', ['n'])],
          [{ name: 'x', cells: [String(value)] }],
          {},
        ).inputs;
        expect(bound && makeTensor(bound, 0, 1).data[0]).toBe(value);
      }),
    );
  });
});

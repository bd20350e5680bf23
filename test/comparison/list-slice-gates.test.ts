import { describe, expect, test } from 'vitest';
import { listGates } from '../../src/comparison/list-gates.ts';
import { UserError } from '../../src/evidence/errors.ts';
import type { Config, ModelMetricGate, SlicesConfig } from '../../src/schemas/config.generated.ts';

function configOf(slices: Partial<SlicesConfig>): Pick<Config, 'models'> {
  return {
    models: {
      churn: {
        task: 'binary-classification',
        predictions: { path: 'p.csv', id: 'id', target: 'y', score: 'p', threshold: 0.5 },
        metrics: {},
        'flip-examples': 10,
        'error-examples': 10,
        unpaired: false,
        slices: { severity: 'fail', ...slices },
      },
    },
  };
}

function locate(path: readonly string[]) {
  return { file: 'mlgate.yml', key: path.join('.'), line: 7, column: 3 };
}

function gatesOf(slices: Partial<SlicesConfig>) {
  return listGates(configOf(slices), locate);
}

function mistakesOf(slices: Partial<SlicesConfig>): string {
  try {
    gatesOf(slices);
  } catch (error) {
    if (error instanceof UserError) return `${error.message}\n${error.help ?? ''}`;
    throw error;
  }
  return 'nothing was thrown';
}

const bounds = (gate: Partial<ModelMetricGate>): ModelMetricGate => ({ severity: 'fail', ...gate });

const BY: SlicesConfig['by'] = [
  'region',
  ['region', 'plan'],
  { column: 'age', edges: [18, 65] },
  { column: 'mass', bins: 4 },
  { name: 'old in the north', where: "age > 65 and region = 'north'" },
];

describe('bounds of slices', () => {
  test('of one metric are one gate on every slice, wherever they stand', () => {
    const gates = gatesOf({
      by: ['region'],
      'max-regression': { acc: 0.05 },
      metrics: {
        accuracy: bounds({ 'at-least': 0.8, severity: 'warn' }),
        recall: bounds({ 'at-most': 0.9 }),
      },
      'max-gap': { accuracy: 0.1 },
    });
    expect(gates).toHaveLength(2);
    expect(gates[0]).toMatchObject({
      about: { model: 'churn' },
      metric: 'accuracy',
      everySlice: true,
      atLeast: 0.8,
      maxGap: 0.1,
      maxRegression: { kind: 'absolute', value: 0.05 },
      severity: 'warn',
      boundSources: {
        'at-least': { key: 'models.churn.slices.metrics.accuracy.at-least' },
        'max-gap': { key: 'models.churn.slices.max-gap.accuracy' },
        'max-regression': { key: 'models.churn.slices.max-regression.acc' },
      },
    });
    expect(gates[1]).toMatchObject({ metric: 'recall', atMost: 0.9, severity: 'fail' });
    expect(gates[1]).not.toHaveProperty('maxGap');
  });

  test('warn where the whole block does', () => {
    const [gate] = gatesOf({
      by: ['region'],
      severity: 'warn',
      metrics: { recall: bounds({ 'at-least': 0.9 }) },
    });
    expect(gate?.severity).toBe('warn');
  });

  test.each<readonly [Partial<SlicesConfig>, string]>([
    [
      { 'max-regression': { accuracy: 0.05 }, metrics: { accuracy: bounds({ 'max-regression': 0.02 }) } },
      'bounds `max-regression` of accuracy a second time.',
    ],
    [{ metrics: { accuracy: bounds({ 'at-least': 80 }) } }, '80 can never decide. Did you mean 0.8?'],
    [{ metrics: { accurcy: bounds({ 'at-least': 0.8 }) } }, 'Did you mean `accuracy`?'],
    [{ 'max-gap': { accuracy: 5 } }, '5 would allow any change. Did you mean 0.05'],
  ])('%j are a mistake', (slices, told) => {
    expect(mistakesOf({ by: ['region'], ...slices })).toContain(told);
  });
});

describe('the entries of slices', () => {
  test.each<readonly [SlicesConfig['by'], string]>([
    [[{ name: 'x', where: 'age >' }], 'at character 6: the end of the condition stands where a number'],
    [[{ name: 'age=x', where: 'age > 1' }], 'Name a condition by words'],
    [
      [
        { name: 'x', where: 'age > 1' },
        { name: 'x', where: 'age > 2' },
      ],
      'names two conditions `x`',
    ],
    [[{ column: 'age', bins: 3, edges: [1] }], 'Keep `edges`, or `bins`'],
    [[{ column: 'age', edges: [3, 2] }], 'do not ascend'],
    [['age', { column: 'age', bins: 3 }], 'slices by `age` a second time'],
    [[{ column: 'age', bins: 3 }, 'age'], 'slices by `age` a second time'],
    [
      [
        ['a', 'b'],
        ['a', 'b'],
      ],
      'slices by `a, b` a second time',
    ],
  ])('%j have a mistake', (by, told) => {
    expect(mistakesOf({ by: by ?? [] })).toContain(told);
  });

  test('show the place of a mistake in a condition', () => {
    expect(mistakesOf({ by: [{ name: 'x', where: 'age > 1 && b' }] })).toContain(
      '    age > 1 && b\n            ^',
    );
  });

  test('may be none where the search names its columns', () => {
    expect(mistakesOf({ search: true })).toContain('has no columns to search in');
    expect(gatesOf({ search: { columns: ['region'] } })).toEqual([]);
    expect(gatesOf({ search: true, by: [{ column: 'age', bins: 3 }] })).toEqual([]);
  });
});

describe('expected slices', () => {
  test.each([
    'region=north',
    'region=',
    'region="a, b", plan=basic',
    'age=..18',
    'age=18..65',
    'age=',
    'mass=1..2.5',
    'old in the north',
  ])('%s may be there', (name) => {
    expect(gatesOf({ by: BY ?? [], expect: [name] })).toContainEqual(
      expect.objectContaining({ about: { model: 'churn', slice: name }, expect: true }),
    );
  });

  test('are also those of conditions', () => {
    expect(gatesOf({ by: BY ?? [] })).toMatchObject([
      { about: { slice: 'old in the north' }, expect: true, source: { key: 'models.churn.slices.by.4' } },
    ]);
    expect(gatesOf({ by: BY ?? [], expect: ['old in the north'] })).toHaveLength(1);
  });

  test.each([
    ['regin=north', 'there are no slices by `regin`. Did you mean `region`?'],
    ['plan=basic, region=north', 'Did you mean `region, plan`?'],
    ['plan=basic', 'there are no slices by `plan`.'],
    ['age=17..65', '`age=17..65` is no bin.'],
    ['mass=heavy', '`mass=heavy` is no bin.'],
    ['old in the nort', 'Did you mean `old in the north`?'],
    ['north', '`north` is no name of a slice.'],
    ['=', 'no slices by ``'],
  ])('%s cannot be there', (name, told) => {
    expect(mistakesOf({ by: BY ?? [], expect: [name] })).toContain(told);
  });
});

import { describe, expect, test } from 'vitest';
import { UserError } from '../../src/evidence/errors.ts';
import { readNumbers } from '../../src/metrics/importers/read-numbers.ts';
import { measureNumbers } from '../../src/metrics/measure-numbers.ts';

function read(text: string, file = 'metrics.json'): Readonly<Record<string, number>> {
  return Object.fromEntries(readNumbers(text, file).numbers.map(({ key, value }) => [key, value]));
}

function messageOf(text: string, file = 'metrics.json'): string {
  try {
    readNumbers(text, file);
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
  return 'nothing was thrown';
}

function nineTimes(name: string, of: string): string {
  return `${name}: &${name} [${Array.from({ length: 9 }, () => `*${of}`).join(',')}]`;
}

describe('numbers of a metrics file', () => {
  test('are flattened by dots; what is no number is no metric', () => {
    const text =
      '{"train":{"acc":0.9,"loss":1e-3},"epoch":3,"name":"run","ok":true,"none":null,"stderr":"N/A","v":"0.5"}';
    expect(read(text)).toEqual({ 'train.acc': 0.9, 'train.loss': 0.001, epoch: 3 });
  });

  test('a list of one element stands for it, other lists are none', () => {
    expect(read('{"a":[0.5],"b":[1,2],"c":[],"d":[{"e":1}]}')).toEqual({ a: 0.5, 'd.e': 1 });
  });

  test('a longer list of numbers can be asked for by its key', () => {
    const { lists } = readNumbers(
      '{"cv":{"acc":[0.8,0.9,"NaN"]},"mixed":[1,"two"],"one":[1],"deep":[[1],2,{"a":1}]}',
      'm.json',
    );
    expect(lists).toEqual([{ key: 'cv.acc', values: [0.8, 0.9, Number.NaN] }]);
  });

  test('NaN and infinities are numbers, bare or quoted', () => {
    expect(
      read(
        '{"a": NaN, "b": -Infinity, "c": "NaN", "d": "inf", "text": "say NaN, \\"Infinity\\"", "e": [NaN]}',
      ),
    ).toEqual({
      a: Number.NaN,
      b: Number.NEGATIVE_INFINITY,
      c: Number.NaN,
      d: Number.POSITIVE_INFINITY,
      e: Number.NaN,
    });
  });

  test('YAML is read by its ending', () => {
    expect(read('train:\n  acc: 0.9\n  loss: .nan\nlist: [1]\n', 'metrics.yaml')).toEqual({
      'train.acc': 0.9,
      'train.loss': Number.NaN,
      list: 1,
    });
    expect(messageOf('a: 1\na: 2\n', 'm.yml')).toMatch(/m\.yml is not YAML/);
    expect(messageOf('x:\n  - { b: 1, "b": 2 }\n', 'm.yml')).toMatch(/the key "b" stands twice/);
    // Each key compared with every other would take minutes.
    const many = Array.from({ length: 30_000 }, (_, at) => `k${at}: 1`).join('\n');
    expect(messageOf(many, 'm.yml')).toMatch(/holds 30000 numbers/);
    expect(messageOf('a: [1\n', 'm.yml')).toMatch(/m\.yml is not YAML/);
  });

  test('an empty file has no numbers, and a bare number has a key of its own', () => {
    expect(readNumbers(' \n', 'metrics.json')).toEqual({ numbers: [], lists: [] });
    expect(readNumbers('\uFEFF{"a":1}', 'metrics.json').numbers).toEqual([{ key: 'a', value: 1 }]);
    expect(readNumbers('0.93', 'metrics.json').numbers).toEqual([{ key: '', value: 0.93 }]);
  });

  test('what is not what its name says is refused with the file', () => {
    expect(messageOf('{"a":1')).toMatch(/metrics\.json is not JSON/);
    expect(messageOf('acc: 0.9')).toMatch(/metrics\.json is not JSON/);
    expect(messageOf('[NaN')).toMatch(/not JSON/);
  });

  test('limits are named', () => {
    expect(messageOf(`{"a":"${'x'.repeat(10_000_001)}"}`)).toMatch(/larger than 10 MB/);
    const many = Object.fromEntries(Array.from({ length: 2001 }, (_, index) => [`k${index}`, index]));
    expect(messageOf(JSON.stringify(many))).toMatch(/2001 numbers; at most 2000/);
    expect(messageOf(`${'{"a":'.repeat(40)}1${'}'.repeat(40)}`)).toMatch(/deeper than 32 levels/);
    expect(messageOf('{"a":{"b":1},"a.b":2}')).toMatch(/two numbers under the key `a\.b`/);
  });

  test('an alias bomb is refused', () => {
    const names = 'abcdefghij'.split('');
    const bomb = [
      'a: &a [x]',
      ...names.slice(1).map((name, index) => nineTimes(name, names[index] ?? 'a')),
    ].join('\n');
    expect(messageOf(bomb, 'm.yaml')).toMatch(/m\.yaml (cannot be read|has \d+ YAML aliases)/);
    expect(messageOf(`a: &a 1\nb: [${Array.from({ length: 200 }, () => '*a').join(',')}]`, 'm.yaml')).toMatch(
      /200 YAML aliases/,
    );
  });
});

describe('numbers as metrics', () => {
  test('take the direction of the config, else the catalogue', () => {
    const numbers = [
      { key: 'val_loss', value: 0.4 },
      { key: 'wibble', value: Number.NaN },
      { key: 'other', value: 1 },
    ];
    const metrics = measureNumbers({ numbers, lists: [] }, 'training', [
      { metric: 'wibble', direction: 'higher-is-better' },
    ]);
    expect(metrics.map(({ name, direction, value }) => [name, direction, value])).toEqual([
      ['val_loss', 'lower-is-better', 0.4],
      ['wibble', 'higher-is-better', null],
      ['other', 'none', 1],
    ]);
    expect(metrics[0]?.about).toEqual({ metricsFile: 'training' });
  });

  test('a list that is called folds or seeds is the metric of its mean', () => {
    const read = readNumbers('{"acc":[0.8,0.9],"f1":[0.5,0.7],"loss":1}', 'm.json');
    const metrics = measureNumbers(read, 'cv', [{ metric: 'acc', seeds: true }, { metric: 'loss' }]);
    expect(metrics.map(({ name, value, values }) => [name, value, values])).toEqual([
      ['loss', 1, undefined],
      ['acc', 0.8500000000000001, [0.8, 0.9]],
    ]);
  });

  test('a single number where folds are declared is refused, and so is a log of steps', () => {
    const gates = [{ metric: 'acc', folds: { 'test-share': 0.2 } }];
    expect(() => measureNumbers(readNumbers('{"acc":0.8}', 'm.json'), 'cv', gates)).toThrow(
      /speaks of folds or seeds, but the file has a single number/,
    );
    const steps = JSON.stringify({ acc: Array.from({ length: 1001 }, () => 0.5) });
    expect(() => measureNumbers(readNumbers(steps, 'm.json'), 'cv', gates)).toThrow(/lists 1001 numbers/);
    expect(measureNumbers(readNumbers('{"acc":[0.8,NaN]}', 'm.json'), 'cv', gates)).toMatchObject([
      { name: 'acc', value: null },
    ]);
  });
});

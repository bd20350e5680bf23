import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { flattenValues, MAX_VALUES } from '../../src/evidence/flatten-values.ts';

describe('flattenValues', () => {
  it('joins nested keys by dots, and writes a list of plain values as one', () => {
    const document = {
      train: { max_depth: 8, layers: [64, 32], bagging: true, seed: null },
      steps: [{ name: 'scale' }, { name: 'fit' }],
      empty: {},
      none: [],
    };
    expect(flattenValues(document)).toEqual({
      values: {
        'train.max_depth': 8,
        'train.layers': '[64,32]',
        'train.bagging': true,
        'train.seed': null,
        'steps.0.name': 'scale',
        'steps.1.name': 'fit',
        empty: '{}',
        none: '[]',
      },
      omitted: 0,
    });
  });

  it('writes numbers that JSON does not have as words, so that they differ from nothing', () => {
    const { values } = flattenValues({ a: Number.NaN, b: Number.NEGATIVE_INFINITY, c: [Number.NaN, null] });
    expect(values).toEqual({ a: 'NaN', b: '-Infinity', c: '["NaN",null]' });
  });

  it('keeps keys apart that would read alike, also those that objects have themselves', () => {
    const document = JSON.parse('{"a.b": 1, "a": {"b": 2}, "": 3, "__proto__": {"x": 4}, "a\\nb": 5}');
    const { values } = flattenValues(document);
    expect(Object.entries(values)).toEqual([
      ['"a.b"', 1],
      ['a.b', 2],
      ['""', 3],
      ['__proto__.x', 4],
      ['"a\\nb"', 5],
    ]);
  });

  it('bounds keys, texts and their number', () => {
    const many = Object.fromEntries(
      Array.from({ length: MAX_VALUES + 20 }, (_, index) => [`k${index}`, index]),
    );
    const flat = flattenValues({ ['x'.repeat(500)]: 'y'.repeat(500), ...many });
    expect(flat.omitted).toBe(21);
    expect(Object.keys(flat.values)).toHaveLength(MAX_VALUES);
    const [first] = Object.entries(flat.values);
    expect(first?.map((text) => String(text).length)).toEqual([300, 300]);
  });

  it('gives documents that differ values that differ', () => {
    const { tree } = fc.letrec<{ tree: unknown; leaf: unknown }>((tie) => ({
      leaf: fc.oneof(fc.integer(), fc.string(), fc.boolean(), fc.constant(null)),
      tree: fc.oneof(
        { maxDepth: 3 },
        tie('leaf'),
        fc.array(tie('leaf'), { maxLength: 3 }),
        fc.dictionary(fc.oneof(fc.constantFrom('a', 'b', 'a.b'), fc.string()), tie('tree'), { maxKeys: 3 }),
      ),
    }));
    const document = fc.dictionary(fc.constantFrom('a', 'b', 'c.d'), tree, { minKeys: 1 });
    fc.assert(
      fc.property(document, document, (one, other) => {
        // A text that spells a list or a mapping reads like one: settings are not told apart by their type alone.
        fc.pre(!JSON.stringify([one, other]).match(/"(\[|\{)/));
        const same = JSON.stringify(sorted(one)) === JSON.stringify(sorted(other));
        const flat = [one, other].map((item) => JSON.stringify(sorted(flattenValues(item).values)));
        expect(flat[0] === flat[1]).toBe(same);
      }),
      { numRuns: 200 },
    );
  });
});

/** Without the order of keys. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, item]) => [key, sorted(item)] as const);
  return { entries: entries.sort(([a], [b]) => (a < b ? -1 : 1)) };
}

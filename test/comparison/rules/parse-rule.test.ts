import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseRule } from '../../../src/comparison/rules/parse-rule.ts';
import { printRule, type Comparison, type RuleSyntax } from '../../../src/comparison/rules/rule-syntax.ts';

function read(text: string): RuleSyntax {
  const parsed = parseRule(text);
  if (!parsed.ok) throw new Error(parsed.mistake.text);
  return parsed.rule;
}

function mistakeOf(text: string): { readonly offset: number; readonly text: string } {
  const parsed = parseRule(text);
  if (parsed.ok) throw new Error(`${text} is read.`);
  return parsed.mistake;
}

/** A tree without positions: what a text means. */
function meaningOf(rule: RuleSyntax): unknown {
  if (rule.kind !== 'comparison') return { kind: rule.kind, parts: rule.parts.map(meaningOf) };
  const { offsets: _offsets, ...meaning } = rule;
  return meaning;
}

const WORD = fc.stringMatching(/^[A-Za-z0-9_/:-]{1,8}$/);
const NAME = fc.oneof(
  WORD,
  fc.string({ minLength: 1, maxLength: 10 }).filter((text) => !(text.includes('"') && text.includes("'"))),
);
const REFERENCE: fc.Arbitrary<Comparison['reference']> = fc.oneof(
  fc.record({
    path: fc.array(WORD, { minLength: 1, maxLength: 3 }).map((words) => words.join('.')),
    slice: fc.constant([]),
    metric: fc.option(NAME, { nil: undefined }),
  }),
  fc.record({
    path: WORD,
    slice: NAME.map((column) => [{ column, value: undefined }]),
    metric: NAME,
  }),
  fc.record({
    path: WORD,
    slice: fc.array(fc.record({ column: NAME, value: fc.oneof(NAME, fc.constant('')) }), {
      minLength: 1,
      maxLength: 3,
    }),
    metric: NAME,
  }),
);
const COMPARISON: fc.Arbitrary<RuleSyntax> = fc.record({
  kind: fc.constant('comparison' as const),
  quantity: fc.constantFrom('value' as const, 'regression' as const, 'improvement' as const),
  reference: REFERENCE,
  bound: fc.constantFrom('at-least' as const, 'at-most' as const),
  constant: fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0),
  unit: fc.constantFrom(undefined, '%', 'points', 'ms', 'nats'),
  offsets: fc.constant({ quantity: 0, reference: 0, constant: 0 }),
});

/** Trees as the parser makes them: no `all` directly inside an `all`. */
function treeOf(kind: 'all' | 'any', depth: number): fc.Arbitrary<RuleSyntax> {
  const part =
    depth === 0 ? COMPARISON : fc.oneof(COMPARISON, treeOf(kind === 'all' ? 'any' : 'all', depth - 1));
  return fc.record({ kind: fc.constant(kind), parts: fc.array(part, { minLength: 2, maxLength: 3 }) });
}
const RULE = fc
  .oneof(COMPARISON, treeOf('all', 2), treeOf('any', 2))
  .filter((rule) => printRule(rule).length <= 2000 && countComparisons(rule) <= 20);

function countComparisons(rule: RuleSyntax): number {
  return rule.kind === 'comparison' ? 1 : rule.parts.reduce((sum, part) => sum + countComparisons(part), 0);
}

describe('parseRule', () => {
  test('reads the trade-off of the documentation', () => {
    const text =
      'regression(churn.accuracy) <= 0 or (regression(churn.accuracy) <= 0.5 points and improvement(serving.p95_ms) >= 20 %)';
    const rule = read(text);
    expect(meaningOf(rule)).toMatchObject({
      kind: 'any',
      parts: [
        { quantity: 'regression', bound: 'at-most', constant: 0, unit: undefined },
        {
          kind: 'all',
          parts: [
            {
              reference: { path: 'churn.accuracy', slice: [], metric: undefined },
              constant: 0.5,
              unit: 'points',
            },
            { quantity: 'improvement', bound: 'at-least', constant: 20, unit: '%' },
          ],
        },
      ],
    });
    expect(printRule(rule)).toBe(text);
  });

  test('`and` binds tighter than `or`, and parentheses of the same kind are one condition', () => {
    const [a, b, c] = ['value(m.a) >= 1', 'value(m.b) >= 1', 'value(m.c) >= 1'] as const;
    expect(printRule(read(`${a} or ${b} and ${c}`))).toBe(`${a} or (${b} and ${c})`);
    expect(printRule(read(`((${a}) and (${b} and ${c}))`))).toBe(`${a} and ${b} and ${c}`);
  });

  test('reads slices and quoted names', () => {
    const rule = read(
      `value(churn[region = north, plan='very basic'].accuracy)>=0.8 and value(t."val loss")<=20ms`,
    );
    expect(rule).toMatchObject({
      parts: [
        {
          reference: {
            path: 'churn',
            slice: [
              { column: 'region', value: 'north' },
              { column: 'plan', value: 'very basic' },
            ],
            metric: 'accuracy',
          },
        },
        { reference: { path: 't', slice: [], metric: 'val loss' }, constant: 20, unit: 'ms' },
      ],
    });
  });

  test.each([
    ['drop(churn.accuracy) <= 1', 0, /`drop` stands where `value`.*Write `regression/],
    ['regresion(churn.accuracy) <= 1', 0, /did you mean `regression`/],
    ['value(churn.accuracy) > 1', 22, /Write `>=`/],
    ['value(churn.accuracy) >= ', 25, /the end of the rule stands where a number/],
    ['value(churn.accuracy) >= high', 25, /`high` stands where a number/],
    ['value(churn.accuracy) >= 0.5 && value(a.b) >= 1', 29, /Write `and`/],
    ['not value(churn.accuracy) >= 0.5', 0, /turn the comparison round/],
    ['value(churn.accuracy) / 2 >= 0.5', 22, /There is no arithmetic/],
    ['(value(churn.accuracy) >= 0.5', 29, /`and`, `or` or `\)`/],
    ['value(churn[region north].accuracy) >= 0.5', 19, '`=` or `]`'],
    ['value(churn[region=north east].accuracy) >= 0.5', 25, /quotation marks/],
    ['value(churn[region=north]) >= 0.5', 25, /a dot and a metric/],
    ['value(t."val loss) >= 0.5', 8, /not closed/],
    ['value(churn.accuracy) >= 1e999', 25, /a number/],
    ['', 0, /the end of the rule/],
    ['constructor(a.b) >= 1', 0, /`constructor` stands where/],
  ])('%s: what is wrong, where, what is allowed', (text, offset, told) => {
    const mistake = mistakeOf(text);
    expect(mistake.text).toMatch(told);
    expect(mistake.offset).toBe(offset);
  });

  test('length, depth and number of comparisons are bounded', () => {
    expect(mistakeOf('('.repeat(2000)).text).toMatch(/more than 10 parentheses/);
    expect(mistakeOf(' '.repeat(2001)).text).toMatch(/at most 2000 characters/);
    const many = Array.from({ length: 21 }, () => 'value(m.a) >= 1').join(' and ');
    expect(mistakeOf(many)).toMatchObject({ text: expect.stringMatching(/at most 20 comparisons/) });
  });

  test('what is printed reads as the same rule', () => {
    fc.assert(
      fc.property(RULE, (rule) => {
        expect(meaningOf(read(printRule(rule)))).toEqual(meaningOf(rule));
      }),
    );
  });

  test('no text makes it throw; a mistake points into the text', () => {
    const piece = fc.constantFrom(
      '(',
      ')',
      'and',
      'or',
      'value',
      'm.a',
      '>=',
      '0.5',
      '%',
      '[',
      ']',
      '"',
      '=',
      ' ',
      '💥',
    );
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join(' ')),
    );
    fc.assert(
      fc.property(text, (input) => {
        const parsed = parseRule(input);
        if (parsed.ok) return;
        expect(parsed.mistake.text).not.toBe('');
        expect(parsed.mistake.offset).toBeGreaterThanOrEqual(0);
        expect(parsed.mistake.offset).toBeLessThanOrEqual(input.length);
      }),
    );
  });
});

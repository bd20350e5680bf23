import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { measureFlips, type FlipOptions } from '../../src/comparison/flips.ts';
import { encodeColumn } from '../../src/outcomes/encode-column.ts';
import type { Outcomes } from '../../src/outcomes/outcomes.ts';
import { pairOutcomes, type OutcomesPair } from '../../src/outcomes/pair-outcomes.ts';
import { clopperPearsonInterval } from '../../src/statistics/proportion.ts';
import {
  forecastingExamples,
  gradedExamples,
  multilabelExamples,
  rankingExamples,
} from '../metrics/examples-of.ts';
import {
  binaryOutcomes,
  multiclassOutcomes,
  outcomesOf,
  regressionOutcomes,
} from '../outcomes/outcomes-of.ts';

const OPTIONS: FlipOptions = {
  about: { model: 'churn' },
  alpha: 0.05,
  examples: 10,
  threshold: 0.5,
  seeds: [],
};

function pair(candidate: Outcomes, baseline: Outcomes): OutcomesPair {
  const pairing = pairOutcomes(candidate, baseline);
  if (pairing.kind !== 'paired') throw new Error(pairing.detail);
  return pairing.pair;
}

/** As the store gives them back: without ids. */
function stored(outcomes: Outcomes): Outcomes {
  return { ...outcomes, ids: undefined };
}

//              right  lost   lost   won    wrong  right
const TARGET = [1, 1, 0, 1, 0, 0];
const BEFORE = [0.9, 0.6, 0.2, 0.4, 0.7, 0.1];
const AFTER = [0.8, 0.3, 0.95, 0.7, 0.9, 0.2];
const IDS = ['a', 'b', 'c', 'd', 'e', 'f'];

describe('measureFlips', () => {
  const flips = measureFlips(
    pair(binaryOutcomes(TARGET, AFTER, IDS), stored(binaryOutcomes(TARGET, BEFORE, IDS))),
    OPTIONS,
  );

  it('counts what was right and is wrong, the other way round, and what changed at all', () => {
    const { low, high } = clopperPearsonInterval(2, 6, 0.9);
    expect(flips).toMatchObject({
      about: { model: 'churn' },
      n: 6,
      negative: { count: 2, share: 2 / 6, interval: { level: 0.9, low, high, method: 'Clopper-Pearson' } },
      positive: { count: 1, share: 1 / 6 },
      churn: { count: 3, share: 0.5 },
    });
    // By hand: 4 of 6 were right, 3 are; independent errors would give 6 * (3/6) * (4/6) = 2.
    expect(flips?.relativeNegative).toBeCloseTo(1, 12);
    expect(flips?.backwardTrust).toBeCloseTo(2 / 4, 12);
  });

  it('lists negative flips first, the most confident mistake on top', () => {
    expect(flips?.examples).toEqual([
      {
        kind: 'negative',
        id: 'c',
        target: '0',
        baseline: '0',
        candidate: '1',
        baselineScore: 0.2,
        candidateScore: 0.95,
      },
      {
        kind: 'negative',
        id: 'b',
        target: '1',
        baseline: '1',
        candidate: '0',
        baselineScore: 0.6,
        candidateScore: 0.3,
      },
      {
        kind: 'positive',
        id: 'd',
        target: '1',
        baseline: '0',
        candidate: '1',
        baselineScore: 0.4,
        candidateScore: 0.7,
      },
    ]);
  });

  it('lists as many as asked for, and none where ids are private or gone', () => {
    const [now, before] = [binaryOutcomes(TARGET, AFTER, IDS), binaryOutcomes(TARGET, BEFORE, IDS)];
    const list = (candidate: Outcomes, examples: number) =>
      measureFlips(pair(candidate, before), { ...OPTIONS, examples })?.examples.map(({ id }) => id);
    expect(list(now, 1)).toEqual(['c']);
    expect(list(now, 2)).toEqual(['c', 'b']);
    expect(list(now, 0)).toEqual([]);
    expect(list(stored(now), 10)).toEqual([]);
  });

  it('shows the values of slice columns, and bounds what a stranger wrote', () => {
    const long = '\u{1F600}'.repeat(400);
    const columns = new Map([
      ['region', encodeColumn(['n', 's', '`@here`', 'n', 'n', '__proto__'])],
      ['__proto__', encodeColumn(TARGET.map(() => long))],
    ]);
    const ids = ['a', '<script>|\n::error::', `x${long}`, 'd', 'e', 'f'].sort();
    const candidate = { ...binaryOutcomes(TARGET, AFTER, ids), sliceColumns: columns };
    const examples = measureFlips(pair(candidate, binaryOutcomes(TARGET, BEFORE, ids)), OPTIONS)?.examples;
    const [first] = examples ?? [];
    expect(first?.slices?.['region']).toBe('`@here`');
    expect(Object.keys(first?.slices ?? {})).toEqual(['region', '__proto__']);
    for (const example of examples ?? []) {
      for (const text of [example.id, ...Object.values(example.slices ?? {})]) {
        expect(Array.from(text).length).toBeLessThanOrEqual(300);
      }
    }
  });

  it('has neither scores nor an order by them for several classes', () => {
    const target = ['a', 'b', 'c', 'a'];
    const now = multiclassOutcomes(target, ['b', 'b', 'a', 'a']);
    const before = multiclassOutcomes(target, ['a', 'c', 'c', 'a']);
    expect(measureFlips(pair(now, before), OPTIONS)?.examples).toEqual([
      { kind: 'negative', id: 'e000000', target: 'a', baseline: 'a', candidate: 'b' },
      { kind: 'negative', id: 'e000002', target: 'c', baseline: 'c', candidate: 'a' },
      { kind: 'positive', id: 'e000001', target: 'b', baseline: 'c', candidate: 'b' },
    ]);
  });

  it('counts churn between two wrong labels too', () => {
    const target = ['a', 'b'];
    const now = multiclassOutcomes(target, ['b', 'b']);
    const before = multiclassOutcomes(target, ['c', 'b']);
    expect(measureFlips(pair(now, before), OPTIONS)).toMatchObject({
      negative: { count: 0 },
      positive: { count: 0 },
      churn: { count: 1 },
    });
  });

  it('leaves out ratios of nothing', () => {
    const allWrong = measureFlips(pair(binaryOutcomes([1], [0.1]), binaryOutcomes([1], [0.2])), OPTIONS);
    expect(allWrong).not.toHaveProperty('relativeNegative');
    expect(allWrong).not.toHaveProperty('backwardTrust');
  });

  it('says how much flips between trainings of the same recipe, the mean of those there are', () => {
    const truth = ['a', 'b', 'c', 'a'];
    const before = multiclassOutcomes(truth, ['a', 'b', 'c', 'b']);
    // One of four is lost in the first, two in the second, which knows a label of its own.
    const seeds = [
      multiclassOutcomes(truth, ['a', 'b', 'a', 'a']),
      multiclassOutcomes(truth, ['0', 'a', 'c', 'b']),
    ];
    const measured = measureFlips(pair(before, before), { ...OPTIONS, seeds });
    expect(measured?.retraining).toBeCloseTo((1 / 4 + 2 / 4) / 2, 12);
    expect(flips).not.toHaveProperty('retraining');
  });

  it('does not exist for regression', () => {
    const outcomes = regressionOutcomes([1, 2], [1, 2]);
    expect(measureFlips(pair(outcomes, outcomes), OPTIONS)).toBeUndefined();
  });

  it('is wider where examples belong to groups', () => {
    const n = 400;
    const target = Array.from({ length: n }, () => 1);
    const groups = Uint32Array.from({ length: n }, (_, row) => Math.floor(row / 10));
    const after = Array.from(groups, (group) => (group % 3 === 0 ? 0.1 : 0.9));
    const before = binaryOutcomes(
      target,
      target.map(() => 0.9),
    );
    const alone = measureFlips(pair(binaryOutcomes(target, after), before), OPTIONS)?.negative.interval;
    const grouped = measureFlips(pair({ ...binaryOutcomes(target, after), groups }, before), OPTIONS);
    expect(grouped?.negative.interval?.high).toBeGreaterThan(alone?.high ?? 1);
    expect(grouped?.negative.interval?.method).toBe('Korn-Graubard, clustered by group');
  });

  it('agrees with accuracy: positive minus negative flips are its difference, whatever the labels', () => {
    const label = fc.constantFrom('a', 'b', 'c');
    const rows = fc.array(fc.tuple(label, label, label), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(rows, fc.integer({ min: 0, max: 8 }), (triples, examples) => {
        const [target, now, before] = [0, 1, 2].map((side) => triples.map((row) => row[side] ?? ''));
        const measured = measureFlips(
          pair(multiclassOutcomes(target ?? [], now ?? []), multiclassOutcomes(target ?? [], before ?? [])),
          { ...OPTIONS, examples },
        );
        const right = (column: 1 | 2): number => triples.filter((row) => row[0] === row[column]).length;
        const { negative, positive, churn, examples: listed = [] } = measured ?? {};
        expect((positive?.count ?? 0) - (negative?.count ?? 0)).toBe(right(1) - right(2));
        expect(churn?.count).toBeGreaterThanOrEqual((negative?.count ?? 0) + (positive?.count ?? 0));
        const flipped = (negative?.count ?? 0) + (positive?.count ?? 0);
        expect(listed.length).toBe(Math.min(examples, flipped));
        expect(listed.filter(({ kind }) => kind === 'negative').length).toBe(
          Math.min(examples, negative?.count ?? 0),
        );
      }),
      { numRuns: 60 },
    );
  });

  it('lists the most confident ones of many, in any order of rows', () => {
    const scores = fc.array(fc.double({ min: 0.5, max: 1, noNaN: true }), { minLength: 1, maxLength: 50 });
    fc.assert(
      fc.property(scores, fc.integer({ min: 1, max: 10 }), (after, examples) => {
        const target = after.map(() => 0);
        const candidate = binaryOutcomes(target, after);
        const before = binaryOutcomes(
          target,
          after.map(() => 0.1),
        );
        const listed = measureFlips(pair(candidate, before), { ...OPTIONS, examples })?.examples ?? [];
        const expected = after.toSorted((a, b) => b - a).slice(0, examples);
        expect(listed.map(({ candidateScore }) => candidateScore)).toEqual(expected);
      }),
      { numRuns: 50 },
    );
  });
});

describe('an example of several labels', () => {
  const target = [
    [1, 0],
    [1, 1],
    [0, 0],
  ];
  const before = outcomesOf(
    multilabelExamples(target, [
      [0.9, 0.1],
      [0.9, 0.2],
      [0.1, 0.2],
    ]),
  );
  const after = outcomesOf(
    multilabelExamples(target, [
      [0.9, 0.6],
      [0.8, 0.7],
      [0.3, 0.2],
    ]),
  );

  it('is right where all of its labels are', () => {
    expect(measureFlips(pair(after, before), OPTIONS)).toMatchObject({
      n: 3,
      negative: { count: 1 },
      positive: { count: 1 },
      churn: { count: 2 },
      examples: [
        { kind: 'negative', id: 'e000000', target: 'l000', baseline: 'l000', candidate: 'l000, l001' },
        { kind: 'positive', id: 'e000001', target: 'l000, l001', baseline: 'l000', candidate: 'l000, l001' },
      ],
    });
  });

  it('is neither right nor wrong in a ranking, a forecast or a grade', () => {
    const graded = outcomesOf(gradedExamples({ passed: [0, 1] }));
    const ranking = outcomesOf(rankingExamples([[{ relevance: 1, score: 1 }]]));
    const forecast = outcomesOf(forecastingExamples([1], { predicted: [2] }));
    for (const outcomes of [graded, ranking, forecast]) {
      expect(measureFlips(pair(outcomes, outcomes), OPTIONS)).toBeUndefined();
    }
  });
});

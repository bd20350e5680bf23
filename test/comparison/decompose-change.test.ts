import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decomposeChange } from '../../src/comparison/decompose-change.ts';
import { formOf } from '../../src/metrics/form-of.ts';
import { computeValue } from '../../src/metrics/measure.ts';
import { encodeColumn } from '../../src/outcomes/encode-column.ts';
import type { Outcomes } from '../../src/outcomes/outcomes.ts';
import { pairOutcomes, type OutcomesPair } from '../../src/outcomes/pair-outcomes.ts';
import type { Decomposition } from '../../src/schemas/evidence.generated.ts';
import { mcnemarTest, tangoInterval } from '../../src/statistics/paired-proportions.ts';
import { gradedExamples, multilabelExamples, rankingExamples } from '../metrics/examples-of.ts';
import {
  binaryOutcomes,
  multiclassOutcomes,
  outcomesOf,
  regressionOutcomes,
} from '../outcomes/outcomes-of.ts';

const OPTIONS = { about: { model: 'churn' }, alpha: 0.05, metrics: [] } as const;

function pair(candidate: Outcomes, baseline: Outcomes): OutcomesPair {
  const pairing = pairOutcomes(candidate, baseline);
  if (pairing.kind !== 'paired') throw new Error(pairing.detail);
  return pairing.pair;
}

function slicedBy<T extends Outcomes>(outcomes: T, columns: Readonly<Record<string, readonly string[]>>): T {
  const coded = Object.entries(columns).map(([name, texts]) => [name, encodeColumn(texts)] as const);
  return { ...outcomes, sliceColumns: new Map(coded) };
}

function repeat<T>(count: number, value: T): readonly T[] {
  return Array.from({ length: count }, () => value);
}

function find(list: readonly Decomposition[], metric: string, by: Decomposition['by']): Decomposition {
  const found = list.find((item) => item.metric === metric && item.by === by);
  if (found === undefined) throw new Error(`There is no decomposition of ${metric} by ${by}.`);
  return found;
}

function sumOfParts({ parts }: Decomposition): number {
  return parts.reduce((sum, { contribution }) => sum + contribution, 0);
}

function difference(metric: string, { candidate, baseline }: OutcomesPair): number {
  const [now, before] = [formOf(metric, candidate), formOf(metric, baseline)];
  if (now === undefined || before === undefined) throw new Error(`There is no ${metric}.`);
  return computeValue(now) - computeValue(before);
}

/** 40 examples of class 0, all right in both; 60 of class 1, of which 12 were lost in the north and 2 won. */
const target = [...repeat(40, 0), ...repeat(60, 1)];
const before = [...repeat(40, 0.1), ...repeat(58, 0.9), ...repeat(2, 0.2)];
const after = [...repeat(40, 0.1), ...repeat(46, 0.9), ...repeat(12, 0.3), ...repeat(2, 0.8)];
const regions = [...repeat(40, 'south'), ...repeat(46, 'south'), ...repeat(14, 'north')];
const binary = pair(
  slicedBy(binaryOutcomes(target, after), { region: regions }),
  binaryOutcomes(target, before),
);

describe('decomposeChange', () => {
  it('says by hand which class carries a change of accuracy, with its paired test', () => {
    const { correction, parts } = find(decomposeChange(binary, OPTIONS), 'accuracy', 'class');
    const { low, high } = tangoInterval({ both: 46, onlyFirst: 2, onlySecond: 12, neither: 0 }, 0.9);
    const p = mcnemarTest(2, 12).pMid;
    expect(correction).toBe('benjamini-hochberg');
    expect(parts).toEqual([
      {
        name: '1',
        n: 60,
        baseline: 58 / 60,
        candidate: 48 / 60,
        contribution: -0.1,
        interval: { level: 0.9, low, high, method: 'Tango score' },
        p,
        adjustedP: 2 * p,
      },
      expect.objectContaining({
        name: '0',
        n: 40,
        baseline: 1,
        candidate: 1,
        contribution: 0,
        p: 1,
        adjustedP: 1,
      }),
    ]);
  });

  it('does the same by the values of a slice column', () => {
    const { parts, about } = find(decomposeChange(binary, OPTIONS), 'accuracy', 'slice');
    expect(about).toEqual({ model: 'churn', column: 'region' });
    expect(parts.map(({ name, n, contribution }) => [name, n, contribution])).toEqual([
      ['region=north', 14, -0.1],
      ['region=south', 86, 0],
    ]);
  });

  it('decomposes what the config bounds, where it is a sum over examples', () => {
    const metrics = ['log_loss', 'brier', 'recall', 'f1', 'precision', 'roc_auc'];
    const found = decomposeChange(binary, { ...OPTIONS, metrics });
    expect(found.map(({ metric, by }) => `${metric} ${by}`)).toEqual([
      'accuracy class',
      'accuracy slice',
      'log_loss class',
      'log_loss slice',
      'brier class',
      'brier slice',
      'recall slice',
    ]);
    for (const item of found) expect(sumOfParts(item)).toBeCloseTo(difference(item.metric, binary), 12);
    expect(find(found, 'recall', 'slice').parts.map(({ n }) => n)).toEqual([14, 46]);
  });

  it('leaves out what did not change, and a column with one value', () => {
    const same = slicedBy(binaryOutcomes(target, before), { region: regions });
    expect(decomposeChange(pair(same, binaryOutcomes(target, before)), OPTIONS)).toEqual([]);
    const single = slicedBy(binaryOutcomes(target, after), { all: target.map(() => 'x') });
    const found = decomposeChange(pair(single, binaryOutcomes(target, before)), OPTIONS);
    expect(found.map(({ by }) => by)).toEqual(['class']);
  });

  it('adds up to the change of macro F1, also where the models know other classes', () => {
    const truth = ['a', 'a', 'b', 'b', 'c'];
    const models = pair(
      multiclassOutcomes(truth, ['a', 'b', 'b', 'b', 'd']),
      multiclassOutcomes(truth, ['a', 'a', 'b', 'a', 'c']),
    );
    const macro = find(decomposeChange(models, OPTIONS), 'macro_f1', 'class');
    expect(macro).not.toHaveProperty('correction');
    expect(macro.parts).toHaveLength(4);
    expect(macro.parts.find(({ name }) => name === 'd')).toMatchObject({
      n: 0,
      baseline: null,
      candidate: 0,
    });
    // By hand: the candidate's F1 are 2/3, 4/5, 0 and 0; the baseline's 4/5, 2/3 and 1.
    expect(macro.parts.find(({ name }) => name === 'a')?.contribution).toBeCloseTo(2 / 3 / 4 - 4 / 5 / 3, 12);
    expect(sumOfParts(macro)).toBeCloseTo(difference('macro_f1', models), 12);
  });

  it('splits a root by its squares, and has no classes for regression', () => {
    const truth = [1, 2, 3, 4, 5, 6];
    const models = pair(
      slicedBy(regressionOutcomes(truth, [2, 2, 3, 7, 5, 6.5]), { site: ['x', 'x', 'x', 'y', 'y', 'y'] }),
      regressionOutcomes(truth, [1, 2.5, 3, 5, 5.5, 6]),
    );
    const found = decomposeChange(models, { ...OPTIONS, metrics: ['rmse', 'r2'] });
    expect(found.map(({ metric, by }) => `${metric} ${by}`)).toEqual(['mae slice', 'rmse slice']);
    const root = find(found, 'rmse', 'slice');
    expect(sumOfParts(root)).toBeCloseTo(difference('rmse', models), 12);
    const site = root.parts.find(({ name }) => name === 'site=y');
    expect(site?.candidate).toBeCloseTo(Math.sqrt((9 + 0 + 0.25) / 3), 12);
    expect(site).toHaveProperty('p');
    expect(site).not.toHaveProperty('interval');
  });

  it('corrects for any dependence where examples belong to groups, and tests by group', () => {
    const groups = Uint32Array.from(target, (_, row) => Math.floor(row / 4) + 7);
    const grouped = pair(
      { ...slicedBy(binaryOutcomes(target, after), { region: regions }), groups },
      binaryOutcomes(target, before),
    );
    const { correction, parts } = find(decomposeChange(grouped, OPTIONS), 'accuracy', 'slice');
    expect(correction).toBe('benjamini-yekutieli');
    const north = parts.find(({ name }) => name === 'region=north');
    // Only one part has a difference to test; the other has none in any example.
    expect(north?.interval?.method).toBe('Student t, clustered by group');
    expect(north?.adjustedP).toBeCloseTo(Math.min(1, (north?.p ?? 0) * 2 * 1.5), 12);
    const alone = find(decomposeChange(binary, OPTIONS), 'accuracy', 'slice').parts[0];
    expect(north?.p).toBeGreaterThan(alone?.p ?? 1);
  });

  it('shows at most 50 parts: the others are one that keeps the sum', () => {
    const n = 600;
    const truth = repeat(n, 1);
    const candidate = Array.from({ length: n }, (_, row) => (row % 7 === 0 ? 0.2 : 0.9));
    const codes = Array.from({ length: n }, (_, row) => `v${row % 250}`);
    const models = pair(
      slicedBy(binaryOutcomes(truth, candidate), { shop: codes }),
      binaryOutcomes(
        truth,
        truth.map(() => 0.9),
      ),
    );
    const shops = find(decomposeChange(models, OPTIONS), 'accuracy', 'slice');
    expect(shops.parts).toHaveLength(50);
    expect(shops.parts.at(-1)).toMatchObject({ name: '201 others', baseline: null, candidate: null });
    expect(shops.parts.reduce((sum, part) => sum + part.n, 0)).toBe(n);
    expect(sumOfParts(shops)).toBeCloseTo(difference('accuracy', models), 12);
  });

  it('adds up for every mean, root and class, whatever the models say', () => {
    const row = fc.record({
      target: fc.constantFrom('a', 'b', 'c'),
      now: fc.constantFrom('a', 'b', 'c', 'd'),
      before: fc.constantFrom('a', 'b', 'c'),
      score: fc.double({ min: 0, max: 1, noNaN: true }),
      other: fc.double({ min: 0, max: 1, noNaN: true }),
      part: fc.constantFrom('p', 'q', '', 'r=s'),
    });
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 40 }), (rows) => {
        const parts = { part: rows.map(({ part }) => part) };
        const truth = rows.map(({ target }) => (target === 'a' ? 1 : 0));
        const [now, old] = [rows.map(({ score }) => score), rows.map(({ other }) => other)];
        const cases = [
          pair(slicedBy(binaryOutcomes(truth, now), parts), binaryOutcomes(truth, old)),
          pair(slicedBy(regressionOutcomes(truth, now), parts), regressionOutcomes(truth, old)),
          pair(
            slicedBy(
              multiclassOutcomes(
                rows.map((r) => r.target),
                rows.map((r) => r.now),
              ),
              parts,
            ),
            multiclassOutcomes(
              rows.map((r) => r.target),
              rows.map((r) => r.before),
            ),
          ),
        ];
        for (const models of cases) {
          const metrics = ['log_loss', 'brier', 'recall', 'rmse', 'macro_f1'];
          for (const item of decomposeChange(models, { ...OPTIONS, metrics })) {
            expect(sumOfParts(item)).toBeCloseTo(difference(item.metric, models), 9);
            // Rounding apart, a correction makes no p-value smaller.
            for (const { p = 0, adjustedP = 1 } of item.parts) expect(adjustedP - p).toBeGreaterThan(-1e-9);
            const sizes = item.parts.map(({ contribution }) => Math.abs(contribution));
            expect(sizes).toEqual(sizes.toSorted((a, b) => b - a));
          }
        }
      }),
      { numRuns: 60 },
    );
  });
});

/** A relevant item of this score, and one that is not at 0.5. */
function queryOf(score: number) {
  return [
    { relevance: 1, score },
    { relevance: 0, score: 0.5 },
  ];
}

describe('the change of other tasks', () => {
  it('of several labels falls into the labels, as macro F1 does', () => {
    const truth = [
      [1, 0],
      [1, 1],
      [0, 1],
    ];
    const before = outcomesOf(
      multilabelExamples(truth, [
        [0.9, 0.1],
        [0.9, 0.8],
        [0.1, 0.9],
      ]),
    );
    const after = outcomesOf(
      multilabelExamples(truth, [
        [0.9, 0.1],
        [0.2, 0.8],
        [0.1, 0.9],
      ]),
    );
    const changed = pair(after, before);
    const found = find(decomposeChange(changed, OPTIONS), 'macro_f1', 'class');
    expect(found.parts).toEqual([
      // One of its two examples was lost: F1 is 2 / 3.
      { name: 'l000', n: 2, baseline: 1, candidate: 2 / 3, contribution: (2 / 3 - 1) / 2 },
      { name: 'l001', n: 2, baseline: 1, candidate: 1, contribution: 0 },
    ]);
    expect(sumOfParts(found)).toBeCloseTo(difference('macro_f1', changed), 12);
  });

  it('of queries and of grades falls into slices', () => {
    const regions = { region: ['north', 'south', 'south'] };
    const ranking = pair(
      slicedBy(outcomesOf(rankingExamples([queryOf(0.1), queryOf(0.9), queryOf(0.9)])), regions),
      outcomesOf(rankingExamples([queryOf(0.9), queryOf(0.9), queryOf(0.1)])),
    );
    const graded = pair(
      slicedBy(outcomesOf(gradedExamples({ helpful: [0.5, 0.75, 1] })), regions),
      outcomesOf(gradedExamples({ helpful: [0.25, 0.5, 0.5] })),
    );
    for (const [metric, compared] of [
      ['ndcg@10', ranking],
      ['helpful', graded],
    ] as const) {
      const found = find(decomposeChange(compared, OPTIONS), metric, 'slice');
      expect(found.parts).toHaveLength(2);
      expect(sumOfParts(found)).toBeCloseTo(difference(metric, compared), 12);
    }
  });

  it('of examples with weights is not taken apart', () => {
    const weighted = { ...binary.candidate, weights: new Float64Array(100).fill(2) } as Outcomes;
    expect(decomposeChange(pair(weighted, binary.baseline), OPTIONS)).toEqual([]);
  });
});

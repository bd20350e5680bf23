import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addBaselineToFigures } from '../../src/comparison/compare-figures.ts';
import { drawFigures } from '../../src/model/draw-figures.ts';
import type { Outcomes } from '../../src/outcomes/outcomes.ts';
import { pairOutcomes } from '../../src/outcomes/pair-outcomes.ts';
import { wilsonInterval } from '../../src/statistics/proportion.ts';
import {
  forecastingExamples,
  gradedExamples,
  multiclassExamples,
  multilabelExamples,
  quantileExamples,
  rankingExamples,
} from '../metrics/examples-of.ts';
import { anyOutcomes } from '../outcomes/arbitrary-outcomes.ts';
import { outcomesOf } from '../outcomes/outcomes-of.ts';

const OPTIONS = { model: 'demand', alpha: 0.05 };

function draw(outcomes: Outcomes) {
  return drawFigures(outcomes, { model: 'demand' }, OPTIONS);
}

function countOf(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0);
}

function curvesOf(parts: Parameters<typeof forecastingExamples>[1]) {
  return draw(outcomesOf(forecastingExamples([1, 2], parts))).map(({ id }) => id.split('/').at(-1));
}

describe('figures', () => {
  test('of quantiles show what share of targets lies at or below each', () => {
    const [figure] = draw(
      outcomesOf(
        quantileExamples(
          [1, 2, 3, 4],
          [0.25, 0.75],
          [
            [1, 1, 1, 1],
            [3, 3, 3, 3],
          ],
        ),
      ),
    );
    const { low: low25, high: high25 } = wilsonInterval(1, 4, 0.9);
    expect(figure).toMatchObject({
      kind: 'curve',
      id: 'model/demand/coverage',
      diagonal: true,
      series: [
        {
          name: 'candidate',
          points: [
            { x: 0.25, y: 0.25, n: 4, low: low25, high: high25 },
            { x: 0.75, y: 0.75, n: 4 },
          ],
        },
      ],
    });
  });

  test('of a forecast are those of its points, of its quantiles, or of both', () => {
    const points = { predicted: [1, 3] };
    const quantiles = { levels: [0.5], quantiles: [[1, 2]] };
    expect(curvesOf(points)).toEqual(['calibration', 'residuals']);
    expect(curvesOf(quantiles)).toEqual(['coverage']);
    expect(curvesOf({ ...points, ...quantiles })).toEqual(['calibration', 'residuals', 'coverage']);
  });

  test('of a ranking count queries by their gain', () => {
    const queries = [
      [
        { relevance: 1, score: 2 },
        { relevance: 0, score: 1 },
      ],
      [
        { relevance: 0, score: 2 },
        { relevance: 0, score: 1 },
      ],
    ];
    const [figure] = draw(outcomesOf(rankingExamples(queries)));
    expect(figure).toMatchObject({
      kind: 'histogram',
      id: 'model/demand/ndcg',
      edges: expect.arrayContaining([0, 1]) as unknown,
    });
    const counts = figure?.kind === 'histogram' ? (figure.series[0]?.counts ?? []) : [];
    expect([counts[0], counts.at(-1), countOf(counts)]).toEqual([1, 1, 2]);
  });

  test('of several labels count how many are wrong in an example', () => {
    const target = [
      [1, 0],
      [1, 1],
      [0, 0],
    ];
    const [table, figure] = draw(
      outcomesOf(
        multilabelExamples(target, [
          [0.9, 0.1],
          [0.1, 0.2],
          [0.9, 0.1],
        ]),
      ),
    );
    // Of the first label one was missed and one is a false alarm, of the second one was missed.
    expect(table).toMatchObject({
      kind: 'labels',
      id: 'model/demand/labels',
      all: 2,
      rows: [
        { name: 'l000', actual: 2, predicted: 2, hits: 1 },
        { name: 'l001', actual: 1, predicted: 0, hits: 0 },
      ],
    });
    expect(figure).toMatchObject({
      kind: 'histogram',
      id: 'model/demand/wrong-labels',
      edges: [0, 1, 2, 3],
      series: [{ counts: [1, 1, 1] }],
    });
  });

  test('of grades are one for each, over its bounds', () => {
    const [figure] = draw(outcomesOf(gradedExamples({ helpful: [0, 1, 1] }, [0, 4])));
    expect(figure).toMatchObject({ id: 'model/demand/grade-1', x: 'helpful' });
    const edges = figure?.kind === 'histogram' ? figure.edges : [];
    expect([edges[0], edges.at(-1)]).toEqual([0, 4]);
  });

  test('of any task count every example, have names of their own and bins in order', () => {
    fc.assert(
      fc.property(anyOutcomes, (outcomes) => {
        const figures = draw(outcomes);
        expect(new Set(figures.map(({ id }) => id)).size).toBe(figures.length);
        for (const figure of figures) {
          if (figure.kind !== 'histogram') continue;
          expect(
            figure.edges.every((edge, at) => at === 0 || edge > (figure.edges[at - 1] ?? Number.NaN)),
          ).toBe(true);
          expect(countOf(figure.series.flatMap(({ counts }) => counts))).toBe(outcomes.n);
        }
      }),
      { seed: 21, numRuns: 200 },
    );
  });

  test('of more classes than a table holds are the classes with the most mistakes, beside the baseline', () => {
    const names = Array.from({ length: 130 }, (_, label) => `c${String(label).padStart(3, '0')}`);
    const said = names.map((name, label) => (label < 10 ? 'c129' : name));
    const [own, other] = [
      outcomesOf(multiclassExamples(names, said)),
      outcomesOf(multiclassExamples(names, names)),
    ];
    const [figure] = draw(own);
    if (figure?.kind !== 'labels') throw new Error('It is a table of labels.');
    expect(figure).toMatchObject({ all: 130, rows: { length: 100 } });
    expect(figure.rows.slice(0, 3)).toEqual([
      { name: 'c129', actual: 1, predicted: 11, hits: 1 },
      { name: 'c000', actual: 1, predicted: 0, hits: 0 },
      { name: 'c001', actual: 1, predicted: 0, hits: 0 },
    ]);
    const pairing = pairOutcomes(own, other);
    if (pairing.kind === 'unpaired') throw new Error(pairing.detail);
    const [compared] = addBaselineToFigures([figure], pairing.pair, 0.05);
    expect(compared).toMatchObject({
      rows: expect.arrayContaining([
        { name: 'c000', actual: 1, predicted: 0, hits: 0, baselinePredicted: 1, baselineHits: 1 },
      ]) as unknown,
    });
  });

  test('have the line of the baseline beside that of the candidate', () => {
    const own = outcomesOf(
      forecastingExamples([1, 2], { predicted: [1, 3], levels: [0.5], quantiles: [[1, 2]] }),
    );
    const other = outcomesOf(
      forecastingExamples([1, 2], { predicted: [2, 2], levels: [0.5], quantiles: [[0, 0]] }),
    );
    const pairing = pairOutcomes(own, other);
    if (pairing.kind === 'unpaired') throw new Error(pairing.detail);
    const figures = addBaselineToFigures(draw(own), pairing.pair, 0.05);
    const lines = figures.flatMap((figure) =>
      figure.kind === 'curve'
        ? [figure.series.map(({ name, points }) => [name, points.map(({ y }) => y)])]
        : [],
    );
    expect(lines).toEqual([
      [
        ['candidate', [1.5]],
        ['baseline', [1.5]],
      ],
      [
        ['candidate', [1]],
        ['baseline', [0]],
      ],
    ]);
  });
});

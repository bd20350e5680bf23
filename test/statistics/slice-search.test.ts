import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { searchSlices, type SlicePredicate } from '../../src/statistics/slice-search.ts';

const OPTIONS = { count: 5, minimumSupport: 3, alpha: 0.9 };

/** Every conjunction of feature values, by trying all. */
function listConjunctions(values: number, features: number): SlicePredicate[][] {
  let all: SlicePredicate[][] = [[]];
  for (let feature = 0; feature < features; feature++) {
    const choices = Array.from({ length: values }, (_, value) => ({ feature, value }));
    all = all.flatMap((predicates) => [predicates, ...choices.map((choice) => [...predicates, choice])]);
  }
  return all.filter((predicates) => predicates.length > 0);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function scoreByDefinition(
  predicates: readonly SlicePredicate[],
  columns: readonly (readonly number[])[],
  errors: readonly number[],
): { readonly score: number; readonly size: number } {
  const chosen = errors.filter((_, row) =>
    predicates.every(({ feature, value }) => columns[feature]![row] === value),
  );
  const relative = mean(chosen) / mean(errors) - 1;
  const size = chosen.length;
  return { score: OPTIONS.alpha * relative - (1 - OPTIONS.alpha) * (errors.length / size - 1), size };
}

function parentsOf(predicates: readonly SlicePredicate[]): readonly SlicePredicate[][] {
  return predicates
    .map((_, left) => predicates.filter((_p, at) => at !== left))
    .filter((parent) => parent.length > 0);
}

const problem = fc.integer({ min: 6, max: 30 }).chain((n) =>
  fc.record({
    columns: fc.array(fc.array(fc.integer({ min: 0, max: 2 }), { minLength: n, maxLength: n }), {
      minLength: 1,
      maxLength: 4,
    }),
    errors: fc.array(fc.integer({ min: 0, max: 8 }), { minLength: n, maxLength: n }),
  }),
);

describe('the search for slices', () => {
  it('finds what trying all conjunctions finds', () => {
    fc.assert(
      fc.property(problem, ({ columns, errors }) => {
        const all = listConjunctions(3, columns.length)
          .map((predicates) => scoreByDefinition(predicates, columns, errors))
          .filter(({ score, size }) => size >= OPTIONS.minimumSupport && score > 0)
          .map(({ score }) => score)
          .sort((x, y) => y - x);
        const found = searchSlices(columns, errors, OPTIONS).slices;
        const wanted = all.slice(0, OPTIONS.count);
        expect(found).toHaveLength(wanted.length);
        found.forEach(({ score, predicates, size }, at) => {
          expect(score).toBeCloseTo(wanted[at]!, 9);
          const defined = scoreByDefinition(predicates, columns, errors);
          expect(size).toBe(defined.size);
          expect(score).toBeCloseTo(defined.score, 9);
        });
      }),
      { numRuns: 200 },
    );
  });

  it('counts weights as that many rows', () => {
    fc.assert(
      fc.property(
        problem,
        fc.infiniteStream(fc.integer({ min: 0, max: 3 })),
        ({ columns, errors }, stream) => {
          const weights = errors.map(() => stream.next().value ?? 1);
          const repeated = weights.flatMap((weight, row) => Array.from({ length: weight }, () => row));
          fc.pre(repeated.some((row) => errors[row]! > 0));
          const whole = searchSlices(
            columns.map((column) => repeated.map((row) => column[row]!)),
            repeated.map((row) => errors[row]!),
            OPTIONS,
          );
          const weighted = searchSlices(columns, errors, { ...OPTIONS, weights: Float64Array.from(weights) });
          expect(weighted.slices.map(({ score }) => score)).toHaveLength(whole.slices.length);
          weighted.slices.forEach(({ score }, at) => {
            expect(score).toBeCloseTo(whole.slices[at]!.score, 9);
          });
        },
      ),
    );
  });

  it('can leave out the parts of a slice that score no better than it', () => {
    fc.assert(
      fc.property(problem, ({ columns, errors }) => {
        const scoreOf = (predicates: readonly SlicePredicate[]): number =>
          scoreByDefinition(predicates, columns, errors).score;
        const large = listConjunctions(3, columns.length).filter(
          (predicates) => scoreByDefinition(predicates, columns, errors).size >= OPTIONS.minimumSupport,
        );
        // Scores that differ by rounding alone have no order.
        fc.pre(
          large.every((predicates) =>
            [0, ...parentsOf(predicates).map(scoreOf)].every(
              (other) => !(Math.abs(other - scoreOf(predicates)) < 1e-9),
            ),
          ),
        );
        const wanted = large
          .filter((predicates) =>
            [0, ...parentsOf(predicates).map(scoreOf)].every((s) => s < scoreOf(predicates)),
          )
          .map(scoreOf)
          .sort((x, y) => y - x)
          .slice(0, OPTIONS.count);
        const found = searchSlices(columns, errors, { ...OPTIONS, onlyBetterThanParents: true }).slices;
        expect(found.map(({ score }) => score.toFixed(6))).toEqual(wanted.map((score) => score.toFixed(6)));
      }),
    );
  });

  it('stops at the largest level', () => {
    const columns = [
      [0, 0, 0, 0, 1, 1, 1, 1],
      [0, 0, 1, 1, 0, 0, 1, 1],
    ];
    const errors = [9, 9, 0, 0, 1, 0, 0, 1];
    const options = { count: 3, minimumSupport: 2, alpha: 0.9 };
    expect(searchSlices(columns, errors, options).slices[0]!.predicates).toEqual([
      { feature: 0, value: 0 },
      { feature: 1, value: 0 },
    ]);
    const single = searchSlices(columns, errors, { ...options, maximumLevel: 1 }).slices;
    expect(single.every(({ predicates }) => predicates.length === 1)).toBe(true);
    expect(single.length).toBeGreaterThan(0);
  });

  it('finds nothing without errors, and refuses what is no error', () => {
    expect(searchSlices([[0, 1, 0]], [0, 0, 0], OPTIONS).slices).toEqual([]);
    expect(() => searchSlices([[0, 1]], [1], OPTIONS)).toThrow(/Every feature/);
    expect(() => searchSlices([[0, 1]], [1, -1], OPTIONS)).toThrow(/Error 1 is -1/);
    expect(() => searchSlices([[0]], [1], { ...OPTIONS, alpha: 0 })).toThrow(RangeError);
  });
});

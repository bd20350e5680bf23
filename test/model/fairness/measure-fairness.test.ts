import { describe, expect, it } from 'vitest';
import { measureFairness } from '../../../src/model/fairness/measure-fairness.ts';
import type { BinaryOutcomes, Outcomes } from '../../../src/outcomes/outcomes.ts';
import type { Fairness, FairnessGap } from '../../../src/schemas/evidence.generated.ts';
import type { FairnessConfig } from '../../../src/schemas/config.generated.ts';
import { createRandom } from '../../../src/statistics/random.ts';
import { binaryOutcomes, multiclassOutcomes, regressionOutcomes } from '../../outcomes/outcomes-of.ts';

const OPTIONS = { model: 'loan', alpha: 0.05, seed: 1, resamples: 200 };

function code(values: readonly string[]) {
  const known = [...new Set(values)].sort();
  return { codes: Uint32Array.from(values, (value) => known.indexOf(value)), values: known };
}

function withColumns<Kind extends Outcomes>(
  outcomes: Kind,
  columns: Record<string, readonly string[]>,
): Kind {
  const sliceColumns = new Map(Object.entries(columns).map(([name, values]) => [name, code(values)]));
  return { ...outcomes, sliceColumns };
}

/** Selected and not selected, by group and stratum: `[group, stratum, selected, rejected]`. */
function decisions(cells: readonly (readonly [string, string, number, number])[]): BinaryOutcomes {
  const rows = cells.flatMap(([group, stratum, selected, rejected]) => [
    ...Array.from({ length: selected }, () => ({ group, stratum, score: 0.9 })),
    ...Array.from({ length: rejected }, () => ({ group, stratum, score: 0.1 })),
  ]);
  const outcomes = binaryOutcomes(
    rows.map((_, row) => row % 2),
    rows.map(({ score }) => score),
  );
  return withColumns(outcomes, {
    sex: rows.map(({ group }) => group),
    department: rows.map(({ stratum }) => stratum),
  });
}

function measure(outcomes: Outcomes, fairness: Partial<FairnessConfig>): Fairness {
  const settings: FairnessConfig = { groups: ['sex'], severity: 'fail', ...fairness };
  const [found] = measureFairness(outcomes, { ...OPTIONS, fairness: settings });
  if (found === undefined) throw new Error('Nothing was measured.');
  return found;
}

function gapOf({ gaps }: Fairness, metric: string, form: FairnessGap['form']): FairnessGap {
  const gap = gaps.find((one) => one.metric === metric && one.form === form);
  if (gap === undefined) throw new Error(`No ${form} of ${metric}.`);
  return gap;
}

function rateOf({ groups }: Fairness, group: number): number | null | undefined {
  return groups[group]?.rates.find(({ metric }) => metric === 'selection_rate')?.value;
}

describe('fairness of decisions', () => {
  it('EEOC: 48 of 80 men and 12 of 40 women were selected', () => {
    const found = measure(
      decisions([
        ['male', '', 48, 32],
        ['female', '', 12, 28],
      ]),
      {},
    );
    const ratio = gapOf(found, 'selection_rate', 'ratio');
    expect(ratio).toMatchObject({ value: 0.5, lowest: 'female', highest: 'male' });
    expect(ratio.interval?.high).toBeLessThan(0.8);
    expect(ratio.interval?.method).toBe('Koopman score, corrected');
    // Chi-squared 9.6: the report of the EEOC's own example.
    expect(gapOf(found, 'selection_rate', 'difference').p).toBeCloseTo(0.00195, 4);
    expect(found.groups.map(({ name, n }) => [name, n])).toEqual([
      ['female', 40],
      ['male', 80],
    ]);
  });

  it('4 and 6 of 10 cannot tell; p is exact where the counts are small', () => {
    const found = measure(
      decisions([
        ['a', '', 4, 6],
        ['b', '', 6, 4],
      ]),
      {},
    );
    const ratio = gapOf(found, 'selection_rate', 'ratio');
    expect(ratio.value).toBeCloseTo(2 / 3, 12);
    expect([(ratio.interval?.low ?? 1) < 0.8, ratio.interval?.high]).toEqual([true, 1]);
    expect(gapOf(found, 'selection_rate', 'difference').p).toBeCloseTo(0.6562817986966593, 7);
  });

  it('Berkeley: the ratio of 0.68 does not hold within departments', () => {
    const admitted: readonly (readonly [string, string, number, number])[] = [
      ['male', 'A', 512, 313],
      ['female', 'A', 89, 19],
      ['male', 'B', 353, 207],
      ['female', 'B', 17, 8],
      ['male', 'C', 120, 205],
      ['female', 'C', 202, 391],
      ['male', 'D', 138, 279],
      ['female', 'D', 131, 244],
      ['male', 'E', 53, 138],
      ['female', 'E', 94, 299],
      ['male', 'F', 22, 351],
      ['female', 'F', 24, 317],
    ];
    const { simpson } = measure(decisions(admitted), { within: 'department' });
    expect(simpson?.crude).toBeCloseTo(0.6818298435630683, 9);
    expect(simpson?.p).toBeCloseTo(0.2169, 4);
    expect(simpson?.crudeP).toBeLessThan(1e-20);
    expect(simpson?.adjusted).toBeCloseTo(1 / 0.9047, 3);
    expect(simpson?.reverses).toBe(true);
  });

  it('a group without a value is a group, and one without positives says so', () => {
    const outcomes = withColumns(binaryOutcomes([1, 0, 1, 0, 0, 0], [0.9, 0.1, 0.8, 0.2, 0.7, 0.1]), {
      sex: ['f', 'f', 'm', 'm', '', ''],
    });
    const found = measure(outcomes, {});
    expect(found.groups.map(({ name, positives }) => [name, positives])).toEqual([
      ['(empty)', 0],
      ['f', 1],
      ['m', 1],
    ]);
    const recall = found.groups[0]?.rates.find(({ metric }) => metric === 'recall');
    expect(recall).toEqual({ metric: 'recall', value: null, n: 0 });
    expect(gapOf(found, 'recall', 'ratio').interval?.low).toBe(0);
    expect(gapOf(found, 'recall', 'difference').interval?.high).toBe(1);
  });

  it('equalised odds are the worse of both rates, at a rate of error shared by both', () => {
    const random = createRandom(4);
    const n = 3000;
    const target = Array.from({ length: n }, () => (random.uniform() < 0.5 ? 1 : 0));
    const sex = Array.from({ length: n }, () => (random.uniform() < 0.5 ? 'f' : 'm'));
    const score = target.map((y, row) =>
      random.uniform() < (y === 1 ? 0.8 : sex[row] === 'f' ? 0.4 : 0.2) ? 0.9 : 0.1,
    );
    const found = measure(withColumns(binaryOutcomes(target, score), { sex }), {});
    const odds = gapOf(found, 'equalised_odds', 'difference');
    const falsePositives = gapOf(found, 'false_positive_rate', 'difference');
    expect(odds.value).toBe(falsePositives.value);
    expect(odds.interval?.low).toBeLessThan(falsePositives.interval?.low ?? 0);
    expect(odds.interval?.high).toBe(falsePositives.interval?.high);
    expect(gapOf(found, 'calibration_in_the_large', 'difference').value).not.toBeNull();
  });

  it('the favourable label may be the negative one, and of several classes any', () => {
    const outcomes = withColumns(binaryOutcomes([1, 0, 1, 0], [0.9, 0.1, 0.2, 0.8]), {
      sex: ['a', 'a', 'b', 'b'],
    });
    expect(rateOf(measure(outcomes, {}), 0)).toBe(0.5);
    expect(rateOf(measure(outcomes, { favourable: 0 }), 1)).toBe(0.5);
    expect(measure(outcomes, { favourable: 'unknown' }).groups[0]?.rates.map(({ metric }) => metric)).toEqual(
      ['accuracy'],
    );
    const classes = withColumns(multiclassOutcomes(['x', 'y', 'z', 'x'], ['x', 'x', 'z', 'y']), {
      sex: ['a', 'a', 'b', 'b'],
    });
    expect(rateOf(measure(classes, { favourable: 'x' }), 0)).toBe(1);
    expect(measure(classes, {}).groups[0]?.rates.map(({ metric }) => metric)).toEqual(['accuracy']);
  });

  it('regression: mean prediction and error by group, and metrics that a bound names', () => {
    const outcomes = withColumns(regressionOutcomes([1, 2, 3, 4, 5, 6], [1, 2, 4, 6, 7, 8]), {
      sex: ['a', 'a', 'a', 'b', 'b', 'b'],
    });
    const found = measure(outcomes, { 'max-difference': { mae: 1 } });
    const rates = found.groups[1]?.rates.map(({ metric, value }) => [metric, value]);
    expect(rates).toEqual([
      ['mean_prediction', 7],
      ['mean_error', 2],
      ['mae', 2],
    ]);
    expect(gapOf(found, 'mean_error', 'difference').value).toBeCloseTo(2 - 1 / 3, 12);
    expect(found.gaps.some(({ metric, form }) => metric === 'mean_error' && form === 'ratio')).toBe(false);
  });

  it('calibration of each group, where a bound names it; and the reference is shown among many', () => {
    const random = createRandom(2);
    const n = 4000;
    const sex = Array.from({ length: n }, (_, row) => (row % 2 === 0 ? 'f' : 'm'));
    const score = Array.from({ length: n }, () => 0.1 + 0.6 * random.uniform());
    // Of women the probabilities are too low by 0.2.
    const target = score.map((p, row) => (random.uniform() < p + (sex[row] === 'f' ? 0.2 : 0) ? 1 : 0));
    const outcomes = withColumns(binaryOutcomes(target, score), { sex });
    const found = measure(outcomes, { 'max-difference': { ece: 0.1 } });
    const ece = gapOf(found, 'ece', 'difference');
    expect(ece.value).toBeGreaterThan(0.1);
    expect([ece.lowest, ece.highest]).toEqual(['m', 'f']);
    expect(ece.interval?.low).toBeGreaterThan(0);
    const large = gapOf(found, 'calibration_in_the_large', 'difference');
    expect(large.value).toBeCloseTo(0.2, 1);
    const many = withColumns(binaryOutcomes(target, score), { sex: sex.map((_, row) => `g${row % 150}`) });
    const shown = measure({ ...many, score: undefined }, { reference: { sex: 'g149' } }).groups;
    expect(shown).toHaveLength(100);
    expect(shown.map(({ name }) => name)).toContain('g149');
  });

  it('examples that belong together widen the gap, most where groups compete for one place', () => {
    const n = 400;
    const random = createRandom(8);
    const chosen = Array.from({ length: n }, () => (random.uniform() < 0.5 ? 0 : 1));
    // Two applicants for each opening, one of each sex; one is chosen.
    const score = chosen.flatMap((which) => (which === 0 ? [0.9, 0.1] : [0.1, 0.9]));
    const sex = chosen.flatMap(() => ['f', 'm']);
    const plain = withColumns(
      binaryOutcomes(
        score.map((_, row) => (row % 3 === 0 ? 1 : 0)),
        score,
      ),
      { sex },
    );
    const openings = { ...plain, groups: Uint32Array.from(score, (_, row) => row >> 1) };
    const width = (outcomes: Outcomes): number => {
      const { interval } = gapOf(measure(outcomes, {}), 'selection_rate', 'difference');
      return interval?.high ?? Number.NaN;
    };
    const value = gapOf(measure(plain, {}), 'selection_rate', 'difference').value ?? 0;
    // Twice the variance: the two rates add up to 1.
    expect((width(openings) - value) / (width(plain) - value)).toBeGreaterThan(1.3);
  });

  it('crossed columns are groups by their combinations', () => {
    const outcomes = withColumns(binaryOutcomes([1, 0, 1, 0], [0.9, 0.1, 0.2, 0.8]), {
      sex: ['f', 'f', 'm', 'm'],
      age: ['old', 'young', 'old', 'young'],
    });
    const found = measure(outcomes, { groups: [['sex', 'age']] });
    expect(found.column).toBe('sex × age');
    expect(found.groups.map(({ name }) => name)).toEqual(['f × old', 'f × young', 'm × old', 'm × young']);
  });

  it('the same seed gives the same numbers', () => {
    const outcomes = withColumns(regressionOutcomes([1, 2, 3, 4, 5, 9], [1, 2.5, 4, 6, 7, 8]), {
      sex: ['a', 'a', 'a', 'b', 'b', 'b'],
    });
    expect(measure(outcomes, {})).toEqual(measure(outcomes, {}));
  });
});

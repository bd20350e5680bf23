import { describe, expect, test } from 'vitest';
import type { MetricGate } from '../../src/comparison/gate.ts';
import { addGaps } from '../../src/comparison/measure-gaps.ts';
import { measureSlices } from '../../src/model/measure-model.ts';
import { encodeColumn } from '../../src/outcomes/encode-column.ts';
import { listSlices } from '../../src/outcomes/slices.ts';
import type { Metric } from '../../src/schemas/evidence.generated.ts';
import { createRandom } from '../../src/statistics/random.ts';
import { newcombeInterval } from '../../src/statistics/two-proportions.ts';
import { binaryOutcomes } from '../outcomes/outcomes-of.ts';

const OPTIONS = { model: 'm', alpha: 0.05, seed: 1, resamples: 200 };

const GATE: MetricGate = {
  about: { model: 'm' },
  metric: 'accuracy',
  everySlice: true,
  maxGap: 0.1,
  severity: 'fail',
  source: { file: 'f', key: 'k' },
  boundSources: {},
};

function measure(
  regions: readonly string[],
  isRight: (row: number) => boolean,
  groups?: Uint32Array,
): readonly Metric[] {
  const target = regions.map((_, row) => row % 2);
  const score = target.map((label, row) => (isRight(row) ? label : 1 - label));
  const outcomes = {
    ...binaryOutcomes(target, score),
    groups,
    sliceColumns: new Map([['region', encodeColumn(regions)]]),
  };
  const slices = listSlices(outcomes, ['region']);
  const metrics = measureSlices(outcomes, slices, () => ['accuracy', 'recall'], OPTIONS);
  return addGaps(metrics, { ...OPTIONS, outcomes, slices, gates: [GATE] });
}

const REGIONS = Array.from({ length: 300 }, (_, row) => (row < 100 ? 'north' : 'south'));

function isRightByTens(row: number): boolean {
  return Math.floor(row / 10) % 4 !== 0;
}

function widthOf(metric: Metric | undefined): number {
  return (metric?.gap?.interval?.high ?? 0) - (metric?.gap?.interval?.low ?? 0);
}

/** Half of ten groups are right in the north only, the others in the south only. */
function isOpposed(row: number): boolean {
  return row % 10 < 5 ? row < 100 : row >= 100;
}

describe('the gap of a slice', () => {
  test('is measured against all examples outside, with the interval of two samples', () => {
    const [north] = measure(REGIONS, (row) => row % 10 !== 0 && (row >= 100 || row % 10 !== 1));
    expect(north?.value).toBeCloseTo(0.8, 12);
    expect(north?.gap).toMatchObject({ rest: 0.9, n: 200 });
    expect(north?.gap?.difference).toBeCloseTo(-0.1, 12);
    const near = newcombeInterval({ successes: 80, trials: 100 }, { successes: 180, trials: 200 }, 0.9);
    expect(north?.gap?.interval?.low).toBeCloseTo(near.low, 1);
    expect(north?.gap?.interval?.high).toBeCloseTo(near.high, 1);
    expect(north?.gap?.interval?.method).toContain('slice against the rest');
  });

  test('is measured only where it is bounded', () => {
    const metrics = measure(REGIONS, () => true);
    expect(metrics.filter(({ gap }) => gap !== undefined).map(({ name }) => name)).toEqual([
      'accuracy',
      'accuracy',
    ]);
  });

  test('of everything has no rest', () => {
    const [all] = measure(
      REGIONS.map(() => 'x'),
      (row) => row > 10,
    );
    expect(all?.gap).toEqual({ rest: null, n: 0, difference: null });
  });

  test('is less sure where examples come in groups', () => {
    const groups = Uint32Array.from(REGIONS, (_, row) => Math.floor(row / 10));
    const [alone] = measure(REGIONS, isRightByTens);
    const [grouped] = measure(REGIONS, isRightByTens, groups);
    expect(widthOf(grouped)).toBeGreaterThan(1.5 * widthOf(alone));
  });

  test('is less sure where groups with examples in both parts are for it or against it', () => {
    const groups = Uint32Array.from(REGIONS, (_, row) => row % 10);
    const [grouped] = measure(REGIONS, isOpposed, groups);
    expect(grouped?.gap?.interval?.method).toContain('by groups of both');
    const parted = Uint32Array.from(REGIONS, (_, row) => (row % 10) + (row < 100 ? 0 : 10));
    const [apart] = measure(REGIONS, isOpposed, parted);
    expect(apart?.gap?.interval?.method).not.toContain('by groups of both');
    expect(widthOf(grouped)).toBeGreaterThan(widthOf(apart));
  });

  test('is called too large in at most 5 % of cases where it is as large as allowed', () => {
    const random = createRandom(3);
    const runs = Array.from({ length: 300 }, () => {
      const right = REGIONS.map((region) => random.uniform() < (region === 'north' ? 0.75 : 0.85));
      return measure(REGIONS, (row) => right[row] === true)[0]?.gap?.interval;
    });
    const failed = runs.filter((interval) => (interval?.high ?? 0) < -0.1).length;
    const passed = runs.filter((interval) => (interval?.low ?? -1) >= -0.1).length;
    // 5 % of 300 is 15; above 27 with probability below 0.002.
    expect(Math.max(failed, passed)).toBeLessThanOrEqual(27);
  });
});

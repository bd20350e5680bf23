import { describe, expect, it } from 'vitest';
import { OWN, simulateWorld } from '../../../bench/drift/simulate.ts';
import { drawNormal } from '../../../bench/drift/worlds.ts';
import { measureDistance } from '../../../src/data/drift/measure-distance.ts';
import { METHODS, type DriftMethod } from '../../../src/data/drift/methods.ts';
import { pairColumns } from '../../../src/data/drift/pair-columns.ts';
import { wilsonInterval } from '../../../src/statistics/proportion.ts';
import { createRandom, type Random } from '../../../src/statistics/random.ts';
import { buildProfile, type Cells } from '../../helpers/build-profile.ts';

/** Distances of one column between two samples of one distribution. */
function measureNull(
  method: DriftMethod,
  rows: number,
  runs: number,
  draw: (random: Random) => Cells[number],
) {
  const random = createRandom(23);
  const sample = (): Cells => Array.from({ length: rows }, () => draw(random));
  return Array.from({ length: runs }, () => {
    const before = buildProfile({ x: sample() });
    const now = buildProfile({ x: sample() }, before);
    const [reference, current] = [before.columns[0], now.columns[0]];
    if (reference === undefined || current === undefined) throw new Error('There is no column.');
    const { pairs } = pairColumns(reference, current, false);
    const pair = pairs.find(({ aspect }) => (method === 'difference') === (aspect === 'missing'));
    return pair === undefined ? undefined : measureDistance(method, pair);
  }).filter((distance) => distance !== undefined);
}

const RUNS = 400;

/** Two-sided level of the intervals: some forty rates are looked at together. */
const LEVEL = 0.999;
const DRAWS: Readonly<Record<string, (random: Random) => Cells[number]>> = {
  numbers: drawNormal,
  categories: (random) => 'abcdefgh'[Math.min(7, Math.floor(-2 * Math.log1p(-random.uniform())))],
  gaps: (random) => (random.uniform() < 0.2 ? undefined : 1),
};

const WORLDS = Object.entries(METHODS).flatMap(([method, { isOrdered }]) =>
  Object.keys(DRAWS)
    .filter((draw) => (method === 'difference') === (draw === 'gaps'))
    .filter((draw) => !isOrdered || draw === 'numbers')
    .map((draw) => [method as DriftMethod, draw] as const),
);

describe('without drift', () => {
  it.each(WORLDS)('%s of %s keeps its promises at 500 rows', (method, draw) => {
    const distances = measureNull(method, 500, RUNS, DRAWS[draw] ?? drawNormal);
    const above = distances.filter(({ value = 0, nullQuantile = 0 }) => value > nullQuantile).length;
    // 1 % may lie above the 99 % quantile; the simulation itself is uncertain by the interval.
    expect(wilsonInterval(above, distances.length, LEVEL).low).toBeLessThan(0.01);
    for (const level of [0.1, 0.01]) {
      const small = distances.filter(({ p = 1 }) => p <= level).length;
      expect(wilsonInterval(small, distances.length, LEVEL).low).toBeLessThan(level);
    }
    // Too high a quantile would call everything undecided: it is at most a third above the simulated one.
    const sorted = distances.map(({ value = 0 }) => value).toSorted((x, y) => x - y);
    const quantile = sorted[Math.floor(0.99 * sorted.length)] ?? 0;
    expect(distances[0]?.nullQuantile).toBeLessThan(
      (method === 'kolmogorov-smirnov' ? 1.5 : 1.34) * quantile,
    );
  });
});

describe('the simulation of bench/drift.ts, small', () => {
  it.each([
    { rows: 50, referenceRows: 50, columns: 20 },
    { rows: 50, referenceRows: 500, columns: 10 },
    { rows: 300, referenceRows: 300, columns: 5 },
  ])('raises no alarm in 99 % of clean tables: %j', (world) => {
    const { alarms, runs } = simulateWorld({ ...world, shift: 0 }, 100, 3);
    expect(wilsonInterval(alarms[OWN] ?? 0, runs, 0.99).low).toBeLessThan(0.01);
  });

  it('shows what the rule of thumb calls drift at 50 rows: chance', () => {
    const world = { rows: 50, referenceRows: 50, columns: 5, shift: 0 };
    expect(simulateWorld(world, 50, 3).alarms['psi-0.1']).toBeGreaterThan(45);
  });

  it('finds shifts of a quarter of a standard deviation at 2,000 rows', () => {
    const { alarms, runs } = simulateWorld(
      { rows: 2000, referenceRows: 2000, columns: 2, shift: 0.25 },
      60,
      3,
    );
    expect((alarms[OWN] ?? 0) / runs).toBeGreaterThanOrEqual(0.95);
  });
});

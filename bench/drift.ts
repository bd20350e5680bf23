/**
 * How often drift is called where nothing has changed, and how often a shift of a quarter of a standard deviation is
 * found, by mlgate and by the published defaults of others (re-implemented in bench/drift/rules.ts).
 *
 *     node bench/drift.ts [--runs 1000] [--write]
 *
 * The exit code is 1 if more than 1 % of clean tables raise an alarm, or fewer than 95 % of the shifts are found at
 * 2,000 rows. --write keeps the numbers in bench/results/drift.json.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { wilsonInterval } from '../src/statistics/proportion.ts';
import { PEER_RULES } from './drift/rules.ts';
import { OWN, simulateWorld, type Simulated, type World } from './drift/simulate.ts';

const SEED = 20_261_121;
const SIZES = [50, 200, 1000, 2000, 10_000] as const;
const COLUMNS = [5, 20, 100] as const;
const REFERENCE = 10_000;
const SHIFT = 0.25;
const MOST_ALARMS = 0.01;
const LEAST_FOUND = 0.95;
const SIZE_OF_PROMISE = 2000;

/** Cells that one world may cost: the largest tables are drawn less often. */
const MOST_CELLS = 4e7;
const FEWEST_RUNS = 100;

const { values } = parseArgs({
  options: { runs: { type: 'string', default: '1000' }, write: { type: 'boolean', default: false } },
});
const RUNS = Number(values.runs);

const RULES = [OWN, ...PEER_RULES.map(({ id }) => id)];

function countRuns({ rows, referenceRows, columns }: World): number {
  const affordable = Math.floor(MOST_CELLS / ((rows + referenceRows) * columns));
  return Math.min(RUNS, Math.max(Math.min(RUNS, FEWEST_RUNS), affordable));
}

const percent = (share: number): string => (100 * share).toFixed(1);

function printRow(world: World, { runs, alarms, undecided }: Simulated): void {
  const cells = RULES.map((rule) => {
    const count = alarms[rule] ?? 0;
    if (rule !== OWN) return percent(count / runs);
    const { low, high } = wilsonInterval(count, runs, 0.95);
    return `${percent(count / runs)} (${percent(low)} to ${percent(high)})`;
  });
  const { rows, referenceRows, columns } = world;
  process.stdout.write(
    `| ${[rows, referenceRows, columns, runs, ...cells, percent(undecided / runs)].join(' | ')} |\n`,
  );
}

function runWorlds(title: string, worlds: readonly World[]) {
  process.stdout.write(
    `\n${title}\n\n| rows | reference | columns | runs | ${RULES.join(' | ')} | undecided |\n`,
  );
  process.stdout.write(`|${'---|'.repeat(RULES.length + 5)}\n`);
  return worlds.map((world) => {
    const simulated = simulateWorld(world, countRuns(world), SEED);
    printRow(world, simulated);
    return { ...world, ...simulated };
  });
}

const clean = runWorlds(
  'Clean tables with any alarm, %',
  COLUMNS.flatMap((columns) =>
    SIZES.flatMap((rows) =>
      [...new Set([rows, REFERENCE])].map((referenceRows) => ({ rows, referenceRows, columns, shift: 0 })),
    ),
  ),
);
const shifted = runWorlds(
  `Shifts of ${SHIFT} standard deviations that are found, %`,
  COLUMNS.flatMap((columns) =>
    [500, SIZE_OF_PROMISE, 10_000].map((rows) => ({ rows, referenceRows: rows, columns, shift: SHIFT })),
  ),
);

const sum = (of: (one: Simulated) => number): number => clean.reduce((total, one) => total + of(one), 0);
const [alarms, tables] = [sum((one) => one.alarms[OWN] ?? 0), sum((one) => one.runs)];
const { low, high } = wilsonInterval(alarms, tables, 0.95);
process.stdout.write(
  `\nAll clean tables: ${alarms} of ${tables} raise any alarm, ${percent(alarms / tables)} % (${percent(low)} to ${percent(high)}).\n`,
);
if (values.write) {
  const folder = join(import.meta.dirname, 'results');
  mkdirSync(folder, { recursive: true });
  const results = {
    seed: SEED,
    rules: Object.fromEntries(PEER_RULES.map(({ id, about }) => [id, about])),
    clean,
    shifted,
  };
  writeFileSync(join(folder, 'drift.json'), `${JSON.stringify(results, undefined, 1)}\n`);
}
// What a simulated rate is above a promise by must be more than the simulation's own uncertainty.
const tooLoud = clean.filter(
  ({ alarms, runs }) => wilsonInterval(alarms[OWN] ?? 0, runs, 0.99).low > MOST_ALARMS,
);
const missed = shifted.filter(
  ({ alarms, runs, rows }) => rows >= SIZE_OF_PROMISE && (alarms[OWN] ?? 0) / runs < LEAST_FOUND,
);
for (const { rows, columns } of [...tooLoud, ...missed]) {
  process.stderr.write(`Not kept: ${rows} rows by ${columns} columns.\n`);
}
if (tooLoud.length + missed.length > 0 || alarms / tables > MOST_ALARMS) process.exitCode = 1;

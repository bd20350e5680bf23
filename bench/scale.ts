/**
 * What larger tables cost: ten times the rows, and fifty times the columns, against a million rows by 20. Each is a
 * whole process, in turns, so that a slow moment of the machine meets all of them.
 *
 *     node bench/scale.ts [--rounds 3] [--json report.json] [--program scripts/mlgate.ts]
 *
 * Takes 2 GB of disk in bench/data. Memory is read from /proc, on Linux only.
 */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { generateTable, nameTable } from './generate-table.ts';
import { findProgram, measureProcess, median, type Measurement } from './measure-process.ts';

const MAXIMUM_TIMES = 11;
const MAXIMUM_MEMORY = 1.3;
const MAXIMUM_PER_CELL = 3;

const SIZES = {
  base: { rows: 1_000_000, columns: 20 },
  long: { rows: 10_000_000, columns: 20 },
  wide: { rows: 10_000, columns: 1_000 },
} as const;
type Size = keyof typeof SIZES;
const NAMES = Object.keys(SIZES) as Size[];

const DATA = join(import.meta.dirname, 'data');
const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    json: { type: 'string' },
    program: { type: 'string', default: findProgram() },
  },
});

async function measure(size: Size): Promise<Measurement> {
  const { rows, columns } = SIZES[size];
  const table = join(DATA, nameTable(rows, columns));
  if (!existsSync(`${table}.csv`)) await generateTable(rows, DATA, undefined, columns);
  const command = [process.execPath, options.program, 'validate', `${table}.csv`] as const;
  return await measureProcess({ name: size, command: [...command, '--schema', `${table}.schema.json`] });
}

const measured = new Map<Size, Measurement[]>(NAMES.map((size) => [size, []]));
for (const size of NAMES) await measure(size);
for (let round = 0; round < Number(options.rounds); round += 1) {
  for (const size of NAMES) measured.get(size)?.push(await measure(size));
}

const results = NAMES.map((size) => {
  const { rows, columns } = SIZES[size];
  const taken = measured.get(size) ?? [];
  const seconds = median(taken.map(({ seconds }) => seconds));
  return {
    size,
    rows,
    columns,
    seconds: Number(seconds.toFixed(2)),
    microsecondsPerCell: Number(((seconds * 1e6) / (rows * columns)).toFixed(3)),
    peakMegabytes: Math.round(median(taken.map(({ peakMegabytes = Number.NaN }) => peakMegabytes))),
  };
});
const [base, long, wide] = results;
if (base === undefined || long === undefined || wide === undefined) throw new Error('nothing was measured');

const kept = {
  times: long.seconds / base.seconds <= MAXIMUM_TIMES,
  memory: long.peakMegabytes / base.peakMegabytes <= MAXIMUM_MEMORY,
  perCell: wide.microsecondsPerCell / base.microsecondsPerCell <= MAXIMUM_PER_CELL,
};
console.log('| rows | columns | seconds | µs for a cell | peak MB |\n|---|---|---|---|---|');
for (const { rows, columns, seconds, microsecondsPerCell, peakMegabytes } of results) {
  console.log(`| ${rows} | ${columns} | ${seconds} | ${microsecondsPerCell} | ${peakMegabytes} |`);
}
console.log(
  `promised: ten times the rows in at most ${MAXIMUM_TIMES} times the time and ${MAXIMUM_MEMORY} times the memory, 1000 columns at most ${MAXIMUM_PER_CELL} times for a cell: ${JSON.stringify(kept)}`,
);
if (options.json !== undefined)
  writeFileSync(options.json, `${JSON.stringify({ results, kept }, null, 2)}\n`);
process.exitCode = Object.values(kept).every(Boolean) ? 0 : 1;

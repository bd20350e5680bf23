/**
 * What a complete profile costs beside the check of the same table, in the same scan: quantiles, histograms, frequent
 * values, moments and counts of different values of every column. Whole processes in turns, start included.
 *
 *     node bench/profile.ts [--rows 1000000] [--rounds 3] [--program scripts/mlgate.ts]
 */
import { existsSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { findProgram, measureProcess, median, type Measurement } from './measure-process.ts';
import { runOnce } from './python.ts';

/** The check with its profile, in times of the check alone. */
const MAXIMUM_RATIO = 1.8;

const DATA = join(import.meta.dirname, 'data');

const { values: options } = parseArgs({
  options: {
    rows: { type: 'string', default: '1000000' },
    rounds: { type: 'string', default: '3' },
    program: { type: 'string' },
  },
});

const table = join(DATA, `table-${options.rows}.csv`);
const schema = join(DATA, `table-${options.rows}.schema.json`);
if (!existsSync(table) || !existsSync(schema)) {
  const generator = join(import.meta.dirname, 'generate-table.ts');
  runOnce(process.execPath, [generator, '--rows', options.rows, '--out', DATA]);
}

const program = options.program ?? findProgram();

async function measure(profile: boolean): Promise<Measurement> {
  const config = join(DATA, `profile-${String(profile)}.yml`);
  const dataset = `{ path: ${basename(table)}, schema: ${basename(schema)}, profile: ${String(profile)} }`;
  writeFileSync(config, `version: 1\ndata:\n  table: ${dataset}\n`);
  const name = profile ? 'check and profile' : 'check';
  return await measureProcess({
    name,
    command: [process.execPath, program, 'validate', '--config', config],
  });
}

const rounds: (readonly [Measurement, Measurement])[] = [];
await measure(true);
for (let round = 0; round < Number(options.rounds); round += 1) {
  rounds.push([await measure(false), await measure(true)]);
}

console.log(`${table}, ${options.rounds} rounds after a warm-up, Node ${process.versions.node}, ${program}`);
console.log('| | seconds | peak MB |\n|---|---|---|');
for (const [at, name] of ['check', 'check and profile'].entries()) {
  const own = rounds.map((round) => round[at]).filter((found) => found !== undefined);
  const seconds = median(own.map((found) => found.seconds)).toFixed(2);
  const peak = Math.max(...own.map(({ peakMegabytes }) => peakMegabytes ?? 0)).toFixed(0);
  console.log(`| ${name} | ${seconds} | ${peak} |`);
}
const ratio = median(rounds.map(([check, both]) => both.seconds / check.seconds));
const isKept = ratio <= MAXIMUM_RATIO;
console.log(
  `${ratio.toFixed(2)} times the check, promised at most ${MAXIMUM_RATIO}: ${isKept ? 'kept' : 'BROKEN'}`,
);
process.exitCode = isKept ? 0 : 1;

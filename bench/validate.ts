/**
 * The full check of a generated table (types, ranges, enums, patterns, formats, lengths, absent cells, a unique id)
 * against DuckDB's own typed read and count of the same file, and against pandas. Each runs in a process of its own,
 * in turns, so that a slow moment of the machine meets all of them; times are of whole processes, start included.
 *
 *     node bench/validate.ts [--rows 1000000] [--rounds 3] [--no-pandas] [--json report.json] [--program scripts/mlgate.ts]
 *
 * pandas gets a virtual environment in bench/.venv on first use (bench/requirements.txt). Memory is read from /proc:
 * `peak` is the largest sum of resident memory over a process and its children, on Linux only.
 */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { findProgram, measureProcess, median, type Contender, type Measurement } from './measure-process.ts';
import { preparePython, runOnce } from './python.ts';

/** What mlgate promises for 1,000,000 rows on two cores. */
const MAXIMUM_RATIO = 2;
const MAXIMUM_PEAK_MEGABYTES = 350;

const DATA = join(import.meta.dirname, 'data');

const { values: options } = parseArgs({
  options: {
    rows: { type: 'string', default: '1000000' },
    rounds: { type: 'string', default: '3' },
    pandas: { type: 'boolean', default: true },
    json: { type: 'string' },
    program: { type: 'string' },
  },
  allowNegative: true,
});

const table = join(DATA, `table-${options.rows}.csv`);
const schema = join(DATA, `table-${options.rows}.schema.json`);
if (!existsSync(table) || !existsSync(schema)) {
  runOnce(process.execPath, [
    join(import.meta.dirname, 'generate-table.ts'),
    '--rows',
    options.rows,
    '--out',
    DATA,
  ]);
}
const python = options.pandas ? preparePython() : undefined;

const program = options.program ?? findProgram();
const contenders: readonly Contender[] = [
  {
    name: 'DuckDB, read and count',
    command: [process.execPath, join(import.meta.dirname, 'duckdb-read.ts'), table, '2'],
  },
  { name: 'mlgate validate', command: [process.execPath, program, 'validate', table, '--schema', schema] },
  ...(python !== undefined
    ? [
        {
          name: 'pandas, by hand',
          command: [python, join(import.meta.dirname, 'pandas_check.py'), table, schema],
        } as const,
      ]
    : []),
];

const measured = new Map<string, Measurement[]>(contenders.map(({ name }) => [name, []]));
for (const contender of contenders) {
  await measureProcess(contender);
}
for (let round = 0; round < Number(options.rounds); round += 1) {
  for (const contender of contenders) {
    measured.get(contender.name)?.push(await measureProcess(contender));
  }
}

const yardstick = measured.get('DuckDB, read and count') ?? [];
const results = [...measured].map(([name, measurements]) => {
  const peaks = measurements.map(({ peakMegabytes }) => peakMegabytes).filter((peak) => peak !== undefined);
  return {
    name,
    seconds: Number(median(measurements.map(({ seconds }) => seconds)).toFixed(3)),
    /** The median of the ratios of each round: the machine drifts, a round is short. */
    ratio: Number(
      median(
        measurements.map(({ seconds }, round) => seconds / (yardstick[round]?.seconds ?? seconds)),
      ).toFixed(2),
    ),
    peakMegabytes: peaks.length === 0 ? undefined : Math.round(Math.max(...peaks)),
  };
});

console.log(`${table}, ${options.rounds} rounds after a warm-up, Node ${process.versions.node}, ${program}`);
console.log('| | seconds | ratio | peak MB |\n|---|---|---|---|');
for (const { name, seconds, ratio, peakMegabytes } of results) {
  console.log(`| ${name} | ${seconds} | ${ratio} | ${peakMegabytes ?? '–'} |`);
}
const own = results.find(({ name }) => name === 'mlgate validate');
const isKept =
  own !== undefined && own.ratio <= MAXIMUM_RATIO && (own.peakMegabytes ?? 0) <= MAXIMUM_PEAK_MEGABYTES;
console.log(
  `promised: ratio at most ${MAXIMUM_RATIO}, peak at most ${MAXIMUM_PEAK_MEGABYTES} MB: ${isKept ? 'kept' : 'BROKEN'}`,
);
if (options.json !== undefined) {
  writeFileSync(
    options.json,
    `${JSON.stringify({ rows: Number(options.rows), program, results, isKept }, null, 2)}\n`,
  );
}
process.exitCode = isKept ? 0 : 1;

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
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

/** What mlgate promises for 1,000,000 rows on two cores. */
const MAXIMUM_RATIO = 2;
const MAXIMUM_PEAK_MEGABYTES = 350;

const SAMPLE_MILLISECONDS = 20;
const ROOT = join(import.meta.dirname, '..');
const DATA = join(import.meta.dirname, 'data');
const PYTHON = join(
  import.meta.dirname,
  '.venv',
  process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python',
);

interface Contender {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
}

interface Measurement {
  readonly seconds: number;
  /** In units of 1,000,000 bytes; undefined where there is no /proc. */
  readonly peakMegabytes: number | undefined;
}

/** Resident memory of a process and all that it started, in bytes; 0 for what has ended. */
function readResidentBytes(pid: number): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const kilobytes = Number(/^VmRSS:\s+(\d+) kB/mu.exec(status)?.[1] ?? 0);
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean);
    return kilobytes * 1024 + children.reduce((sum, child) => sum + readResidentBytes(Number(child)), 0);
  } catch {
    return 0;
  }
}

async function measure({ name, command }: Contender): Promise<Measurement> {
  const [program, ...args] = command;
  const started = performance.now();
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output += text));
  let peak = 0;
  const sampler = setInterval(() => {
    peak = Math.max(peak, readResidentBytes(child.pid ?? 0));
  }, SAMPLE_MILLISECONDS);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('close', resolve).once('error', reject);
  });
  const seconds = (performance.now() - started) / 1_000;
  clearInterval(sampler);
  if (code !== 0) {
    throw new Error(`${name} ended with exit code ${String(code)}:\n${output}`);
  }
  return { seconds, peakMegabytes: peak === 0 ? undefined : peak / 1e6 };
}

function runOnce(program: string, args: readonly string[]): void {
  const { status, error } = spawnSync(program, args, { stdio: 'inherit' });
  if (status !== 0) {
    throw error ?? new Error(`${program} ${args.join(' ')} ended with exit code ${String(status)}`);
  }
}

function preparePandas(): void {
  if (!existsSync(PYTHON)) {
    runOnce('python3', ['-m', 'venv', join(import.meta.dirname, '.venv')]);
    runOnce(PYTHON, [
      '-m',
      'pip',
      'install',
      '--quiet',
      '--requirement',
      join(import.meta.dirname, 'requirements.txt'),
    ]);
  }
}

/** The bundle that users run, or the source where nothing is built. */
function findProgram(): string {
  const bundle = join(ROOT, 'dist', 'cli.js');
  return existsSync(bundle) ? bundle : join(ROOT, 'scripts', 'mlgate.ts');
}

function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN;
}

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
if (options.pandas) {
  preparePandas();
}

const program = options.program ?? findProgram();
const contenders: readonly Contender[] = [
  {
    name: 'DuckDB, read and count',
    command: [process.execPath, join(import.meta.dirname, 'duckdb-read.ts'), table, '2'],
  },
  { name: 'mlgate validate', command: [process.execPath, program, 'validate', table, '--schema', schema] },
  ...(options.pandas
    ? [
        {
          name: 'pandas, by hand',
          command: [PYTHON, join(import.meta.dirname, 'pandas_check.py'), table, schema],
        } as const,
      ]
    : []),
];

const measured = new Map<string, Measurement[]>(contenders.map(({ name }) => [name, []]));
for (const contender of contenders) {
  await measure(contender);
}
for (let round = 0; round < Number(options.rounds); round += 1) {
  for (const contender of contenders) {
    measured.get(contender.name)?.push(await measure(contender));
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

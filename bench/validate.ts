/**
 * The full check of a generated table (types, ranges, enums, patterns, formats, lengths, absent cells, a unique id)
 * against DuckDB's own typed read and count of the same file, against pandas, and against other validators: pandera on
 * polars and on pandas, Great Expectations, and Frictionless on the size that it can do. Each runs in a process of its own,
 * in turns, so that a slow moment of the machine meets all of them; times are of whole processes, start included.
 *
 *     node bench/validate.ts [--rows 1000000] [--rounds 3] [--no-pandas] [--no-peers] [--json report.json] [--program scripts/mlgate.ts]
 *
 * pandas gets a virtual environment in bench/.venv on first use (bench/requirements.txt), the validators one in
 * bench/.venv-peers (bench/peers_requirements.txt). Memory is read from /proc:
 * `peak` is the largest sum of resident memory over a process and its children, on Linux only.
 */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { findProgram, measureProcess, median, type Contender, type Measurement } from './measure-process.ts';
import { preparePython, runOnce } from './python.ts';

/** What mlgate promises for 1,000,000 rows on two cores. */
const MAXIMUM_RATIO = 1.7;
const MAXIMUM_PEAK_MEGABYTES = 350;

const DATA = join(import.meta.dirname, 'data');

const { values: options } = parseArgs({
  options: {
    rows: { type: 'string', default: '1000000' },
    rounds: { type: 'string', default: '3' },
    pandas: { type: 'boolean', default: true },
    peers: { type: 'boolean', default: true },
    json: { type: 'string' },
    program: { type: 'string' },
  },
  allowNegative: true,
});

interface Table {
  readonly file: string;
  readonly schema: string;
}

/** A table of so many rows, made on first use. */
function prepareTable(rows: string): Table {
  const file = join(DATA, `table-${rows}.csv`);
  const schema = join(DATA, `table-${rows}.schema.json`);
  if (!existsSync(file) || !existsSync(schema)) {
    runOnce(process.execPath, [
      join(import.meta.dirname, 'generate-table.ts'),
      '--rows',
      rows,
      '--out',
      DATA,
    ]);
  }
  return { file, schema };
}

const { file: table, schema } = prepareTable(options.rows);
const python = options.pandas ? preparePython() : undefined;

const peersPython = options.peers ? preparePython('.venv-peers', 'peers_requirements.txt') : undefined;

/** What Frictionless takes about ten seconds for; it is compared with mlgate on the same rows. */
const FRICTIONLESS_ROWS = String(Math.min(100_000, Number(options.rows)));
const OWN = 'mlgate validate';
const OWN_SMALL = `${OWN}, ${FRICTIONLESS_ROWS} rows`;

/** Other validators, with the largest share of their time that mlgate promises to need. */
const PEERS = [
  { name: 'pandera on polars', tool: 'pandera-polars', share: 0.7 },
  { name: 'pandera on pandas', tool: 'pandera-pandas', share: 0.4 },
  { name: 'Great Expectations', tool: 'great-expectations', share: 0.1 },
  { name: `Frictionless, ${FRICTIONLESS_ROWS} rows`, tool: 'frictionless', share: 0.03, own: OWN_SMALL },
] as const;

const program = options.program ?? findProgram();

function validateWith({ file, schema }: Table): Contender['command'] {
  return [process.execPath, program, 'validate', file, '--schema', schema];
}

function listPeers(python: string): readonly Contender[] {
  const small = prepareTable(FRICTIONLESS_ROWS);
  const script = join(import.meta.dirname, 'peer_checks.py');
  return [
    { name: OWN_SMALL, command: validateWith(small) },
    ...PEERS.map(({ name, tool }): Contender => {
      const chosen = tool === 'frictionless' ? small : { file: table, schema };
      return { name, command: [python, script, tool, chosen.file, chosen.schema] };
    }),
  ];
}

const contenders: readonly Contender[] = [
  {
    name: 'DuckDB, read and count',
    command: [process.execPath, join(import.meta.dirname, 'duckdb-read.ts'), table, '2'],
  },
  { name: OWN, command: validateWith({ file: table, schema }) },
  ...(python !== undefined
    ? [
        {
          name: 'pandas, by hand',
          command: [python, join(import.meta.dirname, 'pandas_check.py'), table, schema],
        } as const,
      ]
    : []),
  ...(peersPython === undefined ? [] : listPeers(peersPython)),
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
const own = results.find(({ name }) => name === OWN);
const isKept =
  own !== undefined && own.ratio <= MAXIMUM_RATIO && (own.peakMegabytes ?? 0) <= MAXIMUM_PEAK_MEGABYTES;
console.log(
  `promised: ratio at most ${MAXIMUM_RATIO}, peak at most ${MAXIMUM_PEAK_MEGABYTES} MB: ${isKept ? 'kept' : 'BROKEN'}`,
);
/** mlgate's share of a peer's time: the median over the rounds. */
function shareOf(name: string, own: string): number {
  const theirs = measured.get(name) ?? [];
  const ours = measured.get(own) ?? [];
  return Number(
    median(ours.map(({ seconds }, round) => seconds / (theirs[round]?.seconds ?? seconds))).toFixed(3),
  );
}

const shares =
  peersPython === undefined
    ? []
    : PEERS.map((peer) => ({
        name: peer.name,
        share: shareOf(peer.name, 'own' in peer ? peer.own : OWN),
        promised: peer.share,
      }));
for (const { name, share, promised } of shares) {
  console.log(
    `share of the time of ${name}: ${share}, promised at most ${promised}: ${share <= promised ? 'kept' : 'BROKEN'}`,
  );
}
const areSharesKept = shares.every(({ share, promised }) => share <= promised);
if (options.json !== undefined) {
  writeFileSync(
    options.json,
    `${JSON.stringify({ rows: Number(options.rows), program, results, shares, isKept: isKept && areSharesKept }, null, 2)}\n`,
  );
}
process.exitCode = isKept && areSharesKept ? 0 : 1;

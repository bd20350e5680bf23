/**
 * How long the search for weak slices takes, beside the PyPI package `sliceline` in the same run, and how often it calls a
 * slice weak where none is.
 *
 * - 1,000,000 rows by 20 features of 3 to 10 values, up to three conditions: SliceLine alone, and the whole search (halves,
 *   SliceLine on one, tests on the other).
 * - the largest number of rows that `sliceline` can do within the memory given, both on the same columns; the best scores
 *   of both must agree.
 * - test sets without a weak slice, of independent examples and of groups: the share of runs that confirm any.
 *
 *     node bench/slice-search.ts [--rounds 3] [--runs 2000] [--memory 8] [--write]
 *
 * The exit code is 1 if a promise is broken. --write keeps the numbers in bench/results/slice-search.json.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { searchWeakSlices } from '../src/model/slice-search/search-weak-slices.ts';
import { encodeColumn } from '../src/outcomes/encode-column.ts';
import type { Outcomes } from '../src/outcomes/outcomes.ts';
import { packTexts } from '../src/outcomes/packed-texts.ts';
import { binomialCdf } from '../src/statistics/distributions.ts';
import { createRandom, type Random } from '../src/statistics/random.ts';
import { searchSlices } from '../src/statistics/slice-search.ts';
import { measureProcess, median } from './measure-process.ts';
import { preparePython } from './python.ts';

/** What mlgate promises on two cores. */
const MAXIMUM_SECONDS = 30;
const MAXIMUM_RATIO_TO_PEER = 1 / 3;

const ROWS = 1_000_000;
const FEATURES = 20;
const LEVEL = 3;
const COUNT = 10;
const SCORE_ALPHA = 0.95;
const ALPHA = 0.05;
const SEED = 20_261_121;
const PEER_ROWS = [1000, 2500, 5000, 10_000] as const;
const DATA = join(import.meta.dirname, 'data', 'slice-search');
const PEER = join(import.meta.dirname, 'slice_search.py');

interface Table {
  readonly features: readonly Uint8Array[];
  readonly errors: Float64Array;
}

/** Exponential errors, three times as large where the first two features have certain values. */
function drawTable(rows: number): Table {
  const random = createRandom(SEED);
  const features = Array.from({ length: FEATURES }, (_, feature) => {
    const values = 3 + (feature % 8);
    const codes = new Uint8Array(rows);
    for (let row = 0; row < rows; row++) codes[row] = Math.floor(random.uniform() * values);
    return codes;
  });
  const errors = new Float64Array(rows);
  for (let row = 0; row < rows; row++) {
    const isWeak = features[0]?.[row] === 1 && features[1]?.[row] === 2;
    errors[row] = -Math.log(1 - random.uniform()) * (isWeak ? 3 : 1);
  }
  return { features, errors };
}

function search({ features, errors }: Table): {
  readonly seconds: number;
  readonly scores: readonly number[];
} {
  const started = performance.now();
  const { slices } = searchSlices(features, errors, {
    count: COUNT,
    minimumSupport: Math.max(32, Math.floor(errors.length / 100)),
    alpha: SCORE_ALPHA,
    maximumLevel: LEVEL,
  });
  return { seconds: (performance.now() - started) / 1000, scores: slices.map(({ score }) => score) };
}

/** What every task's outcomes have, for a regression whose errors are given. */
function outcomesOf(
  errors: Float64Array,
  columns: ReadonlyMap<string, Uint32Array>,
  groups?: Uint32Array,
): Outcomes {
  const ids = packTexts(Array.from(errors, (_, row) => `e${row}`));
  return {
    task: 'regression',
    n: errors.length,
    ids,
    idsDigest: '',
    testSetDigest: '',
    groups,
    strata: undefined,
    weights: undefined,
    numericColumns: new Map(),
    sliceColumns: new Map(
      Array.from(columns, ([name, codes]) => [
        name,
        {
          codes,
          values: Array.from(
            { length: 1 + codes.reduce((a, b) => Math.max(a, b), 0) },
            (_, code) => `v${code}`,
          ),
        },
      ]),
    ),
    target: new Float64Array(errors.length),
    predicted: errors,
  };
}

function searchWhole(outcomes: Outcomes, seed: number) {
  return searchWeakSlices({
    outcomes,
    about: { model: 'simulated' },
    columns: [...outcomes.sliceColumns.keys()],
    level: LEVEL,
    count: COUNT,
    minShare: 0.01,
    examples: 0,
    alpha: ALPHA,
    seed,
  });
}

/** A test set of 2,000 examples whose errors have nothing to do with six columns, alone or in groups of ten. */
function drawFlat(random: Random, isGrouped: boolean): Outcomes {
  const n = 2000;
  const units = isGrouped ? n / 10 : n;
  const groups = Uint32Array.from({ length: n }, (_, row) => row % units);
  const effects = Float64Array.from({ length: units }, () => -Math.log(1 - random.uniform()));
  const ofUnit = Array.from({ length: 6 }, () =>
    Array.from({ length: units }, () => `${Math.floor(random.uniform() * 4)}`),
  );
  const columns = new Map(
    ofUnit.map((values, index) => [
      `c${index}`,
      encodeColumn(Array.from(groups, (unit) => values[unit] ?? '')).codes,
    ]),
  );
  const errors = Float64Array.from(
    groups,
    (unit) => (effects[unit] ?? 0) + (isGrouped ? random.uniform() / 2 : 0),
  );
  return outcomesOf(errors, columns, isGrouped ? groups : undefined);
}

function countFalseAlarms(runs: number, isGrouped: boolean): number {
  const random = createRandom(SEED);
  let alarms = 0;
  for (let run = 0; run < runs; run++) {
    const { slices } = searchWhole(drawFlat(random, isGrouped), run);
    if (slices.some(({ confirmed }) => confirmed)) alarms += 1;
  }
  return alarms;
}

interface PeerOutput {
  readonly failed?: string;
  readonly seconds?: number;
  readonly peakMegabytes?: number;
  readonly scores?: readonly number[];
}

async function askPeer(python: string, table: Table, memory: string): Promise<PeerOutput> {
  mkdirSync(DATA, { recursive: true });
  writeFileSync(join(DATA, 'codes.bin'), Buffer.concat(table.features));
  writeFileSync(join(DATA, 'errors.bin'), Buffer.from(table.errors.buffer));
  const settings = { rows: table.errors.length, features: FEATURES, level: LEVEL, count: COUNT, memory };
  const { output } = await measureProcess({
    name: 'sliceline',
    command: [
      python,
      PEER,
      DATA,
      ...Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)]),
    ],
  });
  const last = output.trimEnd().split('\n').at(-1) ?? '';
  const answer: PeerOutput = JSON.parse(last);
  return answer;
}

function agree(own: readonly number[], other: readonly number[]): boolean {
  return own.length === other.length && own.every((score, at) => Math.abs(score - (other[at] ?? 0)) < 1e-9);
}

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    runs: { type: 'string', default: '2000' },
    memory: { type: 'string', default: '8' },
    write: { type: 'boolean', default: false },
  },
});
const [rounds, runs] = [Number(options.rounds), Number(options.runs)];
const broken: string[] = [];

const large = drawTable(ROWS);
const alone = median(Array.from({ length: rounds }, () => search(large).seconds));
const columns = new Map(large.features.map((codes, index) => [`f${index}`, Uint32Array.from(codes)]));
const outcomes = outcomesOf(large.errors, columns);
const whole = median(
  Array.from({ length: rounds }, () => {
    const started = performance.now();
    searchWhole(outcomes, SEED);
    return (performance.now() - started) / 1000;
  }),
);
console.log(
  `${ROWS} rows x ${FEATURES} features, level ${LEVEL}: SliceLine ${alone.toFixed(2)} s, whole search ${whole.toFixed(2)} s`,
);
if (Math.max(alone, whole) > MAXIMUM_SECONDS) broken.push(`more than ${MAXIMUM_SECONDS} s`);

const python = preparePython();
const peers: {
  rows: number;
  own: number;
  peer: number | null;
  ratio: number | null;
  peerMegabytes: number | null;
}[] = [];
for (const rows of PEER_ROWS) {
  const table = drawTable(rows);
  const answer = await askPeer(python, table, options.memory);
  const own = median(Array.from({ length: rounds }, () => search(table).seconds));
  if (answer.seconds === undefined) {
    console.log(`${rows} rows: sliceline fails within ${options.memory} GB: ${answer.failed ?? ''}`);
    peers.push({ rows, own, peer: null, ratio: null, peerMegabytes: null });
    break;
  }
  const ratio = own / answer.seconds;
  console.log(
    `${rows} rows: ${own.toFixed(3)} s, sliceline ${answer.seconds.toFixed(2)} s and ${(answer.peakMegabytes ?? 0).toFixed(0)} MB, ratio ${ratio.toFixed(4)}`,
  );
  if (!agree(search(table).scores, answer.scores ?? []))
    broken.push(`other scores than sliceline's at ${rows} rows`);
  peers.push({ rows, own, peer: answer.seconds, ratio, peerMegabytes: answer.peakMegabytes ?? null });
}
const largest = peers.findLast(({ ratio }) => ratio !== null);
if (largest?.ratio == null || largest.ratio > MAXIMUM_RATIO_TO_PEER)
  broken.push('more than a third of the time of sliceline');

const falseAlarms = { runs, examples: countFalseAlarms(runs, false), groups: countFalseAlarms(runs, true) };
console.log(
  `no weak slice: confirmed in ${falseAlarms.examples} and, in groups, ${falseAlarms.groups} of ${runs} runs`,
);
for (const alarms of [falseAlarms.examples, falseAlarms.groups]) {
  // More than that would come up in fewer than one of a thousand simulations at a rate of alpha.
  if (1 - binomialCdf(alarms - 1, runs, ALPHA) < 0.001) broken.push(`${alarms} false alarms of ${runs}`);
}
if (options.write) {
  const results = { rows: ROWS, features: FEATURES, level: LEVEL, alone, whole, peers, falseAlarms };
  writeFileSync(
    join(import.meta.dirname, 'results', 'slice-search.json'),
    `${JSON.stringify(results, null, 1)}\n`,
  );
}
for (const promise of broken) console.error(`Broken: ${promise}`);
process.exitCode = broken.length === 0 ? 0 : 1;

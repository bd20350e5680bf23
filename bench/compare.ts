/**
 * How long it takes to compare two models' predictions, beside the same by pandas and scikit-learn in the same run:
 *
 * - 1,000,000 pairs in memory: all metrics of the task with intervals, and the data of the pictures; beside it four
 *   metrics with a bootstrap of 2,000 resamples in numpy and scikit-learn, of which a few are run and the time scaled
 *   (each resample does the same work).
 * - two CSV files of 10,000,000 rows, `mlgate compare` end to end; beside it reading, joining and measuring with pandas
 *   and scikit-learn, without intervals.
 *
 *     node bench/compare.ts [--rounds 3] [--rows 10000000] [--resamples 20] [--program scripts/mlgate.ts]
 *
 * The exit code is 1 if one of the promises is broken. Memory is the largest sum over the process and its children.
 */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { compareModel } from '../src/comparison/compare-model.ts';
import { measureModel } from '../src/model/measure-model.ts';
import { createRandom } from '../src/statistics/random.ts';
import { scoredOutcomes } from './gates/outcomes.ts';
import { drawScores, generatePredictions, type PredictionFiles } from './generate-predictions.ts';
import { findProgram, measureProcess, median } from './measure-process.ts';
import { preparePython } from './python.ts';

/** What mlgate promises on two cores. */
const MAXIMUM_SECONDS_IN_MEMORY = 1.5;
const MINIMUM_RATIO_TO_RESAMPLING = 100;
const MAXIMUM_RATIO_TO_PANDAS = 0.4;
const MAXIMUM_PEAK_MEGABYTES = 800;

const ROWS_IN_MEMORY = 1_000_000;
const RESAMPLES = 2000;
const SEED = 20_261_121;
const DATA = join(import.meta.dirname, 'data');
const PEER = join(import.meta.dirname, 'compare_models.py');

interface Spent {
  readonly seconds: number;
  /** Of processors: what remains comparable on a machine that is busy with other work. */
  readonly processorSeconds: number;
}

/** What the model stage computes once both files are read: metrics, comparison and the data of pictures. */
function compareInMemory(): Spent {
  const random = createRandom(SEED);
  const target = new Uint8Array(ROWS_IN_MEMORY);
  const [first, second] = [new Float64Array(ROWS_IN_MEMORY), new Float64Array(ROWS_IN_MEMORY)];
  for (let row = 0; row < ROWS_IN_MEMORY; row++) {
    const drawn = drawScores(random);
    target[row] = drawn.target;
    first[row] = drawn.candidate;
    second[row] = drawn.baseline;
  }
  const [candidate, baseline] = [scoredOutcomes(target, first), scoredOutcomes(target, second)];
  const sampling = { alpha: 0.05, seed: SEED, resamples: RESAMPLES };
  const [started, before] = [performance.now(), process.cpuUsage()];
  const measured = measureModel(candidate, { model: 'simulated', ...sampling });
  const { metrics } = compareModel({
    candidate,
    baseline,
    ...measured,
    gates: [],
    slices: [],
    unpaired: false,
    seeds: [],
    sameSubject: false,
    power: 0.8,
    ...sampling,
  });
  const seconds = (performance.now() - started) / 1000;
  const { user, system } = process.cpuUsage(before);
  if (!metrics.every((metric) => metric.comparison?.interval !== undefined)) {
    throw new Error('A metric has no interval.');
  }
  return { seconds, processorSeconds: (user + system) / 1e6 };
}

async function prepareFiles(rows: number): Promise<PredictionFiles> {
  const files = {
    candidate: join(DATA, `predictions-${rows}-candidate.csv`),
    baseline: join(DATA, `predictions-${rows}-baseline.csv`),
  };
  return existsSync(files.candidate) && existsSync(files.baseline) ? files : generatePredictions(rows, DATA);
}

/** A config beside the files, with margins on the four metrics. */
function writeConfig(rows: number): string {
  const path = join(DATA, `compare-${rows}.yml`);
  const text = `version: 1
models:
  simulated:
    task: binary-classification
    predictions: { path: predictions-${rows}-candidate.csv, id: id, target: target, score: score }
    baseline-predictions: predictions-${rows}-baseline.csv
    metrics:
      accuracy: { max-regression: 0.01 }
      f1: { max-regression: 0.01 }
      roc_auc: { max-regression: 0.01 }
      log_loss: { max-regression: 0.01 }
`;
  writeFileSync(path, text);
  return path;
}

interface PeerOutput {
  readonly seconds: { readonly read: number; readonly points: number; readonly resamples: number };
}

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    rows: { type: 'string', default: '10000000' },
    resamples: { type: 'string', default: '20' },
    program: { type: 'string' },
  },
});
const rounds = Number(options.rounds);
const rows = Number(options.rows);
const program = options.program ?? findProgram();
const python = preparePython();

const small = await prepareFiles(ROWS_IN_MEMORY);
const inMemory: Spent[] = [];
const resampled: number[] = [];
for (let round = 0; round < rounds; round++) {
  inMemory.push(compareInMemory());
  const { output } = await measureProcess({
    name: 'numpy and scikit-learn',
    command: [python, PEER, 'bootstrap', small.candidate, small.baseline, '--resamples', options.resamples],
  });
  const { seconds } = JSON.parse(output) as PeerOutput;
  resampled.push(seconds.points + (seconds.resamples * RESAMPLES) / Number(options.resamples));
}

const large = await prepareFiles(rows);
const config = writeConfig(rows);
const ends: { readonly mlgate: number; readonly pandas: number }[] = [];
let [peak, peerPeak] = [0, 0];
for (let round = 0; round < rounds; round++) {
  const mlgate = await measureProcess({
    name: 'mlgate compare',
    command: [process.execPath, program, 'compare', '--config', config],
  });
  const pandas = await measureProcess({
    name: 'pandas and scikit-learn',
    command: [python, PEER, 'points', large.candidate, large.baseline],
  });
  ends.push({ mlgate: mlgate.seconds, pandas: pandas.seconds });
  peak = Math.max(peak, mlgate.peakMegabytes ?? 0);
  peerPeak = Math.max(peerPeak, pandas.peakMegabytes ?? 0);
}

const own = median(inMemory.map(({ seconds }) => seconds));
const ofProcessors = median(inMemory.map(({ processorSeconds }) => processorSeconds));
// Ratios of each round: the machine drifts, a round is short.
const faster = median(resampled.map((seconds, round) => seconds / (inMemory[round]?.seconds ?? seconds)));
const ofPandas = median(ends.map(({ mlgate, pandas }) => mlgate / pandas));
const promises = [
  {
    text: `${own.toFixed(2)} s in memory, at most ${MAXIMUM_SECONDS_IN_MEMORY}`,
    isKept: own <= MAXIMUM_SECONDS_IN_MEMORY,
  },
  {
    text: `resampling takes ${faster.toFixed(0)} times as long, at least ${MINIMUM_RATIO_TO_RESAMPLING}`,
    isKept: faster >= MINIMUM_RATIO_TO_RESAMPLING,
  },
  {
    text: `end to end ${ofPandas.toFixed(2)} of pandas' time, at most ${MAXIMUM_RATIO_TO_PANDAS}`,
    isKept: ofPandas <= MAXIMUM_RATIO_TO_PANDAS,
  },
  {
    text: `${peak.toFixed(0)} MB, at most ${MAXIMUM_PEAK_MEGABYTES}`,
    isKept: peak <= MAXIMUM_PEAK_MEGABYTES,
  },
];
console.log(`${rounds} rounds, Node ${process.versions.node}, ${program}\n
| | seconds | peak MB |
|---|---|---|
| mlgate, ${ROWS_IN_MEMORY} pairs in memory, all metrics with intervals (processors: ${ofProcessors.toFixed(2)}) | ${own.toFixed(2)} | |
| numpy and scikit-learn, ${RESAMPLES} resamples of four metrics, scaled from ${options.resamples} | ${median(resampled).toFixed(0)} | |
| mlgate compare, two CSV files of ${rows} rows | ${median(ends.map(({ mlgate }) => mlgate)).toFixed(1)} | ${peak.toFixed(0)} |
| pandas and scikit-learn, the same without intervals | ${median(ends.map(({ pandas }) => pandas)).toFixed(1)} | ${peerPeak.toFixed(0)} |
`);
for (const { text, isKept } of promises) console.log(`${isKept ? 'kept' : 'BROKEN'}: ${text}`);
process.exitCode = promises.every(({ isKept }) => isKept) ? 0 : 1;

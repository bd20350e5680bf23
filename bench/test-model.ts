/**
 * How long `mlgate test` takes for twelve metrics with intervals and five columns of slices, from a Parquet file to
 * evidence, beside the same by pandas and scikit-learn with a bootstrap of 200 resamples, of which a few are run and the
 * time scaled (each resample does the same work); and how time and memory grow with ten times as many predictions.
 *
 *     node bench/test-model.ts [--rounds 3] [--resamples 2] [--program scripts/mlgate.ts]
 *
 * The exit code is 1 if one of the promises is broken. Memory is the largest sum over the process and its children.
 */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { findProgram, measureProcess, median, type Measurement } from './measure-process.ts';
import { preparePython, runOnce } from './python.ts';

/** What mlgate promises on two cores. */
const MAXIMUM_RATIO_TO_RESAMPLING = 1 / 20;
const MAXIMUM_PEAK_MEGABYTES = 600;
const MAXIMUM_GROWTH = 12;
const MAXIMUM_LARGE_PEAK_MEGABYTES = 1500;

const ROWS = 1_000_000;
const LARGE_ROWS = 10_000_000;
const RESAMPLES = 200;
/** Values of the five columns to slice by. */
const SLICES = 32;
const DATA = join(import.meta.dirname, 'data');
const PEER = join(import.meta.dirname, 'test_model.py');

const METRICS = [
  'accuracy',
  'precision',
  'recall',
  'f1',
  'specificity',
  'balanced_accuracy',
  'mcc',
  'kappa',
  'roc_auc',
  'average_precision',
  'log_loss',
  'brier',
];

/** Bounds that every model keeps, and that the losses have above. */
const BOUND = 'at-least: 0';
const BOUNDS_OF_LOSSES: Readonly<Record<string, string>> = {
  log_loss: 'at-most: 99',
  brier: 'at-most: 0.99',
};

interface PeerOutput {
  /** The metrics, then accuracy on each slice. */
  readonly values: readonly number[];
  /** Of the slices, as mlgate names them. */
  readonly slices: readonly string[];
  readonly seconds: { readonly read: number; readonly once: number; readonly resamples: number };
}

interface OwnOutput {
  readonly body: {
    readonly metrics: readonly {
      readonly name: string;
      readonly about: { readonly slice?: string };
      readonly value: number | null;
      readonly interval?: object;
    }[];
  };
}

/** A file of predictions and a config that asks for every metric and each slice's accuracy. */
function prepare(python: string, rows: number): { readonly predictions: string; readonly config: string } {
  mkdirSync(DATA, { recursive: true });
  const predictions = join(DATA, `test-model-${rows}.parquet`);
  if (!existsSync(predictions)) runOnce(python, [PEER, 'generate', predictions, '--rows', String(rows)]);
  const config = join(DATA, `test-model-${rows}.yml`);
  const bounds = METRICS.map((name) => `      ${name}: { ${BOUNDS_OF_LOSSES[name] ?? BOUND} }`);
  writeFileSync(
    config,
    `version: 1
models:
  simulated:
    task: binary-classification
    predictions: { path: test-model-${rows}.parquet, id: id, target: target, score: score }
    error-examples: 0
    metrics:
${bounds.join('\n')}
    slices:
      by: [region, plan, device, month, age_group]
`,
  );
  return { predictions, config };
}

async function testModel(program: string, config: string): Promise<Measurement> {
  return await measureProcess({
    name: 'mlgate test',
    command: [process.execPath, program, 'test', '--config', config, '--json'],
  });
}

/** Both must have done the same work, or their times say nothing. */
function holdAgainst(own: OwnOutput, peer: PeerOutput): void {
  if (peer.slices.length !== SLICES)
    throw new Error(`There are ${peer.slices.length} slices, not ${SLICES}.`);
  const wanted = [
    ...METRICS.map((name) => ({ name, slice: undefined })),
    ...peer.slices.map((slice) => ({ name: 'accuracy', slice })),
  ];
  wanted.forEach(({ name, slice }, index) => {
    const found = own.body.metrics.find((metric) => metric.name === name && metric.about.slice === slice);
    const [ours, theirs] = [found?.value ?? Number.NaN, peer.values[index] ?? Number.NaN];
    const what = slice === undefined ? name : `${name} of ${slice}`;
    if (!(Math.abs(ours - theirs) <= 1e-9)) throw new Error(`${what} is ${ours} here and ${theirs} there.`);
    if (found?.interval === undefined) throw new Error(`${what} has no interval.`);
  });
}

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    resamples: { type: 'string', default: '2' },
    program: { type: 'string' },
  },
});
const program = options.program ?? findProgram();
const python = preparePython();
const [small, large] = [prepare(python, ROWS), prepare(python, LARGE_ROWS)];
const own: Measurement[] = [];
const ownLarge: Measurement[] = [];
const peers: number[] = [];
let peerPeak = 0;
for (let round = 0; round < Number(options.rounds); round++) {
  own.push(await testModel(program, small.config));
  ownLarge.push(await testModel(program, large.config));
  const peer = await measureProcess({
    name: 'pandas and scikit-learn',
    command: [python, PEER, 'measure', small.predictions, '--resamples', options.resamples],
  });
  const output = JSON.parse(peer.output.slice(peer.output.indexOf('{'))) as PeerOutput;
  const { read, once, resamples } = output.seconds;
  peers.push(read + once + (resamples * RESAMPLES) / Number(options.resamples));
  peerPeak = Math.max(peerPeak, peer.peakMegabytes ?? 0);
  const last = own.at(-1)?.output ?? '';
  holdAgainst(JSON.parse(last.slice(last.indexOf('{'))) as OwnOutput, output);
}

const seconds = median(own.map((run) => run.seconds));
const largeSeconds = median(ownLarge.map((run) => run.seconds));
const peak = Math.max(...own.map((run) => run.peakMegabytes ?? 0));
const largePeak = Math.max(...ownLarge.map((run) => run.peakMegabytes ?? 0));
// Ratios of each round: the machine drifts, a round is short.
const ratio = median(own.map((run, round) => run.seconds / (peers[round] ?? run.seconds)));
const growth = median(ownLarge.map((run, round) => run.seconds / (own[round]?.seconds ?? run.seconds)));
const promises = [
  {
    text: `1/${(1 / ratio).toFixed(0)} of the time of resampling, at most 1/${1 / MAXIMUM_RATIO_TO_RESAMPLING}`,
    isKept: ratio <= MAXIMUM_RATIO_TO_RESAMPLING,
  },
  {
    text: `${peak.toFixed(0)} MB, at most ${MAXIMUM_PEAK_MEGABYTES}`,
    isKept: peak <= MAXIMUM_PEAK_MEGABYTES,
  },
  {
    text: `ten times as many predictions take ${growth.toFixed(1)} times as long, at most ${MAXIMUM_GROWTH}`,
    isKept: growth <= MAXIMUM_GROWTH,
  },
  {
    text: `and ${largePeak.toFixed(0)} MB, at most ${MAXIMUM_LARGE_PEAK_MEGABYTES}`,
    isKept: largePeak <= MAXIMUM_LARGE_PEAK_MEGABYTES,
  },
];
console.log(`${options.rounds} rounds, Node ${process.versions.node}, ${program}\n
| | seconds | peak MB |
|---|---|---|
| mlgate test, ${ROWS} predictions, ${METRICS.length} metrics with intervals, ${SLICES} slices | ${seconds.toFixed(2)} | ${peak.toFixed(0)} |
| pandas and scikit-learn, ${RESAMPLES} resamples of the same, scaled from ${options.resamples} | ${median(peers).toFixed(0)} | ${peerPeak.toFixed(0)} |
| mlgate test, ${LARGE_ROWS} predictions | ${largeSeconds.toFixed(1)} | ${largePeak.toFixed(0)} |
`);
for (const { text, isKept } of promises) console.log(`${isKept ? 'kept' : 'BROKEN'}: ${text}`);
process.exitCode = promises.every(({ isKept }) => isKept) ? 0 : 1;

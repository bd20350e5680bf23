/**
 * Writes the predictions of two models on one test set for benchmarks: id, target and score, two CSV files with the same
 * rows in the same shuffled order. The same seed gives the same bytes.
 *
 *     node bench/generate-predictions.ts --rows 1000000 --out bench/data
 */
import { once } from 'node:events';
import { createWriteStream, type WriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createRandom, type Random } from '../src/statistics/random.ts';

const SEED = 20_261_121;
const PREVALENCE = 0.3;

/** Text is handed to the files in pieces of about this many characters. */
const PIECE_CHARACTERS = 1 << 20;

/** A number without a factor in common with any power of ten: its multiples visit each id once. */
const ID_STEP = 387_420_489;

export interface PredictionFiles {
  readonly candidate: string;
  readonly baseline: string;
}

async function writePiece(file: WriteStream, piece: string): Promise<void> {
  if (!file.write(piece)) await once(file, 'drain');
}

/** One example: its target, and two scores that mostly agree. */
export function drawScores(random: Random) {
  const target = random.uniform() < PREVALENCE ? 1 : 0;
  const common = 0.35 * target + 0.45 * random.uniform();
  return { target, candidate: common + 0.2 * random.uniform(), baseline: common + 0.2 * random.uniform() };
}

/** @throws RangeError when `rows` is no power of ten up to 10,000,000: ids are shuffled within it. */
export async function generatePredictions(rows: number, folder: string): Promise<PredictionFiles> {
  if (!Number.isInteger(Math.log10(rows)) || rows < 10 || rows > 10_000_000) {
    throw new RangeError(`--rows must be a power of ten from 10 to 10,000,000, not ${rows}.`);
  }
  await mkdir(folder, { recursive: true });
  const paths = {
    candidate: join(folder, `predictions-${rows}-candidate.csv`),
    baseline: join(folder, `predictions-${rows}-baseline.csv`),
  };
  const random = createRandom(SEED);
  const [candidate, baseline] = [createWriteStream(paths.candidate), createWriteStream(paths.baseline)];
  let [first, second] = ['id,target,score\n', 'id,target,score\n'];
  for (let row = 0; row < rows; row++) {
    const id = `e${String((row * ID_STEP) % rows).padStart(8, '0')}`;
    const drawn = drawScores(random);
    first += `${id},${drawn.target},${drawn.candidate.toFixed(6)}\n`;
    second += `${id},${drawn.target},${drawn.baseline.toFixed(6)}\n`;
    if (first.length >= PIECE_CHARACTERS) {
      await Promise.all([writePiece(candidate, first), writePiece(baseline, second)]);
      [first, second] = ['', ''];
    }
  }
  candidate.end(first);
  baseline.end(second);
  await Promise.all([once(candidate, 'finish'), once(baseline, 'finish')]);
  return paths;
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      rows: { type: 'string', default: '1000000' },
      out: { type: 'string', default: join(import.meta.dirname, 'data') },
    },
  });
  console.log(JSON.stringify(await generatePredictions(Number(values.rows), values.out)));
}

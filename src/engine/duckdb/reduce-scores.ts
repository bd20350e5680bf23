/** Scores of many labels for each example, reduced to what metrics need of them, row by row as they are read. */
import {
  NO_LABEL,
  SCORE_FAULTS,
  SUM_TOLERANCE,
  type ScoreFault,
  type ScoreFaultFound,
  type ScoresRequest,
} from '../engine.ts';
import type { ScoresBatch } from '../protocol.ts';

/** Rows shown of each fault. */
const MAX_EXAMPLES = 5;

interface Fault {
  count: number;
  readonly examples: { readonly row: number; readonly value: number }[];
}

export interface ScoresReducer {
  /** Takes the scores of the next example: of all labels in their order. */
  readonly add: (scores: Float64Array) => void;
  /** The next example cannot be read: a list of another length, or a label twice. */
  readonly refuse: (fault: ScoreFault, value: number) => void;
  /** What was added since the last call. */
  readonly take: () => ScoresBatch;
  readonly waiting: () => number;
  readonly rows: () => number;
  readonly faults: () => readonly ScoreFaultFound[];
}

/** What is wrong with the probabilities of one example, with the value that is; undefined where they can be used. */
function inspect(scores: Float64Array): readonly [ScoreFault, number] | undefined {
  const sum = scores.reduce((total, score) => total + score, 0);
  if (!Number.isFinite(sum)) return ['not-finite', scores.find((score) => !Number.isFinite(score)) ?? sum];
  const outside = scores.find((score) => score < 0 || score > 1);
  if (outside !== undefined) return ['outside', outside];
  return Math.abs(sum - 1) > SUM_TOLERANCE ? ['sum', sum] : undefined;
}

interface Faults {
  readonly note: (kind: ScoreFault, row: number, value: number) => void;
  readonly list: () => readonly ScoreFaultFound[];
}

function startFaults(): Faults {
  const found = new Map<ScoreFault, Fault>(SCORE_FAULTS.map((fault) => [fault, { count: 0, examples: [] }]));
  return {
    note: (kind, row, value) => {
      const fault = found.get(kind);
      if (fault === undefined) return;
      fault.count += 1;
      if (fault.examples.length < MAX_EXAMPLES) fault.examples.push({ row, value });
    },
    list: () =>
      Array.from(found, ([fault, { count, examples }]) => ({ fault, count, examples })).filter(
        ({ count }) => count > 0,
      ),
  };
}

/** Writes what one example's scores come to into a row of the batch; answers whether they may be no probabilities. */
function reduceRow(batch: ScoresBatch, row: number, scores: Float64Array, own: number): boolean {
  const labels = scores.length;
  const trueScore = own < labels ? (scores[own] ?? 0) : 0;
  let [sum, squares, best, top, rank] = [0, 0, 0, Number.NEGATIVE_INFINITY, 1];
  let isOutside = false;
  for (let label = 0; label < labels; label += 1) {
    const score = scores[label] ?? Number.NaN;
    const error = label === own ? score - 1 : score;
    sum += score;
    squares += error * error;
    if (score > top) {
      top = score;
      best = label;
    }
    if (score > trueScore || (score === trueScore && label > own)) rank += 1;
    if (score < 0 || score > 1) isOutside = true;
  }
  batch.trueProbability[row] = trueScore;
  batch.trueRank[row] = rank;
  // A label without a score has probability 0 of its 1.
  batch.squaredErrors[row] = own < labels ? squares : squares + 1;
  batch.predicted[row] = best;
  return isOutside || !(Math.abs(sum - 1) <= SUM_TOLERANCE);
}

export function createReducer(
  labels: number,
  { truth, keep }: Pick<ScoresRequest, 'truth' | 'keep'>,
  batchRows: number,
): ScoresReducer {
  const kept = keep ? labels : 0;
  const faults = startFaults();
  let batch = makeBatch(batchRows, kept);
  let [used, before] = [0, 0];
  return {
    add: (scores) => {
      if (reduceRow(batch, used, scores, truth[before + used] ?? NO_LABEL)) {
        const wrong = inspect(scores);
        if (wrong !== undefined) faults.note(wrong[0], before + used, wrong[1]);
      }
      if (keep) batch.scores.set(scores, used * labels);
      used += 1;
    },
    refuse: (fault, value) => {
      faults.note(fault, before + used, value);
      used += 1;
    },
    take: () => {
      const taken = used === batchRows ? batch : cutBatch(batch, used, kept);
      before += used;
      used = 0;
      batch = makeBatch(batchRows, kept);
      return taken;
    },
    waiting: () => used,
    rows: () => before + used,
    faults: faults.list,
  };
}

function makeBatch(rows: number, kept: number): ScoresBatch {
  return {
    trueProbability: new Float64Array(rows),
    trueRank: new Uint32Array(rows),
    squaredErrors: new Float64Array(rows),
    predicted: new Uint16Array(rows),
    scores: new Float64Array(rows * kept),
  };
}

function cutBatch(batch: ScoresBatch, rows: number, kept: number): ScoresBatch {
  return {
    trueProbability: batch.trueProbability.slice(0, rows),
    trueRank: batch.trueRank.slice(0, rows),
    squaredErrors: batch.squaredErrors.slice(0, rows),
    predicted: batch.predicted.slice(0, rows),
    scores: batch.scores.slice(0, rows * kept),
  };
}

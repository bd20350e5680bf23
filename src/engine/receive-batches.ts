/**
 * Batches as whole columns, written where they stay while they arrive: kept until the last and then joined, a large table
 * would stand in memory twice. Arrays grow by doubling; what is not yet written takes no memory.
 */
import { releaseMemory } from '../statistics/release-memory.ts';
import type {
  Column,
  ColumnKind,
  ColumnsRequest,
  Labels,
  PackedTexts,
  ScoresAnswer,
  ScoresRequest,
} from './engine.ts';
import { type AnswerBatch, type ColumnBatch, countLabels, listKinds, type ScoresBatch } from './protocol.ts';

type Numbers = Float64Array | Uint32Array | Uint16Array | Uint8Array;

/** An array that grows. */
interface Growing<Values extends Numbers> {
  values: Values;
  used: number;
  readonly make: (length: number) => Values;
}

const FIRST_LENGTH = 65_536;

function startGrowing<Values extends Numbers>(make: (length: number) => Values): Growing<Values> {
  return { values: make(FIRST_LENGTH), used: 0, make };
}

function reserve<Values extends Numbers>(growing: Growing<Values>, more: number): void {
  const least = growing.used + more;
  if (least <= growing.values.length) return;
  const larger = growing.make(Math.max(least, 2 * growing.values.length));
  larger.set(growing.values.subarray(0, growing.used));
  releaseMemory(growing.values);
  growing.values = larger;
}

function append<Values extends Numbers>(growing: Growing<Values>, values: ArrayLike<number>): void {
  reserve(growing, values.length);
  growing.values.set(values, growing.used);
  growing.used += values.length;
}

function finish<Values extends Numbers>({ values, used }: Growing<Values>): Values {
  return values.subarray(0, used) as Values;
}

interface ColumnReceiver {
  readonly add: (part: Column) => void;
  readonly finish: () => Column;
}

function receiveNumbers(): ColumnReceiver {
  const growing = startGrowing((length) => new Float64Array(length));
  return {
    add: (part) => {
      append(growing, part as Float64Array);
    },
    finish: () => finish(growing),
  };
}

function receiveTexts(): ColumnReceiver {
  const bytes = startGrowing((length) => new Uint8Array(length));
  const ends = startGrowing((length) => new Uint32Array(length));
  return {
    add: (part) => {
      const texts = part as PackedTexts;
      const before = bytes.used;
      append(bytes, texts.bytes);
      reserve(ends, texts.length);
      for (let row = 0; row < texts.length; row += 1) {
        ends.values[ends.used + row] = before + (texts.ends[row] ?? 0);
      }
      ends.used += texts.length;
    },
    finish: () => ({ length: ends.used, bytes: finish(bytes), ends: finish(ends) }),
  };
}

/** Codes that one byte holds: nearly all columns have no more labels. */
const NARROW_LABELS = 256;

function receiveLabels(): ColumnReceiver {
  let codes: Growing<Uint8Array | Uint32Array> = startGrowing<Uint8Array | Uint32Array>(
    (length) => new Uint8Array(length),
  );
  const values: string[] = [];
  return {
    add: (part) => {
      const labels = part as Labels;
      for (const value of labels.values) values.push(value);
      if (values.length > NARROW_LABELS && codes.values instanceof Uint8Array) {
        const narrow = codes;
        codes = startGrowing<Uint8Array | Uint32Array>((length) => new Uint32Array(length));
        append(codes, finish(narrow));
        releaseMemory(narrow.values);
      }
      append(codes, labels.codes);
    },
    finish: () => ({ codes: finish(codes), values }),
  };
}

function receiveColumn(as: ColumnKind): ColumnReceiver {
  if (as === 'number') return receiveNumbers();
  return as === 'text' ? receiveTexts() : receiveLabels();
}

/** Takes the batches of one answer. */
export interface Receiver {
  readonly add: (batch: AnswerBatch) => void;
  /** Forgets what was taken: the file is read again. */
  readonly restart: () => void;
  /** Size of what was taken. */
  readonly bytes: () => number;
}

function sizeOf(column: Column | ArrayBufferView): number {
  if (ArrayBuffer.isView(column)) return column.byteLength;
  return 'codes' in column ? column.codes.byteLength : column.bytes.byteLength + column.ends.byteLength;
}

export interface ColumnsReceiver extends Receiver {
  readonly finish: () => readonly Column[];
}

/** Columns in the order of the request, and behind them the first rows of distinct combinations. */
export function receiveColumns(request: ColumnsRequest): ColumnsReceiver {
  const begin = (): readonly ColumnReceiver[] => listKinds(request).map(receiveColumn);
  let receivers = begin();
  let bytes = 0;
  const add = (batch: ColumnBatch): void => {
    receivers.forEach((receiver, index) => {
      const part = batch[index];
      if (part !== undefined) receiver.add(part);
    });
    bytes += batch.reduce((sum, column) => sum + sizeOf(column), 0);
  };
  return {
    add: (batch) => {
      if (batch.kind === 'columns') add(batch.columns);
    },
    restart: () => {
      receivers = begin();
      bytes = 0;
    },
    bytes: () => bytes,
    finish: () => receivers.map((receiver) => receiver.finish()),
  };
}

export interface ScoresReceiver extends Receiver {
  readonly finish: () => Omit<ScoresAnswer, 'rows' | 'faults'>;
}

/** What came of the scores, and the scores themselves by label where they are kept. */
export function receiveScores(request: ScoresRequest): ScoresReceiver {
  const { truth, keep } = request;
  const labels = countLabels(request);
  const rows = truth.length;
  const found = {
    trueProbability: new Float64Array(rows),
    trueRank: new Uint32Array(rows),
    squaredErrors: new Float64Array(rows),
    predicted: new Uint16Array(rows),
    scores: Array.from({ length: keep ? labels : 0 }, () => new Float64Array(rows)),
  };
  let used = 0;
  const add = (batch: ScoresBatch): void => {
    const length = batch.predicted.length;
    // The caller says that the file has changed: the answer counts its rows.
    if (used + length > rows) return;
    found.trueProbability.set(batch.trueProbability, used);
    found.trueRank.set(batch.trueRank, used);
    found.squaredErrors.set(batch.squaredErrors, used);
    found.predicted.set(batch.predicted, used);
    found.scores.forEach((column, label) => {
      for (let row = 0; row < length; row += 1) column[used + row] = batch.scores[row * labels + label] ?? 0;
    });
    used += length;
  };
  return {
    add: (batch) => {
      if (batch.kind === 'scores') add(batch.scores);
    },
    restart: () => {
      used = 0;
    },
    bytes: () =>
      Object.values(found)
        .flat()
        .reduce((sum, column) => sum + sizeOf(column), 0),
    finish: () => found,
  };
}

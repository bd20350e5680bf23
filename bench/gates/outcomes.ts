/** Outcomes made in memory. */
import type { PairedCounts } from '../../src/statistics/paired-proportions.ts';
import type { BinaryOutcomes } from '../../src/outcomes/outcomes.ts';
import type { DrawnPair } from './gate.ts';

/** All drawn test sets are "the same": both models are always drawn on one. */
const DIGEST = '0'.repeat(64);

const LABELS = ['0', '1'] as const;

/** The threshold at which a score becomes a label. */
const THRESHOLD = 0.5;

export interface Answers {
  readonly target: Uint8Array;
  readonly predicted: Uint8Array;
  readonly score?: Float64Array;
  /** Cluster of each example. */
  readonly groups?: Uint32Array;
}

export function toOutcomes({ target, predicted, score, groups }: Answers): BinaryOutcomes {
  return {
    task: 'binary-classification',
    n: target.length,
    ids: undefined,
    idsDigest: DIGEST,
    testSetDigest: DIGEST,
    groups,
    strata: undefined,
    sliceColumns: new Map(),
    numericColumns: new Map(),
    weights: undefined,
    target,
    predicted,
    score,
    labels: LABELS,
  };
}

/** Outcomes of scores, cut at one half. */
export function scoredOutcomes(target: Uint8Array, score: Float64Array): BinaryOutcomes {
  return toOutcomes({ target, predicted: Uint8Array.from(score, (p) => (p >= THRESHOLD ? 1 : 0)), score });
}

/** Two classifiers that are right where the counts say so; first is the candidate. */
export function outcomesOfCounts({ both, onlyFirst, onlySecond, neither }: PairedCounts): DrawnPair {
  const n = both + onlyFirst + onlySecond + neither;
  const target = new Uint8Array(n).fill(1);
  const candidate = new Uint8Array(n).fill(1, 0, both + onlyFirst);
  const baseline = new Uint8Array(n)
    .fill(1, 0, both)
    .fill(1, both + onlyFirst, both + onlyFirst + onlySecond);
  return {
    candidate: toOutcomes({ target, predicted: candidate }),
    baseline: toOutcomes({ target, predicted: baseline }),
  };
}

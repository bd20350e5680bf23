/**
 * How often a slow decay of main is proven, by its true size: node bench/decay.ts
 * One test set, 20 commits, each of which turns a share of the answers; truth falls in equal steps. Margin 0.02, alpha
 * 0.05. `proven` at a loss of exactly the margin is the false-alarm rate.
 */
import { estimateDecay } from '../src/comparison/trend/estimate-decay.ts';
import { findLevelChanges, type KnownPoint } from '../src/comparison/trend/find-level-changes.ts';
import { wilsonInterval } from '../src/statistics/proportion.ts';
import { createRandom, type Random } from '../src/statistics/random.ts';

const COMMITS = 20;
const START = 0.9;
/** Share of the answers that one commit turns. */
const CHURN = 0.01;
const MARGIN = { kind: 'absolute', value: 0.02 } as const;
const HISTORIES = 400;

/** Accuracies of main over its commits, on one test set of n examples. */
function simulateHistory(n: number, loss: number, random: Random): readonly KnownPoint[] {
  const right = Uint8Array.from({ length: n }, () => Number(random.uniform() < START));
  const step = loss / (COMMITS - 1);
  return Array.from({ length: COMMITS }, (_, commit) => {
    const accuracy = START - step * (commit - 1);
    const [gained, lost] = [(CHURN - step) / 2 / (1 - accuracy), (CHURN + step) / 2 / accuracy];
    if (commit > 0) {
      for (const [row, isRight] of right.entries()) {
        if (random.uniform() < (isRight === 1 ? lost : gained)) right[row] = 1 - isRight;
      }
    }
    const correct = right.reduce((sum, value) => sum + value, 0);
    const { low, high } = wilsonInterval(correct, n, 0.9);
    return {
      commit: commit.toString(16).padStart(40, '0'),
      value: correct / n,
      interval: { level: 0.9, low, high },
    };
  });
}

function judgeHistory(points: readonly KnownPoint[]): string {
  const { plateaus } = findLevelChanges(points, { alpha: 0.01, seed: 1, commits: [] });
  const options = { margin: MARGIN, alpha: 0.05, noise: undefined };
  return estimateDecay('higher-is-better', plateaus, options)?.verdict ?? 'none';
}

const random = createRandom(11);
for (const n of [2000, 10_000]) {
  for (const loss of [0, 0.02, 0.03, 0.05]) {
    const verdicts = Array.from({ length: HISTORIES }, () => judgeHistory(simulateHistory(n, loss, random)));
    const shareOf = (verdict: string) => verdicts.filter((each) => each === verdict).length / HISTORIES;
    console.log(JSON.stringify({ n, loss, proven: shareOf('fail'), suspected: shareOf('inconclusive') }));
  }
}

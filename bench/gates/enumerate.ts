/** Exact probabilities of a rule's decisions about a share: a sum over both discordant cells. */
import { binomialProbability } from '../../src/statistics/distributions.ts';
import type { PairedCounts } from '../../src/statistics/paired-proportions.ts';
import type { Decision } from './gate.ts';

/** Two classifiers whose flips have known probabilities. */
export interface ShareTruth {
  readonly n: number;
  /** Probability that only the candidate is right. */
  readonly onlyCandidate: number;
  /** Probability that only the baseline is right. */
  readonly onlyBaseline: number;
  /** The baseline's accuracy. */
  readonly accuracy: number;
}

export interface Rates {
  readonly pass: number;
  readonly fail: number;
  readonly inconclusive: number;
}

/** Tables whose probability is left out, together, at most; it counts as nothing. */
const LEFT_OUT = 1e-7;

/** The numbers of successes of a binomial that are not negligible. */
function likelyCounts(
  n: number,
  p: number,
): readonly { readonly count: number; readonly probability: number }[] {
  const mode = Math.min(n, Math.floor((n + 1) * p));
  const least = LEFT_OUT / (n + 1);
  const counts: { count: number; probability: number }[] = [];
  for (let count = mode; count >= 0; count--) {
    const probability = binomialProbability(count, n, p);
    if (probability < least) break;
    counts.push({ count, probability });
  }
  for (let count = mode + 1; count <= n; count++) {
    const probability = binomialProbability(count, n, p);
    if (probability < least) break;
    counts.push({ count, probability });
  }
  return counts;
}

/** The table with these flips; the other examples are shared out as the baseline's accuracy expects. */
export function tableOf(truth: ShareTruth, onlyFirst: number, onlySecond: number): PairedCounts {
  const { n, accuracy, onlyCandidate, onlyBaseline } = truth;
  const rest = n - onlyFirst - onlySecond;
  const both = Math.round((rest * (accuracy - onlyBaseline)) / (1 - onlyCandidate - onlyBaseline));
  return { both, onlyFirst, onlySecond, neither: rest - both };
}

/** Probability of each decision: flips to the better, and among the rest flips to the worse, are binomial. */
export function enumerateRates(truth: ShareTruth, decide: (table: PairedCounts) => Decision): Rates {
  const rates = { pass: 0, fail: 0, inconclusive: 0 };
  const { n, onlyCandidate, onlyBaseline } = truth;
  for (const better of likelyCounts(n, onlyCandidate)) {
    for (const worse of likelyCounts(n - better.count, onlyBaseline / (1 - onlyCandidate))) {
      rates[decide(tableOf(truth, better.count, worse.count))] += better.probability * worse.probability;
    }
  }
  return rates;
}

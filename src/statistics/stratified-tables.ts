/** Two groups and a yes or no in several strata: whether the association holds within them. */
import { chiSquaredSurvival } from './distributions.ts';
import type { Share } from './two-proportions.ts';

/** Both groups of one stratum. */
export interface StratumShares {
  readonly first: Share;
  readonly second: Share;
}

/** Cochran, Mantel and Haenszel's test with the common odds ratio. */
export interface StratifiedTest {
  readonly chiSquared: number;
  /** 1 where no stratum says anything. */
  readonly p: number;
  /** Odds of the first over those of the second; NaN where no stratum says anything, infinite where it has no end. */
  readonly oddsRatio: number;
  /** Strata with both groups and both answers: the others say nothing. */
  readonly informative: number;
}

/**
 * Whether two groups have the same odds within every stratum, without a correction for continuity unless asked for.
 * Source: N. Mantel and W. Haenszel, Journal of the National Cancer Institute 22 (1959) 719-748; W. G. Cochran,
 * Biometrics 10 (1954) 417-451.
 */
export function cochranMantelHaenszelTest(
  strata: readonly StratumShares[],
  continuity = false,
): StratifiedTest {
  let [excess, variance, numerator, denominator, informative] = [0, 0, 0, 0, 0];
  for (const { first, second } of strata) {
    const total = first.trials + second.trials;
    const yes = first.successes + second.successes;
    const no = total - yes;
    if (first.trials === 0 || second.trials === 0 || yes === 0 || no === 0) continue;
    informative += 1;
    excess += first.successes - (first.trials * yes) / total;
    variance += (first.trials * second.trials * yes * no) / (total * total * (total - 1));
    numerator += (first.successes * (second.trials - second.successes)) / total;
    denominator += (second.successes * (first.trials - first.successes)) / total;
  }
  if (informative === 0) return { chiSquared: 0, p: 1, oddsRatio: Number.NaN, informative };
  const distance = Math.max(0, Math.abs(excess) - (continuity ? 0.5 : 0));
  const chiSquared = variance > 0 ? (distance * distance) / variance : 0;
  return {
    chiSquared,
    p: chiSquaredSurvival(chiSquared, 1),
    oddsRatio: numerator / denominator,
    informative,
  };
}

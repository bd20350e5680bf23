/**
 * Worlds in which the truth is known: each draws test sets for two models whose metric differs by a given amount in the
 * population. `loss` is how much worse the candidate truly is, in the metric's own unit, 0 for equally good.
 */
import { normalCdf, normalQuantile } from '../../src/statistics/normal.ts';
import type { Random } from '../../src/statistics/random.ts';
import { drawNormals, expectNormal, solveIncreasing } from './draw.ts';
import type { DrawnPair } from './gate.ts';
import { scoredOutcomes, toOutcomes } from './outcomes.ts';

export interface Scenario {
  readonly id: string;
  readonly metric: string;
  readonly margin: number;
  readonly about: string;
  /** Why its error rate may be above nominal; undefined where it must not. */
  readonly openBecause?: string;
  /** Test sets of n examples from the world in which the candidate is truly worse by `loss`. */
  readonly world: (loss: number) => (random: Random, n: number) => DrawnPair;
}

/** A fixed number of positives, first in the order: the order of examples means nothing to a metric. */
function targetsOf(n: number, prevalence: number): Uint8Array {
  return new Uint8Array(n).fill(1, 0, Math.max(2, Math.round(n * prevalence)));
}

interface BinormalWorld {
  readonly auc: number;
  readonly prevalence: number;
  readonly correlation: number;
}

/** How far apart two normal classes are for this area: it is Phi(shift / sqrt 2). */
function shiftOf(area: number): number {
  return Math.SQRT2 * normalQuantile(area);
}

/** Normal scores in both classes. */
function binormal({ auc, prevalence, correlation }: BinormalWorld): Scenario['world'] {
  return (loss) => {
    const [own, other] = [shiftOf(auc - loss), shiftOf(auc)];
    return (random, n) => {
      const target = targetsOf(n, prevalence);
      const [candidate, baseline] = [new Float64Array(n), new Float64Array(n)];
      target.forEach((label, row) => {
        const [first, second] = drawNormals(random, correlation);
        candidate[row] = normalCdf(first + label * own - 1);
        baseline[row] = normalCdf(second + label * other - 1);
      });
      return { candidate: scoredOutcomes(target, candidate), baseline: scoredOutcomes(target, baseline) };
    };
  };
}

/** Ranks almost like the baseline, but now and then puts a positive last: the area loses that share of itself. */
function dropping(auc: number, prevalence: number): Scenario['world'] {
  const shift = shiftOf(auc);
  return (loss) => (random, n) => {
    const target = targetsOf(n, prevalence);
    const [candidate, baseline] = [new Float64Array(n), new Float64Array(n)];
    target.forEach((label, row) => {
      // Not to the last bit the same: that would be "unchanged".
      const [first, second] = drawNormals(random, 0.9999);
      const isDropped = label === 1 && random.uniform() < loss / auc;
      candidate[row] = isDropped ? 0 : normalCdf(first + label * shift - 1);
      baseline[row] = normalCdf(second + label * shift - 1);
    });
    return { candidate: scoredOutcomes(target, candidate), baseline: scoredOutcomes(target, baseline) };
  };
}

const sigmoid = (logit: number): number => 1 / (1 + Math.exp(-logit));

/** Loss of an example by the logit of its true class. */
const logLoss = (logit: number): number => Math.log1p(Math.exp(-logit));
const squaredError = (logit: number): number => (1 - sigmoid(logit)) ** 2;

/** Calibrated normal logits, N(+-mean, 2 mean): the candidate's mean is lower, so that it loses `loss` on average. */
function logits(lossOf: (logit: number) => number): Scenario['world'] {
  const [mean, prevalence, correlation] = [1, 0.3, 0.9];
  const deviation = Math.sqrt(2 * mean);
  const expected = (centre: number): number => -expectNormal(centre, deviation, lossOf);
  return (loss) => {
    const own = loss === 0 ? mean : solveIncreasing(expected, expected(mean) - loss, mean - 4, mean);
    return (random, n) => {
      const target = targetsOf(n, prevalence);
      const [candidate, baseline] = [new Float64Array(n), new Float64Array(n)];
      target.forEach((label, row) => {
        const sign = label === 1 ? 1 : -1;
        const [first, second] = drawNormals(random, correlation);
        candidate[row] = sigmoid(sign * (own + deviation * first));
        baseline[row] = sigmoid(sign * (mean + deviation * second));
      });
      return { candidate: scoredOutcomes(target, candidate), baseline: scoredOutcomes(target, baseline) };
    };
  };
}

/** A score that is as sure as it is wrong. */
const EXTREME = 1e-6;

/** Like the baseline, but a rare positive gets a score of 1e-6. */
function extremes(lossOf: (logit: number) => number): Scenario['world'] {
  const [mean, prevalence] = [1, 0.3];
  const deviation = Math.sqrt(2 * mean);
  const usual = expectNormal(mean, deviation, lossOf);
  return (loss) => {
    const share = loss / (prevalence * (lossOf(Math.log(EXTREME)) - usual));
    return (random, n) => {
      const target = targetsOf(n, prevalence);
      const [candidate, baseline] = [new Float64Array(n), new Float64Array(n)];
      target.forEach((label, row) => {
        const sign = label === 1 ? 1 : -1;
        const [first, second] = drawNormals(random, 0.95);
        const isExtreme = label === 1 && random.uniform() < share;
        candidate[row] = isExtreme ? EXTREME : sigmoid(sign * (mean + deviation * first));
        baseline[row] = sigmoid(sign * (mean + deviation * second));
      });
      return { candidate: scoredOutcomes(target, candidate), baseline: scoredOutcomes(target, baseline) };
    };
  };
}

interface FlippingWorld {
  readonly prevalence: number;
  readonly hits: number;
  readonly falseAlarms: number;
  /** Share of its answers that the candidate draws again, in both classes. */
  readonly redrawn: number;
}

/** Labels only. The candidate draws some answers again, and forgets further hits until its F1 is lower by `loss`. */
function flipping({ prevalence, hits, falseAlarms, redrawn }: FlippingWorld): Scenario['world'] {
  const f1 = (rate: number): number =>
    (2 * prevalence * rate) / (prevalence * rate + (1 - prevalence) * falseAlarms + prevalence);
  return (loss) => {
    const kept = solveIncreasing((share) => f1(hits * share), f1(hits) - loss, 0, 1);
    return (random, n) => {
      const target = Uint8Array.from({ length: n }, () => (random.uniform() < prevalence ? 1 : 0));
      const [candidate, baseline] = [new Uint8Array(n), new Uint8Array(n)];
      target.forEach((label, row) => {
        const rate = label === 1 ? hits : falseAlarms;
        const answer = random.uniform() < rate;
        const again = random.uniform() < redrawn ? random.uniform() < rate : answer;
        const isForgotten = label === 1 && random.uniform() >= kept;
        baseline[row] = answer ? 1 : 0;
        candidate[row] = again && !isForgotten ? 1 : 0;
      });
      return {
        candidate: toOutcomes({ target, predicted: candidate }),
        baseline: toOutcomes({ target, predicted: baseline }),
      };
    };
  };
}

interface ClusteredWorld {
  readonly accuracy: number;
  readonly size: number;
  /** Share of the clusters in which the models differ at all. */
  readonly touched: number;
  /** Share of the examples that only the candidate has right. */
  readonly onlyCandidate: number;
}

/** Clusters of equal size, such as the frames of one video: flips come in few of them, many at once. */
function clustered({ accuracy, size, touched, onlyCandidate }: ClusteredWorld): Scenario['world'] {
  return (loss) => (random, n) => {
    const groups = Uint32Array.from({ length: n }, (_, row) => Math.floor(row / size));
    const differs = Uint8Array.from({ length: Math.ceil(n / size) }, () =>
      random.uniform() < touched ? 1 : 0,
    );
    const target = new Uint8Array(n).fill(1);
    const [candidate, baseline] = [new Uint8Array(n), new Uint8Array(n)];
    groups.forEach((group, row) => {
      const draw = random.uniform();
      const better = differs[group] === 1 ? onlyCandidate / touched : 0;
      const worse = differs[group] === 1 ? (onlyCandidate + loss) / touched : 0;
      const isRight = random.uniform() < accuracy;
      candidate[row] = draw < better || (draw >= better + worse && isRight) ? 1 : 0;
      baseline[row] =
        (draw >= better && draw < better + worse) || (draw >= better + worse && isRight) ? 1 : 0;
    });
    return {
      candidate: toOutcomes({ target, predicted: candidate, groups }),
      baseline: toOutcomes({ target, predicted: baseline, groups }),
    };
  };
}

export const SCENARIOS: readonly Scenario[] = [
  {
    id: 'accuracy-clustered',
    metric: 'accuracy',
    margin: 0.03,
    about: 'accuracy 0.85, clusters of 10 examples, flips in one cluster of five',
    world: clustered({ accuracy: 0.85, size: 10, touched: 0.2, onlyCandidate: 0.02 }),
  },
  {
    id: 'auc',
    metric: 'roc_auc',
    margin: 0.02,
    about: 'area 0.80, 30 % positives, scores correlated 0.9',
    world: binormal({ auc: 0.8, prevalence: 0.3, correlation: 0.9 }),
  },
  {
    id: 'auc-near-one',
    metric: 'roc_auc',
    margin: 0.05,
    about: 'area 0.97, 15 % positives, scores correlated 0.7',
    world: binormal({ auc: 0.97, prevalence: 0.15, correlation: 0.7 }),
  },
  {
    id: 'auc-dropped',
    metric: 'roc_auc',
    margin: 0.02,
    about: 'area 0.90, 15 % positives, ranks alike but for positives put last',
    world: dropping(0.9, 0.15),
  },
  {
    id: 'log-loss',
    metric: 'log_loss',
    margin: 0.02,
    about: 'calibrated, 30 % positives, logits correlated 0.9',
    world: logits(logLoss),
  },
  {
    id: 'log-loss-extremes',
    metric: 'log_loss',
    margin: 0.05,
    about: 'rare positives with a score of 1e-6',
    openBecause:
      'Log loss has no bound: a test set that lacks the rare extreme cannot show what it costs. Bound the Brier score beside it.',
    world: extremes(logLoss),
  },
  {
    id: 'brier',
    metric: 'brier',
    margin: 0.01,
    about: 'calibrated, 30 % positives, logits correlated 0.9',
    world: logits(squaredError),
  },
  {
    id: 'brier-extremes',
    metric: 'brier',
    margin: 0.01,
    about: 'rare positives with a score of 1e-6',
    world: extremes(squaredError),
  },
  {
    id: 'f1',
    metric: 'f1',
    margin: 0.03,
    about: '20 % positives, 75 % of them found, 5 % false alarms, 8 % of the answers drawn again',
    world: flipping({ prevalence: 0.2, hits: 0.75, falseAlarms: 0.05, redrawn: 0.08 }),
  },
];

/** Curves of a score against the truth over all thresholds, and areas that are read off them. */
import { delongAuc } from './auc.ts';
import { ascendingOrder } from './order.ts';

type Numbers = ArrayLike<number>;

/** At each distinct score, from the highest on: how many positives and negatives have at least that score. */
interface CumulativeCounts {
  readonly thresholds: readonly number[];
  readonly truePositives: readonly number[];
  readonly falsePositives: readonly number[];
}

function countAtThresholds(labels: Numbers, scores: Numbers): CumulativeCounts {
  if (labels.length !== scores.length || labels.length === 0) {
    throw new RangeError(`${labels.length} labels do not match ${scores.length} scores.`);
  }
  const order = ascendingOrder(scores).reverse();
  const [thresholds, truePositives, falsePositives]: [number[], number[], number[]] = [[], [], []];
  let [positives, negatives] = [0, 0];
  order.forEach((example, at) => {
    if (labels[example] === 1) positives++;
    else negatives++;
    const score = scores[example] ?? Number.NaN;
    if (Number.isNaN(score)) throw new RangeError(`Score ${example} is not a number.`);
    if (scores[order[at + 1] ?? -1] === score) return;
    thresholds.push(score);
    truePositives.push(positives);
    falsePositives.push(negatives);
  });
  return { thresholds, truePositives, falsePositives };
}

/** Rates at each distinct score, from the highest on; undefined when a class is absent. */
function ratesAtThresholds(labels: Numbers, scores: Numbers): RocCurve | undefined {
  const { thresholds, truePositives, falsePositives } = countAtThresholds(labels, scores);
  const [positives, negatives] = [truePositives.at(-1) ?? 0, falsePositives.at(-1) ?? 0];
  if (positives === 0 || negatives === 0) return undefined;
  return {
    thresholds,
    falsePositiveRate: falsePositives.map((count) => count / negatives),
    truePositiveRate: truePositives.map((count) => count / positives),
  };
}

/** Points of a ROC curve, from the threshold Infinity (nothing is positive) down. */
export interface RocCurve {
  readonly thresholds: readonly number[];
  readonly falsePositiveRate: readonly number[];
  readonly truePositiveRate: readonly number[];
}

/**
 * ROC curve at every distinct score; undefined when a class is absent.
 * Source: T. Fawcett, Pattern Recognition Letters 27 (2006) 861-874, algorithm 1.
 * @param labels 1 for a positive example, anything else for a negative one.
 * @throws RangeError when lengths differ, there are no examples, or a score is NaN.
 */
export function rocCurve(labels: Numbers, scores: Numbers): RocCurve | undefined {
  const rates = ratesAtThresholds(labels, scores);
  if (rates === undefined) return undefined;
  return {
    thresholds: [Number.POSITIVE_INFINITY, ...rates.thresholds],
    falsePositiveRate: [0, ...rates.falsePositiveRate],
    truePositiveRate: [0, ...rates.truePositiveRate],
  };
}

/** Points of a precision-recall curve by ascending threshold; the last, of precision 1 and recall 0, has none. */
export interface PrecisionRecallCurve {
  readonly thresholds: readonly number[];
  readonly precision: readonly number[];
  readonly recall: readonly number[];
}

/** Precision and recall at every distinct score; undefined without a positive. @throws RangeError as rocCurve. */
export function precisionRecallCurve(labels: Numbers, scores: Numbers): PrecisionRecallCurve | undefined {
  const { thresholds, truePositives, falsePositives } = countAtThresholds(labels, scores);
  const positives = truePositives.at(-1) ?? 0;
  if (positives === 0) return undefined;
  const precision = truePositives.map((count, at) => count / (count + (falsePositives[at] ?? 0)));
  return {
    thresholds: thresholds.toReversed(),
    precision: [...precision.toReversed(), 1],
    recall: [...truePositives.map((count) => count / positives).toReversed(), 0],
  };
}

/**
 * Average precision: precision at each threshold weighted by the rise of recall, without interpolation; undefined without
 * a positive. @throws RangeError as rocCurve.
 */
export function averagePrecision(labels: Numbers, scores: Numbers): number | undefined {
  const curve = precisionRecallCurve(labels, scores);
  return curve?.precision.reduce((sum, precision, at) => {
    const rise = (curve.recall[at] ?? 0) - (curve.recall[at + 1] ?? 0);
    return sum + rise * precision;
  }, 0);
}

/** Points of a detection error trade-off curve by ascending threshold. */
export interface DetectionErrorCurve {
  readonly thresholds: readonly number[];
  readonly falsePositiveRate: readonly number[];
  readonly falseNegativeRate: readonly number[];
}

/**
 * Detection error trade-off curve: from the highest threshold that misses nothing to the lowest without more false alarms
 * than the highest score has; undefined when a class is absent.
 * Source: A. Martin et al., EUROSPEECH (1997) 1895-1898, with scikit-learn's choice of the ends.
 * @throws RangeError as rocCurve.
 */
export function detectionErrorCurve(labels: Numbers, scores: Numbers): DetectionErrorCurve | undefined {
  const rates = ratesAtThresholds(labels, scores);
  if (rates === undefined) return undefined;
  const { thresholds, falsePositiveRate, truePositiveRate } = rates;
  const from = falsePositiveRate.lastIndexOf(falsePositiveRate[0] ?? 0);
  const to = truePositiveRate.indexOf(1) + 1;
  return {
    thresholds: thresholds.slice(from, to).reverse(),
    falsePositiveRate: falsePositiveRate.slice(from, to).reverse(),
    falseNegativeRate: truePositiveRate
      .slice(from, to)
      .map((rate) => 1 - rate)
      .reverse(),
  };
}

/** Averages of areas over classes. */
export interface MulticlassAuc {
  readonly macro: number;
  /** By how often each class, or pair of classes, occurs. */
  readonly weighted: number;
}

function averageAreas(areas: readonly { readonly auc: number; readonly weight: number }[]): MulticlassAuc {
  const weight = areas.reduce((sum, area) => sum + area.weight, 0);
  return {
    macro: areas.reduce((sum, { auc }) => sum + auc, 0) / areas.length,
    weighted: areas.reduce((sum, area) => sum + area.auc * area.weight, 0) / weight,
  };
}

/**
 * Areas of each class against the rest by the class's probability; undefined when a class does not occur.
 * @param labels the class of each example, as its column.
 * @param probabilities one row for each example, one column for each class.
 */
export function oneVersusRestAuc(
  labels: Numbers,
  probabilities: readonly Numbers[],
): MulticlassAuc | undefined {
  const classes = Array.from({ length: probabilities[0]?.length ?? 0 }, (_, label) => {
    const isClass = Array.from(labels, (value) => Number(value === label));
    const area = delongAuc(
      isClass,
      probabilities.map((row) => row[label] ?? Number.NaN),
    );
    return area && { auc: area.auc, weight: area.positives };
  });
  return classes.every((area) => area !== undefined) ? averageAreas(classes) : undefined;
}

/**
 * Areas of each pair of classes on the examples of the two, by either's probability, averaged (Hand and Till's M);
 * undefined when a class does not occur. Source: D. J. Hand and R. J. Till, Machine Learning 45 (2001) 171-186.
 * @param labels as in oneVersusRestAuc.
 */
export function oneVersusOneAuc(
  labels: Numbers,
  probabilities: readonly Numbers[],
): MulticlassAuc | undefined {
  const classes = probabilities[0]?.length ?? 0;
  const areas: { auc: number; weight: number }[] = [];
  for (let a = 0; a < classes; a++) {
    for (let b = a + 1; b < classes; b++) {
      const rows = probabilities.filter((_, row) => labels[row] === a || labels[row] === b);
      const ofPair = Array.from(labels).filter((label) => label === a || label === b);
      const areaOf = (label: number) =>
        delongAuc(
          ofPair.map((value) => Number(value === label)),
          rows.map((row) => row[label] ?? Number.NaN),
        )?.auc;
      const [first, second] = [areaOf(a), areaOf(b)];
      if (first === undefined || second === undefined) return undefined;
      areas.push({ auc: (first + second) / 2, weight: rows.length });
    }
  }
  return areas.length === 0 ? undefined : averageAreas(areas);
}

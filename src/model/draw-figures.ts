import {
  calibrationPoints,
  countBins,
  countConfusion,
  edgesOf,
  reliabilityPoints,
} from '../metrics/curves.ts';
import type {
  BinaryOutcomes,
  MulticlassOutcomes,
  Outcomes,
  RegressionOutcomes,
} from '../outcomes/outcomes.ts';
import type { About, ConfusionFigure, Figure } from '../schemas/evidence.generated.ts';

/** Bins of a histogram. */
const BINS = 20;

/** More classes than this make no confusion table that anyone reads (and evidence allows no more). */
const MAX_CLASSES_SHOWN = 100;

/** Longest label that evidence holds. */
const MAX_LABEL = 300;

interface DrawOptions {
  readonly model: string;
  readonly alpha: number;
}

/** The figures of a model's task. Their ids are stable: `model/churn/confusion`. */
export function drawFigures(outcomes: Outcomes, about: About, options: DrawOptions): readonly Figure[] {
  const level = 1 - 2 * options.alpha;
  const prefix = `model/${options.model}`;
  if (outcomes.task === 'regression') return drawRegression(outcomes, about, prefix, level);
  if (outcomes.task === 'multiclass-classification') return drawConfusion(outcomes, about, prefix);
  if (outcomes.task !== 'binary-classification') return [];
  return [...drawConfusion(outcomes, about, prefix), ...drawScores(outcomes, about, prefix, level)];
}

function drawConfusion(
  outcomes: BinaryOutcomes | MulticlassOutcomes,
  about: About,
  prefix: string,
): readonly ConfusionFigure[] {
  const { labels, target, predicted } = outcomes;
  if (labels.length > MAX_CLASSES_SHOWN) return [];
  return [
    {
      kind: 'confusion',
      id: `${prefix}/confusion`,
      title: 'Confusion table',
      about,
      labels: labels.map((label) => label.slice(0, MAX_LABEL)),
      counts: countConfusion(labels.length, target, predicted),
    },
  ];
}

function drawScores(
  outcomes: BinaryOutcomes,
  about: About,
  prefix: string,
  level: number,
): readonly Figure[] {
  const { score, target, labels } = outcomes;
  if (score === undefined) return [];
  return [
    {
      kind: 'curve',
      id: `${prefix}/reliability`,
      title: 'Reliability',
      about,
      x: 'Predicted probability',
      y: 'Observed frequency',
      diagonal: true,
      series: [{ name: 'candidate', points: reliabilityPoints(target, score, level) }],
    },
    {
      kind: 'histogram',
      id: `${prefix}/scores`,
      title: 'Scores by true class',
      about,
      x: 'Predicted probability',
      edges: edgesOf(0, 1, BINS),
      series: labels.map((label, code) => ({
        name: label.slice(0, MAX_LABEL),
        counts: countBins(score, 0, 1, BINS, { codes: target, code }),
      })),
    },
  ];
}

function drawRegression(
  outcomes: RegressionOutcomes,
  about: About,
  prefix: string,
  level: number,
): readonly Figure[] {
  const { target, predicted } = outcomes;
  const residuals = predicted.map((value, row) => value - (target[row] ?? 0));
  const [low, high] = rangeOf(residuals);
  return [
    {
      kind: 'curve',
      id: `${prefix}/calibration`,
      title: 'Mean target by mean prediction',
      about,
      x: 'Predicted value',
      y: 'Mean target',
      diagonal: true,
      series: [{ name: 'candidate', points: calibrationPoints(target, predicted, level) }],
    },
    {
      kind: 'histogram',
      id: `${prefix}/residuals`,
      title: 'Residuals',
      about,
      x: 'Prediction minus target',
      edges: edgesOf(low, high, BINS),
      series: [{ name: 'examples', counts: countBins(residuals, low, high, BINS) }],
    },
  ];
}

/** Smallest and largest value, a little apart where they are equal. */
function rangeOf(values: Float64Array): readonly [number, number] {
  const low = values.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY);
  const high = values.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  const room = low === high ? Math.max(1e-9, Math.abs(low) * 1e-9) : 0;
  return [low - room, high + room];
}

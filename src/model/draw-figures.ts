import { boundText } from '../evidence/bound-text.ts';
import { countBins, countConfusion, CURVES, edgesOf, pointsOf, type CurveName } from '../metrics/curves.ts';
import { countByLabel, type CountsOfLabel } from '../metrics/count-labels.ts';
import { measureQueries } from '../metrics/ranked-items.ts';
import { normalisedGain } from '../statistics/ranking-scores.ts';
import type {
  BinaryOutcomes,
  GradedOutcomes,
  MulticlassOutcomes,
  MultilabelOutcomes,
  Outcomes,
  RankingOutcomes,
} from '../outcomes/outcomes.ts';
import type {
  About,
  ConfusionFigure,
  CurveFigure,
  Figure,
  HistogramFigure,
  LabelsFigure,
} from '../schemas/evidence.generated.ts';

/** Bins of a histogram. */
const BINS = 20;

/** More classes than this make no confusion table that anyone reads (and evidence allows no more). */
const MAX_CLASSES_SHOWN = 100;

/** Longest label that evidence holds. */
const MAX_LABEL = 300;

/** Grades that are drawn: evidence has room for more figures, a page has not. */
const MAX_GRADES = 20;

/** Ranks of a query that its histogram is about. */
const TOP = 10;

interface DrawOptions {
  readonly model: string;
  readonly alpha: number;
}

/** Where a figure belongs, and the level of its intervals. */
interface Place {
  readonly about: About;
  readonly prefix: string;
  readonly level: number;
}

/** The figures of a model's task. Their ids are stable: `model/churn/confusion`. */
export function drawFigures(outcomes: Outcomes, about: About, options: DrawOptions): readonly Figure[] {
  const place: Place = { about, prefix: `model/${options.model}`, level: 1 - 2 * options.alpha };
  switch (outcomes.task) {
    case 'binary-classification':
      return [
        ...drawConfusion(outcomes, place),
        ...drawCurve('reliability', outcomes, place),
        ...drawScores(outcomes, place),
      ];
    case 'multiclass-classification':
      return outcomes.labels.length > MAX_CLASSES_SHOWN
        ? [drawLabels(outcomes, place)]
        : drawConfusion(outcomes, place);
    case 'multilabel-classification':
      return [drawLabels(outcomes, place), ...drawWrongLabels(outcomes, place)];
    case 'regression':
    case 'forecasting':
      return [
        ...drawCurve('calibration', outcomes, place),
        ...drawResiduals(outcomes, place),
        ...drawCurve('coverage', outcomes, place),
      ];
    case 'quantile-regression':
      return drawCurve('coverage', outcomes, place);
    case 'ranking':
      return drawQueries(outcomes, place);
    case 'graded':
      return drawGrades(outcomes, place);
  }
}

/** A line of a model's task; none where the outcomes have no such line. */
function drawCurve(
  name: CurveName,
  outcomes: Outcomes,
  { about, prefix, level }: Place,
): readonly CurveFigure[] {
  const points = pointsOf(outcomes, name, level);
  if (points === undefined) return [];
  return [
    {
      kind: 'curve',
      id: `${prefix}/${name}`,
      about,
      ...CURVES[name],
      diagonal: true,
      series: [{ name: 'candidate', points }],
    },
  ];
}

function drawConfusion(
  outcomes: BinaryOutcomes | MulticlassOutcomes,
  { about, prefix }: Place,
): readonly ConfusionFigure[] {
  const { labels, target, predicted } = outcomes;
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
  { score, target, labels }: BinaryOutcomes,
  { about, prefix }: Place,
): readonly HistogramFigure[] {
  if (score === undefined) return [];
  return [
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

function drawResiduals(
  outcomes: Extract<Outcomes, { readonly task: 'regression' | 'forecasting' }>,
  { about, prefix }: Place,
): readonly HistogramFigure[] {
  const { target, predicted } = outcomes;
  if (predicted === undefined) return [];
  const residuals = predicted.map((value, row) => value - (target[row] ?? 0));
  const histogram = drawNumbers(residuals, rangeOf(residuals), 'examples');
  return [
    {
      kind: 'histogram',
      id: `${prefix}/residuals`,
      title: 'Residuals',
      about,
      x: 'Prediction minus target',
      ...histogram,
    },
  ];
}

/** Edges and counts of one group of numbers. */
function drawNumbers(
  values: Float64Array,
  [low, high]: readonly [number, number],
  name: string,
): Pick<HistogramFigure, 'edges' | 'series'> {
  return { edges: edgesOf(low, high, BINS), series: [{ name, counts: countBins(values, low, high, BINS) }] };
}

/** Each label by itself, those with the most mistakes first, where a confusion table says nothing or is too large. */
function drawLabels(
  outcomes: MulticlassOutcomes | MultilabelOutcomes,
  { about, prefix }: Place,
): LabelsFigure {
  const { labels } = outcomes;
  const rows = countByLabel(outcomes)
    .map((counts, label) => ({ name: boundText(labels[label] ?? ''), ...counts }))
    .sort((a, b) => mistakesOf(b) - mistakesOf(a) || (a.name < b.name ? -1 : 1))
    .slice(0, MAX_CLASSES_SHOWN);
  return { kind: 'labels', id: `${prefix}/labels`, title: 'Labels', about, all: labels.length, rows };
}

function mistakesOf({ actual, predicted, hits }: CountsOfLabel): number {
  return actual + predicted - 2 * hits;
}

/** How many labels of an example are wrong. A confusion table of labels would say nothing: an example has several. */
function drawWrongLabels(outcomes: MultilabelOutcomes, { about, prefix }: Place): readonly HistogramFigure[] {
  const { n, target, predicted } = outcomes;
  const wrong = new Float64Array(n);
  target.forEach((truth, label) => {
    const prediction = predicted[label];
    for (let row = 0; row < n; row++)
      if (truth[row] !== prediction?.[row]) wrong[row] = (wrong[row] ?? 0) + 1;
  });
  const most = Math.max(1, rangeOf(wrong)[1]);
  const bins = Math.min(BINS, Math.ceil(most) + 1);
  return [
    {
      kind: 'histogram',
      id: `${prefix}/wrong-labels`,
      title: 'Wrong labels of an example',
      about,
      x: 'Labels that are wrong',
      edges: edgesOf(0, Math.ceil(most) + 1, bins),
      series: [{ name: 'examples', counts: countBins(wrong, 0, Math.ceil(most) + 1, bins) }],
    },
  ];
}

function drawQueries(outcomes: RankingOutcomes, { about, prefix }: Place): readonly HistogramFigure[] {
  const gains = measureQueries(outcomes, ({ relevance, score }) =>
    normalisedGain(relevance, score, { top: TOP }),
  );
  return [
    {
      kind: 'histogram',
      id: `${prefix}/ndcg`,
      title: `NDCG at ${TOP} by query`,
      about,
      x: `NDCG at ${TOP}`,
      ...drawNumbers(gains, [0, 1], 'queries'),
    },
  ];
}

/** One histogram for each grade, over its bounds or, without them, over what it is. */
function drawGrades(
  { names, grades, bounds }: GradedOutcomes,
  { about, prefix }: Place,
): readonly HistogramFigure[] {
  return names.slice(0, MAX_GRADES).map((name, place) => {
    const values = grades[place] ?? new Float64Array();
    const [low, high] = bounds[place] ?? rangeOf(values);
    return {
      kind: 'histogram',
      id: `${prefix}/grade-${place + 1}`,
      title: `Grades: ${name.slice(0, MAX_LABEL - 10)}`,
      about,
      x: name.slice(0, MAX_LABEL),
      ...drawNumbers(values, low < high ? [low, high] : rangeOf(values), 'examples'),
    };
  });
}

/** Smallest and largest value, a little apart where they are equal. */
function rangeOf(values: Float64Array): readonly [number, number] {
  const low = values.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY);
  const high = values.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  const room = low === high ? Math.max(1e-9, Math.abs(low) * 1e-9) : 0;
  return [low - room, high + room];
}

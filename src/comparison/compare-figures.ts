import { boundText } from '../evidence/bound-text.ts';
import { countByLabel } from '../metrics/count-labels.ts';
import { countConfusion, CURVES, pointsOf, type CurveName } from '../metrics/curves.ts';
import type { OutcomesPair } from '../outcomes/pair-outcomes.ts';
import type { Figure, LabelsFigure } from '../schemas/evidence.generated.ts';

/** Limits of evidence: classes of a confusion table, characters of a label. */
const MAX_CLASSES_SHOWN = 100;
const MAX_LABEL = 300;

const CURVE_NAMES = Object.keys(CURVES) as readonly CurveName[];

/** The candidate's figures with the baseline's data beside them, where a figure has room for both. */
export function addBaselineToFigures(
  figures: readonly Figure[],
  pair: OutcomesPair,
  alpha: number,
): readonly Figure[] {
  return figures.map((figure) => {
    if (figure.kind === 'confusion') return withBaselineCounts(figure, pair);
    if (figure.kind === 'labels') return withBaselineLabels(figure, pair);
    if (figure.kind !== 'curve') return figure;
    const name = CURVE_NAMES.find((curve) => figure.id.endsWith(`/${curve}`));
    const points = name === undefined ? undefined : pointsOf(pair.baseline, name, 1 - 2 * alpha);
    return points === undefined
      ? figure
      : { ...figure, series: [...figure.series, { name: 'baseline', points }] };
  });
}

function withBaselineLabels(figure: LabelsFigure, pair: OutcomesPair): Figure {
  if (pair.task !== 'multiclass-classification' && pair.task !== 'multilabel-classification') return figure;
  const counts = countByLabel(pair.baseline);
  const placeOf = new Map(pair.baseline.labels.map((label, place) => [boundText(label), place]));
  return {
    ...figure,
    rows: figure.rows.map((row) => {
      const before = counts[placeOf.get(row.name) ?? -1];
      return before === undefined
        ? row
        : { ...row, baselinePredicted: before.predicted, baselineHits: before.hits };
    }),
  };
}

function withBaselineCounts(figure: Extract<Figure, { kind: 'confusion' }>, pair: OutcomesPair): Figure {
  if (pair.task !== 'binary-classification' && pair.task !== 'multiclass-classification') return figure;
  const { target, predicted, labels } = pair.baseline;
  if (labels.length > MAX_CLASSES_SHOWN) return figure;
  const baselineCounts = countConfusion(labels.length, target, predicted);
  if (labels.length === figure.labels.length) return { ...figure, baselineCounts };
  // The baseline knows a label that the candidate does not: the shared list has rows and columns for both.
  const { candidate } = pair;
  const counts = countConfusion(labels.length, candidate.target, candidate.predicted);
  return { ...figure, labels: labels.map((label) => label.slice(0, MAX_LABEL)), counts, baselineCounts };
}

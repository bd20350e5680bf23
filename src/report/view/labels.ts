import type { LabelsFigure } from '../../schemas/evidence.generated.ts';
import { formatFixed } from '../format-number.ts';

const DECIMALS = 3;

/** A score of a label; nothing where it has none. */
export function writeScore(score: number | undefined): string {
  return score === undefined ? '' : formatFixed(score, DECIMALS);
}

/** What is said of one label; undefined where there is nothing to divide by, or no baseline. */
export interface LabelRow {
  readonly name: string;
  /** Examples that have it. */
  readonly actual: number;
  readonly precision: number | undefined;
  readonly recall: number | undefined;
  readonly f1: number | undefined;
  readonly baselineF1: number | undefined;
}

function divide(above: number, below: number): number | undefined {
  return below === 0 ? undefined : above / below;
}

/** Precision, recall and F1 of the labels with the most mistakes. */
export function listLabels({ rows }: LabelsFigure, most: number): readonly LabelRow[] {
  return rows.slice(0, most).map(({ name, actual, predicted, hits, baselinePredicted, baselineHits }) => ({
    name,
    actual,
    precision: divide(hits, predicted),
    recall: divide(hits, actual),
    f1: divide(2 * hits, actual + predicted),
    baselineF1:
      baselinePredicted === undefined || baselineHits === undefined
        ? undefined
        : divide(2 * baselineHits, actual + baselinePredicted),
  }));
}

import type { ConfusionFigure } from '../../schemas/evidence.generated.ts';

/** A pair of classes that the model takes for one another. */
export interface Mistake {
  readonly truth: string;
  readonly predicted: string;
  readonly count: number;
  readonly baselineCount: number | undefined;
}

/** The most frequent mistakes, for tables with too many classes to show. */
export function listMistakes(figure: ConfusionFigure, most: number): readonly Mistake[] {
  return figure.counts
    .flatMap((row, truth) =>
      row.flatMap((count, predicted) =>
        truth === predicted || count === 0
          ? []
          : [
              {
                truth: figure.labels[truth] ?? '',
                predicted: figure.labels[predicted] ?? '',
                count,
                baselineCount: figure.baselineCounts?.[truth]?.[predicted],
              },
            ],
      ),
    )
    .sort((left, right) => right.count - left.count)
    .slice(0, most);
}

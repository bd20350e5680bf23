import { countBins, edgesOf } from '../../metrics/curves.ts';
import type { MulticlassOutcomes, Outcomes } from '../../outcomes/outcomes.ts';
import type { About, HistogramFigure } from '../../schemas/evidence.generated.ts';

/** Bins of a histogram of numbers. */
const BINS = 20;

/** More classes than this make no histogram that anyone reads. */
const MAX_CLASSES = 20;

/** Longest label on the axis. */
const MAX_LABEL = 24;

interface Column {
  readonly key: 'training-targets' | 'training-predictions' | 'training-scores';
  readonly title: string;
  readonly x: string;
  readonly test: Float64Array;
  readonly training: Float64Array;
}

/** Targets and predictions of the test set beside those of the training set. Ids: `model/churn/training-targets`. */
export function drawTraining(test: Outcomes, training: Outcomes, about: About): readonly HistogramFigure[] {
  const prefix = `model/${about.model ?? ''}`;
  if (test.task === 'multiclass-classification' && training.task === test.task)
    return drawClasses(test, training, about, prefix);
  return columnsOf(test, training).flatMap((column) => {
    const [low, high] = column.key === 'training-scores' ? [0, 1] : rangeOf(column.test, column.training);
    if (!(high > low)) return [];
    return [
      {
        kind: 'histogram' as const,
        id: `${prefix}/${column.key}`,
        title: column.title,
        about,
        x: column.x,
        edges: edgesOf(low, high, BINS),
        series: [
          { name: 'test', counts: countBins(column.test, low, high, BINS) },
          { name: 'training', counts: countBins(column.training, low, high, BINS) },
        ],
      },
    ];
  });
}

function columnsOf(test: Outcomes, training: Outcomes): readonly Column[] {
  const targets = {
    key: 'training-targets',
    title: 'Targets of test and training set',
    x: 'Target',
  } as const;
  if (test.task === 'binary-classification' && training.task === test.task) {
    const [own, other] = [test.score, training.score];
    if (own === undefined || other === undefined) return [];
    const title = 'Scores on test and training set';
    return [{ key: 'training-scores', title, x: 'Predicted probability', test: own, training: other }];
  }
  if (test.task === 'regression' && training.task === test.task) {
    const title = 'Predictions on test and training set';
    return [
      { ...targets, test: test.target, training: training.target },
      {
        key: 'training-predictions',
        title,
        x: 'Prediction',
        test: test.predicted,
        training: training.predicted,
      },
    ];
  }
  if (
    (test.task === 'quantile-regression' && training.task === test.task) ||
    (test.task === 'forecasting' && training.task === test.task)
  )
    return [{ ...targets, test: test.target, training: training.target }];
  return [];
}

function drawClasses(
  test: MulticlassOutcomes,
  training: MulticlassOutcomes,
  about: About,
  prefix: string,
): readonly HistogramFigure[] {
  const labels = [...new Set([...test.labels, ...training.labels])].sort();
  if (labels.length > MAX_CLASSES) return [];
  const count = (outcomes: MulticlassOutcomes, column: Uint16Array): readonly number[] => {
    const counts = labels.map(() => 0);
    const placeOf = outcomes.labels.map((label) => labels.indexOf(label));
    for (const code of column) {
      const place = placeOf[code] ?? 0;
      counts[place] = (counts[place] ?? 0) + 1;
    }
    return counts;
  };
  const x = `Class: ${labels.map((label, at) => `${at} ${label.slice(0, MAX_LABEL)}`).join(', ')}`.slice(
    0,
    300,
  );
  const draw = (key: Column['key'], title: string, of: 'target' | 'predicted'): HistogramFigure => ({
    kind: 'histogram',
    id: `${prefix}/${key}`,
    title,
    about,
    x,
    edges: edgesOf(-0.5, labels.length - 0.5, labels.length),
    series: [
      { name: 'test', counts: count(test, test[of]) },
      { name: 'training', counts: count(training, training[of]) },
    ],
  });
  return [
    draw('training-targets', 'Classes of test and training set', 'target'),
    draw('training-predictions', 'Predicted classes on test and training set', 'predicted'),
  ];
}

/** Smallest and largest of the finite values of both. */
function rangeOf(...columns: readonly Float64Array[]): readonly [number, number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const column of columns) {
    for (const value of column) {
      if (!Number.isFinite(value)) continue;
      if (value < low) low = value;
      if (value > high) high = value;
    }
  }
  return [low, high];
}

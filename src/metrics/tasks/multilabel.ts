/** Metrics of several labels for each example. */
import { weightedAreaEffects } from '../../statistics/weighted-auc.ts';
import {
  INTERVALS,
  NOT_NEGATIVE,
  UNIT_INTERVAL,
  type MetricDefinition,
  type TaskMetric,
} from '../definition.ts';
import type { MultilabelExamples } from '../examples.ts';
import { meanForm, ratioForm, type Form, type StatisticForm } from '../form.ts';
import {
  averageRatio,
  averageRatioInfluences,
  LABEL_RATIOS,
  listLabelEvents,
  ratioByExample,
  type LabelAverage,
} from '../label-counts.ts';
import { rankLabels, type LabelRanks } from '../label-ranks.ts';
import { exactMatches } from '../losses.ts';
import { createWeightedAuc } from '../resampled-auc.ts';

type Ratio = keyof typeof LABEL_RATIOS;
type Average = 'micro' | 'samples' | LabelAverage;

const UNIT_BOUNDS = { low: 0, high: 1 };

/** The mean over examples of a ratio that each has, 0 without a denominator. */
function samplesForm(examples: MultilabelExamples, ratio: Ratio): Form {
  const { above, below } = ratioByExample(listLabelEvents(examples), LABEL_RATIOS[ratio]);
  return meanForm(
    above.map((value, row) => (below[row] === 0 ? 0 : value / (below[row] ?? 1))),
    UNIT_BOUNDS,
  );
}

function labelsForm(examples: MultilabelExamples, ratio: Ratio, average: LabelAverage): StatisticForm {
  const events = listLabelEvents(examples);
  const { length } = examples.labels;
  const what = { ratio: LABEL_RATIOS[ratio], average };
  return {
    kind: 'statistic',
    n: examples.n,
    value: (weights) => averageRatio(events, length, what, weights),
    influences: (weights) => averageRatioInfluences(events, length, what, weights),
    bounds: UNIT_BOUNDS,
  };
}

function averageForm(examples: MultilabelExamples, ratio: Ratio, average: Average): Form {
  if (average === 'samples') return samplesForm(examples, ratio);
  if (average !== 'micro') return labelsForm(examples, ratio, average);
  const { above, below } = ratioByExample(listLabelEvents(examples), LABEL_RATIOS[ratio]);
  return ratioForm(above, below);
}

const TITLES: Readonly<Record<Ratio, string>> = {
  precision: 'precision',
  recall: 'recall',
  f1: 'F1',
  jaccard: 'Jaccard index',
};

const FORMULAS: Readonly<Record<Ratio, string>> = {
  precision: 'TP / (TP + FP)',
  recall: 'TP / (TP + FN)',
  f1: '2 TP / (2 TP + FP + FN)',
  jaccard: 'TP / (TP + FP + FN)',
};

const OVER: Readonly<Record<Average, string>> = {
  micro: 'of the sums over all labels and examples',
  macro: 'mean over all labels, 0 for one without a denominator',
  weighted: 'mean over labels by how often each is true, 0 for one without a denominator',
  samples: 'mean over examples, 0 for one without a denominator',
};

/** Averages and ratios of which predictions are shown without being asked for. */
const SHOWN: readonly string[] = ['micro_f1', 'macro_f1'];

function averagedMetric(average: Average, ratio: Ratio): TaskMetric<MultilabelExamples> {
  const name = `${average}_${ratio}`;
  const score = `${ratio}_score`;
  const interval = average === 'samples' ? INTERVALS.mean : INTERVALS.means;
  return {
    name,
    title: `${average.slice(0, 1).toUpperCase()}${average.slice(1)} ${TITLES[ratio]}`,
    aliases: [`${ratio}_${average}`, `${name}_score`, `${score}_${average}`],
    direction: 'higher-is-better',
    bounds: UNIT_INTERVAL,
    needs: 'prediction',
    ...(SHOWN.includes(name) ? { shown: true } : {}),
    definition: 1,
    formula: `${FORMULAS[ratio]}, ${OVER[average]}`,
    ...(average === 'micro' ? { undefinedWhen: 'when there is nothing below the line' } : {}),
    interval,
    comparison: `paired: ${interval}`,
    source: `scikit-learn ${score}(average="${average}", zero_division=${average === 'micro' ? 'nan' : '0'})`,
    formOf: (examples) => averageForm(examples, ratio, average),
  };
}

/** Up to so many examples are resampled: then the scores of each label are sorted once for all resamples. */
const MOST_RESAMPLED = 50_000;

interface MeanArea {
  readonly weights: ArrayLike<number> | undefined;
  readonly value: number;
  readonly influences: Float64Array;
}

/** The area of each label, averaged; undefined where a label has examples of one kind only. */
function areaForm({ n, target, score }: MultilabelExamples): StatisticForm | undefined {
  if (score === undefined) return undefined;
  const even = new Float64Array(n).fill(1);
  const areas =
    n > MOST_RESAMPLED ? [] : target.map((truth, label) => createWeightedAuc(truth, score[label] ?? even));
  let last: MeanArea | undefined;
  // Value and influences are of one pass over the sorted scores, and sorting them is what takes the time.
  const measure = (weights: ArrayLike<number> | undefined): MeanArea => {
    if (last !== undefined && last.weights === weights) return last;
    const influences = new Float64Array(n);
    let sum = 0;
    target.forEach((truth, label) => {
      const area = weightedAreaEffects(truth, score[label] ?? even, weights ?? even);
      sum += area?.auc ?? Number.NaN;
      for (let row = 0; row < n; row++) {
        influences[row] = (influences[row] ?? 0) + ((area?.effects[row] ?? Number.NaN) * n) / target.length;
      }
    });
    last = { weights, value: sum / target.length, influences };
    return last;
  };
  return {
    kind: 'statistic',
    n,
    value: (weights) =>
      n > MOST_RESAMPLED
        ? measure(weights).value
        : areas.reduce((sum, area) => sum + area(weights ?? even), 0) / areas.length,
    influences: (weights) => measure(weights).influences.slice(),
    bounds: UNIT_BOUNDS,
  };
}

/** Metrics of the ranks of labels, of one example each. */
function rankMetric(
  definition: Pick<
    MetricDefinition,
    'name' | 'title' | 'aliases' | 'direction' | 'bounds' | 'formula' | 'source'
  >,
  column: keyof LabelRanks,
): TaskMetric<MultilabelExamples> {
  return {
    ...definition,
    needs: 'score',
    definition: 1,
    interval: INTERVALS.mean,
    comparison: `paired: ${INTERVALS.mean}`,
    formOf: (examples) => {
      const ranks = rankLabels(examples);
      const high = column === 'coverage' ? examples.labels.length : 1;
      return ranks && meanForm(ranks[column], { low: 0, high });
    },
  };
}

export const MULTILABEL_METRICS: readonly TaskMetric<MultilabelExamples>[] = [
  {
    name: 'subset_accuracy',
    title: 'Subset accuracy',
    aliases: ['accuracy', 'accuracy_score', 'exact_match', 'exact_match_ratio'],
    direction: 'higher-is-better',
    bounds: UNIT_INTERVAL,
    needs: 'prediction',
    shown: true,
    definition: 1,
    formula: 'examples of which every label is right / n',
    interval: INTERVALS.share,
    comparison: INTERVALS.sharedDifference,
    source: 'scikit-learn accuracy_score',
    formOf: ({ target, predicted }) => ({
      kind: 'share',
      hits: exactMatches(target, predicted),
      among: undefined,
    }),
  },
  {
    name: 'hamming_loss',
    title: 'Hamming loss',
    aliases: ['hamming', 'hamming_distance'],
    direction: 'lower-is-better',
    bounds: UNIT_INTERVAL,
    needs: 'prediction',
    shown: true,
    definition: 1,
    formula: 'labels that are wrong / (n times the number of labels)',
    interval: INTERVALS.mean,
    comparison: `paired: ${INTERVALS.mean}`,
    source: 'scikit-learn hamming_loss',
    formOf: (examples) => {
      const wrong = { hits: 0, said: 1, has: 1, both: -2 };
      const { below } = ratioByExample(listLabelEvents(examples), wrong);
      return meanForm(
        below.map((errors) => errors / examples.labels.length),
        UNIT_BOUNDS,
      );
    },
  },
  ...(['micro', 'macro', 'weighted', 'samples'] as const).flatMap((average) =>
    (['f1', 'precision', 'recall', 'jaccard'] as const).map((ratio) => averagedMetric(average, ratio)),
  ),
  {
    ...rankMetric(
      {
        name: 'label_ranking_average_precision',
        title: 'Label ranking average precision',
        aliases: ['lrap', 'label_ranking_average_precision_score'],
        direction: 'higher-is-better',
        bounds: UNIT_INTERVAL,
        formula:
          'mean over examples of the mean over its labels of (its labels that score as high / labels that score as high); 1 for an example with none or all',
        source: 'scikit-learn label_ranking_average_precision_score',
      },
      'precision',
    ),
    shown: true,
  },
  rankMetric(
    {
      name: 'coverage_error',
      title: 'Coverage error',
      aliases: [],
      direction: 'lower-is-better',
      bounds: NOT_NEGATIVE,
      formula:
        'mean over examples of the number of labels that score as high as the lowest of its own; 0 with none',
      source: 'scikit-learn coverage_error',
    },
    'coverage',
  ),
  rankMetric(
    {
      name: 'label_ranking_loss',
      title: 'Label ranking loss',
      aliases: ['ranking_loss'],
      direction: 'lower-is-better',
      bounds: UNIT_INTERVAL,
      formula:
        'mean over examples of the share of pairs of a label that it has and one that it has not, of which the first does not score higher; 0 for an example with none or all',
      source: 'scikit-learn label_ranking_loss',
    },
    'loss',
  ),
  {
    name: 'macro_roc_auc',
    title: 'Macro ROC AUC',
    aliases: ['roc_auc', 'roc_auc_macro', 'auc', 'auroc', 'macro_auc', 'roc_auc_score'],
    direction: 'higher-is-better',
    bounds: UNIT_INTERVAL,
    needs: 'score',
    shown: true,
    definition: 1,
    formula:
      'mean over labels of P(score of an example with it > that of one without) + P(they are equal) / 2',
    undefinedWhen: 'when all examples or none have one of the labels',
    interval: INTERVALS.means,
    comparison: `paired: ${INTERVALS.means}`,
    source: 'scikit-learn roc_auc_score(average="macro")',
    formOf: areaForm,
  },
];

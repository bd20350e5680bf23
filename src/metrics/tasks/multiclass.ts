/** Metrics of multiclass classification. */
import { MACRO_F1 } from '../class-metrics.ts';
import { INTERVALS, UNIT_INTERVAL, type TaskMetric } from '../definition.ts';
import type { MulticlassExamples } from '../examples.ts';
import { agreements } from '../losses.ts';

export const MULTICLASS_METRICS: readonly TaskMetric<MulticlassExamples>[] = [
  {
    name: 'accuracy',
    title: 'Accuracy',
    aliases: [
      'acc',
      'accuracy_score',
      'binary_accuracy',
      'categorical_accuracy',
      'sparse_categorical_accuracy',
      'exact_match',
    ],
    direction: 'higher-is-better',
    bounds: UNIT_INTERVAL,
    needs: 'prediction',
    shown: true,
    definition: 1,
    formula: 'correct / n',
    interval: INTERVALS.share,
    comparison: INTERVALS.sharedDifference,
    source: 'scikit-learn accuracy_score',
    formOf: ({ target, predicted }) => ({
      kind: 'share',
      hits: agreements(target, predicted),
      among: undefined,
    }),
  },
  {
    name: 'macro_f1',
    title: 'Macro F1',
    aliases: ['f1_macro', 'macro_f1_score', 'f1_score_macro', 'macro_avg_f1_score', 'multiclass_f1'],
    direction: 'higher-is-better',
    bounds: UNIT_INTERVAL,
    needs: 'prediction',
    shown: true,
    definition: 1,
    formula: 'mean over all classes in target or prediction of 2 TP / (2 TP + FP + FN)',
    interval: INTERVALS.manyCounts,
    comparison: INTERVALS.manyCounts,
    source: 'scikit-learn f1_score(average="macro", zero_division=0)',
    formOf: ({ target, predicted, labels }) => ({
      kind: 'table',
      metric: MACRO_F1,
      classes: labels.length,
      truth: target,
      predicted,
    }),
  },
];

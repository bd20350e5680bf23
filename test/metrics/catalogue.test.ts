import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { FILE_METRICS, metricsOfTask } from '../../src/metrics/catalogue.ts';
import { TASKS } from '../../src/metrics/examples.ts';
import { explainParameter, findDirection, findMetric, shownAmong } from '../../src/metrics/find-metric.ts';
import { formOf, listMeasured } from '../../src/metrics/form-of.ts';
import { computeValue } from '../../src/metrics/measure.ts';
import { binaryExamples } from './examples-of.ts';

describe('the catalogue', () => {
  test.each(TASKS)('no name or alias means two metrics of %s', (task) => {
    const names = metricsOfTask(task).flatMap((metric) => [metric.name, ...metric.aliases]);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
    expect(names.filter((name) => !/^[a-z0-9_]+$/.test(name))).toEqual([]);
  });

  test('what is only read from files has no name of what is computed', () => {
    const computed = new Set(TASKS.flatMap((task) => metricsOfTask(task)).map((metric) => metric.name));
    expect(FILE_METRICS.filter(({ name }) => computed.has(name))).toEqual([]);
  });

  test('each task has its metrics in the order of reports', () => {
    expect(shownAmong(metricsOfTask('binary-classification')).map((metric) => metric.name)).toEqual([
      'accuracy',
      'precision',
      'recall',
      'f1',
      'roc_auc',
      'log_loss',
      'brier',
    ]);
    expect(shownAmong(metricsOfTask('multiclass-classification')).map((metric) => metric.name)).toEqual([
      'accuracy',
      'macro_f1',
      'log_loss',
    ]);
    expect(shownAmong(metricsOfTask('regression')).map((metric) => metric.name)).toEqual([
      'mae',
      'rmse',
      'r2',
    ]);
  });

  test.each([
    ['f1@0.30', undefined, 'f1@0.3', 'F1 at a threshold of 0.3'],
    ['F1 score@0.3', 'binary-classification', 'f1@0.3', 'F1 at a threshold of 0.3'],
    ['recall@10', undefined, 'recall@10', 'Recall at 10'],
    ['ndcg_at_10', 'ranking', 'ndcg@10', 'NDCG at 10'],
    ['top_5_accuracy', 'multiclass-classification', 'top_k_accuracy@5', 'Top-k accuracy with k = 5'],
    ['recall_at_fpr@0.01', undefined, 'recall_at_fpr@0.01', 'Recall at a false positive rate of 0.01'],
    ['f_beta@2', undefined, 'f_beta@2', 'F-beta with beta 2'],
  ] as const)('%s of %s is %s', (name, task, found, title) => {
    expect(findMetric(name, task)).toMatchObject({ name: found, title });
  });

  test.each([
    ['f1@7', 'binary-classification', 'F1 asks for a number from 0 to 1'],
    ['f1@x', 'binary-classification', 'F1 asks for a number from 0 to 1'],
    ['f_beta', 'binary-classification', 'F-beta asks for a number from 0 to 1000'],
    ['roc_auc@0.3', 'binary-classification', 'ROC AUC takes no number: write `roc_auc`.'],
    ['top_k_accuracy@1.5', 'multiclass-classification', 'asks for a whole number of at least 1'],
  ] as const)('%s is no metric of %s, and why is said', (name, task, text) => {
    expect(findMetric(name, task)).toBeUndefined();
    expect(explainParameter(name, task)).toContain(text);
  });

  test('what is asked for is measured beside what is always shown, once', () => {
    const examples = binaryExamples([0, 1, 1], [0.2, 0.4, 0.9]);
    const names = listMeasured(examples, ['F1@0.30', 'acc', 'f1@0.3', 'mae', 'mcc', 'f1@0.2']);
    expect(names.map(({ name }) => name)).toEqual([
      'accuracy',
      'precision',
      'recall',
      'f1',
      'f1@0.2',
      'f1@0.3',
      'roc_auc',
      'log_loss',
      'brier',
      'mcc',
    ]);
  });

  test('a threshold of its own is not that of the file', () => {
    const examples = binaryExamples([0, 1, 1], [0.2, 0.4, 0.9]);
    const valueOf = (name: string): number => computeValue(formOf(name, examples)!);
    expect([valueOf('recall'), valueOf('recall@0.4'), valueOf('recall@0.41')]).toEqual([0.5, 1, 0.5]);
  });

  test.each([
    ['AUC', 'roc_auc'],
    ['roc-auc', 'roc_auc'],
    ['F1 score', 'f1'],
    ['f1_macro', 'macro_f1'],
    ['acc', 'accuracy'],
    ['brier_score_loss', 'brier'],
    ['binary_crossentropy', 'log_loss'],
    ['r2_score', 'r2'],
  ])('%s is %s', (alias, name) => {
    expect(findMetric(alias)?.name).toBe(name);
  });

  test.each([
    ['train.acc', 'higher-is-better'],
    ['val_loss', 'lower-is-better'],
    ['eval_accuracy', 'higher-is-better'],
    ['eval/f1', 'higher-is-better'],
    ['test_roc_auc', 'higher-is-better'],
    ['best_val_loss', 'lower-is-better'],
    ['metrics.rmse', 'lower-is-better'],
    ['neg_mean_squared_error', 'higher-is-better'],
    ['test_neg_log_loss', 'higher-is-better'],
    ['weighted avg.f1-score', 'higher-is-better'],
    ['roc_auc_train', 'higher-is-better'],
    ['log_loss_test', 'lower-is-better'],
    ['rows_train', undefined],
    ['neg_unheard_of', undefined],
    ['wibble', undefined],
    ['', undefined],
  ])('a key %j is better %s', (key, direction) => {
    expect(findDirection(key)).toBe(direction);
  });

  test('its reference is up to date', () => {
    const { status, stderr } = spawnSync(
      process.execPath,
      ['scripts/generate-metrics-reference.ts', '--check'],
      {
        encoding: 'utf8',
      },
    );
    expect(stderr).not.toContain('out of date');
    expect(status).toBe(0);
  });
});

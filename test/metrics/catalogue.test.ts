import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { FILE_METRICS, metricsOfTask } from '../../src/metrics/catalogue.ts';
import { TASKS } from '../../src/metrics/examples.ts';
import { findDirection, findMetric, shownAmong } from '../../src/metrics/find-metric.ts';

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

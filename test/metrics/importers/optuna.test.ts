import { describe, expect, test } from 'vitest';
import { OPTUNA } from '../../../src/metrics/importers/optuna.ts';
import { recogniseFormat } from '../../../src/metrics/importers/recognise-format.ts';
import { findFlaws } from './hostile-files.ts';
import { fileSource, useDatabaseFiles } from './sources.ts';

const STUDIES = 'test/fixtures/optuna/studies.db';

describe('Optuna', () => {
  test('gives the best of the trials that came to their end, and says how each study ended', async () => {
    const source = await fileSource(STUDIES);
    expect((await recogniseFormat(source)).format).toBe('optuna');
    const runs = await OPTUNA.read(source);
    expect(runs.map(({ id, status, detail }) => [id, status, detail])).toEqual([
      ['tune', 'complete', undefined],
      ['two-goals', 'complete', undefined],
      ['cut-off', 'partial', '1 of 2 trials have no end: the study still runs, or was stopped.'],
      ['empty', 'failed', 'The study has no trials.'],
    ]);
    const [tune, both] = runs;
    // The pruned trial has the value 5.01, which is lower.
    expect(tune?.numbers).toEqual([
      { key: 'best_value', value: 7.003798140280527, direction: 'lower-is-better' },
    ]);
    expect(tune?.attributes).toEqual({
      trials: 8,
      complete: 6,
      pruned: 1,
      failed: 1,
      best_trial: 0,
      'params.depth': 2,
      'params.x': 0.7630828937395717,
    });
    expect(both?.numbers).toEqual([
      { key: 'best_accuracy', value: 0.7799187922401146, direction: 'higher-is-better' },
      { key: 'best_latency', value: 0, direction: 'lower-is-better' },
    ]);
  });

  test('a database that was cut or changed is no database', async () => {
    const sourceOf = await useDatabaseFiles();
    expect(await findFlaws(OPTUNA, STUDIES, { sourceOf, prefixes: 10, mutations: 8 })).toEqual([]);
  });
});

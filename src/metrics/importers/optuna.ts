/** Optuna's studies in an SQLite file. */
import type { ForeignSource, ImportedNumber, ImportedRun, Importer } from './importer.ts';
import { parseLenientJson } from '../../evidence/foreign/lenient-json.ts';
import {
  at,
  countOf,
  isAbsent,
  listOf,
  numberAt,
  numberOf,
  oneOf,
  placeOf,
  textOf,
  wrong,
  type Place,
} from '../../evidence/foreign/places.ts';
import { groupRows, hasTable, queryRows } from './sqlite-tables.ts';

export const OPTUNA: Importer = {
  format: 'optuna',
  title: 'Optuna studies in an SQLite file',
  tested: 'fixture',
  versions: 'Optuna 5.0.0',
  source: 'https://github.com/optuna/optuna/blob/master/optuna/storages/_rdb/models.py',
  recognise: async (source) => await hasTable(source, 'study_directions'),
  read: readStudies,
};

const STATES = ['COMPLETE', 'PRUNED', 'FAIL', 'RUNNING', 'WAITING'] as const;

interface Trial {
  readonly id: number;
  readonly number: number;
  readonly state: (typeof STATES)[number];
  readonly values: ReadonlyMap<number, number>;
}

interface Study {
  readonly name: string;
  readonly directions: readonly ImportedNumber['direction'][];
  readonly names: readonly string[];
  readonly trials: readonly Trial[];
}

const STUDIES = 'SELECT study_id, study_name FROM studies ORDER BY study_id';
const DIRECTIONS = 'SELECT study_id, objective, direction FROM study_directions ORDER BY objective';
const NAMES = "SELECT study_id, value_json FROM study_system_attributes WHERE key = 'study:metric_names'";
const TRIALS = 'SELECT trial_id, number, study_id, state FROM trials ORDER BY trial_id';
const VALUES = 'SELECT trial_id, objective, value, value_type FROM trial_values';
const PARAMS =
  'SELECT trial_id, param_name, param_value, distribution_json FROM trial_params ORDER BY param_name';

async function readStudies(source: ForeignSource): Promise<readonly ImportedRun[]> {
  const studies = await queryRows(source, 'studies', STUDIES);
  const directions = await queryRows(source, 'study_directions', DIRECTIONS);
  const names = await queryRows(source, 'study_system_attributes', NAMES);
  const trials = await queryRows(source, 'trials', TRIALS);
  const values = await queryRows(source, 'trial_values', VALUES);
  const params = await queryRows(source, 'trial_params', PARAMS);
  const byTrial = groupRows(values, 'trial_id');
  return studies.map((study) => {
    const isOwn = (row: Place): boolean => at(row, 'study_id').value === at(study, 'study_id').value;
    const own = directions.filter(isOwn);
    return describeStudy(
      {
        name: textOf(at(study, 'study_name')),
        directions: own.map(readDirection),
        names: readNames(names.find(isOwn), own.length),
        trials: trials.filter(isOwn).map((trial) => readTrial(trial, byTrial)),
      },
      params,
    );
  });
}

function readDirection(row: Place): ImportedNumber['direction'] {
  switch (oneOf(at(row, 'direction'), ['MINIMIZE', 'MAXIMIZE', 'NOT_SET'])) {
    case 'MINIMIZE':
      return 'lower-is-better';
    case 'MAXIMIZE':
      return 'higher-is-better';
    case 'NOT_SET':
      return undefined;
  }
}

/** One objective is called `best_value`, as Optuna does; several by their names or their positions. */
function readNames(row: Place | undefined, count: number): readonly string[] {
  const fallback = count === 1 ? ['value'] : Array.from({ length: count }, (_, index) => `values[${index}]`);
  if (row === undefined) return fallback;
  const json = parseLenientJson(textOf(at(row, 'value_json')), `${row.file}, metric names`);
  const names = listOf(placeOf(json, `${row.file}, metric names`)).map(textOf);
  return names.length === count ? names : fallback;
}

function readTrial(row: Place, values: ReadonlyMap<unknown, readonly Place[]>): Trial {
  const id = countOf(at(row, 'trial_id'));
  return {
    id,
    number: countOf(at(row, 'number')),
    state: oneOf(at(row, 'state'), STATES),
    values: new Map(
      (values.get(id) ?? []).map((value) => [countOf(at(value, 'objective')), readValue(value)]),
    ),
  };
}

/** Infinity is NULL with a word beside it. */
function readValue(row: Place): number {
  switch (oneOf(at(row, 'value_type'), ['FINITE', 'INF_POS', 'INF_NEG'])) {
    case 'INF_POS':
      return Number.POSITIVE_INFINITY;
    case 'INF_NEG':
      return Number.NEGATIVE_INFINITY;
    case 'FINITE':
      return numberOf(at(row, 'value'));
  }
}

/** The best of the trials that came to their end: pruned ones have values too, which do not count. */
function describeStudy(study: Study, params: readonly Place[]): ImportedRun {
  const { name, trials, directions } = study;
  const complete = trials.filter(({ state }) => state === 'COMPLETE');
  const best = directions.map((direction, objective) => findBest(complete, direction, objective));
  const [only] = best;
  const count = (state: Trial['state']): number => trials.filter((trial) => trial.state === state).length;
  return {
    id: name,
    ...statusOf(complete.length, count('RUNNING') + count('WAITING'), trials.length),
    numbers: best.flatMap((trial, objective): ImportedNumber[] => {
      const value = trial?.values.get(objective);
      const direction = directions[objective];
      if (value === undefined) return [];
      return [
        {
          key: `best_${study.names[objective] ?? objective}`,
          value,
          ...(direction === undefined ? {} : { direction }),
        },
      ];
    }),
    lists: [],
    results: [],
    samples: [],
    attributes: {
      trials: trials.length,
      complete: complete.length,
      pruned: count('PRUNED'),
      failed: count('FAIL'),
      ...(best.length === 1 && only !== undefined
        ? { best_trial: only.number, ...Object.fromEntries(readParams(only, params)) }
        : {}),
    },
  };
}

function statusOf(complete: number, unfinished: number, all: number): Pick<ImportedRun, 'status' | 'detail'> {
  if (unfinished > 0) {
    return {
      status: 'partial',
      detail: `${unfinished} of ${all} trials have no end: the study still runs, or was stopped.`,
    };
  }
  if (complete > 0) return { status: 'complete' };
  return {
    status: 'failed',
    detail: all === 0 ? 'The study has no trials.' : `None of its ${all} trials came to its end.`,
  };
}

function findBest(
  trials: readonly Trial[],
  direction: ImportedNumber['direction'],
  objective: number,
): Trial | undefined {
  const sign = direction === 'lower-is-better' ? -1 : 1;
  const scoreOf = (trial: Trial): number => sign * (trial.values.get(objective) ?? Number.NaN);
  return trials.reduce<Trial | undefined>(
    (best, trial) => (best === undefined || scoreOf(trial) > scoreOf(best) ? trial : best),
    undefined,
  );
}

/** A category is written as its position among the choices. */
function readParams(
  { id }: Trial,
  params: readonly Place[],
): readonly (readonly [string, string | number | boolean])[] {
  return params
    .filter((row) => at(row, 'trial_id').value === id)
    .map((row) => {
      const name = `params.${textOf(at(row, 'param_name'))}`;
      const value = numberAt(at(row, 'param_value'));
      if (value === undefined) throw wrong(at(row, 'param_value'), 'a number');
      const where = `${row.file}, distribution of ${name}`;
      const choices = at(
        placeOf(parseLenientJson(textOf(at(row, 'distribution_json')), where), where),
        'attributes',
        'choices',
      );
      if (isAbsent(choices)) return [name, value] as const;
      const chosen = listOf(choices)[value]?.value;
      const isScalar =
        typeof chosen === 'string' || typeof chosen === 'number' || typeof chosen === 'boolean';
      return [name, isScalar ? chosen : JSON.stringify(chosen ?? null)] as const;
    });
}

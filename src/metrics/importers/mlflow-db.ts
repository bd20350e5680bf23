/** MLflow's tracking database in one SQLite file, which is where it keeps runs by default since 3.7. */
import type { ForeignSource, ImportedNumber, ImportedRun, Importer } from './importer.ts';
import { describeStatus, timeOf } from './mlflow-status.ts';
import { at, numberAt, textOf, type Place } from '../../evidence/foreign/places.ts';
import { groupRows, hasTable, queryRows } from './sqlite-tables.ts';

export const MLFLOW_DB: Importer = {
  format: 'mlflow-db',
  title: 'MLflow runs in its SQLite database (mlflow.db)',
  tested: 'fixture',
  versions: 'MLflow 3.17.2',
  source: 'https://mlflow.org/docs/latest/self-hosting/architecture/backend-store/',
  recognise: async (source) => await hasTable(source, 'latest_metrics'),
  read: readRuns,
};

/** Parameters and tags of a database with more of them are left out: nobody reads them all. */
const MAX_SETTINGS = 20_000;

/** Deleted runs are no runs. */
const RUNS = `
  SELECT runs.run_uuid AS id, runs.name AS name, runs.status AS status, runs.start_time AS started,
    experiments.name AS experiment
  FROM runs LEFT JOIN experiments ON runs.experiment_id = experiments.experiment_id
  WHERE runs.lifecycle_stage = 'active' ORDER BY runs.start_time DESC, runs.run_uuid`;

const METRICS = `
  SELECT latest_metrics.run_uuid AS run, latest_metrics.key AS key, latest_metrics.value AS value,
    latest_metrics.is_nan AS undefined
  FROM latest_metrics JOIN runs ON runs.run_uuid = latest_metrics.run_uuid
  WHERE runs.lifecycle_stage = 'active' ORDER BY latest_metrics.key`;

const SETTINGS = `
  SELECT run_uuid AS run, 'params.' || key AS key, value FROM params
    WHERE (SELECT COUNT(*) FROM params) <= ${MAX_SETTINGS}
  UNION ALL SELECT run_uuid AS run, 'tags.' || key AS key, value FROM tags
    WHERE key NOT LIKE 'mlflow.%' AND (SELECT COUNT(*) FROM tags) <= ${MAX_SETTINGS}
  ORDER BY 1, 2`;

async function readRuns(source: ForeignSource): Promise<readonly ImportedRun[]> {
  const numbers = groupRows(await queryRows(source, 'latest_metrics', METRICS), 'run');
  const settings = groupRows(await queryRows(source, 'settings', SETTINGS), 'run');
  const runs = await queryRows(source, 'runs', RUNS);
  return runs.map((place) => {
    const id = textOf(at(place, 'id'));
    const [name, experiment] = [at(place, 'name').value, at(place, 'experiment').value];
    return {
      id,
      ...(typeof name === 'string' && name !== '' ? { name } : {}),
      ...describeStatus(textOf(at(place, 'status'))),
      numbers: (numbers.get(id) ?? []).map(toNumber),
      lists: [],
      results: [],
      samples: [],
      attributes: {
        ...(typeof experiment === 'string' ? { experiment } : {}),
        ...timeOf(at(place, 'started').value),
        ...Object.fromEntries((settings.get(id) ?? []).map(toSetting)),
      },
    };
  });
}

function toNumber(row: Place): ImportedNumber {
  const isUndefined = at(row, 'undefined').value === 1;
  return {
    key: textOf(at(row, 'key')),
    value: isUndefined ? Number.NaN : unclip(numberAt(at(row, 'value'))),
  };
}

/** MLflow writes NaN as 0 with a mark, and infinity as the largest number that a column holds. */
function unclip(value: number | undefined): number {
  if (value === undefined) return Number.NaN;
  return Math.abs(value) >= Number.MAX_VALUE ? Math.sign(value) * Number.POSITIVE_INFINITY : value;
}

function toSetting(row: Place): readonly [string, string] {
  const { value } = at(row, 'value');
  return [textOf(at(row, 'key')), typeof value === 'string' ? value : String(value)];
}

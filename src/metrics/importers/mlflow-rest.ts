/** A run of an MLflow server, as its REST API gave it. */
import type { Imported } from './import-run.ts';
import { describeStatus, timeOf } from './mlflow-status.ts';

interface ServerRun {
  readonly id: string;
  readonly name: string | undefined;
  readonly status: string;
  readonly start: number;
  readonly metrics: ReadonlyMap<string, number>;
  readonly params: ReadonlyMap<string, string>;
}

/** How a run of a server is named on the command line: `mlflow:RUN`. */
export const MLFLOW_ADDRESS = /^mlflow:(?<run>[0-9a-zA-Z]{1,64})$/u;

export const MLFLOW_REST = {
  format: 'mlflow-rest',
  title: 'MLflow run of a server (`mlflow:RUN` on the command line)',
  tested: 'fixture',
  versions: 'MLflow 3.17.2',
  source: 'https://mlflow.org/docs/latest/rest-api.html#get-run',
} as const;

export function importServerRun({ id, name, status, start, metrics, params }: ServerRun): Imported {
  return {
    format: MLFLOW_REST.format,
    title: MLFLOW_REST.title,
    run: {
      id,
      ...(name === undefined ? {} : { name }),
      ...describeStatus(status),
      numbers: Array.from(metrics, ([key, value]) => ({ key, value })),
      lists: [],
      results: [],
      samples: [],
      attributes: {
        ...timeOf(start),
        ...Object.fromEntries(Array.from(params, ([key, value]) => [`params.${key}`, value])),
      },
    },
  };
}

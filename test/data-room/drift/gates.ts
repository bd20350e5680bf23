import type { DatasetConfig, DriftConfig } from '../../../src/schemas/config.generated.ts';
import { listDriftGates, type DriftGate } from '../../../src/data/drift/list-drift-gates.ts';

const DEFAULTS: DriftConfig = {
  against: 'baseline',
  'max-share': 0.3,
  'false-discovery-rate': 0.01,
  multivariate: false,
  severity: 'fail',
};

const DATASET: DatasetConfig = {
  path: 'data/customers.csv',
  schema: 'data/customers.schema.json',
  examples: 5,
  severity: 'fail',
  profile: true,
};

/** The gate of a dataset `customers` with these settings. */
export function gateOf(drift: Partial<DriftConfig> = {}, dataset: Partial<DatasetConfig> = {}): DriftGate {
  const config = { data: { customers: { ...DATASET, ...dataset, drift: { ...DEFAULTS, ...drift } } } };
  const [gate] = listDriftGates(config, (path) => ({ file: 'mlgate.yml', key: path.join('.'), line: 7 }));
  if (gate === undefined) throw new Error('The config asks for no drift.');
  return gate;
}

export const AGAINST_MAIN = { kind: 'baseline', name: 'main' } as const;

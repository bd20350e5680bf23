import { boundDistinctly } from '../../evidence/bound-text.ts';
import { UserError } from '../../evidence/errors.ts';
import type { ColumnDriftConfig, Config, DatasetConfig } from '../../schemas/config.generated.ts';
import type { ColumnDrift, ConfigSource, Drift } from '../../schemas/evidence.generated.ts';

/** What a config asks of one dataset beside another. */
export interface DriftGate {
  readonly dataset: string;
  readonly comparator: Drift['comparator'];
  readonly against: Pick<Drift['against'], 'kind' | 'name'>;
  /** How single columns are compared, by name as evidence has it. */
  readonly columns: ReadonlyMap<string, ColumnDriftConfig>;
  /** Columns that may move. */
  readonly excluded: ReadonlySet<string>;
  readonly roles: ReadonlyMap<string, NonNullable<ColumnDrift['role']>>;
  readonly maxShare: number;
  readonly falseDiscoveryRate: number;
  readonly multivariate: boolean;
  readonly severity: 'fail' | 'warn';
  readonly source: ConfigSource;
}

type Locate = (path: readonly string[]) => ConfigSource;

/** What evidence calls main's record. */
const MAIN = 'main';

/** Every drift and skew that the config asks for. Throws a UserError where rows are needed of what has none. */
export function listDriftGates(config: Pick<Config, 'data'>, locate: Locate): readonly DriftGate[] {
  const datasets = config.data ?? {};
  return Object.entries(datasets).flatMap(([name, dataset]) =>
    (['drift', 'skew'] as const).flatMap((comparator) => {
      const asked = dataset[comparator];
      if (asked === undefined) return [];
      const path = ['data', name, comparator];
      const gate: DriftGate = {
        dataset: name,
        comparator,
        against: nameReference(asked.against, datasets),
        columns: new Map(
          Object.entries(asked.columns ?? {}).map(([column, how]) => [boundDistinctly(column), how]),
        ),
        excluded: new Set(
          [...(asked.exclude ?? []), ...listIdentifying(dataset, asked.columns ?? {})].map(boundDistinctly),
        ),
        roles: listRoles(dataset),
        maxShare: asked['max-share'],
        falseDiscoveryRate: asked['false-discovery-rate'],
        multivariate: asked.multivariate,
        severity: asked.severity,
        source: locate(path),
      };
      if (gate.multivariate && gate.against.kind === 'baseline') {
        const { file, line, key } = locate([...path, 'multivariate']);
        const place = line === undefined ? file : `${file}:${line}`;
        throw new UserError(`${place}: \`${key}\` needs the rows of both tables, and main records none.`, {
          help: 'Compare `against` another dataset or a file, or take `multivariate` out.',
        });
      }
      return [gate];
    }),
  );
}

function nameReference(against: string, datasets: NonNullable<Config['data']>): DriftGate['against'] {
  if (against === 'baseline') return { kind: 'baseline', name: MAIN };
  const kind = Object.hasOwn(datasets, against) ? 'dataset' : 'path';
  return { kind, name: boundDistinctly(against) };
}

/** Columns that say which row it is, and when it came to be: they move by nature. One that is asked for by name counts. */
function listIdentifying(
  { columns }: DatasetConfig,
  asked: Readonly<Record<string, ColumnDriftConfig>>,
): readonly string[] {
  if (columns === undefined) return [];
  const { id = [], entity, time, split } = columns;
  return [...id, entity, time, split].filter(
    (column): column is string => column !== undefined && !Object.hasOwn(asked, column),
  );
}

function listRoles({ columns }: DatasetConfig): DriftGate['roles'] {
  const roles = new Map<string, NonNullable<ColumnDrift['role']>>();
  if (columns?.label !== undefined) roles.set(boundDistinctly(columns.label), 'label');
  if (columns?.prediction !== undefined) roles.set(boundDistinctly(columns.prediction), 'prediction');
  return roles;
}

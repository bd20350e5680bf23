/** What a data schema says of its checks besides what they ask: how much each counts, and which are left out for now. */
import type { DataSchema, SkippedCheck } from '../schemas/data-schema.generated.ts';
import type { Check } from '../schemas/evidence.generated.ts';

/** A check as `severity` and `skip` name it. */
export interface NamedCheck {
  /** Without `data/<dataset>/`. */
  readonly id: string;
  /** The anomaly. */
  readonly name: string;
}

/** The keys that name a check, the nearest first: its id, its column or block, its anomaly. */
export function listKeysOf({ id, name }: NamedCheck): readonly string[] {
  const first = id.split('/')[0] ?? '';
  return [...new Set([id, first, name])];
}

/** What the `severity` block of a schema says of a check. */
export function findSeverity(
  { dataset }: Pick<DataSchema, 'dataset'>,
  check: NamedCheck,
): Check['severity'] | undefined {
  const { severity = {} } = dataset;
  const key = listKeysOf(check).find((candidate) => Object.hasOwn(severity, candidate));
  return key === undefined ? undefined : severity[key];
}

export interface FoundSkip {
  readonly skip: SkippedCheck;
  /** Where in the schema it stands. */
  readonly path: readonly string[];
  /** Whether its last day is over. */
  readonly isExpired: boolean;
}

/** The skip of a check, if there is one: of several the one that holds longest. */
export function findSkip(
  { dataset }: Pick<DataSchema, 'dataset'>,
  check: NamedCheck,
  now: Date,
): FoundSkip | undefined {
  const keys = listKeysOf(check);
  const today = now.toISOString().slice(0, 10);
  return (dataset.skip ?? [])
    .map((skip, index) => ({ skip, path: ['dataset', 'skip', String(index)], isExpired: skip.until < today }))
    .filter(({ skip }) => keys.includes(skip.check))
    .toSorted((one, other) => (one.skip.until < other.skip.until ? 1 : -1))[0];
}

/** Keys of `severity` and `skip` that name none of the checks: they would never do anything. */
export function listIdleKeys(
  { dataset }: Pick<DataSchema, 'dataset'>,
  checks: readonly NamedCheck[],
): readonly { readonly key: string; readonly path: readonly string[] }[] {
  const known = new Set(checks.flatMap(listKeysOf));
  return [
    ...Object.keys(dataset.severity ?? {}).map((key) => ({ key, path: ['dataset', 'severity', key] })),
    ...(dataset.skip ?? []).map(({ check }, index) => ({
      key: check,
      path: ['dataset', 'skip', String(index), 'check'],
    })),
  ].filter(({ key }) => !known.has(key));
}

/** The schema for data of one environment: what it says is absent there is not required. */
export function inEnvironment(schema: DataSchema, environment: string | undefined): DataSchema {
  const absent = absentIn(schema, environment);
  return absent.length === 0
    ? schema
    : { ...schema, required: schema.required.filter((column) => !absent.includes(column)) };
}

/** Columns that may be missing in an environment. */
export function absentIn({ dataset }: DataSchema, environment: string | undefined): readonly string[] {
  const { environments = {} } = dataset;
  const found =
    environment !== undefined && Object.hasOwn(environments, environment)
      ? environments[environment]
      : undefined;
  return found?.absent ?? [];
}

import { boundDistinctly } from '../../evidence/bound-text.ts';
import type { Config, DatasetConfig } from '../../schemas/config.generated.ts';
import type { Check, ConfigSource } from '../../schemas/evidence.generated.ts';
import { FINDING_KINDS, type Family, type FindingName } from './finding-kinds.ts';
import { parseRowsBound, type RowsBound } from './rows-bound.ts';

/** How a finding is held against the config. */
export type FindingLimit =
  | RowsBound
  /** The lower limit of the finding's interval may not be above. */
  | { readonly unit: 'score'; readonly most: number }
  /** The share may not be below. */
  | { readonly unit: 'least-share'; readonly least: number };

/** Something that the config asks to be looked at, and what may be found. One check answers it. */
export interface DataBound {
  readonly id: string;
  readonly name: FindingName;
  readonly family: Family;
  readonly dataset: string;
  /** What it is held against: another dataset, or `train → test` of one file. */
  readonly against?: string;
  readonly limit: FindingLimit;
  /** Columns in which it is allowed, with the reasons. */
  readonly allowed: Readonly<Record<string, string>>;
  readonly severity: Check['severity'];
  readonly source: ConfigSource;
}

type Locate = (path: readonly string[]) => ConfigSource;
type Wanted = Pick<DataBound, 'name' | 'limit'> & {
  readonly key?: string;
  readonly severity?: Check['severity'];
  readonly against?: string;
};

const NONE: RowsBound = { unit: 'rows', most: 0 };

/** Every finding that the config's blocks `integrity`, `leakage` and `privacy` ask for, once for each dataset and pair. */
export function listDataBounds(config: Pick<Config, 'data'>, locate: Locate): readonly DataBound[] {
  return Object.entries(config.data ?? {}).flatMap(([dataset, asked]) => [
    ...frame(dataset, asked, 'integrity', listIntegrity(asked), locate),
    ...frame(dataset, asked, 'leakage', listLeakage(asked), locate),
    ...frame(dataset, asked, 'privacy', listPrivacy(asked), locate),
  ]);
}

/** Two splits of one dataset, or two datasets: what a pair is called. */
export function namePair(earlier: string, later: string): string {
  return `${earlier} → ${later}`;
}

/** The pairs of splits that are compared within one file, each with those before it. */
export function listSplitPairs(splits: readonly string[] = []): readonly (readonly [string, string])[] {
  return splits.flatMap((later, index) => splits.slice(0, index).map((earlier) => [earlier, later] as const));
}

function frame(
  dataset: string,
  asked: DatasetConfig,
  family: Family,
  wanted: readonly Wanted[],
  locate: Locate,
): readonly DataBound[] {
  const block = asked[family];
  if (block === undefined) return [];
  const order = new Map<string, number>(FINDING_KINDS.map(({ name }, index) => [name, index]));
  return wanted
    .toSorted((one, other) => (order.get(one.name) ?? 0) - (order.get(other.name) ?? 0))
    .map(({ name, limit, key, severity, against }) => ({
      id: boundDistinctly(`data/${dataset}/${family}/${name}${against === undefined ? '' : `/${against}`}`),
      name,
      family,
      dataset,
      ...(against === undefined ? {} : { against }),
      limit,
      allowed: block.allow ?? {},
      severity: severity ?? block.severity,
      source: locate(['data', dataset, family, ...(key === undefined ? [] : [key])]),
    }));
}

function listIntegrity({ integrity, columns }: DatasetConfig): readonly Wanted[] {
  if (integrity === undefined) return [];
  const always: readonly Wanted[] = [
    rowsOf('DUPLICATE_ROWS', 'max-duplicate-rows', integrity['max-duplicate-rows']),
    { name: 'DUPLICATE_COLUMNS', limit: NONE },
    {
      name: 'CONSTANT_COLUMN',
      key: 'max-same-value',
      limit: { unit: 'share', most: integrity['max-same-value'] },
    },
    { name: 'MIXED_NULL_SPELLINGS', limit: NONE },
    { name: 'MIXED_TYPES', limit: NONE },
    { name: 'SPELLING_VARIANTS', limit: NONE },
    rowsOf('JUNK_CHARACTERS', 'max-junk', integrity['max-junk']),
  ];
  if (columns?.label === undefined) return always;
  return [
    ...always,
    rowsOf('CONFLICTING_LABELS', 'max-conflicting-labels', integrity['max-conflicting-labels']),
    {
      name: 'RARE_LABEL',
      key: 'min-class-share',
      limit: { unit: 'least-share', least: integrity['min-class-share'] },
    },
  ];
}

function rowsOf(name: FindingName, key: string, bound: number | string): Wanted {
  return { name, key, limit: parseRowsBound(bound) };
}

function listLeakage({ leakage, columns = {} }: DatasetConfig): readonly Wanted[] {
  if (leakage === undefined) return [];
  const ofLabel: readonly Wanted[] =
    columns.label === undefined
      ? []
      : [
          {
            name: 'LABEL_LEAK',
            key: 'max-label-score',
            limit: { unit: 'score', most: leakage['max-label-score'] },
          },
          {
            name: 'LABEL_FROM_ORDER',
            key: 'max-order-score',
            limit: { unit: 'score', most: leakage['max-order-score'] },
            severity: 'warn',
          },
        ];
  const splits = columns.split === undefined ? [] : listSplitPairs(leakage.splits);
  const pairs = [...(leakage.against ?? []), ...splits.map(([earlier, later]) => namePair(earlier, later))];
  const near = leakage['near-duplicates'];
  const ofPair: readonly Wanted[] = [
    rowsOf('SPLIT_OVERLAP', 'max-overlap', leakage['max-overlap']),
    ...(near === undefined ? [] : [rowsOf('NEAR_DUPLICATE_OVERLAP', 'near-duplicates', near['at-most'])]),
    ...(columns.entity === undefined
      ? []
      : [rowsOf('ENTITY_OVERLAP', 'max-shared-entities', leakage['max-shared-entities'])]),
    ...(columns.time === undefined ? [] : [listTimeOverlap(leakage['max-time-overlap'])]),
    ...(columns.label === undefined
      ? []
      : [
          rowsOf('NEW_LABELS', 'max-new-labels', leakage['max-new-labels']),
          { name: 'VANISHED_LABELS', limit: NONE } as const,
        ]),
    rowsOf('NEW_CATEGORIES', 'max-new-categories', leakage['max-new-categories']),
    { name: 'VANISHED_CATEGORIES', limit: NONE, severity: 'warn' },
  ];
  return [...ofLabel, ...pairs.flatMap((against) => ofPair.map((wanted) => ({ ...wanted, against })))];
}

/** Random splits are common, so an overlap that nobody bounds is only a warning. */
function listTimeOverlap(bound: number | string | undefined): Wanted {
  const wanted = rowsOf('TIME_OVERLAP', 'max-time-overlap', bound ?? 0);
  return bound === undefined ? { ...wanted, severity: 'warn' } : wanted;
}

function listPrivacy({ privacy }: DatasetConfig): readonly Wanted[] {
  return privacy === undefined ? [] : [{ name: 'PERSONAL_DATA', limit: NONE }];
}

import type { InspectedColumn, SplitsAnswer, SplitSource } from '../../engine/inspections.ts';
import type { LeakageConfig } from '../../schemas/config.generated.ts';
import type { DataFinding, Interval } from '../../schemas/evidence.generated.ts';
import { wilsonInterval } from '../../statistics/proportion.ts';
import { findColumns, findNothing, findWhole } from '../findings/collect-findings.ts';
import type { FindingName } from '../findings/finding-kinds.ts';
import { listFeatures, type InspectedDataset } from '../findings/inspected-dataset.ts';
import { wordPart } from '../findings/word-part.ts';
import { countOf, showCount, showName, showShare } from '../word-condition.ts';

/** Two splits, and what the pair is called. */
export interface InspectedPair {
  readonly against: string;
  /** In words: "`train`". */
  readonly earlierName: string;
  readonly earlier: SplitSource;
  readonly later: SplitSource;
  /** Columns of each. */
  readonly earlierColumns: readonly string[];
  readonly laterColumns: readonly string[];
}

const LEVEL = 0.95;

/** Share of rows that are earlier, from which a split looks random. */
const RANDOM_SHARE = 0.3;

/** What one split shares with an earlier one, measured. */
export async function inspectSplits(
  inspected: InspectedDataset,
  pair: InspectedPair,
  config: LeakageConfig,
  seed: number,
): Promise<readonly DataFinding[]> {
  const { dataset, engine, roles, declaredTypes, options } = inspected;
  const common = pair.laterColumns.filter((column) => pair.earlierColumns.includes(column));
  const describe = (name: string): InspectedColumn => ({ name, declaredTypes: declaredTypes(name) });
  const roleOf = (role: 'label' | 'entity' | 'time') => {
    const name = roles[role];
    return name !== undefined && common.includes(name) ? { [role]: describe(name) } : {};
  };
  const near = config['near-duplicates'];
  const answer = await engine.inspectTable(
    {
      kind: 'splits',
      earlier: pair.earlier,
      later: pair.later,
      features: listFeatures(common, roles).map(describe),
      ...roleOf('label'),
      ...roleOf('entity'),
      ...roleOf('time'),
      ...(near === undefined
        ? {}
        : {
            near: {
              columns: (near.columns ?? []).filter((column) => common.includes(column)),
              similarity: near.similarity,
              seed,
            },
          }),
    },
    options,
  );
  const context = { dataset, against: pair.against };
  return [
    ...describeShared(context, pair, answer),
    ...describeNear(context, pair, answer),
    ...describeEntities(context, pair, answer, roles.entity),
    ...describeTime(context, pair, answer, roles.time),
    ...describeLabel(context, pair, answer, roles.label),
    ...describeCategories(context, pair, answer),
  ];
}

type Context = Pick<DataFinding, 'dataset'> & { readonly against: string };

function share(count: number, of: number): number {
  return of === 0 ? 0 : count / of;
}

function describeShared(
  context: Context,
  { earlierName }: InspectedPair,
  { shared, laterRows, earlierRows, repeated }: SplitsAnswer,
): readonly DataFinding[] {
  const natural =
    shared === 0 || repeated === 0
      ? ''
      : ` There ${showShare(share(repeated, earlierRows))} of the rows stand more than once.`;
  const detail = `${wordPart(shared, laterRows, 'row')} ${shared === 1 ? 'stands' : 'stand'} in ${earlierName} too, by the columns that both have but label, ids and time.${natural}`;
  return [
    findWhole(
      { ...context, kind: 'SPLIT_OVERLAP' },
      { value: share(shared, laterRows), count: shared, n: laterRows, detail },
    ),
  ];
}

function describeNear(
  context: Context,
  { earlierName }: InspectedPair,
  { near }: SplitsAnswer,
): readonly DataFinding[] {
  if (near === undefined) return [];
  const { looked, found, isSample } = near;
  const sample = isSample ? ' Of large splits a sample was compared, so there may be more.' : '';
  const interval: { readonly interval?: Interval } =
    isSample && looked > 0 ? { interval: wilsonInterval(found, looked, LEVEL) } : {};
  return [
    findWhole(
      { ...context, kind: 'NEAR_DUPLICATE_OVERLAP' },
      {
        value: share(found, looked),
        count: found,
        n: looked,
        ...interval,
        detail: `${wordPart(found, looked, 'row')} ${found === 1 ? 'is' : 'are'} the same as a row of ${earlierName}, or almost.${sample}`,
      },
    ),
  ];
}

/** A role whose column one of the two lacks. */
function missing(context: Context, kind: FindingName, column: string): DataFinding {
  return findNothing({ ...context, kind }, `Not both have the column ${showName(column)}.`);
}

function describeEntities(
  context: Context,
  { earlierName }: InspectedPair,
  { entities, laterRows }: SplitsAnswer,
  column: string | undefined,
): readonly DataFinding[] {
  if (column === undefined) return [];
  const kind = 'ENTITY_OVERLAP';
  if (entities === undefined) return [missing(context, kind, column)];
  const { shared, rows } = entities;
  return [
    findWhole(
      { ...context, kind },
      {
        value: share(rows, laterRows),
        count: rows,
        n: laterRows,
        detail: `${countOf(shared, 'value')} of ${showName(column)} ${shared === 1 ? 'has' : 'have'} rows in ${earlierName} too: ${wordPart(rows, laterRows, 'row')} here.`,
      },
    ),
  ];
}

function describeTime(
  context: Context,
  { earlierName }: InspectedPair,
  { time }: SplitsAnswer,
  column: string | undefined,
): readonly DataFinding[] {
  if (column === undefined) return [];
  const kind = 'TIME_OVERLAP';
  if (time === undefined) return [missing(context, kind, column)];
  const { overlapping, rows } = time;
  if (rows === 0) return [findNothing({ ...context, kind }, `No row has a date in ${showName(column)}.`)];
  const random =
    share(overlapping, rows) < RANDOM_SHARE
      ? ''
      : ' The split looks random; if it is meant to be, allow `max-time-overlap: 100%`.';
  return [
    findWhole(
      { ...context, kind },
      {
        value: share(overlapping, rows),
        count: overlapping,
        n: rows,
        detail: `${wordPart(overlapping, rows, 'row')} ${overlapping === 1 ? 'is' : 'are'} earlier by ${showName(column)} than the last row of ${earlierName}.${random}`,
      },
    ),
  ];
}

function describeLabel(
  context: Context,
  { earlierName }: InspectedPair,
  { label }: SplitsAnswer,
  column: string | undefined,
): readonly DataFinding[] {
  if (column === undefined) return [];
  if (label === undefined) {
    return (['NEW_LABELS', 'VANISHED_LABELS'] as const).map((kind) =>
      findNothing(
        { ...context, kind },
        `${showName(column)} is not in both, or has too many values to be one of classes.`,
      ),
    );
  }
  const { newRows, newValues, rows, vanishedValues, vanishedRows } = label;
  return [
    findWhole(
      { ...context, kind: 'NEW_LABELS' },
      {
        value: share(newRows, rows),
        count: newRows,
        n: rows,
        detail: `${wordPart(newRows, rows, 'row')} ${newRows === 1 ? 'has' : 'have'} one of ${countOf(newValues, 'label')} that ${earlierName} does not have.`,
      },
    ),
    findWhole(
      { ...context, kind: 'VANISHED_LABELS' },
      {
        value: vanishedValues,
        count: vanishedValues,
        n: rows,
        detail: `${countOf(vanishedValues, 'label')} of ${earlierName} (${countOf(vanishedRows, 'row')} there) ${vanishedValues === 1 ? 'is' : 'are'} missing here, beyond chance.`,
      },
    ),
  ];
}

function describeCategories(
  context: Context,
  { earlierName }: InspectedPair,
  { categories }: SplitsAnswer,
): readonly DataFinding[] {
  return [
    ...findColumns(
      { ...context, kind: 'NEW_CATEGORIES' },
      categories.length,
      categories
        .filter(({ newRows }) => newRows > 0)
        .map(({ column, newRows, newValues, rows }) => ({
          column,
          value: share(newRows, rows),
          count: newRows,
          n: rows,
          detail: `${wordPart(newRows, rows, 'row')} ${newRows === 1 ? 'has' : 'have'} one of ${countOf(newValues, 'value')} that ${earlierName} does not have.`,
        })),
    ),
    ...findColumns(
      { ...context, kind: 'VANISHED_CATEGORIES' },
      categories.length,
      categories
        .filter(({ vanishedValues }) => vanishedValues > 0)
        .map(({ column, vanishedValues, vanishedRows, rows }) => ({
          column,
          value: vanishedValues,
          count: vanishedValues,
          n: rows,
          detail: `${countOf(vanishedValues, 'value')} of ${earlierName} (${showCount(vanishedRows)} rows there) ${vanishedValues === 1 ? 'is' : 'are'} missing here, beyond chance.`,
        })),
    ),
  ];
}

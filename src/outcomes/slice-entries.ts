/** The kinds of entries in `slices.by`, and the columns that they are made of. */
import type { BinnedColumn, ConditionSlice, SlicesConfig } from '../schemas/config.generated.ts';
import { columnsOfCondition, parseCondition, type RowCondition } from '../evidence/row-condition.ts';

export type SliceEntries = NonNullable<SlicesConfig['by']>;
type SliceEntry = SliceEntries[number];

export function isCrossing(entry: SliceEntry): entry is readonly string[] {
  return Array.isArray(entry);
}

export function isBinned(entry: SliceEntry): entry is BinnedColumn {
  return typeof entry === 'object' && 'column' in entry;
}

export function isCondition(entry: SliceEntry): entry is ConditionSlice {
  return typeof entry === 'object' && 'where' in entry;
}

/** The columns of each entry that is a column, in bins or not, or a crossing of columns. */
export function columnsOf(by: SliceEntries): readonly (readonly string[])[] {
  return by.flatMap((entry) => {
    if (typeof entry === 'string') return [[entry]];
    if (isCrossing(entry)) return [entry];
    return isBinned(entry) ? [[entry.column]] : [];
  });
}

/** The condition of an entry. Throws where it cannot be read: the config's check says so first. */
export function conditionOf({ name, where }: ConditionSlice): RowCondition {
  const parsed = parseCondition(where);
  if (parsed.ok) return parsed.tree;
  throw new TypeError(`The condition of the slice ${name} cannot be read: ${parsed.mistake.text}`);
}

/** Columns that slices need, each once in each list. A column may be needed both as labels and as numbers. */
export interface SliceNeeds {
  /** Columns whose values are slices: they may have few values only. */
  readonly sliced: readonly string[];
  /** Columns of labels that conditions compare with texts, with any number of values. */
  readonly labels: readonly string[];
  readonly numbers: readonly string[];
  /** Columns that the search asks for: numbers where the file has numbers, else labels. */
  readonly either: readonly string[];
}

/** What has to be read of a predictions file for the slices of a model. */
export function listSliceNeeds(slices: Pick<SlicesConfig, 'by' | 'search'> | undefined): SliceNeeds {
  const by = slices?.by ?? [];
  const binned = by.filter(isBinned).map(({ column }) => column);
  const conditions = by.filter(isCondition).map((entry) => columnsOfCondition(conditionOf(entry)));
  const sliced = columnsOf(by)
    .flat()
    .filter((column) => !binned.includes(column));
  const labels = conditions.flatMap((condition) => condition.labels);
  const numbers = [...binned, ...conditions.flatMap((condition) => condition.numbers)];
  const known = new Set([...sliced, ...labels, ...numbers]);
  const searched = typeof slices?.search === 'object' ? (slices.search.columns ?? []) : [];
  return {
    sliced: [...new Set(sliced)],
    labels: [...new Set(labels)].filter((column) => !sliced.includes(column)),
    numbers: [...new Set(numbers)],
    either: searched.filter((column) => !known.has(column)),
  };
}

import type { FairnessConfig } from '../schemas/config.generated.ts';
import type { Outcomes } from './outcomes.ts';
import { listSlices } from './slices.ts';

/** The examples that have one value of a column, or one combination of values of several. */
export interface Group {
  readonly name: string;
  /** Row numbers, ascending. */
  readonly rows: Uint32Array;
}

/** What parts columns, and values, of a crossing. */
const CROSS = ' × ';

/** How a group without a value is called: leaving it out would hide it. */
const EMPTY = '(empty)';

/** Longest text that evidence holds in one line. */
const MAX_NAME = 300;

export type GroupEntry = FairnessConfig['groups'][number];

/** `sex`, or `sex × age_group`. */
export function nameColumns(entry: GroupEntry): string {
  return columnsOf(entry).join(CROSS).slice(0, MAX_NAME);
}

export function columnsOf(entry: GroupEntry): readonly string[] {
  return typeof entry === 'string' ? [entry] : entry;
}

/** The groups of one entry of `fairness.groups`, sorted by name; those without a value are a group of their own. */
export function listGroups(outcomes: Outcomes, entry: GroupEntry): readonly Group[] {
  const columns = columnsOf(entry);
  const taken = new Map<string, number>();
  return listSlices(outcomes, [entry]).map(({ values, rows }) => {
    const written = columns.map((column) => (values[column] === '' ? EMPTY : (values[column] ?? EMPTY)));
    const name = written.join(CROSS).slice(0, MAX_NAME);
    // A value that is spelled `(empty)`, or that is too long to be told from another, gets a number.
    const before = taken.get(name) ?? 0;
    taken.set(name, before + 1);
    return { name: before === 0 ? name : `${name.slice(0, MAX_NAME - 8)} #${before + 1}`, rows };
  });
}

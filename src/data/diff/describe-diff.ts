/** From what the engine counted to what evidence says of the change of a dataset's rows. */
import type { RowExample, TableDiff } from '../../engine/diff-tables.ts';
import type { ColumnDescription, TableDescription } from '../../engine/engine.ts';
import { boundText } from '../../evidence/bound-text.ts';
import type { DataDiff } from '../../schemas/evidence.generated.ts';

/** What evidence has room for. */
const MAX_NAMES = 100;
const MAX_COLUMNS = 1000;
const MAX_EXAMPLES = 50;

const WITHHELD = '(withheld)';

/** The columns of two tables beside one another. */
export interface ColumnsCompared {
  /** Of both, in the order of the new table. */
  readonly shared: readonly string[];
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly retyped: readonly { readonly column: string; readonly from: string; readonly to: string }[];
}

/** Columns by name. Types are compared where both files say them: what text looks like is a guess. */
export function compareColumns(now: TableDescription, before: TableDescription): ColumnsCompared {
  const old = new Map(before.columns.map((column) => [column.name, column]));
  const current = new Map(now.columns.map((column) => [column.name, column]));
  const shared = now.columns.filter(({ name }) => old.has(name));
  const retyped = (column: ColumnDescription): ColumnsCompared['retyped'] => {
    const from = old.get(column.name)?.type;
    return from === undefined || from === column.type ? [] : [{ column: column.name, from, to: column.type }];
  };
  return {
    shared: shared.map(({ name }) => name),
    added: [...current.keys()].filter((name) => !old.has(name)),
    removed: [...old.keys()].filter((name) => !current.has(name)),
    retyped: saysTypes(now) && saysTypes(before) ? shared.flatMap(retyped) : [],
  };
}

function saysTypes({ format }: TableDescription): boolean {
  return format !== 'csv' && format !== 'tsv';
}

interface DiffContext {
  readonly dataset: string;
  /** What the table is compared with: for people. */
  readonly against: string;
  readonly key: readonly string[];
  readonly columns: ColumnsCompared;
  /** The columns that were compared, in the order of the engine's answer. */
  readonly compared: readonly string[];
  /** Whether no value of a column may be shown. */
  readonly isPersonal: (column: string) => boolean;
  /** Whether a value is personal data by its form, whatever its column is called. */
  readonly holdsPersonal: (value: string) => boolean;
}

export function describeDiff(diff: TableDiff, context: DiffContext): DataDiff {
  const { columns, compared } = context;
  const names = (list: readonly string[]): readonly string[] =>
    list.slice(0, MAX_NAMES).map((name) => boundText(name));
  const changed = compared
    .map((column, index) => ({ column: boundText(column), changed: diff.columns[index] ?? 0 }))
    .filter((column) => column.changed > 0)
    .toSorted((one, other) => other.changed - one.changed)
    .slice(0, MAX_COLUMNS);
  const withheld = listWithheld(diff.examples, context);
  const examples = diff.examples
    .flatMap((example) => describeExample(example, context, withheld))
    .slice(0, MAX_EXAMPLES);
  return {
    dataset: context.dataset,
    against: context.against,
    key: names(context.key),
    rows: diff.rowsNow,
    rowsBefore: diff.rowsBefore,
    added: diff.added,
    removed: diff.removed,
    changed: diff.changed,
    unchanged: diff.unchanged,
    ...(columns.added.length === 0 ? {} : { addedColumns: names(columns.added) }),
    ...(columns.removed.length === 0 ? {} : { removedColumns: names(columns.removed) }),
    ...(columns.retyped.length === 0
      ? {}
      : {
          retypedColumns: columns.retyped
            .slice(0, MAX_NAMES)
            .map(({ column, from, to }) => ({ column: boundText(column), from, to })),
        }),
    columns: changed,
    ...(examples.length === 0 ? {} : { examples }),
  };
}

type DiffExample = NonNullable<DataDiff['examples']>[number];

/** Columns that are not shown: personal by what is known of them, or by one of the values that would be shown. */
function listWithheld(examples: readonly RowExample[], context: DiffContext): ReadonlySet<string> {
  const { isPersonal, holdsPersonal } = context;
  const cells = examples.flatMap((example) => [
    ...example.key.map((value, index) => ({ column: keyColumns(context)[index] ?? '', value })),
    ...example.cells.flatMap(({ column, from, to }) => [from, to].map((value) => ({ column, value }))),
  ]);
  return new Set([
    ...[...context.key, ...context.compared].filter(isPersonal),
    ...cells.filter(({ value }) => holdsPersonal(value)).map(({ column }) => column),
  ]);
}

function keyColumns({ key, compared }: DiffContext): readonly string[] {
  return key.length === 0 ? compared : key;
}

/** One line for each cell that differs; an added or removed row is one line. */
function describeExample(
  example: RowExample,
  context: DiffContext,
  withheld: ReadonlySet<string>,
): readonly DiffExample[] {
  const { kind } = example;
  const show = (column: string, value: string): string =>
    withheld.has(column) ? WITHHELD : boundText(value);
  const key = keyColumns(context).some((column) => withheld.has(column))
    ? [`row ${example.row}`]
    : example.key.slice(0, MAX_KEY_PARTS).map((part) => boundText(part));
  if (kind !== 'changed') return [{ key, kind }];
  return example.cells.map(({ column, from, to }) => ({
    key,
    kind,
    column: boundText(column),
    from: show(column, from),
    to: show(column, to),
  }));
}

/** Values that name a row, in evidence. */
const MAX_KEY_PARTS = 16;

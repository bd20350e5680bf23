/** From what a data schema says of cells to how the engine reads them. */
import type { CellReading, CellRules } from '../engine/cell-reading.ts';
import type { CellRules as WrittenRules, DataSchema } from '../schemas/data-schema.generated.ts';
import { columnTypes, type DeclaredKind } from './column-types.ts';

/** Columns for which the table's notations of dates are meant. */
const MOMENTS: readonly (DeclaredKind | undefined)[] = ['date', 'date-time'];

/** Columns of texts alone. */
const TEXTS: readonly (DeclaredKind | undefined)[] = ['string', ...MOMENTS];

const NO_KINDS: ReadonlyMap<string, DeclaredKind> = new Map();

/**
 * How the cells of a schema's table become values; undefined where everything is as by default. Of the table's rules,
 * notations of dates go to columns of dates only and `not-finite` not to columns of texts alone: a name may be Nan.
 */
export function readingOf(schema: DataSchema): CellReading | undefined {
  const { dataset, properties } = schema;
  const { cells = {}, 'column-cells': ofColumns = {} } = dataset;
  const { dates, 'not-finite': notFinite, ...everywhere } = cells;
  const kinds = dates === undefined && notFinite === undefined ? NO_KINDS : columnTypes(schema);
  const names = [...new Set([...Object.keys(properties), ...Object.keys(ofColumns)])];
  const columns = names.flatMap((name) => {
    const kind = kinds.get(name);
    const own = Object.hasOwn(ofColumns, name) ? ofColumns[name] : undefined;
    const rules = {
      ...(dates !== undefined && MOMENTS.includes(kind) ? { dates } : {}),
      ...(notFinite !== undefined && !TEXTS.includes(kind) ? { 'not-finite': notFinite } : {}),
      ...own,
    };
    return Object.keys(rules).length === 0 ? [] : [[name, nameRules(rules)] as const];
  });
  const table = nameRules(everywhere);
  if (columns.length === 0 && Object.keys(table).length === 0) return undefined;
  return { ...table, ...(columns.length === 0 ? {} : { columns: Object.fromEntries(columns) }) };
}

function nameRules(rules: WrittenRules): CellRules {
  const named: { readonly [Key in keyof CellRules]: CellRules[Key] | undefined } = {
    trim: rules.trim,
    nullValues: rules['null-values'],
    trueValues: rules['true-values'],
    falseValues: rules['false-values'],
    decimal: rules.decimal,
    thousands: rules.thousands,
    dates: rules.dates,
    notFinite: rules['not-finite'],
    bigIntegers: rules['big-integers'],
  };
  return Object.fromEntries(Object.entries(named).filter(([, value]) => value !== undefined));
}

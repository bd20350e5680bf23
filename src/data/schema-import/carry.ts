/** What a reader of another tool's schema makes of each thing that it says: carried over, or left behind with a reason. */
import { entriesOf, isMapping, showPath, type Place } from '../../evidence/foreign/places.ts';

/** One thing that the data schema will say. */
export type Put =
  | { readonly kind: 'keyword'; readonly column: string; readonly keyword: string; readonly value: unknown }
  /** The type that a check only makes sense with: said where nothing else says the column's type. */
  | { readonly kind: 'implied-type'; readonly column: string; readonly type: string }
  /** The column is one of the table's. */
  | { readonly kind: 'listed'; readonly column: string }
  /** The column must be there, whatever its cells hold. */
  | { readonly kind: 'exists'; readonly column: string }
  /** The column must be there, and each cell must hold a value. */
  | { readonly kind: 'required'; readonly column: string }
  /** No column but those listed. */
  | { readonly kind: 'closed' }
  /** One value of the `dataset` block: `['statistics', 'age', 'mean', 'at-least']`. */
  | { readonly kind: 'set'; readonly path: readonly string[]; readonly value: unknown }
  /** One entry of a list of the `dataset` block: `unique`. */
  | { readonly kind: 'add'; readonly list: string; readonly entry: Readonly<Record<string, unknown>> };

export interface Carried {
  readonly kind: 'carried';
  /** Where it stands in the other tool's file. */
  readonly from: string;
  readonly puts: readonly Put[];
  /** What is not quite the same here. */
  readonly note?: string;
  /** A broken rule is a warning there. */
  readonly severity?: 'warn';
  /** Share of the values that must satisfy it, where not all must. */
  readonly mostly?: number;
}

export interface LeftBehind {
  readonly kind: 'left';
  readonly from: string;
  /** What it is called there. */
  readonly what: string;
  /** Why it was not carried over. */
  readonly why: string;
  /** What to do about it, in the imperative. */
  readonly instead: string;
}

export type Outcome = Carried | LeftBehind;

/** One table that the file describes. */
export interface ForeignTable {
  readonly name: string;
  readonly title?: string | undefined;
  readonly description?: string | undefined;
  readonly outcomes: readonly Outcome[];
}

/** A file of another tool: what is in it, read as JSON or YAML only when somebody asks. */
export interface ForeignDocument {
  readonly name: string;
  readonly text: string;
  /** Throws a UserError for what is neither. */
  readonly parsed: () => Place;
}

export interface SchemaImporter {
  /** Name on the command line, in kebab case. */
  readonly format: string;
  /** For people. */
  readonly title: string;
  /** Against files that the tool itself wrote (`fixture`), or ours (`fake`). */
  readonly tested: 'fixture' | 'fake';
  readonly versions: string;
  /** Where the format is described. */
  readonly source: string;
  /** Whether this is the format. May throw a UserError: then it is not. */
  readonly recognise: (document: ForeignDocument) => boolean;
  /** Every table of the file. Throws a UserError that says where the file is not what it should be. */
  readonly read: (document: ForeignDocument) => readonly ForeignTable[];
}

export function carry(
  place: Place,
  puts: readonly Put[],
  more: Partial<Pick<Carried, 'note' | 'severity' | 'mostly'>> = {},
): Carried {
  return { kind: 'carried', from: showPath(place), puts, ...more };
}

export function leave(place: Place, what: string, why: string, instead: string): LeftBehind {
  return { kind: 'left', from: showPath(place), what, why, instead };
}

/** Every key of a mapping that its reader does not know, so that nothing is lost in silence. */
export function leaveOthers(place: Place, known: readonly string[]): readonly LeftBehind[] {
  if (!isMapping(place)) return [];
  return entriesOf(place)
    .filter(([key, { value }]) => !known.includes(key) && value !== null && value !== undefined)
    .map(([key, inner]) =>
      leave(
        inner,
        key,
        'nothing here is known to mean the same',
        'Say it in the data schema by hand, if it matters.',
      ),
    );
}

export function keyword(column: string, name: string, value: unknown): Put {
  return { kind: 'keyword', column, keyword: name, value };
}

/** A keyword of texts: without another type, the column is one of texts. */
export function textKeyword(column: string, name: string, value: unknown): readonly Put[] {
  return [keyword(column, name, value), { kind: 'implied-type', column, type: 'string' }];
}

/** A bound on numbers: without another type, the column is one of numbers. */
export function numberKeyword(column: string, name: string, value: number): readonly Put[] {
  return [keyword(column, name, value), { kind: 'implied-type', column, type: 'number' }];
}

/** `enum`, `const` or their negation: without another type, the column has that of the values where they have one. */
export function valuesKeyword(
  column: string,
  name: string,
  value: unknown,
  values: readonly unknown[],
): readonly Put[] {
  const types = new Set(values.filter((value) => value !== null).map((value) => typeof value));
  const [type] = types;
  return [
    keyword(column, name, value),
    ...(types.size === 1 && (type === 'string' || type === 'number' || type === 'boolean')
      ? [{ kind: 'implied-type', column, type } as const]
      : []),
  ];
}

export function set(path: readonly string[], value: unknown): Put {
  return { kind: 'set', path, value };
}

export function add(list: string, entry: Readonly<Record<string, unknown>>): Put {
  return { kind: 'add', list, entry };
}

/** Bounds under one key of the `dataset` block; a side that is not given is not said. */
export function setBounds(
  path: readonly string[],
  least: number | undefined,
  most: number | undefined,
): readonly Put[] {
  return [
    ...(least === undefined ? [] : [set([...path, 'at-least'], least)]),
    ...(most === undefined ? [] : [set([...path, 'at-most'], most)]),
  ];
}

/** Longest name of a rule. */
const MAX_RULE_NAME = 100;

/** A query that must find nothing. */
export function carryQuery(place: Place, name: string, query: string): Carried {
  return carry(place, [add('sql', { name: name.slice(0, MAX_RULE_NAME), query })], {
    note: "The query runs in DuckDB's dialect, over the table `data`.",
  });
}

/** Places of decimals that a share keeps: 1 - 0.95 is 0.05, not 0.050000000000000044. */
const SHARE_DIGITS = 12;

/** What is left of 1. */
export function complement(share: number): number {
  return Number((1 - share).toFixed(SHARE_DIGITS));
}

/** From what was carried over to a data schema, and to what became of each part. */
import { validateDocument } from '../../schemas/validate.ts';
import { listRules } from '../list-rules.ts';
import { listTableRules } from '../table-rules/list-table-rules.ts';
import type { Carried, ForeignTable, LeftBehind, Put } from './carry.ts';

/** What became of one thing that the other tool's file says. */
interface CarriedOver {
  readonly from: string;
  /** Keys of the data schema that say it now. */
  readonly to: readonly string[];
  /** The checks that answer for it: their ids without `data/<dataset>/`. */
  readonly checks: readonly string[];
  readonly note?: string;
}

export interface ImportedTable {
  readonly name: string;
  /** A data schema, not yet held against what a data schema must be. */
  readonly schema: Readonly<Record<string, unknown>>;
  readonly carried: readonly CarriedOver[];
  readonly left: readonly Omit<LeftBehind, 'kind'>[];
}

/** A path of the schema, as keys. */
type Way = readonly string[];

interface Draft {
  readonly columns: Map<string, Map<string, unknown>>;
  readonly required: Set<string>;
  readonly dataset: Map<string, unknown>;
  isClosed: boolean;
}

/** Puts together what a table's reader carried over. The same outcomes always give the same schema. */
export function assemble(table: ForeignTable): ImportedTable {
  const draft: Draft = { columns: new Map(), required: new Set(), dataset: new Map(), isClosed: false };
  const carried = table.outcomes.filter((outcome): outcome is Carried => outcome.kind === 'carried');
  const left = table.outcomes.filter((outcome): outcome is LeftBehind => outcome.kind === 'left');
  const tolerances = chooseTolerances(carried);
  const placed = carried.map((outcome) => ({ outcome, ...placeAll(draft, outcome) }));
  for (const { puts } of carried) for (const put of puts) imply(draft, put);
  for (const [column, share] of tolerances) if (share < 1) setIn(draft.dataset, ['mostly', column], share);
  const rules = listRuleWays(printDraft(table, draft));
  const answered = placed.map(({ outcome, wishes }) => ({
    outcome,
    wishes: wishes.map(({ put, way }) => {
      const where = put.kind === 'exists' ? wayOfPresence(draft, put.column) : way;
      return { put, way: where, checks: checksBelow(rules, where, put.kind) };
    }),
  }));
  for (const check of listWarnings(answered)) setIn(draft.dataset, ['severity', check], 'warn');
  return {
    name: table.name,
    schema: printDraft(table, draft),
    carried: answered.map(({ outcome, wishes }) => ({
      from: outcome.from,
      to: [...new Set(wishes.map(({ way }) => way.join('.')))],
      checks: [...new Set(wishes.flatMap(({ checks }) => checks))],
      ...(outcome.note === undefined ? {} : { note: outcome.note }),
    })),
    left: [
      ...left,
      ...placed.flatMap(({ outcome, conflicts }) => [...conflicts, ...explainTolerance(outcome, tolerances)]),
    ].map(({ kind: _kind, ...rest }) => rest),
  };
}

/** Where one thing ended, and the checks that answer for it. */
interface Wish {
  readonly put: Put;
  readonly way: Way;
  readonly checks: readonly string[];
}

/** A column that must be there is asked for by whatever fails without it. */
function wayOfPresence(draft: Draft, column: string): Way {
  const index = [...draft.required].indexOf(column);
  return index < 0 ? ['dataset', 'null-fraction', column] : ['required', String(index)];
}

/** A required column has two checks: that it is there, and that its cells are. */
function checksBelow(rules: readonly RuleWay[], start: Way, kind: Put['kind']): readonly string[] {
  return rules
    .filter(({ way }) => startsWith(way, start))
    .filter(({ name }) => kind !== 'exists' || start[0] !== 'required' || name === 'SCHEMA_MISSING_COLUMN')
    .map(({ id }) => id);
}

/**
 * Checks that only warn: those that no rule of another severity asks for. That a column is there is a rule of its own,
 * which the severity of what is asked of its cells says nothing of.
 */
function listWarnings(
  answered: readonly { readonly outcome: Carried; readonly wishes: readonly Wish[] }[],
): readonly string[] {
  const checksOf = (severity: Carried['severity']): readonly string[] =>
    answered
      .filter(({ outcome }) => outcome.severity === severity)
      .flatMap(({ wishes }) => {
        const own = wishes.filter(({ put }) => put.kind !== 'exists');
        return (own.length === 0 ? wishes : own).flatMap(({ checks }) => checks);
      });
  const strict = new Set(checksOf(undefined));
  return [...new Set(checksOf('warn'))].filter((check) => !strict.has(check));
}

function startsWith(way: Way, start: Way): boolean {
  return start.every((key, index) => way[index] === key);
}

interface RuleWay {
  readonly way: Way;
  readonly id: string;
  readonly name: string;
}

/** Every check of the schema by where the schema asks for it; none where the draft is no schema. */
function listRuleWays(schema: unknown): readonly RuleWay[] {
  const validated = validateDocument('data-schema', schema);
  if (!validated.ok) return [];
  // No id depends on the moment of the check.
  const rules = [...listRules(validated.document), ...listTableRules(validated.document, new Date(0))];
  return rules.map(({ path, id, name }) => ({ way: path, id, name }));
}

/**
 * The share of each column's values that must satisfy its keywords. Here it is one for all keywords of a column: where
 * the other tool has several, the column stays strict, because a check that was asked for must not become looser.
 */
function chooseTolerances(carried: readonly Carried[]): ReadonlyMap<string, number> {
  const shares = new Map<string, Set<number>>();
  for (const { puts, mostly = 1 } of carried) {
    for (const put of puts) {
      if (put.kind !== 'keyword' || ANNOTATIONS.has(put.keyword) || WHOLE.has(put.keyword)) continue;
      shares.set(put.column, (shares.get(put.column) ?? new Set()).add(mostly));
    }
  }
  return new Map(
    Array.from(shares, ([column, found]) => {
      const [only] = found;
      return [column, found.size === 1 && only !== undefined ? only : 1];
    }),
  );
}

const ANNOTATIONS: ReadonlySet<string> = new Set(['title', 'description', '$comment', 'examples']);

/** Keywords that hold other schemas: `dataset.mostly` says nothing of them. */
const WHOLE: ReadonlySet<string> = new Set(['not', 'anyOf', 'oneOf', 'allOf', 'if', 'items', 'properties']);

function explainTolerance(
  { from, puts, mostly = 1 }: Carried,
  tolerances: ReadonlyMap<string, number>,
): readonly LeftBehind[] {
  const keywords = puts.flatMap((put) => (put.kind === 'keyword' ? [put] : []));
  if (mostly === 1 || keywords.length === 0) return [];
  const isWhole = keywords.some(({ keyword }) => WHOLE.has(keyword));
  if (!isWhole && keywords.every(({ column }) => tolerances.get(column) === mostly)) return [];
  return [
    {
      kind: 'left',
      from,
      what: `a share of ${mostly}`,
      why: isWhole
        ? '`dataset.mostly` says nothing of `not` and `anyOf`; the rule was carried over, and tolerates no value'
        : 'other rules of the column have another share, and here one holds for all of them; the rule was carried over, and tolerates no value',
      instead: isWhole
        ? 'Say it with `enum` or `pattern`, or take the rule out.'
        : 'Set `dataset.mostly` for the column, if all its rules may be as loose.',
    },
  ];
}

/** Puts each thing into the draft. A second wish for one place becomes an `allOf`, or a conflict that is told. */
function placeAll(
  draft: Draft,
  { from, puts, severity }: Carried,
): {
  readonly wishes: readonly Pick<Wish, 'put' | 'way'>[];
  readonly conflicts: readonly LeftBehind[];
} {
  const wishes: Pick<Wish, 'put' | 'way'>[] = [];
  const conflicts: LeftBehind[] = [];
  for (const put of puts) {
    const way = place(draft, put, severity);
    if (way === 'conflict') conflicts.push(describeConflict(from, put));
    else if (way !== undefined) wishes.push({ put, way });
  }
  return { wishes, conflicts };
}

function describeConflict(from: string, put: Put): LeftBehind {
  return {
    kind: 'left',
    from,
    what: `dataset.${put.kind === 'set' ? put.path.join('.') : put.kind === 'add' ? put.list : ''}`,
    why: 'the file asks for it twice, with different values; the first was carried over',
    instead: 'Decide which one holds, and set it by hand.',
  };
}

function place(draft: Draft, put: Put, severity: Carried['severity']): Way | 'conflict' | undefined {
  switch (put.kind) {
    case 'keyword':
      return placeKeyword(columnOf(draft, put.column), put.column, put.keyword, put.value);
    case 'implied-type':
      return ['properties', put.column, 'type'];
    case 'listed':
      columnOf(draft, put.column);
      return undefined;
    case 'exists':
      columnOf(draft, put.column);
      return ['dataset', 'null-fraction', put.column];
    case 'required':
      columnOf(draft, put.column);
      draft.required.add(put.column);
      return ['required', String([...draft.required].indexOf(put.column))];
    case 'closed':
      draft.isClosed = true;
      return ['additionalProperties'];
    case 'set':
      return setIn(draft.dataset, put.path, put.value) ? ['dataset', ...put.path] : 'conflict';
    case 'add':
      return placeEntry(draft, put.list, put.entry, severity);
  }
}

type Entry = Readonly<Record<string, unknown>>;

/** What makes the id of an entry's check: two entries of one id cannot stand in one list. */
const SAME_CHECK: Readonly<Record<string, (entry: Entry) => unknown>> = {
  unique: ({ columns }) => columns,
  order: ({ column }) => column,
  'foreign-keys': ({ columns, references }) => [columns, (references as Entry)['dataset']],
  sums: ({ columns, equals }) => [columns, equals],
  sql: ({ name, query }) => [name, query],
};

/** Where several ask for the same, a failure counts if it does for one of them. */
function placeEntry(
  draft: Draft,
  list: string,
  entry: Entry,
  severity: Carried['severity'],
): Way | 'conflict' {
  const there = draft.dataset.get(list);
  const entries: Entry[] = Array.isArray(there) ? (there as Entry[]) : [];
  draft.dataset.set(list, entries);
  const sameCheck = SAME_CHECK[list] ?? ((whole: Entry) => whole);
  const twin = entries.findIndex((other) => isSame(sameCheck(other), sameCheck(entry)));
  if (twin < 0) {
    const named = list === 'sql' ? nameApart(entry, entries) : entry;
    entries.push(severity === undefined ? named : { ...named, severity });
    return ['dataset', list, String(entries.length - 1)];
  }
  const { severity: other, ...rest } = entries[twin] ?? {};
  if (!isSame(rest, entry)) return 'conflict';
  if (other !== severity) entries[twin] = rest;
  return ['dataset', list, String(twin)];
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** Names of queries make the ids of their checks. */
function nameApart(entry: Entry, entries: readonly Entry[]): Entry {
  const same = entries.filter(({ name }) => String(name).replace(/ \(\d+\)$/u, '') === entry['name']).length;
  return same === 0 ? entry : { ...entry, name: `${String(entry['name'])} (${same + 1})` };
}

function columnOf(draft: Draft, column: string): Map<string, unknown> {
  const found = draft.columns.get(column) ?? new Map<string, unknown>();
  draft.columns.set(column, found);
  return found;
}

function placeKeyword(
  column: Map<string, unknown>,
  name: string,
  keyword: string,
  value: unknown,
): Way | undefined {
  const there = column.get(keyword);
  if (there === undefined) column.set(keyword, value);
  else if (JSON.stringify(there) !== JSON.stringify(value)) {
    if (ANNOTATIONS.has(keyword)) return undefined;
    const branches: unknown = column.get('allOf');
    const all: unknown[] = Array.isArray(branches) ? branches : [];
    all.push({ [keyword]: value });
    column.set('allOf', all);
    return ['properties', name, 'allOf', String(all.length - 1)];
  }
  return ANNOTATIONS.has(keyword) ? undefined : ['properties', name, keyword];
}

/** Sets one value below nested maps; false where another one is there. */
function setIn(root: Map<string, unknown>, path: readonly string[], value: unknown): boolean {
  const [key = '', ...rest] = path;
  const there = root.get(key);
  if (rest.length > 0) {
    const below = there instanceof Map ? (there as Map<string, unknown>) : new Map<string, unknown>();
    root.set(key, below);
    return setIn(below, rest, value);
  }
  if (there === undefined) root.set(key, value);
  return there === undefined || JSON.stringify(there) === JSON.stringify(value);
}

/** What can be said only when all of the table is known. */
function imply(draft: Draft, put: Put): void {
  if (put.kind === 'implied-type') {
    const column = columnOf(draft, put.column);
    if (!column.has('type')) column.set('type', put.type);
  }
  if (put.kind !== 'exists' || draft.required.has(put.column)) return;
  const fractions = draft.dataset.get('null-fraction');
  const isBounded = fractions instanceof Map && fractions.has(put.column);
  // A bound on a column that is not there fails, also one that any share of absent cells satisfies.
  if (!isBounded) setIn(draft.dataset, ['null-fraction', put.column, 'at-most'], 1);
}

function printDraft({ title, description }: ForeignTable, draft: Draft): Readonly<Record<string, unknown>> {
  const required = [...draft.required];
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    ...(title === undefined ? {} : { title }),
    ...(description === undefined ? {} : { description }),
    type: 'object',
    properties: toObject(
      new Map(Array.from(draft.columns, ([name, column]) => [name, sortKeywords(column)])),
    ),
    ...(required.length === 0 ? {} : { required }),
    ...(draft.isClosed ? { additionalProperties: false } : {}),
    ...(draft.dataset.size === 0 ? {} : { dataset: toObject(draft.dataset) }),
  };
}

const FIRST_KEYWORDS = ['title', 'description', 'type', 'format'];

/** As people write them: what the column is, before what it must satisfy. */
function sortKeywords(column: ReadonlyMap<string, unknown>): ReadonlyMap<string, unknown> {
  const first = FIRST_KEYWORDS.filter((keyword) => column.has(keyword));
  const rest = [...column.keys()].filter((keyword) => !first.includes(keyword));
  return new Map([...first, ...rest].map((keyword) => [keyword, column.get(keyword)]));
}

/** Own properties whatever their names: `__proto__` is a column like any other. */
function toObject(map: ReadonlyMap<string, unknown>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Array.from(map, ([key, value]) => [
      key,
      value instanceof Map ? toObject(value as ReadonlyMap<string, unknown>) : value,
    ]),
  );
}

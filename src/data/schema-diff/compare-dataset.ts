/** What changes in the `dataset` block: demands on the whole table, each by itself. */
import type { SchemaObject } from '../../schemas/subschemas.ts';
import { mappingOf } from './compare-context.ts';
import { numberOf, textsOf } from './compare-values.ts';
import { effectOfBound, effectOfDemands, type Effect } from './effect.ts';
import { isEqual } from './same-schema.ts';
import { changeAt, show, showList, type Place, type SchemaChange } from './schema-change.ts';

const TOP: Place = { path: ['dataset'], isFlipped: false, subject: '' };

function at(keys: readonly string[], subject: string, column?: string): Place {
  return {
    path: ['dataset', ...keys],
    isFlipped: false,
    subject,
    ...(column === undefined ? {} : { column }),
  };
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

type CompareKey = (before: unknown, after: unknown) => readonly SchemaChange[];

/** How each key of the block is compared; of any other key nothing is known. */
const KEYS: Readonly<Record<string, CompareKey>> = {
  rows: compareRows,
  unique: (before, after) => compareEntries('unique', listKeys(before), listKeys(after)),
  'null-fraction': (before, after) =>
    compareColumns(before, after, (column, old, now) =>
      compareBounds(
        at(['null-fraction', column], `Column ${show(column)}, share of absent cells`, column),
        old,
        now,
      ),
    ),
  statistics: compareStatistics,
  order: compareList('order'),
  freshness: compareFreshness,
  'foreign-keys': compareList('foreign-keys'),
  sums: compareList('sums'),
  'functional-dependencies': compareList('functional-dependencies'),
  rules: compareList('rules'),
  slices: compareList('slices'),
  compare: compareList('compare'),
  sql: compareList('sql'),
  environments: compareEnvironments,
  severity: compareSeverities,
  skip: compareSkipped,
};

export function compareDataset(before: unknown, after: unknown): readonly SchemaChange[] {
  const [old, now] = [mappingOf(before), mappingOf(after)];
  const keys = [...new Set([...Object.keys(old), ...Object.keys(now)])];
  return [
    ...compareMass('mostly', mappingOf(old['mostly']), mappingOf(now['mostly'])),
    ...compareMass('min-domain-mass', domainMassOf(old, now), domainMassOf(now, old)),
    ...keys
      .filter((key) => !MASS_KEYS.includes(key) && !isEqual(old[key], now[key]))
      .flatMap((key) => compareKey(key, old[key], now[key])),
  ];
}

function compareKey(key: string, old: unknown, now: unknown): readonly SchemaChange[] {
  if (Object.hasOwn(KEYS, key)) return KEYS[key]?.(old, now) ?? [];
  const why = WHY_UNKNOWN[key] ?? 'what it does to the verdict cannot be told';
  return [changeAt(TOP, [key], 'unknown', `\`dataset.${key}\` changes: ${why}.`)];
}

const WHY_UNKNOWN: Readonly<Record<string, string>> = {
  cells: 'the same cells become other values',
  'column-cells': 'the same cells become other values',
};

function compareColumns(
  before: unknown,
  after: unknown,
  compare: (name: string, old: unknown, now: unknown) => readonly SchemaChange[],
): readonly SchemaChange[] {
  const [old, now] = [mappingOf(before), mappingOf(after)];
  return [...new Set([...Object.keys(old), ...Object.keys(now)])].flatMap((name) =>
    compare(
      name,
      Object.hasOwn(old, name) ? old[name] : undefined,
      Object.hasOwn(now, name) ? now[name] : undefined,
    ),
  );
}

function wordBound(side: string, old: number | undefined, now: number | undefined): string {
  if (old === undefined) return `\`${side}\` is ${String(now)}, which had no bound.`;
  return now === undefined
    ? `\`${side}\` has no bound now; it was ${old}.`
    : `\`${side}\` moves from ${old} to ${now}.`;
}

/** `at-least` and `at-most`. */
function compareBounds(place: Place, before: unknown, after: unknown): readonly SchemaChange[] {
  const [old, now] = [mappingOf(before), mappingOf(after)];
  return (['at-least', 'at-most'] as const).flatMap((side): readonly SchemaChange[] => {
    const [was, is] = [numberOf(old[side]), numberOf(now[side])];
    const effect = effectOfBound(side === 'at-least' ? 'lower' : 'upper', was, is);
    return effect === 'none' ? [] : [changeAt(place, [side], effect, wordBound(side, was, is))];
  });
}

/** An empty table is refused also where nothing is said of rows. */
const LEAST_ROWS = 1;

function withLeast(rows: unknown): SchemaObject {
  return { 'at-least': LEAST_ROWS, ...mappingOf(rows) };
}

function compareRows(before: unknown, after: unknown): readonly SchemaChange[] {
  const [old, now] = [withLeast(before), withLeast(after)];
  const place = at(['rows'], 'Number of rows');
  return [...compareBounds(place, old, now), ...compareChange(place, old['max-change'], now['max-change'])];
}

/** A number of rows, or a share of them: one of each cannot be held against each other. */
function compareChange(place: Place, old: unknown, now: unknown): readonly SchemaChange[] {
  if (isEqual(old, now)) return [];
  const [was, is] = [old, now].map((value) =>
    typeof value === 'string' ? Number.parseFloat(value) : numberOf(value),
  );
  const isMixed = old !== undefined && now !== undefined && typeof old !== typeof now;
  const effect = isMixed ? 'unknown' : effectOfBound('upper', was, is);
  const text = `\`max-change\` ${now === undefined ? 'is gone' : old === undefined ? `is ${show(now)}` : `moves from ${show(old)} to ${show(now)}`}.`;
  return effect === 'none' ? [] : [changeAt(place, ['max-change'], effect, text)];
}

/** Keys as mappings, whichever way they are written. */
function listKeys(keys: unknown): readonly unknown[] {
  return listOf(keys).map((key) => (Array.isArray(key) ? { columns: key } : key));
}

function compareList(key: string): CompareKey {
  return (before, after) => compareEntries(key, listOf(before), listOf(after));
}

/** An entry as people write it: of a key that is only its columns, these. */
function showEntry(entry: unknown): string {
  const { columns, ...rest } = mappingOf(entry);
  return show(Object.keys(rest).length === 0 ? columns : entry);
}

/** What tells an entry from others of its list, where it changes. */
function identityOf(entry: unknown): string {
  const { name, columns, column, by, references, determine, equals } = mappingOf(entry);
  return JSON.stringify(name ?? [columns, column, by, references, determine, equals]);
}

/** Demands of a list: new ones tighten, those that are gone loosen. */
function compareEntries(
  key: string,
  before: readonly unknown[],
  after: readonly unknown[],
): readonly SchemaChange[] {
  const gone = before.filter((entry) => !after.some((other) => isEqual(entry, other)));
  const come = after.filter((entry) => !before.some((other) => isEqual(entry, other)));
  const place = at([key], `\`dataset.${key}\``);
  const changed = come.flatMap((entry) => {
    const old = gone.find((other) => identityOf(other) === identityOf(entry));
    return old === undefined ? [] : [{ old, entry }];
  });
  return [
    ...changed.map(({ old, entry }) =>
      changeAt(place, [], effectOfEntry(old, entry), `${showEntry(old)} becomes ${showEntry(entry)}.`),
    ),
    ...come
      .filter((entry) => !changed.some((change) => change.entry === entry))
      .map((entry) => changeAt(place, [], 'tightening', `${showEntry(entry)} is new.`)),
    ...gone
      .filter((entry) => !changed.some((change) => change.old === entry))
      .map((entry) => changeAt(place, [], 'loosening', `${showEntry(entry)} is gone.`)),
  ];
}

/** Of one that changes, only what becomes of its severity is known. */
function effectOfEntry(before: unknown, after: unknown): Effect {
  const [{ severity: old, ...one }, { severity: now, ...other }] = [mappingOf(before), mappingOf(after)];
  return isEqual(one, other) ? effectOfSeverity(old, now) : 'unknown';
}

/** Without one, mlgate.yml says what a failed check is. */
function effectOfSeverity(old: unknown, now: unknown): Effect {
  if (now === 'warn' || old === 'fail') return 'loosening';
  return now === 'fail' || old === 'warn' ? 'tightening' : 'unknown';
}

/** Keys that say of a column how many of its values must be as its schema says. */
const MASS_KEYS: readonly string[] = ['min-domain-mass', 'mostly'];

/** The share that must be among the values listed, where one of two schemas says so: `min-domain-mass` is nearer than `mostly`. */
function domainMassOf(dataset: SchemaObject, other: SchemaObject): SchemaObject {
  const mass = { ...mappingOf(dataset['mostly']), ...mappingOf(dataset['min-domain-mass']) };
  const named = { ...mappingOf(dataset['min-domain-mass']), ...mappingOf(other['min-domain-mass']) };
  return Object.fromEntries(Object.entries(mass).filter(([column]) => Object.hasOwn(named, column)));
}

function compareMass(key: string, before: SchemaObject, after: SchemaObject): readonly SchemaChange[] {
  const what = key === 'mostly' ? 'as its schema says' : 'among those listed';
  return compareColumns(before, after, (column, old, now) => {
    const [was, is] = [numberOf(old) ?? 1, numberOf(now) ?? 1];
    const effect = effectOfBound('lower', was, is);
    const place = at([key, column], `Column ${show(column)}`, column);
    const text = `the share of values that must be ${what} moves from ${was} to ${is}.`;
    return effect === 'none' ? [] : [changeAt(place, [], effect, text)];
  });
}

function compareStatistics(before: unknown, after: unknown): readonly SchemaChange[] {
  return compareColumns(before, after, (column, old, now) =>
    compareColumns(old, now, (statistic, was, is) => {
      const path = ['statistics', column, statistic];
      const subject = `Column ${show(column)}, ${statistic}`;
      return statistic === 'quantiles'
        ? compareColumns(was, is, (level, one, other) =>
            compareBounds(
              at([...path, level], `Column ${show(column)}, quantile ${level}`, column),
              one,
              other,
            ),
          )
        : compareBounds(at(path, subject, column), was, is);
    }),
  );
}

const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };

function secondsOf(duration: unknown): number | undefined {
  const [, count, unit = ''] = /^([0-9]+)([smhdw])$/u.exec(String(duration)) ?? [];
  return count === undefined ? undefined : Number(count) * (SECONDS[unit] ?? Number.NaN);
}

function compareFreshness(before: unknown, after: unknown): readonly SchemaChange[] {
  return compareColumns(before, after, (column, old, now) => {
    const place = at(['freshness', column], `Column ${show(column)}, age of the newest value`, column);
    const [{ 'at-most': was, severity: one }, { 'at-most': is, severity: other }] = [
      mappingOf(old),
      mappingOf(now),
    ];
    const effect = effectOfBound('upper', secondsOf(was), secondsOf(is));
    return [
      ...(effect === 'none'
        ? []
        : [changeAt(place, ['at-most'], effect, `\`at-most\` is ${show(is)}, which was ${show(was)}.`)]),
      ...(isEqual(one, other) || old === undefined || now === undefined
        ? []
        : [
            changeAt(
              place,
              ['severity'],
              effectOfSeverity(one, other),
              `\`severity\` is ${show(other)}, which was ${show(one)}.`,
            ),
          ]),
    ];
  });
}

function compareEnvironments(before: unknown, after: unknown): readonly SchemaChange[] {
  return compareColumns(before, after, (name, old, now) => {
    const [was, is] = [old, now].map((environment) => textsOf(mappingOf(environment)['absent'])) as [
      readonly string[],
      readonly string[],
    ];
    const added = is.filter((column) => !was.includes(column));
    const removed = was.filter((column) => !is.includes(column));
    const text = `columns that may be missing are ${is.length === 0 ? 'none' : showList(is)}, which were ${was.length === 0 ? 'none' : showList(was)}.`;
    const effect = effectOfDemands(removed.length, added.length);
    return effect === 'none'
      ? []
      : [changeAt(at(['environments', name], `Environment ${show(name)}`), [], effect, text)];
  });
}

function compareSeverities(before: unknown, after: unknown): readonly SchemaChange[] {
  return compareColumns(before, after, (check, old, now) =>
    isEqual(old, now)
      ? []
      : [
          changeAt(
            at(['severity', check], `Severity of ${show(check)}`),
            [],
            effectOfSeverity(old, now),
            now === undefined
              ? `it is no longer said; it was ${show(old)}.`
              : `${show(now)}, which was ${show(old)}.`,
          ),
        ],
  );
}

function compareSkipped(before: unknown, after: unknown): readonly SchemaChange[] {
  return compareColumns(lastDays(before), lastDays(after), (check, old, now) => {
    const place = at(['skip'], `Check ${show(check)}`);
    if (typeof old !== 'string') return [changeAt(place, [], 'loosening', `is left out until ${show(now)}.`)];
    if (typeof now !== 'string') {
      return [changeAt(place, [], 'tightening', `is no longer left out; it was until ${show(old)}.`)];
    }
    const effect = now === old ? 'none' : now > old ? 'loosening' : 'tightening';
    const text = `is left out until ${show(now)}, which was ${show(old)}.`;
    return effect === 'none' ? [] : [changeAt(place, [], effect, text)];
  });
}

/** Until when each check is left out; of several days the last. */
function lastDays(skipped: unknown): SchemaObject {
  const days = listOf(skipped).map((entry) => {
    const { check, until } = entry as { readonly check: string; readonly until: string };
    return [check, until] as const;
  });
  return Object.fromEntries(days.toSorted(([, one], [, other]) => (one < other ? -1 : 1)));
}

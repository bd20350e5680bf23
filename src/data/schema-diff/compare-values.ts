/** Keywords that hold no schemas: what a change of theirs does. */
import type { SchemaObject } from '../../schemas/subschemas.ts';
import { effectOfBound, effectOfDemands, type Effect } from './effect.ts';
import { isEqual } from './same-schema.ts';
import { changeAt, show, showList, type Place, type SchemaChange } from './schema-change.ts';

/** All changes of such keywords from one schema to another at the same place. */
export function compareValues(
  before: SchemaObject,
  after: SchemaObject,
  place: Place,
): readonly SchemaChange[] {
  return [
    ...compareTypes(before, after, place),
    ...compareAllowed(before, after, place),
    ...compareLimits(before, after, place),
    ...BOUNDS.flatMap((bound) => compareBound(bound, before, after, place)),
    ...REPLACED.flatMap((keyword) => compareReplaced(keyword, before, after, place)),
    ...compareUniqueItems(before, after, place),
    ...compareRequired(before, after, place),
    ...compareDependent(before, after, place),
  ];
}

/** Keywords that `compareValues` looks at. */
export const VALUE_KEYWORDS: readonly string[] = [
  'type',
  'enum',
  'const',
  'minimum',
  'exclusiveMinimum',
  'maximum',
  'exclusiveMaximum',
  'minLength',
  'maxLength',
  'minItems',
  'maxItems',
  'minProperties',
  'maxProperties',
  'multipleOf',
  'pattern',
  'format',
  'uniqueItems',
  'required',
  'dependentRequired',
];

/** Kinds of values of which each type is a union. */
const KINDS: Readonly<Record<string, readonly string[]>> = {
  null: ['null'],
  boolean: ['boolean'],
  integer: ['integer'],
  number: ['integer', 'fraction'],
  string: ['string'],
  array: ['array'],
  object: ['object'],
};
const ALL_KINDS = [...new Set(Object.values(KINDS).flat())];

/** The types that a schema names itself; none where it allows any. */
export function typesOf({ type }: SchemaObject): readonly string[] {
  return typeof type === 'string' ? [type] : textsOf(type);
}

function kindsOf(schema: SchemaObject): readonly string[] {
  return 'type' in schema ? typesOf(schema).flatMap((name) => KINDS[name] ?? []) : ALL_KINDS;
}

function compareTypes(before: SchemaObject, after: SchemaObject, place: Place): readonly SchemaChange[] {
  const [old, now] = [kindsOf(before), kindsOf(after)];
  const effect = effectOfDemands(
    old.filter((kind) => !now.includes(kind)).length,
    now.filter((kind) => !old.includes(kind)).length,
  );
  if (effect === 'none') return [];
  const words = { loosening: 'is wider', tightening: 'is narrower', both: 'changes', unknown: 'changes' }[
    effect
  ];
  const [was, is] = [before, after].map((schema) =>
    'type' in schema ? typesOf(schema).join(' or ') : 'any',
  );
  return [changeAt(place, ['type'], effect, `\`type\` ${words}: ${is}, which was ${was}.`)];
}

/** The values that `enum` and `const` leave; undefined where both are silent. */
function allowedOf(schema: SchemaObject): readonly unknown[] | undefined {
  const listed = Array.isArray(schema['enum']) ? (schema['enum'] as readonly unknown[]) : undefined;
  if (!Object.hasOwn(schema, 'const')) return listed;
  const only = schema['const'];
  return listed === undefined || listed.some((value) => isEqual(value, only)) ? [only] : [];
}

function compareAllowed(before: SchemaObject, after: SchemaObject, place: Place): readonly SchemaChange[] {
  const [old, now] = [allowedOf(before), allowedOf(after)];
  const keyword =
    Object.hasOwn(after, 'const') || (now === undefined && Object.hasOwn(before, 'const')) ? 'const' : 'enum';
  if (old === undefined && now === undefined) return [];
  if (old === undefined) {
    return [
      changeAt(place, [keyword], 'tightening', `only these values are allowed now: ${showList(now ?? [])}.`),
    ];
  }
  if (now === undefined) {
    return [
      changeAt(
        place,
        [keyword],
        'loosening',
        `any value is allowed now, where it was one of ${showList(old)}.`,
      ),
    ];
  }
  const gained = now.filter((value) => !old.some((known) => isEqual(known, value)));
  const lost = old.filter((value) => !now.some((known) => isEqual(known, value)));
  return [
    ...(gained.length === 0
      ? []
      : [changeAt(place, [keyword], 'loosening', `\`${keyword}\` gains ${showList(gained)}.`)]),
    ...(lost.length === 0
      ? []
      : [changeAt(place, [keyword], 'tightening', `\`${keyword}\` loses ${showList(lost)}.`)]),
  ];
}

export function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

interface Limit {
  readonly value: number;
  readonly isExclusive: boolean;
}

/** The stricter of an inclusive and an exclusive limit. */
function limitOf(schema: SchemaObject, side: 'lower' | 'upper'): Limit | undefined {
  const inclusive = numberOf(schema[side === 'lower' ? 'minimum' : 'maximum']);
  const exclusive = numberOf(schema[side === 'lower' ? 'exclusiveMinimum' : 'exclusiveMaximum']);
  if (exclusive === undefined)
    return inclusive === undefined ? undefined : { value: inclusive, isExclusive: false };
  const isStricter =
    inclusive === undefined || (side === 'lower' ? exclusive >= inclusive : exclusive <= inclusive);
  return isStricter ? { value: exclusive, isExclusive: true } : { value: inclusive, isExclusive: false };
}

function compareLimits(before: SchemaObject, after: SchemaObject, place: Place): readonly SchemaChange[] {
  return (['lower', 'upper'] as const).flatMap((side): readonly SchemaChange[] => {
    const [old, now] = [limitOf(before, side), limitOf(after, side)];
    const effect = compareLimit(side, old, now);
    if (effect === 'none') return [];
    const limit = side === 'lower' ? 'least' : 'greatest';
    const keyword = side === 'lower' ? 'minimum' : 'maximum';
    const key =
      (now ?? old)?.isExclusive === true
        ? `exclusive${keyword[0]?.toUpperCase() ?? ''}${keyword.slice(1)}`
        : keyword;
    return [
      changeAt(
        place,
        [key],
        effect,
        `the ${limit} number allowed ${wordMove(showLimit(side, old), showLimit(side, now))}`,
      ),
    ];
  });
}

function compareLimit(side: 'lower' | 'upper', old: Limit | undefined, now: Limit | undefined): Effect {
  const moved = effectOfBound(side, old?.value, now?.value);
  if (moved !== 'none' || old === undefined || now === undefined || old.isExclusive === now.isExclusive)
    return moved;
  return now.isExclusive ? 'tightening' : 'loosening';
}

function showLimit(side: 'lower' | 'upper', limit: Limit | undefined): string | undefined {
  if (limit === undefined) return undefined;
  return limit.isExclusive ? `${side === 'lower' ? 'above' : 'below'} ${limit.value}` : String(limit.value);
}

function wordMove(old: string | undefined, now: string | undefined): string {
  if (old === undefined) return `is ${now ?? ''}, which had no bound.`;
  return now === undefined ? `has no bound now; it was ${old}.` : `moves from ${old} to ${now}.`;
}

interface Bound {
  readonly keyword: string;
  readonly side: 'lower' | 'upper';
  readonly words: string;
}

const BOUNDS: readonly Bound[] = [
  { keyword: 'minLength', side: 'lower', words: 'the fewest characters allowed' },
  { keyword: 'maxLength', side: 'upper', words: 'the most characters allowed' },
  { keyword: 'minItems', side: 'lower', words: 'the fewest items allowed' },
  { keyword: 'maxItems', side: 'upper', words: 'the most items allowed' },
  { keyword: 'minProperties', side: 'lower', words: 'the fewest properties allowed' },
  { keyword: 'maxProperties', side: 'upper', words: 'the most properties allowed' },
];

/** Sizes are whole and not negative: a bound of 0 from below is none. */
function compareBound(
  { keyword, side, words }: Bound,
  before: SchemaObject,
  after: SchemaObject,
  place: Place,
): readonly SchemaChange[] {
  const [old, now] = [before, after].map((schema) => {
    const value = numberOf(schema[keyword]);
    return side === 'lower' && value === 0 ? undefined : value;
  });
  const effect = effectOfBound(side, old, now);
  if (effect === 'none') return [];
  const shown = [old, now].map((value) => (value === undefined ? undefined : String(value)));
  return [changeAt(place, [keyword], effect, `${words} ${wordMove(shown[0], shown[1])}`)];
}

/** Keywords of which two values cannot be held against each other. */
const REPLACED = ['multipleOf', 'pattern', 'format'] as const;

function compareReplaced(
  keyword: string,
  before: SchemaObject,
  after: SchemaObject,
  place: Place,
): readonly SchemaChange[] {
  const [old, now] = [before[keyword], after[keyword]];
  if (isEqual(old, now)) return [];
  if (old === undefined)
    return [changeAt(place, [keyword], 'tightening', `\`${keyword}\` ${show(now)} is new.`)];
  if (now === undefined)
    return [changeAt(place, [keyword], 'loosening', `\`${keyword}\` ${show(old)} is gone.`)];
  return [changeAt(place, [keyword], 'unknown', `\`${keyword}\` changes from ${show(old)} to ${show(now)}.`)];
}

function compareUniqueItems(
  before: SchemaObject,
  after: SchemaObject,
  place: Place,
): readonly SchemaChange[] {
  const [old, now] = [before['uniqueItems'] === true, after['uniqueItems'] === true];
  if (old === now) return [];
  return now
    ? [changeAt(place, ['uniqueItems'], 'tightening', 'items must all differ now.')]
    : [changeAt(place, ['uniqueItems'], 'loosening', 'items need not differ any more.')];
}

export function textsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

function compareRequired(before: SchemaObject, after: SchemaObject, place: Place): readonly SchemaChange[] {
  const [old, now] = [textsOf(before['required']), textsOf(after['required'])];
  const of = (name: string): Place => (isTop(place) ? { ...place, column: name } : place);
  const what = isTop(place) ? 'column' : 'property';
  return [
    ...now
      .filter((name) => !old.includes(name))
      .map((name) =>
        changeAt(
          of(name),
          ['required'],
          'tightening',
          `${what} ${show(name)} must have a value in every row now.`,
        ),
      ),
    ...old
      .filter((name) => !now.includes(name))
      .map((name) =>
        changeAt(of(name), ['required'], 'loosening', `${what} ${show(name)} may be without a value now.`),
      ),
  ];
}

/** Whether a place is that of the row itself. */
export function isTop({ path }: Place): boolean {
  return path.length === 0;
}

function compareDependent(before: SchemaObject, after: SchemaObject, place: Place): readonly SchemaChange[] {
  const [old, now] = [dependentOf(before), dependentOf(after)];
  return [...new Set([...old.keys(), ...now.keys()])].flatMap((name): readonly SchemaChange[] => {
    const [was, is] = [old.get(name) ?? [], now.get(name) ?? []];
    const added = is.filter((other) => !was.includes(other));
    const removed = was.filter((other) => !is.includes(other));
    const effect = effectOfDemands(added.length, removed.length);
    if (effect === 'none') return [];
    const text = `where ${show(name)} has a value, ${is.length === 0 ? 'nothing else' : showList(is)} must have one; before it was ${was.length === 0 ? 'nothing else' : showList(was)}.`;
    return [changeAt(place, ['dependentRequired', name], effect, text)];
  });
}

function dependentOf(schema: SchemaObject): ReadonlyMap<string, readonly string[]> {
  const dependent = schema['dependentRequired'];
  const entries = typeof dependent === 'object' && dependent !== null ? Object.entries(dependent) : [];
  return new Map(entries.map(([name, others]) => [name, textsOf(others)]));
}

/**
 * Two JSON Schemas held against each other, keyword by keyword. A schema is the conjunction of its keywords, so where each
 * of them allows no more than before, neither does the whole; keywords that depend on each other (properties and
 * additionalProperties, items and prefixItems, contains and its counts, if, then and else, what is unevaluated) are
 * compared as one.
 */
import type { SchemaObject } from '../../schemas/subschemas.ts';
import { type Context, mappingOf, ownOf } from './compare-context.ts';
import { compareObjects } from './compare-objects.ts';
import { compareValues, numberOf, VALUE_KEYWORDS } from './compare-values.ts';
import { effectOfBound, joinEffects } from './effect.ts';
import { ANNOTATIONS, asObject, expand, isEqual, isNever, isSame, type Roots } from './same-schema.ts';
import { below, changeAt, show, type Place, type SchemaChange } from './schema-change.ts';

export function compareSchemas(
  before: unknown,
  after: unknown,
  place: Place,
  roots: Roots,
): readonly SchemaChange[] {
  return compareAny(before, after, place, { ...roots, pending: new Set(), compare: compareAny });
}

function compareAny(before: unknown, after: unknown, place: Place, outer: Context): readonly SchemaChange[] {
  const [one, other] = [asObject(before), asObject(after)];
  const pair = JSON.stringify([one['$ref'], other['$ref']]);
  if (outer.pending.has(pair) && !isSame(one, other, outer)) {
    return [changeAt(place, ['$ref'], 'unknown', 'a schema that refers to itself changes.')];
  }
  const [old, now] = [expand(one, outer.before), expand(other, outer.after)];
  const isReferred = old !== one || now !== other;
  const context = isReferred ? { ...outer, pending: new Set([...outer.pending, pair]) } : outer;
  if (isSame(old, now, context)) return compareAnnotations(old, now, place);
  if (isNever(now)) return [changeAt(place, [], 'tightening', 'nothing is allowed now.')];
  if (isNever(old)) return [changeAt(place, [], 'loosening', 'something is allowed now, where nothing was.')];
  const unevaluated = ['unevaluatedProperties', 'unevaluatedItems'].find(
    (keyword) => keyword in old || keyword in now,
  );
  if (unevaluated !== undefined) {
    return [
      changeAt(
        place,
        [unevaluated],
        'unknown',
        `something changes beside \`${unevaluated}\`, which looks at what all the others leave.`,
      ),
    ];
  }
  return [
    ...compareAnnotations(old, now, place),
    ...compareValues(old, now, place),
    ...compareObjects(old, now, place, context),
    ...compareArrays(old, now, place, context),
    ...compareMonotone(old, now, place, context),
    ...compareConditions(old, now, place, context),
    ...compareReferences(old, now, place, context),
    ...compareOthers(old, now, place),
  ];
}

/** Keywords that are compared, or that say nothing. */
const COMPARED: ReadonlySet<string> = new Set([
  ...VALUE_KEYWORDS,
  ...ANNOTATIONS,
  'properties',
  'patternProperties',
  'additionalProperties',
  'propertyNames',
  'dependentSchemas',
  'prefixItems',
  'items',
  'contains',
  'minContains',
  'maxContains',
  'allOf',
  'anyOf',
  'oneOf',
  'not',
  'if',
  'then',
  'else',
  '$ref',
]);

function compareOthers(old: SchemaObject, now: SchemaObject, place: Place): readonly SchemaChange[] {
  return [...new Set([...Object.keys(old), ...Object.keys(now)])]
    .filter((keyword) => !COMPARED.has(keyword) && !isEqual(old[keyword], now[keyword]))
    .map((keyword) => changeAt(place, [keyword], 'unknown', `\`${keyword}\` changes.`));
}

/** Notes that people read. */
const NOTES = ['title', 'description', '$comment', 'examples', 'deprecated', 'default'];

function compareAnnotations(old: SchemaObject, now: SchemaObject, place: Place): readonly SchemaChange[] {
  return NOTES.filter((keyword) => !isEqual(old[keyword], now[keyword])).map((keyword) =>
    changeAt(
      place,
      [keyword],
      'none',
      `\`${keyword}\` ${!(keyword in old) ? 'is new' : keyword in now ? 'changes' : 'is gone'}.`,
    ),
  );
}

function itemsOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function compareArrays(
  old: SchemaObject,
  now: SchemaObject,
  place: Place,
  context: Context,
): readonly SchemaChange[] {
  const [was, is] = [itemsOf(old['prefixItems']), itemsOf(now['prefixItems'])];
  const length = Math.max(was.length, is.length);
  const rest = compareAny(
    old['items'],
    now['items'],
    below(place, ['items'], length === 0 ? 'items' : 'items beyond the first'),
    context,
  );
  const first = Array.from({ length }, (_, index) =>
    compareAny(
      index < was.length ? was[index] : old['items'],
      index < is.length ? is[index] : now['items'],
      below(place, ['prefixItems', String(index)], `item ${index}`),
      context,
    ),
  );
  return [...first.flat(), ...rest, ...compareContains(old, now, place, context)];
}

function compareContains(
  old: SchemaObject,
  now: SchemaObject,
  place: Place,
  context: Context,
): readonly SchemaChange[] {
  const [was, is] = ['contains' in old, 'contains' in now];
  if (!was && !is) return [];
  if (!was) return [changeAt(place, ['contains'], 'tightening', '`contains` is new.')];
  if (!is) return [changeAt(place, ['contains'], 'loosening', '`contains` is gone.')];
  if (!isSame(old['contains'], now['contains'], context)) {
    return [changeAt(place, ['contains'], 'unknown', 'what the items must contain changes.')];
  }
  const effect = joinEffects([
    effectOfBound('lower', numberOf(old['minContains']) ?? 1, numberOf(now['minContains']) ?? 1),
    effectOfBound('upper', numberOf(old['maxContains']), numberOf(now['maxContains'])),
  ]);
  return effect === 'none'
    ? []
    : [changeAt(place, ['contains'], effect, 'how many items must be as `contains` says changes.')];
}

/** Keywords that allow more where what they hold does. */
function compareMonotone(
  old: SchemaObject,
  now: SchemaObject,
  place: Place,
  context: Context,
): readonly SchemaChange[] {
  const [was, is] = [mappingOf(old['dependentSchemas']), mappingOf(now['dependentSchemas'])];
  return [
    ...compareLists('allOf', old, now, place, context),
    ...compareLists('anyOf', old, now, place, context),
    ...[...new Set([...Object.keys(was), ...Object.keys(is)])].flatMap((name) =>
      compareAny(
        ownOf(was, name) ?? {},
        ownOf(is, name) ?? {},
        below(place, ['dependentSchemas', name], `where ${show(name)} has a value`),
        context,
      ),
    ),
    ...compareNot(old, now, place, context),
  ];
}

/** What is the same on both sides goes first; as many as are then left are compared in pairs. */
function compareLists(
  keyword: 'allOf' | 'anyOf',
  old: SchemaObject,
  now: SchemaObject,
  place: Place,
  context: Context,
): readonly SchemaChange[] {
  if (!(keyword in old) || !(keyword in now)) return comparePresence(keyword, old, now, place);
  const [was, is] = [itemsOf(old[keyword]), itemsOf(now[keyword])];
  const gone = was.filter((schema) => !is.some((other) => isSame(schema, other, context)));
  const come = is.filter((schema) => !was.some((other) => isSame(other, schema, context)));
  if (gone.length === come.length) {
    return come.flatMap((schema, index) =>
      compareAny(
        gone[index],
        schema,
        below(place, [keyword, String(is.indexOf(schema))], `\`${keyword}\``),
        context,
      ),
    );
  }
  // Of demands a new one tightens; of alternatives it loosens.
  const [onNew, onGone] =
    keyword === 'allOf' ? (['tightening', 'loosening'] as const) : (['loosening', 'tightening'] as const);
  const what = keyword === 'allOf' ? 'demand' : 'alternative';
  return [
    ...come.map((schema) => changeAt(place, [keyword], onNew, `a new ${what}: ${show(schema)}.`)),
    ...gone.map((schema) => changeAt(place, [keyword], onGone, `a ${what} is gone: ${show(schema)}.`)),
  ];
}

/** A keyword that is there on one side only. */
function comparePresence(
  keyword: string,
  old: SchemaObject,
  now: SchemaObject,
  place: Place,
): readonly SchemaChange[] {
  if (keyword in old === keyword in now) return [];
  return keyword in now
    ? [changeAt(place, [keyword], 'tightening', `\`${keyword}\` ${show(now[keyword])} is new.`)]
    : [changeAt(place, [keyword], 'loosening', `\`${keyword}\` ${show(old[keyword])} is gone.`)];
}

function compareNot(
  old: SchemaObject,
  now: SchemaObject,
  place: Place,
  context: Context,
): readonly SchemaChange[] {
  if (!('not' in old) || !('not' in now)) return comparePresence('not', old, now, place);
  const at = below(place, ['not'], 'what must not hold');
  return compareAny(old['not'], now['not'], { ...at, isFlipped: !place.isFlipped }, context);
}

/** Keywords that are neither. */
function compareConditions(
  old: SchemaObject,
  now: SchemaObject,
  place: Place,
  context: Context,
): readonly SchemaChange[] {
  return [...compareOneOf(old, now, place, context), ...compareIf(old, now, place, context)];
}

function compareOneOf(
  old: SchemaObject,
  now: SchemaObject,
  place: Place,
  context: Context,
): readonly SchemaChange[] {
  if (!('oneOf' in old) || !('oneOf' in now)) return comparePresence('oneOf', old, now, place);
  return isSame({ oneOf: old['oneOf'] }, { oneOf: now['oneOf'] }, context)
    ? []
    : [
        changeAt(
          place,
          ['oneOf'],
          'unknown',
          'the alternatives of `oneOf` change, of which exactly one must hold.',
        ),
      ];
}

function compareIf(
  old: SchemaObject,
  now: SchemaObject,
  place: Place,
  context: Context,
): readonly SchemaChange[] {
  const [was, is] = [hasCondition(old), hasCondition(now)];
  if (!was && !is) return [];
  if (!was) return [changeAt(place, ['if'], 'tightening', 'a condition is new.')];
  if (!is) return [changeAt(place, ['if'], 'loosening', 'a condition is gone.')];
  if (!isSame(old['if'], now['if'], context)) {
    return [changeAt(place, ['if'], 'unknown', 'the rows that a condition is about change.')];
  }
  return [
    ...compareAny(old['then'], now['then'], below(place, ['then'], 'where the condition holds'), context),
    ...compareAny(
      old['else'],
      now['else'],
      below(place, ['else'], 'where the condition does not hold'),
      context,
    ),
  ];
}

function hasCondition(schema: SchemaObject): boolean {
  return 'if' in schema && ('then' in schema || 'else' in schema);
}

function compareReferences(
  old: SchemaObject,
  now: SchemaObject,
  place: Place,
  context: Context,
): readonly SchemaChange[] {
  if (!('$ref' in old) || !('$ref' in now)) return comparePresence('$ref', old, now, place);
  return compareAny({ $ref: old['$ref'] }, { $ref: now['$ref'] }, place, context);
}

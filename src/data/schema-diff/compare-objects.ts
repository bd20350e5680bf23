import type { SchemaObject } from '../../schemas/subschemas.ts';
import { type Context, mappingOf, ownOf } from './compare-context.ts';
import { isTop } from './compare-values.ts';
import { asObject, isNever, isSame, listDemands } from './same-schema.ts';
import { below, changeAt, show, type Place, type SchemaChange } from './schema-change.ts';

/** Properties, their names and patterns, and those beyond: one keyword says of which properties another speaks. */
export function compareObjects(
  old: SchemaObject,
  now: SchemaObject,
  place: Place,
  context: Context,
): readonly SchemaChange[] {
  const names = context.compare(
    old['propertyNames'],
    now['propertyNames'],
    below(place, ['propertyNames'], 'names of properties'),
    context,
  );
  const [oldPatterns, nowPatterns] = [
    mappingOf(old['patternProperties']),
    mappingOf(now['patternProperties']),
  ];
  if (!isSame({ patternProperties: oldPatterns }, { patternProperties: nowPatterns }, context)) {
    return [...names, ...compareWithPatterns(old, now, place, context)];
  }
  const [was, is] = [mappingOf(old['properties']), mappingOf(now['properties'])];
  const listed = [...new Set([...Object.keys(was), ...Object.keys(is)])];
  const patterns = Object.keys(oldPatterns);
  return [
    ...names,
    ...listed.flatMap((name) => {
      // A property that a pattern matches is none of the additional ones.
      const isMatched = patterns.some((pattern) => matches(pattern, name));
      const [before, after] = [was, is].map((properties, side) => {
        const additional = (side === 0 ? old : now)['additionalProperties'];
        return ownOf(properties, name) ?? (isMatched ? {} : asObject(additional));
      });
      const at = placeProperty(place, name);
      return [
        ...notePresence(at, Object.hasOwn(was, name), Object.hasOwn(is, name), now),
        ...context.compare(before, after, at, context),
      ];
    }),
    ...compareAdditional(old, now, place, context),
  ];
}

function matches(pattern: string, name: string): boolean {
  return new RegExp(pattern, 'u').test(name);
}

function placeProperty(place: Place, name: string): Place {
  const step = { ...place, path: [...place.path, 'properties', name] };
  return isTop(place)
    ? { ...step, column: name, subject: `Column ${show(name)}` }
    : {
        ...step,
        subject: place.subject === '' ? `property ${show(name)}` : `${place.subject}, property ${show(name)}`,
      };
}

/** That a schema lists a property, or does so no longer, says nothing of rows by itself. */
function notePresence(
  at: Place,
  wasListed: boolean,
  isListed: boolean,
  now: SchemaObject,
): readonly SchemaChange[] {
  if (wasListed === isListed) return [];
  const fate = isNever(asObject(now['additionalProperties'])) ? 'not allowed' : 'not looked at';
  return [
    changeAt(at, [], 'none', isListed ? 'is listed now.' : `is not listed any more: it is ${fate} now.`),
  ];
}

function compareAdditional(
  old: SchemaObject,
  now: SchemaObject,
  place: Place,
  context: Context,
): readonly SchemaChange[] {
  const [before, after] = [asObject(old['additionalProperties']), asObject(now['additionalProperties'])];
  const what = isTop(place) ? 'other columns' : 'other properties';
  return context
    .compare(before, after, below(place, ['additionalProperties'], place.subject === '' ? '' : what), context)
    .map((change) => (place.subject === '' ? { ...change, text: `${what}: ${change.text}` } : change));
}

/** Where patterns change: with all else equal, which of them came and went; otherwise it cannot be told. */
function compareWithPatterns(
  old: SchemaObject,
  now: SchemaObject,
  place: Place,
  context: Context,
): readonly SchemaChange[] {
  const [was, is] = [mappingOf(old['patternProperties']), mappingOf(now['patternProperties'])];
  const open = [old, now].every(
    (schema) => listDemands(asObject(schema['additionalProperties'])).length === 0,
  );
  const sameRest = isSame(
    { properties: old['properties'] ?? {} },
    { properties: now['properties'] ?? {} },
    context,
  );
  if (!open || !sameRest) {
    return [
      changeAt(
        place,
        ['patternProperties'],
        'unknown',
        'patterns of properties change, and with them what other keywords look at.',
      ),
    ];
  }
  return [...new Set([...Object.keys(was), ...Object.keys(is)])].flatMap((pattern) =>
    context.compare(
      ownOf(was, pattern) ?? {},
      ownOf(is, pattern) ?? {},
      below(place, ['patternProperties', pattern], `properties like ${show(pattern)}`),
      context,
    ),
  );
}

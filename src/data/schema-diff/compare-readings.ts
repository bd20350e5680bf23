/**
 * Cells of text (CSV) become values by the types that a schema names. Where these change, the same text is another value,
 * and what the keywords say of values no longer says enough.
 */
import type { DataSchema } from '../../schemas/data-schema.generated.ts';
import { isSchemaObject, listSubschemas, type SchemaObject } from '../../schemas/subschemas.ts';
import { listDeclaredTypes } from '../column-types.ts';
import { typesOf } from './compare-values.ts';
import type { Effect } from './effect.ts';
import { asObject, expand, listDemands } from './same-schema.ts';
import { changeAt, show, type SchemaChange } from './schema-change.ts';

/** Stands for every column that no schema names. */
const ANY_OTHER = '\u0000';

export function compareReadings(before: DataSchema, after: DataSchema): readonly SchemaChange[] {
  const columns = new Set([...listNames({ ...before }), ...listNames({ ...after }), ANY_OTHER]);
  return [...columns].flatMap((column): readonly SchemaChange[] => {
    const effect = compareReading(before, after, column);
    const subject = column === ANY_OTHER ? 'Other columns' : `Column ${show(column)}`;
    const place = { path: ['properties', column], isFlipped: false, subject };
    const at = column === ANY_OTHER ? { ...place, path: ['additionalProperties'] } : { ...place, column };
    const [was, is] = [before, after].map((schema) => nameReading(readingOf(schema, column)));
    const text = `cells of text are read as ${is}, which were read as ${was}.`;
    return effect === 'none' ? [] : [changeAt(at, [], effect, text)];
  });
}

/** Every name that some `properties` of a schema lists. */
function listNames(schema: SchemaObject): readonly string[] {
  const own = isSchemaObject(schema['properties']) ? Object.keys(schema['properties']) : [];
  return [
    ...own,
    ...listSubschemas(schema).flatMap(({ schema: held }) => (isSchemaObject(held) ? listNames(held) : [])),
  ];
}

interface Reading {
  readonly asText: boolean;
  readonly asNumber: boolean;
  readonly asBoolean: boolean;
}

function readingOf(schema: DataSchema, column: string): Reading {
  const types = listDeclaredTypes(schema, column);
  const asText = types.length === 0 || types.includes('string');
  return {
    asText,
    asNumber: !asText && (types.includes('integer') || types.includes('number')),
    asBoolean: !asText && types.includes('boolean'),
  };
}

function nameReading({ asText, asNumber, asBoolean }: Reading): string {
  if (asText) return 'texts';
  const names = [...(asNumber ? ['numbers'] : []), ...(asBoolean ? ['booleans'] : [])];
  return names.length === 0 ? 'neither numbers nor booleans' : names.join(' or ');
}

function compareReading(before: DataSchema, after: DataSchema, column: string): Effect {
  const [old, now] = [readingOf(before, column), readingOf(after, column)];
  if (old.asText !== now.asText) {
    // Where every text is allowed, another reading of a text cannot allow more.
    const isOpen = allowsEveryText(old.asText ? before : after, column);
    return !isOpen ? 'unknown' : old.asText ? 'tightening' : 'loosening';
  }
  if (old.asNumber === now.asNumber && old.asBoolean === now.asBoolean) return 'none';
  // A text that is read as neither is refused on both sides; what is read so on one side only, its types tell.
  return [before, after].every((schema) => refusesTexts(schema, column)) ? 'none' : 'unknown';
}

/** What a schema says of a column, where it says so in one place only. */
function onlySchemaOf(schema: DataSchema, column: string): SchemaObject | undefined {
  const root = schema as unknown as SchemaObject;
  const isSimple = listDemands(root).every((keyword) => SIMPLE_ROW.has(keyword));
  const own = Object.hasOwn(schema.properties, column)
    ? schema.properties[column]
    : schema.additionalProperties;
  return isSimple ? expand(asObject(own), root) : undefined;
}

/** Keywords of a row that say of a value at most that it is there. */
const SIMPLE_ROW: ReadonlySet<string> = new Set([
  'type',
  'properties',
  'required',
  'additionalProperties',
  'minProperties',
  'maxProperties',
  'dependentRequired',
  'dataset',
]);

/** Keywords that say nothing of a text. */
const SILENT_OF_TEXTS: ReadonlySet<string> = new Set([
  'type',
  'minimum',
  'exclusiveMinimum',
  'maximum',
  'exclusiveMaximum',
  'multipleOf',
  'items',
  'prefixItems',
  'minItems',
  'maxItems',
  'uniqueItems',
  'properties',
  'required',
  'additionalProperties',
  'minProperties',
  'maxProperties',
]);

function allowsEveryText(schema: DataSchema, column: string): boolean {
  const cell = onlySchemaOf(schema, column);
  if (cell === undefined || listDemands(cell).some((keyword) => !SILENT_OF_TEXTS.has(keyword))) return false;
  return !('type' in cell) || typesOf(cell).includes('string');
}

function refusesTexts(schema: DataSchema, column: string): boolean {
  const cell = onlySchemaOf(schema, column);
  return cell !== undefined && 'type' in cell && !typesOf(cell).includes('string');
}

/** What the parts of a comparison of schemas share. */
import { isSchemaObject, type SchemaObject } from '../../schemas/subschemas.ts';
import type { Roots } from './same-schema.ts';
import type { Place, SchemaChange } from './schema-change.ts';

export interface Context extends Roots {
  /** References that are being compared, as pairs: what leads back to one of them is not known. */
  readonly pending: ReadonlySet<string>;
  /** Compares two schemas within these. */
  readonly compare: (
    before: unknown,
    after: unknown,
    place: Place,
    context: Context,
  ) => readonly SchemaChange[];
}

export function mappingOf(value: unknown): SchemaObject {
  return isSchemaObject(value) ? value : {};
}

export function ownOf(mapping: SchemaObject, name: string): unknown {
  return Object.hasOwn(mapping, name) ? mapping[name] : undefined;
}

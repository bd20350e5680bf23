import { isSchemaObject, listInPlace, type SchemaObject } from '../../schemas/subschemas.ts';
import { showValue, type FoundMistake } from '../mistake.ts';
import {
  findReferred,
  listReferences,
  type Reference,
  type SchemaDocument,
  type SchemaIndex,
} from './index-schemas.ts';

/** References of a document that mean nothing, lead to the network, or never end. */
export function checkReferences(index: SchemaIndex, document: SchemaDocument): readonly FoundMistake[] {
  const references = listReferences(index, document);
  const broken = references.flatMap((reference) => checkReference(index, reference));
  return broken.length > 0 ? broken : findEndless(index, references);
}

function checkReference(index: SchemaIndex, { reference, home, path }: Reference): readonly FoundMistake[] {
  const found = findReferred(index, reference, home);
  const mistake = (text: string): readonly FoundMistake[] => [{ path, at: 'value', text }];
  switch (found.kind) {
    case 'schema':
      return [];
    case 'network':
      return mistake(
        `${showValue(reference)} is on the network, and nothing is fetched from there. Copy the file next to this one and refer to it by its path.`,
      );
    case 'file':
      return mistake(`there is no file ${showValue(found.file)} at hand.`);
    case 'nothing':
      return mistake(
        `${showValue(reference)} leads to no schema. Within this file write \`#/$defs/<name>\`, into another \`<path>#/$defs/<name>\`.`,
      );
  }
}

/**
 * The first reference from which one comes back to the same schema without a step into a property or an item: to decide
 * about a value one would have to decide about that very value first.
 */
function findEndless(index: SchemaIndex, references: readonly Reference[]): readonly FoundMistake[] {
  const done = new Set<unknown>();
  for (const { path, reference, home } of references) {
    const found = findReferred(index, reference, home);
    if (found.kind === 'schema' && comesBack(index, found.schema, new Set(), done)) {
      return [
        {
          path,
          at: 'value',
          text: `${showValue(reference)} leads back to itself without a step into a property or an item, so it would never end.`,
        },
      ];
    }
  }
  return [];
}

function comesBack(index: SchemaIndex, schema: unknown, open: Set<unknown>, done: Set<unknown>): boolean {
  if (!isSchemaObject(schema) || done.has(schema)) return false;
  if (open.has(schema)) return true;
  open.add(schema);
  const next = [...listInPlace(schema).map((held) => held.schema), ...listTargets(index, schema)];
  const back = next.some((held) => comesBack(index, held, open, done));
  open.delete(schema);
  done.add(schema);
  return back;
}

function listTargets(index: SchemaIndex, schema: SchemaObject): readonly unknown[] {
  const home = index.homes.get(schema);
  if (home === undefined) return [];
  return [schema['$ref'], schema['$dynamicRef']].flatMap((reference) => {
    const found = typeof reference === 'string' ? findReferred(index, reference, home) : undefined;
    return found?.kind === 'schema' ? [found.schema] : [];
  });
}

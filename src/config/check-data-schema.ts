/** Rules between keys of a data schema. They look at the unvalidated document, so that their mistakes are listed together with the meta-schema's. */
import { findNearest } from '../evidence/find-nearest.ts';
import { checkCells, listCellMentions } from './check-cells.ts';
import { checkDatasetBlock, listDatasetMentions, type Mention } from './check-dataset-block.ts';
import { showValue, type FoundMistake } from './mistake.ts';
import { checkSchema } from './check-schema.ts';
import { isSchemaNode } from './schema-node.ts';

type Mapping = Readonly<Record<string, unknown>>;

/** All mistakes that need more than one key to be seen, and patterns that are none. */
export function checkDataSchema(document: unknown): readonly FoundMistake[] {
  const schema = mappingOf(document);
  const columns = mappingOf(schema['properties']);
  const dataset = mappingOf(schema['dataset']);
  return [
    // That a row is an object is the meta-schema's to say.
    ...checkSchema([], { ...schema, type: undefined }),
    ...(isSchemaNode(document) ? checkAsksSomething(schema) : []),
    ...checkCells(dataset),
    ...checkDatasetBlock(dataset, columns),
    ...(schema['additionalProperties'] === false && !('patternProperties' in schema)
      ? checkListed(schema, Object.keys(columns))
      : []),
  ];
}

/** Keys of a data schema that ask nothing of a row. */
const NOTES = [
  'title',
  'description',
  'examples',
  'default',
  'deprecated',
  'readOnly',
  'writeOnly',
  'type',
  'dataset',
];

function checkAsksSomething(schema: Mapping): readonly FoundMistake[] {
  const asks = Object.entries(schema).some(
    ([key, value]) =>
      !NOTES.includes(key) &&
      (key === '$ref' || !key.startsWith('$')) &&
      !(key === 'properties' && isSchemaNode(value) && Object.keys(value).length === 0),
  );
  if (asks) return [];
  const text =
    'no column is described. Write what each holds under `properties`: `properties: { age: { type: integer } }`.';
  return [{ path: [], at: 'key', text }];
}

/** With `additionalProperties: false`, a column that is not listed may not exist, so nothing can be asked of it. */
function checkListed(schema: Mapping, columns: readonly string[]): readonly FoundMistake[] {
  return listMentions(schema)
    .filter(({ column }) => !columns.includes(column))
    .map(({ path, at, column }) => {
      const nearest = findNearest(column, columns);
      const hint = nearest === undefined ? '' : ` Did you mean ${showValue(nearest)}?`;
      return {
        path,
        at,
        text: `the column ${showValue(column)} is not listed in \`properties\`, and \`additionalProperties\` is false.${hint}`,
      };
    });
}

function listMentions(schema: Mapping): readonly Mention[] {
  const { required } = schema;
  const needed = Array.isArray(required) ? required : [];
  return [
    ...needed.flatMap((column: unknown, index): readonly Mention[] =>
      typeof column === 'string' ? [{ path: ['required', String(index)], at: 'value', column }] : [],
    ),
    ...listDatasetMentions(mappingOf(schema['dataset'])),
    ...listCellMentions(mappingOf(schema['dataset'])),
  ];
}

function mappingOf(value: unknown): Mapping {
  return isSchemaNode(value) ? value : {};
}

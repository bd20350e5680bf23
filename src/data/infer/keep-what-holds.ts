/** An inferred schema held against its own table: what the table breaks is taken out again. */
import type { Engine, QueryOptions, TableSource } from '../../engine/engine.ts';
import { validateDocument } from '../../schemas/validate.ts';
import type { Check } from '../../schemas/evidence.generated.ts';
import { readingOf } from '../cell-reading.ts';
import { validateData, type DataRequest } from '../validate-data.ts';
import type { SchemaDocument } from './infer-column.ts';

export interface HoldsRequest {
  readonly engine: DataRequest['engine'] & Pick<Engine, 'checkTable'>;
  readonly source: TableSource;
  readonly options: QueryOptions;
}

/** Each round takes something out; what is broken after so many is a defect. */
const MAX_ROUNDS = 4;

export async function keepWhatHolds(
  document: SchemaDocument,
  request: HoldsRequest,
): Promise<SchemaDocument> {
  let kept = document;
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const broken = await listBroken(kept, request);
    if (broken.length === 0) return kept;
    kept = broken.reduce(dropRule, kept);
  }
  throw new Error('An inferred schema is broken by its own table, whatever is taken out of it.');
}

type Path = readonly string[];

/** Where the document asks for what the table breaks. */
async function listBroken(
  document: SchemaDocument,
  { engine, source, options }: HoldsRequest,
): Promise<readonly Path[]> {
  const validated = validateDocument('data-schema', document);
  if (!validated.ok)
    throw new Error(`An inferred schema is none: ${JSON.stringify(validated.violations[0]?.path)}.`);
  const cells = readingOf(validated.document);
  const { checks } = await validateData({
    engine,
    source: cells === undefined ? source : { ...source, cells },
    dataset: 'data',
    displayPath: source.named ?? source.path,
    schema: validated.document,
    examples: 0,
    severity: 'fail',
    locateSchema: (path) => ({ file: '', key: JSON.stringify(path) }),
    ...options,
  });
  // A path leads into the document as it is: of a list, the last entry goes first.
  return checks
    .filter(({ verdict }) => verdict === 'fail')
    .map(pathOf)
    .toReversed();
}

function pathOf({ source, about, id }: Check): Path {
  if (source !== undefined) return JSON.parse(source.key) as Path;
  if (about.column === undefined)
    throw new Error(`${id} of an inferred schema failed, and nobody asked for it.`);
  return ['properties', about.column];
}

/** A document without one of its rules; of a column whose type is broken, nothing is kept. */
function dropRule(document: SchemaDocument, path: Path): SchemaDocument {
  const [first, second, third] = path;
  if (first === 'properties' && second !== undefined) {
    const properties = document['properties'] as Readonly<Record<string, SchemaDocument>>;
    const { [third ?? 'type']: _dropped, ...rest } = properties[second] ?? {};
    const kept = third === undefined || third === 'type' ? {} : rest;
    return { ...document, properties: { ...properties, [second]: kept } };
  }
  if (first === 'required') return { ...document, required: withoutEntry(document['required'], second) };
  if (first === 'dataset' && second !== undefined) {
    const { [second]: rule, ...rest } = document['dataset'] as SchemaDocument;
    const kept = second === 'unique' ? withoutEntry(rule, third) : withoutKey(rule, third);
    return { ...document, dataset: { ...rest, ...(isEmpty(kept) ? {} : { [second]: kept }) } };
  }
  throw new Error(`An inferred schema has no rule at ${JSON.stringify(path)}.`);
}

function withoutEntry(list: unknown, index: string | undefined): readonly unknown[] {
  return Array.isArray(list) ? list.filter((_, at) => String(at) !== index) : [];
}

function withoutKey(mapping: unknown, key: string | undefined): SchemaDocument {
  const { [key ?? '']: _dropped, ...rest } = (mapping ?? {}) as SchemaDocument;
  return rest;
}

function isEmpty(value: object): boolean {
  return Object.keys(value).length === 0;
}

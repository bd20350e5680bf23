/** From a file of another tool to data schemas. */
import { UserError } from '../../evidence/errors.ts';
import { findNearest } from '../../evidence/find-nearest.ts';
import { parseLenientJson } from '../../evidence/foreign/lenient-json.ts';
import { parseYaml } from '../../evidence/foreign/lenient-yaml.ts';
import { placeOf, type Place } from '../../evidence/foreign/places.ts';
import { assemble, type ImportedTable } from './assemble.ts';
import type { ForeignDocument, ForeignTable, SchemaImporter } from './carry.ts';

/** Every format that is read. Recognised in this order. */
export const SCHEMA_FORMATS: readonly (readonly [format: string, load: () => Promise<SchemaImporter>])[] = [
  ['tfdv', async () => (await import('./tfdv.ts')).TFDV],
  ['great-expectations', async () => (await import('./great-expectations.ts')).GREAT_EXPECTATIONS],
  ['pandera', async () => (await import('./pandera.ts')).PANDERA],
  ['mlmodel', async () => (await import('./mlmodel.ts')).MLMODEL],
  ['dbt', async () => (await import('./dbt.ts')).DBT],
  ['frictionless', async () => (await import('./frictionless.ts')).FRICTIONLESS],
];

export interface ImportedSchemas extends Pick<SchemaImporter, 'format' | 'title'> {
  readonly tables: readonly ImportedTable[];
}

interface ImportOptions {
  /** Recognised where it is left out. */
  readonly format?: string | undefined;
  /** The only table that is meant, where the file has several. */
  readonly table?: string | undefined;
}

/** Every table of the file as a data schema. Throws a UserError for what cannot be read. */
export async function importSchemas(
  name: string,
  text: string,
  { format, table }: ImportOptions = {},
): Promise<ImportedSchemas> {
  const document = makeDocument(name, text);
  const importer = format === undefined ? await recognise(document) : await findImporter(format);
  const tables = importer.read(document);
  if (tables.length === 0) {
    throw new UserError(`${name} describes no table.`, { help: 'Check that it is the file that is meant.' });
  }
  return {
    format: importer.format,
    title: importer.title,
    tables: chooseTables(tables, table, name).map(assemble),
  };
}

/** The text of a file, parsed at most once. */
function makeDocument(name: string, text: string): ForeignDocument {
  let parsed: Place | undefined;
  return {
    name,
    text,
    parsed: () => {
      parsed ??= placeOf(/^\s*[{[]/u.test(text) ? parseLenientJson(text, name) : parseYaml(text, name), name);
      return parsed;
    },
  };
}

function listFormats(): readonly string[] {
  return SCHEMA_FORMATS.map(([format]) => format).toSorted();
}

async function findImporter(format: string): Promise<SchemaImporter> {
  const found = SCHEMA_FORMATS.find(([name]) => name === format);
  if (found !== undefined) return await found[1]();
  const nearest = findNearest(format, listFormats());
  const hint = nearest === undefined ? '' : ` Did you mean \`${nearest}\`?`;
  throw new UserError(`There is no format \`${format}\` of schemas.${hint}`, {
    help: `Leave it out to have it recognised, or name one of these: ${listFormats().join(', ')}.`,
  });
}

async function recognise(document: ForeignDocument): Promise<SchemaImporter> {
  for (const [, load] of SCHEMA_FORMATS) {
    const importer = await load();
    if (isRecognised(importer, document)) return importer;
  }
  throw new UserError(`${document.name} is no schema of a tool that is known here.`, {
    help: `Name its format with --from, if it is one of these: ${listFormats().join(', ')}.`,
  });
}

/** A document that cannot be parsed is not of a format that has to parse it. */
function isRecognised(importer: SchemaImporter, document: ForeignDocument): boolean {
  try {
    return importer.recognise(document);
  } catch (error) {
    if (error instanceof UserError) return false;
    throw error;
  }
}

/** Names that a message lists. */
const MAX_LISTED = 20;

function chooseTables(
  tables: readonly ForeignTable[],
  wanted: string | undefined,
  file: string,
): readonly ForeignTable[] {
  if (wanted === undefined) return tables;
  const found = tables.filter(({ name }) => name === wanted);
  if (found.length > 0) return found;
  const names = tables.map(({ name }) => name);
  const nearest = findNearest(wanted, names);
  const hint = nearest === undefined ? '' : ` Did you mean \`${nearest}\`?`;
  throw new UserError(`${file} describes no table \`${wanted}\`.${hint}`, {
    help: `It describes ${names.slice(0, MAX_LISTED).join(', ')}${names.length > MAX_LISTED ? ' and more' : ''}.`,
  });
}

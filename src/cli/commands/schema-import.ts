import { join, resolve } from 'node:path';
import { parseDataSchema } from '../../config/parse-data-schema.ts';
import type { ImportedTable } from '../../data/schema-import/assemble.ts';
import type { ImportedSchemas } from '../../data/schema-import/import-schema.ts';
import { EXIT_CODES, UserError } from '../../evidence/errors.ts';
import { openForeignSource } from '../../platform/foreign-source.ts';
import { JSON_OPTION, type Command, type CommandArguments } from '../command.ts';
import type { CliContext } from '../context.ts';
import { printSchema, writeSchemaFile } from '../schema-file.ts';

export const schemaImportCommand: Command = {
  name: 'schema import',
  summary:
    "Turn another tool's schema or suite of checks into a data schema, and say what did not come over.",
  details: [
    'Reads TFDV text protos (schema.pbtxt), Frictionless Table Schema and data packages, Great Expectations suites (0.x and 1.x), pandera YAML, dbt schema.yml, and the signature of an MLmodel. The format is recognised by what is in the file.',
    'Whatever could not be carried over is listed with its place, the reason, and what to do: on standard error where the schema is printed, else on standard output.',
  ],
  positionals: [{ name: 'FILE', description: 'The file of the other tool.', required: true }],
  options: {
    from: {
      type: 'string',
      placeholder: 'FORMAT',
      description:
        'The format, where it is not recognised: dbt, frictionless, great-expectations, mlmodel, pandera, tfdv.',
    },
    table: {
      type: 'string',
      placeholder: 'NAME',
      description: 'The only table that is meant, where the file describes several.',
    },
    output: {
      type: 'string',
      short: 'o',
      placeholder: 'SCHEMA',
      description:
        'The file to write: YAML where its name ends in .yml or .yaml, else JSON. A name that ends in / is a folder: one file for each table.',
    },
    force: { type: 'boolean', description: 'Write over SCHEMA if it is there.' },
    json: JSON_OPTION,
  },
  examples: [
    'mlgate schema import gx/expectations/orders.json --output schemas/orders.schema.json',
    'mlgate schema import models/schema.yml --table orders --output schemas/orders.schema.yml',
    'mlgate schema import datapackage.json --output schemas/',
  ],
  run: async (arguments_, context) => {
    const file = arguments_.positionals[0] ?? '';
    const imported = await readSchemas(file, arguments_, context);
    const written = await writeAll(imported.tables, file, arguments_, context);
    if (arguments_.flag('json')) {
      context.print(`${JSON.stringify({ file, ...imported, tables: written })}\n`);
      return EXIT_CODES.pass;
    }
    const { describeSchemas } = await import('../schema-import/describe-schemas.ts');
    const page = describeSchemas(imported, context.width);
    if (arguments_.text('output') === undefined) {
      context.remark(page);
      context.print(written.map(({ schema }) => printSchema(schema, undefined)).join(''));
    } else {
      context.print(`${page}\n${written.map((table) => `Wrote ${table.written}.\n`).join('')}`);
    }
    return EXIT_CODES.pass;
  },
};

async function readSchemas(
  file: string,
  arguments_: CommandArguments,
  context: CliContext,
): Promise<ImportedSchemas> {
  const { importSchemas } = await import('../../data/schema-import/import-schema.ts');
  const source = await openForeignSource(resolve(context.cwd, file), file);
  if (source.kind === 'folder') {
    throw new UserError(`${file} is a folder; a schema is one file.`, { help: 'Name the file.' });
  }
  const imported = await importSchemas(file, await source.readText(), {
    format: arguments_.text('from'),
    table: arguments_.text('table'),
  });
  for (const { name, schema } of imported.tables) {
    // What the other tool asks for may contradict itself: that is said now, not when data are checked.
    parseDataSchema(printSchema(schema, undefined), `${file} (${name}, as a data schema)`);
  }
  return imported;
}

async function writeAll(
  tables: readonly ImportedTable[],
  file: string,
  arguments_: CommandArguments,
  { cwd }: CliContext,
): Promise<readonly (ImportedTable & { readonly written?: string })[]> {
  const output = arguments_.text('output');
  const isFolder = output?.endsWith('/') === true;
  const names = tables.map(({ name }) => name).join(', ');
  if (!isFolder && tables.length > 1 && !(output === undefined && arguments_.flag('json'))) {
    throw new UserError(`${file} describes ${tables.length} tables: ${names.slice(0, MAX_SHOWN)}.`, {
      help: 'Choose one with --table NAME, or write one file for each with --output FOLDER/.',
    });
  }
  if (output === undefined) return tables;
  const written = tables.map((table) => ({
    ...table,
    written: isFolder ? join(output, `${toFileName(table.name)}.schema.json`) : output,
  }));
  for (const { schema, written: path } of written) {
    await writeSchemaFile(path, printSchema(schema, path), arguments_.flag('force'), cwd);
  }
  return written;
}

/** Longest list of names in a message, in characters. */
const MAX_SHOWN = 500;

/** A table's name is data: nothing in it may lead to another folder. */
function toFileName(name: string): string {
  const safe = name.replaceAll(/[^\p{L}\p{N}_-]+/gu, '-').slice(0, 100);
  return safe === '' || safe === '-' ? 'table' : safe;
}

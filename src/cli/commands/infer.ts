import { inferTable } from '../../chain/data/infer-table.ts';
import { EXIT_CODES } from '../../evidence/errors.ts';
import { JSON_OPTION, type Command, type CommandArguments } from '../command.ts';
import type { CliContext } from '../context.ts';
import { createProgress } from '../progress.ts';
import { printSchema, writeSchemaFile } from '../schema-file.ts';
import { DEFAULT_ENGINE, withCliEngine } from '../session.ts';
import { STANDARD_INPUT, withStandardInput } from '../standard-input.ts';
import { FORMAT_OPTION, readFormat, TABLE_POSITIONAL } from '../table-format.ts';

export const inferCommand: Command = {
  name: 'infer',
  summary: 'Write a data schema from data: types, allowed values, formats, required columns, gaps, keys.',
  details: [
    'Allowed values are written for columns of text with at most 100 different ones, each repeated often enough to be a category, and for flags of 0 and 1; never for columns whose names say that they are personal. Ranges of numbers only with --ranges: those of tomorrow are rarely those of today.',
    'The file satisfies the schema that is written, whatever the order of its rows. Without --output the schema is printed.',
  ],
  positionals: [TABLE_POSITIONAL],
  options: {
    output: {
      type: 'string',
      short: 'o',
      placeholder: 'SCHEMA',
      description: 'The file to write: YAML where its name ends in .yml or .yaml, else JSON.',
    },
    ranges: { type: 'boolean', description: 'Bound numbers by the smallest and the largest that were seen.' },
    format: FORMAT_OPTION,
    force: { type: 'boolean', description: 'Write over SCHEMA if it is there.' },
    json: JSON_OPTION,
  },
  examples: [
    'mlgate infer data/customers.csv --output schemas/customers.schema.json',
    'mlgate infer data/customers.parquet --ranges',
  ],
  run: async (arguments_, context) => {
    const [file = ''] = arguments_.positionals;
    const output = arguments_.text('output');
    const { text, facts } = await infer(file, output, arguments_, context);
    if (output !== undefined) await writeSchemaFile(output, text, arguments_.flag('force'), context.cwd);
    if (arguments_.flag('json')) context.print(text);
    else if (output === undefined) {
      context.remark(facts);
      context.print(text);
    } else context.print(`${facts}\n${describeNext(file, output)}`);
    return EXIT_CODES.pass;
  },
};

function describeNext(file: string, schema: string): string {
  return [
    `Wrote ${schema}.`,
    `Next: look at it, then \`mlgate validate ${file} --schema ${schema}\`. In mlgate.yml:`,
    '  data:',
    '    <name>:',
    `      path: ${file}`,
    `      schema: ${schema}`,
    '',
  ].join('\n');
}

interface Inferred {
  readonly text: string;
  readonly facts: string;
}

async function infer(
  file: string,
  output: string | undefined,
  arguments_: CommandArguments,
  context: CliContext,
): Promise<Inferred> {
  const format = readFormat(arguments_);
  if (file !== STANDARD_INPUT) return await inferFile({ file }, output, arguments_, context);
  return await withStandardInput(
    format,
    context,
    async (path) => await inferFile({ file: path, named: 'standard input' }, output, arguments_, context),
  );
}

async function inferFile(
  asked: { readonly file: string; readonly named?: string },
  output: string | undefined,
  arguments_: CommandArguments,
  context: CliContext,
): Promise<Inferred> {
  const format = readFormat(arguments_);
  const { onStep, onProgress, end } = createProgress(context);
  const { describeInference } = await import('../infer/describe-inference.ts');
  try {
    const inference = await withCliEngine(
      context,
      DEFAULT_ENGINE,
      async (engine) =>
        await inferTable({
          ...asked,
          engine,
          cwd: context.cwd,
          ranges: arguments_.flag('ranges'),
          signal: context.signal,
          onStep,
          onProgress,
          ...(format === undefined ? {} : { format }),
        }),
    );
    return {
      text: printSchema(inference.document, arguments_.flag('json') ? undefined : output),
      facts: describeInference(inference, context.width),
    };
  } finally {
    end();
  }
}

import type { TableFormat } from '../../engine/engine.ts';
import { UserError } from '../../evidence/errors.ts';
import {
  CONFIG_OPTION,
  JSON_OPTION,
  OUTPUT_OPTION,
  type Command,
  type CommandArguments,
} from '../command.ts';
import type { CliContext } from '../context.ts';
import { nameFiles, runNamedFiles } from '../named-files.ts';
import { runConfiguredStages } from '../run-stages.ts';
import { STANDARD_INPUT, withStandardInput } from '../standard-input.ts';
import { FORMAT_OPTION, readFormat } from '../table-format.ts';
import { readCount } from '../read-options.ts';

/** Name of the dataset in the evidence of a command line that names only a file. */
const AD_HOC_NAME = 'data';

/** Rows that a failed check may show; the config's limit. */
const MAX_EXAMPLES = 50;

export const validateCommand: Command = {
  name: 'validate',
  summary: 'Check data against its schema: every dataset of the config, or one file.',
  details: ['With FILE and --schema no config is needed, and nothing is written unless --output says where.'],
  positionals: [
    {
      name: 'FILE',
      description:
        'A csv, tsv, json or jsonl file, plain, .gz or .zst, a parquet or arrow file, a pattern or folder of several, or - for standard input.',
      required: false,
    },
  ],
  options: {
    schema: { type: 'string', short: 's', placeholder: 'SCHEMA', description: 'The data schema of FILE.' },
    format: FORMAT_OPTION,
    examples: {
      type: 'string',
      placeholder: 'N',
      description: `Offending rows of FILE that each failed check shows, 0 to ${MAX_EXAMPLES}. Default: 5.`,
    },
    config: CONFIG_OPTION,
    output: OUTPUT_OPTION,
    json: JSON_OPTION,
  },
  examples: [
    'mlgate validate data/customers.csv --schema schemas/customers.schema.json',
    'zcat customers.csv.gz | mlgate validate - --format csv --schema schemas/customers.schema.json',
    'mlgate validate --config mlgate.yml',
  ],
  run: async (arguments_, context) => {
    const [file] = arguments_.positionals;
    const format = readFormat(arguments_);
    if (file === STANDARD_INPUT) {
      requireSchema(file, arguments_);
      return await withStandardInput(
        format,
        context,
        async (path) => await validateFile(path, format, arguments_, context),
      );
    }
    if (file !== undefined) return await validateFile(file, format, arguments_, context);
    const stray = ['schema', 'format', 'examples'].find((name) => arguments_.text(name) !== undefined);
    if (stray !== undefined)
      throw new UserError(`\`mlgate validate --${stray}\` needs FILE.`, {
        help: 'Give FILE and --schema; with a config, its `data` block says what each dataset needs.',
      });
    return await runConfiguredStages(arguments_, context, ['data']);
  },
};

async function validateFile(
  file: string,
  format: TableFormat | undefined,
  arguments_: CommandArguments,
  context: CliContext,
): Promise<number> {
  const schema = requireSchema(file, arguments_);
  const { names, files } = nameFiles({ data: file, schema });
  const examples = readCount(arguments_, 'examples', { least: 0, most: MAX_EXAMPLES });
  const dataset = {
    path: names.data,
    schema: names.schema,
    profile: false,
    ...(format === undefined ? {} : { format }),
    ...(examples === undefined ? {} : { examples }),
  };
  return await runNamedFiles(
    {
      config: { version: 1, data: { [AD_HOC_NAME]: dataset } },
      files,
      nameOption: (key) => (key.endsWith('.path') ? 'FILE' : `--${key.split('.').at(-1) ?? ''}`),
      stages: ['data'],
    },
    arguments_,
    context,
  );
}

function requireSchema(file: string, arguments_: CommandArguments): string {
  const schema = arguments_.text('schema');
  if (schema !== undefined) return schema;
  throw new UserError(`\`mlgate validate ${file}\` needs --schema SCHEMA.`, {
    help: 'Write a first schema with `mlgate infer`, or see docs/reference/data-schema.md.',
  });
}

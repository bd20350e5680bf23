import { resolve } from 'node:path';
import { parseWholeConfig, readDocument } from '../../chain/connect.ts';
import { EXIT_CODES } from '../../evidence/errors.ts';
import { JSON_OPTION, type Command } from '../command.ts';
import { countOf } from '../count-of.ts';
import { loadSchema } from '../read-schema.ts';

export const schemaCheckCommand: Command = {
  name: 'schema check',
  summary: 'Check that a data schema, or a config, is one: all mistakes at once, each with its place.',
  positionals: [
    { name: 'FILE', description: 'A data schema (JSON or YAML), or an mlgate.yml.', required: true },
  ],
  options: { json: JSON_OPTION },
  examples: ['mlgate schema check schemas/customers.schema.json'],
  run: async (arguments_, context) => {
    const path = arguments_.positionals[0] ?? '';
    const text = await readDocument(resolve(context.cwd, path), path, 'the file');
    const kind = looksLikeConfig(path, text) ? 'config' : 'data-schema';
    const found =
      kind === 'config' ? describeConfig(text, path) : await describeSchema(text, path, context.cwd);
    context.print(
      arguments_.flag('json')
        ? `${JSON.stringify({ file: path, kind, valid: true, ...found.facts })}\n`
        : `${path}: ${found.sentence}\n`,
    );
    return EXIT_CODES.pass;
  },
};

/** By its name, or else by the key that every config has and no data schema. */
function looksLikeConfig(path: string, text: string): boolean {
  if (/(^|[./\\-])mlgate[^/\\]*\.ya?ml$/.test(path)) return true;
  return /^version\s*:/m.test(text) || /^\s*\{\s*"version"\s*:\s*\d/.test(text);
}

interface Described {
  readonly sentence: string;
  readonly facts: Readonly<Record<string, number>>;
}

function describeConfig(text: string, path: string): Described {
  const { config } = parseWholeConfig(text, path);
  const facts = {
    datasets: Object.keys(config.data ?? {}).length,
    models: Object.keys(config.models ?? {}).length,
    metricsFiles: Object.keys(config.metrics ?? {}).length,
  };
  return {
    sentence: `a valid config: ${countOf(facts.datasets, 'dataset')}, ${countOf(facts.models, 'model')}, ${countOf(facts.metricsFiles, 'metrics file')}.`,
    facts,
  };
}

async function describeSchema(text: string, path: string, cwd: string): Promise<Described> {
  const schema = await loadSchema(text, path, cwd);
  const facts = { columns: Object.keys(schema.properties).length, required: schema.required.length };
  return {
    sentence: `a valid data schema: ${countOf(facts.columns, 'column')}, ${facts.required} of them required.`,
    facts,
  };
}

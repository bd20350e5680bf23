import { EXIT_CODES, UserError } from '../../evidence/errors.ts';
import type { SchemaDiff } from '../../schemas/schema-diff.generated.ts';
import { JSON_OPTION, type Command } from '../command.ts';
import type { CliContext } from '../context.ts';
import { readWord } from '../read-options.ts';

/** What `--fail-on` may name. */
const REFUSALS = ['loosening', 'tightening', 'change'] as const;
type Refusal = (typeof REFUSALS)[number];

/** Changes that are listed: the bound of the document that --json prints. */
const MAX_CHANGES = 10_000;

export const schemaDiffCommand: Command = {
  name: 'schema diff',
  summary: 'Explain what changed in a data schema, and whether it allows more than before.',
  details: [
    'SCHEMA is a file, or a file as a commit has it: `main:schemas/a.json`, relative to this folder. With one SCHEMA, the file is held against itself where this branch left main; one that main does not have was no demand at all.',
    'Each change is loosening, tightening, both, or unknown. That a schema is not loosened is never said wrongly; of two patterns, say, it cannot be told, and then it counts as maybe loosening.',
  ],
  positionals: [
    { name: 'SCHEMA', description: 'The schema as it was, then as it is.', required: true, variadic: true },
  ],
  options: {
    'fail-on': {
      type: 'string',
      placeholder: 'WHAT',
      description: `Exit with 1 if the change is, or may be, of this kind: ${REFUSALS.join(', ')}.`,
    },
    markdown: { type: 'boolean', description: 'Print Markdown.' },
    json: JSON_OPTION,
  },
  examples: [
    'mlgate schema diff schemas/customers.schema.json --fail-on loosening',
    'mlgate schema diff v1.2:schemas/customers.schema.json main:schemas/customers.schema.json',
  ],
  run: async (arguments_, context) => {
    const [first, second, ...more] = arguments_.positionals;
    if (more.length > 0) throw new UserError('`mlgate schema diff` takes at most two schemas.');
    const refused = readWord(arguments_, 'fail-on', REFUSALS);
    const diff = await compare(
      [first, second].filter((operand) => operand !== undefined),
      context,
    );
    if (arguments_.flag('json')) context.print(`${JSON.stringify(diff)}\n`);
    else {
      const { renderMarkdown, renderText } = await import('../schema-diff/render-diff.ts');
      context.print(arguments_.flag('markdown') ? renderMarkdown(diff) : renderText(diff, context.width));
    }
    return refused !== undefined && isRefused(diff, refused) ? EXIT_CODES.gateSaysNo : EXIT_CODES.pass;
  },
};

/** What cannot be told may be either. */
function isRefused({ effect, changes }: SchemaDiff, refused: Refusal): boolean {
  if (refused === 'change') return changes.length > 0;
  return effect === refused || effect === 'both' || effect === 'unknown';
}

async function compare(operands: readonly string[], context: CliContext): Promise<SchemaDiff> {
  const { openSchemas } = await import('../schema-diff/open-schemas.ts');
  const { describeSchemaChange } = await import('../../data/schema-diff/describe-schema-change.ts');
  const { before, beforeSchema, after } = await openSchemas(operands, context);
  const { effect, changes } = describeSchemaChange(beforeSchema, after.schema);
  return {
    version: 1,
    before: before?.named ?? null,
    after: after.named,
    effect,
    changes: changes.slice(0, MAX_CHANGES),
    ...(changes.length > MAX_CHANGES ? { omitted: changes.length - MAX_CHANGES } : {}),
  };
}

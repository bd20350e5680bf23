import { resolve } from 'node:path';
import { readEvidenceFile } from '../../chain/evidence-files.ts';
import { printEvidence } from '../../evidence/evidence.ts';
import { UserError } from '../../evidence/errors.ts';
import { mergeEvidence } from '../../evidence/merge-evidence.ts';
import { exitCodeOf } from '../../evidence/verdict.ts';
import { renderHtml } from '../../report/html/render-html.ts';
import { renderMarkdown } from '../../report/markdown/render-markdown.ts';
import { renderTerminal } from '../../report/terminal/render-terminal.ts';
import type { Evidence } from '../../schemas/evidence.generated.ts';
import { JSON_OPTION, type Command, type CommandArguments } from '../command.ts';
import type { CliContext } from '../context.ts';
import { RESULTS_FOLDER } from '../session.ts';

const USUAL_EVIDENCE = `${RESULTS_FOLDER}/evidence.json`;

const FORMATS = ['terminal', 'markdown', 'html'] as const;
type Format = (typeof FORMATS)[number];

export const reportCommand: Command = {
  name: 'report',
  summary: 'Show evidence as a report.',
  details: [
    'Prints to standard output. Several files are merged: what the steps of one run wrote. The exit code is that of the evidence.',
  ],
  positionals: [
    {
      name: 'EVIDENCE',
      description: `Evidence files. Default: ${USUAL_EVIDENCE}.`,
      required: false,
      variadic: true,
    },
  ],
  options: {
    format: {
      type: 'string',
      short: 'f',
      placeholder: 'FORMAT',
      description: `One of ${FORMATS.join(', ')}.`,
      default: 'terminal',
    },
    title: { type: 'string', placeholder: 'TEXT', description: 'Title of the report.', default: 'mlgate' },
    json: JSON_OPTION,
  },
  examples: [
    'mlgate report .mlgate/evidence.json',
    'mlgate report .mlgate/evidence.json --format html > report.html',
  ],
  run: async (arguments_, context) => {
    const format = parseFormat(arguments_.text('format') ?? 'terminal');
    const paths = arguments_.positionals.length === 0 ? [USUAL_EVIDENCE] : arguments_.positionals;
    const evidence = await readEvidenceFiles(paths, context);
    context.print(
      arguments_.flag('json') ? printEvidence(evidence) : render(evidence, format, arguments_, context),
    );
    return exitCodeOf(evidence.body.verdict, evidence.body.policy.enforce);
  },
};

function parseFormat(text: string): Format {
  const format = FORMATS.find((known) => known === text);
  if (format === undefined)
    throw new UserError(`--format is \`${text}\`; it must be one of ${FORMATS.join(', ')}.`);
  return format;
}

async function readEvidenceFiles(paths: readonly string[], context: CliContext): Promise<Evidence> {
  const parts: Evidence[] = [];
  for (const path of paths) parts.push(await readEvidenceFile(resolve(context.cwd, path), path));
  const [only] = parts;
  return only !== undefined && parts.length === 1 ? only : mergeEvidence(parts);
}

function render(
  evidence: Evidence,
  format: Format,
  arguments_: CommandArguments,
  context: CliContext,
): string {
  const options = { title: arguments_.text('title') ?? 'mlgate', now: context.now(), trust: 'own' } as const;
  if (format === 'markdown') return renderMarkdown(evidence, options);
  if (format === 'html') return renderHtml(evidence, options);
  return renderTerminal(evidence, { ...options, color: context.color, width: context.width });
}

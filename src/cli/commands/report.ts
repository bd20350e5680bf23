import { resolve } from 'node:path';
import { readEvidenceFile } from '../../chain/evidence-files.ts';
import { printEvidence } from '../../evidence/evidence.ts';
import { UserError } from '../../evidence/errors.ts';
import { mergeEvidence } from '../../evidence/merge-evidence.ts';
import { exitCodeOf } from '../../evidence/verdict.ts';
import { EXPORT_FORMATS, renderExport } from '../../report/exports/render-export.ts';
import { renderHtml } from '../../report/html/render-html.ts';
import { renderMarkdown } from '../../report/markdown/render-markdown.ts';
import { renderTerminal } from '../../report/terminal/render-terminal.ts';
import { writeBlessing } from '../../chain/write-blessing.ts';
import { writeWhole } from '../../chain/write-results.ts';
import type { Evidence } from '../../schemas/evidence.generated.ts';
import { JSON_OPTION, type Command, type CommandArguments } from '../command.ts';
import type { CliContext } from '../context.ts';
import { readWord } from '../read-options.ts';
import { RESULTS_FOLDER } from '../session.ts';

const USUAL_EVIDENCE = `${RESULTS_FOLDER}/evidence.json`;

const FORMATS = ['terminal', 'markdown', 'html', ...EXPORT_FORMATS, 'blessing'] as const;
type Format = (typeof FORMATS)[number];

export const reportCommand: Command = {
  name: 'report',
  summary: 'Show evidence as a report.',
  details: [
    'Prints to standard output, or writes a file. Several files are merged: what the steps of one run wrote. The exit code is that of the evidence.',
    'Other programs read junit (XML), sarif (2.1.0), openmetrics (text) and in-toto (an unsigned statement with the predicate test-result). blessing writes what TFX looks for, an empty file BLESSED or NOT_BLESSED, into the folder of --output.',
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
    output: {
      type: 'string',
      short: 'o',
      placeholder: 'PATH',
      description: 'File to write instead of standard output; for blessing the folder.',
    },
    title: { type: 'string', placeholder: 'TEXT', description: 'Title of the report.', default: 'mlgate' },
    json: JSON_OPTION,
  },
  examples: [
    'mlgate report .mlgate/evidence.json',
    'mlgate report .mlgate/evidence.json --format html > report.html',
    'mlgate report --format junit --output junit.xml',
  ],
  run: async (arguments_, context) => {
    const format = readWord(arguments_, 'format', FORMATS) ?? 'terminal';
    const paths = arguments_.positionals.length === 0 ? [USUAL_EVIDENCE] : arguments_.positionals;
    const evidence = await readEvidenceFiles(paths, context);
    await showReport(evidence, arguments_.flag('json') ? 'json' : format, arguments_, context);
    return exitCodeOf(evidence.body.verdict, evidence.body.policy.enforce);
  },
};

async function readEvidenceFiles(paths: readonly string[], context: CliContext): Promise<Evidence> {
  const parts: Evidence[] = [];
  for (const path of paths) parts.push(await readEvidenceFile(resolve(context.cwd, path), path));
  const [only] = parts;
  return only !== undefined && parts.length === 1 ? only : mergeEvidence(parts);
}

async function showReport(
  evidence: Evidence,
  format: Format | 'json',
  arguments_: CommandArguments,
  context: CliContext,
): Promise<void> {
  const output = arguments_.text('output');
  const path = output === undefined ? undefined : resolve(context.cwd, output);
  if (format === 'blessing') {
    if (path === undefined) {
      throw new UserError('--format blessing needs --output: the folder of the blessing.');
    }
    await writeBlessing(path, evidence);
    return;
  }
  const text = await render(evidence, format, arguments_, context);
  if (path === undefined) context.print(text);
  else await writeWhole(path, text);
}

async function render(
  evidence: Evidence,
  format: Exclude<Format, 'blessing'> | 'json',
  arguments_: CommandArguments,
  context: CliContext,
): Promise<string> {
  const options = { title: arguments_.text('title') ?? 'mlgate', now: context.now(), trust: 'own' } as const;
  switch (format) {
    case 'json':
      return printEvidence(evidence);
    case 'markdown':
      return renderMarkdown(evidence, options);
    case 'html':
      return renderHtml(evidence, options);
    case 'terminal':
      return renderTerminal(evidence, { ...options, color: context.color, width: context.width });
    case 'junit':
    case 'sarif':
    case 'openmetrics':
    case 'in-toto':
      return await renderExport(format, evidence);
  }
}

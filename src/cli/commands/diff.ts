import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compareRows } from '../../chain/data/compare-rows.ts';
import type { TableFormat } from '../../engine/engine.ts';
import { EXIT_CODES, UserError } from '../../evidence/errors.ts';
import { renderDetailsMarkdown } from '../../report/markdown/render-markdown.ts';
import { renderDetails } from '../../report/terminal/render-terminal.ts';
import { listDataDiffs, listDiffColumns } from '../../report/view/details/data-diffs.ts';
import type { DataDiff } from '../../schemas/evidence.generated.ts';
import { JSON_OPTION, type Command, type CommandArguments } from '../command.ts';
import type { CliContext } from '../context.ts';
import { openTables, type NamedTable } from '../diff/open-tables.ts';
import { createProgress } from '../progress.ts';
import { readCount, readNumber } from '../read-options.ts';
import { DEFAULT_ENGINE, withCliEngine } from '../session.ts';
import { FORMAT_OPTION, readFormat } from '../table-format.ts';

/** Rows of each kind that are shown, at most: more do not fit evidence. */
const MOST_EXAMPLES = 16;
const USUAL_EXAMPLES = 5;

export const diffCommand: Command = {
  name: 'diff',
  summary: 'Show which rows of a table were added, removed and changed.',
  details: [
    'TABLE is a file, or a file as a commit has it: `main:data/customers.csv`. With one TABLE, the file is held against itself in `--against`: by default where this branch left main. Of files that DVC tracks, the bytes are taken from its cache and their digest is verified.',
    'Rows are known by `--key`. Without it they are compared whole: a changed row is then one removed and one added. An absent cell and an empty text count as one value. Values of columns that look personal are not shown.',
  ],
  positionals: [
    { name: 'TABLE', description: 'The table as it was, then as it is.', required: true, variadic: true },
  ],
  options: {
    key: {
      type: 'string',
      short: 'k',
      placeholder: 'COLUMNS',
      description: 'Columns that name a row, with commas between, or as a JSON list.',
    },
    exclude: {
      type: 'string',
      placeholder: 'COLUMNS',
      description: 'Columns that are not compared, written likewise.',
    },
    tolerance: {
      type: 'string',
      placeholder: 'NUMBER',
      description:
        'Numbers that differ by at most this count as equal; 0 takes 1 and 1.0 as one. Without it cells are compared as written.',
    },
    against: {
      type: 'string',
      placeholder: 'REVISION',
      description: 'With one TABLE: the commit to compare with.',
    },
    examples: {
      type: 'string',
      placeholder: 'N',
      description: `Rows of each kind that are shown, 0 to ${MOST_EXAMPLES}. Default: ${USUAL_EXAMPLES}.`,
    },
    format: FORMAT_OPTION,
    'fail-on-change': { type: 'boolean', description: 'Exit with 1 if anything differs.' },
    markdown: { type: 'boolean', description: 'Print Markdown, no longer than a comment may be.' },
    json: JSON_OPTION,
  },
  examples: [
    'mlgate diff old/customers.csv data/customers.csv --key customer_id',
    'mlgate diff data/customers.csv --key customer_id',
    'mlgate diff v1.2:data/customers.parquet main:data/customers.parquet --key region,account',
  ],
  run: async (arguments_, context) => {
    const settings = readSettings(arguments_);
    const temporaryFolder = await mkdtemp(join(tmpdir(), 'mlgate-diff-'));
    try {
      const asked = {
        tables: arguments_.positionals,
        against: arguments_.text('against'),
        temporaryFolder,
      };
      const found = await compare(await openTables(asked, context), settings, context);
      context.print(write(found, arguments_, context));
      return arguments_.flag('fail-on-change') && differs(found) ? EXIT_CODES.gateSaysNo : EXIT_CODES.pass;
    } finally {
      await rm(temporaryFolder, { recursive: true, force: true });
    }
  },
};

interface DiffSettings {
  readonly key: readonly string[];
  readonly exclude: readonly string[];
  readonly examples: number;
  readonly tolerance?: number;
  readonly format?: TableFormat;
}

function readSettings(arguments_: CommandArguments): DiffSettings {
  const tolerance = readNumber(arguments_, 'tolerance', {
    least: 0,
    noPercentage: 'a percentage says nothing here.',
  });
  const format = readFormat(arguments_);
  return {
    key: readNames('key', arguments_.text('key')),
    exclude: readNames('exclude', arguments_.text('exclude')),
    examples: readCount(arguments_, 'examples', { least: 0, most: MOST_EXAMPLES }) ?? USUAL_EXAMPLES,
    ...(tolerance === undefined ? {} : { tolerance }),
    ...(format === undefined ? {} : { format }),
  };
}

function readNames(option: string, text: string | undefined): readonly string[] {
  if (text === undefined) return [];
  const names: unknown = text.startsWith('[') ? parseList(option, text) : text.split(',');
  if (
    Array.isArray(names) &&
    names.every((name): name is string => typeof name === 'string' && name !== '')
  ) {
    return names;
  }
  throw new UserError(`--${option} is \`${text}\`, which names no columns.`, {
    help: `Write names with commas between, or a JSON list: --${option} '["a, b", "c"]'.`,
  });
}

function parseList(option: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new UserError(`--${option} is \`${text}\`, which is no JSON list.`);
  }
}

async function compare(
  [before, now]: readonly [NamedTable, NamedTable],
  settings: DiffSettings,
  context: CliContext,
): Promise<DataDiff> {
  const format = settings.format === undefined ? {} : { format: settings.format };
  const { onStep, onProgress, end } = createProgress(context);
  onStep('diff');
  const work = withCliEngine(
    context,
    DEFAULT_ENGINE,
    async (engine) =>
      await compareRows({
        ...settings,
        engine,
        dataset: now.named,
        against: before.named,
        now: { ...now, ...format },
        before: { ...before, ...format },
        options: { signal: context.signal, onProgress },
      }),
  );
  return await work.finally(end);
}

function write(diff: DataDiff, arguments_: CommandArguments, { color, width }: CliContext): string {
  if (arguments_.flag('json')) return `${JSON.stringify(diff)}\n`;
  const body = { dataDiffs: [diff] };
  const details = [...listDataDiffs(body), ...listDiffColumns(body)];
  return arguments_.flag('markdown')
    ? renderDetailsMarkdown(`Changes of ${diff.dataset}`, details)
    : renderDetails(details, { color, width });
}

function differs({
  added,
  removed,
  changed,
  addedColumns,
  removedColumns,
  retypedColumns,
}: DataDiff): boolean {
  return (
    added + removed + changed > 0 ||
    [addedColumns, removedColumns, retypedColumns].some((list) => list !== undefined)
  );
}

import { mkdir, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parseWholeConfig } from '../../chain/connect.ts';
import { explainWriteFailure } from '../../chain/explain-write-failure.ts';
import { inferTable } from '../../chain/data/infer-table.ts';
import { proposeConfig, proposeDatasets, type ProposedDataset } from '../../config/propose-config.ts';
import type { Engine } from '../../engine/engine.ts';
import { EXIT_CODES, UserError } from '../../evidence/errors.ts';
import { CONFIG_OPTION, JSON_OPTION, type Command } from '../command.ts';
import type { CliContext } from '../context.ts';
import { lookAtFolder } from '../look-at-folder.ts';
import { createProgress } from '../progress.ts';
import { printSchema } from '../schema-file.ts';
import { DEFAULT_ENGINE, withCliEngine } from '../session.ts';

const CONFIG_NAME = CONFIG_OPTION.default;

export const initCommand: Command = {
  name: 'init',
  summary: 'Look at this folder (data, predictions, metrics) and write a first mlgate.yml and data schemas.',
  details: ['Writes nothing over what is there. Look at what it wrote, then run `mlgate run`.'],
  positionals: [],
  options: {
    'dry-run': { type: 'boolean', description: 'Print the config and write nothing.' },
    json: JSON_OPTION,
  },
  examples: ['mlgate init', 'mlgate init --dry-run'],
  run: async (arguments_, context) => {
    const isDry = arguments_.flag('dry-run');
    if (!isDry) await refuseExisting(context);
    const { config, schemas } = await propose(context);
    const written = isDry ? [] : await writeNewFiles([config, ...schemas], context);
    if (arguments_.flag('json')) context.print(`${JSON.stringify({ config: config.text, written })}\n`);
    else
      context.print(
        isDry ? config.text : `Wrote ${written.join(', ')}.\nNext: look at it, then \`mlgate run\`.\n`,
      );
    return EXIT_CODES.pass;
  },
};

async function refuseExisting({ cwd }: CliContext): Promise<void> {
  const isThere = await stat(join(cwd, CONFIG_NAME)).then(
    () => true,
    () => false,
  );
  if (isThere)
    throw new UserError(`There is a ${CONFIG_NAME} already.`, {
      help: 'Edit it, or remove it first. `mlgate init --dry-run` shows what would be written.',
    });
}

interface ProposedFile {
  readonly path: string;
  readonly text: string;
}

async function propose(
  context: CliContext,
): Promise<{ readonly config: ProposedFile; readonly schemas: readonly ProposedFile[] }> {
  const progress = createProgress(context);
  try {
    return await withCliEngine(context, DEFAULT_ENGINE, async (engine) => {
      const findings = await lookAtFolder(context.cwd, engine, progress.onStep);
      const text = proposeConfig(findings);
      parseWholeConfig(text, CONFIG_NAME);
      const schemas: ProposedFile[] = [];
      for (const dataset of proposeDatasets(findings)) {
        schemas.push(await inferProposed(dataset, engine, context, progress));
      }
      return { config: { path: CONFIG_NAME, text }, schemas };
    });
  } finally {
    progress.end();
  }
}

async function inferProposed(
  { table, schema }: ProposedDataset,
  engine: Engine,
  { cwd, signal }: CliContext,
  { onStep, onProgress }: ReturnType<typeof createProgress>,
): Promise<ProposedFile> {
  const asked = { engine, cwd, file: table.path, ranges: false, signal, onStep, onProgress };
  const { document } = await inferTable(asked);
  return { path: schema, text: printSchema(document, schema) };
}

/** Creates files, never over one that is there. Returns those that were written. */
async function writeNewFiles(
  files: readonly ProposedFile[],
  { cwd }: CliContext,
): Promise<readonly string[]> {
  const written: string[] = [];
  for (const { path, text } of files) {
    const target = join(cwd, path);
    try {
      await mkdir(dirname(target), { recursive: true });
      await writeFile(target, text, { flag: 'wx' });
      written.push(path);
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'EEXIST') continue;
      throw explainWriteFailure(error, path);
    }
  }
  return written;
}

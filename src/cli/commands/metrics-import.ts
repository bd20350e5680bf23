import { resolve } from 'node:path';
import { describeImport } from '../../chain/describe-import.ts';
import { writeWhole } from '../../chain/write-results.ts';
import { listFailures } from '../../comparison/judge-imports.ts';
import { boundDistinctly } from '../../evidence/bound-text.ts';
import { EXIT_CODES, UserError } from '../../evidence/errors.ts';
import { importRun, type Imported } from '../../metrics/importers/import-run.ts';
import type { ImportedSamples } from '../../metrics/importers/importer.ts';
import { importServerRun, MLFLOW_ADDRESS } from '../../metrics/importers/mlflow-rest.ts';
import { measureNumbers } from '../../metrics/measure-numbers.ts';
import { openForeignSource } from '../../platform/foreign-source.ts';
import { connectMlflow } from '../../platform/mlflow.ts';
import { JSON_OPTION, type Command, type CommandArguments } from '../command.ts';
import type { CliContext } from '../context.ts';
import { describeImported } from '../metrics/describe-import.ts';

export const metricsImportCommand: Command = {
  name: 'metrics import',
  summary: 'Read the results of another tool, and show the numbers and checks that a gate can use.',
  details: [
    'The format is recognised by what is in the file; `mlgate metrics list` names them all.',
    'Ends with 1 if the run failed, broke off or has a check that failed: such a run never counts as a success.',
    'With --json it prints what evidence would hold: `import` and `metrics`, as in action-schema/evidence.schema.json.',
  ],
  positionals: [
    {
      name: 'FILE',
      description:
        'A file or folder of the other tool, or mlflow:RUN for a run of the server that MLFLOW_TRACKING_URI names.',
      required: true,
    },
  ],
  options: {
    format: {
      type: 'string',
      placeholder: 'FORMAT',
      description: 'The format, where it is not recognised.',
    },
    run: {
      type: 'string',
      placeholder: 'ID',
      description: 'Which run, where the file has several: its id, the beginning of it, or its name.',
    },
    samples: {
      type: 'string',
      placeholder: 'OUT',
      description:
        'Write the grades of single examples to this JSON Lines file: predictions of the task `graded`.',
    },
    json: JSON_OPTION,
  },
  examples: [
    'mlgate metrics import results/model/results_2026-11-03.json',
    'mlgate metrics import mlflow.db --run lively-fox-110',
    'mlgate metrics import logs/run.eval --format inspect-ai --samples grades.jsonl',
  ],
  run: async (arguments_, context) => {
    const file = arguments_.positionals[0] ?? '';
    const imported = await readRun(file, arguments_, context);
    const name = boundDistinctly(file);
    const metrics = measureNumbers(imported.run, name, []);
    const out = arguments_.text('samples');
    if (out !== undefined) await writeSamples(resolve(context.cwd, out), file, imported.run.samples);
    context.print(
      arguments_.flag('json')
        ? `${JSON.stringify({ import: describeImport(name, imported), metrics })}\n`
        : describeImported(imported, metrics, context.width),
    );
    const isGood = imported.run.status === 'complete' && listFailures(imported.run.results).length === 0;
    return isGood ? EXIT_CODES.pass : EXIT_CODES.gateSaysNo;
  },
};

async function readRun(file: string, arguments_: CommandArguments, context: CliContext): Promise<Imported> {
  const [format, run] = [arguments_.text('format'), arguments_.text('run')];
  const id = MLFLOW_ADDRESS.exec(file)?.groups?.['run'];
  if (id === undefined) {
    return await importRun(await openForeignSource(resolve(context.cwd, file), file), { format, run });
  }
  const lost = format !== undefined ? '--format' : run !== undefined ? '--run' : undefined;
  if (lost !== undefined) {
    throw new UserError(`${lost} says nothing beside \`${file}\`, which is one run of a server.`, {
      help: `Leave ${lost} out.`,
    });
  }
  const found = await connectMlflow(context.environment).readRun(id);
  if (found !== undefined) return importServerRun(found);
  throw new UserError(`The MLflow server has no run \`${id}\`.`, {
    help: 'Copy the id of the run from its page, or from `mlflow runs list`.',
  });
}

/** One line for each example: `{"id": …, "task": …, "<grade>": …}`. Ids of several tasks begin with the task. */
async function writeSamples(path: string, file: string, samples: readonly ImportedSamples[]): Promise<void> {
  if (samples.length === 0) {
    throw new UserError(`${file} has no grades of single examples, which --samples asks for.`, {
      help: 'Leave --samples out, or import the file that has them, such as samples_*.jsonl of lm-evaluation-harness.',
    });
  }
  const lines = samples.flatMap(({ name, ids, grades }) =>
    ids.map((id, index) =>
      JSON.stringify({
        ...Object.fromEntries(
          Object.entries(grades).map(([grade, values]) => [grade, finiteOrNull(values[index])]),
        ),
        id: samples.length === 1 ? id : `${name}/${id}`,
        task: name,
      }),
    ),
  );
  await writeWhole(path, `${lines.join('\n')}\n`);
}

function finiteOrNull(value: number | undefined): number | null {
  return value !== undefined && Number.isFinite(value) ? value : null;
}

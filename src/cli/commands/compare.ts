import { UserError } from '../../evidence/errors.ts';
import type { ModelConfig } from '../../schemas/config.generated.ts';
import {
  CONFIG_OPTION,
  JSON_OPTION,
  OUTPUT_OPTION,
  type Command,
  type CommandArguments,
  type OptionDefinition,
} from '../command.ts';
import type { CliContext } from '../context.ts';
import { nameFiles, runNamedFiles } from '../named-files.ts';
import { runConfiguredStages } from '../run-stages.ts';
import { readWord } from '../read-options.ts';

/** Name of the model in the evidence of a command line that names only files. */
const AD_HOC_NAME = 'model';

const TASKS = [
  'binary-classification',
  'multiclass-classification',
  'regression',
] as const satisfies readonly ModelConfig['task'][];

const EXAMPLE =
  'mlgate compare --candidate new.csv --baseline old.csv --id id --target label --score p --max-regression 0.02';
const HELP = `Example: ${EXAMPLE}`;

const FILE_OPTIONS: Readonly<Record<string, OptionDefinition>> = {
  candidate: { type: 'string', placeholder: 'FILE', description: 'Predictions of the candidate.' },
  baseline: {
    type: 'string',
    placeholder: 'FILE',
    description: 'Predictions of the baseline, on the same examples.',
  },
  id: { type: 'string', placeholder: 'COLUMN', description: 'Column that identifies an example.' },
  target: { type: 'string', placeholder: 'COLUMN', description: 'Column with the truth.' },
  score: {
    type: 'string',
    placeholder: 'COLUMN',
    description: 'Column with the probability of the positive class.',
  },
  prediction: {
    type: 'string',
    placeholder: 'COLUMN',
    description: 'Column with the predicted label or value.',
  },
  task: {
    type: 'string',
    placeholder: 'TASK',
    description:
      'One of binary-classification, multiclass-classification, regression. Default: binary-classification with --score.',
  },
  positive: {
    type: 'string',
    placeholder: 'LABEL',
    description: 'Value of the target that counts as positive.',
  },
  metric: {
    type: 'string',
    placeholder: 'NAME',
    description:
      'Metric to gate with --max-regression. Default: roc_auc with --score, mae for regression, else accuracy.',
  },
  'max-regression': {
    type: 'string',
    placeholder: 'MARGIN',
    description: 'How much worse the candidate may be: a number, or a percentage such as 5%.',
  },
};

export const compareCommand: Command = {
  name: 'compare',
  summary: 'Compare models with the baseline: those of the config, or two prediction files.',
  details: [
    'With --candidate and --baseline no config is needed, and nothing is written unless --output says where.',
  ],
  positionals: [],
  options: { ...FILE_OPTIONS, config: CONFIG_OPTION, output: OUTPUT_OPTION, json: JSON_OPTION },
  examples: [EXAMPLE, 'mlgate compare --config mlgate.yml'],
  run: async (arguments_, context) => {
    const asked = Object.keys(FILE_OPTIONS).filter((name) => arguments_.text(name) !== undefined);
    if (asked.length === 0) return await runConfiguredStages(arguments_, context, ['model', 'comparison']);
    return await compareFiles(arguments_, context);
  },
};

type Task = (typeof TASKS)[number];

/** The metric that a margin is about where --metric does not say: with scores, and with labels or values only. */
const GATED_METRIC: Readonly<Record<Task, readonly [string, string]>> = {
  'binary-classification': ['roc_auc', 'accuracy'],
  'multiclass-classification': ['accuracy', 'accuracy'],
  regression: ['mae', 'mae'],
};

async function compareFiles(arguments_: CommandArguments, context: CliContext): Promise<number> {
  const { names, files } = nameFiles({
    candidate: need(arguments_, 'candidate'),
    baseline: need(arguments_, 'baseline'),
  });
  return await runNamedFiles(
    { config: configOf(arguments_, names), files, nameOption, stages: ['model', 'comparison'] },
    arguments_,
    context,
  );
}

/** The option that sets a key of the config below. */
function nameOption(key: string): string | undefined {
  const [, , ...words] = key.split('.');
  const [first, second] = words;
  if (first === 'baseline-predictions') return '--baseline';
  if (first === 'metrics') return words.length > 2 ? '--max-regression' : '--metric';
  if (first === 'predictions')
    return second === undefined || second === 'path' ? '--candidate' : `--${second}`;
  return first === 'task' ? '--task' : undefined;
}

function configOf(
  arguments_: CommandArguments,
  names: { readonly candidate: string; readonly baseline: string },
): object {
  const [score, prediction] = [arguments_.text('score'), arguments_.text('prediction')];
  if (score === undefined && prediction === undefined)
    throw new UserError('`mlgate compare` needs --score or --prediction when it compares two files.', {
      help: HELP,
    });
  const columns = { id: need(arguments_, 'id'), target: need(arguments_, 'target'), score, prediction };
  const predictions = { path: names.candidate, ...columns, positive: arguments_.text('positive') };
  const task = readTask(arguments_, score !== undefined);
  return {
    version: 1,
    models: {
      [AD_HOC_NAME]: {
        task,
        predictions,
        'baseline-predictions': names.baseline,
        metrics: configOfMargin(arguments_, GATED_METRIC[task][score === undefined ? 1 : 0]),
      },
    },
    baseline: { store: 'file' },
  };
}

function readTask(arguments_: CommandArguments, hasScore: boolean): Task {
  const task = readWord(arguments_, 'task', TASKS) ?? (hasScore ? 'binary-classification' : undefined);
  if (task !== undefined) return task;
  throw new UserError(
    `\`mlgate compare\` needs --task with --prediction: labels and values look alike. One of ${TASKS.join(', ')}.`,
    { help: HELP },
  );
}

const NUMBER = /^\d+(\.\d+)?$/;
const PERCENTAGE = /^\d+(\.\d+)? ?%$/;

function configOfMargin(arguments_: CommandArguments, usual: string): object {
  const [margin, metric] = [arguments_.text('max-regression'), arguments_.text('metric')];
  if (margin === undefined) {
    if (metric === undefined) return {};
    throw new UserError('--metric says which metric --max-regression is about; give both.', { help: HELP });
  }
  if (!NUMBER.test(margin) && !PERCENTAGE.test(margin))
    throw new UserError(
      `--max-regression is \`${margin}\`; it must be a number of at least 0 in the metric's own unit, or a percentage such as 5%.`,
    );
  return { [metric ?? usual]: { 'max-regression': NUMBER.test(margin) ? Number(margin) : margin } };
}

function need(arguments_: CommandArguments, option: string): string {
  const value = arguments_.text(option);
  if (value !== undefined && value !== '') return value;
  throw new UserError(`\`mlgate compare\` needs --${option} when it compares two files.`, { help: HELP });
}

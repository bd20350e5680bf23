import { EXIT_CODES, UserError } from '../../evidence/errors.ts';
import { findNearest } from '../../evidence/find-nearest.ts';
import { FILE_METRICS, metricsOfTask } from '../../metrics/catalogue.ts';
import type { MetricDefinition } from '../../metrics/definition.ts';
import { TASKS, type Task } from '../../metrics/examples.ts';
import { describeFormats } from '../../metrics/importers/describe-formats.ts';
import { layOutTable } from '../../report/terminal/layout.ts';
import { JSON_OPTION, type Command } from '../command.ts';
import { showFacts } from '../metrics/show-facts.ts';

export const metricsListCommand: Command = {
  name: 'metrics list',
  summary: 'List the metrics of each task, and the formats of other tools that are read.',
  positionals: [],
  options: {
    task: {
      type: 'string',
      placeholder: 'TASK',
      description: `Only the metrics of this task: ${TASKS.join(', ')}.`,
    },
    json: JSON_OPTION,
  },
  examples: ['mlgate metrics list', 'mlgate metrics list --task regression'],
  run: async (arguments_, context) => {
    const wanted = arguments_.text('task');
    const tasks = chooseTasks(wanted);
    const formats = wanted === undefined ? await describeFormats() : [];
    if (arguments_.flag('json')) {
      const metrics = tasks.flatMap((task) =>
        metricsOfTask(task).map((metric) => ({ task, ...summarise(metric) })),
      );
      context.print(`${JSON.stringify({ metrics, formats })}\n`);
      return EXIT_CODES.pass;
    }
    const blocks = [
      ...tasks
        .filter((task) => metricsOfTask(task).length > 0)
        .map((task) => [task, ...showMetrics(metricsOfTask(task), context.width)]),
      ...(formats.length === 0
        ? []
        : [
            ['read from files only', ...showMetrics(FILE_METRICS, context.width)],
            [
              'formats of other tools',
              ...showFacts(
                formats.map(({ format, title }) => [format, title]),
                context.width,
              ),
            ],
          ]),
    ];
    context.print(`${blocks.map((lines) => lines.join('\n')).join('\n\n')}\n`);
    return EXIT_CODES.pass;
  },
};

function chooseTasks(wanted: string | undefined): readonly Task[] {
  if (wanted === undefined) return TASKS;
  const task = TASKS.find((task) => task === wanted);
  if (task !== undefined) return [task];
  const nearest = findNearest(wanted, TASKS);
  const hint = nearest === undefined ? '' : ` Did you mean \`${nearest}\`?`;
  throw new UserError(`There is no task \`${wanted}\`.${hint} Tasks: ${TASKS.join(', ')}.`, {
    help: 'Run `mlgate metrics list`.',
  });
}

function summarise({ name, title, aliases, direction, unit, parameter }: MetricDefinition) {
  return {
    name,
    title,
    aliases,
    direction,
    ...(unit === undefined ? {} : { unit }),
    ...(parameter === undefined ? {} : { parameter: parameter.meaning }),
  };
}

function showMetrics(metrics: readonly MetricDefinition[], width: number): readonly string[] {
  const rows = metrics.map(({ name, title, parameter, direction }) => [
    { text: `  ${name}${parameter === undefined ? '' : parameter.required === true ? '@N' : '[@N]'}` },
    { text: direction === 'none' ? '' : `${direction.split('-')[0] ?? ''} is better` },
    { text: title },
  ]);
  return layOutTable([[], ...rows], width).slice(1);
}

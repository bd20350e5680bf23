import { EXIT_CODES, UserError } from '../../evidence/errors.ts';
import { findNearest } from '../../evidence/find-nearest.ts';
import { CATALOGUE } from '../../metrics/catalogue.ts';
import type { MetricDefinition } from '../../metrics/definition.ts';
import { findMetric, tasksWith } from '../../metrics/find-metric.ts';
import { describeFormats, type FormatDescription } from '../../metrics/importers/describe-formats.ts';
import { JSON_OPTION, type Command } from '../command.ts';
import { showFacts } from '../metrics/show-facts.ts';

export const metricsExplainCommand: Command = {
  name: 'metrics explain',
  summary: 'Say what a metric is, how its interval is made and what else it is called; or what a format is.',
  positionals: [
    {
      name: 'NAME',
      description: 'A metric, another name of one such as rmse or acc, or a format such as lm-eval.',
      required: true,
    },
  ],
  options: { json: JSON_OPTION },
  examples: [
    'mlgate metrics explain roc_auc',
    'mlgate metrics explain recall@10',
    'mlgate metrics explain tensorboard',
  ],
  run: async (arguments_, context) => {
    const name = arguments_.positionals[0] ?? '';
    const formats = await describeFormats();
    const format = formats.find((one) => one.format === name);
    const metrics = format === undefined ? findMetrics(name) : [];
    if (format === undefined && metrics.length === 0) throw unknownName(name, formats);
    if (arguments_.flag('json')) {
      // JSON leaves out how a metric is computed, and has null for bounds that are infinite.
      context.print(
        `${JSON.stringify(
          format === undefined
            ? { metrics: metrics.map(({ tasks, metric }) => ({ tasks, ...metric })) }
            : { format },
        )}\n`,
      );
      return EXIT_CODES.pass;
    }
    const blocks =
      format === undefined
        ? metrics.map(({ tasks, metric }) => showMetric(metric, tasks, context.width))
        : [showFormat(format, context.width)];
    context.print(`${blocks.join('\n\n')}\n`);
    return EXIT_CODES.pass;
  },
};

interface Found {
  /** None where it is only read from files. */
  readonly tasks: readonly string[];
  readonly metric: MetricDefinition;
}

/** What tasks call by a name: the same definition once, with all its tasks. */
function findMetrics(name: string): readonly Found[] {
  const tasks = tasksWith(name);
  const [readOnly] = tasks.length > 0 ? [] : [findMetric(name)];
  if (readOnly !== undefined) return [{ tasks: [], metric: readOnly }];
  const found: { tasks: string[]; metric: MetricDefinition }[] = [];
  for (const task of tasks) {
    const metric = findMetric(name, task);
    if (metric === undefined) continue;
    const same = found.find(
      (one) => one.metric.title === metric.title && one.metric.formula === metric.formula,
    );
    if (same === undefined) found.push({ tasks: [task], metric });
    else same.tasks.push(task);
  }
  return found;
}

function unknownName(name: string, formats: readonly FormatDescription[]): UserError {
  const known = [
    ...CATALOGUE.flatMap((metric) => [metric.name, ...metric.aliases]),
    ...formats.map(({ format }) => format),
  ];
  const nearest = findNearest(name, known);
  const hint = nearest === undefined ? '' : ` Did you mean \`${nearest}\`?`;
  return new UserError(`There is no metric and no format \`${name.slice(0, 100)}\`.${hint}`, {
    help: 'See `mlgate metrics list`. A number in a metrics file may have any key: its gate then says `direction`.',
  });
}

function showMetric(metric: MetricDefinition, tasks: readonly string[], width: number): string {
  const [least, most] = metric.bounds;
  const facts = showFacts(
    [
      ['tasks', tasks.length === 0 ? 'read from files only' : tasks.join(', ')],
      ['formula', metric.formula],
      ['better', metric.direction],
      ['range', `${least} to ${most}${metric.unit === undefined ? '' : ` ${metric.unit}`}`],
      ['number after @', metric.parameter?.meaning],
      ['undefined', metric.undefinedWhen],
      ['interval', metric.interval],
      ['comparison', metric.comparison],
      ['also called', metric.aliases.join(', ')],
      ['source', metric.source],
    ],
    width,
  );
  return [`${metric.name}: ${metric.title}`, ...facts].join('\n');
}

const TESTED: Readonly<Record<FormatDescription['tested'], string>> = {
  real: 'against the tool itself',
  fixture: 'against files that the tool itself wrote',
  fake: 'against files that we wrote',
};

function showFormat({ format, title, tested, versions, source }: FormatDescription, width: number): string {
  const facts = showFacts(
    [
      ['tested', `${TESTED[tested]} (${tested})`],
      ['versions', versions],
      ['source', source],
    ],
    width,
  );
  return [`${format}: ${title}`, ...facts].join('\n');
}

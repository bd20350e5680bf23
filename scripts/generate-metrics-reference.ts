/** Generates docs/reference/metrics.md from the catalogue of metrics. `--check` writes nothing and fails if it is out of date. */
import { writeGenerated } from './write-generated.ts';
import { FILE_METRICS, metricsOfTask } from '../src/metrics/catalogue.ts';
import type { MetricDefinition } from '../src/metrics/definition.ts';
import { TASKS, type Task } from '../src/metrics/examples.ts';

const PATH = 'docs/reference/metrics.md';

const TASK_TITLES = {
  'binary-classification': 'Binary classification',
  'multiclass-classification': 'Multiclass classification',
  'multilabel-classification': 'Multilabel classification',
  regression: 'Regression',
  'quantile-regression': 'Quantile regression',
  ranking: 'Ranking and retrieval',
  forecasting: 'Forecasting',
  graded: 'Graded examples',
} as const;

function escapeCell(text: string): string {
  return text.replaceAll('|', String.raw`\|`);
}

function listCodes(names: readonly string[]): string {
  return names.map((name) => `\`${name}\``).join(', ');
}

function printBounds({ bounds: [least, most], unit }: MetricDefinition): string {
  const range =
    Number.isFinite(least) && Number.isFinite(most)
      ? `${least} to ${most}`
      : Number.isFinite(least)
        ? `at least ${least}`
        : Number.isFinite(most)
          ? `at most ${most}`
          : 'any number';
  return unit === undefined ? range : `${range} ${unit}`;
}

function printDirection({ direction }: MetricDefinition): string {
  if (direction === 'none') return 'neither';
  return direction === 'higher-is-better' ? 'higher' : 'lower';
}

/** The name as it is asked for. */
function printName({ name, parameter }: MetricDefinition): string {
  if (parameter === undefined) return `\`${name}\``;
  return parameter.required === true ? `\`${name}@N\`` : `\`${name}\`, \`${name}@N\``;
}

/** When a metric is measured. */
function printMeasured({ name, shown, parameter }: MetricDefinition): string {
  const numbers = (parameter?.shown ?? []).map((at) => `\`${name}@${at}\``);
  const always = [...(shown === true ? [`\`${name}\``] : []), ...numbers];
  return always.length === 0 ? 'when asked for' : `always: ${always.join(', ')}`;
}

function printParameter({ parameter }: MetricDefinition): readonly (readonly [string, string])[] {
  if (parameter === undefined) return [];
  const [least, most] = parameter.range;
  const range = Number.isFinite(most) ? `from ${least} to ${most}` : `from ${least}`;
  const whole = parameter.whole === true ? 'a whole number' : 'a number';
  return [['N', `${parameter.meaning}; ${whole} ${range}`]];
}

function describeMetric(metric: MetricDefinition, task: Task): string {
  const rows = [
    ['Formula', metric.formula],
    ...printParameter(metric),
    ['Measured', printMeasured(metric)],
    [
      'Needs',
      `\`${metric.needs}\`${metric.needs === 'prediction' && task === 'binary-classification' ? ', or `score` and `threshold`' : ''}`,
    ],
    ['Better', printDirection(metric)],
    ['Range', printBounds(metric)],
    ['Undefined', metric.undefinedWhen ?? 'never'],
    ['Interval', metric.interval ?? ''],
    ['Interval of a paired difference', metric.comparison ?? ''],
    ['Also called', listCodes(metric.aliases)],
    ['Agrees with', metric.source],
    ['Definition', `version ${metric.definition}`],
  ];
  return [
    `### ${printName(metric)}: ${metric.title}`,
    '',
    '| | |',
    '|---|---|',
    ...rows.map(([name = '', text = '']) => `| ${name} | ${escapeCell(text)} |`),
    '',
  ].join('\n');
}

const INTRODUCTION = `<!-- Generated from src/metrics/catalogue.ts by scripts/generate-metrics-reference.ts. Do not edit. -->

# Metrics

The metrics of a model's task are computed from its predictions file, each with the number of examples that it rests on and a confidence interval at the level 1 − 2·alpha; bounded or not, it is compared with the baseline over the same examples. Names are those of the catalogue below; an alias means the same metric, and case, hyphens and spaces do not count.

Some metrics are always measured; every other one is when a bound, a rule or a slice names it. A number after an \`@\` says at what: \`f1@0.3\` is F1 of the scores from 0.3 on, \`recall@10\` of a ranking the recall of its first ten items. In a rule such a name stands in quotation marks: \`churn."f1@0.3"\`.

With \`predictions.weight\` each example counts as often as its weight says, in every metric. Values agree with \`sample_weight\` of scikit-learn where it has that. Intervals are those of a ratio of weighted sums (linearisation), by groups and strata where there are any: right for weights that correct for how examples were drawn, and wide for weights that stand for equal rows. Where an interval needs a number of examples, it is the effective one (Korn and Graubard; Kish for what a sample may lack). All weights alike change nothing.

A metric that is undefined on a test set has no value: a bound on it fails and says why. A difference is tested against its margin (\`max-regression\`) as follows, with everything turned so that higher is better: *pass* if the lower limit of the interval is at least −margin, *fail* if the upper limit is below −margin, otherwise *inconclusive*, with the smallest change that the test set could have seen and the number of examples that would decide. A relative margin p tests candidate − (1 − p)·baseline (with lower-is-better: (1 + p)·baseline − candidate) against 0; it needs a baseline above 0.

What resampling or a plugged-in variance cannot know is what the test set lacks: with no flip between two models on ten examples, neither sees any uncertainty. So intervals of differences are never narrower than what n·z²/(n + z²) unseen examples (2.7 at alpha = 0.05) could do. Tango's interval has this property by itself.
`;

const GRADES = `Each grade of \`predictions.grades\` is a metric under its own name, always measured: its mean, better as the config says, with the interval of a mean.\n`;

function printReference(): string {
  const tasks = TASKS.flatMap((task) => [
    `## ${TASK_TITLES[task]}`,
    '',
    ...(task === 'graded' ? [GRADES] : []),
    ...metricsOfTask(task).map((metric) => describeMetric(metric, task)),
  ]);
  const table = [
    '## Numbers in metrics files',
    '',
    'A number that something else computed is judged as it stands, by a point rule, because nobody knows how much it varies. Its key decides which way is better: the last part of the key (after a dot, a slash or a colon), without words such as `val_`, `eval_` or `_train` before or after it, is looked up among the names and aliases above and these; `neg_` in front of a loss turns it round. Any other key must say `direction:`.',
    '',
    '| Name | Better | Also called |',
    '|---|---|---|',
    ...FILE_METRICS.map(
      (metric) => `| \`${metric.name}\` | ${printDirection(metric)} | ${listCodes(metric.aliases)} |`,
    ),
    '',
  ];
  return [INTRODUCTION, ...tasks, ...table].join('\n');
}

const text = printReference();
writeGenerated(PATH, text);

import { resolve } from 'node:path';
import { readMetricHistory, type MetricHistory } from '../../baseline/metric-history.ts';
import { writeWhole } from '../../chain/write-results.ts';
import { listGates } from '../../comparison/list-gates.ts';
import { judgeTrends, measureTrends, type MeasuredTrend } from '../../comparison/trend/measure-trends.ts';
import type { ParsedConfig } from '../../config/parse-config.ts';
import { EXIT_CODES, UserError } from '../../evidence/errors.ts';
import { findNearest } from '../../evidence/find-nearest.ts';
import { exitCodeOf, judgeAll } from '../../evidence/verdict.ts';
import { policyOf } from '../../chain/assemble-body.ts';
import { findMetric } from '../../metrics/find-metric.ts';
import { openGitHistory } from '../../platform/history.ts';
import { renderTrendPage } from '../../report/html/trend-page/render-trend-page.ts';
import { renderTrends } from '../../report/terminal/render-trends.ts';
import { findMainTip, openBaselineSession } from '../baseline-session.ts';
import { CONFIG_OPTION, JSON_OPTION, type Command, type CommandArguments } from '../command.ts';
import type { CliContext } from '../context.ts';
import { readCount } from '../read-options.ts';

export const trendCommand: Command = {
  name: 'trend',
  summary: "Show the history of main's metrics: where they changed, and whether they decay.",
  details: [
    'Reads what runs on main recorded on the branch `baseline.branch`. A history begins where the test set or the definition of the metric last changed. Changes of the level are found by e-divisive with permutation p-values at `trend.alpha`. The exit code is 1 if a metric fell by more than its `trend.max-decay` and `trend.severity` is `fail`.',
  ],
  positionals: [],
  options: {
    metric: { type: 'string', placeholder: 'NAME', description: 'Only this metric.' },
    window: {
      type: 'string',
      placeholder: 'COUNT',
      description: 'Commits of main that are looked at, newest first. Default: `trend.window` of the config.',
    },
    html: { type: 'string', placeholder: 'FILE', description: 'Write a page with charts as well.' },
    config: CONFIG_OPTION,
    json: JSON_OPTION,
  },
  examples: ['mlgate trend', 'mlgate trend --metric roc_auc --window 50', 'mlgate trend --html trend.html'],
  run: async (arguments_, context) => {
    const session = await openBaselineSession(arguments_, context);
    const { parsed, clone } = session;
    const { config } = parsed;
    const history = await readMetricHistory(clone.store, {
      branch: config.baseline.branch,
      history: openGitHistory(clone.git),
      from: await findMainTip(session),
      window:
        readCount(arguments_, 'window', { least: LEAST_WINDOW, most: LARGEST_WINDOW }) ?? config.trend.window,
    });
    const measured = chooseMetric(measureHistory(history, parsed), arguments_.text('metric'));
    const checks = judgeTrends(measured, config.trend.severity);
    await show({ measured, history, parsed }, arguments_, context);
    const policy = policyOf(parsed);
    return checks.length === 0 ? EXIT_CODES.pass : exitCodeOf(judgeAll(checks, policy), policy.enforce);
  },
};

interface Shown {
  readonly measured: readonly MeasuredTrend[];
  readonly history: MetricHistory;
  readonly parsed: ParsedConfig;
}

async function show(
  { measured, history, parsed: { config } }: Shown,
  arguments_: CommandArguments,
  context: CliContext,
): Promise<void> {
  const trends = measured.map(({ trend }) => trend);
  const checks = judgeTrends(measured, config.trend.severity);
  const html = arguments_.text('html');
  if (html !== undefined) {
    const branch = config.baseline.main ?? 'main';
    const page = { title: config.report.title, branch, trends, checks, now: context.now() };
    await writeWhole(resolve(context.cwd, html), renderTrendPage(page));
  }
  if (history.unreadable > 0) {
    context.remark(
      `${history.unreadable} lines of history are not what mlgate writes; they were passed over.\n`,
    );
  }
  if (arguments_.flag('json'))
    context.print(`${JSON.stringify({ commits: history.commits, trends, checks })}\n`);
  else if (trends.length === 0) {
    context.print(
      'Nothing is recorded yet. Record it with `mlgate run && mlgate baseline record` on main.\n',
    );
  } else context.print(`${renderTrends(trends, checks, context)}${describeDependence(measured)}`);
}

/** What makes the p-values of changes smaller than they should be. */
function describeDependence(measured: readonly MeasuredTrend[]): string {
  const names = measured
    .filter(({ levels }) => levels.dependent && levels.changes.length > 0)
    .map(({ series }) => series.metric);
  if (names.length === 0) return '';
  return `\nNeighbouring values of ${names.join(', ')} depend on each other, so some of these changes may be chance.\n`;
}

function measureHistory(history: MetricHistory, { config, locate }: ParsedConfig): readonly MeasuredTrend[] {
  return measureTrends({
    history: history.entries,
    commits: history.commits,
    config: config.trend,
    alpha: config.comparison.alpha,
    gates: listGates(config, locate),
    seed: config.comparison.seed,
    everyChange: true,
    locate,
  });
}

/** Throws a UserError for a metric that history does not know. */
function chooseMetric(
  measured: readonly MeasuredTrend[],
  name: string | undefined,
): readonly MeasuredTrend[] {
  if (name === undefined) return measured;
  const called = findMetric(name)?.name;
  const chosen = measured.filter(
    ({ series }) => series.metric === name || (series.about.model !== undefined && series.metric === called),
  );
  if (chosen.length > 0) return chosen;
  const known = [...new Set(measured.map(({ series }) => series.metric))];
  const nearest = findNearest(name, known);
  const hint = nearest === undefined ? '' : ` Did you mean \`${nearest}\`?`;
  throw new UserError(`Main's history has no metric \`${name}\`.${hint}`, {
    help: known.length === 0 ? 'Nothing is recorded yet.' : `It has ${known.join(', ')}.`,
  });
}

const LEAST_WINDOW = 2;
const LARGEST_WINDOW = 2000;

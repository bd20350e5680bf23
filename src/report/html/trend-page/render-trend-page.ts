import type { Check, Trend } from '../../../schemas/evidence.generated.ts';
import { shorten } from '../../clean-text.ts';
import { countOf, formatPlain } from '../../format-number.ts';
import { shortenCommit } from '../../view/baseline-line.ts';
import { nameSubject } from '../../view/outcomes.ts';
import { escapeHtml, escapeMessage } from '../escape.ts';
import { writeTable } from '../table.ts';
import { writePage } from '../write-page.ts';
import { describeTrend, drawTrend } from './draw-trend.ts';

/** What the page shows: main's trends, and the checks that watch them. */
export interface TrendPage {
  /** First words of the headline, such as `mlgate`. */
  readonly title: string;
  /** Name of main. */
  readonly branch: string;
  readonly trends: readonly Trend[];
  /** Checks on trends: `about` says of which. */
  readonly checks: readonly Check[];
  readonly now: Date;
}

const MAX_TITLE = 100;
/** Trends that are drawn: a page of more would not open. */
const MOST_DRAWN = 200;

const TREND_STYLE = `
figure.trend { margin: 0 0 20px; } figure.trend figcaption { font-weight: 400; } figure.trend svg { max-width: none; min-width: 560px; }
svg .level { stroke: var(--baseline); stroke-width: 2; stroke-dasharray: 6 4; } svg .change { stroke: var(--muted); stroke-dasharray: 3 3; }
`;

/**
 * Main's metrics over its commits as one HTML file without script, fonts or addresses: for GitHub Pages, an artifact or
 * a disk. Alarms first, then a chart for each metric with its change points, and its numbers as a table.
 */
export function renderTrendPage(page: TrendPage): string {
  const title = `${shorten(page.title, MAX_TITLE)}: trends on ${shorten(page.branch, MAX_TITLE)}`;
  const drawn = page.trends.slice(0, MOST_DRAWN);
  const body = [
    `<header><h1>${escapeHtml(title)}</h1><p class="muted">${writeSummary(page)}</p></header>`,
    ...writeAlarms(page.checks),
    ...drawn.map((trend, index) => writeTrend(trend, page.checks, index)),
    ...(drawn.length < page.trends.length
      ? [`<p>${countOf(page.trends.length - drawn.length, 'more metric')} are not drawn.</p>`]
      : []),
    `<footer>Made ${page.now.toISOString().slice(0, 16).replace('T', ' ')} UTC by mlgate. Values on another test set, or by another definition, are not comparable: each history begins where those last changed.</footer>`,
  ];
  return writePage({ title, style: TREND_STYLE, body });
}

function isAlarm({ verdict }: Check): boolean {
  return verdict === 'fail' || verdict === 'inconclusive';
}

function writeSummary({ trends, checks }: TrendPage): string {
  if (trends.length === 0) return 'Nothing is recorded yet. A run on main records its metrics.';
  const alarms = checks.filter(isAlarm).length;
  const watched = `${countOf(trends.length, 'metric')}, ${countOf(checks.length, 'watched', 'watched')}`;
  return alarms === 0
    ? `${watched}; none has fallen beyond its margin.`
    : `${watched}; ${countOf(alarms, 'alarm')}.`;
}

function writeAlarms(checks: readonly Check[]): readonly string[] {
  const alarms = ['fail', 'inconclusive'].flatMap((word) => checks.filter(({ verdict }) => verdict === word));
  if (alarms.length === 0) return [];
  return [
    '<ul class="findings">',
    ...alarms.map(
      (check) =>
        `<li class="${check.verdict === 'fail' ? `edge-${check.severity}` : 'edge-undecided'}"><span class="word ${wordClass(check)}">${check.verdict}</span> <p>${escapeMessage(check.message)}</p></li>`,
    ),
    '</ul>',
  ];
}

function wordClass({ verdict, severity }: Check): string {
  return verdict === 'fail' ? severity : 'undecided';
}

function writeTrend(trend: Trend, checks: readonly Check[], index: number): string {
  const { about, metric, points, changes = [] } = trend;
  const check = checks.find((each) => isCheckOf(each, trend));
  const subject = escapeHtml(shorten(nameSubject(about), MAX_TITLE));
  return [
    '<section>',
    `<h2>${escapeHtml(shorten(metric, MAX_TITLE))} <small>of ${subject}</small></h2>`,
    ...(check === undefined || isAlarm(check) ? [] : [`<p>${escapeMessage(check.message)}</p>`]),
    '<figure class="trend">',
    `<figcaption>${escapeHtml(describeTrend(trend))}</figcaption>`,
    `<div class="scroll" role="region" aria-label="Chart of ${escapeHtml(shorten(metric, MAX_TITLE))}" tabindex="0">${drawTrend(trend, `trend-${index}`)}</div>`,
    ...writeChanges(changes),
    `<details><summary>Numbers</summary>${writeNumbers(metric, points)}</details>`,
    '</figure>',
    '</section>',
  ].join('\n');
}

/** A check on a trend ends in the metric's name, after the model or the file that it is of. */
function isCheckOf(check: Check, { about, metric }: Trend): boolean {
  return (
    check.about.model === about.model &&
    check.about.metricsFile === about.metricsFile &&
    check.id.endsWith(`/${metric}`)
  );
}

function writeChanges(changes: NonNullable<Trend['changes']>): readonly string[] {
  if (changes.length === 0) return [];
  return [
    writeTable({
      label: 'Changes of the level',
      columns: ['After', 'Since', 'Level before', 'Level since', 'p', 'Not measured between'],
      numeric: [2, 3, 4],
      rows: changes.map(({ after, at, before, now, p, between = [] }) => [
        code(shortenCommit(after)),
        code(shortenCommit(at)),
        formatPlain(Number(before.toPrecision(4))),
        formatPlain(Number(now.toPrecision(4))),
        formatPlain(p),
        between.map((commit) => code(shortenCommit(commit))).join(' '),
      ]),
    }),
  ];
}

function code(text: string): string {
  return `<code>${escapeHtml(text)}</code>`;
}

function writeNumbers(metric: string, points: Trend['points']): string {
  return writeTable({
    label: `Numbers of ${shorten(metric, MAX_TITLE)}`,
    columns: ['Commit', 'Recorded', 'Value', 'Interval'],
    numeric: [2, 3],
    rows: points.map(({ commit, at, value, low, high }) => [
      code(shortenCommit(commit)),
      escapeHtml(at?.slice(0, 16).replace('T', ' ') ?? ''),
      value === null ? 'not a number' : formatPlain(value),
      low === undefined || high === undefined ? '' : `${formatPlain(low)} to ${formatPlain(high)}`,
    ]),
  });
}

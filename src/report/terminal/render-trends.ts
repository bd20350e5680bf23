import picocolors from 'picocolors';
import type { Check, Trend } from '../../schemas/evidence.generated.ts';
import { countOf, formatPlain } from '../format-number.ts';
import { drawTrendLine } from '../sparkline.ts';
import { shortenCommit } from '../view/baseline-line.ts';
import { nameSubject } from '../view/outcomes.ts';
import { escapeTerminal } from './escape.ts';
import { layOutTable, wrapText } from './layout.ts';

interface TrendOptions {
  readonly color: boolean;
  /** Columns of the terminal. */
  readonly width: number;
}

/** Columns of a drawn line of values. */
const SPARK_POINTS = 40;

/** Main's trends for a terminal: a line for each metric, then where levels changed, then what the checks say. */
export function renderTrends(
  trends: readonly Trend[],
  checks: readonly Check[],
  { color, width }: TrendOptions,
): string {
  const colors = picocolors.createColors(color);
  const head = ['Of', 'Metric', 'Commits', 'First', 'Now', 'Oldest to newest'].map((text) => ({
    text,
    paint: colors.dim,
  }));
  const rows = trends.map((trend) => describeRow(trend).map((text) => ({ text: escapeTerminal(text) })));
  const changes = trends.flatMap(listChanges);
  const said = checks.flatMap(({ verdict, severity, message }) => {
    const effect = verdict === 'fail' ? severity : verdict;
    const paint = effect === 'fail' ? colors.red : effect === 'pass' ? colors.green : colors.yellow;
    const lead = `${effect === 'fail' ? '✗' : effect === 'pass' ? '✓' : '!'} `;
    return wrapText(escapeTerminal(message.replaceAll('`', '')), width - lead.length).map((line, index) =>
      index === 0 ? `${paint(lead)}${line}` : `  ${line}`,
    );
  });
  const sections = [
    layOutTable([head, ...rows], width),
    changes.flatMap((line) => wrapText(escapeTerminal(line), width)),
    said,
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

function describeRow({ about, metric, points }: Trend): readonly string[] {
  const values = points.map(({ value }) => value);
  const known = values.filter((value) => value !== null);
  return [
    nameSubject(about),
    metric,
    String(points.length),
    writeValue(known[0]),
    writeValue(known.at(-1)),
    drawTrendLine(values.slice(-SPARK_POINTS)),
  ];
}

function writeValue(value: number | undefined): string {
  return value === undefined ? '' : formatPlain(Number(value.toPrecision(4)));
}

function listChanges({ about, metric, direction, changes = [] }: Trend): readonly string[] {
  return changes.map(({ after, at, before, now, p, between = [] }) => {
    const rose = now > before;
    const better =
      direction === 'none' || direction === undefined
        ? undefined
        : rose === (direction === 'higher-is-better');
    const word = better === undefined ? 'changed' : better ? 'got better' : 'got worse';
    const gap = between.length === 0 ? '' : `, ${countOf(between.length, 'commit')} between not measured`;
    return `${nameSubject(about)} ${metric} ${word}: ${writeValue(before)} → ${writeValue(now)} between ${shortenCommit(after)} and ${shortenCommit(at)} (p = ${formatPlain(p)}${gap})`;
  });
}

import type { HistogramFigure, HistogramSeries } from '../../../schemas/evidence.generated.ts';
import { shorten } from '../../clean-text.ts';
import { countOf, formatCount, formatFixed, formatPercent, formatPlain } from '../../format-number.ts';
import { escapeHtml } from '../escape.ts';
import { writeTable } from '../table.ts';
import { makeScale, type Scale } from './scale.ts';
import { drawLine, drawRect, drawText, FIGURE_WIDTH, NO_PICTURE, wrapFigure, wrapSvg } from './svg.ts';

const PANEL_HEIGHT = 106;
const LABEL_HEIGHT = 24;
const BOTTOM = 38;
const SIDE = 14;
const TICKS = 5;
const MAX_LABEL = 50;
const MAX_GROUP = 28;
const MOST_PANELS = 8;

/** One panel for each group over a common axis. Heights are shares of the group, so that a rare class is seen too. */
export function drawHistogram(figure: HistogramFigure, id: string): string {
  const title = shorten(figure.title, MAX_LABEL);
  return wrapFigure(escapeHtml(title), drawPicture(figure, title, id), writeNumbers(figure));
}

function drawPicture(figure: HistogramFigure, title: string, id: string): string {
  const [low, high] = [figure.edges[0], figure.edges.at(-1)];
  if (low === undefined || high === undefined || figure.series.length === 0) return NO_PICTURE;
  const x = makeScale([low, high], [SIDE, FIGURE_WIDTH - SIDE], TICKS);
  if (x === undefined) return NO_PICTURE;
  const panels = figure.series.slice(0, MOST_PANELS);
  const height = panels.length * PANEL_HEIGHT + BOTTOM;
  return wrapSvg({
    id,
    title,
    description: `${shorten(figure.x, MAX_LABEL)}: ${panels.map((panel) => describePanel(panel)).join('; ')}.`,
    height,
    shapes: [
      ...panels.flatMap((panel, index) => drawPanel(panel, figure.edges, x, index)),
      ...x.ticks.map((tick) =>
        drawText(x.at(tick), height - 22, formatFixed(tick, x.decimals), 'middle', 'muted'),
      ),
      drawText(FIGURE_WIDTH / 2, height - 5, shorten(figure.x, MAX_LABEL), 'middle', 'muted'),
    ],
  });
}

function totalOf(series: HistogramSeries): number {
  return series.counts.reduce((sum, count) => sum + count, 0);
}

function describePanel(series: HistogramSeries): string {
  return `${shorten(series.name, MAX_GROUP)}, ${countOf(totalOf(series), 'example')}`;
}

function drawPanel(
  series: HistogramSeries,
  edges: readonly number[],
  x: Scale,
  index: number,
): readonly string[] {
  const top = index * PANEL_HEIGHT + LABEL_HEIGHT;
  const base = (index + 1) * PANEL_HEIGHT - 4;
  const densities = series.counts.map((count, bin) => {
    const width = (edges[bin + 1] ?? Number.NaN) - (edges[bin] ?? Number.NaN);
    return width > 0 ? count / width : 0;
  });
  const highest = densities.reduce((most, density) => Math.max(most, density), 0);
  const share =
    series.counts.reduce((most, count) => Math.max(most, count), 0) / Math.max(totalOf(series), 1);
  return [
    drawText(SIDE, top - 8, shorten(series.name, MAX_GROUP), 'start', 'strong'),
    drawText(
      FIGURE_WIDTH - SIDE,
      top - 8,
      `${formatCount(totalOf(series))}, largest bin ${formatPercent(Number(share.toFixed(2)))}`,
      'end',
      'muted',
    ),
    ...densities.flatMap((density, bin) => {
      if (density === 0 || highest === 0) return [];
      const [left, right] = [x.at(edges[bin] ?? 0), x.at(edges[bin + 1] ?? 0)];
      const height = Math.max((density / highest) * (base - top), 1);
      return [drawRect(left + 0.5, base - height, Math.max(right - left - 1, 1), height, 'bar')];
    }),
    drawLine(SIDE, base, FIGURE_WIDTH - SIDE, base, 'axis'),
  ];
}

function writeNumbers(figure: HistogramFigure): string {
  const bins = Array.from({ length: Math.max(figure.edges.length - 1, 0) }, (_, bin) => bin);
  return writeTable({
    label: `Numbers of ${shorten(figure.title, MAX_LABEL)}`,
    columns: ['From', 'To', ...figure.series.map((series) => escapeHtml(shorten(series.name, MAX_GROUP)))],
    numeric: [0, 1, ...figure.series.map((_, index) => index + 2)],
    rows: bins.map((bin) => [
      formatPlain(figure.edges[bin] ?? 0),
      formatPlain(figure.edges[bin + 1] ?? 0),
      ...figure.series.map((series) => formatCount(series.counts[bin] ?? 0)),
    ]),
  });
}

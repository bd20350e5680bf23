import type { CurveFigure, CurvePoint, CurveSeries } from '../../../schemas/evidence.generated.ts';
import { shorten } from '../../clean-text.ts';
import { formatCount, formatFixed, formatPlain } from '../../format-number.ts';
import { escapeHtml } from '../escape.ts';
import { writeTable } from '../table.ts';
import { addAir, makeScale, rangeOf, type Scale } from './scale.ts';
import {
  drawCircle,
  drawDiamond,
  drawLine,
  drawPath,
  drawText,
  FIGURE_WIDTH,
  NO_PICTURE,
  wrapFigure,
  wrapSvg,
} from './svg.ts';

const HEIGHT = 336;
const PLOT = { left: 46, right: FIGURE_WIDTH - 10, top: 46, bottom: HEIGHT - 44 };
const TICKS = 5;
const MAX_LABEL = 50;

/** Lines with error bars: the candidate solid with round marks, the baseline dashed with diamonds. */
export function drawCurve(figure: CurveFigure, id: string): string {
  const caption = escapeHtml(shorten(figure.title, MAX_LABEL));
  return wrapFigure(caption, drawPicture(figure, id), writeNumbers(figure));
}

function drawPicture(figure: CurveFigure, id: string): string {
  const axes = makeAxes(figure);
  if (axes === undefined) return NO_PICTURE;
  const names = figure.series.map((series) => series.name);
  return wrapSvg({
    id,
    title: shorten(figure.title, MAX_LABEL),
    description: `${shorten(figure.y, MAX_LABEL)} against ${shorten(figure.x, MAX_LABEL)}, for ${names.join(' and ')}${figure.diagonal === true ? '; perfect predictions lie on the diagonal' : ''}.`,
    height: HEIGHT,
    shapes: [
      ...drawAxes(figure, axes),
      ...(figure.diagonal === true ? drawDiagonal(axes) : []),
      // The candidate comes last, so that it lies on top.
      ...figure.series.toReversed().flatMap((series) => drawSeries(series, axes)),
      ...drawLegend(names),
    ],
  });
}

interface Axes {
  readonly x: Scale;
  readonly y: Scale;
  readonly domain: { readonly x: readonly [number, number]; readonly y: readonly [number, number] };
}

function makeAxes(figure: CurveFigure): Axes | undefined {
  const points = figure.series.flatMap((series) => series.points);
  const xs = rangeOf(points.map((point) => point.x));
  const ys = rangeOf(points.flatMap((point) => [point.y, point.low ?? point.y, point.high ?? point.y]));
  if (xs === undefined || ys === undefined) return undefined;
  const both = rangeOf([...xs, ...ys]) ?? xs;
  const domainX = figure.diagonal === true ? widen(both) : addAir(xs);
  const domainY = figure.diagonal === true ? widen(both) : addAir(ys);
  const x = makeScale(domainX, [PLOT.left, PLOT.right], TICKS);
  const y = makeScale(domainY, [PLOT.bottom, PLOT.top], TICKS);
  return x === undefined || y === undefined ? undefined : { x, y, domain: { x: domainX, y: domainY } };
}

/** Shares on a diagonal begin at 0. A curve of shares alone does not: a trend that falls by five points would look flat. */
function widen([low, high]: readonly [number, number]): readonly [number, number] {
  return low >= 0 && high <= 1 ? [0, high === 0 ? 1 : Math.ceil(high * 10) / 10] : addAir([low, high]);
}

function drawAxes(figure: CurveFigure, { x, y }: Axes): readonly string[] {
  return [
    ...y.ticks.flatMap((tick) => [
      drawLine(PLOT.left, y.at(tick), PLOT.right, y.at(tick), 'grid'),
      drawText(PLOT.left - 6, y.at(tick) + 4, formatFixed(tick, y.decimals), 'end', 'muted'),
    ]),
    ...x.ticks.map((tick) =>
      drawText(x.at(tick), PLOT.bottom + 16, formatFixed(tick, x.decimals), 'middle', 'muted'),
    ),
    drawLine(PLOT.left, PLOT.bottom, PLOT.right, PLOT.bottom, 'axis'),
    drawText((PLOT.left + PLOT.right) / 2, HEIGHT - 8, shorten(figure.x, MAX_LABEL), 'middle', 'muted'),
    drawText(4, 12, shorten(figure.y, MAX_LABEL), 'start', 'muted'),
  ];
}

function drawDiagonal({ x, y, domain }: Axes): readonly string[] {
  const low = Math.max(domain.x[0], domain.y[0]);
  const high = Math.min(domain.x[1], domain.y[1]);
  return low < high ? [drawLine(x.at(low), y.at(low), x.at(high), y.at(high), 'diagonal')] : [];
}

function drawSeries(series: CurveSeries, axes: Axes): readonly string[] {
  const points = series.points.map((point) => [axes.x.at(point.x), axes.y.at(point.y)] as const);
  const mark = series.name === 'candidate' ? drawCircle : drawDiamond;
  return [
    ...series.points.flatMap((point) => drawErrorBar(point, series.name, axes)),
    ...(points.length > 1 ? [drawPath(points, `${series.name}-line`)] : []),
    ...points.map(([x, y]) => mark(x, y, `${series.name}-mark`)),
  ];
}

function drawErrorBar(point: CurvePoint, name: CurveSeries['name'], { x, y }: Axes): readonly string[] {
  if (point.low === undefined || point.high === undefined) return [];
  return [drawLine(x.at(point.x), y.at(point.low), x.at(point.x), y.at(point.high), `${name}-error`)];
}

function drawLegend(names: readonly CurveSeries['name'][]): readonly string[] {
  const items = { candidate: 'this change', baseline: 'baseline' } as const;
  return names.flatMap((name, index) => {
    const left = PLOT.left + 6 + index * 110;
    const mark = name === 'candidate' ? drawCircle : drawDiamond;
    return [mark(left, 27, `${name}-mark`), drawText(left + 10, 31, items[name])];
  });
}

function writeNumbers(figure: CurveFigure): string {
  return writeTable({
    label: `Numbers of ${shorten(figure.title, MAX_LABEL)}`,
    columns: [
      'Line',
      escapeHtml(shorten(figure.x, MAX_LABEL)),
      escapeHtml(shorten(figure.y, MAX_LABEL)),
      'Interval',
      'Examples',
    ],
    numeric: [1, 2, 3, 4],
    rows: figure.series.flatMap((series) =>
      series.points.map((point) => [
        series.name,
        formatPlain(point.x),
        formatPlain(point.y),
        point.low === undefined || point.high === undefined
          ? ''
          : `${formatPlain(point.low)} to ${formatPlain(point.high)}`,
        point.n === undefined ? '' : formatCount(point.n),
      ]),
    ),
  });
}

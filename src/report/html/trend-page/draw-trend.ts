import type { ChangePoint, Trend } from '../../../schemas/evidence.generated.ts';
import { shorten } from '../../clean-text.ts';
import { countOf, formatFixed, formatPlain } from '../../format-number.ts';
import { shortenCommit } from '../../view/baseline-line.ts';
import { nameSubject } from '../../view/outcomes.ts';
import { makeScale, rangeOf, type Scale } from '../figures/scale.ts';
import { drawCircle, drawLine, drawPath, drawText, NO_PICTURE, wrapSvg } from '../figures/svg.ts';

const WIDTH = 960;
const HEIGHT = 260;
const PLOT = { left: 70, right: 948, top: 26, bottom: 214 } as const;
const TICKS = 4;
const AIR = 0.08;
/** Points that get a mark each; more are a line alone. */
const MARKED = 60;
const MAX_NAME = 60;

interface Axes {
  readonly x: (index: number) => number;
  readonly y: Scale;
}

/** The values of one metric over main's commits, with the levels between change points and the intervals as a band. */
export function drawTrend(trend: Trend, id: string): string {
  const axes = makeAxes(trend);
  if (axes === undefined) return NO_PICTURE;
  return wrapSvg({
    id,
    title: `${shorten(trend.metric, MAX_NAME)} of ${shorten(nameSubject(trend.about), MAX_NAME)} on main`,
    description: describeTrend(trend),
    width: WIDTH,
    height: HEIGHT,
    shapes: [
      ...drawAxes(trend, axes),
      ...drawBand(trend, axes),
      ...(trend.changes ?? []).flatMap((change) => drawChange(trend, change, axes)),
      ...drawLevels(trend, axes),
      ...drawValues(trend, axes),
    ],
  });
}

/** The picture in words. */
export function describeTrend({ points, changes = [], metric }: Trend): string {
  const known = points.flatMap(({ value }) => (value === null ? [] : [value]));
  const [first, last] = [known[0], known.at(-1)];
  if (first === undefined || last === undefined) return 'No value is known.';
  const range = rangeOf(known) ?? [first, last];
  const moves = changes.map(
    ({ before, now, at }) => `from ${formatPlain(before)} to ${formatPlain(now)} at ${shortenCommit(at)}`,
  );
  const moved =
    moves.length === 0 ? 'No single step in its level was found.' : `Its level changed ${moves.join(', ')}.`;
  return `${countOf(points.length, 'commit')}: ${shorten(metric, MAX_NAME)} was ${formatPlain(first)} at first and is ${formatPlain(last)} now, between ${formatPlain(range[0])} and ${formatPlain(range[1])}. ${moved}`;
}

function makeAxes({ points }: Trend): Axes | undefined {
  const values = points.flatMap(({ value, low, high }) =>
    value === null ? [] : [value, low ?? value, high ?? value],
  );
  const range = rangeOf(values);
  if (range === undefined) return undefined;
  const [low, high] = range;
  const air = low === high ? Math.abs(low) * AIR || 1 : (high - low) * AIR;
  const y = makeScale([low - air, high + air], [PLOT.bottom, PLOT.top], TICKS);
  if (y === undefined) return undefined;
  const step = points.length < 2 ? 0 : (PLOT.right - PLOT.left - 2 * MARGIN) / (points.length - 1);
  return { y, x: (index) => PLOT.left + MARGIN + index * step };
}

/** Room beside the first and the last point. */
const MARGIN = 12;

function nameOf(point: Trend['points'][number] | undefined): string {
  if (point === undefined) return '';
  const day = point.at?.slice(0, 10);
  return day === undefined ? shortenCommit(point.commit) : `${shortenCommit(point.commit)} · ${day}`;
}

function drawAxes({ points }: Trend, { x, y }: Axes): readonly string[] {
  const [first, last] = [points[0], points.at(-1)];
  return [
    ...y.ticks.flatMap((tick) => [
      drawLine(PLOT.left, y.at(tick), PLOT.right, y.at(tick), 'grid'),
      drawText(PLOT.left - 8, y.at(tick) + 4, formatFixed(tick, y.decimals), 'end', 'muted'),
    ]),
    drawLine(PLOT.left, PLOT.bottom, PLOT.right, PLOT.bottom, 'axis'),
    drawText(x(0) - MARGIN, PLOT.bottom + 20, nameOf(first), 'start', 'muted'),
    ...(points.length > 1 ? [drawText(PLOT.right, PLOT.bottom + 20, nameOf(last), 'end', 'muted')] : []),
  ];
}

/** Stretches of points that have an interval. */
function drawBand({ points }: Trend, { x, y }: Axes): readonly string[] {
  const stretches: { index: number; low: number; high: number }[][] = [[]];
  for (const [index, { low, high }] of points.entries()) {
    if (low === undefined || high === undefined) stretches.push([]);
    else stretches.at(-1)?.push({ index, low, high });
  }
  return stretches
    .filter((stretch) => stretch.length > 1)
    .map((stretch) => {
      const upper = stretch.map(({ index, high }) => [x(index), y.at(high)] as const);
      const lower = stretch.map(({ index, low }) => [x(index), y.at(low)] as const).toReversed();
      return drawPath([...upper, ...lower], 'band');
    });
}

/** A line before the first commit of a new level, with how far it moved. */
function drawChange({ points }: Trend, { at, before, now }: ChangePoint, { x }: Axes): readonly string[] {
  const index = points.findIndex(({ commit }) => commit === at);
  if (index < 1) return [];
  const place = (x(index) + x(index - 1)) / 2;
  const size = formatPlain(Number(Math.abs(now - before).toPrecision(3)));
  return [
    drawLine(place, PLOT.top, place, PLOT.bottom, 'change'),
    drawText(place, PLOT.top - 8, `${now < before ? '▼' : '▲'} ${size}`, 'middle', 'halo'),
  ];
}

/** The mean of each stretch between changes. */
function drawLevels({ points, changes = [] }: Trend, { x, y }: Axes): readonly string[] {
  if (changes.length === 0) return [];
  const starts = [0, ...changes.map(({ at }) => points.findIndex(({ commit }) => commit === at))];
  const levels = [changes[0]?.before, ...changes.map(({ now }) => now)];
  return starts.flatMap((start, place) => {
    const level = levels[place];
    const end = (starts[place + 1] ?? points.length) - 1;
    if (level === undefined || start < 0 || end < start) return [];
    return [drawLine(x(start), y.at(level), x(end), y.at(level), 'level')];
  });
}

/** Stretches of known values, broken where a value is none. */
function drawValues({ points }: Trend, { x, y }: Axes): readonly string[] {
  const stretches: (readonly [number, number])[][] = [[]];
  for (const [index, { value }] of points.entries()) {
    if (value === null) stretches.push([]);
    else stretches.at(-1)?.push([x(index), y.at(value)]);
  }
  const drawn = stretches.filter((stretch) => stretch.length > 0);
  const marks = points.length > MARKED ? [] : drawn.flat();
  return [
    ...drawn.filter((stretch) => stretch.length > 1).map((stretch) => drawPath(stretch, 'candidate-line')),
    ...marks.map(([left, top]) => drawCircle(left, top, 'candidate-mark')),
  ];
}

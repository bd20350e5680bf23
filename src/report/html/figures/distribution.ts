import { shorten } from '../../clean-text.ts';
import { countOf, formatCount, formatFixed, formatPercent, formatPlain } from '../../format-number.ts';
import type { DistributionPicture } from '../../view/report-view.ts';
import { escapeHtml } from '../escape.ts';
import { writeTable } from '../table.ts';
import { makeScale, type Scale } from './scale.ts';
import {
  drawDiamond,
  drawLine,
  drawPath,
  drawRect,
  drawText,
  FIGURE_WIDTH,
  NO_PICTURE,
  wrapFigure,
  wrapSvg,
} from './svg.ts';

const SIDE = 14;
const LEGEND = 22;
const PLOT = 110;
const BOTTOM = 38;
const TICKS = 4;
const ROW = 32;
const MOST_ROWS = 12;
const MAX_TITLE = 50;
const MAX_LABEL = 30;
/** A picture whose outer bins are this many times as wide as all others together shows the others. */
const LONG_TAIL = 3;
const DAY_MILLISECONDS = 86_400_000;

/** How the values of a column are spread, beside how they were: shares, so that tables of any size can be compared. */
export function drawDistribution(picture: DistributionPicture, id: string): string {
  const caption = shorten(picture.title, MAX_TITLE);
  const drawn =
    picture.edges === undefined ? drawCategories(picture, id) : drawBins(picture, picture.edges, id);
  return wrapFigure(escapeHtml(caption), drawn, writeNumbers(picture));
}

function sharesOf(counts: readonly number[]): readonly number[] {
  const total = counts.reduce((sum, count) => sum + count, 0);
  return counts.map((count) => (total === 0 ? 0 : count / total));
}

function totalOf(counts: readonly number[]): string {
  return countOf(
    counts.reduce((sum, count) => sum + count, 0),
    'value',
  );
}

function describe({ current, reference, x }: DistributionPicture): string {
  const other = reference === undefined ? '' : ` beside ${totalOf(reference.counts)} of ${reference.name}`;
  return `${shorten(x, MAX_TITLE)}: ${totalOf(current)}${other}.`;
}

/** What each mark stands for, in shape and not only in colour. */
function drawLegend({ reference }: DistributionPicture, mark: 'line' | 'diamond'): readonly string[] {
  if (reference === undefined) return [];
  const from = SIDE + 100;
  return [
    drawRect(SIDE, 4, 12, 10, 'bar'),
    drawText(SIDE + 18, 14, 'now', 'start', 'muted'),
    mark === 'line'
      ? drawLine(from, 9, from + 16, 9, 'baseline-line')
      : drawDiamond(from + 8, 9, 'baseline-mark'),
    drawText(from + 22, 14, shorten(reference.name, MAX_LABEL), 'start', 'muted'),
  ];
}

interface Bin {
  readonly left: number;
  readonly right: number;
  readonly current: number;
  readonly reference: number;
}

function listBins({ current, reference }: DistributionPicture, edges: readonly number[]): readonly Bin[] {
  const [now, then] = [sharesOf(current), sharesOf(reference?.counts ?? [])];
  return now.flatMap((share, index): readonly Bin[] => {
    const [left, right] = [edges[index], edges[index + 1]];
    if (left === undefined || right === undefined || !(right > left)) return [];
    const width = right - left;
    return [{ left, right, current: share / width, reference: (then[index] ?? 0) / width }];
  });
}

/** The bins that a picture has room for: one extreme value would press all others into a line. */
function withoutTails(bins: readonly Bin[]): readonly Bin[] {
  const inner = bins.slice(1, -1);
  const span = (some: readonly Bin[]): number => (some.at(-1)?.right ?? 0) - (some[0]?.left ?? 0);
  return inner.length > 2 && span(bins) > LONG_TAIL * span(inner) ? inner : bins;
}

function drawBins(picture: DistributionPicture, edges: readonly number[], id: string): string {
  const all = listBins(picture, edges);
  const bins = withoutTails(all);
  const [first, last] = [bins[0], bins.at(-1)];
  if (first === undefined || last === undefined) return NO_PICTURE;
  const x = makeScale([first.left, last.right], [SIDE, FIGURE_WIDTH - SIDE], TICKS);
  const highest = Math.max(...bins.flatMap(({ current, reference }) => [current, reference]));
  if (x === undefined || !(highest > 0) || !Number.isFinite(highest)) return NO_PICTURE;
  const base = LEGEND + PLOT;
  const heightOf = (density: number): number => (density / highest) * (PLOT - 6);
  const outline = bins.flatMap((bin): readonly (readonly [number, number])[] => {
    const y = base - heightOf(bin.reference);
    return [
      [x.at(bin.left), y],
      [x.at(bin.right), y],
    ];
  });
  return wrapSvg({
    id,
    title: shorten(picture.title, MAX_TITLE),
    description: describe(picture),
    height: base + BOTTOM,
    shapes: [
      ...drawLegend(picture, 'line'),
      ...bins
        .filter(({ current }) => current > 0)
        .map((bin) => {
          const height = Math.max(heightOf(bin.current), 1);
          const [left, right] = [x.at(bin.left), x.at(bin.right)];
          return drawRect(left + 0.3, base - height, Math.max(right - left - 0.6, 0.6), height, 'bar');
        }),
      ...(picture.reference === undefined ? [] : [drawPath(outline, 'baseline-line')]),
      drawLine(SIDE, base, FIGURE_WIDTH - SIDE, base, 'axis'),
      ...drawTicks(x, picture, base),
      drawText(
        FIGURE_WIDTH / 2,
        base + 32,
        `${shorten(picture.x, MAX_TITLE)}${bins.length < all.length ? ' (tails not drawn)' : ''}`,
        'middle',
        'muted',
      ),
    ],
  });
}

function drawTicks(x: Scale, { isTime }: DistributionPicture, base: number): readonly string[] {
  return x.ticks.map((tick) =>
    drawText(
      x.at(tick),
      base + 15,
      isTime === true ? writeDay(tick) : formatFixed(tick, x.decimals),
      'middle',
      'muted',
    ),
  );
}

/** Milliseconds since 1970 as a date; a time that no calendar has stays a number. */
function writeDay(milliseconds: number): string {
  const time = new Date(Math.round(milliseconds / DAY_MILLISECONDS) * DAY_MILLISECONDS);
  return Number.isNaN(time.getTime()) ? formatPlain(milliseconds) : time.toISOString().slice(0, 10);
}

function drawCategories(picture: DistributionPicture, id: string): string {
  const [now, then] = [sharesOf(picture.current), sharesOf(picture.reference?.counts ?? [])];
  const rows = (picture.labels ?? []).slice(0, MOST_ROWS);
  const highest = Math.max(...now.slice(0, MOST_ROWS), ...then.slice(0, MOST_ROWS), 0);
  if (rows.length === 0 || highest === 0) return NO_PICTURE;
  const widthOf = (share: number): number => (share / highest) * (FIGURE_WIDTH - 2 * SIDE);
  const hidden = now.length - rows.length;
  return wrapSvg({
    id,
    title: shorten(picture.title, MAX_TITLE),
    description: describe(picture),
    height: LEGEND + rows.length * ROW + (hidden > 0 ? 22 : 4),
    shapes: [
      ...drawLegend(picture, 'diamond'),
      ...rows.flatMap((label, index) => {
        const top = LEGEND + index * ROW;
        const before = picture.reference === undefined ? '' : `${formatShare(then[index] ?? 0)} → `;
        return [
          drawText(SIDE, top + 13, label === '' ? '(empty)' : shorten(label, MAX_LABEL)),
          drawText(FIGURE_WIDTH - SIDE, top + 13, `${before}${formatShare(now[index] ?? 0)}`, 'end', 'muted'),
          drawRect(SIDE, top + 18, Math.max(widthOf(now[index] ?? 0), 0.5), 8, 'bar'),
          ...(picture.reference === undefined
            ? []
            : [drawDiamond(SIDE + widthOf(then[index] ?? 0), top + 22, 'baseline-mark')]),
        ];
      }),
      ...(hidden > 0
        ? [
            drawText(
              SIDE,
              LEGEND + rows.length * ROW + 15,
              `${formatCount(hidden)} more in the table`,
              'start',
              'muted',
            ),
          ]
        : []),
    ],
  });
}

function formatShare(share: number): string {
  return formatPercent(Number(share.toPrecision(2)));
}

function writeNumbers(picture: DistributionPicture): string {
  const { edges, labels = [], current, reference } = picture;
  const places =
    edges === undefined
      ? labels.map((label) => [escapeHtml(label)])
      : current.map((_, bin) =>
          [edges[bin], edges[bin + 1]].map((edge) =>
            edge === undefined ? '' : picture.isTime === true ? writeDay(edge) : formatPlain(edge),
          ),
        );
  const head = edges === undefined ? ['Value'] : ['From', 'To'];
  return writeTable({
    label: `Numbers of ${shorten(picture.title, MAX_TITLE)}`,
    columns: [
      ...head,
      'Now',
      ...(reference === undefined ? [] : [escapeHtml(shorten(reference.name, MAX_LABEL))]),
    ],
    numeric: [0, 1, 2, 3].slice(edges === undefined ? 1 : 0, head.length + 2),
    rows: places.map((place, bin) => [
      ...place,
      formatCount(current[bin] ?? 0),
      ...(reference === undefined ? [] : [formatCount(reference.counts[bin] ?? 0)]),
    ]),
  });
}

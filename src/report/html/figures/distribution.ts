import { shorten } from '../../clean-text.ts';
import { countOf, formatCount, formatFixed, formatPercent, formatPlain } from '../../format-number.ts';
import type { DistributionPicture } from '../../view/report-view.ts';
import { escapeHtml } from '../escape.ts';
import { writeTable } from '../table.ts';
import { makeScale } from './scale.ts';
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
/** Height of a line of words above the picture. */
const NOTE = 16;
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

function legendHeight({ reference }: DistributionPicture): number {
  return reference === undefined ? 6 : LEGEND;
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
  /** Densities: shares by width, so that a wide bin is no higher for being wide. */
  readonly current: number;
  readonly reference: number;
}

/** A single value with this share of all would press everything else flat: it is told in words. */
const SPIKE_SHARE = 0.3;
/** Bins this much narrower than the picture are a line in it. */
const SPIKE_WIDTH = 1 / 50;
const MOST_SPIKES = 2;

function isSpike({ left, right, current, reference }: Bin, range: number): boolean {
  const width = right - left;
  return width < SPIKE_WIDTH * range && Math.max(current, reference) * width >= SPIKE_SHARE;
}

function tellSpike({ left, right, current, reference }: Bin, picture: DistributionPicture): string {
  const share = (density: number): string => formatShare(density * (right - left));
  const before = picture.reference === undefined ? '' : `${share(reference)} → `;
  const place = picture.isTime === true ? writeDay(left) : formatPlain(left);
  return `${before}${share(current)} near ${place}, not drawn`;
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

/** A bin where it is drawn: heights are relative. */
interface Bar {
  readonly left: number;
  readonly right: number;
  readonly current: number;
  readonly reference: number;
}

interface Layout {
  readonly bars: readonly Bar[];
  readonly ticks: readonly { readonly x: number; readonly text: string }[];
  /** What a reader must know of the axis. */
  readonly notes: readonly string[];
}

/** Where more than this share of what is drawn lies in less than this part of the range, a linear axis shows nothing. */
const CROWDED_SHARE = 0.6;
const CROWDED_PART = 0.05;
/** Fewer bins than this beside a spike show no shape. */
const LEAST_BINS = 6;

function isCrowded(bins: readonly Bin[]): boolean {
  const range = (bins.at(-1)?.right ?? 0) - (bins[0]?.left ?? 0);
  const massOf = ({ left, right, current, reference }: Bin): number => (current + reference) * (right - left);
  const total = bins.reduce((sum, bin) => sum + massOf(bin), 0);
  const narrow = bins
    .toSorted((one, other) => other.current + other.reference - one.current - one.reference)
    .reduce(
      ({ mass, width }, bin) =>
        width + bin.right - bin.left > CROWDED_PART * range
          ? { mass, width: Infinity }
          : { mass: mass + massOf(bin), width: width + bin.right - bin.left },
      { mass: 0, width: 0 },
    );
  return narrow.mass > CROWDED_SHARE * total;
}

/** Bins where their values are. */
function layOutToScale(bins: readonly Bin[], picture: DistributionPicture): Layout | undefined {
  const [first, last] = [bins[0], bins.at(-1)];
  const x = first && last && makeScale([first.left, last.right], [SIDE, FIGURE_WIDTH - SIDE], TICKS);
  if (x === undefined) return undefined;
  return {
    bars: bins.map((bin) => ({ ...bin, left: x.at(bin.left), right: x.at(bin.right) })),
    ticks: x.ticks.map((tick) => ({
      x: x.at(tick),
      text: picture.isTime === true ? writeDay(tick) : formatFixed(tick, x.decimals),
    })),
    notes: [],
  };
}

/** Bins side by side in one width, for values that no linear axis can show: heights are then shares. */
function layOutAlike(bins: readonly Bin[], picture: DistributionPicture): Layout {
  const width = (FIGURE_WIDTH - 2 * SIDE) / bins.length;
  const ticks = Array.from({ length: TICKS + 1 }, (_, tick) => Math.round((tick * bins.length) / TICKS));
  const edgeAt = (place: number): number => bins[place]?.left ?? bins.at(-1)?.right ?? 0;
  const write = (edge: number): string => (picture.isTime === true ? writeDay(edge) : formatPlain(edge));
  return {
    bars: bins.map(({ left, right, current, reference }, place) => ({
      left: SIDE + place * width,
      right: SIDE + (place + 1) * width,
      current: current * (right - left),
      reference: reference * (right - left),
    })),
    ticks: [...new Set(ticks)].map((place) => ({ x: SIDE + place * width, text: write(edgeAt(place)) })),
    notes: ['not to scale'],
  };
}

function layOut(picture: DistributionPicture, edges: readonly number[]): Layout | undefined {
  const all = listBins(picture, edges);
  const within = withoutTails(all);
  const range = (within.at(-1)?.right ?? 0) - (within[0]?.left ?? 0);
  const spikes = within.filter((bin) => isSpike(bin, range)).slice(0, MOST_SPIKES);
  const rest = spikes.length < within.length ? within.filter((bin) => !spikes.includes(bin)) : within;
  const told = [
    ...(rest === within ? [] : spikes.map((spike) => tellSpike(spike, picture))),
    ...(within.length < all.length ? ['tails not drawn'] : []),
  ];
  const isLaidOutAlike = isCrowded(rest) || (rest !== within && rest.length < LEAST_BINS);
  const layout = isLaidOutAlike ? layOutAlike(rest, picture) : layOutToScale(rest, picture);
  return layout && { ...layout, notes: [...told, ...layout.notes] };
}

function drawBins(picture: DistributionPicture, edges: readonly number[], id: string): string {
  const layout = layOut(picture, edges);
  const highest = Math.max(
    0,
    ...(layout?.bars ?? []).flatMap(({ current, reference }) => [current, reference]),
  );
  if (layout === undefined || !(highest > 0) || !Number.isFinite(highest)) return NO_PICTURE;
  const legend = legendHeight(picture);
  const top = legend + layout.notes.length * NOTE;
  const base = top + PLOT;
  const heightOf = (height: number): number => (height / highest) * (PLOT - 6);
  return wrapSvg({
    id,
    title: shorten(picture.title, MAX_TITLE),
    description: [describe(picture), ...layout.notes].join(' '),
    height: base + BOTTOM,
    shapes: [
      ...drawLegend(picture, 'line'),
      ...layout.notes.map((note, line) => drawText(SIDE, legend + 10 + line * NOTE, note, 'start', 'muted')),
      ...layout.bars
        .filter(({ current }) => current > 0)
        .map(({ left, right, current }) => {
          const height = Math.max(heightOf(current), 1);
          return drawRect(left + 0.3, base - height, Math.max(right - left - 0.6, 0.6), height, 'bar');
        }),
      ...(picture.reference === undefined
        ? []
        : [drawOutline(layout.bars, (height) => base - heightOf(height))]),
      drawLine(SIDE, base, FIGURE_WIDTH - SIDE, base, 'axis'),
      ...layout.ticks.map(({ x, text }) => drawText(x, base + 15, text, anchorAt(x), 'muted')),
      drawText(FIGURE_WIDTH / 2, base + 32, shorten(picture.x, MAX_TITLE), 'middle', 'muted'),
    ],
  });
}

function drawOutline(bars: readonly Bar[], at: (height: number) => number): string {
  const points = bars.flatMap(({ left, right, reference }): readonly (readonly [number, number])[] => [
    [left, at(reference)],
    [right, at(reference)],
  ]);
  return drawPath(points, 'baseline-line');
}

/** A label near an edge grows away from it. */
function anchorAt(x: number): 'start' | 'middle' | 'end' {
  if (x < 3 * SIDE) return 'start';
  return x > FIGURE_WIDTH - 3 * SIDE ? 'end' : 'middle';
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
  const legend = legendHeight(picture);
  const hidden = now.length - rows.length;
  return wrapSvg({
    id,
    title: shorten(picture.title, MAX_TITLE),
    description: describe(picture),
    height: legend + rows.length * ROW + (hidden > 0 ? 22 : 4),
    shapes: [
      ...drawLegend(picture, 'diamond'),
      ...rows.flatMap((label, index) => {
        const top = legend + index * ROW;
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
              legend + rows.length * ROW + 15,
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

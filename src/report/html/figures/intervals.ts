import { shorten } from '../../clean-text.ts';
import { formatCount, formatFixed } from '../../format-number.ts';
import type { IntervalRow, IntervalsPicture } from '../../view/report-view.ts';
import { writeEstimate } from '../../view/write-estimate.ts';
import { escapeHtml } from '../escape.ts';
import { writeTable } from '../table.ts';
import { addAir, makeScale, rangeOf, type Scale } from './scale.ts';
import { drawCircle, drawLine, drawText, FIGURE_WIDTH, NO_PICTURE, wrapFigure, wrapSvg } from './svg.ts';

const ROW_HEIGHT = 40;
const TOP = 24;
const BOTTOM = 40;
const SIDE = 16;
const TICKS = 4;
const MOST_ROWS = 25;
const MAX_NAME = 28;
const MAX_TITLE = 50;

/** Values with their intervals under one another, and a line to hold them against. */
export function drawIntervals(picture: IntervalsPicture, id: string): string {
  const shown = picture.rows.slice(0, MOST_ROWS);
  const left = picture.rows.length - shown.length;
  const caption = `${shorten(picture.title, MAX_TITLE)}${left > 0 ? `, ${formatCount(left)} more in the table` : ''}`;
  return wrapFigure(escapeHtml(caption), drawRows(picture, shown, id), writeNumbers(picture));
}

function drawRows(picture: IntervalsPicture, rows: readonly IntervalRow[], id: string): string {
  const { reference } = picture;
  const domain = rangeOf([
    ...rows.flatMap(({ value, interval }) => [value, interval?.low ?? value, interval?.high ?? value]),
    ...(reference === undefined ? [] : [reference.value]),
  ]);
  const scale =
    domain &&
    makeScale(addAir(domain, Math.max(Math.abs(domain[0]), 1) * 0.05), [SIDE, FIGURE_WIDTH - SIDE], TICKS);
  if (scale === undefined || rows.length === 0) return NO_PICTURE;
  const height = TOP + rows.length * ROW_HEIGHT + BOTTOM;
  return wrapSvg({
    id,
    title: shorten(picture.title, MAX_TITLE),
    description: rows
      .map((row) => `${shorten(row.name, MAX_NAME)}: ${writeEstimate(row.value, row.interval)}`)
      .join('; '),
    height,
    shapes: [
      ...drawAxis(picture, scale, height),
      ...rows.flatMap((row, index) => drawRow(row, scale, TOP + index * ROW_HEIGHT)),
    ],
  });
}

function drawAxis({ x, reference }: IntervalsPicture, scale: Scale, height: number): readonly string[] {
  const bottom = height - BOTTOM;
  return [
    ...scale.ticks.flatMap((tick) => [
      drawLine(scale.at(tick), TOP, scale.at(tick), bottom, 'grid'),
      drawText(scale.at(tick), bottom + 14, formatFixed(tick, scale.decimals), 'middle', 'muted'),
    ]),
    ...(reference === undefined
      ? []
      : [
          drawLine(scale.at(reference.value), TOP - 6, scale.at(reference.value), bottom, 'margin'),
          drawText(
            scale.at(reference.value),
            12,
            shorten(reference.name, MAX_NAME),
            anchorAt(scale.at(reference.value)),
            'muted',
          ),
        ]),
    drawText(FIGURE_WIDTH / 2, height - 8, shorten(x, MAX_TITLE), 'middle', 'muted'),
  ];
}

/** A text near an edge grows away from it. */
function anchorAt(place: number): 'start' | 'middle' | 'end' {
  if (place < FIGURE_WIDTH / 4) return 'start';
  return place > (FIGURE_WIDTH * 3) / 4 ? 'end' : 'middle';
}

function drawRow(row: IntervalRow, scale: Scale, top: number): readonly string[] {
  const y = top + 28;
  const { interval } = row;
  return [
    drawText(SIDE, top + 14, shorten(row.name, MAX_NAME), 'start', 'halo'),
    ...(row.n === undefined
      ? []
      : [drawText(FIGURE_WIDTH - SIDE, top + 14, `n ${formatCount(row.n)}`, 'end', 'halo muted')]),
    ...(interval === undefined
      ? []
      : [
          drawLine(scale.at(interval.low), y, scale.at(interval.high), y, 'interval'),
          drawLine(scale.at(interval.low), y - 4, scale.at(interval.low), y + 4, 'interval'),
          drawLine(scale.at(interval.high), y - 4, scale.at(interval.high), y + 4, 'interval'),
        ]),
    drawCircle(scale.at(row.value), y, 'candidate-mark'),
  ];
}

function writeNumbers({ title, x, rows }: IntervalsPicture): string {
  return writeTable({
    label: shorten(title, MAX_TITLE),
    columns: ['Name', x, 'Examples'].map(escapeHtml),
    numeric: [2],
    rows: rows.map((row) => [
      escapeHtml(row.name),
      escapeHtml(writeEstimate(row.value, row.interval)),
      row.n === undefined ? '' : formatCount(row.n),
    ]),
  });
}

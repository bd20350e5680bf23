import type { ChangeBar, MeasuredView, MetricRow } from '../../view/report-view.ts';
import { TENDENCY_WORDS } from '../../view/signs.ts';
import { shorten } from '../../clean-text.ts';
import { escapeHtml } from '../escape.ts';
import { writeTable } from '../table.ts';
import { makeScale, type Scale } from './scale.ts';
import {
  drawCircle,
  drawLine,
  drawRect,
  drawText,
  FIGURE_WIDTH,
  NO_PICTURE,
  wrapFigure,
  wrapSvg,
} from './svg.ts';

const ROW_HEIGHT = 46;
const TOP = 22;
const BOTTOM = 24;
const SIDE = 16;
/** In margins: what lies beyond is drawn as an arrow. */
const LEAST_REACH = 2;
const MOST_REACH = 4;
const MOST_ROWS = 20;
const MAX_NAME = 18;

interface ForestRow {
  readonly row: MetricRow;
  readonly bar: ChangeBar;
  readonly margin: number;
}

/**
 * The changes of the metrics with a margin under one another, each in units of its own margin, so that metrics of any
 * unit share one axis. Better is to the right. Undefined if none has a margin.
 */
export function drawForest(measured: MeasuredView, id: string): string | undefined {
  const rows = [...measured.gated, ...measured.others].flatMap(toForestRow);
  if (rows.length === 0) return undefined;
  const shown = rows.slice(0, MOST_ROWS);
  const reach = chooseReach(shown);
  const scale = makeScale([-reach, reach], [SIDE, FIGURE_WIDTH - SIDE], reach * 2);
  const height = TOP + shown.length * ROW_HEIGHT + BOTTOM;
  const picture =
    scale === undefined
      ? NO_PICTURE
      : wrapSvg({
          id,
          title: `Change of each metric of ${measured.name} with its interval`,
          description: shown.map(({ row }) => describeRow(row)).join('; '),
          height,
          shapes: [
            ...drawBackground(scale, height),
            ...shown.flatMap((row, index) => drawRow(row, scale, TOP + index * ROW_HEIGHT, reach)),
          ],
        });
  return wrapFigure('Change, in units of the margin. Better to the right', picture, writeNumbers(shown));
}

function toForestRow(row: MetricRow): readonly ForestRow[] {
  const bar = row.change?.bar;
  if (bar?.margin === undefined || bar.margin <= 0) return [];
  return [{ row, bar, margin: bar.margin }];
}

function chooseReach(rows: readonly ForestRow[]): number {
  const farthest = rows.flatMap(({ bar, margin }) => [
    Math.abs(bar.low) / margin,
    Math.abs(bar.high) / margin,
  ]);
  return Math.min(Math.max(Math.ceil(Math.max(...farthest)), LEAST_REACH), MOST_REACH);
}

function drawBackground(scale: Scale, height: number): readonly string[] {
  const bottom = height - BOTTOM;
  return [
    drawRect(scale.at(-1), TOP - 6, scale.at(0) - scale.at(-1), bottom - TOP + 6, 'band'),
    drawLine(scale.at(-1), TOP - 6, scale.at(-1), bottom, 'margin'),
    drawLine(scale.at(0), TOP - 6, scale.at(0), bottom, 'axis'),
    drawText(scale.at(-1), 11, 'margin', 'middle', 'muted'),
    drawText(scale.at(0), 11, 'no change', scale.at(0) - scale.at(-1) < 60 ? 'start' : 'middle', 'muted'),
    drawText(SIDE, height - 6, '← worse', 'start', 'muted'),
    drawText(FIGURE_WIDTH - SIDE, height - 6, 'better →', 'end', 'muted'),
  ];
}

function drawRow(
  { row, bar, margin }: ForestRow,
  scale: Scale,
  top: number,
  reach: number,
): readonly string[] {
  const y = top + 31;
  const place = (value: number): number => scale.at(Math.min(Math.max(value / margin, -reach), reach));
  const beyondLeft = bar.low / margin < -reach;
  const beyondRight = bar.high / margin > reach;
  const estimateIsOff = Math.abs(bar.estimate / margin) > reach;
  return [
    drawText(SIDE, top + 14, shorten(row.name, MAX_NAME), 'start', 'halo strong'),
    drawText(FIGURE_WIDTH - SIDE, top + 14, describeChange(row), 'end', 'halo'),
    drawLine(place(bar.low), y, place(bar.high), y, 'interval'),
    beyondLeft
      ? drawText(SIDE - 4, y + 4, '◀', 'middle', 'arrow')
      : drawLine(place(bar.low), y - 4, place(bar.low), y + 4, 'interval'),
    beyondRight
      ? drawText(FIGURE_WIDTH - SIDE + 4, y + 4, '▶', 'middle', 'arrow')
      : drawLine(place(bar.high), y - 4, place(bar.high), y + 4, 'interval'),
    ...(estimateIsOff ? [] : [drawCircle(place(bar.estimate), y, 'candidate-mark')]),
  ];
}

function describeChange(row: MetricRow): string {
  if (row.change === undefined) return '';
  return `${TENDENCY_WORDS[row.change.tendency]} ${row.change.difference ?? ''}`.trim();
}

function describeRow(row: MetricRow): string {
  const interval = row.change?.interval === undefined ? '' : `, interval ${row.change.interval}`;
  return `${shorten(row.name, MAX_NAME)}: ${describeChange(row)}${interval}`;
}

function writeNumbers(rows: readonly ForestRow[]): string {
  return writeTable({
    label: 'Changes and their intervals',
    columns: ['Metric', 'Change', 'Interval', 'Allowed'],
    numeric: [1, 2],
    rows: rows.map(({ row }) => [
      escapeHtml(row.name),
      escapeHtml(row.change?.difference ?? ''),
      escapeHtml(row.change?.interval ?? ''),
      escapeHtml(row.allowed.join(', ')),
    ]),
  });
}

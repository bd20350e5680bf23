import type { ColumnProfile, DatasetProfile, EvidenceBody } from '../../../schemas/evidence.generated.ts';
import { countOf, formatCount, formatPercent } from '../../format-number.ts';
import { drawSparkline } from '../../sparkline.ts';
import type { DetailTable, DistributionPicture } from '../report-view.ts';
import { writeNumber } from '../write-estimate.ts';

/** Columns of which the page draws a picture; the table has all of them. */
const MOST_PICTURES = 60;
const FREQUENT_SHOWN = 3;
/** Width of a shape in a table, in characters. */
const SHAPE_WIDTH = 16;
const MEDIAN = 0.5;

/** What each dataset holds: for the page alone, because it is not about what changed. */
export function listProfiles({ profiles = [] }: Pick<EvidenceBody, 'profiles'>): readonly DetailTable[] {
  return profiles.map((profile) => ({
    title: `What ${profile.dataset} holds`,
    place: 'page',
    lead: [
      `${countOf(profile.rows, 'row')}, ${countOf(profile.columns.length, 'column')}.${describeWithheld(profile)}`,
    ],
    columns: [
      { name: 'Column', kind: 'code' },
      { name: 'Type', kind: 'text' },
      { name: 'Without value', kind: 'number' },
      { name: 'Different', kind: 'number' },
      { name: 'Smallest · median · largest, or most frequent', kind: 'text' },
      { name: 'Shape', kind: 'text' },
    ],
    rows: profile.columns.map((column) => writeColumn(column, profile.rows)),
    figures: profile.columns.flatMap(drawColumn).slice(0, MOST_PICTURES),
  }));
}

function describeWithheld({ columns }: DatasetProfile): string {
  const personal = columns.filter((column) => column.personal === true);
  if (personal.length === 0) return '';
  return ` ${countOf(personal.length, 'column looks', 'columns look')} personal: no value of ${personal.length === 1 ? 'it' : 'them'} is kept.`;
}

function writeColumn(column: ColumnProfile, rows: number): readonly string[] {
  return [
    column.name,
    column.type,
    rows === 0 ? '' : formatPercent(Number((column.absent / rows).toPrecision(2))),
    writeDistinct(column),
    describeValues(column),
    drawShape(column),
  ];
}

function writeDistinct({ distinct }: ColumnProfile): string {
  if (distinct === undefined) return '';
  return `${distinct.exact ? '' : '≈ '}${formatCount(distinct.estimate)}`;
}

function describeValues(column: ColumnProfile): string {
  const { numeric, time, text, boolean, top = [] } = column;
  if (column.personal === true) return 'withheld (personal)';
  if (numeric !== undefined) {
    const median = numeric.quantiles.find(({ level }) => level === MEDIAN)?.value;
    return [numeric.min, median, numeric.max]
      .filter((value) => value !== undefined)
      .map(writeNumber)
      .join(' · ');
  }
  if (time !== undefined) return `${time.first} · ${time.last}`;
  if (boolean !== undefined) {
    return `true ${formatShare(boolean.true, column)}, false ${formatShare(boolean.false, column)}`;
  }
  if (top.length > 0) {
    return top
      .slice(0, FREQUENT_SHOWN)
      .map(({ value, count }) => `${String(value)} ${formatShare(count, column)}`)
      .join(', ');
  }
  if (text === undefined) return '';
  const { minLength, maxLength } = text;
  return minLength === maxLength
    ? countOf(minLength, 'character')
    : `${formatCount(minLength)} to ${countOf(maxLength, 'character')}`;
}

function formatShare(count: number, { present }: ColumnProfile): string {
  return formatPercent(present === 0 ? 0 : Number((count / present).toPrecision(2)));
}

function drawShape(column: ColumnProfile): string {
  const picture = drawColumn(column)[0];
  if (picture === undefined) return '';
  return drawSparkline(evenBins(picture));
}

/** Bins of one width, as characters are: each bin of the profile gives to those that it lies under. */
function evenBins({ current, edges }: DistributionPicture): readonly number[] {
  if (edges === undefined) return current.slice(0, SHAPE_WIDTH);
  const [low, high] = [edges[0] ?? 0, edges.at(-1) ?? 0];
  const width = (high - low) / SHAPE_WIDTH;
  if (!(width > 0)) return current.slice(0, 1);
  return Array.from({ length: SHAPE_WIDTH }, (_, place) => {
    const [from, to] = [low + place * width, low + (place + 1) * width];
    return current.reduce((sum, count, bin) => {
      const [left, right] = [edges[bin] ?? low, edges[bin + 1] ?? high];
      const shared = Math.min(right, to) - Math.max(left, from);
      return shared > 0 ? sum + (count * shared) / (right - left) : sum;
    }, 0);
  });
}

/** A picture of what the column holds, where it has a shape at all. */
function drawColumn(column: ColumnProfile): readonly DistributionPicture[] {
  const { name, numeric, time, text, boolean, top = [], others = 0 } = column;
  const titled = { kind: 'distribution', title: name } as const;
  if (numeric !== undefined) return drawCounts({ ...titled, x: name }, numeric.histogram);
  if (time !== undefined) return drawCounts({ ...titled, x: name, isTime: true }, time.histogram);
  if (boolean !== undefined) {
    return [{ ...titled, x: name, labels: ['true', 'false'], current: [boolean.true, boolean.false] }];
  }
  if (top.length > 0) {
    const rest = others > 0 ? { labels: ['all others'], current: [others] } : { labels: [], current: [] };
    return [
      {
        ...titled,
        x: name,
        labels: [...top.map(({ value }) => String(value)), ...rest.labels],
        current: [...top.map(({ count }) => count), ...rest.current],
      },
    ];
  }
  return text === undefined ? [] : drawCounts({ ...titled, x: `characters of ${name}` }, text.lengths);
}

function drawCounts(
  titled: Pick<DistributionPicture, 'kind' | 'title' | 'x' | 'isTime'>,
  { edges, counts }: { readonly edges: readonly number[]; readonly counts: readonly number[] },
): readonly DistributionPicture[] {
  // One bin has no shape.
  return counts.length < 2 ? [] : [{ ...titled, edges, current: counts }];
}

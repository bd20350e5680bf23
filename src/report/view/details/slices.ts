import type { EvidenceBody, Metric } from '../../../schemas/evidence.generated.ts';
import { countOf } from '../../format-number.ts';
import { groupBy } from '../../group-by.ts';
import { describeMetric, groupRowChecks, metricKey } from '../metric-rows.ts';
import type { DetailTable, IntervalsPicture, MetricRow } from '../report-view.ts';
import { TENDENCY_WORDS } from '../signs.ts';
import { writeEstimate } from '../write-estimate.ts';

/** The metrics of each model's slices, those that did not pass first. */
export function listSlices(body: EvidenceBody): readonly DetailTable[] {
  const sliced = body.metrics.filter(({ about }) => about.slice !== undefined);
  const checks = groupRowChecks(body.checks);
  return [...groupBy(sliced, ({ about }) => about.model ?? about.dataset ?? '')].map(([name, metrics]) => {
    const rows = metrics.map((metric) => ({
      metric,
      row: describeMetric(metric, checks.get(metricKey(metric.about, metric.name)) ?? [], body.policy),
    }));
    const slices = new Set(metrics.map(({ about }) => about.slice));
    return {
      title: `${countOf(slices.size, 'slice')} of ${name}`,
      place: 'folded',
      lead: [],
      columns: [
        { name: 'Slice', kind: 'code' },
        { name: 'Verdict', kind: 'text' },
        { name: 'Metric', kind: 'code' },
        { name: 'Examples', kind: 'number' },
        {
          name: rows.some(({ row }) => row.baseline !== undefined) ? 'Baseline → now' : 'Value',
          kind: 'text',
        },
        { name: 'Change', kind: 'text' },
        { name: 'Interval', kind: 'text' },
        { name: 'Against the rest', kind: 'text' },
        { name: 'Allowed', kind: 'text' },
        { name: 'Examples to decide', kind: 'number' },
      ],
      rows: rows.toSorted((left, right) => rankOf(left.row) - rankOf(right.row)).map(writeSlice),
      figures: drawSlices(metrics, body.metrics),
    };
  });
}

/** Each metric on the slices, beside its value on all examples. */
function drawSlices(sliced: readonly Metric[], all: readonly Metric[]): readonly IntervalsPicture[] {
  return [...groupBy(sliced, ({ name }) => name)].map(([name, metrics]) => {
    const whole = all.find(
      (metric) =>
        metric.name === name &&
        metric.about.slice === undefined &&
        metric.about.model === metrics[0]?.about.model,
    );
    return {
      kind: 'intervals',
      title: `${name} by slice`,
      x: name,
      rows: metrics.flatMap(({ about, value, interval, n }) =>
        value === null ? [] : [{ name: about.slice ?? '', value, interval, n }],
      ),
      ...(whole === undefined || whole.value === null
        ? {}
        : { reference: { name: 'all examples', value: whole.value } }),
    };
  });
}

const RANKS: readonly string[] = ['fail', 'warn', 'inconclusive', 'pass', 'skipped'];

function rankOf({ outcome }: MetricRow): number {
  return outcome === undefined ? RANKS.length : RANKS.indexOf(outcome.verdict);
}

function writeSlice({
  metric,
  row,
}: {
  readonly metric: Metric;
  readonly row: MetricRow;
}): readonly string[] {
  return [
    metric.about.slice ?? '',
    row.outcome?.label ?? '',
    row.name,
    row.n,
    row.baseline === undefined ? row.value : `${row.baseline} → ${row.value}`,
    row.change === undefined ? '' : writeChange(row.change),
    row.change?.interval ?? '',
    metric.gap === undefined ? '' : writeEstimate(metric.gap.difference, metric.gap.interval),
    row.allowed.join(', '),
    row.examplesToDecide ?? '',
  ];
}

function writeChange({ tendency, difference, note }: NonNullable<MetricRow['change']>): string {
  const number = difference === undefined ? '' : `${difference} `;
  return `${number}${TENDENCY_WORDS[tendency]}${note === undefined ? '' : ` (${note})`}`;
}

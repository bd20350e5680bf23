/** Evidence as OpenMetrics 1.0 text, for files that a monitoring system collects. */
import type { About, Evidence, Metric, VerdictWord } from '../../schemas/evidence.generated.ts';
import { escapeLabelValue } from './escape.ts';

type Labels = Readonly<Record<string, string | undefined>>;

interface Sample {
  readonly labels: Labels;
  readonly value: number;
}

interface Family {
  readonly name: string;
  readonly type: 'gauge' | 'info' | 'stateset';
  readonly help: string;
  readonly samples: readonly Sample[];
}

const VERDICTS: readonly VerdictWord[] = ['pass', 'warn', 'fail', 'inconclusive', 'skipped'];

/** One gauge for each number of a metric, with labels for what it is about; verdicts and counts of checks. */
export function renderOpenMetrics(evidence: Evidence): string {
  const { metrics } = evidence.body;
  const families: readonly Family[] = [
    describeEvidence(evidence),
    gauge('evidence_timestamp_seconds', 'When the evidence was made, in Unix time.', [
      { labels: {}, value: Date.parse(evidence.createdAt) / 1000 },
    ]),
    {
      name: 'mlgate_verdict',
      type: 'stateset',
      help: 'The verdict on everything.',
      samples: VERDICTS.map((verdict) => ({
        labels: { mlgate_verdict: verdict },
        value: Number(evidence.body.verdict === verdict),
      })),
    },
    gauge('checks', 'Number of checks by verdict.', countChecks(evidence)),
    gauge(
      'metric',
      'Value of a metric.',
      collect(metrics, (metric) => metric.value),
    ),
    gauge(
      'metric_interval_low',
      'Lower limit of the confidence interval.',
      collect(metrics, ({ interval }) => interval?.low),
    ),
    gauge(
      'metric_interval_high',
      'Upper limit of the confidence interval.',
      collect(metrics, ({ interval }) => interval?.high),
    ),
    gauge(
      'metric_examples',
      'Examples that a metric rests on.',
      collect(metrics, ({ n }) => n),
    ),
    gauge(
      'metric_baseline',
      "The baseline's value of a metric.",
      collect(metrics, ({ comparison }) => comparison?.baseline),
    ),
    gauge(
      'metric_difference',
      'Candidate minus baseline.',
      collect(metrics, ({ comparison }) => comparison?.difference),
    ),
  ];
  return `${families.map(writeFamily).join('')}# EOF\n`;
}

function gauge(name: string, help: string, samples: readonly Sample[]): Family {
  return { name: `mlgate_${name}`, type: 'gauge', help, samples };
}

function describeEvidence({ digest, source, body }: Evidence): Family {
  const { repository, commit, ref } = source;
  const labels = { digest, repository, commit, ref, tool_version: body.tool.version };
  return {
    name: 'mlgate_evidence',
    type: 'info',
    help: 'Which evidence this is.',
    samples: [{ labels, value: 1 }],
  };
}

function countChecks({ body }: Evidence): readonly Sample[] {
  return VERDICTS.map((verdict) => ({
    labels: { verdict },
    value: body.checks.filter((check) => check.verdict === verdict).length,
  }));
}

/** A number that is not there has no sample; one that is not finite is NaN. */
function collect(
  metrics: readonly Metric[],
  read: (metric: Metric) => number | null | undefined,
): readonly Sample[] {
  return metrics.flatMap((metric) => {
    const value = read(metric);
    return value === undefined ? [] : [{ labels: labelsOf(metric), value: value ?? NaN }];
  });
}

function labelsOf({ name, about }: Metric): Labels {
  const { dataset, model, metricsFile, split, slice, column }: About = about;
  return { metric: name, dataset, model, metrics_file: metricsFile, split, slice, column };
}

/** No two samples of a family may have the same labels: of metrics that differ in nothing else the first is kept. */
function writeFamily({ name, type, help, samples }: Family): string {
  const suffix = type === 'info' ? '_info' : '';
  const lines = new Map<string, string>();
  for (const { labels, value } of samples) {
    const key = `${name}${suffix}${writeLabels(labels)}`;
    if (!lines.has(key)) lines.set(key, `${key} ${Number.isNaN(value) ? 'NaN' : String(value)}\n`);
  }
  if (lines.size === 0) return '';
  return `# TYPE ${name} ${type}\n# HELP ${name} ${help}\n${[...lines.values()].join('')}`;
}

function writeLabels(labels: Labels): string {
  const written = Object.entries(labels).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}="${escapeLabelValue(value)}"`],
  );
  return written.length === 0 ? '' : `{${written.join(',')}}`;
}

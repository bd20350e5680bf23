import type { BaselineFound } from '../baseline/find-baseline.ts';
import { addNumberIntervals, comparePoints, listVanished } from '../comparison/compare-points.ts';
import { isGateOf, listBounds, type MetricGate } from '../comparison/gate.ts';
import { judgeImports, PLAIN_FORMAT } from '../comparison/judge-imports.ts';
import { gateCheckId, judgeMetrics } from '../comparison/judge-metrics.ts';
import type { HistoryNoise } from '../comparison/number-spread.ts';
import { listGates } from '../comparison/list-gates.ts';
import { DIRECTED } from '../comparison/list-named-gates.ts';
import type { ParsedConfig } from '../config/parse-config.ts';
import { UserError } from '../evidence/errors.ts';
import { measureNumbers } from '../metrics/measure-numbers.ts';
import { importRun } from '../metrics/importers/import-run.ts';
import type { Check, Metric } from '../schemas/evidence.generated.ts';
import { beginStep } from './begin-step.ts';
import type { ChainEffects } from './chain.ts';
import { describeImport } from './describe-import.ts';
import { mergeFindings, NO_FINDINGS, type Findings } from './findings.ts';
import { noteVanished } from './note-vanished.ts';

/** Numbers that something else computed: read, set beside the baseline's, judged by what is known of their noise. */
export async function runMetricsFileStage(
  parsed: ParsedConfig,
  effects: ChainEffects,
  baseline: BaselineFound | undefined,
  noiseOf: (file: string, key: string) => HistoryNoise | undefined = () => undefined,
): Promise<Findings> {
  const gates = listGates(parsed.config, parsed.locate);
  const { alpha, power } = parsed.config.comparison;
  const parts: Findings[] = [];
  for (const [name, file] of Object.entries(parsed.config.metrics ?? {})) {
    beginStep(effects, `metrics/${name}`);
    const own = gates.filter((gate) => gate.about.metricsFile === name);
    const source = await effects.openForeign(file.path);
    const imported = await importRun(source, { format: file.format, run: file.run });
    const { run } = imported;
    const imports = imported.format === PLAIN_FORMAT ? [] : [describeImport(name, imported)];
    const foreign = judgeImports({ imports, config: { metrics: { [name]: file } }, locate: parsed.locate });
    const input = { role: 'metrics-file', name, path: file.path, ...(await source.digest()) } as const;
    const about = { imports, inputs: [input] };
    if (run.status !== 'complete') {
      parts.push({ ...NO_FINDINGS, ...about, checks: [...foreign, ...own.flatMap(listDependents)] });
      continue;
    }
    const measured = measureNumbers(run, name, own);
    refuseUndirected(measured, own);
    const request = {
      metrics: measured,
      gates: own,
      noiseOf: (key: string) => noiseOf(name, key),
      levels: { alpha, power },
    };
    const recorded = baseline?.evidence?.body.metrics;
    const metrics = recorded === undefined ? addNumberIntervals(request) : comparePoints(request, recorded);
    // A file of checks alone has no numbers, and nobody misses them.
    const needsNumbers = run.results.length === 0 || own.length > 0;
    parts.push({
      ...NO_FINDINGS,
      ...about,
      metrics,
      checks: [
        ...(needsNumbers ? [reportRead(name, metrics.length, parsed)] : []),
        ...foreign,
        ...judgeMetrics({ metrics, gates: own, alpha, baseline: baseline?.used }),
      ],
      notes:
        recorded === undefined
          ? []
          : noteVanished(`the metrics file ${name}`, 'numbers', listVanished(metrics, recorded)),
    });
  }
  return mergeFindings(parts);
}

/** A format that the config names may say which way a number is better, which only shows when the file is read. */
function refuseUndirected(metrics: readonly Metric[], gates: readonly MetricGate[]): void {
  const lost = gates.find(
    (gate) =>
      listBounds(gate).some((bound) => DIRECTED.some((word) => word === bound)) &&
      metrics.some((metric) => isGateOf(gate, metric) && metric.direction === 'none'),
  );
  if (lost === undefined) return;
  const { file, line } = lost.source;
  throw new UserError(
    `${file}${line === undefined ? '' : `:${line}`}: \`${lost.source.key}\`: neither the file nor mlgate knows which way this number is better.`,
    { help: 'Add `direction: higher-is-better` or `direction: lower-is-better`.' },
  );
}

/** The bounds of a file that does not count: none of them can be judged. */
function listDependents(gate: MetricGate): readonly Check[] {
  return listBounds(gate).map((bound) => ({
    id: gateCheckId(gate, bound),
    name: bound,
    about: gate.about,
    metric: gate.metric,
    verdict: 'inconclusive',
    reason: 'depends-on-failed-check',
    severity: gate.severity,
    message: 'The run that the number is of did not end well, so it is not judged.',
    source: gate.boundSources[bound] ?? gate.source,
  }));
}

/** A file without a number is a finding: somebody expected some. */
function reportRead(name: string, count: number, parsed: ParsedConfig): Check {
  const base = {
    id: `metrics/${name}/numbers`,
    name: 'numbers',
    about: { metricsFile: name },
    severity: 'fail',
    observed: count,
    source: parsed.locate(['metrics', name]),
  } as const;
  if (count > 0) return { ...base, verdict: 'pass', message: `${count} numbers were read.` };
  return {
    ...base,
    verdict: 'fail',
    reason: 'empty',
    message: 'The file has no number in it. Check that the step that writes it ran to its end.',
  };
}

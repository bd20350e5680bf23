import type { BaselineFound } from '../baseline/find-baseline.ts';
import { addNumberIntervals, comparePoints, listVanished } from '../comparison/compare-points.ts';
import { judgeMetrics } from '../comparison/judge-metrics.ts';
import type { HistoryNoise } from '../comparison/number-spread.ts';
import { listGates } from '../comparison/list-gates.ts';
import type { ParsedConfig } from '../config/parse-config.ts';
import { measureNumbers } from '../metrics/measure-numbers.ts';
import { readNumbers } from '../metrics/importers/read-numbers.ts';
import type { Check } from '../schemas/evidence.generated.ts';
import { beginStep } from './begin-step.ts';
import type { ChainEffects } from './chain.ts';
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
    const read = readNumbers(await effects.readText(file.path), file.path);
    const request = {
      metrics: measureNumbers(read, name, own),
      gates: own,
      noiseOf: (key: string) => noiseOf(name, key),
      levels: { alpha, power },
    };
    const recorded = baseline?.evidence?.body.metrics;
    const metrics = recorded === undefined ? addNumberIntervals(request) : comparePoints(request, recorded);
    parts.push({
      ...NO_FINDINGS,
      metrics,
      checks: [
        reportRead(name, metrics.length, parsed),
        ...judgeMetrics({ metrics, gates: own, alpha, baseline: baseline?.used }),
      ],
      notes:
        recorded === undefined
          ? []
          : noteVanished(`the metrics file ${name}`, 'numbers', listVanished(metrics, recorded)),
      inputs: [{ role: 'metrics-file', name, path: file.path, ...(await effects.identifyFile(file.path)) }],
    });
  }
  return mergeFindings(parts);
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

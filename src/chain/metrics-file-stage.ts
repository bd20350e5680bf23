import type { BaselineFound } from '../baseline/find-baseline.ts';
import { comparePoints } from '../comparison/compare-points.ts';
import { judgeMetrics } from '../comparison/judge-metrics.ts';
import { listGates } from '../comparison/list-gates.ts';
import type { ParsedConfig } from '../config/parse-config.ts';
import { measureNumbers } from '../metrics/measure-numbers.ts';
import { readNumbers } from '../metrics/importers/read-numbers.ts';
import type { Check } from '../schemas/evidence.generated.ts';
import { beginStep } from './begin-step.ts';
import type { ChainEffects } from './chain.ts';
import { mergeFindings, NO_FINDINGS, type Findings } from './findings.ts';

/** Numbers that something else computed: read, set beside the baseline's, judged by the point rule. */
export async function runMetricsFileStage(
  parsed: ParsedConfig,
  effects: ChainEffects,
  baseline: BaselineFound | undefined,
): Promise<Findings> {
  const gates = listGates(parsed.config, parsed.locate);
  const parts: Findings[] = [];
  for (const [name, file] of Object.entries(parsed.config.metrics ?? {})) {
    beginStep(effects, `metrics/${name}`);
    const own = gates.filter((gate) => gate.about.metricsFile === name);
    const { numbers } = readNumbers(await effects.readText(file.path), file.path);
    const measured = measureNumbers(numbers, name, own);
    const metrics =
      baseline === undefined || baseline.evidence === undefined
        ? measured
        : comparePoints(measured, baseline.evidence.body.metrics, own);
    parts.push({
      ...NO_FINDINGS,
      metrics,
      checks: [
        reportRead(name, numbers.length, parsed),
        ...judgeMetrics({
          metrics,
          gates: own,
          alpha: parsed.config.comparison.alpha,
          baseline: baseline?.used,
        }),
      ],
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

import type { ParsedConfig } from '../config/parse-config.ts';
import { collectNotes } from '../evidence/notes.ts';
import { keepFilled } from '../evidence/optional-lists.ts';
import { judgeAll } from '../evidence/verdict.ts';
import type { BaselineUsed, EvidenceBody, Policy, Tool } from '../schemas/evidence.generated.ts';
import type { ChainRequest } from './chain.ts';
import type { Findings } from './findings.ts';

/** The rules that judge, as the config states them. */
export function policyOf(parsed: ParsedConfig): Policy {
  const { comparison, enforce } = parsed.config;
  return {
    digest: parsed.digest,
    enforce,
    alpha: comparison.alpha,
    inconclusive: comparison.inconclusive,
    noBaseline: comparison['no-baseline'],
  };
}

/** What evidence has room for, in models and in parts of models. */
const MAX_FLIPS = 100;
const MAX_DECOMPOSITIONS = 1000;

export function toolOf({ version }: Pick<ChainRequest, 'version'>): Tool {
  return { name: 'mlgate', version };
}

export function assembleBody(
  request: Pick<ChainRequest, 'parsed' | 'version' | 'stages'>,
  findings: Findings,
  baseline: BaselineUsed | undefined,
): EvidenceBody {
  const policy = policyOf(request.parsed);
  return {
    tool: toolOf(request),
    seed: request.parsed.config.comparison.seed,
    policy,
    verdict: asksNothing(request) ? 'skipped' : judgeAll(findings.checks, policy),
    ...(baseline === undefined ? {} : { baseline }),
    subjects: findings.subjects,
    inputs: findings.inputs,
    checks: findings.checks,
    metrics: findings.metrics,
    figures: findings.figures,
    ...keepFilled({
      flips: findings.flips.slice(0, MAX_FLIPS),
      decompositions: findings.decompositions.slice(0, MAX_DECOMPOSITIONS),
      sliceBins: findings.sliceBins,
      weakSlices: findings.weakSlices,
      fairness: findings.fairness,
      calibrations: findings.calibrations,
      generalisations: findings.generalisations,
      labelErrors: findings.labelErrors,
      errors: findings.errors,
      imports: findings.imports,
      profiles: findings.profiles,
      drifts: findings.drifts,
      dataFindings: findings.dataFindings,
      dataDiffs: findings.dataDiffs,
      schemaChanges: findings.schemaChanges,
      params: findings.params,
      changes: findings.changes,
      budgets: findings.budgets,
      trends: findings.trends,
      notes: collectNotes([...findings.notes, ...describeSurplus(findings)]),
    }),
  };
}

function describeSurplus({ flips, decompositions }: Findings): readonly string[] {
  const surplus = [
    ['models whose flips', flips.length, MAX_FLIPS],
    ['decompositions that', decompositions.length, MAX_DECOMPOSITIONS],
  ] as const;
  return surplus.flatMap(([what, count, room]) =>
    count > room ? [`There are ${count - room} ${what} are not shown: evidence has room for ${room}.`] : [],
  );
}

/** Whether the config has nothing for these stages: a step that has nothing to do is no failure. */
export function asksNothing({ parsed, stages }: Pick<ChainRequest, 'parsed' | 'stages'>): boolean {
  const { data, models, metrics } = parsed.config;
  const asked = {
    data: data !== undefined,
    model: models !== undefined,
    comparison: models !== undefined || metrics !== undefined,
  };
  return !stages.some((stage) => asked[stage]);
}

import { judgeFairness } from '../comparison/fairness/judge-fairness.ts';
import { listFairnessGates } from '../comparison/fairness/list-fairness-gates.ts';
import { judgeGeneralisation } from '../comparison/generalisation/judge-generalisation.ts';
import { listGeneralisationGates } from '../comparison/generalisation/list-generalisation-gates.ts';
import { judgeFlips, listFlipGates } from '../comparison/judge-flips.ts';
import { isGateOf, keepBounds, listBounds, type Bound, type MetricGate } from '../comparison/gate.ts';
import { judgeMetrics } from '../comparison/judge-metrics.ts';
import { listGates } from '../comparison/list-gates.ts';
import { judgeRules } from '../comparison/rules/judge-rules.ts';
import { listRules } from '../comparison/rules/list-rules.ts';
import type { ParsedConfig } from '../config/parse-config.ts';
import { recomputedCheckId } from '../evidence/recomputed.ts';
import type { About, Check } from '../schemas/evidence.generated.ts';
import { judgeData } from './judge-data.ts';

/**
 * One failed check for each thing that a config asks for and that no check answers: a step that crashed, was skipped
 * or was cut out of an artifact can never look like a pass.
 */
export function findMissing(parsed: ParsedConfig, checks: readonly Check[]): readonly Check[] {
  const answered = new Set(checks.map((check) => check.id));
  const bounds = listBoundChecks(parsed, checks).filter((check) => !answered.has(check.id));
  return [...findMissingSubjects(parsed, checks), ...findMissingRecomputations(parsed, answered), ...bounds];
}

/** What judging says of every bound and rule of a config where nothing was measured: one failed check each. */
function listBoundChecks(parsed: ParsedConfig, checks: readonly Check[]): readonly Check[] {
  const { config, locate } = parsed;
  const { alpha, power } = config.comparison;
  const gates = listGates(config, locate).map((gate) => withoutAnswered(gate, checks));
  const nothing = { metrics: [], baseline: undefined, alpha };
  return [
    ...judgeMetrics({ ...nothing, gates }),
    ...judgeFlips({ ...nothing, flips: [], gates: listFlipGates(config, locate), power }),
    ...judgeRules({ ...nothing, rules: listRules(config, locate) }),
    ...judgeFairness({ fairness: [], gates: listFairnessGates(config, locate), alpha }),
    ...judgeGeneralisation({
      generalisations: [],
      gates: listGeneralisationGates(config, locate),
      alpha,
    }),
    ...judgeData({}, parsed),
  ];
}

/** A bound of every slice has no check of its own where slices were measured: each of them has one. */
function withoutAnswered(gate: MetricGate, checks: readonly Check[]): MetricGate {
  if (gate.everySlice !== true) return gate;
  const isAnswered = (bound: Bound): boolean =>
    checks.some(
      ({ name, metric, about }) =>
        name === bound && metric !== undefined && isGateOf(gate, { name: metric, about }),
    );
  return keepBounds(
    gate,
    listBounds(gate).filter((bound) => !isAnswered(bound)),
  );
}

const SUBJECTS = [
  ['data', 'dataset', 'the dataset'],
  ['models', 'model', 'the model'],
  ['metrics', 'metricsFile', 'the metrics file'],
] as const;

function findMissingSubjects(parsed: ParsedConfig, checks: readonly Check[]): readonly Check[] {
  return SUBJECTS.flatMap(([section, kind, words]) =>
    Object.keys(parsed.config[section] ?? {})
      .filter((name) => !checks.some((check) => check.about[kind] === name))
      .map((name) => ({
        id: `${section}/${name}/evidence`,
        name: 'evidence',
        about: { [kind]: name } as About,
        verdict: 'fail' as const,
        reason: 'missing' as const,
        severity: 'fail' as const,
        message: `There is no evidence for ${words} \`${name}\`. Look at the step that should have made it: it failed before it could write any, or did not run.`,
        source: parsed.locate([section, name]),
      })),
  );
}

/** A model that was to be run and was not must not look like one that agreed. */
function findMissingRecomputations(parsed: ParsedConfig, answered: ReadonlySet<string>): readonly Check[] {
  return Object.entries(parsed.config.models ?? {})
    .filter(([, { artifact, recompute }]) => artifact !== undefined && recompute !== undefined)
    .filter(([name]) => !answered.has(recomputedCheckId(name)))
    .map(([name]) => ({
      id: recomputedCheckId(name),
      name: 'recomputed',
      about: { model: name },
      verdict: 'fail',
      reason: 'missing',
      severity: 'fail',
      message: `The model \`${name}\` was to be run on a sample of the test set, and no evidence says that it was.`,
      source: parsed.locate(['models', name, 'recompute']),
    }));
}

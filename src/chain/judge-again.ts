import { judgeFairness } from '../comparison/fairness/judge-fairness.ts';
import { listFairnessGates } from '../comparison/fairness/list-fairness-gates.ts';
import { judgeGeneralisation } from '../comparison/generalisation/judge-generalisation.ts';
import { listGeneralisationGates } from '../comparison/generalisation/list-generalisation-gates.ts';
import { FLIPS_BOUND, judgeFlips, listFlipGates } from '../comparison/judge-flips.ts';
import { FOREIGN_CHECKS, FOREIGN_RUN, judgeImports } from '../comparison/judge-imports.ts';
import { judgeMetrics } from '../comparison/judge-metrics.ts';
import { listGates } from '../comparison/list-gates.ts';
import { judgeRules, ruleCheckId } from '../comparison/rules/judge-rules.ts';
import { listRules } from '../comparison/rules/list-rules.ts';
import type { ParsedConfig } from '../config/parse-config.ts';
import { listSchemaChecks, type SchemaChecks } from '../data/list-severities.ts';
import { joinNames } from '../data/word-condition.ts';
import { boundText } from '../evidence/bound-text.ts';
import { replaceBody } from '../evidence/evidence.ts';
import { collectNotes } from '../evidence/notes.ts';
import { findWeakRecomputation, recomputedCheckId } from '../evidence/recomputed.ts';
import { judgeAll } from '../evidence/verdict.ts';
import { SHARED_EXAMPLES } from '../model/generalisation/count-shared-ids.ts';
import type { Check, Evidence, EvidenceBody } from '../schemas/evidence.generated.ts';
import { policyOf } from './assemble-body.ts';
import { findMissing } from './check-completeness.ts';
import { isDataBound, judgeData } from './judge-data.ts';
import { findChangedMeasurement, type TrustedPolicy } from './find-changed-measurement.ts';

/**
 * Evidence from untrusted code, judged by the base branch's config: bounds on metrics are decided anew from the
 * numbers, a data check fails if it counted a violation whatever it calls itself, and what the config asks for must be
 * there. What was measured in another way than that config asks for is undecided. The numbers themselves stay what that
 * code said. The body is a new one, with the trusted policy in it.
 * @param own the change's own config, where it is at hand and can be believed to have been used
 */
export function judgeAgain(evidence: Evidence, trusted: TrustedPolicy, own?: ParsedConfig): Evidence {
  const { parsed } = trusted;
  const gates = listGates(parsed.config, parsed.locate);
  const { metrics, flips = [], baseline } = evidence.body;
  const policy = policyOf(parsed);
  const judged = judgeMetrics({ metrics, gates, alpha: policy.alpha, baseline });
  const flipped = judgeFlips({
    flips,
    metrics,
    gates: listFlipGates(parsed.config, parsed.locate),
    baseline,
    alpha: policy.alpha,
    power: parsed.config.comparison.power,
  });
  const rules = listRules(parsed.config, parsed.locate);
  const ruled = judgeRules({ rules, metrics, alpha: policy.alpha, baseline });
  const treated = judgeFairness({
    fairness: evidence.body.fairness ?? [],
    gates: listFairnessGates(parsed.config, parsed.locate),
    alpha: policy.alpha,
  });
  const generalised = judgeGeneralisation({
    generalisations: evidence.body.generalisations ?? [],
    gates: listGeneralisationGates(parsed.config, parsed.locate),
    alpha: policy.alpha,
  });
  const { config, locate } = parsed;
  const schemas = new Map(
    [...(trusted.schemas ?? [])].map(([dataset, schema]) => [dataset, listSchemaChecks(schema, dataset)]),
  );
  const changed = findChangedMeasurement(evidence, trusted, own?.config);
  const imported = judgeImports({ imports: evidence.body.imports ?? [], config, locate });
  const others = evidence.body.checks
    .filter((check) => !isBound(check) && !imported.some(({ id }) => id === check.id))
    .map((check) =>
      refuseForeignClaim(judgeRecomputed(judgeCount(check, schemas, parsed), evidence, parsed)),
    );
  const answered = [
    ...others,
    ...imported,
    ...judged,
    ...flipped,
    ...ruled,
    ...treated,
    ...generalised,
    ...judgeData(evidence.body, parsed),
    ...findLeftOut(evidence.body.checks, schemas, changed, parsed),
    ...changed,
  ];
  const checks = [...answered, ...findMissing(parsed, answered)];
  // What untrusted code says its own edit of a schema means would only mislead: that it is edited is told above.
  const { schemaChanges: _claimed, ...claims } = evidence.body;
  const body: EvidenceBody = {
    ...claims,
    policy,
    checks,
    verdict: judgeAll(checks, policy),
    notes: notesOf(evidence, policy.digest),
  };
  return replaceBody(evidence, body);
}

/** Bounds and rules are the config's alone: one that only the pull request's config has does not count here. */
function isBound(check: Check): boolean {
  return (
    check.metric !== undefined ||
    check.name === FLIPS_BOUND ||
    check.id.startsWith(ruleCheckId('')) ||
    isDataBound(check)
  );
}

function judgeCount(check: Check, schemas: ReadonlyMap<string, SchemaChecks>, parsed: ParsedConfig): Check {
  const { dataset } = check.about;
  const severity =
    (dataset === undefined ? undefined : schemas.get(dataset)?.severityOf(check)) ??
    severityOf(check, parsed);
  const broken = (check.violations ?? 0) > 0 || (check.examples?.length ?? 0) > 0;
  return broken && check.verdict !== 'fail'
    ? { ...check, verdict: 'fail', severity }
    : { ...check, severity };
}

/** Longest message that evidence holds. */
const MAX_MESSAGE = 2000;

/**
 * One failed check for each dataset of which evidence leaves out what its schema asks. Of a schema that the change edits
 * nobody can say so, and a dataset without any check is missed as a whole.
 */
function findLeftOut(
  checks: readonly Check[],
  schemas: ReadonlyMap<string, SchemaChecks>,
  changed: readonly Check[],
  { config, locate }: ParsedConfig,
): readonly Check[] {
  const answered = new Set(checks.map(({ id }) => id));
  return [...schemas].flatMap(([dataset, { ids }]): readonly Check[] => {
    const isThere = checks.some(({ about }) => about.dataset === dataset);
    const isOther = changed.some(({ about }) => about.dataset === dataset);
    const missing = [...ids].filter((id) => !answered.has(id));
    if (!isThere || isOther || missing.length === 0) return [];
    const message = `The schema of \`${dataset}\` asks for what the evidence does not answer: ${joinNames(missing)}. Look at the step that should have done it.`;
    return [
      {
        id: `data/${dataset}/left-out`,
        name: 'evidence',
        about: { dataset },
        verdict: 'fail',
        reason: 'missing',
        severity: config.data?.[dataset]?.severity ?? 'fail',
        message: boundText(message, MAX_MESSAGE),
        source: locate(['data', dataset, 'schema']),
      },
    ];
  });
}

/** What a failed check of a file counts where its data schema does not say. */
function severityOf({ about, name }: Check, { config }: ParsedConfig): Check['severity'] {
  const { dataset, model } = about;
  const { data = {}, models = {} } = config;
  if (dataset !== undefined && Object.hasOwn(data, dataset)) return data[dataset]?.severity ?? 'fail';
  if (model === undefined || name !== SHARED_EXAMPLES || !Object.hasOwn(models, model)) return 'fail';
  return models[model]?.training?.severity ?? 'fail';
}

/** The model is not run here: the claim that it was must be borne out by the numbers, as this config wants them. */
function judgeRecomputed(check: Check, evidence: Evidence, { config }: ParsedConfig): Check {
  const { model } = check.about;
  if (model === undefined || check.id !== recomputedCheckId(model) || check.verdict === 'fail') return check;
  const wanted = Object.hasOwn(config.models ?? {}, model) ? config.models?.[model]?.recompute : undefined;
  const weak = wanted && findWeakRecomputation(evidence, model, wanted);
  if (weak === undefined) return check;
  const message = `The predictions of \`${model}\` are not tied to its bytes as the config asks: ${weak}.`;
  return { ...check, verdict: 'fail', reason: 'recomputed-differently', message };
}

/** That another tool's run ended well is judged from what evidence holds of the run: a claim without one is none. */
function refuseForeignClaim(check: Check): Check {
  if (check.name !== FOREIGN_RUN && check.name !== FOREIGN_CHECKS) return check;
  const message = 'The evidence does not say how the run of the other tool ended, so it does not count.';
  return { ...check, verdict: 'fail', reason: 'foreign-incomplete', message };
}

function notesOf(evidence: Evidence, digest: string): readonly string[] {
  const notes = evidence.body.notes ?? [];
  if (evidence.body.policy.digest === digest) return notes;
  return collectNotes([
    ...notes,
    `This change also changes the config. The verdict is by the config of the base branch; by the changed one it would be \`${evidence.body.verdict}\`. The changed config counts once it is merged.`,
  ]);
}

/** The same findings with one more remark. */
export function addNote(evidence: Evidence, note: string): Evidence {
  const body: EvidenceBody = {
    ...evidence.body,
    notes: collectNotes([...(evidence.body.notes ?? []), note]),
  };
  return replaceBody(evidence, body);
}

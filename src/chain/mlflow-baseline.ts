/** The baseline from an MLflow tracking server: the run's own evidence, or its numbers and predictions, measured again. */
import { checkCandidate, type Expectation } from '../baseline/check-candidate.ts';
import { ARTIFACT_EVIDENCE, artifactOutcomesPath } from '../baseline/layout.ts';
import { findNothing, type Resort, type ResortFinding } from '../baseline/resort.ts';
import type { ParsedConfig } from '../config/parse-config.ts';
import { UserError } from '../evidence/errors.ts';
import { MAX_EVIDENCE_BYTES } from '../evidence/evidence.ts';
import type { MlflowClient, MlflowRun } from '../platform/mlflow.ts';
import type { MlflowBaselineConfig } from '../schemas/config.generated.ts';
import type { Evidence } from '../schemas/evidence.generated.ts';
import type { ChainResult } from './chain.ts';
import type { KeptFiles } from './measure-files.ts';

export interface MlflowQuery {
  readonly parsed: ParsedConfig;
  readonly settings: MlflowBaselineConfig;
  /** Throws a UserError where no server is named. */
  readonly connect: () => MlflowClient;
  readonly expected: Expectation;
  readonly maxOutcomesBytes: number;
  readonly measure: (kept: KeptFiles) => Promise<ChainResult>;
}

/** Where a run keeps what mlgate left, if it did. */
const FOLDER = 'mlgate';

/** Largest predictions that are fetched, in bytes. */
const MAX_PREDICTIONS_BYTES = 1_000_000_000;

/** Evidence of the run that the config names. */
export function openMlflowResort(query: MlflowQuery): Resort {
  return { rung: 'history', whenUnreachable: 'fail', look: async () => await readRun(query) };
}

async function readRun(query: MlflowQuery): Promise<ResortFinding> {
  const { model, alias, experiment } = query.settings;
  const client = query.connect();
  if (model === undefined && experiment === undefined)
    return findNothing('The config names no model and no experiment (`baseline.mlflow`).');
  const run =
    model === undefined
      ? await client.findNewestRun(experiment ?? '')
      : await client.findRunOfAlias(model, alias);
  if (run === undefined) {
    return findNothing(
      model === undefined
        ? `MLflow has no finished run of the experiment \`${experiment}\`.`
        : `MLflow has no version of the model \`${model}\` with the alias \`${alias}\`.`,
    );
  }
  return (await readLoggedEvidence(query, client, run)) ?? (await measureRun(query, client, run));
}

/** What mlgate itself left in the run; undefined if it left nothing. */
async function readLoggedEvidence(
  { parsed, expected, maxOutcomesBytes }: MlflowQuery,
  client: MlflowClient,
  run: MlflowRun,
): Promise<ResortFinding | undefined> {
  const content = await client.readArtifact(run, `${FOLDER}/${ARTIFACT_EVIDENCE}`, MAX_EVIDENCE_BYTES);
  if (content === undefined) return undefined;
  const origin = `The evidence in MLflow's run ${run.id}`;
  const candidate = checkCandidate(content, origin, undefined, expected);
  if (candidate.kind === 'refused') return findNothing(candidate.reason);
  const outcomes = new Map<string, Uint8Array>();
  for (const name of Object.keys(parsed.config.models ?? {})) {
    const bytes = await client.readArtifact(run, `${FOLDER}/${artifactOutcomesPath(name)}`, maxOutcomesBytes);
    if (bytes !== undefined) outcomes.set(name, bytes);
  }
  return describeFound(run, candidate.evidence, outcomes);
}

/** The run's numbers stand for every metrics file of the config; its predictions for those of the models. */
async function measureRun(
  { parsed, settings, measure }: MlflowQuery,
  client: MlflowClient,
  run: MlflowRun,
): Promise<ResortFinding> {
  const files = new Map<string, Uint8Array>();
  const numbers = Buffer.from(JSON.stringify(Object.fromEntries(run.metrics)));
  if (run.metrics.size > 0)
    for (const { path } of Object.values(parsed.config.metrics ?? {})) files.set(path, numbers);
  for (const [name, artifact] of Object.entries(settings.predictions)) {
    const model = parsed.config.models?.[name];
    if (model === undefined) {
      throw new UserError(
        `\`baseline.mlflow.predictions\` names \`${name}\`, which is no model of the config.`,
        {
          help: 'Use a name that stands under `models`.',
        },
      );
    }
    const bytes = await client.readArtifact(run, artifact, MAX_PREDICTIONS_BYTES);
    if (bytes === undefined) return findNothing(`MLflow's run ${run.id} has no artifact \`${artifact}\`.`);
    files.set(model.predictions.path, bytes);
  }
  if (files.size === 0)
    return findNothing(`MLflow's run ${run.id} has no numbers, and the config names no predictions of it.`);
  const source = run.commit === undefined ? {} : { commit: run.commit };
  const { evidence, outcomes } = await measure({ files, source, madeAt: run.time });
  return describeFound(run, evidence, new Map([...outcomes].map(([name, { bytes }]) => [name, bytes])));
}

function describeFound(
  run: MlflowRun,
  evidence: Evidence,
  outcomes: ReadonlyMap<string, Uint8Array>,
): ResortFinding {
  const commit = evidence.source.commit ?? run.commit;
  const details = { path: `mlflow run ${run.id}`, ...(commit === undefined ? {} : { commit }) };
  return { kind: 'found', evidence, outcomes, details };
}

import { rm } from 'node:fs/promises';
import { asksNothing } from '../chain/assemble-body.ts';
import type { ChainEffects, ChainResult } from '../chain/chain.ts';
import type { Stage } from '../chain/stages.ts';
import { withCommittedFiles } from '../chain/committed-files.ts';
import { connectFiles, openWorkspace, readConfig, type Workspace } from '../chain/connect.ts';
import type { BaselineTools } from '../chain/local-baseline.ts';
import { withEngine } from '../chain/with-engine.ts';
import { writeResults } from '../chain/write-results.ts';
import type { ParsedConfig } from '../config/parse-config.ts';
import type { Engine } from '../engine/engine.ts';
import { exitCodeOf } from '../evidence/verdict.ts';
import { writeOutputs } from '../platform/actions-io.ts';
import { toEvidenceSource } from '../platform/event.ts';
import { findChampion } from '../promotion/find-champion.ts';
import type { Evidence } from '../schemas/evidence.generated.ts';
import { DEFAULT_ARTIFACT, resultsFolder, type ActionContext } from './action.ts';
import { annotate } from './annotate.ts';
import { logReport } from './log-report.ts';

export interface OpenedConfig {
  readonly workspace: Workspace;
  readonly parsed: ParsedConfig;
}

/** The config of the input `config`, in the checkout. */
export async function openConfig(context: ActionContext): Promise<OpenedConfig> {
  const workspace = openWorkspace(context.inputs.required('config'), context.workspace);
  return { workspace, parsed: await readConfig(workspace) };
}

/** The chain, loaded when the config has been read: what ends there starts without it. */
async function loadChain() {
  const [{ runChain }, { measureFiles }, { findActionBaseline }, { openActionRecord }] = await Promise.all([
    import('../chain/chain.ts'),
    import('../chain/measure-files.ts'),
    import('./find-action-baseline.ts'),
    import('./open-action-record.ts'),
  ]);
  return { runChain, measureFiles, findActionBaseline, openActionRecord };
}

/** Runs stages of the chain over the checkout. `artifact`: name of the artifact that runs on main leave. */
export async function runStages(
  context: ActionContext,
  opened: OpenedConfig,
  stages: readonly Stage[],
  artifact: string,
): Promise<ChainResult> {
  const { workspace, parsed } = opened;
  const chain = await loadChain();
  const source = { ...toEvidenceSource(context.run), config: workspace.displayPath };
  const request = { parsed, stages, source, version: context.version };
  return await withEngine(
    { ...context.engine, limits: parsed.config.engine },
    async (engine) =>
      await withCommittedFiles(workspace, context.environment, async (openCommitted) => {
        const effects = connectEffects(context, opened, { ...chain, engine, artifact });
        return await chain.runChain(request, { ...effects, openCommitted });
      }),
  );
}

/** What the chain does to the world, in a job. */
function connectEffects(
  context: ActionContext,
  { workspace, parsed }: OpenedConfig,
  tools: Awaited<ReturnType<typeof loadChain>> & { readonly engine: Engine; readonly artifact: string },
): ChainEffects {
  const { engine, artifact, measureFiles, findActionBaseline, openActionRecord } = tools;
  const files = connectFiles(workspace);
  const baselineTools: BaselineTools = {
    findChampion,
    measure: async (config, kept) =>
      await measureFiles(config, kept, {
        engine,
        version: context.version,
        temporaryFolder: context.temporary,
      }),
  };
  return {
    ...files,
    engine,
    findBaseline: async () =>
      await findActionBaseline(context, { workspace, parsed, files, tools: baselineTools, artifact }),
    openMainRecord: async () => await openActionRecord(context, parsed),
    runtimes: context.runtimes,
    now: context.now,
    onStep: (step) => context.logger.info(step),
  };
}

/**
 * `validate-data`, `test-model` and `compare-metrics`: the stages, the evidence for later steps, outputs and annotations.
 */
export async function runStagesStep(
  context: ActionContext,
  step: string,
  stages: readonly Stage[],
): Promise<{ readonly exitCode: number; readonly evidence: Evidence }> {
  const folder = resultsFolder(context, step);
  // What an earlier run of this step left must not stand in for this one, should it crash.
  await rm(folder, { recursive: true, force: true });
  const { parsed, workspace } = await openConfig(context);
  const result = await runStages(context, { parsed, workspace }, stages, DEFAULT_ARTIFACT);
  const { evidence } = result;
  const options = { title: parsed.config.report.title, now: context.now(), trust: 'own' } as const;
  const written = await writeResults(folder, result, options, false);
  if (asksNothing({ parsed, stages })) context.logger.info('The config has nothing for this step.');
  else logReport(context, evidence, options);
  writeOutputs({ verdict: evidence.body.verdict, evidence: written.evidence });
  annotate(context, workspace, evidence);
  return { exitCode: exitCodeOf(evidence.body.verdict, parsed.config.enforce), evidence };
}

import { connectFiles } from '../chain/connect.ts';
import { EXIT_CODES } from '../evidence/errors.ts';
import { writeOutputs, writeSummary } from '../platform/actions-io.ts';
import { promote, type PromotionResult } from '../promotion/promote.ts';
import { toWorkflowCommand } from '../report/annotations.ts';
import { renderPromotionMarkdown, renderPromotionTerminal } from '../report/promotion.ts';
import type { Action, ActionContext } from './action.ts';
import { connectPromotion } from './connect-promotion.ts';
import { LOG_COLUMNS } from './log-report.ts';
import { openConfig, type OpenedConfig } from './run-stages.ts';

/** Promotes a model to a stage, or refuses with all reasons. Loads no native code. */
export const promoteAction: Action = {
  inputs: ['config', 'model', 'version', 'stage', 'reason', 'token'],
  outputs: ['decision', 'tag', 'digest', 'ledger'],
  run: async (context) => {
    const { inputs, run } = context;
    const request = {
      model: inputs.required('model'),
      version: inputs.required('version'),
      stage: inputs.required('stage'),
      reason: inputs.required('reason'),
      actor: run.actor,
      run: run.runUrl,
    };
    const opened = await openConfig(context);
    const { config, digest: configDigest } = opened.parsed;
    const subject = await identifyArtifact(opened, request.model);
    const effects = await connectPromotion(context, config);
    const promotion = { config, configDigest, subject, toolVersion: context.version };
    return await showPromotion(context, await promote(request, promotion, effects));
  },
};

/** SHA-256 of what a promotion of the model would ship; undefined if the config does not say which file that is. */
async function identifyArtifact(
  { workspace, parsed }: OpenedConfig,
  model: string,
): Promise<string | undefined> {
  const artifact = parsed.config.models?.[model]?.artifact;
  return artifact === undefined ? undefined : (await connectFiles(workspace).identifyFile(artifact)).sha256;
}

/** Summary, log, outputs and annotations. Returns the exit code. */
async function showPromotion(context: ActionContext, result: PromotionResult): Promise<number> {
  await writeSummary(renderPromotionMarkdown(result));
  context.logger.info(renderPromotionTerminal(result, { color: false, width: LOG_COLUMNS }));
  writeOutputs({
    decision: result.decision,
    tag: result.tags.at(-1) ?? '',
    digest: result.digest ?? '',
    ledger: result.ledger?.commit ?? '',
  });
  const annotations = [
    ...result.reasons.map((finding) => ({ level: 'error' as const, ...finding })),
    ...result.warnings.map((finding) => ({ level: 'warning' as const, ...finding })),
  ].map(({ level, message, help }) => ({ level, title: 'Promotion', message: `${message} ${help}` }));
  for (const annotation of annotations) context.writeCommand(toWorkflowCommand(annotation));
  return result.decision === 'refused' ? EXIT_CODES.gateSaysNo : EXIT_CODES.pass;
}

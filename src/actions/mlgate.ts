import { STAGES } from '../chain/stages.ts';
import type { BaselineConfig } from '../schemas/config.generated.ts';
import { acceptKnownInRun } from './accept-known.ts';
import { DEFAULT_ARTIFACT, type Action, type ActionContext } from './action.ts';
import { annotate } from './annotate.ts';
import { judgeByBase } from './judge-by-base.ts';
import { publishOwnReport, readPublishInputs } from './publish-own-report.ts';
import { pathOfReport, recordEvidence } from './record-baseline.ts';
import { openConfig, runStages } from './run-stages.ts';

/** The whole chain in one step. */
export const mlgateAction: Action = {
  inputs: ['config', 'token', 'comment', 'comment-author', 'record', 'artifact'],
  outputs: ['verdict', 'evidence', 'report', 'html'],
  run: async (context) => {
    const inputs = readPublishInputs(context);
    const record = context.inputs.boolean('record', true);
    const opened = await openConfig(context);
    const { parsed, workspace } = opened;
    const result = await runStages(context, opened, STAGES, inputs.artifact ?? DEFAULT_ARTIFACT);
    const judged = await acceptKnownInRun(context, await judgeByBase(context, opened, result.evidence));
    annotate(context, workspace, judged.evidence);
    const { outcomes } = result;
    const own = { judged, outcomes, config: workspace.displayPath };
    const exitCode = await publishOwnReport(context, inputs, own);
    if (record && isBaseline(context, parsed.config.baseline))
      await recordEvidence(context, { workspace, parsed }, [pathOfReport(context)]);
    return exitCode;
  },
};

/** Whether what this run found is what later pull requests are compared with. */
function isBaseline({ run }: ActionContext, { store, main }: BaselineConfig): boolean {
  const branch = main ?? run.defaultBranch;
  return (
    store === 'branch' && run.event === 'push' && branch !== undefined && run.ref === `refs/heads/${branch}`
  );
}

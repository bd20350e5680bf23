import { posix } from 'node:path';
import type { Workspace } from '../chain/connect.ts';
import { listAnnotations, toWorkflowCommand } from '../report/annotations.ts';
import type { Evidence } from '../schemas/evidence.generated.ts';
import type { ActionContext } from './action.ts';

/** Shows what a reader must look at beside the code: evidence names files from the config's folder, GitHub from the root. */
export function annotate(context: ActionContext, workspace: Workspace, evidence: Evidence): void {
  const folder = posix.dirname(workspace.displayPath);
  for (const annotation of listAnnotations(evidence, folder))
    context.writeCommand(toWorkflowCommand(annotation));
}

import type { MarkdownOptions } from '../report/markdown/render-markdown.ts';
import { renderTerminal } from '../report/terminal/render-terminal.ts';
import type { Evidence } from '../schemas/evidence.generated.ts';
import type { ActionContext } from './action.ts';

/** Columns of a report in a log of Actions, which is no terminal. */
export const LOG_COLUMNS = 120;

/** Shows the report in the log of the step. */
export function logReport(
  { logger }: ActionContext,
  evidence: Evidence,
  { title, now, trust }: MarkdownOptions,
): void {
  logger.info(renderTerminal(evidence, { title, now, trust, color: false, width: LOG_COLUMNS }));
}

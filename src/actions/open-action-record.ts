import { openMainRecord } from '../chain/main-record.ts';
import type { MainRecord } from '../chain/watch-main.ts';
import type { ParsedConfig } from '../config/parse-config.ts';
import { openRestHistory } from '../platform/rest-history.ts';
import { openRestStore } from '../platform/rest-ref-store.ts';
import { connectGitHub, type ActionContext } from './action.ts';

/** Main's record through GitHub's API. What is tested is main where its branch was pushed to, or runs by itself. */
export async function openActionRecord(context: ActionContext, parsed: ParsedConfig): Promise<MainRecord> {
  const { run } = context;
  const main = parsed.config.baseline.main ?? run.defaultBranch;
  const isMain = main !== undefined && run.ref === `refs/heads/${main}`;
  const client = await connectGitHub(context);
  return openMainRecord(parsed, openRestStore(client), openRestHistory(client), isMain);
}

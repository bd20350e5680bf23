import { readAcceptances } from '../baseline/acceptances.ts';
import { acceptRegressions, mayBeAccepted } from '../chain/accept-regressions.ts';
import { WorldError } from '../evidence/errors.ts';
import type { GitHubClient } from '../platform/github-client.ts';
import { listPullRequestsOfCommit } from '../platform/pull-request.ts';
import { openRestStore } from '../platform/rest-ref-store.ts';
import { connectGitHub, type ActionContext } from './action.ts';
import type { Judged } from './judge-by-base.ts';

interface Tested {
  readonly pullRequests: readonly number[];
  readonly head: string;
}

/** The same with the regressions that people accepted as warnings, for the trusted half: GitHub said what was tested. */
export async function acceptKnown(
  context: ActionContext,
  client: GitHubClient,
  { evidence, parsed }: Judged,
  tested: Tested,
): Promise<Judged> {
  const none = { acceptances: [], refused: [] };
  const read = mayBeAccepted(evidence)
    ? await readAcceptances(openRestStore(client), parsed.config.baseline.branch, context.now())
    : none;
  return { evidence: acceptRegressions(evidence, read, { ...tested, now: context.now() }), parsed };
}

/** A verdict must not be lost because nobody may say which pull request a commit of main came with. */
async function findMerged({ run, logger }: ActionContext, client: GitHubClient): Promise<readonly number[]> {
  try {
    return await listPullRequestsOfCommit(client, run.commit);
  } catch (error) {
    if (!(error instanceof WorldError)) throw error;
    logger.warn(`Regressions that were accepted on a pull request do not count here: ${error.message}`);
    return [];
  }
}

/** The same for what this run itself tested. On main, a commit belongs to the pull request that it was merged with. */
export async function acceptKnownInRun(context: ActionContext, judged: Judged): Promise<Judged> {
  const { run } = context;
  if (!mayBeAccepted(judged.evidence) && judged.evidence.body.acceptances === undefined) return judged;
  const client = await connectGitHub(context);
  const pullRequests =
    run.pullRequest === undefined ? await findMerged(context, client) : [run.pullRequest.number];
  return await acceptKnown(context, client, judged, { pullRequests, head: run.headCommit });
}

import { readRecorded } from '../baseline/baseline-log.ts';
import { findBaseline } from '../baseline/find-baseline.ts';
import { usesBranch } from '../baseline/ladder.ts';
import { findWantedCommit } from '../baseline/wanted-commit.ts';
import {
  checkClaimedBaseline,
  comparesWithMain,
  type KnownBaseline,
} from '../chain/check-claimed-baseline.ts';
import { openWorkspace } from '../chain/connect.ts';
import { readEvidenceFile } from '../chain/evidence-files.ts';
import { judgeAgain } from '../chain/judge-again.ts';
import { openMainRecord } from '../chain/main-record.ts';
import { recountUses } from '../chain/recount-uses.ts';
import type { ParsedConfig } from '../config/parse-config.ts';
import { EXIT_CODES, UserError, WorldError } from '../evidence/errors.ts';
import { setCommitStatus } from '../platform/commit-status.ts';
import type { WorkflowRunEvent } from '../platform/event.ts';
import type { GitHubClient } from '../platform/github-client.ts';
import { findBranchTip, openRestHistory } from '../platform/rest-history.ts';
import { openRestStore } from '../platform/rest-ref-store.ts';
import { findPullRequest, type FoundPullRequest } from '../platform/pull-request.ts';
import { compareClaim, listRunArtifacts } from '../platform/runs.ts';
import type { Evidence } from '../schemas/evidence.generated.ts';
import { acceptKnown } from './accept-known.ts';
import { connectGitHub, type ActionContext } from './action.ts';
import { fetchEvidence } from './fetch-evidence.ts';
import { readPolicyAt, type Judged } from './judge-by-base.ts';
import { publishReport } from './publish-report.ts';
import type { CommentPlace } from './write-comment.ts';

/** What the trusted half needs to know, all of it from GitHub. */
export interface TrustedReport {
  readonly context: ActionContext;
  readonly client: GitHubClient;
  /** The run that made the evidence. */
  readonly finished: WorkflowRunEvent;
  readonly pullRequest: FoundPullRequest;
  /** The config's path from the repository's root. */
  readonly config: string;
  /** Whose comment is kept up to date; undefined writes none. */
  readonly author: CommentPlace['author'] | undefined;
}

/**
 * The trusted half: evidence of an untrusted run is validated, judged by the base branch's config, shown as a comment
 * on the pull request that GitHub says it belongs to, and turned into the commit status that protects the branch.
 */
export async function reportOnRun(
  context: ActionContext,
  runInput: string,
  author: CommentPlace['author'] | undefined,
): Promise<number> {
  const finished = context.run.workflowRun;
  if (finished === undefined || String(finished.id) !== runInput) {
    throw new UserError(
      `The input \`from-run\` is \`${runInput.slice(0, 100)}\`, which is not the run that started this one.`,
      { help: 'Use it in a workflow `on: workflow_run`, with `${{ github.event.workflow_run.id }}`.' },
    );
  }
  const client = await connectGitHub(context);
  const search = await findPullRequest(client, finished);
  if (search.kind === 'none') {
    context.logger.info(`Nothing to report: ${search.reason}`);
    return EXIT_CODES.pass;
  }
  const { pullRequest } = search;
  const config = openWorkspace(context.inputs.required('config'), context.workspace).displayPath;
  return await reportOnPullRequest({ context, client, finished, pullRequest, config, author });
}

/** Judges the evidence of a run anew, shows it, and sets the commit status. Returns the exit code of the verdict. */
export async function reportOnPullRequest(report: TrustedReport): Promise<number> {
  const { client, finished, pullRequest } = report;
  const status = { commit: finished.headSha, url: finished.url };
  try {
    const { exitCode, verdict } = await publishVerdict(report);
    const effect = verdict === 'fail' && exitCode === EXIT_CODES.pass ? `${verdict}, not enforced` : verdict;
    await setCommitStatus(client, {
      ...status,
      state: exitCode === EXIT_CODES.pass ? 'success' : 'failure',
      description: `${effect}, by the policy of ${pullRequest.baseRef}`,
    });
    return exitCode;
  } catch (error) {
    const known = error instanceof UserError || error instanceof WorldError;
    const description = known ? error.message : 'mlgate could not judge this run: see the log of its report.';
    // No evidence, or none that can be read, must not leave an older status standing.
    await setCommitStatus(client, { ...status, state: 'failure', description });
    throw error;
  }
}

async function publishVerdict(
  report: TrustedReport,
): Promise<{ readonly exitCode: number; readonly verdict: string }> {
  const { context, pullRequest, finished, config, author } = report;
  const judged = await judgeByTrusted(report);
  const exitCode = await publishReport(context, {
    judged,
    trust: 'untrusted',
    runUrl: finished.url,
    outcomes: new Map(),
    artifact: undefined,
    comment: author === undefined ? undefined : { number: pullRequest.number, author, config },
  });
  return { exitCode, verdict: judged.evidence.body.verdict };
}

/** The evidence that a run left, judged by the base branch's config and what people accepted. */
export async function judgeByTrusted(report: TrustedReport): Promise<Judged> {
  const { client, pullRequest, config } = report;
  // The tip of the base branch, not where it stood when the pull request was opened: what main asks for today.
  const base = (await findBranchTip(client, pullRequest.baseRef)) ?? pullRequest.baseSha;
  const policy = await readPolicyAt(client, config, base);
  if (policy === undefined) {
    throw new UserError(
      `The base branch \`${pullRequest.baseRef}\` has no ${config}, so nobody trusted says what must hold.`,
      { help: 'Merge a config first, from a branch of this repository.' },
    );
  }
  const claimed = await readRunEvidence(report);
  const { parsed } = policy;
  const uses = openMainRecord(parsed, openRestStore(client), openRestHistory(client), false);
  const again = await recountUses(judgeAgain(claimed, policy), parsed, uses);
  const evidence = comparesWithMain(parsed.config)
    ? checkClaimedBaseline(again, await findKnownBaseline(report, claimed, parsed))
    : again;
  const judged = { evidence, parsed };
  const tested = { pullRequests: [pullRequest.number], head: pullRequest.headSha };
  return await acceptKnown(report.context, client, judged, tested);
}

/** What the branch says of main, by this half's own search: only what GitHub said of the pull request goes into it. */
async function findKnownBaseline(
  { client, pullRequest, finished }: TrustedReport,
  claimed: Evidence,
  { config: { baseline } }: ParsedConfig,
): Promise<KnownBaseline> {
  const refs = openRestStore(client);
  const history = openRestHistory(client);
  const expected = {
    repositoryId: finished.repositoryId,
    ...(baseline.main === undefined ? {} : { main: baseline.main }),
  };
  const { headSha, baseSha } = pullRequest;
  // The tested merge is the evidence's word, which is believed only if that is a merge of this very head.
  const commit = claimed.source.commit ?? headSha;
  const wanted = await findWantedCommit({ commit, pullRequest: { headSha, baseSha } }, history);
  const store = usesBranch(baseline) ? { refs, branch: baseline.branch } : undefined;
  const found = await findBaseline({
    store,
    history,
    wanted,
    tested: commit,
    findMainTip: async () => await findBranchTip(client, baseline.main ?? pullRequest.baseRef),
    expected,
    resorts: [],
    maxOutcomesBytes: 0,
  });
  const named = claimed.body.baseline?.commit;
  return {
    found,
    named:
      named === undefined || store === undefined
        ? undefined
        : await readRecorded(refs, baseline.branch, named, expected),
    startedAt: new Date(finished.startedAt ?? claimed.createdAt),
  };
}

/** The evidence that the run left. What it says of its origin must be what GitHub says of the run. */
async function readRunEvidence({ context, client, finished }: TrustedReport): Promise<Evidence> {
  const name = context.inputs.required('artifact');
  const artifacts = await listRunArtifacts(client, finished);
  const found = artifacts.find((artifact) => artifact.name === name);
  const help = 'Look at that run: its gate ended before it could write evidence.';
  if (found === undefined)
    throw new UserError(`Run ${finished.id} has left no artifact \`${name}\`.`, { help });
  const origin = `The artifact \`${name}\` of run ${finished.id}`;
  const path = await fetchEvidence(context, found, finished.id);
  if (path === undefined) throw new UserError(`${origin} holds no evidence.`, { help });
  const evidence = await readEvidenceFile(path, origin);
  const differences = compareClaim(evidence.source, finished);
  if (differences.length === 0) return evidence;
  throw new UserError(`${origin} is of something else. ${differences.join(' ')}`, {
    help: 'Run the workflow again; it must not reuse evidence of another run.',
  });
}

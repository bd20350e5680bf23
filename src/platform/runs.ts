import type { EvidenceSource } from '../schemas/evidence.generated.ts';
import { callGitHub, findOnGitHub, type GitHubClient } from './github-client.ts';

/** A run as GitHub's API tells it. */
export interface RunFacts {
  readonly id: number;
  readonly attempt: number;
  readonly event: string;
  /** Path of the workflow file. */
  readonly path: string;
  readonly headSha: string;
  readonly headBranch: string | undefined;
  readonly headRepositoryId: number | undefined;
  readonly headRepositoryOwner: string | undefined;
  readonly repositoryId: number;
  readonly status: string | undefined;
  readonly conclusion: string | undefined;
  readonly url: string;
  /** When this attempt began, RFC 3339. */
  readonly startedAt: string | undefined;
  /** When it last changed, RFC 3339: of a finished run, no earlier than its end. */
  readonly updatedAt: string | undefined;
}

const NEEDS = 'actions: read';
const RUNS_PER_PAGE = 20;
const ARTIFACTS_PER_PAGE = 100;

/** Pages of a run's artifacts: GitHub lets a job make 500. */
const MAX_ARTIFACT_PAGES = 10;

interface ApiRun {
  readonly id: number;
  readonly run_attempt?: number;
  readonly event: string;
  readonly path: string;
  readonly head_sha: string;
  readonly head_branch: string | null;
  readonly head_repository: { readonly id: number; readonly owner: { readonly login: string } } | null;
  readonly repository: { readonly id: number };
  readonly status: string | null;
  readonly conclusion: string | null;
  readonly html_url: string;
  readonly run_started_at?: string;
  readonly updated_at?: string;
}

function toFacts(run: ApiRun): RunFacts {
  return {
    id: run.id,
    attempt: run.run_attempt ?? 1,
    event: run.event,
    // The API writes the path of a required workflow with its ref: `.github/workflows/gate.yml@main`.
    path: run.path.split('@')[0] ?? '',
    headSha: run.head_sha,
    headBranch: run.head_branch ?? undefined,
    headRepositoryId: run.head_repository?.id,
    headRepositoryOwner: run.head_repository?.owner.login,
    repositoryId: run.repository.id,
    status: run.status ?? undefined,
    conclusion: run.conclusion ?? undefined,
    url: run.html_url,
    startedAt: run.run_started_at,
    updatedAt: run.updated_at,
  };
}

/** One run; undefined if there is none of this number. */
export async function findRun(client: GitHubClient, id: number): Promise<RunFacts | undefined> {
  const { octokit, owner, repo } = client;
  const answer = await findOnGitHub(`read the run ${id}`, NEEDS, () =>
    octokit.rest.actions.getWorkflowRun({ owner, repo, run_id: id }),
  );
  return answer === undefined ? undefined : toFacts(answer.data);
}

/** Finished runs for a pull request's head, newest first. Every condition of the query is checked again in the answer. */
export async function listRunsOfHead(
  client: GitHubClient,
  head: { readonly headSha: string; readonly headRepositoryId: number | undefined },
): Promise<readonly RunFacts[]> {
  const { octokit, owner, repo } = client;
  const { data } = await callGitHub(`list the runs on ${head.headSha}`, NEEDS, () =>
    octokit.rest.actions.listWorkflowRunsForRepo({
      owner,
      repo,
      head_sha: head.headSha,
      event: 'pull_request',
      status: 'completed',
      per_page: RUNS_PER_PAGE,
    }),
  );
  return data.workflow_runs
    .map(toFacts)
    .filter(
      (run) =>
        run.headSha === head.headSha &&
        run.headRepositoryId === head.headRepositoryId &&
        run.event === 'pull_request' &&
        run.status === 'completed',
    )
    .toSorted((a, b) => b.id - a.id);
}

/** Whether a finished run had ended by a time, so that who spoke then can have seen its report. */
export function hadEndedBy(run: Pick<RunFacts, 'updatedAt'>, time: string | undefined): boolean {
  // A time that is not known is NaN, and not before any.
  return Date.parse(run.updatedAt ?? '') <= Date.parse(time ?? '');
}

export interface GoodRunQuery {
  /** Path of the workflow file, such as `.github/workflows/gate.yml`. */
  readonly workflow: string;
  /** Name of main. */
  readonly branch: string;
  readonly repositoryId: number;
  /** A run that does not count: the one that asks. */
  readonly except?: number;
}

/**
 * The newest good run of a workflow for a push to main. A fork may have a branch that is called like main, so the
 * head's repository must be this one; every condition that the query asks for is checked again in the answer.
 */
export async function findLastGoodRun(
  client: GitHubClient,
  query: GoodRunQuery,
): Promise<RunFacts | undefined> {
  const { octokit, owner, repo } = client;
  const file = query.workflow.split('/').at(-1) ?? query.workflow;
  const answer = await findOnGitHub(`list the runs of ${query.workflow}`, NEEDS, () =>
    octokit.rest.actions.listWorkflowRuns({
      owner,
      repo,
      workflow_id: file,
      branch: query.branch,
      event: 'push',
      status: 'success',
      exclude_pull_requests: true,
      per_page: RUNS_PER_PAGE,
    }),
  );
  const good = (answer?.data.workflow_runs ?? [])
    .map(toFacts)
    .filter(
      (run) =>
        run.id !== query.except &&
        run.path === query.workflow &&
        run.event === 'push' &&
        run.conclusion === 'success' &&
        run.headBranch === query.branch &&
        run.repositoryId === query.repositoryId &&
        run.headRepositoryId === query.repositoryId,
    );
  return good.toSorted((a, b) => b.id - a.id)[0];
}

/** Pages of runs that are read to count pull requests. */
const MAX_RUN_PAGES = 3;
const JUDGED_PER_PAGE = 100;

/** Conclusions of runs that came to a verdict. */
const CAME_TO_VERDICT: readonly (string | null)[] = ['success', 'failure'];

/**
 * Heads of pull requests for which a workflow came to an end since a point in time (RFC 3339), once for each commit, at
 * most the newest 300 runs. A run for a fork's pull request that still waits for approval came to none.
 */
export async function listJudgedHeads(
  client: GitHubClient,
  workflow: string,
  since: string,
): Promise<readonly { readonly key: string; readonly at: string }[]> {
  const { octokit, owner, repo } = client;
  const heads = new Map<string, string>();
  for (let page = 1; page <= MAX_RUN_PAGES; page += 1) {
    const answer = await findOnGitHub(`list the pull-request runs of ${workflow}`, NEEDS, () =>
      octokit.rest.actions.listWorkflowRuns({
        owner,
        repo,
        workflow_id: workflow.split('/').at(-1) ?? workflow,
        event: 'pull_request',
        status: 'completed',
        exclude_pull_requests: true,
        per_page: JUDGED_PER_PAGE,
        page,
      }),
    );
    const runs = answer?.data.workflow_runs ?? [];
    for (const { event, conclusion, head_sha: head, created_at: at } of runs) {
      if (event !== 'pull_request' || at < since || !CAME_TO_VERDICT.includes(conclusion)) continue;
      heads.set(`head:${head}`, at);
    }
    // Newest first; the filter `created` is left out, because GitHub's own description of it allows no `>=`.
    const oldest = runs.at(-1)?.created_at;
    if (runs.length < JUDGED_PER_PAGE || oldest === undefined || oldest < since) break;
  }
  return [...heads].map(([key, at]) => ({ key, at }));
}

/** An artifact as the API lists it. */
export interface RunArtifact {
  readonly id: number;
  readonly name: string;
  /** Size of what is downloaded, in bytes. */
  readonly bytes: number;
  /** `sha256:` and the digest; undefined where GitHub does not know it. */
  readonly digest: string | undefined;
}

/** The artifacts of a run that can still be downloaded, the newest of each name. */
export async function listRunArtifacts(
  client: GitHubClient,
  run: Pick<RunFacts, 'id' | 'headRepositoryId'>,
): Promise<readonly RunArtifact[]> {
  const newest = new Map<string, RunArtifact>();
  const { octokit, owner, repo } = client;
  for (let page = 1; page <= MAX_ARTIFACT_PAGES; page += 1) {
    const { data } = await callGitHub(`list the artifacts of run ${run.id}`, NEEDS, () =>
      octokit.rest.actions.listWorkflowRunArtifacts({
        owner,
        repo,
        run_id: run.id,
        per_page: ARTIFACTS_PER_PAGE,
        page,
      }),
    );
    for (const artifact of data.artifacts) {
      const { workflow_run: origin } = artifact;
      const foreign =
        origin?.id !== run.id || (run.headRepositoryId ?? 0) !== (origin.head_repository_id ?? 0);
      const known = newest.get(artifact.name);
      if (artifact.expired || foreign || (known !== undefined && known.id > artifact.id)) continue;
      newest.set(artifact.name, {
        id: artifact.id,
        name: artifact.name,
        bytes: artifact.size_in_bytes,
        digest: artifact.digest ?? undefined,
      });
    }
    if (data.artifacts.length < ARTIFACTS_PER_PAGE) break;
  }
  return [...newest.values()];
}

/** What a claim must agree with besides the run that it names. */
export interface SourceExpectation {
  readonly repositoryId: number;
  /** Paths of workflow files that may make such evidence. */
  readonly workflows?: readonly string[];
  readonly events: readonly string[];
  /** For evidence of main: the branch that was pushed to. */
  readonly branch?: string;
}

export type SourceVerdict =
  | { readonly kind: 'verified'; readonly run: RunFacts }
  | { readonly kind: 'refused'; readonly reasons: readonly string[] };

/**
 * Holds the claim of an evidence's `source` against the run that it names, as the API tells it: repository, head,
 * workflow, event, commit and conclusion. All reasons are listed. The digest of the artifact that it came in is
 * checked when that is downloaded.
 */
export async function verifySource(
  client: GitHubClient,
  source: EvidenceSource,
  expected: SourceExpectation,
): Promise<SourceVerdict> {
  if (source.run === undefined) return refuse(['The evidence names no run: it was not made by a workflow.']);
  const run = await findRun(client, source.run);
  if (run === undefined) return refuse([`GitHub knows no run ${source.run} in this repository.`]);
  const reasons = [...compareClaim(source, run), ...compareExpectation(run, expected)];
  return reasons.length === 0 ? { kind: 'verified', run } : refuse(reasons);
}

function refuse(reasons: readonly string[]): SourceVerdict {
  return { kind: 'refused', reasons };
}

/** What a claim is held against. */
export type ClaimedRun = Pick<RunFacts, 'id' | 'attempt' | 'event' | 'path' | 'headSha' | 'repositoryId'>;

/**
 * Where the claim of an evidence's `source` and a run as GitHub tells it differ: sentences. On a pull request the run's
 * commit is the head, not the test merge.
 */
export function compareClaim(source: EvidenceSource, run: ClaimedRun): readonly string[] {
  const commit = source.event === 'pull_request' ? source.headCommit : source.commit;
  const pairs: readonly (readonly [string, string | number | undefined, string | number])[] = [
    ['run', source.run, run.id],
    ['repository', source.repositoryId, run.repositoryId],
    ['event', source.event, run.event],
    ['workflow', source.workflow, run.path],
    ['commit', commit, run.headSha],
  ];
  const differences = pairs.flatMap(([what, claimed, real]) =>
    claimed === real
      ? []
      : [`The evidence claims ${what} ${claimed ?? 'unknown'}; run ${run.id} has ${real}.`],
  );
  const later = (source.attempt ?? 1) > run.attempt;
  return later
    ? [...differences, `The evidence claims attempt ${source.attempt}; run ${run.id} has ${run.attempt}.`]
    : differences;
}

function compareExpectation(run: RunFacts, expected: SourceExpectation): readonly string[] {
  const rules: readonly (readonly [boolean, string])[] = [
    [run.repositoryId === expected.repositoryId, `Run ${run.id} is of another repository.`],
    [
      run.headRepositoryId === expected.repositoryId,
      `Run ${run.id} tested the code of a fork, or of a repository that was deleted.`,
    ],
    [
      run.conclusion === 'success',
      `Run ${run.id} did not succeed: ${run.conclusion ?? run.status ?? 'unknown'}.`,
    ],
    [
      expected.events.includes(run.event),
      `Run ${run.id} was for the event ${run.event}; allowed: ${expected.events.join(', ')}.`,
    ],
    [
      expected.workflows === undefined || expected.workflows.includes(run.path),
      `Run ${run.id} is of the workflow ${run.path}; allowed: ${expected.workflows?.join(', ') ?? ''}.`,
    ],
    [
      expected.branch === undefined || run.headBranch === expected.branch,
      `Run ${run.id} was on the branch ${run.headBranch ?? 'unknown'}, not on ${expected.branch ?? ''}.`,
    ],
  ];
  return rules.flatMap(([holds, reason]) => (holds ? [] : [reason]));
}

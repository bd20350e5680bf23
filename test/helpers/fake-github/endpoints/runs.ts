/** Workflow runs: one, those of a workflow's file, those of the repository, and who approved one. */
import type { Call, Handler, View } from '../call.ts';
import { notFound, pathNumber } from '../call.ts';
import { objectType, readCommit, readTree, resolveCommit } from '../git-objects.ts';
import { paginate } from '../paging.ts';
import { nodeId, renderAccount, stableId } from '../render/accounts.ts';
import { renderMinimalRepository, repositoryPage, repositoryUrl } from '../render/repositories.ts';
import { requireRepository, type WorkflowRunState } from '../state.ts';
import { renderEnvironmentSummary } from './environments.ts';

function runLinks(view: View, run: WorkflowRunState) {
  const url = `${repositoryUrl(view.baseUrl, view.repository)}/actions/runs/${run.id}`;
  return {
    url,
    html_url: `${repositoryPage(view.repository)}/actions/runs/${run.id}`,
    jobs_url: `${url}/jobs`,
    logs_url: `${url}/logs`,
    artifacts_url: `${url}/artifacts`,
    cancel_url: `${url}/cancel`,
    rerun_url: `${url}/rerun`,
    check_suite_url: `${repositoryUrl(view.baseUrl, view.repository)}/check-suites/${run.id}`,
    workflow_url: `${repositoryUrl(view.baseUrl, view.repository)}/actions/workflows/${stableId(run.path)}`,
    previous_attempt_url: null,
  };
}

async function renderHeadCommit(view: View, run: WorkflowRunState) {
  const { gitDirectory } = requireRepository(view.state, run.headRepository);
  if ((await objectType(gitDirectory, run.headSha)) !== 'commit') return null;
  const { author, committer, message, tree } = await readCommit(gitDirectory, run.headSha);
  return {
    id: run.headSha,
    tree_id: tree,
    message,
    timestamp: committer.date,
    author: { name: author.name, email: author.email },
    committer: { name: committer.name, email: committer.email },
  };
}

export async function renderRun(view: View, run: WorkflowRunState) {
  const head = requireRepository(view.state, run.headRepository);
  return {
    ...runLinks(view, run),
    id: run.id,
    node_id: nodeId('WorkflowRun', run.id),
    name: run.name,
    display_title: run.name,
    path: run.path,
    event: run.event,
    status: run.status,
    conclusion: run.conclusion,
    head_branch: run.headBranch,
    head_sha: run.headSha,
    run_number: run.runNumber,
    run_attempt: run.attempt,
    workflow_id: stableId(run.path),
    check_suite_id: run.id,
    // Empty for forks, and not to be trusted for others: GitHub's own description says so.
    pull_requests: [],
    created_at: run.createdAt,
    updated_at: run.updatedAt,
    run_started_at: run.createdAt,
    actor: renderAccount(view.baseUrl, run.actor),
    triggering_actor: renderAccount(view.baseUrl, run.actor),
    head_commit: await renderHeadCommit(view, run),
    repository: renderMinimalRepository(view.baseUrl, view.repository),
    head_repository: renderMinimalRepository(view.baseUrl, head),
  };
}

function requireRun(call: Call): WorkflowRunState {
  const id = pathNumber(call, 'run_id');
  const run = call.repository.runs.find((candidate) => candidate.id === id);
  if (run === undefined) throw notFound();
  return run;
}

/** `created` takes a date or `>=date`, `<date`, `a..b`; the forms with one sign are enough here. */
function isCreated(run: WorkflowRunState, filter: string): boolean {
  const [, sign = '', date = ''] = /^(>=|<=|>|<)?(.*)$/u.exec(filter) ?? [];
  const [from, to] = date.split('..');
  if (from !== undefined && to !== undefined)
    return run.createdAt >= from && run.createdAt.slice(0, to.length) <= to;
  const own = run.createdAt.slice(0, date.length);
  if (sign === '') return own === date;
  if (own === date) return sign.endsWith('=');
  return sign.startsWith('>') === own > date;
}

function matches(run: WorkflowRunState, query: Readonly<Record<string, string>>): boolean {
  const { actor, branch, event, status, head_sha: sha, created } = query;
  return (
    (actor === undefined || run.actor.login === actor) &&
    (branch === undefined || run.headBranch === branch) &&
    (event === undefined || run.event === event) &&
    (status === undefined || run.status === status || run.conclusion === status) &&
    (sha === undefined || run.headSha === sha) &&
    (created === undefined || isCreated(run, created))
  );
}

async function replyWithRuns(call: Call, runs: readonly WorkflowRunState[]) {
  const newestFirst = runs
    .filter((run) => matches(run, call.query))
    .toSorted((left, right) => right.id - left.id);
  const { items, headers } = paginate(call, newestFirst);
  const rendered: object[] = [];
  for (const run of items) rendered.push(await renderRun(call, run));
  return { status: 200, body: { total_count: newestFirst.length, workflow_runs: rendered }, headers };
}

export const getRun: Handler = async (call) => ({
  status: 200,
  body: await renderRun(call, requireRun(call)),
});

export const listRuns: Handler = (call) => replyWithRuns(call, call.repository.runs);

async function hasWorkflow(call: Call, isWanted: (path: string) => boolean): Promise<boolean> {
  const { gitDirectory, defaultBranch, runs } = call.repository;
  if (runs.some(({ path }) => isWanted(path))) return true;
  const commit = await resolveCommit(gitDirectory, defaultBranch);
  if (commit === undefined) return false;
  return (await readTree(gitDirectory, commit, true)).some(({ path }) => isWanted(path));
}

/** By the file's name (`gate.yml`) or by the workflow's number. */
export const listRunsOfWorkflow: Handler = async (call) => {
  const wanted = call.params['workflow_id'] ?? '';
  const isWanted = (path: string) =>
    path === `.github/workflows/${wanted}` || String(stableId(path)) === wanted;
  // A workflow that never ran has an empty list; one that the repository does not have is not found.
  if (!(await hasWorkflow(call, isWanted))) throw notFound();
  return replyWithRuns(
    call,
    call.repository.runs.filter(({ path }) => isWanted(path)),
  );
};

export const listApprovals: Handler = (call) => ({
  status: 200,
  body: requireRun(call).approvals.map(({ environment, user, state }) => ({
    environments: call.repository.environments
      .filter(({ name }) => name === environment)
      .map((found) => renderEnvironmentSummary(call, found)),
    state,
    user: renderAccount(call.baseUrl, user),
    comment: '',
  })),
});

/** The stage of the end-to-end tests: the fake GitHub, the results service, a kit, and a caller's repository. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { requireJob, runWorkflow, type WorkflowResult } from '../helpers/act/act.ts';
import { createKit, type Kit } from '../helpers/act/kit.ts';
import {
  createPullRequestEvent,
  createPushEvent,
  createWorkflowRunEvent,
  type WorkflowEvent,
} from '../helpers/fake-github/events.ts';
import {
  addPullRequest,
  addRepository,
  addRun,
  addWorkflowToken,
  removeRepositories,
  type NewPullRequest,
} from '../helpers/fake-github/seed.ts';
import { startFakeGitHub, type FakeGitHub } from '../helpers/fake-github/server.ts';
import type {
  Permissions,
  PullRequestState,
  RepositoryState,
  WorkflowRunState,
} from '../helpers/fake-github/state.ts';
import { createGitWorkspace, runGit, tryGit, type GitWorkspace } from '../helpers/git-repository.ts';
import { REPOSITORY_ROOT } from '../helpers/run-action.ts';
import { startResultsService, type ResultsService } from '../helpers/results-service/server.ts';
import { makeCallerFiles } from './caller.ts';

/** Verified by hash at each load, so that runs may share it; each test file fetching its own would cost a minute. */
const TOOL_CACHE = join(REPOSITORY_ROOT, '.tools', 'tool-cache');

/**
 * What GitHub grants to the jobs of the documented callers. act gives all jobs of a run one token, so it is the union:
 * that `gate` has no `contents: write` is what test/contract says.
 */
const GRANTS = {
  gate: { actions: 'read', contents: 'write', pull_requests: 'write' },
  /** A fork's pull request: every write of the above has become read. */
  fork: { actions: 'read', contents: 'read', pull_requests: 'read' },
  comment: { actions: 'read', contents: 'read', pull_requests: 'write', statuses: 'write' },
  promote: { actions: 'read', contents: 'write' },
} as const satisfies Readonly<Record<string, Permissions>>;

/** act masks a token wherever it stands in the log, so it must be no word. */
function tokenOf(grant: string): string {
  return `ghs_e2e_${grant}_token`;
}

export interface Scene {
  readonly github: FakeGitHub;
  readonly results: ResultsService;
  readonly repository: RepositoryState;
  readonly work: GitWorkspace;
  readonly kit: Kit;
}

/** act 0.2.89 knows no `queue` of a concurrency group and refuses the file; it enforces no group anyway. */
async function createKitForAct(root: string): Promise<Kit> {
  const kit = await createKit({ root });
  const path = join(kit.directory, '.github/workflows/comment.yml');
  await writeFile(path, (await readFile(path, 'utf8')).replace(/^ *queue: max\n/mu, ''));
  return kit;
}

/** `acme/churn` with one commit on main, which calls the kit. `root`: what the kit copies; default this repository. */
export async function openScene(
  files: Readonly<Record<string, string>> = makeCallerFiles(),
  root: string = REPOSITORY_ROOT,
): Promise<Scene> {
  const results = await startResultsService();
  const github = await startFakeGitHub({ artifacts: results.artifacts });
  const repository = await addRepository(github.state, 'acme/churn');
  const work = await createGitWorkspace({ origin: repository.gitDirectory });
  await work.commit(files, 'First');
  await work.push();
  for (const [name, permissions] of Object.entries(GRANTS))
    addWorkflowToken(github.state, tokenOf(name), 'acme/churn', permissions);
  return { github, results, repository, work, kit: await createKitForAct(root) };
}

/** Closes everything; throws if GitHub would have refused a request. */
export async function closeScene({ github, results, work, kit }: Scene): Promise<void> {
  await results.close();
  await kit.remove();
  await work.remove();
  await removeRepositories(github.state);
  await github.close();
}

export interface Finished {
  readonly result: WorkflowResult;
  readonly run: WorkflowRunState;
}

export interface RunRequest {
  readonly event: WorkflowEvent;
  readonly workflow: string;
  readonly token: keyof typeof GRANTS;
  readonly run?: Parameters<typeof addRun>[2];
  readonly inputs?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs a workflow of the caller as a run that the API knows, in progress first and then with its conclusion. */
export async function startRun(scene: Scene, request: RunRequest): Promise<Finished> {
  const { github, results, repository, kit } = scene;
  const { event, workflow, token } = request;
  const run = await addRun(github.state, repository, {
    path: workflow,
    event: event.name,
    headSha: event.sha,
    ...request.run,
    status: 'in_progress',
    conclusion: null,
  });
  const result = await runWorkflow({
    github,
    results,
    repository,
    event,
    workflow,
    token: tokenOf(token),
    runId: run.id,
    localRepositories: kit.localRepositories,
    toolCache: TOOL_CACHE,
    ...(request.inputs === undefined ? {} : { inputs: request.inputs }),
    ...(request.env === undefined ? {} : { env: request.env }),
  });
  run.status = 'completed';
  run.conclusion = result.exitCode === 0 ? 'success' : 'failure';
  return { result, run };
}

/** What is on main now is pushed, and its workflow runs. */
export async function pushMain(scene: Scene): Promise<Finished> {
  await scene.work.push();
  const event = await createPushEvent(scene.github, scene.repository);
  return await startRun(scene, { event, workflow: '.github/workflows/mlgate.yml', token: 'gate' });
}

export async function openPullRequest(scene: Scene, options: NewPullRequest): Promise<PullRequestState> {
  await scene.work.push();
  return await addPullRequest(scene.github.state, scene.repository, options);
}

/** The workflow of a pull request, at its test merge. */
export async function runPullRequest(scene: Scene, pull: PullRequestState): Promise<Finished> {
  const event = await createPullRequestEvent(scene.github, scene.repository, pull);
  const isFork = pull.head.repository !== scene.repository.fullName;
  return await startRun(scene, {
    event,
    workflow: '.github/workflows/mlgate.yml',
    token: isFork ? 'fork' : 'gate',
    // As the API tells it: the head, not the test merge.
    run: { headSha: pull.headSha, headBranch: pull.head.ref, headRepository: pull.head.repository },
  });
}

/** The trusted half, which starts when a run has finished. */
export async function runComment(scene: Scene, run: WorkflowRunState): Promise<Finished> {
  const event = await createWorkflowRunEvent(scene.github, scene.repository, run);
  return await startRun(scene, { event, workflow: '.github/workflows/mlgate-comment.yml', token: 'comment' });
}

/** A step of a job by its name; throws with the log if it did not run. */
export function requireStep(
  result: WorkflowResult,
  job: string,
  name: string,
): WorkflowResult['jobs'][number]['steps'][number] {
  const step = requireJob(result, job).steps.find((candidate) => candidate.name === name);
  if (step === undefined) throw new Error(`No step ${name} ran in ${job}.\n${result.text}`);
  return step;
}

/** A file of a branch or ref of the caller's repository, as git has it; undefined if there is none. */
export async function readFromRepository(
  scene: Scene,
  ref: string,
  path: string,
): Promise<string | undefined> {
  const shown = await tryGit(scene.repository.gitDirectory, ['show', `${ref}:${path}`]);
  return shown.code === 0 ? shown.stdout.toString('utf8') : undefined;
}

/** Names of refs below a prefix, such as `refs/tags/`. */
export async function listRefs(scene: Scene, prefix: string): Promise<readonly string[]> {
  const text = await runGit(scene.repository.gitDirectory, ['for-each-ref', '--format=%(refname)', prefix]);
  return text === '' ? [] : text.split('\n');
}

/**
 * A small team's repository, as the tests of the bundle gate it: 400 customers, a model's predictions for each, and the
 * model's bytes. Everything is made by code from fixed numbers. One pair of servers stands for GitHub in each file.
 */
import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseEvidence } from '../../src/evidence/evidence.ts';
import type { Evidence } from '../../src/schemas/evidence.generated.ts';
import { checkOut, type Checkout } from '../helpers/checkout.ts';
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
  type NewRepository,
  type NewRun,
} from '../helpers/fake-github/seed.ts';
import { startFakeGitHub, type FakeGitHub } from '../helpers/fake-github/server.ts';
import type {
  CommentState,
  Permissions,
  PullRequestState,
  RepositoryState,
  WorkflowRunState,
} from '../helpers/fake-github/state.ts';
import { createGitWorkspace, type GitWorkspace } from '../helpers/git-repository.ts';
import { createNoise } from '../helpers/noise.ts';
import { startResultsService, type ResultsService } from '../helpers/results-service/server.ts';
import {
  REPOSITORY_ROOT,
  startJob,
  type Job,
  type JobOptions,
  type StepResult,
} from '../helpers/run-action.ts';

/** Shared by all tests, so that the engine's packages are fetched once. */
const TOOL_CACHE = join(REPOSITORY_ROOT, 'node_modules', '.cache', 'mlgate-test-tools');

const ROWS = 400;

/** How well a model tells the classes apart: the share of its scores that are drawn at random. */
const MODELS = { main: 0.3, better: 0.25, worse: 0.75 } as const;
type ModelName = keyof typeof MODELS;

function makePredictions(model: ModelName): string {
  const noise = createNoise(7);
  const rows = Array.from({ length: ROWS }, (_, index) => {
    const churned = noise() < 0.4 ? 1 : 0;
    const [isRandom, random, sharp] = [noise() < MODELS[model], noise(), noise()];
    const score = isRandom ? random : churned === 1 ? 0.6 + 0.4 * sharp : 0.4 * sharp;
    return `c${String(index).padStart(4, '0')},${churned},${score.toFixed(4)}`;
  });
  return `${['id,churned,p', ...rows].join('\n')}\n`;
}

function makeCustomers(age: (index: number) => number): string {
  const rows = Array.from(
    { length: ROWS },
    (_, index) => `c${String(index).padStart(4, '0')},${age(index)},${index % 3 === 0 ? 'pro' : 'free'}`,
  );
  return `${['id,age,plan', ...rows].join('\n')}\n`;
}

const SCHEMA = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object',
  properties: {
    id: { type: 'string', pattern: '^c[0-9]{4}$' },
    age: { type: 'integer', minimum: 18, maximum: 120 },
    plan: { type: 'string', enum: ['free', 'pro'] },
  },
  required: ['id', 'age', 'plan'],
};

export interface ConfigOptions {
  readonly atLeast?: number;
  /** Undefined compares nothing. */
  readonly margin?: number | undefined;
  /** More keys of the dataset, as YAML within braces. */
  readonly dataset?: string;
  /** More lines at the end. */
  readonly more?: string;
}

export function makeConfig(options: ConfigOptions = {}): string {
  const { atLeast, margin, dataset, more } = {
    atLeast: 0.6,
    margin: 0.06,
    dataset: '',
    more: '',
    ...options,
  };
  const regression = margin === undefined ? '' : `, max-regression: ${margin}`;
  return `version: 1
data:
  customers: { path: data/customers.csv, schema: schemas/customers.json${dataset === '' ? '' : `, ${dataset}`} }
models:
  churn:
    task: binary-classification
    artifact: models/churn.bin
    predictions: { path: out/predictions.csv, id: id, target: churned, score: p }
    metrics:
      accuracy: { at-least: ${atLeast}${regression} }
      roc_auc: { at-least: ${atLeast}${regression} }
comparison: { resamples: 200 }
${more}`;
}

/** The files of a commit with this model. */
export function makeFiles(
  model: ModelName,
  options: ConfigOptions & { readonly brokenData?: boolean; readonly yearsOlder?: number } = {},
): Record<string, string> {
  const artifact = `the bytes of ${model}\n`;
  const sha256 = createHash('sha256').update(artifact).digest('hex');
  return {
    'mlgate.yml': makeConfig(options),
    'schemas/customers.json': JSON.stringify(SCHEMA, null, 1),
    'data/customers.csv': makeCustomers((index) =>
      options.brokenData === true && index === 5 ? -4 : 18 + (index % 60) + (options.yearsOlder ?? 0),
    ),
    'models/churn.bin': artifact,
    'out/predictions.csv': makePredictions(model),
    'out/predictions.csv.mlgate.json': JSON.stringify({ version: 1, subject: { sha256 } }),
  };
}

export interface Servers {
  readonly github: FakeGitHub;
  readonly results: ResultsService;
  close(): Promise<void>;
}

export async function startServers(): Promise<Servers> {
  mkdirSync(TOOL_CACHE, { recursive: true });
  const results = await startResultsService();
  const github = await startFakeGitHub({ artifacts: results.artifacts });
  return {
    github,
    results,
    close: async () => {
      await results.close();
      await removeRepositories(github.state);
      await github.close();
    },
  };
}

/** What gate.yml, comment.yml and promote.yml ask for together; a fork's token can only read. */
const FULL: Permissions = { contents: 'write', pull_requests: 'write', actions: 'read', statuses: 'write' };
export const READ_ONLY: Permissions = { contents: 'read', pull_requests: 'read', actions: 'read' };

/** A run of a workflow in its own checkout. */
export interface Run {
  readonly state: WorkflowRunState;
  readonly event: WorkflowEvent;
  readonly directory: string;
  readonly job: Job;
  /** An action with these inputs. */
  step(action: string, inputs?: Readonly<Record<string, string>>): Promise<StepResult>;
}

export interface RunOptions {
  readonly run?: NewRun;
  readonly permissions?: Permissions;
  readonly token?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly attempt?: number;
  readonly root?: string;
  readonly toolCache?: string;
  /** Changes the checkout before the first step. */
  readonly prepare?: (directory: string) => Promise<void>;
}

export interface Project {
  readonly github: FakeGitHub;
  readonly repository: RepositoryState;
  /** A developer's clone. */
  readonly work: GitWorkspace;
  /** Commits to main and pushes. */
  commitMain(files: Readonly<Record<string, string | null>>): Promise<string>;
  /** Opens a pull request with one commit on a new branch. */
  openPull(branch: string, files: Readonly<Record<string, string | null>>): Promise<PullRequestState>;
  pushRun(options?: RunOptions): Promise<Run>;
  pullRun(pull: PullRequestState, options?: RunOptions): Promise<Run>;
  /** The trusted half for a run that has finished. */
  trustedRun(finished: Run, options?: RunOptions): Promise<Run>;
  eventRun(event: WorkflowEvent, options?: RunOptions): Promise<Run>;
  close(): Promise<void>;
}

let projects = 0;

/** A repository `acme/…` of its own, with a good main. */
export async function createProject(
  { github, results }: Servers,
  options: ConfigOptions & NewRepository = {},
): Promise<Project> {
  projects += 1;
  const name = `acme/churn-${projects}`;
  const { private: isPrivate = true, ...config } = options;
  const repository = await addRepository(github.state, name, { private: isPrivate });
  const work = await createGitWorkspace({ origin: repository.gitDirectory });
  await work.commit(makeFiles('main', config), 'First');
  await work.push();
  const closing: (() => Promise<void>)[] = [() => work.remove()];
  let tokens = 0;

  const eventRun = async (event: WorkflowEvent, run: RunOptions = {}): Promise<Run> => {
    const state = await addRun(github.state, repository, {
      event: event.name,
      headSha: event.sha,
      ...run.run,
    });
    const checkout: Checkout = await checkOut(repository, event);
    await run.prepare?.(checkout.directory);
    tokens += 1;
    const token = run.token ?? `${name}-token-${tokens}`;
    if (run.token === undefined) addWorkflowToken(github.state, token, name, run.permissions ?? FULL);
    const jobOptions: JobOptions = {
      workspace: checkout.directory,
      repository: name,
      github,
      results,
      event,
      token,
      runId: state.id,
      toolCache: run.toolCache ?? TOOL_CACHE,
      ...(run.attempt === undefined ? {} : { attempt: run.attempt }),
      ...(run.env === undefined ? {} : { env: run.env }),
      ...(run.root === undefined ? {} : { root: run.root }),
    };
    const job = await startJob(jobOptions);
    closing.push(
      () => job.remove(),
      () => checkout.remove(),
    );
    return {
      state,
      event,
      directory: checkout.directory,
      job,
      step: (action, inputs) => job.run(action, inputs),
    };
  };

  return {
    github,
    repository,
    work,
    commitMain: async (files) => {
      await work.checkout('main');
      const commit = await work.commit(files);
      await work.push('main');
      return commit;
    },
    openPull: async (branch, files) => {
      await work.branch(branch, 'main');
      await work.commit(files);
      await work.push(branch);
      await work.checkout('main');
      return await addPullRequest(github.state, repository, { head: branch });
    },
    pushRun: async (run) => await eventRun(await createPushEvent(github, repository), run),
    pullRun: async (pull, run = {}) => {
      const event = await createPullRequestEvent(github, repository, pull);
      const facts = {
        headSha: pull.headSha,
        headBranch: pull.head.ref,
        headRepository: pull.head.repository,
      };
      return await eventRun(event, { ...run, run: { ...facts, ...run.run } });
    },
    trustedRun: async (finished, run = {}) => {
      const event = await createWorkflowRunEvent(github, repository, finished.state);
      const path = '.github/workflows/comment.yml';
      return await eventRun(event, { ...run, run: { path, headBranch: 'main', ...run.run } });
    },
    eventRun,
    close: async () => {
      for (const close of closing) await close();
    },
  };
}

export interface ForkedPull {
  readonly pull: PullRequestState;
  readonly work: GitWorkspace;
}

/** A pull request from a stranger's fork, with one commit. */
export async function openForkPull(
  project: Project,
  owner: string,
  files: Readonly<Record<string, string | null>>,
  branch = 'better',
): Promise<ForkedPull> {
  const { github, repository } = project;
  const fullName = `${owner}/${repository.name}`;
  const fork = await addRepository(github.state, fullName, { parent: repository.fullName });
  const work = await createGitWorkspace({ origin: fork.gitDirectory });
  await work.git('fetch', '--quiet', 'origin', 'main');
  await work.git('checkout', '--quiet', '-B', branch, 'FETCH_HEAD');
  await work.commit(files, 'From a fork');
  // A branch of this name may have been copied from the original.
  await work.push(`+${branch}`);
  const pull = await addPullRequest(github.state, repository, { head: branch, headRepository: fullName });
  return { pull, work };
}

/** The comments of a pull request, oldest first. */
export function commentsOf({ repository }: Project, { number }: PullRequestState): readonly CommentState[] {
  return repository.comments.filter(({ issueNumber }) => issueNumber === number);
}

/** A project whose main has recorded a baseline, by the root action. */
export async function createRecordedProject(servers: Servers, options: ConfigOptions = {}): Promise<Project> {
  const project = await createProject(servers, options);
  const recorded = await (await project.pushRun()).step('.');
  if (recorded.exitCode !== 0) throw new Error(`Main was not recorded: ${ending(recorded)}`);
  return project;
}

/** Evidence as a step left it, checked like a stranger's. */
export async function readEvidence(step: StepResult): Promise<Evidence> {
  const path = step.outputs['evidence'];
  if (path === undefined) throw new Error(`The step left no evidence:\n${step.stdout}\n${step.stderr}`);
  return parseEvidence(await readFile(path, 'utf8'), path);
}

/** Exit code and log in one, so that a failed expectation shows what the step said. */
export function ending({ exitCode, stdout, stderr }: StepResult): string {
  return `exit ${exitCode}\n${stdout}${stderr}`;
}

/** Runs a workflow with act in host mode: real YAML, real steps, no Docker, our own services behind it. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ensureTool, type FoundTool } from '../../../scripts/toolbox.ts';
import { checkOut } from '../checkout.ts';
import { cacheScopesOf, type WorkflowEvent } from '../fake-github/events.ts';
import type { FakeGitHub } from '../fake-github/server.ts';
import type { RepositoryState } from '../fake-github/state.ts';
import type { ResultsService } from '../results-service/server.ts';
import { machineEnvironment, runProcess } from '../run-process.ts';
import { findStandIns } from './kit.ts';
import { readActLog, type ActLog } from './log.ts';

export interface WorkflowOptions {
  readonly github: FakeGitHub;
  readonly repository: RepositoryState;
  readonly event: WorkflowEvent;
  /** The caller's workflow, in the checkout: `.github/workflows/ci.yml`. */
  readonly workflow: string;
  readonly results?: ResultsService;
  /** As a token of the fake GitHub; the job's GITHUB_TOKEN. */
  readonly token?: string;
  readonly runId?: number;
  /** `owner/name@ref` to a folder; take a kit's. */
  readonly localRepositories?: Readonly<Record<string, string>>;
  readonly secrets?: Readonly<Record<string, string>>;
  readonly inputs?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  /** RUNNER_TOOL_CACHE, to share what an earlier run fetched; default: a new one. */
  readonly toolCache?: string;
  /** How many commits the checkout has; 0 is all. Default 1. */
  readonly depth?: number;
}

export interface WorkflowResult extends ActLog {
  readonly exitCode: number;
  readonly stderr: string;
}

/**
 * act in the pinned version, installed if Go is there. On a laptop without it the reason is for `skipIf`;
 * in CI (CI=true) a missing prerequisite is a failure.
 */
export function prepareAct(): FoundTool {
  const act = ensureTool('act');
  if (act.kind === 'missing' && process.env['CI'] === 'true') throw new Error(act.reason);
  if (act.kind === 'missing') console.warn(`Skipped: ${act.reason}.`);
  return act;
}

function flags(name: string, values: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(values).flatMap(([key, value]) => [name, `${key}=${value}`]);
}

/** Variables that steps get; act puts its own beneath them. */
function stepEnvironment(options: WorkflowOptions, runId: number): Record<string, string> {
  const { github, repository, event, workflow, results } = options;
  return {
    GITHUB_API_URL: github.url,
    GITHUB_GRAPHQL_URL: `${github.url}/graphql`,
    GITHUB_SERVER_URL: github.serverUrl,
    GITHUB_REPOSITORY: repository.fullName,
    GITHUB_REPOSITORY_OWNER: repository.owner,
    GITHUB_REPOSITORY_ID: String(repository.id),
    GITHUB_RUN_ID: String(runId),
    GITHUB_RUN_ATTEMPT: '1',
    // act leaves it empty.
    GITHUB_WORKFLOW_REF: `${repository.fullName}/${workflow}@${event.ref}`,
    SHA_REF: event.sha,
    MLGATE_TEST_ARTIFACT_CLIENT: import.meta.resolve('@actions/artifact'),
    ...(options.toolCache === undefined ? {} : { RUNNER_TOOL_CACHE: options.toolCache }),
    ...results?.environment({ runId, cacheScopes: cacheScopesOf(event, repository.defaultBranch) }),
    ...options.env,
  };
}

/** `using: node24` runs whatever `node` is first on the PATH: this one, which npm scripts make a Node 24. */
function hostEnvironment(home: string): Record<string, string> {
  const machine = machineEnvironment();
  return { ...machine, HOME: home, PATH: `${dirname(process.execPath)}:${machine['PATH'] ?? ''}` };
}

function actArguments(options: WorkflowOptions, folder: string, runId: number): readonly string[] {
  const secrets = {
    ...(options.token === undefined ? {} : { GITHUB_TOKEN: options.token }),
    ...options.secrets,
  };
  return [
    options.event.name,
    '--json',
    '--rm',
    '--pull=false',
    '--no-cache-server',
    '--defaultbranch',
    options.repository.defaultBranch,
    '--actor',
    'octocat',
    '--platform',
    'ubuntu-latest=-self-hosted',
    '--workflows',
    options.workflow,
    '--eventpath',
    join(folder, 'event.json'),
    '--action-cache-path',
    join(folder, 'actions'),
    // Files of these names in the checkout are not act's.
    '--env-file',
    '/dev/null',
    '--secret-file',
    '/dev/null',
    '--var-file',
    '/dev/null',
    '--input-file',
    '/dev/null',
    ...flags('--secret', secrets),
    ...flags('--input', options.inputs ?? {}),
    ...flags('--local-repository', options.localRepositories ?? {}),
    ...flags('--env', stepEnvironment(options, runId)),
  ];
}

/**
 * Checks the event's commit out and runs the workflow in it. Events' filters, `permissions`, `environment` and
 * `concurrency` are parsed and not enforced: what a token may do is the fake GitHub's to say.
 */
export async function runWorkflow(options: WorkflowOptions): Promise<WorkflowResult> {
  const act = prepareAct();
  if (act.kind === 'missing') throw new Error(act.reason);
  const folder = await mkdtemp(join(tmpdir(), 'mlgate-act-'));
  const checkout = await checkOut(options.repository, options.event, { depth: options.depth ?? 1 });
  try {
    const home = join(folder, 'home');
    await mkdir(home);
    await writeFile(join(folder, 'event.json'), JSON.stringify(options.event.payload));
    const localRepositories = {
      ...(await findStandIns(join(checkout.directory, dirname(options.workflow)))),
      ...options.localRepositories,
    };
    const words = actArguments({ ...options, localRepositories }, folder, options.runId ?? 101);
    const result = await runProcess(act.path, words, {
      cwd: checkout.directory,
      env: hostEnvironment(home),
    });
    return { ...readActLog(result.stdout), exitCode: result.exitCode, stderr: result.stderr };
  } finally {
    await checkout.remove();
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * The job of a name that ends so (`gate` finds `ci.yml/call/gate`). Throws with everything that act said if none
 * ran, or if it did not end as `expected`.
 */
export function requireJob(
  result: WorkflowResult,
  name: string,
  expected?: 'success' | 'failure',
): WorkflowResult['jobs'][number] {
  const job = result.jobs.find((candidate) => candidate.name === name || candidate.name.endsWith(`/${name}`));
  if (job === undefined) throw new Error(`No job ${name} ran.\n${result.text}\n${result.stderr}`);
  if (expected !== undefined && job.result !== expected) {
    throw new Error(`Job ${name} ended with ${job.result ?? 'nothing'}.\n${result.text}\n${result.stderr}`);
  }
  return job;
}

/**
 * Runs the committed bundle as a runner does: an action's `main` in a child process, in the workspace, with
 * the environment that a job has and nothing of this machine's.
 */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { cacheScopesOf, type WorkflowEvent } from './fake-github/events.ts';
import type { FakeGitHub } from './fake-github/server.ts';
import type { ResultsService } from './results-service/server.ts';
import { machineEnvironment, runProcess, type ProcessResult } from './run-process.ts';
import { readCommandFile, readWorkflowCommands, type WorkflowCommands } from './workflow-commands.ts';

/** The root of this repository. */
export const REPOSITORY_ROOT = fileURLToPath(new URL('../../', import.meta.url));

export interface JobOptions {
  /** The checkout: the working directory of every step. */
  readonly workspace: string;
  /** `owner/name`; default acme/churn. */
  readonly repository?: string;
  readonly event?: WorkflowEvent;
  readonly runId?: number;
  readonly attempt?: number;
  /** `${{ github.token }}`; default none. */
  readonly token?: string;
  /** The workflow's file; default .github/workflows/gate.yml. */
  readonly workflow?: string;
  readonly github?: FakeGitHub;
  readonly results?: ResultsService;
  /** Shared between jobs that a runner would give the same one, or between tests to save a download. */
  readonly toolCache?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** The node that runs the action; default this one, which npm scripts make Node 24. */
  readonly node?: string;
  /** Where the actions are; default this repository. */
  readonly root?: string;
}

export interface StepResult extends ProcessResult, WorkflowCommands {
  readonly outputs: Readonly<Record<string, string>>;
  readonly state: Readonly<Record<string, string>>;
  /** What it exported to later steps. */
  readonly exported: Readonly<Record<string, string>>;
  readonly summary: string;
}

/** A job on a runner: steps share its temporary folder, tool cache and run. */
export interface Job {
  /** RUNNER_TEMP. */
  readonly temp: string;
  /** Runs `actions/report`, or `.` for the root action, with these inputs and the defaults of its action.yml. */
  run(action: string, inputs?: Readonly<Record<string, string>>): Promise<StepResult>;
  /** Removes the runner's folders; the workspace is the test's. */
  remove(): Promise<void>;
}

interface ActionFile {
  readonly inputs?: Readonly<
    Record<string, { readonly default?: string | number | boolean; readonly required?: boolean } | null>
  >;
  readonly runs: { readonly using: string; readonly main: string };
}

const COMMAND_FILES = {
  GITHUB_OUTPUT: 'output',
  GITHUB_STATE: 'state',
  GITHUB_ENV: 'env',
  GITHUB_PATH: 'path',
  GITHUB_STEP_SUMMARY: 'summary',
} as const;

/** Replaces the few expressions that defaults of inputs use; throws for any other. */
function evaluateDefault(text: string, context: Readonly<Record<string, string>>): string {
  return text.replaceAll(/\$\{\{\s*([\w.]+)\s*\}\}/gu, (whole, name: string) => {
    const value = context[name];
    if (value === undefined) throw new Error(`The harness does not know the expression ${whole}.`);
    return value;
  });
}

function inputVariables(
  action: ActionFile,
  given: Readonly<Record<string, string>>,
  context: Readonly<Record<string, string>>,
): Record<string, string> {
  const declared = action.inputs ?? {};
  const unexpected = Object.keys(given).find((name) => !(name in declared));
  if (unexpected !== undefined) throw new Error(`The action has no input ${unexpected}.`);
  const variables = Object.entries(declared).map(([name, input]) => {
    const value = given[name] ?? evaluateDefault(String(input?.default ?? ''), context);
    return [`INPUT_${name.replaceAll(' ', '_').toUpperCase()}`, value] as const;
  });
  return Object.fromEntries(variables);
}

function eventVariables(event: WorkflowEvent): Record<string, string> {
  const [, kind = '', ...name] = event.ref.split('/');
  return {
    GITHUB_EVENT_NAME: event.name,
    GITHUB_REF: event.ref,
    GITHUB_REF_NAME: name.join('/'),
    GITHUB_REF_TYPE: kind === 'tags' ? 'tag' : 'branch',
    GITHUB_SHA: event.sha,
    GITHUB_HEAD_REF: event.headRef,
    GITHUB_BASE_REF: event.baseRef,
  };
}

const NO_EVENT: WorkflowEvent = {
  name: 'push',
  payload: {},
  ref: 'refs/heads/main',
  sha: '0'.repeat(40),
  headRef: '',
  baseRef: '',
};

function jobVariables(options: JobOptions, folder: string): Record<string, string> {
  const { github, results, runId = 101, repository = 'acme/churn' } = options;
  const workflow = options.workflow ?? '.github/workflows/gate.yml';
  const event = options.event ?? NO_EVENT;
  const known = github?.state.repositories.find(({ fullName }) => fullName === repository);
  return {
    ...machineEnvironment(),
    HOME: join(folder, 'home'),
    CI: 'true',
    GITHUB_ACTIONS: 'true',
    GITHUB_ACTION: '__run',
    GITHUB_ACTOR: 'octocat',
    GITHUB_API_URL: github?.url ?? 'http://127.0.0.1:9',
    GITHUB_GRAPHQL_URL: `${github?.url ?? 'http://127.0.0.1:9'}/graphql`,
    GITHUB_SERVER_URL: github?.serverUrl ?? 'http://github.localhost:9',
    GITHUB_EVENT_PATH: join(folder, 'event.json'),
    GITHUB_JOB: 'gate',
    GITHUB_REPOSITORY: repository,
    GITHUB_REPOSITORY_OWNER: repository.split('/')[0] ?? '',
    ...(known === undefined ? {} : { GITHUB_REPOSITORY_ID: String(known.id) }),
    GITHUB_RETENTION_DAYS: '90',
    GITHUB_RUN_ATTEMPT: String(options.attempt ?? 1),
    GITHUB_RUN_ID: String(runId),
    GITHUB_RUN_NUMBER: '1',
    GITHUB_TRIGGERING_ACTOR: 'octocat',
    GITHUB_WORKFLOW: 'gate',
    GITHUB_WORKFLOW_REF: `${repository}/${workflow}@${event.ref}`,
    GITHUB_WORKFLOW_SHA: event.sha,
    GITHUB_WORKSPACE: resolve(options.workspace),
    RUNNER_ARCH: process.arch === 'arm64' ? 'ARM64' : 'X64',
    RUNNER_OS: { linux: 'Linux', darwin: 'macOS', win32: 'Windows' }[process.platform as string] ?? 'Linux',
    RUNNER_NAME: 'local',
    RUNNER_ENVIRONMENT: 'github-hosted',
    RUNNER_TEMP: join(folder, 'temp'),
    RUNNER_TOOL_CACHE: options.toolCache ?? join(folder, 'tool-cache'),
    ...eventVariables(event),
    ...results?.environment({ runId, cacheScopes: cacheScopesOf(event) }),
    ...options.env,
  };
}

async function readFiles(folder: string) {
  const read = (name: string) => readFile(join(folder, name), 'utf8');
  return {
    outputs: readCommandFile(await read('output')),
    state: readCommandFile(await read('state')),
    exported: readCommandFile(await read('env')),
    summary: await read('summary'),
  };
}

async function runStep(
  options: JobOptions,
  folder: string,
  name: string,
  inputs: Readonly<Record<string, string>>,
): Promise<StepResult> {
  const actionFolder = join(options.root ?? REPOSITORY_ROOT, name);
  const action = parse(await readFile(join(actionFolder, 'action.yml'), 'utf8')) as ActionFile;
  if (action.runs.using !== 'node24') throw new Error(`${name} does not run on node24.`);
  const files = await mkdtemp(join(folder, 'step-'));
  for (const file of Object.values(COMMAND_FILES)) await writeFile(join(files, file), '');
  const commandFiles = Object.entries(COMMAND_FILES).map(([variable, file]) => [variable, join(files, file)]);
  const context = {
    'github.token': options.token ?? '',
    'github.workspace': options.workspace,
    'github.repository': options.repository ?? 'acme/churn',
  };
  const result = await runProcess(options.node ?? process.execPath, [join(actionFolder, action.runs.main)], {
    cwd: options.workspace,
    env: {
      ...jobVariables(options, folder),
      ...(Object.fromEntries(commandFiles) as Record<string, string>),
      ...inputVariables(action, inputs, context),
    },
  });
  return { ...result, ...readWorkflowCommands(result.stdout), ...(await readFiles(files)) };
}

/** Prepares a job: its folders and its event file. */
export async function startJob(options: JobOptions): Promise<Job> {
  const folder = await mkdtemp(join(tmpdir(), 'mlgate-runner-'));
  for (const name of ['home', 'temp', 'tool-cache']) await mkdir(join(folder, name));
  await writeFile(join(folder, 'event.json'), JSON.stringify((options.event ?? NO_EVENT).payload));
  return {
    temp: join(folder, 'temp'),
    run: (action, inputs = {}) => runStep(options, folder, action, inputs),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

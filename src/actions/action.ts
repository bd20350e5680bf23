import { join } from 'node:path';
import type { EngineSetting } from '../chain/with-engine.ts';
import type { ActionInputs } from '../platform/actions-io.ts';
import type { RunContext } from '../platform/event.ts';
import { createGitHubClient, type GitHubClient } from '../platform/github-client.ts';
import type { Logger, WriteLine } from '../platform/logger.ts';
import type { ModelRuntimes } from '../platform/model-runtimes/model-runtimes.ts';

/** What an action may touch of the process and of the run it is in. */
export interface ActionContext {
  readonly inputs: ActionInputs;
  readonly logger: Logger;
  /** A line that the runner obeys: only for workflow commands, which are escaped. */
  readonly writeCommand: WriteLine;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The run, as GitHub tells it. */
  readonly run: RunContext;
  /** Absolute: GITHUB_WORKSPACE. */
  readonly workspace: string;
  /** Absolute: where the steps of this job leave their results, below RUNNER_TEMP. */
  readonly results: string;
  /** Absolute: RUNNER_TEMP. */
  readonly temporary: string;
  readonly engine: Omit<EngineSetting, 'limits'>;
  /** What runs a model if the config asks for it. */
  readonly runtimes: ModelRuntimes;
  readonly version: string;
  readonly now: () => Date;
}

/** One action: what `action.yml` declares, and what it does. */
export interface Action {
  /** Names of its inputs; the contract test holds them against action.yml. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** Returns the exit code; throws UserError and WorldError. */
  readonly run: (context: ActionContext) => Promise<number>;
}

/** Name of the artifact with the evidence, unless an input says otherwise. */
export const DEFAULT_ARTIFACT = 'mlgate-evidence';

/** Where a step of this job leaves its results. */
export function resultsFolder(context: Pick<ActionContext, 'results'>, step: string): string {
  return join(context.results, step);
}

/** GitHub's API with the token of the input `token`. */
export async function connectGitHub(context: ActionContext): Promise<GitHubClient> {
  return await createGitHubClient({
    token: context.inputs.required('token'),
    apiUrl: context.environment['GITHUB_API_URL'] ?? 'https://api.github.com',
    repository: context.run.repository,
  });
}

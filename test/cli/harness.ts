/** Calls commands as `bin/mlgate` does, with a context that collects what they print, or in a process of their own. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach } from 'vitest';
import type { CliContext } from '../../src/cli/context.ts';
import { runCommandLine } from '../../src/cli/main.ts';

/** A fixed moment, so that reports are the same each time. */
const NOW = new Date('2026-11-03T12:00:00Z');

export interface CliResult {
  readonly exitCode: number;
  /** Standard output. */
  readonly out: string;
  /** Standard error. */
  readonly err: string;
}

/** The context of a terminal-less process in a folder; a test changes what it is about. */
function contextOf(
  cwd: string,
  overrides: Partial<CliContext> = {},
): CliContext & { readonly printed: string[]; readonly remarked: string[] } {
  const [printed, remarked]: [string[], string[]] = [[], []];
  return {
    print: (text) => printed.push(text),
    remark: (text) => remarked.push(text),
    input: () => Readable.from([]),
    cwd,
    environment: { PATH: process.env['PATH'], HOME: cwd, GIT_CONFIG_NOSYSTEM: '1' },
    color: false,
    width: 100,
    interactive: false,
    now: () => NOW,
    engineWorker: resolve('src/engine/duckdb/worker-main.ts'),
    modelWorker: resolve('src/platform/model-runtimes/onnx/worker-main.ts'),
    version: '0.0.0-test',
    signal: new AbortController().signal,
    ...overrides,
    printed,
    remarked,
  };
}

/** Runs one command line in a folder. */
export async function mlgate(
  cwd: string,
  words: readonly string[],
  overrides: Partial<CliContext> = {},
): Promise<CliResult> {
  const context = contextOf(cwd, overrides);
  const exitCode = await runCommandLine(words, context);
  return { exitCode, out: context.printed.join(''), err: context.remarked.join('') };
}

/** Runs one command line with --json and reads the one document that it must print. */
export async function mlgateJson(
  cwd: string,
  words: readonly string[],
  overrides: Partial<CliContext> = {},
): Promise<CliResult & { readonly document: unknown }> {
  const result = await mlgate(cwd, [...words, '--json'], overrides);
  return { ...result, document: JSON.parse(result.out) as unknown };
}

interface StartedProcess {
  readonly process: ChildProcess;
  readonly ended: Promise<CliResult>;
}

interface StartOptions {
  /** User and group to become; needs root. */
  readonly uid?: number;
  readonly gid?: number;
  readonly env?: Readonly<Record<string, string>>;
  /** The program, where it is not mlgate's source. Absolute. */
  readonly script?: string;
}

/** Starts mlgate from its source in a process of its own, as the leader of a process group. -1: a signal ended it. */
export function startMlgate(
  cwd: string,
  words: readonly string[],
  options: StartOptions = {},
): StartedProcess {
  const { env, script = resolve('scripts/mlgate.ts'), ...user } = options;
  const child = spawn(process.execPath, [script, ...words], {
    cwd,
    env: { PATH: process.env['PATH'] ?? '', HOME: cwd, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
    ...user,
  });
  const [out, err]: [string[], string[]] = [[], []];
  child.stdout.setEncoding('utf8').on('data', (text: string) => out.push(text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => err.push(text));
  const ended = new Promise<CliResult>((resolveEnded, reject) => {
    child.once('error', reject);
    child.once('close', (code) =>
      resolveEnded({ exitCode: code ?? -1, out: out.join(''), err: err.join('') }),
    );
  });
  return { process: child, ended };
}

export type Files = Readonly<Record<string, string | Uint8Array>>;

export async function writeFiles(folder: string, files: Files): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
}

/** Folders for the tests of one file, removed after each test. */
export function useFolders(): (files?: Files) => Promise<string> {
  const folders: string[] = [];
  afterEach(async () => {
    for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
  });
  return async (files = {}) => {
    const folder = await realpath(await mkdtemp(join(tmpdir(), 'mlgate-cli-test-')));
    folders.push(folder);
    await writeFiles(folder, files);
    return folder;
  };
}

interface PredictionRow {
  readonly id: string | number;
  readonly target: number | string;
  readonly score: number | string;
}

/** A CSV with the columns id, target and score. */
export function predictionsCsv(rows: readonly PredictionRow[]): string {
  return `id,target,score\n${rows.map((row) => `${row.id},${row.target},${row.score}`).join('\n')}\n`;
}

/** Predictions of a fair model for `n` examples: right for all but every `wrongEvery`-th. */
export function predictions(n: number, wrongEvery: number): string {
  return predictionsCsv(
    Array.from({ length: n }, (_, index) => {
      const target = index % 3 === 0 ? 1 : 0;
      const isWrong = index % wrongEvery === 0;
      const sure = 0.6 + ((index * 7) % 39) / 100;
      return {
        id: index,
        target,
        score: (target === 1) === isWrong ? (1 - sure).toFixed(3) : sure.toFixed(3),
      };
    }),
  );
}

export const CUSTOMERS_SCHEMA = JSON.stringify({
  type: 'object',
  properties: {
    customer: { type: 'integer', minimum: 1 },
    plan: { type: 'string', enum: ['free', 'paid'] },
    spent: { type: 'number', minimum: 0 },
  },
  required: ['customer', 'plan'],
  dataset: { rows: { 'at-least': 1 } },
});

export const CUSTOMERS_CSV = 'customer,plan,spent\n1,free,0\n2,paid,12.5\n3,paid,7\n';

/** A folder with data, predictions of candidate and baseline, a metrics file, and a config for all of them. */
export const PROJECT: Files = {
  'data/customers.csv': CUSTOMERS_CSV,
  'schemas/customers.schema.json': CUSTOMERS_SCHEMA,
  'out/candidate.csv': predictions(600, 9),
  'out/baseline.csv': predictions(600, 8),
  'out/metrics.json': '{"train": {"loss": 0.31}, "accuracy": 0.9}\n',
  'mlgate.yml': `version: 1
data:
  customers: { path: data/customers.csv, schema: schemas/customers.schema.json }
models:
  churn:
    task: binary-classification
    predictions: { path: out/candidate.csv, id: id, target: target, score: score }
    baseline-predictions: out/baseline.csv
    metrics:
      accuracy: { at-least: 0.7, max-regression: 0.05 }
metrics:
  training:
    path: out/metrics.json
    gates: { train.loss: { at-most: 0.5 } }
`,
};

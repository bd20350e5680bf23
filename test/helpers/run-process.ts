/** Runs a program with exactly the environment that it is given. */
import { spawn } from 'node:child_process';

export interface ProcessResult {
  /** -1 if a signal ended it. */
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ProcessOptions {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly input?: string;
}

/** Never throws for an exit code. */
export function runProcess(
  program: string,
  args: readonly string[],
  { cwd, env, input = '' }: ProcessOptions,
): Promise<ProcessResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, env: { ...env }, stdio: ['pipe', 'pipe', 'pipe'] });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
    child.once('error', reject);
    // A program may end without reading its input.
    child.stdin.on('error', () => undefined);
    child.once('close', (code) => {
      resolve({
        exitCode: code ?? -1,
        stdout: Buffer.concat(stdout).toString('utf8'),
        stderr: Buffer.concat(stderr).toString('utf8'),
      });
    });
    child.stdin.end(input);
  });
}

/** What this machine needs to reach its package registry; nothing else of its environment is passed on. */
const NETWORK_VARIABLES = [
  'NODE_EXTRA_CA_CERTS',
  'SSL_CERT_FILE',
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'NO_PROXY',
  'http_proxy',
  'https_proxy',
  'no_proxy',
  'npm_config_registry',
  'NPM_CONFIG_REGISTRY',
  'NPM_CONFIG_USERCONFIG',
];

/** The few variables of this machine that a runner would have in its own way. */
export function machineEnvironment(): Record<string, string> {
  const kept = NETWORK_VARIABLES.map((name): [string, string | undefined] => [name, process.env[name]]);
  const home = process.env['HOME'];
  return {
    PATH: process.env['PATH'] ?? '/usr/bin:/bin',
    // npm's settings of this user: with an empty HOME it would not find them.
    ...(home === undefined ? {} : { NPM_CONFIG_USERCONFIG: `${home}/.npmrc` }),
    ...Object.fromEntries(kept.filter((pair): pair is [string, string] => pair[1] !== undefined)),
  };
}

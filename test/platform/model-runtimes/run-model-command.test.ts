/** Programs that behave in every bad way, run for real: each is Node with a few lines. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WorldError } from '../../../src/evidence/errors.ts';
import {
  runModelCommand,
  type CommandOutcome,
  type ModelCommand,
} from '../../../src/platform/model-runtimes/run-model-command.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mlgate-command-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

const ENVIRONMENT = { PATH: process.env['PATH'], HOME: tmpdir() };

/** Runs lines of JavaScript as the program. */
async function run(program: string, overrides: Partial<ModelCommand> = {}): Promise<CommandOutcome> {
  return await runModelCommand({
    command: [process.execPath, '-e', program],
    directory: folder,
    environment: ENVIRONMENT,
    lines: ['{"id":"a"}', '{"id":"b"}'],
    timeoutSeconds: 30,
    ...overrides,
  });
}

/** Who was killed and not buried yet is dead: whoever adopts orphans here may take its time. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return process.platform !== 'linux' || !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

function countListeners(): readonly number[] {
  return ['exit', 'SIGINT', 'SIGTERM', 'SIGHUP'].map((name) => process.listenerCount(name));
}

/** The kernel takes a moment to bury who was killed. */
async function awaitDeath(pid: number): Promise<boolean> {
  for (let turn = 0; turn < 200 && isAlive(pid); turn++) await sleep(10);
  return !isAlive(pid);
}

/** Starts a grandchild that would outlive its parent, and writes its process id into the folder. */
const GRANDCHILD = `
  const { spawn } = require('node:child_process');
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'inherit' });
  require('node:fs').writeFileSync('pid', String(child.pid));
`;

function grandchild(): number {
  return Number(readFileSync(join(folder, 'pid'), 'utf8'));
}

/** Runs a program in a parent of its own that is told to end meanwhile. */
async function runInParent(preparation: string): Promise<CommandOutcome> {
  const source = join(import.meta.dirname, '../../../src/platform/model-runtimes/run-model-command.ts');
  const parent = join(folder, 'parent.mjs');
  const program = JSON.stringify(`${GRANDCHILD} setInterval(() => {}, 1000);`);
  writeFileSync(
    parent,
    `import { existsSync } from 'node:fs';
     import { runModelCommand } from ${JSON.stringify(source)};
     const controller = new AbortController();
     ${preparation}
     const wait = setInterval(() => existsSync('pid') && (clearInterval(wait), process.kill(process.pid, 'SIGTERM')), 20);
     await runModelCommand({ command: [process.execPath, '-e', ${program}], directory: ${JSON.stringify(folder)},
       environment: process.env, lines: [], timeoutSeconds: 60, signal: controller.signal,
     }).catch((error) => { console.error(error.message); process.exitCode = 3; });`,
  );
  return await runModelCommand({
    command: [process.execPath, parent],
    directory: folder,
    environment: ENVIRONMENT,
    lines: [],
    timeoutSeconds: 30,
  });
}

describe('a program', () => {
  it('reads lines and writes lines', async () => {
    const outcome = await run('process.stdin.pipe(process.stdout)');
    expect(outcome).toEqual({ kind: 'answered', output: '{"id":"a"}\n{"id":"b"}\n' });
  });

  it('runs in the folder of the config, without a shell', async () => {
    const outcome = await runModelCommand({
      command: [process.execPath, '-p', 'process.argv[1] + process.cwd()', '$(touch evil); `touch evil` &'],
      directory: folder,
      environment: ENVIRONMENT,
      lines: [],
      timeoutSeconds: 30,
    });
    expect(outcome).toEqual({ kind: 'answered', output: `$(touch evil); \`touch evil\` &${folder}\n` });
    expect(existsSync(join(folder, 'evil'))).toBe(false);
  });

  it('sees no token and no input of the step', async () => {
    const environment = {
      ...ENVIRONMENT,
      GITHUB_TOKEN: 'ghs_1',
      ACTIONS_RUNTIME_TOKEN: 'art',
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'oidc',
      INPUT_TOKEN: 'ghs_2',
      AWS_SECRET_ACCESS_KEY: 'aws',
      CONDA_TOKEN: 'conda',
      PYTHON_KEYRING_BACKEND: 'keyring',
      PYTHONPATH: 'lib',
      CONDA_PREFIX: '/opt/conda',
      LC_ALL: 'C.UTF-8',
      RUNNER_TRACKING_ID: 'github_1',
      UNDEFINED: undefined,
    };
    const outcome = await run('console.log(JSON.stringify(process.env))', { environment });
    expect(outcome.kind === 'answered' && JSON.parse(outcome.output)).toEqual({
      ...ENVIRONMENT,
      PYTHONPATH: 'lib',
      CONDA_PREFIX: '/opt/conda',
      LC_ALL: 'C.UTF-8',
      RUNNER_TRACKING_ID: 'github_1',
    });
  });

  it('that fails shows the last lines of its standard error', async () => {
    const outcome = await run(`for (let i = 0; i < 20; i++) console.error('line', i); process.exit(7)`);
    const last = [15, 16, 17, 18, 19].map((line) => `line ${line}`).join('\n');
    expect(outcome).toEqual({
      kind: 'failed',
      message: `\`${process.execPath}\` ended with exit code 7. It last wrote to its standard error: ${last}`,
    });
  });

  it('that fails after it answered everything is no answer', async () => {
    const outcome = await run(`console.log('{"id":"a"}'); process.exitCode = 1`);
    expect(outcome).toMatchObject({ kind: 'failed', message: expect.stringContaining('exit code 1') });
  });

  it('that was killed says by what', async () => {
    const outcome = await run(`process.kill(process.pid, 'SIGSEGV'); setInterval(() => {}, 1000)`);
    expect(outcome).toMatchObject({ message: `\`${process.execPath}\` was ended by SIGSEGV.` });
  });

  it('that ends without reading is judged by what it wrote', async () => {
    const lines = Array.from({ length: 100_000 }, (_, row) => JSON.stringify({ id: `example ${row}` }));
    const outcome = await run(`process.stdout.write('done\\n')`, { lines });
    expect(outcome).toEqual({ kind: 'answered', output: 'done\n' });
  });

  it('that closes its input and goes on is no trouble', async () => {
    const lines = Array.from({ length: 100_000 }, (_, row) => JSON.stringify({ id: `example ${row}` }));
    const outcome = await run(
      `process.stdin.destroy(); setTimeout(() => process.stdout.write('done\\n'), 100)`,
      { lines },
    );
    expect(outcome).toEqual({ kind: 'answered', output: 'done\n' });
  });

  it.each([
    ['never reads', 'setInterval(() => {}, 1000)'],
    ['never ends', 'process.stdin.pipe(process.stdout); setInterval(() => {}, 1000)'],
    ['ignores signals', `process.on('SIGTERM', () => {}); setInterval(() => {}, 1000)`],
  ])('that %s is ended when its time is over', async (_name, program) => {
    const lines = Array.from({ length: 50_000 }, (_, row) => `{"id":"${row}"}`);
    const outcome = await run(`require('node:fs').writeFileSync('pid', String(process.pid)); ${program}`, {
      lines,
      timeoutSeconds: 0.5,
    });
    expect(outcome).toMatchObject({
      kind: 'failed',
      message: expect.stringContaining('did not end within 0.5 s'),
    });
    expect(await awaitDeath(grandchild())).toBe(true);
  });

  it.each(['stdout', 'stderr'])('may flood its %s', async (stream) => {
    const flood = `const more = () => process.${stream}.write('x'.repeat(65536), more); more();`;
    const outcome = await run(flood, { maxOutputBytes: 1_000_000, timeoutSeconds: 1 });
    const why = stream === 'stdout' ? 'wrote more than 1 MB, and was ended.' : 'did not end within 1 s';
    expect(outcome).toMatchObject({ kind: 'failed', message: expect.stringContaining(why) });
    expect(outcome.kind === 'failed' && outcome.message.length).toBeLessThan(10_000);
  });

  it('leaves nobody behind: not when it ends', async () => {
    const outcome = await run(`${GRANDCHILD} process.stdout.write('done', () => process.exit(0));`);
    expect(outcome).toEqual({ kind: 'answered', output: 'done' });
    expect(await awaitDeath(grandchild())).toBe(true);
  });

  it('leaves nobody behind: not when its time is over', async () => {
    await run(`${GRANDCHILD} setInterval(() => {}, 1000);`, { timeoutSeconds: 1 });
    expect(await awaitDeath(grandchild())).toBe(true);
  });

  it('leaves nobody behind: not when the run is stopped', async () => {
    const controller = new AbortController();
    const running = run(`${GRANDCHILD} setInterval(() => {}, 1000);`, { signal: controller.signal });
    for (let turn = 0; turn < 500 && !existsSync(join(folder, 'pid')); turn++) await sleep(10);
    controller.abort();
    await expect(running).rejects.toThrow(new WorldError('The run was stopped while the model ran.'));
    expect(await awaitDeath(grandchild())).toBe(true);
    await expect(run('', { signal: controller.signal })).rejects.toThrow(WorldError);
  });

  it('dies with its parent', async () => {
    const outcome = await runInParent('');
    expect(outcome).toMatchObject({ message: expect.stringContaining('was ended by SIGTERM.') });
    expect(await awaitDeath(grandchild())).toBe(true);
  });

  it('leaves it to its parent what becomes of that, if the parent listens', async () => {
    const outcome = await runInParent(`process.once('SIGTERM', () => controller.abort());`);
    expect(outcome).toMatchObject({
      message: expect.stringMatching(/ended with exit code 3\. .*The run was stopped while the model ran\.$/),
    });
    expect(await awaitDeath(grandchild())).toBe(true);
  });

  it('that is not there is the machine’s fault', async () => {
    const failure = runModelCommand({
      command: ['no-such-program', 'x'],
      directory: folder,
      environment: ENVIRONMENT,
      lines: ['{}'],
      timeoutSeconds: 30,
    });
    await expect(failure).rejects.toThrow(WorldError);
    await expect(failure).rejects.toThrow(
      '`no-such-program`, which `recompute.command` names, could not be started: it is not installed.',
    );
  });

  it('that may not be run is said to be so', async () => {
    writeFileSync(join(folder, 'predict.sh'), 'echo', { mode: 0o644 });
    const failure = runModelCommand({
      command: ['./predict.sh'],
      directory: folder,
      environment: ENVIRONMENT,
      lines: [],
      timeoutSeconds: 30,
    });
    await expect(failure).rejects.toThrow(
      '`./predict.sh`, which `recompute.command` names, could not be started: it may not be run.',
    );
  });

  it('takes its listeners back', async () => {
    const before = countListeners();
    await run('');
    expect(countListeners()).toEqual(before);
  });
});

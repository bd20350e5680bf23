/** What only a process of its own shows: signals, closed pipes, and evidence that is the same each time. */
import { cp, mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { digestJson } from '../../src/evidence/digest.ts';
import { parseEvidence } from '../../src/evidence/evidence.ts';
import { locateOnnxRuntime } from '../../src/platform/native-packages.ts';
import type { Evidence } from '../../src/schemas/evidence.generated.ts';
import { validateDocument } from '../../src/schemas/validate.ts';
import { CUSTOMERS_CSV, CUSTOMERS_SCHEMA, mlgate, PROJECT, startMlgate, useFolders } from './harness.ts';

const makeFolder = useFolders();

async function waitFor(path: string): Promise<void> {
  while (
    !(await stat(path).then(
      () => true,
      () => false,
    ))
  )
    await sleep(20);
}

function isAlive(group: number): boolean {
  try {
    process.kill(-group, 0);
    return true;
  } catch {
    return false;
  }
}

describe.skipIf(process.platform === 'win32')('Ctrl-C', () => {
  /** A worker of the engine that is as busy as can be: it never answers, and asks to be left alone. */
  const BUSY_WORKER = `
    import { writeFileSync } from 'node:fs';
    process.on('SIGINT', () => {});
    process.on('SIGTERM', () => {});
    process.on('message', ({ kind }) => kind === 'ask' && writeFileSync('asked', ''));
    setInterval(() => {}, 1000);
  `;

  it('ends the child of a run, removes its temporary files and leaves no results', async () => {
    const folder = await makeFolder({ ...PROJECT, 'bin/worker.mjs': BUSY_WORKER, 'tmp/keep': '' });
    const source = pathToFileURL(resolve('src/main.ts')).href;
    const script = `import { runCli } from '${source}';\nawait runCli(new URL('.', import.meta.url), { engine: 'worker.mjs', model: 'worker.mjs' });\n`;
    await writeFile(join(folder, 'bin/cli.mjs'), script);
    // Where DuckDB is looked for.
    await symlink(resolve('node_modules'), join(folder, 'node_modules'));
    const started = startMlgate(folder, ['run'], {
      script: join(folder, 'bin/cli.mjs'),
      env: { TMPDIR: join(folder, 'tmp') },
    });
    const group = started.process.pid ?? 0;
    onTestFinished(() => void (isAlive(group) && process.kill(-group, 'SIGKILL')));
    await waitFor(join(folder, 'asked'));
    expect((await readdir(join(folder, 'tmp'))).length).toBe(2);
    // As a terminal does: to every process of the group.
    process.kill(-group, 'SIGINT');
    const { exitCode, out, err } = await started.ended;
    expect(err).toMatch(/^mlgate: Reading \S*customers\.csv was cancelled\.\n$/);
    expect({ exitCode, out }).toEqual({ exitCode: 3, out: '' });
    expect(isAlive(group)).toBe(false);
    expect(await readdir(join(folder, 'tmp'))).toEqual(['keep']);
    expect(await readdir(folder)).not.toContain('.mlgate');
  });

  it('between two steps ends the run before the next', async () => {
    const folder = await makeFolder(PROJECT);
    const controller = new AbortController();
    const stop = (text: string) => {
      if (text.includes('models/churn')) controller.abort();
    };
    const { exitCode, out } = await mlgate(folder, ['run'], {
      interactive: true,
      signal: controller.signal,
      remark: stop,
    });
    expect({ exitCode, out }).toEqual({ exitCode: 3, out: '' });
    const before = await mlgate(folder, ['run'], { signal: AbortSignal.abort() });
    expect(before.err).toContain('mlgate: The run was stopped before data/customers.');
  });
});

describe('standard output', () => {
  it('may be closed by its reader, without a word', async () => {
    const folder = await makeFolder(PROJECT);
    await mlgate(folder, ['run']);
    const started = startMlgate(folder, ['report', '--format', 'html']);
    started.process.stdout?.destroy();
    const { exitCode, err } = await started.ended;
    expect({ exitCode, err }).toEqual({ exitCode: 0, err: '' });
  });

  it('of a real process is the same as of the function', async () => {
    const folder = await makeFolder({ 'd.csv': CUSTOMERS_CSV, 's.json': CUSTOMERS_SCHEMA });
    const words = ['validate', 'd.csv', '-s', 's.json', '--json'];
    const called = await mlgate(folder, words, { version: '0.1.0' });
    const { exitCode, out, err } = await startMlgate(folder, words).ended;
    expect({ exitCode, err }).toEqual({ exitCode: 0, err: '' });
    expect((JSON.parse(out) as Evidence).digest).toBe((JSON.parse(called.out) as Evidence).digest);
  });
});

/** Four whole runs, on a machine that may be busy, with coverage counted. */
const LONG_MS = 180_000;

async function runExample(threads: number | undefined): Promise<Evidence> {
  const folder = await makeFolder();
  await cp('examples/bird-strikes', join(folder, 'example'), { recursive: true });
  const path = join(folder, 'example/mlgate.yml');
  if (threads !== undefined)
    await writeFile(path, `${await readFile(path, 'utf8')}engine: { threads: ${threads} }\n`);
  await mkdir(join(folder, 'results'));
  const { exitCode, err } = await mlgate(folder, ['run', '-c', 'example/mlgate.yml', '-o', 'results']);
  expect({ exitCode, err }).toEqual({ exitCode: 0, err: '' });
  return parseEvidence(await readFile(join(folder, 'results/evidence.json'), 'utf8'), 'evidence');
}

describe('the example, bird strikes', () => {
  // It runs its model: what is fetched for that, and said of it, is not what is looked at here.
  beforeAll(async () => {
    const environment = { ...process.env, RUNNER_TOOL_CACHE: undefined, XDG_CACHE_HOME: undefined };
    await locateOnnxRuntime({ environment, remark: () => undefined });
  }, LONG_MS);

  it(
    'gives the same evidence each time, on any number of threads, and it satisfies its schema',
    async () => {
      const first = await runExample(undefined);
      const second = await runExample(undefined);
      expect(second.digest).toBe(first.digest);
      expect(digestJson(first.body)).toBe(first.digest);
      expect(validateDocument('evidence', first)).toMatchObject({ ok: true });
      expect((await runExample(1)).digest).toBe(first.digest);
      expect((await runExample(2)).digest).toBe(first.digest);
    },
    LONG_MS,
  );
});

/** The child process: what it may do, and what happens when it dies or is told to stop. */
import { type ChildProcess, fork } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';

import * as duckdb from '@duckdb/node-api';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { type Database, openDatabase } from '../../src/engine/duckdb/database.ts';
import type { TablePlan } from '../../src/engine/engine.ts';
import { openTestEngine, type TestEngine, WORKER_PATH } from './open-test-engine.ts';

function planOf(path: string): TablePlan {
  return { source: { path }, cells: [], unique: [], absent: ['a'] };
}

/** Waits until a condition holds, a little at a time. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) {
    await new Promise((resolve) => {
      setTimeout(resolve, 10);
    });
  }
}

function writeLarge(opened: TestEngine): string {
  const rows = Array.from({ length: 300_000 }, (_, row) => `${row},${'x'.repeat(90)}${row}`);
  return opened.write('large.csv', `a,b\n${rows.join('\n')}\n`);
}

describe('a hardened database', () => {
  let given: TestEngine;
  let database: Database;
  let path: string;
  beforeEach(async () => {
    given = openTestEngine();
    path = given.write('allowed.csv', 'a,b\n1,2\n');
    const temporaryFolder = join(given.folder, 'spill');
    mkdirSync(temporaryFolder);
    const settings = {
      duckdbModule: '',
      resolveFrom: WORKER_PATH,
      memoryMegabytes: 64,
      threads: 1,
      temporaryFolder,
    };
    database = await openDatabase(duckdb, settings);
    await database.lock([path]);
  });
  afterEach(async () => {
    database.close();
    await given.close();
  });

  test('reads the one file that it may', async () => {
    expect(await database.query(`SELECT a FROM read_csv('${path}')`)).toStrictEqual([[1n]]);
  });

  test.each([
    [`SELECT * FROM read_csv('/etc/passwd')`],
    [`SELECT * FROM read_text('/etc/passwd')`],
    [`SELECT * FROM glob('/etc/*')`],
    [`SELECT * FROM read_csv('FOLDER/../NAME/other.csv')`],
    [`SELECT * FROM read_csv('FOLDER/other.csv')`],
    [`SELECT * FROM read_csv('FOLDER/*.csv')`],
    [`SELECT * FROM read_csv('FOLDER/link.csv')`],
    [`SELECT * FROM read_csv('https://localhost:1/a.csv')`],
    [`COPY (SELECT 1) TO 'FOLDER/written.csv'`],
    [`COPY (SELECT 1) TO 'FOLDER/allowed.csv'`],
    [`ATTACH 'FOLDER/a.db'`],
    ['INSTALL httpfs'],
    ['LOAD httpfs'],
    [`SET memory_limit = '8GB'`],
    ['SET enable_external_access = true'],
    [`SET allowed_paths = ['/etc/passwd']`],
    ['SET lock_configuration = false'],
    ['SET autoload_known_extensions = true'],
  ])('%s is refused', async (sql) => {
    given.write('other.csv', 'a,b\n1,2\n');
    symlinkSync('/etc/passwd', join(given.folder, 'link.csv'));
    const filled = sql
      .replaceAll('FOLDER', given.folder)
      .replaceAll('NAME', given.folder.split('/').at(-1) ?? '');
    await expect(database.query(filled)).rejects.toThrow(
      /Permission Error|disabled by configuration|has been locked|Cannot change|Cannot access/u,
    );
    expect(existsSync(join(given.folder, 'written.csv'))).toBe(false);
  });
});

describe('the child process', () => {
  let given: TestEngine | undefined;
  let child: ChildProcess | undefined;
  /** Runs once, right after the next question was sent to the child. */
  let afterQuestion: ((child: ChildProcess) => void) | undefined;
  const open = (options: Parameters<typeof openTestEngine>[0] = {}): TestEngine => {
    given = openTestEngine({
      ...options,
      forkProcess: (path, forkOptions) => {
        const forked = fork(path, forkOptions);
        const send = forked.send.bind(forked) as (message: unknown, done: () => void) => boolean;
        const sendAndTell = (message: { kind: string }, done: () => void): boolean => {
          const sent = send(message, done);
          if (message.kind === 'ask' && afterQuestion !== undefined) {
            const run = afterQuestion;
            afterQuestion = undefined;
            run(forked);
          }
          return sent;
        };
        forked.send = sendAndTell as typeof forked.send;
        child = forked;
        return forked;
      },
    });
    return given;
  };
  afterEach(async () => {
    await given?.close();
  });

  test('sees nothing of the environment but what the platform needs', async () => {
    let environment: NodeJS.ProcessEnv | undefined;
    given = openTestEngine({
      environment: {
        PATH: '/bin',
        GITHUB_TOKEN: 'secret',
        ACTIONS_RUNTIME_TOKEN: 'secret',
        NODE_OPTIONS: '--inspect',
        TMPDIR: '/tmp',
      },
      forkProcess: (path, options) => {
        environment = options.env;
        expect(options.execArgv).toStrictEqual([]);
        return fork(path, options);
      },
    });
    expect(environment).toStrictEqual({ TMPDIR: '/tmp' });
    expect((await given.engine.checkTable(planOf(given.write('a.csv', 'a\n1\n')))).rows).toBe(1);
  });

  test('a killed child is a fault that names the limit, and the next question gets a new child', async () => {
    const { engine, write } = open({ memoryMegabytes: 321 });
    const path = write('a.csv', 'a\n1\n');
    await engine.checkTable(planOf(path));
    const first = child;
    afterQuestion = (asked) => asked.kill('SIGKILL');
    const answer = engine.checkTable(planOf(path));
    await expect(answer).rejects.toMatchObject({ name: 'TableError', fault: 'out-of-memory', path });
    await expect(answer).rejects.toThrow(/321 MB/u);
    expect((await engine.checkTable(planOf(path))).rows).toBe(1);
    expect(child?.pid).not.toBe(first?.pid);
  });

  test('a child that read a large table ends, and questions that wait get a new one', async () => {
    const { engine, write } = open({ largeAnswerBytes: 16 });
    const [small, large] = [write('small.csv', 'a\n1\n'), write('large.csv', 'a\n1\n2\n')];
    const read = async (path: string): Promise<number> =>
      (await engine.readColumns({ source: { path }, columns: [{ name: 'a', as: 'number' }] })).rows;
    const first = child;
    expect(await read(small)).toBe(1);
    expect(child?.pid).toBe(first?.pid);
    expect(await Promise.all([read(large), read(small)])).toStrictEqual([2, 1]);
    expect(first?.killed).toBe(true);
    expect(child?.pid).not.toBe(first?.pid);
  });

  test('a child that crashes otherwise is a fault too', async () => {
    const { engine, write } = open();
    const path = write('a.csv', 'a\n1\n');
    await engine.checkTable(planOf(path));
    afterQuestion = (asked) => asked.kill('SIGSEGV');
    const answer = engine.checkTable(planOf(path));
    await expect(answer).rejects.toMatchObject({ fault: 'engine-died' });
    await expect(answer).rejects.toThrow(/signal SIGSEGV/u);
  });

  test('a library that cannot be loaded is a message', async () => {
    const { engine, write } = open({ duckdbModule: '/no/such/module' });
    await expect(engine.checkTable(planOf(write('a.csv', 'a\n1\n')))).rejects.toThrow(
      /DuckDB could not be loaded: Cannot find module/u,
    );
  });

  test('a query that needs more than the limit spills to disk, or says so', async () => {
    const opened = open({ memoryMegabytes: 64, threads: 1 });
    const path = writeLarge(opened);
    const unique = [{ id: 'u', columns: ['a', 'b'] }];
    const spilled = await opened.engine.checkTable({ ...planOf(path), unique });
    expect(spilled.rows).toBe(300_000);
    await opened.engine.close();
    const small = open({ memoryMegabytes: 10, threads: 1 });
    await expect(small.engine.checkTable(planOf(writeLarge(small)))).rejects.toMatchObject({
      fault: 'out-of-memory',
      help: 'Raise the limit: `engine.memory` in the config, or --memory.',
    });
  });

  test('an abort cancels the query and leaves the engine usable', async () => {
    const opened = open();
    const path = writeLarge(opened);
    const unique = [{ id: 'u', columns: ['a', 'b'] }];
    const controller = new AbortController();
    afterQuestion = () => {
      controller.abort();
    };
    const answer = opened.engine.checkTable({ ...planOf(path), unique }, { signal: controller.signal });
    await expect(answer).rejects.toMatchObject({ fault: 'cancelled' });
    expect((await opened.engine.checkTable(planOf(path))).rows).toBe(300_000);
    await expect(
      opened.engine.checkTable(planOf(path), { signal: AbortSignal.abort() }),
    ).rejects.toMatchObject({ fault: 'cancelled' });
  });

  test('a child that does not listen is killed when cancelled', async () => {
    const { engine, write } = open();
    const path = write('a.csv', 'a\n1\n');
    const controller = new AbortController();
    afterQuestion = (asked) => {
      asked.kill('SIGSTOP');
      controller.abort();
    };
    const answer = engine.checkTable(planOf(path), { signal: controller.signal });
    await expect(answer).rejects.toMatchObject({ fault: 'cancelled' });
    expect(child?.signalCode).toBe('SIGKILL');
    expect((await engine.checkTable(planOf(path))).rows).toBe(1);
  });

  test('closing removes the temporary files and ends the child; the end of the parent ends it too', async () => {
    const opened = open();
    await opened.engine.checkTable(planOf(opened.write('a[1].csv', 'a\n1\n')));
    const mine = (): readonly string[] =>
      readdirSync(opened.folder).filter((name) => name.startsWith('mlgate-engine-'));
    expect(mine()).toHaveLength(1);
    child?.disconnect();
    await until(() => child?.exitCode !== null);
    expect(child?.exitCode).toBe(0);
    expect(mine()).toHaveLength(0);
    expect((await opened.engine.checkTable(planOf(opened.write('b.csv', 'a\n1\n')))).rows).toBe(1);
    await opened.engine.close();
    expect(mine()).toHaveLength(0);
    expect(child?.killed).toBe(true);
    await expect(opened.engine.checkTable(planOf(join(opened.folder, 'b.csv')))).rejects.toMatchObject({
      fault: 'cancelled',
    });
  });
});

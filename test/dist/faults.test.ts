/** What goes wrong around the committed bundle: no permission, races, a GitHub that is ill, a wrong environment. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { addToken } from '../helpers/fake-github/seed.ts';
import type { Fault, PullRequestState } from '../helpers/fake-github/state.ts';
import { runGit } from '../helpers/git-repository.ts';
import { REPOSITORY_ROOT, type StepResult } from '../helpers/run-action.ts';
import { machineEnvironment, runProcess } from '../helpers/run-process.ts';
import {
  commentsOf,
  createProject,
  ending,
  makeFiles,
  READ_ONLY,
  startServers,
  type Project,
  type Run,
  type Servers,
} from './project.ts';

let servers: Servers;
let project: Project;
/** A push to main whose evidence is there and not recorded yet. */
let main: Run;
/** The same for the next commit of main. */
let next: Run;
let pull: PullRequestState;
/** The pull request's run with the evidence of its steps, not reported yet. */
let change: Run;

beforeAll(async () => {
  servers = await startServers();
  project = await createProject(servers, { margin: undefined });
  main = await project.pushRun();
  await main.step('.', { record: 'false', artifact: '' });
  await project.commitMain({ 'note.txt': 'next\n' });
  next = await project.pushRun();
  await next.step('.', { record: 'false', artifact: '' });
  pull = await project.openPull('better', makeFiles('better', { margin: undefined }));
  change = await project.pullRun(pull);
  for (const action of ['validate-data', 'test-model', 'compare-metrics'])
    await change.step(`actions/${action}`);
});
/** Back to where nothing has been recorded or commented. */
afterEach(async () => {
  servers.github.state.faults.splice(0);
  project.repository.comments.splice(0);
  const refs = await git('for-each-ref', '--format=%(refname)', 'refs/heads/mlgate', 'refs/mlgate/');
  for (const ref of refs.split('\n').filter((line) => line !== '')) await git('update-ref', '-d', ref);
  servers.github.assertNoViolations();
});
afterAll(async () => {
  await project.close();
  await servers.close();
});

async function git(...args: readonly string[]): Promise<string> {
  return await runGit(project.repository.gitDirectory, args);
}

function breakNext(fault: Omit<Fault, 'times'>, times = 1): void {
  servers.github.state.faults.push({ ...fault, times });
}

async function report(inputs: Readonly<Record<string, string>> = {}): Promise<StepResult> {
  return await change.step('actions/report', { artifact: '', ...inputs });
}

async function record(inputs: Readonly<Record<string, string>> = {}): Promise<StepResult> {
  return await main.step('actions/record-baseline', inputs);
}

/** How a step failed: its exit code, and what it said with `::error`. */
function failureOf({ exitCode, annotations }: StepResult) {
  return {
    exitCode,
    errors: annotations.filter(({ level }) => level === 'error').map(({ message }) => message),
  };
}

/** One error that holds these texts in this order. */
function failure(exitCode: number, ...said: readonly string[]) {
  const pattern = said.map((text) => text.replaceAll(/[.*+?^${}()|[\]\\]/gu, String.raw`\$&`)).join('[^]*');
  return { exitCode, errors: [expect.stringMatching(new RegExp(pattern, 'u')) as string] };
}

async function countRecorded(): Promise<number> {
  const files = await git('ls-tree', '--name-only', 'mlgate', 'runs/');
  return files.split('\n').length;
}

describe('a token', () => {
  it('without a permission is told which one: exit 3, and the report is there all the same', async () => {
    addToken(servers.github.state, 'reader', {
      account: { login: 'github-actions[bot]', type: 'Bot' },
      permissions: READ_ONLY,
    });
    const comment = await report({ token: 'reader' });
    expect(failureOf(comment)).toEqual(failure(3, 'write the comment', 'pull-requests: write'));
    expect(comment.outputs['verdict']).toBe('pass');
    expect(comment.summary).toContain('pass');
    expect(failureOf(await record({ token: 'reader' }))).toEqual(failure(3, '403', 'contents: write'));
    expect(await git('for-each-ref', 'refs/mlgate/', 'refs/heads/mlgate')).toBe('');
  });

  it('that reaches nothing, is unknown, or is not given has its own message', async () => {
    addToken(servers.github.state, 'stranger', { repositories: [] });
    expect(failureOf(await record({ token: 'stranger' }))).toEqual(failure(3, '404', 'contents:'));
    expect(failureOf(await record({ token: 'expired' }))).toEqual(failure(3, '401', 'pass a valid one'));
    expect(failureOf(await record({ token: '' }))).toEqual(failure(2, 'The input `token` is missing'));
    expect(failureOf(await report({ token: '' }))).toEqual(failure(2, 'The input `token` is missing'));
  });
});

describe('a faster writer', () => {
  it.each([
    { status: 422, message: 'Update is not a fast forward' },
    { status: 409, message: 'Conflict' },
  ])('$status is read again and written again', async (respond) => {
    expect((await record()).outputs['recorded']).toBe('true');
    breakNext({ operation: 'git/update-ref', respond }, 2);
    const step = await next.step('actions/record-baseline');
    expect(ending(step)).toMatch(/^exit 0/u);
    expect(step.outputs).toEqual({ recorded: 'true', commit: next.event.sha });
    expect(await countRecorded()).toBe(2);
  });
});

describe('a GitHub that is ill', () => {
  it('for a moment is asked again: 502, 429 and lost connections', async () => {
    const headers = { 'retry-after': '0' };
    breakNext({ operation: 'git/create-blob', respond: { status: 502, message: 'Bad gateway' } });
    breakNext({ operation: 'git/create-tree', respond: { status: 429, message: 'Slow down', headers } });
    breakNext({ operation: 'git/create-commit', drop: 'before' });
    breakNext({ operation: 'git/create-ref', drop: 'after' });
    const step = await record();
    expect(ending(step)).toMatch(/^exit 0/u);
    expect(await countRecorded()).toBe(1);
  });

  it('never gets a comment twice: its answer was lost, the comment was not', async () => {
    breakNext({ operation: 'issues/create-comment', drop: 'after' });
    const step = await report();
    expect(ending(step)).toMatch(/^exit 0/u);
    expect(commentsOf(project, pull)).toHaveLength(1);
  });

  it('or a limit that lasts an hour is a message, not a wait', async () => {
    const headers = { 'retry-after': '3600', 'x-ratelimit-remaining': '0' };
    const respond = { status: 403, message: 'API rate limit exceeded', headers };
    breakNext({ operation: 'issues/list-comments', respond }, 9);
    expect(failureOf(await report())).toEqual(failure(3, 'rate limit', 'run the job again later'));
  });
});

describe.concurrent('what lasts', () => {
  it('ends with exit 3 after a bounded number of tries', async ({ expect }) => {
    const own = await startServers();
    const other = await createProject(own, { margin: undefined });
    const run = await other.pullRun(await other.openPull('b', makeFiles('better', { margin: undefined })));
    await run.step('actions/test-model');
    const respond = { status: 503, message: 'Unavailable' };
    own.github.state.faults.push({ operation: 'repos/get-content', times: 99, respond });
    const step = await run.step('actions/report', { artifact: '' });
    const asked = own.github.state.requests.filter(({ operation }) => operation === 'repos/get-content');
    await other.close();
    await own.close();
    expect(ending(step)).toMatch(/^exit 3/u);
    expect(step.stdout).toContain('GitHub has a problem: see its status page');
    expect(asked).toHaveLength(4);
  });

  it('keeps the verdict from nobody: artifacts cannot be uploaded', async ({ expect }) => {
    const own = await startServers();
    const other = await createProject(own, { margin: undefined });
    const pulled = await other.openPull('b', makeFiles('better', { margin: undefined }));
    const run = await other.pullRun(pulled);
    for (const action of ['validate-data', 'test-model']) await run.step(`actions/${action}`);
    own.results.outage = true;
    const step = await run.step('actions/report');
    const comments = commentsOf(other, pulled);
    await other.close();
    await own.close();
    expect(ending(step)).toMatch(/^exit 3/u);
    expect(step.annotations).toMatchObject([
      { level: 'error', message: expect.stringContaining('Could not upload the artifact') as string },
    ]);
    expect(step.outputs['verdict']).toBe('pass');
    expect(step.summary).toContain('pass');
    expect(comments).toHaveLength(1);
  });
});

describe('a wrong start', () => {
  it('outside a workflow says where to go instead', async () => {
    for (const action of ['mlgate', 'report', 'promote']) {
      const options = { cwd: main.directory, env: machineEnvironment() };
      const program = join(REPOSITORY_ROOT, 'dist', `${action}.js`);
      const { exitCode, stdout, stderr } = await runProcess(process.execPath, [program], options);
      expect(exitCode).toBe(2);
      expect(stderr).toBe('');
      expect(stdout).toMatch(/^::error title=mlgate::.*npx mlgate --help/mu);
    }
  });

  it.each<{ action: string; inputs: Readonly<Record<string, string>>; said: string }>([
    { action: 'actions/report', inputs: { comment: 'maybe' }, said: '`true` or `false`' },
    { action: '.', inputs: { record: 'yes' }, said: '`true` or `false`' },
    { action: '.', inputs: { config: '' }, said: 'The input `config` is missing' },
    { action: '.', inputs: { config: 'nowhere.yml' }, said: 'nowhere.yml' },
    { action: '.', inputs: { config: '../../etc/passwd' }, said: 'passwd' },
    { action: 'actions/report', inputs: { evidence: 'nowhere.json' }, said: 'nowhere.json' },
    { action: 'actions/report', inputs: { 'from-run': '12' }, said: 'not the run that started this one' },
    { action: 'actions/promote', inputs: { model: 'churn' }, said: 'The input `version` is missing' },
  ])('$action with $inputs', async ({ action, inputs, said }) => {
    expect(failureOf(await change.step(action, inputs))).toEqual(failure(2, said));
    expect(commentsOf(project, pull)).toEqual([]);
  });

  it('with a config that has mistakes lists them all, before anything is done', async () => {
    const broken = await project.openPull('broken', {
      'mlgate.yml': 'version: 1\nmodls: {}\nreport: { comment: sometimes }\n',
    });
    const run = await project.pullRun(broken);
    const before = servers.github.state.requests.length;
    const step = await run.step('.');
    expect(failureOf(step)).toEqual(failure(2, 'mlgate.yml:2:1', 'mlgate.yml:3:'));
    expect(servers.github.state.requests).toHaveLength(before);
    await rm(join(run.directory, 'mlgate.yml'));
    expect(failureOf(await run.step('actions/test-model'))).toEqual(failure(2, 'mlgate.yml'));
  });
});

/** The stand-in for a runner: environment, inputs, command files, and how commands are read. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createPullRequestEvent } from '../helpers/fake-github/events.ts';
import { addPullRequest, addRepository, removeRepositories } from '../helpers/fake-github/seed.ts';
import { startFakeGitHub } from '../helpers/fake-github/server.ts';
import { createGitWorkspace, type GitWorkspace } from '../helpers/git-repository.ts';
import { startJob } from '../helpers/run-action.ts';
import { readCommandFile, readWorkflowCommands } from '../helpers/workflow-commands.ts';

const ACTION = `
inputs:
  config: { default: mlgate.yml }
  token: { default: '\${{ github.token }}' }
  with space: {}
runs: { using: node24, main: main.js }
`;

const MAIN = `
const { appendFileSync, readFileSync } = require('node:fs');
const kept = ['INPUT_CONFIG', 'INPUT_TOKEN', 'INPUT_WITH_SPACE', 'GITHUB_SHA', 'GITHUB_REF', 'GITHUB_BASE_REF', 'SECRET'];
const event = JSON.parse(readFileSync(process.env.GITHUB_EVENT_PATH, 'utf8'));
appendFileSync(process.env.GITHUB_OUTPUT, 'seen<<E\\n' + JSON.stringify(
  { ...Object.fromEntries(kept.map((name) => [name, process.env[name]])), cwd: process.cwd(), number: event.number }) + '\\nE\\n');
appendFileSync(process.env.GITHUB_STEP_SUMMARY, '# Report');
console.log('::error file=a.csv,line=2::bad%0Arow');
console.error('to stderr');
process.exitCode = 1;
`;

let work: GitWorkspace;

beforeEach(async () => {
  work = await createGitWorkspace();
  await mkdir(join(work.directory, 'actions/probe'), { recursive: true });
  await writeFile(join(work.directory, 'actions/probe/action.yml'), ACTION);
  await writeFile(join(work.directory, 'actions/probe/main.js'), MAIN);
});

afterEach(() => work.remove());

describe('a job', () => {
  it('runs an action with inputs, defaults and event, and with nothing of this machine', async () => {
    const github = await startFakeGitHub();
    const repository = await addRepository(github.state, 'acme/churn');
    await work.git('remote', 'add', 'origin', repository.gitDirectory);
    await work.commit({ a: '1' });
    await work.branch('better');
    await work.commit({ a: '2' });
    await work.push();
    const pull = await addPullRequest(github.state, repository, { head: 'better' });
    const event = await createPullRequestEvent(github, repository, pull);
    process.env['SECRET'] = 'of this machine';
    const job = await startJob({
      workspace: work.directory,
      root: work.directory,
      github,
      event,
      token: 'job',
    });
    const step = await job.run('actions/probe', { 'with space': 'x' });
    await job.remove();
    delete process.env['SECRET'];
    expect(JSON.parse(step.outputs['seen'] ?? '')).toEqual({
      INPUT_CONFIG: 'mlgate.yml',
      INPUT_TOKEN: 'job',
      INPUT_WITH_SPACE: 'x',
      GITHUB_SHA: pull.mergeSha,
      GITHUB_REF: 'refs/pull/1/merge',
      GITHUB_BASE_REF: 'main',
      cwd: work.directory,
      number: 1,
    });
    expect(step).toMatchObject({ exitCode: 1, summary: '# Report', stderr: 'to stderr\n' });
    expect(step.annotations).toEqual([
      { level: 'error', message: 'bad\nrow', properties: { file: 'a.csv', line: '2' } },
    ]);
    await github.close();
    await removeRepositories(github.state);
  });

  it('refuses an input that the action does not have', async () => {
    const job = await startJob({ workspace: work.directory, root: work.directory });
    await expect(job.run('actions/probe', { confg: 'x' })).rejects.toThrow(/no input confg/u);
    await job.remove();
  });
});

describe('reading commands', () => {
  it('unescapes, collects masks, and obeys stop-commands', () => {
    const { annotations, masks, log } = readWorkflowCommands(
      [
        '::warning title=a%2Cb%3Ac,file=x::100%25',
        '::add-mask::secret',
        '::stop-commands::pause-1',
        '::error::not a command',
        '::pause-1::',
        '::notice::again',
        'text :: more',
      ].join('\n'),
    );
    expect(annotations).toEqual([
      { level: 'warning', properties: { title: 'a,b:c', file: 'x' }, message: '100%' },
      { level: 'notice', properties: {}, message: 'again' },
    ]);
    expect(masks).toEqual(['secret']);
    expect(log).toEqual(['::error::not a command', 'text :: more']);
  });

  it('reads both forms of a command file, and refuses what a runner refuses', () => {
    expect(readCommandFile('a=1=2\nb<<X\none\ntwo=2\nX\n')).toEqual({ a: '1=2', b: 'one\ntwo=2' });
    expect(() => readCommandFile('b<<X\none\n')).toThrow(/never closed/u);
    expect(() => readCommandFile('nonsense\n')).toThrow(/would refuse/u);
  });
});

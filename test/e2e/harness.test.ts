/** The harness of the end-to-end tests itself: real workflows under act, with our services behind them. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { prepareAct, requireJob, runWorkflow } from '../helpers/act/act.ts';
import { createKit, rewriteSelfReferences, type Kit } from '../helpers/act/kit.ts';
import { createPullRequestEvent, createPushEvent } from '../helpers/fake-github/events.ts';
import {
  addPullRequest,
  addRepository,
  addRun,
  addWorkflowToken,
  removeRepositories,
} from '../helpers/fake-github/seed.ts';
import { startFakeGitHub, type FakeGitHub } from '../helpers/fake-github/server.ts';
import type { RepositoryState } from '../helpers/fake-github/state.ts';
import { createGitWorkspace, type GitWorkspace } from '../helpers/git-repository.ts';
import { startResultsService, type ResultsService } from '../helpers/results-service/server.ts';

const act = prepareAct();

/** A kit of one action and one reusable workflow that refers to it as ours do. */
const KIT_FILES = {
  'actions/probe/action.yml': `
name: probe
description: Comments on the pull request.
inputs:
  token: { description: Token., default: '\${{ github.token }}' }
  message: { description: Text., required: true }
outputs:
  comment: { description: Number of the comment. }
runs: { using: node24, main: ../../dist/probe.mjs }
`,
  'dist/probe.mjs': `
import { appendFileSync, readFileSync } from 'node:fs';
const event = JSON.parse(readFileSync(process.env.GITHUB_EVENT_PATH, 'utf8'));
const url = process.env.GITHUB_API_URL + '/repos/' + process.env.GITHUB_REPOSITORY + '/issues/' + event.number + '/comments';
const response = await fetch(url, {
  method: 'POST',
  headers: { authorization: 'Bearer ' + process.env.INPUT_TOKEN, 'content-type': 'application/json' },
  body: JSON.stringify({ body: process.env.INPUT_MESSAGE + ' ' + process.env.GITHUB_SHA }),
});
const { id } = await response.json();
appendFileSync(process.env.GITHUB_OUTPUT, 'comment=' + id + '\\n');
appendFileSync(process.env.GITHUB_STEP_SUMMARY, '# Commented\\n');
console.log('::notice file=a.txt,line=1::node ' + process.versions.node.split('.')[0]);
if (process.env.OF_THIS_MACHINE !== undefined) throw new Error('the environment leaked');
`,
  '.github/workflows/gate.yml': `
on:
  workflow_call:
    inputs: { message: { type: string, required: true } }
    outputs: { comment: { value: '\${{ jobs.gate.outputs.comment }}' } }
jobs:
  gate:
    runs-on: ubuntu-latest
    outputs: { comment: '\${{ steps.probe.outputs.comment }}' }
    steps:
      - uses: actions/checkout@v4
      - name: Upload
        uses: actions/upload-artifact@v4
        with: { name: evidence, path: a.txt }
      - id: probe
        name: Probe
        uses: $/actions/probe
        with: { message: '\${{ inputs.message }}' }
`,
};

const CALLER = `
on: [pull_request, push]
jobs:
  call:
    if: github.event_name == 'pull_request'
    uses: acme/kit/.github/workflows/gate.yml@v1
    with: { message: tested }
  after:
    needs: call
    runs-on: ubuntu-latest
    steps:
      - name: Download
        uses: actions/download-artifact@v4
        with: { name: evidence, path: down }
      - name: Read
        run: cat down/a.txt; echo "comment \${{ needs.call.outputs.comment }}"
  broken:
    runs-on: ubuntu-latest
    steps:
      - name: Fail
        run: exit 7
  never:
    if: false
    runs-on: ubuntu-latest
    steps: [{ run: echo never }]
`;

const RUN = 4711;
let github: FakeGitHub;
let results: ResultsService;
let repository: RepositoryState;
let work: GitWorkspace;
let kitSource: string;
let kit: Kit;

beforeEach(async () => {
  kitSource = await mkdtemp(join(tmpdir(), 'mlgate-kit-source-'));
  for (const [path, content] of Object.entries(KIT_FILES)) {
    await mkdir(dirname(join(kitSource, path)), { recursive: true });
    await writeFile(join(kitSource, path), content);
  }
  kit = await createKit({ root: kitSource });
  results = await startResultsService();
  github = await startFakeGitHub({ artifacts: results.artifacts });
  repository = await addRepository(github.state, 'acme/churn');
  work = await createGitWorkspace({ origin: repository.gitDirectory });
  await work.commit({ '.github/workflows/ci.yml': CALLER, 'a.txt': 'main\n' });
  await work.branch('better');
  await work.commit({ 'a.txt': 'better\n' });
  await work.push();
  addWorkflowToken(github.state, 'job-token', 'acme/churn', { pull_requests: 'write' });
});

afterEach(async () => {
  await github.close();
  await results.close();
  await kit.remove();
  await work.remove();
  await rm(kitSource, { recursive: true });
  await removeRepositories(github.state);
});

describe.skipIf(act.kind === 'missing')('act in host mode', () => {
  it('runs a reusable workflow of another repository, its action, artifacts and API calls', async () => {
    const pull = await addPullRequest(github.state, repository, { head: 'better' });
    const event = await createPullRequestEvent(github, repository, pull);
    await addRun(github.state, repository, { id: RUN, event: 'pull_request', headSha: pull.headSha });
    process.env['OF_THIS_MACHINE'] = 'must not leak';
    const result = await runWorkflow({
      github,
      results,
      repository,
      event,
      workflow: '.github/workflows/ci.yml',
      token: 'job-token',
      runId: RUN,
      localRepositories: kit.localRepositories,
    });
    delete process.env['OF_THIS_MACHINE'];

    expect(repository.comments).toMatchObject([
      { body: `tested ${pull.mergeSha}`, author: { login: 'github-actions[bot]' } },
    ]);
    const probe = requireJob(result, 'gate', 'success').steps.find(({ name }) => name === 'Probe');
    expect(probe).toMatchObject({
      result: 'success',
      outputs: { comment: String(repository.comments[0]?.id) },
    });
    expect(result.annotations).toEqual([
      { level: 'notice', message: 'node 24', properties: { file: 'a.txt', line: '1' } },
    ]);
    expect(result.summaries).toEqual(['# Commented\n']);
    expect(results.artifacts.artifacts).toMatchObject([{ runId: RUN, name: 'evidence' }]);
    const read = requireJob(result, 'after', 'success').steps.find(({ name }) => name === 'Read');
    expect(read?.log).toEqual(['better', `comment ${repository.comments[0]?.id}`]);
    github.assertNoViolations();
  });

  it('shows a failed job, its exit code, and not the job that never ran', async () => {
    const event = await createPushEvent(github, repository);
    const result = await runWorkflow({
      github,
      results,
      repository,
      event,
      workflow: '.github/workflows/ci.yml',
      token: 'job-token',
      localRepositories: kit.localRepositories,
    });
    expect(result.exitCode).toBe(1);
    expect(requireJob(result, 'broken')).toMatchObject({
      result: 'failure',
      steps: [{ name: 'Fail', result: 'failure' }],
    });
    expect(() => requireJob(result, 'never')).toThrow(/No job never ran/u);
  });
});

describe('the rewritten copy', () => {
  it('says self-repository references in full, and nothing else', () => {
    const text = [
      'uses: $/actions/report',
      "- uses: '$/'",
      'uses: $/.github/workflows/gate.yml # ours',
      'run: echo $/actions/report',
      'uses: ./local',
    ];
    expect(rewriteSelfReferences(text.join('\n'), 'acme/kit', 'v1').split('\n')).toEqual([
      'uses: acme/kit/actions/report@v1',
      "- uses: 'acme/kit@v1'",
      'uses: acme/kit/.github/workflows/gate.yml@v1 # ours',
      'run: echo $/actions/report',
      'uses: ./local',
    ]);
  });
});

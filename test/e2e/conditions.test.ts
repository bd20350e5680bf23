/**
 * Which jobs run when: the conditions, needs and outputs of the real workflows, whose actions are replaced by one that
 * only says a verdict and ends as it is told. So each case takes a second.
 */
import { cp, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { prepareAct, type WorkflowResult } from '../helpers/act/act.ts';
import {
  createPullRequestEvent,
  createPushEvent,
  type WorkflowEvent,
} from '../helpers/fake-github/events.ts';
import { REPOSITORY_ROOT } from '../helpers/run-action.ts';
import { readDocumentedWorkflows } from './caller.ts';
import { closeScene, openPullRequest, openScene, startRun, type Scene } from './scene.ts';

const act = prepareAct();

/** Says the verdict of STUB_VERDICT unless it is empty, and ends with STUB_EXIT if it is the report. */
const STUB = `
import { appendFileSync } from 'node:fs';
import { basename } from 'node:path';
const name = basename(process.argv[1], '.js');
const { STUB_VERDICT, STUB_EXIT, GITHUB_OUTPUT } = process.env;
if (STUB_VERDICT !== '') appendFileSync(GITHUB_OUTPUT, 'verdict=' + STUB_VERDICT + '\\n');
if (name === 'report') process.exitCode = Number(STUB_EXIT);
`;

/** The caller of the guide, which also says what it got from the gate. */
const SAYING = `  after:
    needs: gate
    if: always()
    runs-on: ubuntu-latest
    steps:
      - name: Say
        run: echo "\${{ needs.gate.result }} \${{ needs.gate.outputs.verdict }}."
`;

const GATE = '.github/workflows/mlgate.yml';
const DEVELOP = '.github/workflows/develop.yml';
const NO_RECORD = '.github/workflows/no-record.yml';

function withInputs(workflow: string, inputs: string): string {
  return `${workflow}    with: ${inputs}\n`;
}

let root: string;
let scene: Scene;
let main: WorkflowEvent;

beforeAll(async () => {
  if (act.kind === 'missing') return;
  root = await mkdtemp(join(tmpdir(), 'mlgate-stub-kit-'));
  for (const part of ['action.yml', 'actions', 'package.json', '.github/workflows'])
    await cp(join(REPOSITORY_ROOT, part), join(root, part), { recursive: true });
  await mkdir(join(root, 'dist'));
  for (const name of await readdir(join(root, 'actions')))
    await writeFile(join(root, 'dist', `${name}.js`), STUB);
  const documented = readDocumentedWorkflows();
  const gate = documented[GATE] ?? '';
  scene = await openScene(
    {
      ...documented,
      [GATE]: gate + SAYING,
      [DEVELOP]: withInputs(gate, '{ main: develop }'),
      [NO_RECORD]: withInputs(gate, '{ record: false }'),
    },
    root,
  );
  await scene.work.git('tag', 'main');
  await scene.work.branch('develop');
  await scene.work.commit({ 'notes.md': 'A change.\n' });
  await scene.work.checkout('heads/main');
  await scene.work.push();
  main = await createPushEvent(scene.github, scene.repository);
});

afterAll(async () => {
  if (act.kind === 'missing') return;
  await closeScene(scene);
  await rm(root, { recursive: true });
});

interface Case {
  readonly verdict?: string;
  readonly exit?: number;
  readonly workflow?: string;
}

async function runGate(event: WorkflowEvent, { verdict = 'pass', exit = 0, workflow = GATE }: Case = {}) {
  const env = { STUB_VERDICT: verdict, STUB_EXIT: String(exit) };
  return (await startRun(scene, { event, workflow, token: 'gate', env })).result;
}

/** Names of the jobs that had steps, with their results. */
function jobsOf(result: WorkflowResult): Readonly<Record<string, string | undefined>> {
  const ran = result.jobs.filter(({ steps }) => steps.length > 0);
  return Object.fromEntries(ran.map(({ name, result: end }) => [name.split('/').at(-1), end]));
}

function whatTheCallerSaw(result: WorkflowResult): string | undefined {
  return result.jobs.flatMap(({ steps }) => steps).find(({ name }) => name === 'Say')?.log[0];
}

const RECORDED = { gate: 'success', 'record the baseline': 'success' };

describe.skipIf(act.kind === 'missing')('gate.yml', () => {
  it('records a push to main, and hands the verdict on', async () => {
    const result = await runGate(main, { verdict: 'warn' });
    expect(jobsOf(result)).toEqual({ ...RECORDED, after: 'success' });
    expect(whatTheCallerSaw(result)).toBe('success warn.');
  });

  it('records also when the verdict is fail', async () => {
    const result = await runGate(main, { verdict: 'fail', exit: 1 });
    // On GitHub the caller's job after it would run too, and see `failure fail`; act ends a run with the first workflow
    // that it called and that failed.
    expect(jobsOf(result)).toEqual({ gate: 'failure', 'record the baseline': 'success' });
    expect(result.exitCode).toBe(1);
  });

  it('records nothing if the gate broke before there was a verdict', async () => {
    const result = await runGate(main, { verdict: '', exit: 2 });
    expect(jobsOf(result)).toEqual({ gate: 'failure' });
  });

  it('records nothing of a pull request', async () => {
    const pull = await openPullRequest(scene, { head: 'develop' });
    const event = await createPullRequestEvent(scene.github, scene.repository, pull);
    expect(jobsOf(await runGate(event))).toEqual({ gate: 'success', after: 'success' });
  });

  it('records nothing of another branch, unless that is called main', async () => {
    const develop = await createPushEvent(scene.github, scene.repository, 'develop');
    expect(jobsOf(await runGate(develop))).toEqual({ gate: 'success', after: 'success' });
    expect(jobsOf(await runGate(develop, { workflow: DEVELOP }))).toEqual(RECORDED);
    expect(jobsOf(await runGate(main, { workflow: DEVELOP }))).toEqual({ gate: 'success' });
  });

  it('records nothing of a tag that is called like main', async () => {
    const ref = 'refs/tags/main';
    const tag = { ...main, ref, payload: { ...main.payload, ref } };
    expect(jobsOf(await runGate(tag))).toEqual({ gate: 'success', after: 'success' });
  });

  it('records nothing where the caller says so', async () => {
    expect(jobsOf(await runGate(main, { workflow: NO_RECORD }))).toEqual({ gate: 'success' });
  });
});

/** A finished run, as its event tells it; conclusions that the fake API has no word for included. */
async function runComment(event: string, conclusion: string) {
  const run = { id: 1, event, conclusion, head_branch: 'x', head_repository: { id: 2 }, workflow_id: 3 };
  const payload = { ...main.payload, action: 'completed', workflow_run: run };
  const { result } = await startRun(scene, {
    event: { ...main, name: 'workflow_run', payload },
    workflow: '.github/workflows/mlgate-comment.yml',
    token: 'comment',
    env: { STUB_VERDICT: 'pass', STUB_EXIT: '0' },
  });
  return jobsOf(result);
}

describe.skipIf(act.kind === 'missing')('comment.yml', () => {
  it.each(['success', 'failure', 'timed_out', 'startup_failure'])(
    'reports on a pull request whose run ended with %s',
    async (conclusion) => {
      expect(await runComment('pull_request', conclusion)).toEqual({ comment: 'success' });
    },
  );

  it.each(['action_required', 'cancelled', 'skipped'])(
    'leaves a run alone that ended with %s',
    async (end) => {
      expect(await runComment('pull_request', end)).toEqual({});
    },
  );

  it.each(['push', 'pull_request_target', 'merge_group'])(
    'leaves a run for the event %s alone',
    async (event) => {
      expect(await runComment(event, 'success')).toEqual({});
    },
  );
});

/**
 * gate.yml, called from somebody's repository: pushes to main, and pull requests from it.
 *
 * act is not GitHub: it gives every job one token and does not enforce `permissions`, `concurrency` or the filters of
 * `on:`, and its name for the called job is `<caller job>/<called workflow> <caller job>/<job>`.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { prepareAct, requireJob } from '../helpers/act/act.ts';
import type { WorkflowResult } from '../helpers/act/act.ts';
import { SKILL, makeCustomers, makeModel } from './caller.ts';
import {
  closeScene,
  listRefs,
  openPullRequest,
  openScene,
  pushMain,
  readFromRepository,
  requireStep,
  runPullRequest,
  type Finished,
  type Scene,
} from './scene.ts';

const act = prepareAct();
const GATE = 'mlgate gate/gate';
const RECORD = 'mlgate gate/record the baseline';

let scene: Scene;
let first: Finished;
let firstCommit: string;

/** Main, recorded once; branches of the tests start there. */
beforeAll(async () => {
  if (act.kind === 'missing') return;
  scene = await openScene();
  firstCommit = await scene.work.revision();
  first = await pushMain(scene);
});

afterAll(async () => {
  if (act.kind !== 'missing') await closeScene(scene);
});

/** A branch from main with these files. */
async function branch(name: string, files: Readonly<Record<string, string>>): Promise<void> {
  await scene.work.checkout('main');
  await scene.work.branch(name);
  await scene.work.commit(files);
  await scene.work.checkout('main');
}

function commentsOf(number: number) {
  return scene.repository.comments.filter(({ issueNumber }) => issueNumber === number);
}

function didRun(result: WorkflowResult, job: string): boolean {
  return result.jobs.some(({ name }) => name.endsWith(`/${job}`));
}

describe.skipIf(act.kind === 'missing')('a push to main', () => {
  it('runs every action and leaves the evidence as an artifact', () => {
    const { result, run } = first;
    expect(requireJob(result, GATE, 'success').steps.map((step) => [step.name, step.result])).toEqual([
      ['Check out the change', 'success'],
      ['Validate the data', 'success'],
      ['Test the models', 'success'],
      ['Compare with main', 'success'],
      ['Report', 'success'],
    ]);
    expect(requireStep(result, GATE, 'Compare with main').outputs).toMatchObject({ baseline: 'none' });
    expect(requireStep(result, GATE, 'Report').outputs).toMatchObject({ verdict: 'warn' });
    expect(requireStep(result, GATE, 'Report').summary).toContain('no baseline');
    expect(
      scene.results.artifacts.artifacts.filter(({ runId }) => runId === run.id).map(({ name }) => name),
    ).toEqual(['mlgate-evidence', 'mlgate-evidence.html']);
  });

  it('records the baseline in a second job', async () => {
    const record = requireJob(first.result, RECORD, 'success');
    expect(record.steps.find(({ name }) => name === 'Record')?.outputs).toEqual({
      recorded: 'true',
      commit: firstCommit,
    });
    const recorded = JSON.parse(
      (await readFromRepository(scene, 'mlgate', `runs/${firstCommit}.json`)) ?? 'null',
    ) as unknown;
    expect(recorded).toMatchObject({
      source: {
        commit: firstCommit,
        event: 'push',
        ref: 'refs/heads/main',
        run: first.run.id,
        workflow: '.github/workflows/mlgate.yml',
      },
      body: { subjects: [{ name: 'churn', binding: 'declared' }] },
    });
    expect(await listRefs(scene, 'refs/mlgate/outcomes/')).toHaveLength(1);
  });

  it('that fails the gate is recorded all the same: the baseline is what main is', async () => {
    const other = await openScene();
    try {
      await other.work.commit({ 'data/customers.csv': makeCustomers({ brokenAges: 3 }) });
      const commit = await other.work.revision();
      const { result } = await pushMain(other);
      expect(result.exitCode).toBe(1);
      expect(requireJob(result, GATE).result).toBe('failure');
      requireJob(result, RECORD, 'success');
      expect(
        JSON.parse((await readFromRepository(other, 'mlgate', `runs/${commit}.json`)) ?? 'null'),
      ).toMatchObject({ body: { verdict: 'fail' } });
    } finally {
      await closeScene(other);
    }
  });
});

describe.skipIf(act.kind === 'missing')('a pull request', () => {
  it('is compared with exactly what it was merged into, and keeps one comment up to date', async () => {
    await branch('better', makeModel(SKILL.better));
    // Main moves on: the merge base is not what the merge commit was made on.
    await scene.work.commit({ 'notes.md': 'Moved on.\n' });
    const base = await scene.work.revision();
    requireJob((await pushMain(scene)).result, RECORD, 'success');
    const pull = await openPullRequest(scene, { head: 'better' });

    const { result } = await runPullRequest(scene, pull);
    requireJob(result, GATE, 'success');
    expect(didRun(result, RECORD)).toBe(false);
    expect(requireStep(result, GATE, 'Compare with main').outputs).toMatchObject({
      verdict: 'pass',
      baseline: 'exact',
    });
    expect(requireStep(result, GATE, 'Report').outputs).toMatchObject({ verdict: 'pass' });
    const [comment] = commentsOf(pull.number);
    expect(comment).toMatchObject({ author: { login: 'github-actions[bot]', type: 'Bot' } });
    expect(comment?.body).toContain(
      `Compared with \`${base.slice(0, 7)}\`, the commit that this change was applied to`,
    );

    await scene.work.checkout('better');
    await scene.work.commit(makeModel(SKILL.broken));
    await scene.work.push();
    const second = await runPullRequest(scene, pull);
    expect(second.result.exitCode).toBe(1);
    requireJob(second.result, GATE, 'failure');
    const after = commentsOf(pull.number);
    expect(after.map(({ id }) => id)).toEqual([comment?.id]);
    expect(after[0]?.body).toMatch(/fail · \*\*churn\*\* `roc_auc max-regression`: ROC AUC fell by 0\.280/u);
    // Each failed check once, at its line of the config.
    expect(
      second.result.annotations.map(({ level, properties }) => [
        level,
        properties['file'],
        properties['line'],
        properties['title'],
      ]),
    ).toEqual([
      ['error', 'mlgate.yml', '10', 'churn: roc_auc at-least'],
      ['error', 'mlgate.yml', '10', 'churn: roc_auc max-regression'],
      ['error', 'mlgate.yml', '11', 'churn: accuracy max-regression'],
    ]);
    await scene.work.checkout('main');
  });

  it('with bad data fails the job, and says which rows', async () => {
    await branch('bad-data', { 'data/customers.csv': makeCustomers({ brokenAges: 2 }) });
    const pull = await openPullRequest(scene, { head: 'bad-data' });
    const { result } = await runPullRequest(scene, pull);
    // The three steps may fail without ending the job: the report must have run, and must have failed it.
    expect(requireStep(result, GATE, 'Validate the data').result).toBe('failure');
    expect(requireStep(result, GATE, 'Compare with main').result).toBe('success');
    expect(requireStep(result, GATE, 'Report').result).toBe('failure');
    requireJob(result, GATE, 'failure');
    expect(commentsOf(pull.number)).toHaveLength(1);
    expect(commentsOf(pull.number)[0]?.body).toContain('2 of 120 rows have a negative `age`');
  });

  it('whose config cannot be read fails the job: no step that crashes is taken for a pass', async () => {
    await branch('bad-config', { 'mlgate.yml': 'version: 1\nmodells: {}\n' });
    const pull = await openPullRequest(scene, { head: 'bad-config' });
    const { result } = await runPullRequest(scene, pull);
    expect(result.exitCode).toBe(1);
    requireJob(result, GATE, 'failure');
    expect(requireStep(result, GATE, 'Report').result).toBe('failure');
    expect(result.annotations.map(({ message }) => message).join('\n')).toMatch(/modells[\s\S]*models/u);
    expect(commentsOf(pull.number)).toEqual([]);
  });

  it('whose predictions are missing fails the job, though the other steps have evidence', async () => {
    await scene.work.checkout('main');
    await scene.work.branch('no-predictions');
    await scene.work.commit({ 'out/predictions.csv': null });
    await scene.work.checkout('main');
    const pull = await openPullRequest(scene, { head: 'no-predictions' });
    const { result } = await runPullRequest(scene, pull);
    requireJob(result, GATE, 'failure');
    expect(requireStep(result, GATE, 'Validate the data').result).toBe('success');
    expect(commentsOf(pull.number)[0]?.body).toContain('There is no evidence for the model `churn`');
  });
});

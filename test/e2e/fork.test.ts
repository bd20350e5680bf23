/**
 * A pull request from a fork, through both stages: gate.yml with a token that can only read, then comment.yml on
 * `workflow_run` with one that can write. On GitHub the token is narrowed because the head is in a fork; here the test
 * hands a narrow one over, since act knows no permissions.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { prepareAct, requireJob } from '../helpers/act/act.ts';
import { addRepository, addRun } from '../helpers/fake-github/seed.ts';
import type { PullRequestState } from '../helpers/fake-github/state.ts';
import { cloneRepository, type GitWorkspace } from '../helpers/git-repository.ts';
import { SKILL, makeConfig, makeModel } from './caller.ts';
import {
  closeScene,
  openPullRequest,
  openScene,
  pushMain,
  requireStep,
  runComment,
  runPullRequest,
  type Scene,
} from './scene.ts';

const act = prepareAct();
const GATE = 'mlgate gate/gate';
// The caller is called `mlgate comment` too: without its first part the name fits two jobs.
const COMMENT = 'comment/mlgate comment/comment';

let scene: Scene;
let fork: GitWorkspace;

beforeAll(async () => {
  if (act.kind === 'missing') return;
  scene = await openScene();
  requireJob((await pushMain(scene)).result, 'record the baseline', 'success');
  const { gitDirectory } = await addRepository(scene.github.state, 'mallory/churn', { parent: 'acme/churn' });
  fork = await cloneRepository(gitDirectory);
});

afterAll(async () => {
  if (act.kind === 'missing') return;
  await fork.remove();
  await closeScene(scene);
});

/** A pull request from a branch of the fork, from where acme's main was when it was forked. */
async function proposeFromFork(
  head: string,
  files: Readonly<Record<string, string>>,
): Promise<PullRequestState> {
  await fork.branch(head, 'main');
  await fork.commit(files);
  await fork.push();
  return await openPullRequest(scene, { head, headRepository: 'mallory/churn' });
}

function commentsOf(number: number) {
  return scene.repository.comments.filter(({ issueNumber }) => issueNumber === number);
}

function statusesOf(sha: string) {
  return scene.repository.statuses.filter((status) => status.sha === sha);
}

describe.skipIf(act.kind === 'missing')("a fork's pull request", () => {
  it('is tested by the first stage and published by the second', async () => {
    const pull = await proposeFromFork('better', makeModel(SKILL.better));
    const gate = await runPullRequest(scene, pull);
    requireJob(gate.result, GATE, 'success');
    expect(requireStep(gate.result, GATE, 'Compare with main').outputs).toMatchObject({ baseline: 'exact' });
    expect(commentsOf(pull.number)).toEqual([]);
    expect(statusesOf(pull.headSha)).toEqual([]);
    expect(gate.result.summaries.join('\n')).toContain('churn');

    const comment = await runComment(scene, gate.run);
    // It checks nothing out, and runs nothing but the report.
    expect(requireJob(comment.result, COMMENT, 'success').steps.map(({ name }) => name)).toEqual(['Report']);
    expect(requireStep(comment.result, COMMENT, 'Report').outputs).toMatchObject({ verdict: 'pass' });
    const [first, ...others] = commentsOf(pull.number);
    expect(others).toEqual([]);
    expect(first).toMatchObject({ author: { login: 'github-actions[bot]' } });
    expect(first?.body).toContain('mlgate: pass');
    expect(first?.body).toContain('Reported by code of this pull request');
    expect(statusesOf(pull.headSha)).toMatchObject([
      { context: 'mlgate', state: 'success', creator: { login: 'github-actions[bot]' } },
    ]);
  });

  it("cannot lower its own bar: main's config judges", async () => {
    const pull = await proposeFromFork('lower', {
      ...makeModel(SKILL.broken),
      'mlgate.yml': makeConfig({ atLeast: 0.1, enforce: false }),
    });
    const gate = await runPullRequest(scene, pull);
    // The first stage judges by main's config too, but a fork may edit its workflow: only the second one counts.
    const comment = await runComment(scene, gate.run);
    requireJob(comment.result, COMMENT, 'failure');
    expect(commentsOf(pull.number)[0]?.body).toContain('below the 0.7 asked for');
    expect(commentsOf(pull.number)[0]?.body).toContain('This change also changes the config');
    expect(statusesOf(pull.headSha)).toMatchObject([{ context: 'mlgate', state: 'failure' }]);
  });

  it('whose run left no evidence gets a failing status, not silence', async () => {
    const pull = await proposeFromFork('bad-config', { 'mlgate.yml': 'version: 2\n' });
    const gate = await runPullRequest(scene, pull);
    requireJob(gate.result, GATE, 'failure');
    const comment = await runComment(scene, gate.run);
    requireJob(comment.result, COMMENT, 'failure');
    expect(statusesOf(pull.headSha)).toMatchObject([
      { context: 'mlgate', state: 'failure', description: expect.stringContaining('artifact') as unknown },
    ]);
  });

  it('that has a newer commit is left alone by the report on the older', async () => {
    const pull = await proposeFromFork('moving', makeModel(SKILL.better));
    const run = await addRun(scene.github.state, scene.repository, {
      event: 'pull_request',
      path: '.github/workflows/mlgate.yml',
      headSha: pull.headSha,
      headBranch: 'moving',
      headRepository: 'mallory/churn',
    });
    const tested = pull.headSha;
    await fork.commit({ 'notes.md': 'One more.\n' });
    await fork.push();
    const comment = await runComment(scene, run);
    requireJob(comment.result, COMMENT, 'success');
    expect(requireStep(comment.result, COMMENT, 'Report').log.join('\n')).toMatch(/superseded/u);
    expect(commentsOf(pull.number)).toEqual([]);
    expect(statusesOf(tested)).toEqual([]);
  });

  it('whose run was cancelled gets no status: nothing was tested, and a required status that is missing blocks', async () => {
    const pull = await proposeFromFork('cancelled', makeModel(SKILL.better));
    const run = await addRun(scene.github.state, scene.repository, {
      event: 'pull_request',
      path: '.github/workflows/mlgate.yml',
      headSha: pull.headSha,
      headBranch: 'cancelled',
      headRepository: 'mallory/churn',
      conclusion: 'cancelled',
    });
    const { result } = await runComment(scene, run);
    expect(result.exitCode).toBe(0);
    expect(result.jobs.flatMap(({ steps }) => steps)).toEqual([]);
    expect(statusesOf(pull.headSha)).toEqual([]);
  });
});

/**
 * The callers of docs/workflows.md on a repository with a model of several classes, a bound on fairness and results of
 * unit tests in JUnit's format: a pull request, and one from a fork that drops the bound.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { prepareAct, requireJob } from '../helpers/act/act.ts';
import { addRepository } from '../helpers/fake-github/seed.ts';
import { cloneRepository } from '../helpers/git-repository.ts';
import { makeTravelFiles } from '../helpers/travel-project.ts';
import { readDocumentedWorkflows } from './caller.ts';
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

beforeAll(async () => {
  if (act.kind === 'missing') return;
  scene = await openScene({ ...readDocumentedWorkflows(), ...makeTravelFiles() });
  requireJob((await pushMain(scene)).result, 'record the baseline', 'success');
});

afterAll(async () => {
  if (act.kind !== 'missing') await closeScene(scene);
});

function commentOf(number: number): string {
  const comments = scene.repository.comments.filter(({ issueNumber }) => issueNumber === number);
  expect(comments).toHaveLength(1);
  return comments[0]?.body ?? '';
}

describe.skipIf(act.kind === 'missing')('a model of several classes', () => {
  it('that treats women worse is stopped, and the comment says by how much', async () => {
    await scene.work.branch('unfair');
    await scene.work.commit(makeTravelFiles({ isFair: false }));
    await scene.work.checkout('main');
    const pull = await openPullRequest(scene, { head: 'unfair' });
    const { result } = await runPullRequest(scene, pull);
    requireJob(result, GATE, 'failure');
    expect(requireStep(result, GATE, 'Test the models').result).toBe('failure');
    expect(requireStep(result, GATE, 'Report').outputs).toMatchObject({ verdict: 'fail' });
    const comment = commentOf(pull.number);
    expect(comment).toMatch(/`f` \(0\.\d+ of \d+\) and highest for `m` .* above the 0\.2 asked for/u);
    expect(comment).toContain('How travel treats sex');
    expect(comment).toContain('`test_clean.test_accuracy.accuracy`');
  });

  it("of a fork that drops the bound is judged by the base's", async () => {
    const { github } = scene;
    const { gitDirectory } = await addRepository(github.state, 'mallory/churn', { parent: 'acme/churn' });
    const fork = await cloneRepository(gitDirectory);
    try {
      await fork.branch('dropped', 'main');
      await fork.commit(makeTravelFiles({ isFair: false, isBounded: false }));
      await fork.push();
      const pull = await openPullRequest(scene, { head: 'dropped', headRepository: 'mallory/churn' });
      const gate = await runPullRequest(scene, pull);
      requireJob((await runComment(scene, gate.run)).result, COMMENT, 'failure');
      expect(commentOf(pull.number)).toContain('accuracy by sex was not measured, though it is bounded');
      const statuses = scene.repository.statuses.filter(({ sha }) => sha === pull.headSha);
      expect(statuses).toMatchObject([{ context: 'mlgate', state: 'failure' }]);
    } finally {
      await fork.remove();
    }
  });
});

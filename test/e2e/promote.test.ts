/**
 * promote.yml by `workflow_dispatch`. act parses `environment` and asks nobody: that the job is in the environment
 * of its stage is what test/contract can say, and that GitHub then waits for a reviewer is not shown here.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { prepareAct, requireJob } from '../helpers/act/act.ts';
import { createDispatchEvent } from '../helpers/fake-github/events.ts';
import { SKILL, makeModel } from './caller.ts';
import {
  closeScene,
  listRefs,
  openScene,
  pushMain,
  readFromRepository,
  requireStep,
  startRun,
  type Finished,
  type Scene,
} from './scene.ts';

const act = prepareAct();
const PROMOTE = 'mlgate promote/promote';

let scene: Scene;

beforeAll(async () => {
  if (act.kind === 'missing') return;
  scene = await openScene();
  requireJob((await pushMain(scene)).result, 'record the baseline', 'success');
});

afterAll(async () => {
  if (act.kind !== 'missing') await closeScene(scene);
});

async function dispatch(inputs: Readonly<Record<string, string>>): Promise<Finished> {
  const event = await createDispatchEvent(scene.github, scene.repository, inputs);
  return await startRun(scene, {
    event,
    workflow: '.github/workflows/promote.yml',
    token: 'promote',
    inputs,
  });
}

async function readLedger(): Promise<readonly unknown[]> {
  const text = (await readFromRepository(scene, 'mlgate-ledger', 'ledger.jsonl')) ?? '';
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as unknown);
}

describe.skipIf(act.kind === 'missing')('promote.yml', () => {
  it('promotes what main tested, and refuses bytes that nobody did', async () => {
    const request = { model: 'churn', version: '1.0.0', stage: 'staging', reason: 'First release.' };
    const { result } = await dispatch(request);
    requireJob(result, PROMOTE, 'success');
    const { outputs, summary } = requireStep(result, PROMOTE, 'Promote');
    expect(outputs).toMatchObject({ decision: 'promoted', tag: 'churn#staging#1' });
    expect(summary).toContain('verified: its run, and the run');
    const tags = ['refs/tags/churn#staging#1', 'refs/tags/churn@v1.0.0'];
    expect(await listRefs(scene, 'refs/tags/')).toEqual(tags);
    const entry = { model: 'churn', stage: 'staging', subject: outputs['digest'], verified: 'artifact' };
    const ledger = [
      { ...entry, action: 'claim', sequence: 1 },
      { ...entry, action: 'confirm', sequence: 2, claims: 1 },
    ];
    expect(await readLedger()).toMatchObject(ledger);

    // Straight onto main, past every gate.
    await scene.work.commit(makeModel(SKILL.better, 'untested'));
    await scene.work.push();
    const refused = await dispatch({ ...request, version: '1.1.0' });
    expect(refused.result.exitCode).toBe(1);
    requireJob(refused.result, PROMOTE, 'failure');
    const step = requireStep(refused.result, PROMOTE, 'Promote');
    expect(step.outputs).toMatchObject({ decision: 'refused', tag: '', ledger: '' });
    expect(step.summary).toContain('(`no-evidence`)');
    expect(step.annotations[0]?.message).toMatch(/No evidence of main is about `churn` with digest/u);
    expect(await listRefs(scene, 'refs/tags/')).toEqual(tags);
    expect(await readLedger()).toHaveLength(2);
  });
});

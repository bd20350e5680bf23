/** Other ways to call the gate: predictions handed over, everything in one step, and nothing enforced. */
import { afterEach, describe, expect, it } from 'vitest';
import { prepareAct, requireJob } from '../helpers/act/act.ts';
import { SKILL, makeCallerFiles, makeConfig, makeModel, readDocumentedTraining } from './caller.ts';
import {
  closeScene,
  openPullRequest,
  openScene,
  pushMain,
  readFromRepository,
  requireStep,
  runPullRequest,
  type Scene,
} from './scene.ts';

const act = prepareAct();
const GATE = 'mlgate gate/gate';
const WORKFLOW = '.github/workflows/mlgate.yml';

let scene: Scene;

afterEach(async () => {
  if (act.kind !== 'missing') await closeScene(scene);
});

/** Models and predictions, which are in no commit: the training of the guide writes them. */
const TRAINED = makeModel(SKILL.main);
const TRAINING = `name: mlgate
on: { pull_request: , push: { branches: [main] } }
permissions: {}
${readDocumentedTraining().replace('python train.py', 'bash train.sh')}
  after:
    needs: gate
    if: always()
    runs-on: ubuntu-latest
    steps:
      - name: Say
        run: echo "gate said \${{ needs.gate.outputs.verdict }}"
`;

const ONE_STEP = `name: mlgate
on: { pull_request: , push: { branches: [main] } }
permissions: {}
jobs:
  all:
    runs-on: ubuntu-latest
    permissions: { actions: read, contents: write, pull-requests: write }
    steps:
      - uses: actions/checkout@v6
        with: { persist-credentials: false }
      - name: mlgate
        uses: acme/kit@v1
`;

function withoutTrained(files: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(files).filter(([path]) => !(path in TRAINED)));
}

describe.skipIf(act.kind === 'missing')('other callers', () => {
  it('hand over predictions that an earlier job of the run wrote, and read the verdict', async () => {
    const moved = Object.fromEntries(
      Object.entries(TRAINED).map(([path, text]) => [`training/${path}`, text]),
    );
    scene = await openScene({
      ...withoutTrained(makeCallerFiles()),
      ...moved,
      [WORKFLOW]: TRAINING,
      'train.sh': 'cp -r training/* .\n',
    });
    const { result } = await pushMain(scene);
    requireJob(result, 'train', 'success');
    expect(requireStep(result, GATE, 'Unpack the predictions').result).toBe('success');
    requireJob(result, GATE, 'success');
    expect(requireStep(result, GATE, 'Test the models').outputs).toMatchObject({ verdict: 'pass' });
    // Nothing to compare with yet.
    expect(requireStep(result, 'after', 'Say').log).toContain('gate said warn');
    const commit = await scene.work.revision();
    expect(
      JSON.parse((await readFromRepository(scene, 'mlgate', `runs/${commit}.json`)) ?? 'null'),
    ).toMatchObject({ body: { subjects: [{ name: 'churn', binding: 'declared' }] } });
  });

  it('run everything in one step, which comments and records too', async () => {
    scene = await openScene({ ...makeCallerFiles(), [WORKFLOW]: ONE_STEP });
    const commit = await scene.work.revision();
    const main = await pushMain(scene);
    requireJob(main.result, 'all', 'success');
    expect(await readFromRepository(scene, 'mlgate', `runs/${commit}.json`)).toBeDefined();

    await scene.work.branch('broken');
    await scene.work.commit(makeModel(SKILL.broken));
    const pull = await openPullRequest(scene, { head: 'broken' });
    const { result } = await runPullRequest(scene, pull);
    requireJob(result, 'all', 'failure');
    expect(requireStep(result, 'all', 'mlgate').outputs).toMatchObject({ verdict: 'fail' });
    expect(scene.repository.comments).toHaveLength(1);
    expect(scene.repository.comments[0]?.body).toContain(`Compared with \`${commit.slice(0, 7)}\``);
  });

  it('enforce nothing in their first weeks: everything is said, nothing blocks', async () => {
    scene = await openScene({
      ...makeCallerFiles(),
      'mlgate.yml': makeConfig({ enforce: false }),
      ...makeModel(SKILL.broken),
    });
    await scene.work.branch('change');
    await scene.work.commit({ 'notes.md': 'A change.\n' });
    const pull = await openPullRequest(scene, { head: 'change' });
    const { result } = await runPullRequest(scene, pull);
    expect(result.exitCode).toBe(0);
    requireJob(result, GATE, 'success');
    expect(requireStep(result, GATE, 'Report').outputs).toMatchObject({ verdict: 'fail' });
    expect(scene.repository.comments[0]?.body).toContain('mlgate: would have failed');
    expect(result.annotations.map(({ level }) => level)).toEqual(['warning', 'warning', 'warning']);
    expect(scene.repository.comments).toHaveLength(1);
  });
});

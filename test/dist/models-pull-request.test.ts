/**
 * A repository with a model of several classes, a bound on fairness and the results of its unit tests, through the
 * actions of the committed bundle: test-model by itself, a pull request, and one from a fork that drops the bound.
 */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { makeEvidence, printEvidence } from '../../src/evidence/evidence.ts';
import { addArtifact } from '../helpers/results-service/artifact-store.ts';
import { createZip } from '../helpers/zip.ts';
import {
  commentsOf,
  createProject,
  ending,
  openForkPull,
  READ_ONLY,
  readEvidence,
  startServers,
  type ForkedPull,
  type Project,
  type Run,
  type Servers,
} from './project.ts';
import { makeTravelFiles } from '../helpers/travel-project.ts';

const BOUND = 'model/travel/fairness/sex/accuracy/max-difference';

let servers: Servers;
let project: Project;

/** Main is fair, bounded, and recorded. */
beforeAll(async () => {
  servers = await startServers();
  project = await createProject(servers);
  await project.commitMain(makeTravelFiles());
  const recorded = await (await project.pushRun()).step('.');
  if (recorded.exitCode !== 0) throw new Error(`Main was not recorded: ${ending(recorded)}`);
});
afterEach(() => {
  servers.github.assertNoViolations();
});
afterAll(async () => {
  await project.close();
  await servers.close();
});

describe('the action test-model', () => {
  it('fails by the verdict, with outputs, an annotation at the bound and a summary', async () => {
    const pull = await project.openPull('unfair-test', makeTravelFiles({ isFair: false }));
    const step = await (await project.pullRun(pull)).step('actions/test-model');
    expect(ending(step)).toMatch(/^exit 1/u);
    expect(step.outputs).toEqual({ verdict: 'fail', evidence: expect.stringMatching(/\.json$/u) });
    const { body } = await readEvidence(step);
    expect(body.fairness).toHaveLength(1);
    expect(body.weakSlices).toHaveLength(1);
    expect(step.annotations).toMatchObject([
      { level: 'error', properties: { file: 'mlgate.yml', title: 'travel: accuracy by sex max-difference' } },
    ]);
    expect(step.stdout).toContain('accuracy by sex is lowest for `f`');
  });
});

describe('a pull request', () => {
  it('that treats women worse is stopped, and its comment says by how much', async () => {
    const pull = await project.openPull('unfair', makeTravelFiles({ isFair: false }));
    const step = await (await project.pullRun(pull)).step('.');
    expect(ending(step)).toMatch(/^exit 1/u);
    const { body } = await readEvidence(step);
    expect(body.checks.find(({ id }) => id === BOUND)).toMatchObject({ verdict: 'fail' });
    expect(body.imports).toMatchObject([{ metricsFile: 'tests', format: 'junit', status: 'complete' }]);
    const [comment] = commentsOf(project, pull);
    expect(comment?.body).toMatch(
      /accuracy by sex is lowest for `f` \(0\.\d+ of \d+\) and highest for `m` \(0\.\d+ of \d+\): difference 0\.\d+ \(90 % interval 0\.\d+ to 0\.\d+\), above the 0\.2 asked for/u,
    );
  });

  it('whose unit tests failed is stopped, though its numbers are as before', async () => {
    const pull = await project.openPull('red', makeTravelFiles({ tests: 'pytest-endings.xml' }));
    const step = await (await project.pullRun(pull)).step('.');
    expect(ending(step)).toMatch(/^exit 1/u);
    const { body } = await readEvidence(step);
    const failed = body.checks.filter(({ verdict }) => verdict === 'fail');
    expect(failed.length).toBeGreaterThan(0);
    expect(failed.every(({ about }) => about.metricsFile === 'tests')).toBe(true);
    expect(commentsOf(project, pull)[0]?.body).toContain('test_endings');
  });
});

/** The comment of the trusted half, which has failed the pull request. */
async function judge(run: Run, { pull }: ForkedPull): Promise<string> {
  const trusted = await project.trustedRun(run);
  const step = await trusted.step('actions/report', { 'from-run': String(run.state.id) });
  expect(step.outputs['verdict']).toBe('fail');
  expect(project.repository.statuses.at(-1)).toMatchObject({ state: 'failure' });
  return commentsOf(project, pull).at(-1)?.body ?? '';
}

describe("a fork's pull request is judged by the bound that the base has", () => {
  const unfair = makeTravelFiles({ isFair: false });
  const forks: ForkedPull[] = [];
  afterAll(async () => {
    for (const { work } of forks) await work.remove();
  });

  async function open(owner: string, files: Readonly<Record<string, string>>) {
    const fork = await openForkPull(project, owner, files, owner);
    forks.push(fork);
    const run = await project.pullRun(fork.pull, { permissions: READ_ONLY });
    return { fork, run, step: await run.step('.') };
  }

  it('where it loosens the bound, and where its evidence leaves fairness out', async () => {
    const config = (unfair['mlgate.yml'] ?? '').replace('accuracy: 0.2', 'accuracy: 0.9');
    const { fork, run, step } = await open('trudy', { ...unfair, 'mlgate.yml': config });
    expect(ending(step)).toMatch(/^exit 1/u);
    expect(await judge(run, fork)).toMatch(/difference 0\.\d+ .* above the 0\.2 asked for/u);

    const honest = await readEvidence(step);
    const forged = await project.pullRun(fork.pull, { permissions: READ_ONLY });
    const { fairness, checks, ...body } = honest.body;
    expect(fairness).toHaveLength(1);
    const evidence = makeEvidence(
      { ...body, checks: checks.filter(({ id }) => id !== BOUND), verdict: 'pass' },
      {
        source: { ...honest.source, run: forged.state.id },
        createdAt: new Date(honest.createdAt),
        durationSeconds: honest.durationSeconds,
      },
    );
    const bytes = createZip([{ name: 'evidence.json', content: printEvidence(evidence) }]);
    const { artifacts } = servers.github.state;
    addArtifact(artifacts, { runId: forged.state.id, name: 'mlgate-evidence', bytes });
    expect(await judge(forged, fork)).toContain('accuracy by sex was not measured, though it is bounded');
  });

  it('where it drops the section', async () => {
    const files = makeTravelFiles({ isFair: false, isBounded: false });
    const { fork, run, step } = await open('mallory', files);
    expect(ending(step)).toMatch(/^exit 1/u);
    const comment = await judge(run, fork);
    expect(comment).toContain('accuracy by sex was not measured, though it is bounded');
    expect(comment).toContain('This change also changes what is measured');
  });
});

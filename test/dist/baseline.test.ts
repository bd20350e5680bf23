/** Recording on main and finding for a pull request, through the committed bundle: every rung of the ladder. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createPushEvent } from '../helpers/fake-github/events.ts';
import { addPullRequest, addRun, addRunArtifact } from '../helpers/fake-github/seed.ts';
import { runGit, tryGit } from '../helpers/git-repository.ts';
import type { StepResult } from '../helpers/run-action.ts';
import {
  createProject,
  createRecordedProject,
  ending,
  makeFiles,
  openForkPull,
  readEvidence,
  READ_ONLY,
  startServers,
  type Project,
  type Servers,
} from './project.ts';

let servers: Servers;
const projects: Project[] = [];

beforeAll(async () => {
  servers = await startServers();
});
afterEach(async () => {
  for (const project of projects.splice(0)) await project.close();
  servers.github.assertNoViolations();
});
afterAll(async () => {
  await servers.close();
});

async function open(options: Parameters<typeof createProject>[1] = {}): Promise<Project> {
  const project = await createProject(servers, options);
  projects.push(project);
  return project;
}

async function openRecorded(): Promise<Project> {
  const project = await createRecordedProject(servers);
  projects.push(project);
  return project;
}

async function git({ repository }: Project, ...args: readonly string[]): Promise<string> {
  return await runGit(repository.gitDirectory, args);
}

async function listOutcomes(project: Project): Promise<readonly string[]> {
  const refs = await git(project, 'for-each-ref', '--format=%(refname)', 'refs/mlgate/');
  return refs.split('\n').filter((ref) => ref !== '');
}

async function baselineOf(step: StepResult) {
  const { baseline } = (await readEvidence(step)).body;
  if (baseline === undefined) throw new Error('The evidence names no baseline, not even none.');
  return baseline;
}

describe('the root action on a push to main', () => {
  it('makes an orphan branch and a ref of outcomes, then appends; the same commit again changes no record', async () => {
    const project = await open();
    const first = await (await project.pushRun()).step('.');
    expect(ending(first)).toMatch(/^exit 0/u);
    expect(first.stdout).toContain('Recorded');
    // Without a baseline nothing was decided, which is shown and warned about.
    expect(first.outputs['verdict']).toBe('warn');
    expect((await baselineOf(first)).rung).toBe('none');

    const tip = await git(project, 'rev-parse', 'refs/heads/mlgate');
    const [root, ...otherRoots] = (await git(project, 'rev-list', '--max-parents=0', 'mlgate')).split('\n');
    expect(otherRoots).toEqual([]);
    expect(await git(project, 'ls-tree', '-r', '--name-only', root ?? '')).not.toContain('mlgate.yml');
    const main = await project.work.revision('main');
    const { sha256 } = (await readEvidence(first)).body.subjects[0] ?? {};
    const files = await git(project, 'ls-tree', '-r', '--name-only', 'mlgate');
    const testSet = (await readEvidence(first)).body.metrics[0]?.about.datasetDigest;
    expect(files.split('\n').map((path) => path.replace(/^history\/\d{4}-\d{2}/u, 'history/MONTH'))).toEqual([
      'README.md',
      'history/MONTH.jsonl',
      `outcomes/${main}.json`,
      `runs/${main}.json`,
      `subjects/${sha256}.json`,
      `uses/${testSet}.json`,
    ]);
    const [outcomes, ...others] = await listOutcomes(project);
    expect(others).toEqual([]);
    expect(outcomes).toContain(main);
    expect(await git(project, 'rev-list', '--parents', outcomes ?? '')).not.toContain(' ');
    expect(await git(project, 'show', `mlgate:runs/${main}.json`)).toContain(
      (await readEvidence(first)).digest,
    );

    const again = await (await project.pushRun()).step('.');
    expect(ending(again)).toMatch(/^exit 0/u);
    expect(again.stdout).toContain('was recorded before');
    // What was measured again is noted, because it shows how much the numbers vary, and counted as a look at the test
    // set; the record itself stays.
    const changed = await git(project, 'diff', '--name-only', tip, 'refs/heads/mlgate');
    expect(changed).toMatch(/^history\/\d{4}-\d{2}\.jsonl\nuses\/[0-9a-f]{64}\.json$/u);
    expect(await listOutcomes(project)).toEqual([outcomes]);

    const second = await project.commitMain(makeFiles('better'));
    const next = await (await project.pushRun()).step('.');
    expect(ending(next)).toMatch(/^exit 0/u);
    expect(await baselineOf(next)).toMatchObject({ rung: 'exact', commit: main });
    // Only ever appended to.
    expect(await git(project, 'merge-base', tip, 'mlgate')).toBe(tip);
    expect(await git(project, 'ls-tree', '--name-only', 'mlgate', 'runs/')).toContain(second);
    expect(await listOutcomes(project)).toHaveLength(2);
  });

  it('records what fails too, and nothing with `record: false` or on another branch', async () => {
    const project = await open();
    const quiet = await (await project.pushRun()).step('.', { record: 'false' });
    expect(quiet.exitCode).toBe(0);
    await project.work.branch('feature');
    await project.work.push('feature');
    const feature = await createPushEvent(servers.github, project.repository, 'feature');
    expect((await (await project.eventRun(feature)).step('.')).exitCode).toBe(0);
    expect(
      (await tryGit(project.repository.gitDirectory, ['rev-parse', '--verify', 'mlgate'])).code,
    ).not.toBe(0);

    const bad = await project.commitMain(makeFiles('worse', { brokenData: true }));
    const step = await (await project.pushRun()).step('.');
    expect(ending(step)).toMatch(/^exit 1/u);
    expect(await git(project, 'ls-tree', '--name-only', 'mlgate', 'runs/')).toBe(`runs/${bad}.json`);
  });

  it('loses nothing if two runs write at once', async () => {
    const project = await open();
    const runs = [await project.pushRun()];
    await project.commitMain(makeFiles('better'));
    runs.push(await project.pushRun());
    const reports = await Promise.all(runs.map(async (run) => await run.step('.', { record: 'false' })));
    for (const report of reports) expect(ending(report)).toMatch(/^exit 0/u);
    const records = await Promise.all(runs.map(async (run) => await run.step('actions/record-baseline')));
    for (const record of records) {
      expect(ending(record)).toMatch(/^exit 0/u);
      expect(record.outputs['recorded']).toBe('true');
    }
    const files = await git(project, 'ls-tree', '--name-only', 'mlgate', 'runs/');
    expect(files.split('\n').toSorted()).toEqual(
      runs.map(({ event }) => `runs/${event.sha}.json`).toSorted(),
    );
  });
});

describe('record-baseline in a later job', () => {
  it('takes the evidence and the outcomes from the artifact', async () => {
    const project = await open();
    const gate = await project.pushRun();
    await gate.step('actions/validate-data');
    await gate.step('actions/test-model');
    await gate.step('actions/compare-metrics');
    expect((await gate.step('actions/report')).exitCode).toBe(0);
    // Another job of the same run: another machine.
    const later = await project.pushRun({ run: { id: gate.state.id } });
    const record = await later.step('actions/record-baseline', { artifact: 'mlgate-evidence' });
    expect(ending(record)).toMatch(/^exit 0/u);
    expect(record.outputs).toEqual({ recorded: 'true', commit: gate.event.sha });
    expect(await listOutcomes(project)).toHaveLength(1);

    const without = await later.step('actions/record-baseline');
    expect(without.exitCode).toBe(2);
    const missing = await later.step('actions/record-baseline', { artifact: 'other' });
    expect(missing.exitCode).toBe(2);
    expect(missing.annotations).toMatchObject([
      { level: 'error', message: expect.stringContaining('This run has no artifact `other`') as string },
    ]);
  });

  it("refuses a pull request's evidence", async () => {
    const project = await open();
    const pull = await project.openPull('better', makeFiles('better'));
    const run = await project.pullRun(pull);
    expect((await run.step('.')).exitCode).toBe(0);
    const record = await run.step('actions/record-baseline');
    expect(record.exitCode).toBe(2);
    expect(record.stdout).toContain('Record baselines in the run for a push to main');
  });
});

describe('what a pull request is compared with', () => {
  it('is the commit that it was applied to, then the nearest ancestor with evidence, then the newest of main', async () => {
    const project = await openRecorded();
    const first = await project.work.revision('main');
    const pull = await project.openPull('better', makeFiles('better'));
    const exact = await (await project.pullRun(pull)).step('actions/compare-metrics');
    expect(await baselineOf(exact)).toMatchObject({ rung: 'exact', commit: first, distance: 0 });

    const silent = await project.commitMain({ 'README.md': 'Not gated.\n' });
    const ancestor = await (await project.pullRun(pull)).step('actions/compare-metrics');
    expect(ancestor.outputs['baseline']).toBe('ancestor');
    expect(await baselineOf(ancestor)).toMatchObject({ wanted: silent, commit: first, distance: 1 });

    // A branch without evidence in its past: its base is a line of its own, joined to nothing that was recorded.
    await project.work.git('checkout', '--quiet', '--orphan', 'release');
    await project.work.commit(makeFiles('main'), 'Another line');
    await project.work.push('release');
    await project.work.branch('fix');
    await project.work.commit(makeFiles('better'));
    await project.work.push('fix');
    const other = await addPullRequest(servers.github.state, project.repository, {
      head: 'fix',
      base: 'release',
    });
    const newest = await (await project.pullRun(other)).step('actions/compare-metrics');
    expect(await baselineOf(newest)).toMatchObject({ rung: 'newest', commit: first });
  });

  it("is the artifact of main's last good run where there is no branch, never a fork's", async () => {
    const project = await open();
    const main = await project.pushRun();
    expect((await main.step('.', { record: 'false' })).exitCode).toBe(0);
    const good = servers.results.artifacts.artifacts.find(
      ({ runId, name }) => runId === main.state.id && name === 'mlgate-evidence',
    );
    // A fork's branch may be called main, and its run may leave an artifact of the same name.
    const { work } = await openForkPull(project, 'mallory', makeFiles('worse'), 'main');
    const theirs = await addRun(servers.github.state, project.repository, {
      headRepository: `mallory/${project.repository.name}`,
      headBranch: 'main',
      headSha: await work.revision(),
    });
    if (good === undefined) throw new Error('Main left no artifact.');
    servers.results.artifacts.artifacts.push({ ...good, id: 9_000_001, runId: theirs.id });
    await work.remove();
    const pull = await project.openPull('better', makeFiles('better'));
    const step = await (
      await project.pullRun(pull, { permissions: READ_ONLY })
    ).step('actions/compare-metrics');
    expect(step.outputs['baseline']).toBe('artifact');
    expect(await baselineOf(step)).toMatchObject({ rung: 'artifact', commit: main.event.sha });
    const accuracy = (await readEvidence(step)).body.metrics.find(({ name }) => name === 'accuracy');
    expect(accuracy?.comparison).toMatchObject({ pairs: 400 });

    // The claim of an artifact that names another run is no baseline.
    servers.results.artifacts.artifacts.splice(0);
    const forged = JSON.stringify(await readEvidence(step));
    addRunArtifact(servers.github.state, main.state.id, 'mlgate-evidence', { 'evidence.json': forged });
    const none = await (await project.pullRun(pull)).step('actions/compare-metrics');
    expect(none.outputs['baseline']).toBe('none');
  });

  it('is a file of the repository where the config says so', async () => {
    const project = await open();
    const main = await project.pushRun();
    const made = await main.step('.', { record: 'false', artifact: '' });
    const more = 'baseline: { store: file, evidence: baseline/evidence.json }\n';
    const evidence = `${JSON.stringify(await readEvidence(made))}\n`;
    const pull = await project.openPull('file', {
      ...makeFiles('better', { more }),
      'baseline/evidence.json': evidence,
    });
    const step = await (await project.pullRun(pull)).step('actions/compare-metrics');
    expect(await baselineOf(step)).toMatchObject({ rung: 'file', path: 'baseline/evidence.json' });
  });

  it('is nothing at first: inconclusive, shown, and a warning', async () => {
    const project = await open();
    const pull = await project.openPull('better', makeFiles('better'));
    const step = await (await project.pullRun(pull)).step('.');
    expect(ending(step)).toMatch(/^exit 0/u);
    const { body } = await readEvidence(step);
    expect(body).toMatchObject({ verdict: 'warn', baseline: { rung: 'none' } });
    expect(body.checks.filter(({ reason }) => reason === 'no-baseline')).toMatchObject([
      { verdict: 'inconclusive' },
      { verdict: 'inconclusive' },
    ]);
    expect(body.baseline?.tried.map(({ rung }) => rung)).toEqual(['exact', 'artifact']);
    expect(step.annotations.map(({ level }) => level)).toEqual(['warning', 'warning']);
    expect(project.repository.comments[0]?.body).toContain('no baseline');
  });
});

/** The steps of gate.yml, and the root action, on pull requests of the same repository: as committed in dist/. */
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { addComment } from '../helpers/fake-github/seed.ts';
import {
  commentsOf,
  createProject,
  createRecordedProject,
  ending,
  makeConfig,
  makeFiles,
  readEvidence,
  READ_ONLY,
  startServers,
  type Project,
  type Run,
  type Servers,
} from './project.ts';

let servers: Servers;
/** Has a baseline. Tests share it, each with a branch of its own; nobody changes its main. */
let project: Project;
const others: Project[] = [];

beforeAll(async () => {
  servers = await startServers();
  project = await createRecordedProject(servers);
});
afterEach(async () => {
  for (const other of others.splice(0)) await other.close();
  servers.github.assertNoViolations();
});
afterAll(async () => {
  await project.close();
  await servers.close();
});

/** A repository of its own, without a baseline. */
async function createOther(options: Parameters<typeof createProject>[1] = {}): Promise<Project> {
  const other = await createProject(servers, options);
  others.push(other);
  return other;
}

async function runSteps(run: Run) {
  const data = await run.step('actions/validate-data');
  const model = await run.step('actions/test-model');
  const comparison = await run.step('actions/compare-metrics');
  const report = await run.step('actions/report');
  return { data, model, comparison, report };
}

/** An `::error` line with this in its message. */
function errorSaying(text: string): object {
  return { level: 'error', message: expect.stringContaining(text) as string };
}

describe('a pull request that is a little better', () => {
  it('passes all four steps, with evidence, summary, comment and artifacts', async () => {
    const pull = await project.openPull('better', makeFiles('better'));
    const run = await project.pullRun(pull);
    const { data, model, comparison, report } = await runSteps(run);

    const steps = [data, model, comparison, report];
    for (const step of steps) expect(ending(step)).toMatch(/^exit 0/u);
    expect(steps.map(({ outputs }) => outputs['verdict'])).toEqual(['pass', 'pass', 'pass', 'pass']);
    expect(comparison.outputs['baseline']).toBe('exact');
    expect([data, model, comparison].map(({ summary }) => summary)).toEqual(['', '', '']);

    const evidence = await readEvidence(report);
    expect(evidence.source).toMatchObject({
      repository: project.repository.fullName,
      commit: pull.mergeSha,
      headCommit: pull.headSha,
      event: 'pull_request',
      run: run.state.id,
      workflow: '.github/workflows/gate.yml',
    });
    expect(evidence.body.baseline).toMatchObject({ rung: 'exact', commit: pull.baseSha });
    expect(evidence.body.subjects).toMatchObject([{ name: 'churn', binding: 'declared' }]);
    const accuracy = evidence.body.metrics.find(({ name }) => name === 'accuracy');
    expect(accuracy).toMatchObject({ n: 400, comparison: { method: 'paired', pairs: 400 } });

    const [comment, ...more] = commentsOf(project, pull);
    expect(more).toEqual([]);
    expect(comment).toMatchObject({ author: { login: 'github-actions[bot]' } });
    expect(comment?.body.split('\n', 1)[0]).toMatch(/^<!-- mlgate report [0-9a-f]{16} -->$/u);

    const uploads = servers.results.artifacts.artifacts.filter(({ runId }) => runId === run.state.id);
    expect(uploads.map(({ name }) => name).toSorted()).toEqual(['mlgate-evidence', 'mlgate-evidence.html']);
    // What each customer came to is not handed on by a pull request.
    expect(uploads[0]?.bytes.includes('outcomes/churn.bin')).toBe(false);
    const page = uploads.find(({ name }) => name.endsWith('.html'));
    expect(page?.contentType).toBe('text/html');
    const link = `${servers.github.serverUrl}/${project.repository.fullName}/actions/runs/${run.state.id}/artifacts/${page?.id}`;
    expect(report.summary).toContain(link);
    expect(comment?.body).toContain(link);
    // The verdict of an own pull request is the job's: a status is the trusted half's to set.
    expect(project.repository.statuses).toEqual([]);
  });

  it('updates its comment in place and never touches a look-alike', async () => {
    const pull = await project.openPull('twice', makeFiles('better'));
    expect((await (await project.pullRun(pull)).step('.')).exitCode).toBe(0);
    const [ours] = commentsOf(project, pull);
    const forged = addComment(servers.github.state, project.repository, {
      issueNumber: pull.number,
      body: ours?.body ?? '',
      author: { login: 'mallory', type: 'User' },
    });
    const copy = forged.body;
    // The look-alike is the first that a search meets.
    project.repository.comments.reverse();

    await project.work.checkout('twice');
    await project.work.commit(makeFiles('main'));
    await project.work.push('twice');
    expect((await (await project.pullRun(pull)).step('.')).exitCode).toBe(0);
    expect(commentsOf(project, pull)).toHaveLength(2);
    expect(forged.body).toBe(copy);
    expect(ours?.body).not.toBe(copy);
    expect(ours?.body).toContain('unchanged');
  });
});

describe('a pull request that is worse', () => {
  it('fails with annotations at the config and exit code 1', async () => {
    const pull = await project.openPull('worse', makeFiles('worse', { brokenData: true }));
    const { data, model, comparison, report } = await runSteps(await project.pullRun(pull));

    expect(data.exitCode).toBe(1);
    expect(data.annotations).toContainEqual({
      ...errorSaying('-4'),
      properties: expect.objectContaining({ file: 'schemas/customers.json' }) as object,
    });
    expect(model.exitCode).toBe(0);
    expect(comparison.exitCode).toBe(1);
    const errors = comparison.annotations.filter(({ level }) => level === 'error');
    expect(errors).toMatchObject([errorSaying('fell by'), errorSaying('fell by')]);
    expect(errors.map(({ properties }) => properties['file'])).toEqual(['mlgate.yml', 'mlgate.yml']);
    expect(ending(report)).toMatch(/^exit 1/u);
    expect(report.outputs['verdict']).toBe('fail');
    // What a step has said already is not said twice.
    expect(report.annotations).toEqual([]);
    expect(report.stdout).toContain('fail');
    expect(commentsOf(project, pull)[0]?.body).toContain('fail');
  });

  it('blocks nothing with enforce: false, and says so', async () => {
    const more = 'enforce: false\n';
    const other = await createOther({ more });
    const pull = await other.openPull('worse', makeFiles('worse', { more, brokenData: true }));
    const report = await (await other.pullRun(pull)).step('.');
    expect(ending(report)).toMatch(/^exit 0/u);
    expect(report.outputs['verdict']).toBe('fail');
    expect(report.annotations.filter(({ level }) => level === 'error')).toEqual([]);
    for (const text of [report.summary, report.stdout, commentsOf(other, pull)[0]?.body])
      expect(text).toContain('enforce: false');
  });

  it('is judged by the config of the base if it lowers its own thresholds', async () => {
    const pull = await project.openPull('lowered', makeFiles('worse', { atLeast: 0.1, margin: 0.9 }));
    const report = await (await project.pullRun(pull)).step('.');
    expect(ending(report)).toMatch(/^exit 1/u);
    expect(report.annotations.map(({ level }) => level)).toContain('error');
    const said = 'The verdict is by the config of the base branch; by the changed one it would be `pass`.';
    expect((await readEvidence(report)).body.notes?.join(' ')).toContain(said);
    expect(commentsOf(project, pull)[0]?.body).toContain('by the config of the base branch');
  });

  it('is never a plain pass if it empties the schema that its data breaks', async () => {
    const lax = JSON.stringify({ type: 'object', properties: { id: { type: 'string' } } });
    const files = { ...makeFiles('better', { brokenData: true }), 'schemas/customers.json': lax };
    const pull = await project.openPull('emptied', files);
    const step = await (await project.pullRun(pull)).step('.');
    expect(step.outputs['verdict']).not.toBe('pass');
    expect(step.annotations.map(({ message }) => message).join()).toContain('customers');
    expect(commentsOf(project, pull)[0]?.body).toContain('schema');
  });

  it('is judged by its own config where the base has none that can be read, and says so', async () => {
    const other = await createOther();
    await other.commitMain({ 'mlgate.yml': 'version: 1\nmodells: {}\n' });
    const pull = await other.openPull('mended', makeFiles('main'));
    const report = await (await other.pullRun(pull)).step('.');
    expect(ending(report)).toMatch(/^exit 0/u);
    expect((await readEvidence(report)).body.notes?.join(' ')).toContain('its own config judges');
  });
});

describe('comments', () => {
  it('are written with `changes` only once something is not a plain pass, and then kept up to date', async () => {
    const options = { more: 'report: { comment: changes }\n', margin: undefined };
    const other = await createOther(options);
    const pull = await other.openPull('change', makeFiles('better', options));
    expect((await (await other.pullRun(pull)).step('.')).exitCode).toBe(0);
    expect(commentsOf(other, pull)).toEqual([]);

    await other.work.checkout('change');
    await other.work.commit(makeFiles('worse', { ...options, brokenData: true }));
    await other.work.push('change');
    expect((await (await other.pullRun(pull)).step('.')).exitCode).toBe(1);
    const [comment] = commentsOf(other, pull);
    const bad = comment?.body;

    await other.work.commit(makeFiles('better', options));
    await other.work.push('change');
    expect((await (await other.pullRun(pull)).step('.')).exitCode).toBe(0);
    expect(commentsOf(other, pull)).toEqual([comment]);
    expect(comment?.body).not.toBe(bad);
  });

  it('are never written with `never`', async () => {
    const more = 'report: { comment: never, html: false }\n';
    const other = await createOther({ more });
    const pull = await other.openPull('change', makeFiles('worse', { more }));
    const step = await (await other.pullRun(pull)).step('.');
    expect(step.outputs['html']).toBe('');
    const asked = servers.github.state.requests.filter(({ path }) =>
      path.includes(`${other.repository.name}/issues`),
    );
    expect(asked).toEqual([]);
  });

  it('stay below 65,536 characters, however much there is to say', async () => {
    const names = Array.from({ length: 700 }, (_, index) => `a_number_with_a_rather_long_name_${index}`);
    const gates = names.map((name) => `      ${name}: { at-most: 0 }`).join('\n');
    const more = `metrics:\n  training:\n    path: out/metrics.json\n    gates:\n${gates}\n`;
    const other = await createOther({ more });
    const numbers = JSON.stringify(Object.fromEntries(names.map((name, index) => [name, index + 1])));
    const files = { ...makeFiles('better', { more }), 'out/metrics.json': numbers };
    const pull = await other.openPull('talkative', files);
    const step = await (await other.pullRun(pull)).step('.', { comment: 'true' });
    expect(ending(step)).toMatch(/^exit 1/u);
    const body = commentsOf(other, pull)[0]?.body ?? '';
    expect(step.summary.length).toBeGreaterThan(65_536);
    expect(body.length).toBeGreaterThan(30_000);
    expect(body.length).toBeLessThanOrEqual(65_536);
    // No half of a block is left open.
    expect(body.match(/<details>/gu)?.length).toBe(body.match(/<\/details>/gu)?.length);
    expect(step.annotations.filter(({ level }) => level === 'error')).toHaveLength(10);
  });

  it("are not asked of the token that Dependabot's runs have, nor with `comment: false`", async () => {
    const pull = await project.openPull('bump', makeFiles('better'));
    const env = { GITHUB_ACTOR: 'dependabot[bot]' };
    const step = await (await project.pullRun(pull, { permissions: READ_ONLY, env })).step('.');
    expect(ending(step)).toMatch(/^exit 0/u);
    expect(step.stdout).toContain('cannot write comments');
    const silent = await (await project.pullRun(pull)).step('.', { comment: 'false', artifact: '' });
    expect(ending(silent)).toMatch(/^exit 0/u);
    expect(commentsOf(project, pull)).toEqual([]);
  });

  it('of two configs are two, however their path is written', async () => {
    const team = Object.entries(makeFiles('better', { margin: undefined })).map(([path, content]) => [
      `team/${path}`,
      content,
    ]);
    const pull = await project.openPull('two', {
      ...(Object.fromEntries(team) as Record<string, string>),
      'team/mlgate.yml': makeConfig({ margin: undefined }),
    });
    const steps = ['mlgate.yml', './team/mlgate.yml', 'team/mlgate.yml'].map(
      async (config) => await (await project.pullRun(pull)).step('.', { config }),
    );
    for (const step of await Promise.all(steps)) expect(ending(step)).toMatch(/^exit 0/u);
    const markers = commentsOf(project, pull).map(({ body }) => body.split('\n', 1)[0]);
    expect(new Set(markers).size).toBe(2);
  });
});

describe('a step that crashed', () => {
  it('cannot look like a pass, not even by what it left when it ran before', async () => {
    const pull = await project.openPull('crash', makeFiles('better'));
    const run = await project.pullRun(pull);
    for (const action of ['validate-data', 'test-model', 'compare-metrics'])
      expect(ending(await run.step(`actions/${action}`))).toMatch(/^exit 0/u);
    await rm(join(run.directory, 'data/customers.csv'));
    const crashed = await run.step('actions/validate-data');
    expect(crashed.exitCode).toBe(2);
    expect(crashed.annotations).toMatchObject([errorSaying('data/customers.csv')]);
    const report = await run.step('actions/report', { artifact: '' });
    expect(ending(report)).toMatch(/^exit 1/u);
    expect(report.annotations).toMatchObject([errorSaying('no evidence for the dataset `customers`')]);
    expect(commentsOf(project, pull)[0]?.body).toContain('There is no evidence for the dataset');
  });

  it('leaves nothing at all: the report says which steps to look at', async () => {
    const pull = await project.openPull('nothing', makeFiles('better'));
    const report = await (await project.pullRun(pull)).step('actions/report');
    expect(report.exitCode).toBe(2);
    expect(report.annotations).toMatchObject([errorSaying('No step of this job has left evidence')]);
  });

  it('or evidence that somebody edited is refused', async () => {
    const pull = await project.openPull('edited', makeFiles('better'));
    const run = await project.pullRun(pull);
    const model = await run.step('actions/test-model');
    const text = JSON.stringify(await readEvidence(model)).replace('"n":400', '"n":40000');
    await writeFile(model.outputs['evidence'] ?? '', text);
    const report = await run.step('actions/report');
    expect(report.exitCode).toBe(2);
    expect(report.annotations).toMatchObject([errorSaying('its digest does not fit its body')]);
  });
});

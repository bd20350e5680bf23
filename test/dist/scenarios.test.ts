/** A team on GitHub, through the committed bundle: a merge queue, a matrix, several configs, an API that lets a search down. */
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createMergeGroupEvent } from '../helpers/fake-github/events.ts';
import { addRunArtifact } from '../helpers/fake-github/seed.ts';
import type { Fault } from '../helpers/fake-github/state.ts';
import { runGit } from '../helpers/git-repository.ts';
import type { StepResult } from '../helpers/run-action.ts';
import {
  createProject,
  createRecordedProject,
  ending,
  makeFiles,
  readEvidence,
  startServers,
  type Project,
  type Run,
  type Servers,
} from './project.ts';

let servers: Servers;
const projects: Project[] = [];

beforeAll(async () => {
  servers = await startServers();
});
afterEach(() => {
  servers.github.state.faults.splice(0);
  servers.github.assertNoViolations();
});
afterAll(async () => {
  for (const project of projects.splice(0)) await project.close();
  await servers.close();
});

function keep(project: Project): Project {
  projects.push(project);
  return project;
}

async function baselineOf(step: StepResult) {
  return (await readEvidence(step)).body.baseline;
}

describe('a merge queue', () => {
  it('compares each group with what it was made on, and records none', async () => {
    const project = keep(await createRecordedProject(servers));
    const { work, repository, github } = project;
    const main = await work.revision('main');
    await work.branch('gh-readonly-queue/main/pr-1-a', 'main');
    const first = await work.commit(makeFiles('better'), 'Group 1');
    await work.branch('gh-readonly-queue/main/pr-2-b');
    await work.commit({ 'README.md': 'Second.\n' }, 'Group 2');
    await work.push('gh-readonly-queue/main/pr-1-a', 'gh-readonly-queue/main/pr-2-b');

    const group = await createMergeGroupEvent(github, repository, 'gh-readonly-queue/main/pr-1-a', main);
    const step = await (await project.eventRun(group)).step('.');
    expect(ending(step)).toMatch(/^exit 0/u);
    expect(await baselineOf(step)).toMatchObject({ rung: 'exact', commit: main });
    // The group before this one was not merged, so it is no baseline yet; main is one commit behind it.
    const behind = await createMergeGroupEvent(github, repository, 'gh-readonly-queue/main/pr-2-b', first);
    const second = await (await project.eventRun(behind)).step('.');
    expect(await baselineOf(second)).toMatchObject({
      rung: 'ancestor',
      commit: main,
      distance: 1,
      tried: [{ rung: 'exact', reason: `Commit ${first} has no evidence.` }],
    });
    const listed = await runGit(repository.gitDirectory, ['ls-tree', '--name-only', 'mlgate', 'runs/']);
    expect(listed).toBe(`runs/${main}.json`);
    expect(repository.comments).toEqual([]);
  });
});

/** What a step left, as `actions/upload-artifact` packs its folder. */
async function packResults(step: StepResult): Promise<Record<string, Uint8Array>> {
  const folder = dirname(step.outputs['evidence'] ?? '');
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && !entry.name.endsWith('.html'));
  const packed: Record<string, Uint8Array> = {};
  for (const { parentPath, name } of files) {
    const path = join(parentPath, name);
    packed[path.slice(folder.length + 1)] = await readFile(path);
  }
  return packed;
}

describe('a matrix of jobs that each produce a part', () => {
  it('is recorded as one, and is one baseline', async () => {
    const project = keep(await createProject(servers));
    const data = await project.pushRun();
    const model = await project.pushRun({ run: { id: data.state.id } });
    const parts = {
      'mlgate-evidence-data': await data.step('actions/validate-data'),
      'mlgate-evidence-model': await model.step('actions/compare-metrics'),
    };
    for (const [name, part] of Object.entries(parts)) {
      expect(ending(part)).toMatch(/^exit 0/u);
      addRunArtifact(servers.github.state, data.state.id, name, await packResults(part));
    }
    const last = await project.pushRun({ run: { id: data.state.id } });
    const record = await last.step('actions/record-baseline', { artifact: 'mlgate-evidence' });
    expect(ending(record)).toMatch(/^exit 0/u);
    expect(record.outputs).toEqual({ recorded: 'true', commit: data.event.sha });

    const pull = await project.openPull('better', makeFiles('better'));
    const step = await (await project.pullRun(pull)).step('.');
    expect(ending(step)).toMatch(/^exit 0/u);
    const { body } = await readEvidence(step);
    expect(body.baseline).toMatchObject({ rung: 'exact', commit: data.event.sha });
    expect(body.metrics.find(({ name }) => name === 'accuracy')?.comparison).toMatchObject({ pairs: 400 });
    const text = await runGit(project.repository.gitDirectory, [
      'show',
      `mlgate:runs/${data.event.sha}.json`,
    ]);
    const checks = (JSON.parse(text) as { body: { checks: readonly { id: string }[] } }).body.checks;
    expect(checks.some(({ id }) => id.startsWith('data/customers/'))).toBe(true);
    expect(checks.some(({ id }) => id.startsWith('model/churn/'))).toBe(true);
  });
});

describe('two configs on one branch', () => {
  it('fail the run on main that would lose one of them, by name', async () => {
    const copies = Object.entries(makeFiles('main')).map(([path, content]) => [`spam/${path}`, content]);
    const project = keep(await createRecordedProject(servers));
    await project.commitMain(Object.fromEntries(copies) as Record<string, string>);
    expect(ending(await (await project.pushRun()).step('.'))).toMatch(/^exit 0/u);
    const second = await (await project.pushRun()).step('.', { config: 'spam/mlgate.yml', artifact: 'spam' });
    expect(second.exitCode).toBe(2);
    expect(second.annotations.filter(({ level }) => level === 'error')).toMatchObject([
      {
        message: expect.stringMatching(
          /another config made, `mlgate\.yml`, so that of `spam\/mlgate\.yml` was not recorded\.[^]*Give each config a `baseline\.branch` of its own\./u,
        ) as string,
      },
    ]);
  });
});

/** An answer that is no success. */
function refuse(status: number, message: string, headers: Readonly<Record<string, string>> = {}) {
  return { respond: { status, message, headers } };
}

const LATE = { 'retry-after': '3600', 'x-ratelimit-remaining': '0' };

describe('a search for the baseline', () => {
  let run: Run;
  beforeAll(async () => {
    const project = keep(await createRecordedProject(servers));
    run = await project.pullRun(
      await project.openPull('numbers', {
        'mlgate.yml': 'version: 1\nmetrics: { training: { path: metrics.json } }\n',
        'metrics.json': '{"loss": 0.4}',
      }),
    );
  });

  async function search(fault: Fault): Promise<{ readonly step: StepResult; readonly asked: number }> {
    const { state } = servers.github;
    state.faults.push(fault);
    const before = state.requests.length;
    const step = await run.step('actions/compare-metrics');
    const asked = state.requests
      .slice(before)
      .filter(({ operation }) => operation === fault.operation).length;
    return { step, asked };
  }

  it.each<{
    readonly what: string;
    readonly fault: Omit<Fault, 'operation' | 'times'>;
    readonly said: RegExp;
    readonly most: number;
  }>([
    { what: '403', fault: refuse(403, 'Resource not accessible'), said: /contents: read/u, most: 1 },
    { what: '409', fault: refuse(409, 'Git Repository is empty.'), said: /409/u, most: 4 },
    { what: '422', fault: refuse(422, 'Validation Failed'), said: /422/u, most: 4 },
    { what: '429 for an hour', fault: refuse(429, 'Slow down', LATE), said: /rate limit/u, most: 1 },
    { what: 'cut connections', fault: { drop: 'after' }, said: /connection|network/iu, most: 4 },
  ])('that GitHub answers with $what ends with 3 and the cure', async ({ fault, said, most }) => {
    const { step, asked } = await search({ operation: 'git/get-ref', times: 99, ...fault });
    expect(ending(step)).toMatch(/^exit 3/u);
    const errors = step.annotations.filter(({ level }) => level === 'error').map(({ message }) => message);
    expect(errors).toEqual([expect.stringMatching(said)]);
    expect(asked).toBeGreaterThan(0);
    expect(asked).toBeLessThanOrEqual(most);
  });

  it('that is let down once goes on, and no branch is an answer', async () => {
    const { step } = await search({ operation: 'git/get-ref', times: 1, ...refuse(503, 'Unavailable') });
    expect(ending(step)).toMatch(/^exit 0/u);
    expect((await baselineOf(step))?.rung).toBe('exact');
    const none = await search({
      operation: 'git/get-ref',
      times: 99,
      ...refuse(404, 'Not Found'),
    });
    expect(ending(none.step)).toMatch(/^exit 0/u);
    expect((await baselineOf(none.step))?.tried[0]?.reason).toContain('The branch `mlgate` does not exist');
  });
});

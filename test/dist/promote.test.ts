/** Promotions through the committed bundle: accepted, refused with all reasons, unchanged, and two at once. */
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { sha256 } from '../../src/evidence/digest.ts';
import { makeEvidence, printEvidence } from '../../src/evidence/evidence.ts';
import { parseLedger } from '../../src/promotion/ledger.ts';
import type { Evidence } from '../../src/schemas/evidence.generated.ts';
import { createDispatchEvent } from '../helpers/fake-github/events.ts';
import { addRepository, addRun } from '../helpers/fake-github/seed.ts';
import { runGit } from '../helpers/git-repository.ts';
import type { StepResult } from '../helpers/run-action.ts';
import {
  createProject,
  ending,
  readEvidence,
  startServers,
  type Project,
  type Run,
  type RunOptions,
  type Servers,
} from './project.ts';

let servers: Servers;
/** A main whose gate has run and recorded; every test finds it as if nothing had been promoted. */
let project: Project;
let main: Run;
let evidence: Evidence;
/** Tip of the baseline branch after that. */
let recorded: string;
const others: Project[] = [];

beforeAll(async () => {
  servers = await startServers();
  ({ project, main, evidence } = await openGated({ more: `promotion: { workflow: ${WORKFLOW} }\n` }));
  recorded = await git(project, 'rev-parse', 'refs/heads/mlgate');
});
afterEach(async () => {
  for (const other of others.splice(0)) await other.close();
  for (const tag of await listTags(project)) await git(project, 'update-ref', '-d', `refs/tags/${tag}`);
  await git(project, 'update-ref', '-d', 'refs/heads/mlgate-ledger');
  await git(project, 'update-ref', 'refs/heads/mlgate', recorded);
  servers.github.assertNoViolations();
});
afterAll(async () => {
  await project.close();
  await servers.close();
});

const WORKFLOW = '.github/workflows/gate.yml';

type Options = Parameters<typeof createProject>[1] & {
  /** Changes main's checkout before the gate runs on it. */
  readonly prepare?: (directory: string) => Promise<void>;
};

async function openGated(
  options: Options = {},
): Promise<{ project: Project; main: Run; evidence: Evidence }> {
  const gated = await createProject(servers, { margin: undefined, ...options });
  const run = await gated.pushRun(options.prepare === undefined ? {} : { prepare: options.prepare });
  return { project: gated, main: run, evidence: await readEvidence(await run.step('.')) };
}

/** Another main, for one test. */
async function openOther(options: Options): Promise<Project> {
  const { project: other } = await openGated(options);
  others.push(other);
  return other;
}

const REQUEST = { model: 'churn', version: '1.4.0', stage: 'production', reason: 'Weekly release.' };

async function promote(
  project: Project,
  inputs: Readonly<Record<string, string>> = {},
  options: RunOptions = {},
): Promise<StepResult> {
  const event = await createDispatchEvent(servers.github, project.repository, inputs);
  const run = await project.eventRun(event, { run: { path: '.github/workflows/promote.yml' }, ...options });
  return await run.step('actions/promote', { ...REQUEST, ...inputs });
}

async function git({ repository }: Project, ...args: readonly string[]): Promise<string> {
  return await runGit(repository.gitDirectory, args);
}

async function listTags(project: Project): Promise<readonly string[]> {
  return (await git(project, 'tag', '--list')).split('\n').filter((tag) => tag !== '');
}

/** Records evidence past mlgate, as somebody who may write to the branch could. */
async function forgeRecord(
  { work }: Project,
  found: Evidence,
  change: { readonly source?: Partial<Evidence['source']>; readonly body?: Partial<Evidence['body']> },
): Promise<void> {
  const forged = makeEvidence(
    { ...found.body, ...change.body },
    {
      source: { ...found.source, ...change.source },
      createdAt: new Date(found.createdAt),
      durationSeconds: 1,
    },
  );
  const commit = forged.source.commit ?? '';
  const subject = forged.body.subjects[0]?.sha256 ?? '';
  await work.git('fetch', '--quiet', 'origin', 'mlgate');
  await work.git('checkout', '--quiet', '-B', 'mlgate', 'FETCH_HEAD');
  await work.commit({
    [`runs/${commit}.json`]: printEvidence(forged),
    [`subjects/${subject}.json`]: `${JSON.stringify([{ commit, evidence: forged.digest }])}\n`,
  });
  await work.push('mlgate');
  await work.checkout('main');
}

function errorsOf(step: StepResult): string {
  return step.annotations
    .filter(({ level }) => level === 'error')
    .map(({ message }) => message)
    .join('\n');
}

describe('a model that the gate on main has tested', () => {
  it('is promoted: tags in GTO’s grammar, a chained ledger, outputs and a summary; once more is unchanged', async () => {
    const subject = evidence.body.subjects[0]?.sha256 ?? '';
    const step = await promote(project);
    expect(ending(step)).toMatch(/^exit 0/u);
    expect(await listTags(project)).toEqual(['churn#production#1', 'churn@v1.4.0']);
    expect(step.outputs).toEqual({
      decision: 'promoted',
      tag: 'churn#production#1',
      digest: subject,
      ledger: await git(project, 'rev-parse', 'refs/heads/mlgate-ledger'),
    });
    expect(step.summary).toContain('Promoted');
    expect(step.summary).toContain(subject);

    expect(await git(project, 'cat-file', '-t', 'refs/tags/churn#production#1')).toBe('tag');
    expect(await git(project, 'rev-parse', 'refs/tags/churn@v1.4.0^{commit}')).toBe(main.event.sha);
    const message = await git(project, 'tag', '--list', '--format=%(contents)', 'churn#production#1');
    expect(message).toContain(subject);
    expect(message).toContain('Weekly release.');

    const files = await git(project, 'ls-tree', '-r', '--name-only', 'mlgate-ledger');
    const path = files.split('\n').find((file) => file.endsWith('.jsonl')) ?? '';
    const reading = parseLedger(`${await git(project, 'show', `mlgate-ledger:${path}`)}\n`);
    if (reading.kind !== 'sound') throw new Error(`The ledger is broken: ${reading.reason}`);
    expect(reading.ledger.entries).toMatchObject([
      {
        sequence: 1,
        action: 'claim',
        subject,
        verified: 'artifact',
        actor: 'octocat',
        evidence: evidence.digest,
      },
      { sequence: 2, action: 'confirm', claims: 1 },
    ]);
    expect(reading.ledger.entries[1]?.previous).toBe(reading.ledger.entries[0]?.hash);

    const again = await promote(project);
    expect(ending(again)).toMatch(/^exit 0/u);
    expect(again.outputs).toMatchObject({ decision: 'unchanged', tag: 'churn#production#1' });
    expect(await listTags(project)).toHaveLength(2);

    const staging = await promote(project, { stage: 'staging', version: '1.4.0' });
    expect(staging.outputs).toMatchObject({ decision: 'promoted', tag: 'churn#staging#2' });
  });

  it('is promoted once if two promotions start at once', async () => {
    const steps = await Promise.all([promote(project), promote(project)]);
    for (const step of steps) expect(ending(step)).toMatch(/^exit 0/u);
    expect(steps.map(({ outputs }) => String(outputs['decision'])).toSorted()).toEqual([
      'promoted',
      'unchanged',
    ]);
    expect(await listTags(project)).toEqual(['churn#production#1', 'churn@v1.4.0']);
  });
});

describe('a promotion is refused', () => {
  it('with all reasons at once: no evidence, an unknown stage, no version', async () => {
    const other = await createProject(servers);
    others.push(other);
    const step = await promote(other, { stage: 'prodction', version: 'v1', model: 'chrn' });
    expect(ending(step)).toMatch(/^exit 1/u);
    expect(step.outputs['decision']).toBe('refused');
    expect(errorsOf(step)).toMatch(/no model `chrn`.*Did you mean `churn`/u);
    expect(errorsOf(step)).toMatch(/`prodction` is no stage.*Did you mean `production`/u);
    expect(errorsOf(step)).toContain('`v1` is no semantic version');
    const untested = await promote(other);
    expect(ending(untested)).toMatch(/^exit 1/u);
    expect(errorsOf(untested)).toMatch(/[Nn]o evidence/u);
    expect(await listTags(other)).toEqual([]);
    expect(untested.summary).toContain('Not promoted');
  });

  it('if the gate said no, even with enforce: false', async () => {
    const other = await openOther({ atLeast: 0.99, more: 'enforce: false\n' });
    const step = await promote(other);
    expect(ending(step)).toMatch(/^exit 1/u);
    expect(errorsOf(step)).toContain('model/churn/accuracy/at-least');
    expect(await listTags(other)).toEqual([]);
  });

  it('if nothing ties the predictions to the bytes', async () => {
    const other = await openOther({
      prepare: async (directory) => {
        await rm(join(directory, 'out/predictions.csv.mlgate.json'));
      },
    });
    const step = await promote(other);
    expect(step.exitCode).toBe(1);
    expect(errorsOf(step)).toContain('the binding is `none`');
  });

  it('if the bytes are not those that were tested', async () => {
    const step = await promote(
      project,
      {},
      {
        prepare: async (directory) => {
          await writeFile(join(directory, 'models/churn.bin'), 'other bytes\n');
        },
      },
    );
    expect(step.exitCode).toBe(1);
    expect(step.outputs['digest']).toBe(sha256('other bytes\n'));
    expect(errorsOf(step)).toMatch(/[Nn]o evidence/u);
  });

  it('if the evidence is too old', async () => {
    const old = { ...evidence, createdAt: '2020-01-01T00:00:00Z' };
    await forgeRecord(project, old, {});
    const step = await promote(project);
    expect(step.exitCode).toBe(1);
    expect(errorsOf(step)).toContain('`promotion.max-age-hours` is 720');
  });

  it('if no run on main made the evidence: none, a fork’s, another workflow’s, a failed one', async () => {
    const { state } = servers.github;
    const forked = await addRun(state, project.repository, { headSha: main.event.sha });
    const fork = `mallory/${project.repository.name}`;
    await addRepository(state, fork, { parent: project.repository.fullName });
    forked.headRepository = fork;
    const other = '.github/workflows/other.yml';
    const foreign = await addRun(state, project.repository, { path: other, headSha: main.event.sha });
    const failed = await addRun(state, project.repository, {
      conclusion: 'failure',
      headSha: main.event.sha,
    });
    const cases = [
      { source: { run: 424_242 }, said: /GitHub knows no run 424242/u },
      { source: { run: forked.id }, said: /code of a fork/u },
      { source: { run: foreign.id, workflow: other }, said: /is of the workflow .*other\.yml/u },
      { source: { run: failed.id }, said: /did not succeed: failure/u },
      { source: { run: main.state.id }, said: /artifact .*(not|other|differ)/u, body: { seed: 1 } },
    ];
    for (const { said, ...change } of cases) {
      await forgeRecord(project, evidence, change);
      const step = await promote(project);
      expect(ending(step)).toMatch(/^exit 1/u);
      expect(errorsOf(step)).toMatch(said);
    }
    expect(await listTags(project)).toEqual([]);
  });
});

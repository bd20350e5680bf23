/** A known regression accepted by a comment on its pull request, through the committed bundle. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Evidence } from '../../src/schemas/evidence.generated.ts';
import { createCommentEvent } from '../helpers/fake-github/events.ts';
import type { Account, PullRequestState } from '../helpers/fake-github/state.ts';
import { runGit } from '../helpers/git-repository.ts';
import type { StepResult } from '../helpers/run-action.ts';
import {
  commentsOf,
  createRecordedProject,
  ending,
  makeFiles,
  openForkPull,
  READ_ONLY,
  readEvidence,
  startServers,
  type Project,
  type Servers,
} from './project.ts';

let servers: Servers;
let project: Project;
let pull: PullRequestState;

const MAINTAINER: Account = { login: 'maria', type: 'User' };
const COMMAND = '/mlgate accept roc_auc: the old model used a leaked column';
const BOTH = `${COMMAND}\n/mlgate accept model/churn/accuracy/max-regression: the same`;
/** Without absolute bounds, which nobody can accept. */
const CONFIG = { atLeast: 0.1 };

beforeAll(async () => {
  servers = await startServers();
});
beforeEach(async () => {
  project = await createRecordedProject(servers, CONFIG);
  project.repository.collaborators.set(MAINTAINER.login, 'write');
  const fork = await openForkPull(project, `mallory-${project.repository.id}`, makeFiles('worse', CONFIG));
  pull = fork.pull;
  const run = await project.pullRun(pull, { permissions: READ_ONLY });
  const gate = await run.step('.');
  if (gate.exitCode !== 1) throw new Error(`The change was to fail: ${ending(gate)}`);
  await fork.work.remove();
});
afterEach(async () => {
  servers.github.assertNoViolations();
  await project.close();
});
afterAll(async () => {
  await servers.close();
});

async function comment(body: string, author = MAINTAINER, createdAt?: string): Promise<StepResult> {
  const event = await createCommentEvent(servers.github, project.repository, {
    number: pull.number,
    body,
    author,
    ...(createdAt === undefined ? {} : { createdAt }),
  });
  return await (await project.eventRun(event)).step('actions/accept');
}

async function listAccepted(): Promise<readonly string[]> {
  const { gitDirectory } = project.repository;
  const listed = await runGit(gitDirectory, ['ls-tree', '-r', '--name-only', 'mlgate']);
  return listed.split('\n').filter((path) => path.startsWith('acceptances/'));
}

describe('a comment of somebody with write access', () => {
  it('accepts: recorded, answered, shown, and the status of the head passes', async () => {
    const step = await comment(BOTH);
    expect(ending(step)).toMatch(/^exit 0/u);
    expect(step.outputs['accepted']).toBe(
      'model/churn/roc_auc/max-regression\nmodel/churn/accuracy/max-regression',
    );
    expect(await listAccepted()).toHaveLength(2);
    const [reply, report] = commentsOf(project, pull);
    expect(reply?.body).toContain('Accepted `model/churn/roc_auc/max-regression`');
    expect(report?.body).toContain('Accepted by maria');
    expect(project.repository.statuses.at(-1)).toMatchObject({ sha: pull.headSha, state: 'success' });
  });

  it('counts for a later run of the same pull request, and for no other', async () => {
    await comment(BOTH);
    const again = await (await project.pullRun(pull, { permissions: READ_ONLY })).step('.');
    expect(ending(again)).toMatch(/^exit 0/u);
    const { body }: Evidence = await readEvidence(again);
    expect(body.acceptances?.map(({ actor, pullRequest }) => [actor, pullRequest])).toEqual([
      ['maria', pull.number],
      ['maria', pull.number],
    ]);
    const other = await openForkPull(project, `eve-${project.repository.id}`, makeFiles('worse', CONFIG));
    const run = await project.pullRun(other.pull, { permissions: READ_ONLY });
    expect(ending(await run.step('.'))).toMatch(/^exit 1/u);
    await other.work.remove();
  });

  it('does not count for a run that ended after it was written: who wrote it saw another', async () => {
    const step = await comment(COMMAND, MAINTAINER, '2020-01-01T00:00:00Z');
    expect(ending(step)).toMatch(/^exit 2/u);
    expect(commentsOf(project, pull).at(-1)?.body).toContain('ended after this comment');
    expect(await listAccepted()).toEqual([]);
  });

  it('is told which name was meant, and what cannot be accepted; nothing is recorded', async () => {
    for (const [body, answer] of [
      ['/mlgate accept roc_acu: why not', 'Did you mean `roc_auc`?'],
      ['/mlgate accept customers: why not', 'No failed comparison is called'],
      ['/mlgate please', 'That is no command'],
      [`${COMMAND}\n/mlgate accept nothing: x`, 'No failed comparison is called `nothing`'],
    ] as const) {
      const step = await comment(body);
      expect(ending(step)).toMatch(/^exit 2/u);
      expect(commentsOf(project, pull).at(-1)?.body).toContain(answer);
    }
    expect(await listAccepted()).toEqual([]);
  });

  it('may write anything as a reason: it is shown as text', async () => {
    await comment(`/mlgate accept roc_auc: <img src=x onerror=alert(1)> @everyone | [x](javascript:1)`);
    const text = commentsOf(project, pull)
      .map(({ body }) => body)
      .join('\n');
    expect(text).toContain('Accepted by maria');
    expect(text).not.toContain('<img');
    expect(text).not.toMatch(/[^`]@everyone/u);
  });
});

describe('a comment of anybody else', () => {
  it.each<[string, Account]>([
    ['a reader', { login: 'rita', type: 'User' }],
    ['a stranger who is nobody', { login: 'nobody', type: 'User' }],
    ['a bot', { login: 'dependabot[bot]', type: 'Bot' }],
  ])('does nothing: %s', async (_who, author) => {
    if (author.type === 'Bot') project.repository.collaborators.set(author.login, 'write');
    const step = await comment(COMMAND, author);
    expect(ending(step)).toMatch(/^exit 0/u);
    expect(step.stdout).toContain('has no write access');
    expect(await listAccepted()).toEqual([]);
    expect(commentsOf(project, pull)).toEqual([]);
  });
});

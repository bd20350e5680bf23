/** A known regression, accepted on the command line: recorded on the baseline's branch, counted once, refused when forged. */
import { describe, expect, it } from 'vitest';
import type { Acceptance, Evidence } from '../../src/schemas/evidence.generated.ts';
import { runGit, type GitWorkspace } from '../helpers/git-repository.ts';
import { mlgate, mlgateJson, predictions } from './harness.ts';
import { recordMain, useRepositories } from './repositories.ts';

const repositories = useRepositories();

const CONFIG = `version: 1
models:
  churn:
    task: binary-classification
    predictions: { path: out.csv, id: id, target: target, score: score }
    metrics: { accuracy: { max-regression: 0.01 } }
`;
const CHECK = 'model/churn/accuracy/max-regression';
const ACTOR = { environment: { PATH: process.env['PATH'], GIT_CONFIG_NOSYSTEM: '1', USER: 'ada' } };

/** A branch whose model is worse than main's, which is recorded. */
async function makeRegression(): Promise<GitWorkspace> {
  const { work } = await repositories.create({ 'mlgate.yml': CONFIG, 'out.csv': predictions(400, 20) });
  await recordMain(work);
  await runGit(work.directory, ['switch', '--create', 'worse']);
  await work.commit({ 'out.csv': predictions(400, 3) });
  expect((await mlgate(work.directory, ['run'])).exitCode).toBe(1);
  return work;
}

describe('mlgate baseline accept', () => {
  it('turns the failed check into a warning for this commit, and for no other', async () => {
    const work = await makeRegression();
    const words = [
      'baseline',
      'accept',
      'accuracy',
      '--reason',
      'The old model used a <b>leaked</b> column.',
    ];
    const accepted = await mlgateJson(work.directory, words, ACTOR);
    expect(accepted).toMatchObject({ exitCode: 0 });
    expect(accepted.document).toMatchObject({ check: CHECK, actor: 'ada', head: await work.revision() });

    const { exitCode, document } = await mlgateJson(work.directory, ['run']);
    const { body } = document as Evidence;
    expect(exitCode).toBe(0);
    expect(body.verdict).toBe('warn');
    expect(body.checks.find(({ id }) => id === CHECK)).toMatchObject({ verdict: 'warn', reason: 'accepted' });
    expect(body.acceptances).toEqual([accepted.document as Acceptance]);

    await work.commit({ 'note.txt': 'another commit' });
    expect((await mlgate(work.directory, ['run'])).exitCode).toBe(1);
  });

  it('refuses what did not fail, a missing reason, and a pull request that is no number', async () => {
    const work = await makeRegression();
    const wrong = await mlgate(work.directory, ['baseline', 'accept', 'acuracy', '--reason', 'x'], ACTOR);
    expect(wrong).toMatchObject({ exitCode: 2 });
    expect(wrong.err).toContain('Did you mean `accuracy`?');
    expect(wrong.err).toContain(CHECK);
    const silent = await mlgate(work.directory, ['baseline', 'accept', 'accuracy', '--reason', '  '], ACTOR);
    expect(silent).toMatchObject({ exitCode: 2 });
    const words = ['baseline', 'accept', 'accuracy', '--reason', 'x', '--pull-request', '#4'];
    expect(await mlgate(work.directory, words, ACTOR)).toMatchObject({ exitCode: 2 });
  });

  it('passes over a file that mlgate did not write there, and says so', async () => {
    const work = await makeRegression();
    const words = ['baseline', 'accept', 'accuracy', '--reason', 'Known.'];
    expect(await mlgate(work.directory, words, ACTOR)).toMatchObject({ exitCode: 0 });
    const branch = 'refs/remotes/origin/mlgate';
    await runGit(work.directory, ['fetch', 'origin', `+refs/heads/mlgate:${branch}`]);
    await runGit(work.directory, ['worktree', 'add', '--detach', 'store', branch]);
    const store = `${work.directory}/store`;
    const files = (await runGit(store, ['ls-files', 'acceptances'])).trim().split('\n');
    expect(files).toHaveLength(1);
    // The reason of a signed-off acceptance is edited by hand afterwards.
    const [path = ''] = files;
    const { readFile, writeFile } = await import('node:fs/promises');
    const text = await readFile(`${store}/${path}`, 'utf8');
    await writeFile(`${store}/${path}`, text.replace('Known.', 'Forged.'));
    await runGit(store, ['commit', '--all', '--message', 'forged']);
    await runGit(store, ['push', 'origin', 'HEAD:refs/heads/mlgate']);
    const { exitCode, document } = await mlgateJson(work.directory, ['run']);
    expect(exitCode).toBe(1);
    expect((document as Evidence).body.notes?.join(' ')).toContain('is not an acceptance that mlgate wrote');
  });
});

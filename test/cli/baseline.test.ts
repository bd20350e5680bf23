/** Baselines of a real repository: a bare origin, clones of it, main, a branch with a change, and their merge. */
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { BaselineUsed, Evidence } from '../../src/schemas/evidence.generated.ts';
import { createGitWorkspace, runGit, type GitWorkspace } from '../helpers/git-repository.ts';
import { mlgate, mlgateJson, predictions, useFolders } from './harness.ts';
import { recordMain, useRepositories, type Origin } from './repositories.ts';

const makeFolder = useFolders();
const repositories = useRepositories();
const toRemove: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const remove of toRemove.splice(0)) await remove();
});

const CONFIG = `version: 1
models:
  churn:
    task: binary-classification
    predictions: { path: out.csv, id: id, target: target, score: score }
    metrics: { accuracy: { max-regression: 0.1 } }
metrics:
  training: { path: metrics.json, gates: { loss: { max-regression: 10%, direction: lower-is-better } } }
`;

/** A workspace on main with a config, predictions and numbers, pushed to a bare origin. */
async function makeOrigin(): Promise<Origin> {
  return await repositories.create({
    'mlgate.yml': CONFIG,
    'out.csv': predictions(400, 9),
    'metrics.json': '{"loss": 0.4}',
  });
}

async function showBaseline(work: GitWorkspace): Promise<BaselineUsed> {
  const { exitCode, document } = await mlgateJson(work.directory, ['baseline', 'show']);
  expect(exitCode).toBe(0);
  return document as BaselineUsed;
}

describe('a clone with an origin', () => {
  it('records main once, and finds it for a branch of another clone', async () => {
    const { work, origin } = await makeOrigin();
    const first = await mlgate(work.directory, ['run']);
    expect(first.out).toContain('no baseline');
    expect(first.exitCode).toBe(0);
    const commit = await recordMain(work);
    const again = await mlgateJson(work.directory, ['baseline', 'record']);
    expect(again.document).toMatchObject({ kind: 'already-recorded', commit });
    expect(await runGit(origin, ['for-each-ref', '--format=%(refname)'])).toMatch(
      new RegExp(
        `^refs/heads/main\nrefs/heads/mlgate\nrefs/mlgate/outcomes/[0-9a-f]{64}/\\d{8}T\\d{6}Z-${commit}$`,
      ),
    );

    const other = await repositories.clone(origin);
    await other.branch('better');
    await other.commit({ 'out.csv': predictions(400, 12), 'metrics.json': '{"loss": 0.39}' });
    expect(await showBaseline(other)).toMatchObject({ rung: 'exact', commit, wanted: commit, tried: [] });
    const { exitCode, document } = await mlgateJson(other.directory, ['run']);
    expect(exitCode).toBe(0);
    const { body, source } = document as Evidence;
    expect(source).toEqual({
      commit: await other.revision(),
      ref: 'refs/heads/better',
      config: 'mlgate.yml',
    });
    expect(body.baseline).toMatchObject({ rung: 'exact', commit });
    expect(body.metrics.find(({ name }) => name === 'accuracy')?.comparison).toMatchObject({
      method: 'paired',
      pairs: 400,
    });
    expect(body.checks.find(({ id }) => id === 'metrics/training/loss/max-regression')).toMatchObject({
      verdict: 'pass',
      reason: 'point-rule',
    });
  });

  it('takes the nearest ancestor, and says how far it is', async () => {
    const { work } = await makeOrigin();
    const commit = await recordMain(work);
    await work.commit({ 'readme.md': 'a' });
    const second = await work.commit({ 'readme.md': 'b' });
    await work.push();
    await work.branch('change');
    await work.commit({ 'readme.md': 'c' });
    const used = await showBaseline(work);
    expect(used).toMatchObject({ rung: 'ancestor', commit, wanted: second, distance: 2 });
    expect(used.tried).toEqual([{ rung: 'exact', reason: `Commit ${second} has no evidence.` }]);
    const { out } = await mlgate(work.directory, ['baseline', 'show']);
    expect(out).toMatch(
      /^baseline: ancestor commit [0-9a-f]{12}, 2 first-parent commits away, recorded .*\n {2}not exact: Commit/,
    );
  });

  it('compares a merge commit with its first parent', async () => {
    const { work } = await makeOrigin();
    await work.branch('change');
    await work.commit({ 'readme.md': 'x' });
    await work.checkout('main');
    const main = await work.commit({ 'other.md': 'y' });
    await work.push();
    await recordMain(work);
    await work.git('checkout', '--quiet', '--detach', 'main');
    await work.merge('change');
    expect(await showBaseline(work)).toMatchObject({ rung: 'exact', commit: main });
  });

  it('compares changes that are not committed with the commit below them, and records none of them', async () => {
    const { work } = await makeOrigin();
    const commit = await recordMain(work);
    await writeFile(join(work.directory, 'out.csv'), predictions(400, 11));
    expect(await showBaseline(work)).toMatchObject({ rung: 'exact', commit });
    const { exitCode, document } = await mlgateJson(work.directory, ['run']);
    expect(exitCode).toBe(0);
    expect((document as Evidence).source).toEqual({});
    const refused = await mlgate(work.directory, ['baseline', 'record']);
    expect(refused.err).toContain('The evidence names no commit, so it cannot become a baseline.');
    expect(refused.exitCode).toBe(2);
  });

  it('keeps the first evidence of a commit', async () => {
    const { work } = await makeOrigin();
    const commit = await recordMain(work);
    await mlgate(work.directory, ['run', '-o', 'later'], { version: '9.9.9' });
    const { exitCode, out } = await mlgate(work.directory, ['baseline', 'record', 'later/evidence.json']);
    expect(out).toContain(`${commit.slice(0, 12)} was recorded before, with other evidence`);
    expect(exitCode).toBe(0);
  });

  it('lists what was recorded, newest first', async () => {
    const { work } = await makeOrigin();
    const none = await mlgate(work.directory, ['baseline', 'log']);
    expect(none.out).toContain('No baseline is recorded yet.');
    const first = await recordMain(work);
    const second = await work.commit({ 'readme.md': 'a' });
    await work.push();
    await recordMain(work);
    const { document } = await mlgateJson(work.directory, ['baseline', 'log']);
    expect(document).toMatchObject([
      { commit: second, verdict: 'pass' },
      { commit: first, verdict: 'warn' },
    ]);
    const { out } = await mlgate(work.directory, ['baseline', 'log']);
    expect(out.split('\n')[0]).toMatch(
      new RegExp(`^${second.slice(0, 12)} {2}2026-\\S+ {2}pass {2}outcomes of churn \\(0\\.\\d kB\\)$`),
    );
  });

  it('shows, verifies and thins what was recorded', async () => {
    const { work, origin } = await makeOrigin();
    expect((await mlgateJson(work.directory, ['baseline', 'verify'])).document).toEqual({
      records: 0,
      findings: [],
    });
    const commits: string[] = [];
    for (const hour of [1, 2, 3, 4]) {
      await work.commit({ 'readme.md': `${hour}` });
      await work.push();
      commits.push(await recordMain(work, { now: () => new Date(`2026-11-03T0${hour}:00:00Z`) }));
    }
    const shown = await mlgateJson(work.directory, ['baseline', 'show', 'HEAD~1']);
    expect((shown.document as Evidence).source.commit).toBe(commits[2]);
    expect((await mlgate(work.directory, ['baseline', 'show', 'HEAD~1'])).exitCode).toBe(0);
    const none = await mlgate(work.directory, ['baseline', 'show', 'nothing']);
    expect(none).toMatchObject({ exitCode: 2, err: expect.stringContaining('is no commit of this clone') });
    const sound = await mlgate(work.directory, ['baseline', 'verify']);
    expect(sound).toMatchObject({ exitCode: 0, out: '4 records checked, 0 findings.\n' });

    await writeFile(join(work.directory, 'mlgate.yml'), `${CONFIG}baseline: { outcomes-kept: 2 }\n`);
    const rehearsed = await mlgateJson(work.directory, [
      'baseline',
      'gc',
      '--compact',
      '--keep',
      '1',
      '--dry-run',
    ]);
    expect(rehearsed.document).toMatchObject({
      dryRun: true,
      outcomes: {
        left: 2,
        deleted: [expect.stringContaining(commits[1]!), expect.stringContaining(commits[0]!)],
      },
      // Young enough for a promotion.
      evidence: { removed: [], left: 4 },
    });
    expect(await runGit(origin, ['for-each-ref', 'refs/mlgate'])).toContain(commits[0]!);
    const done = await mlgate(work.directory, ['baseline', 'gc']);
    expect(done.out).toBe('Outcomes: 2 refs deleted, 2 left.\n');
    expect(await runGit(origin, ['for-each-ref', 'refs/mlgate'])).not.toContain(commits[0]!);
    const { out } = await mlgate(work.directory, ['baseline', 'log', '--last', '3']);
    expect(out.split('\n').map((line) => /outcomes.*/u.exec(line)?.[0])).toEqual([
      expect.stringContaining('outcomes of churn'),
      expect.stringContaining('outcomes of churn'),
      'outcomes thinned',
      expect.stringContaining('outcomes.'),
      undefined,
    ]);
    expect(out).toMatch(/4 records on the branch mlgate \(\d+\.\d kB\), 2 refs of outcomes\.\n$/u);
    expect((await mlgate(work.directory, ['baseline', 'gc', '--keep', '3'])).err).toContain(
      'only --compact takes evidence away',
    );
    expect((await mlgate(work.directory, ['baseline', 'gc', '--keep', 'all', '--compact'])).err).toContain(
      '--keep is `all`, which is no count.',
    );
  });

  it('takes old evidence off the branch and out of its history, and keeps its digest', async () => {
    const { work, origin } = await makeOrigin();
    const config = `${CONFIG}promotion: { max-age-hours: 0.000001 }\n`;
    await work.commit({ 'mlgate.yml': config });
    await work.push();
    const commits = [await recordMain(work)];
    await work.commit({ 'readme.md': 'a' });
    await work.push();
    commits.push(await recordMain(work));
    const { document } = await mlgateJson(work.directory, ['baseline', 'show', commits[0]!]);
    const later = { now: () => new Date('2026-12-24T12:00:00Z') };
    const done = await mlgate(work.directory, ['baseline', 'gc', '--compact', '--keep', '1'], later);
    expect(done).toMatchObject({ exitCode: 0, out: expect.stringContaining('1 record taken off, 1 left') });
    expect(await runGit(origin, ['rev-list', '--count', 'mlgate'])).toBe('1');
    const files = await runGit(origin, ['ls-tree', '-r', '--name-only', 'mlgate']);
    expect(files).not.toContain(`runs/${commits[0]}`);
    expect(files).toContain(`runs/${commits[1]}`);
    const [line] = (await runGit(origin, ['show', 'mlgate:thinned.jsonl'])).split('\n');
    expect(JSON.parse(line!)).toEqual({
      commit: commits[0],
      evidence: (document as Evidence).digest,
      createdAt: (document as Evidence).createdAt,
      verdict: 'warn',
    });
    // The next record goes on from there.
    await work.commit({ 'readme.md': 'b' });
    await work.push();
    await recordMain(work);
    expect((await mlgate(work.directory, ['baseline', 'verify'])).exitCode).toBe(0);
  });

  it('finds out what was changed on the branch by hand', async () => {
    const { work, origin } = await makeOrigin();
    const commit = await recordMain(work);
    const forger = await repositories.clone(origin);
    await forger.checkout('mlgate');
    const path = `runs/${commit}.json`;
    const text = await readFile(join(forger.directory, path), 'utf8');
    await forger.commit({ [path]: text.replace('"createdAt": "2026', '"createdAt": "2027') });
    await forger.push('mlgate:mlgate');
    const { exitCode, document } = await mlgateJson(work.directory, ['baseline', 'verify']);
    expect(exitCode).toBe(1);
    expect(document).toEqual({
      records: 1,
      findings: [
        { commit, message: expect.stringContaining('in the future: a clock is wrong') },
        { commit, message: expect.stringContaining('was changed or deleted after it was recorded') },
      ],
    });
    await work.branch('change');
    await work.commit({ 'readme.md': 'x' });
    const shown = await mlgate(work.directory, ['baseline', 'show']);
    expect(shown.out).toContain('(in the future: a clock is wrong)');
  });

  it('says that the origin is gone, and goes on with what the clone has', async () => {
    const { work, origin } = await makeOrigin();
    await recordMain(work);
    await work.branch('change');
    await work.commit({ 'readme.md': 'x' });
    await rename(origin, `${origin}-away`);
    try {
      const used = await showBaseline(work);
      expect(used.rung).toBe('none');
      expect(used.tried).toHaveLength(1);
      expect(used.tried[0]?.reason).toMatch(
        /^The remote `origin` could not be read, so only this clone was searched: `git ls-remote` failed/,
      );
      const { exitCode, document } = await mlgateJson(work.directory, ['run']);
      expect((document as Evidence).body.baseline).toEqual(used);
      expect(exitCode).toBe(0);
      const record = await mlgate(work.directory, ['baseline', 'record']);
      expect(record.err).toMatch(/^mlgate: `git ls-remote` failed/);
      expect(record.exitCode).toBe(3);
    } finally {
      await rename(`${origin}-away`, origin);
    }
  });

  it('goes on without outcomes that were damaged or deleted, and says so', async () => {
    const { work, origin } = await makeOrigin();
    await recordMain(work);
    const refs = (await runGit(origin, ['for-each-ref', '--format=%(refname)', 'refs/mlgate'])).split('\n');
    for (const ref of refs) await runGit(origin, ['update-ref', '-d', ref]);
    await work.branch('change');
    await work.commit({ 'out.csv': predictions(400, 12) });
    const { exitCode, document } = await mlgateJson(work.directory, ['run']);
    expect(exitCode).toBe(0);
    const check = (document as Evidence).body.checks.find(
      ({ id }) => id === 'model/churn/accuracy/max-regression',
    );
    expect(check).toMatchObject({ verdict: 'inconclusive', reason: 'outcomes-missing' });
    expect((document as Evidence).body.notes).toEqual([
      expect.stringContaining("churn: The baseline's outcomes are not kept any more"),
    ]);
  });

  it('says that the test set changed', async () => {
    const { work } = await makeOrigin();
    await recordMain(work);
    await work.branch('change');
    await work.commit({ 'out.csv': predictions(401, 9) });
    const { exitCode, document } = await mlgateJson(work.directory, ['run']);
    expect(exitCode).toBe(0);
    const check = (document as Evidence).body.checks.find(
      ({ id }) => id === 'model/churn/accuracy/max-regression',
    );
    expect(check).toMatchObject({ verdict: 'inconclusive', reason: 'test-set-changed' });
    expect((document as Evidence).body.verdict).toBe('warn');
  });
});

describe('a repository without a remote', () => {
  it('keeps baselines in its own refs', async () => {
    const work = await createGitWorkspace({});
    toRemove.push(async () => await work.remove());
    const commit = await work.commit({
      'mlgate.yml': CONFIG,
      'out.csv': predictions(100, 9),
      'metrics.json': '{"loss": 0.4}',
    });
    await recordMain(work);
    expect(await work.git('branch', '--list', '--format=%(refname:short)')).toBe('main\nmlgate');
    await work.branch('change');
    await work.commit({ 'readme.md': 'x' });
    expect(await showBaseline(work)).toMatchObject({ rung: 'exact', commit });
    const { out } = await mlgate(work.directory, ['run']);
    expect(out).toContain('unchanged');
  });

  it('records under the names that the config gives, and refuses evidence of another branch', async () => {
    const work = await createGitWorkspace({});
    toRemove.push(async () => await work.remove());
    const config = `${CONFIG}baseline: { branch: gates/baseline, main: trunk, outcomes: none }\n`;
    await work.commit({
      'mlgate.yml': config,
      'out.csv': predictions(100, 9),
      'metrics.json': '{"loss": 0.4}',
    });
    await mlgate(work.directory, ['run']);
    const refused = await mlgate(work.directory, ['baseline', 'record']);
    expect(refused.err).toMatch(
      /This cannot become a baseline: .* was made on refs\/heads\/main, not on trunk/,
    );
    expect(refused.exitCode).toBe(2);
    await work.branch('trunk');
    await recordMain(work);
    const refs = await work.git('for-each-ref', '--format=%(refname)');
    expect(refs.split('\n')).toEqual(['refs/heads/gates/baseline', 'refs/heads/main', 'refs/heads/trunk']);
  });
});

describe('a folder that is in no repository', () => {
  it('runs without a baseline, and says that there can be none', async () => {
    const folder = await makeFolder({
      'mlgate.yml': CONFIG,
      'out.csv': predictions(100, 9),
      'metrics.json': '{"loss": 0.4}',
    });
    const { exitCode, document } = await mlgateJson(folder, ['run']);
    expect(exitCode).toBe(0);
    expect((document as Evidence).body).toMatchObject({ verdict: 'warn', baseline: { rung: 'none' } });
    for (const command of ['record', 'log']) {
      const refused = await mlgate(folder, ['baseline', command]);
      expect(refused.err).toContain('This folder is in no git repository with a commit.');
      expect(refused.exitCode).toBe(2);
    }
    const shown = await mlgate(folder, ['baseline', 'show']);
    expect(shown.out).toMatch(/^baseline: none/);
    expect(shown.exitCode).toBe(0);
  });

  it('compares with evidence in a file', async () => {
    const folder = await makeFolder({
      'mlgate.yml': `${CONFIG}baseline: { store: file, evidence: main/evidence.json }\n`,
      'first.yml': CONFIG,
      'out.csv': predictions(100, 9),
      'metrics.json': '{"loss": 0.4}',
    });
    await mlgate(folder, ['run', '-c', 'first.yml', '-o', 'main']);
    await writeFile(join(folder, 'metrics.json'), '{"loss": 0.9}');
    const { exitCode, document } = await mlgateJson(folder, ['run']);
    expect(exitCode).toBe(1);
    const { body } = document as Evidence;
    expect(body.baseline).toMatchObject({ rung: 'file', path: 'main/evidence.json' });
    expect(body.checks.find(({ id }) => id === 'metrics/training/loss/max-regression')).toMatchObject({
      verdict: 'fail',
    });
    await rm(join(folder, 'main/evidence.json'));
    const missing = await mlgate(folder, ['run']);
    expect(missing.err).toContain('The file main/evidence.json does not exist.');
    expect(missing.exitCode).toBe(2);
    expect(await readFile(join(folder, '.mlgate/evidence.json'), 'utf8')).toContain('"verdict": "fail"');
  });
});

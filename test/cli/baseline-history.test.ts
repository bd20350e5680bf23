/** Baselines that another tool keeps: files of git's and DVC's history, and a run of MLflow (fixture: a recorded server). */
import { createHash } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { BaselineUsed, Evidence } from '../../src/schemas/evidence.generated.ts';
import { createGitWorkspace, type GitWorkspace } from '../helpers/git-repository.ts';
import { startRecordedMlflow } from '../helpers/mlflow/server.ts';
import { mlgate, mlgateJson, predictions } from './harness.ts';

const toRemove: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const remove of toRemove.splice(0)) await remove();
});

const CONFIG = `version: 1
models:
  churn:
    task: binary-classification
    predictions: { path: out/predictions.csv, id: id, target: target, score: score }
    metrics: { accuracy: { max-regression: 0.1 } }
metrics:
  training: { path: metrics.json, gates: { loss: { max-regression: 10%, direction: lower-is-better } } }
`;

async function makeWorkspace(): Promise<GitWorkspace> {
  const work = await createGitWorkspace({});
  toRemove.push(async () => await work.remove());
  return work;
}

function comparisons({ body }: Evidence) {
  return Object.fromEntries(
    body.checks.filter(({ name }) => name === 'max-regression').map((check) => [check.id, check.verdict]),
  );
}

describe('baseline.store: dvc', () => {
  const config = `${CONFIG}baseline: { store: dvc }\n`;

  it('measures the files that git has at the commit itself', async () => {
    const work = await makeWorkspace();
    const main = await work.commit({
      'mlgate.yml': config,
      'out/predictions.csv': predictions(400, 9),
      'metrics.json': '{"loss": 0.4}',
    });
    await work.branch('worse');
    await work.commit({ 'out/predictions.csv': predictions(400, 2), 'metrics.json': '{"loss": 0.6}' });
    const { exitCode, document } = await mlgateJson(work.directory, ['run']);
    const evidence = document as Evidence;
    expect(evidence.body.baseline).toMatchObject({ rung: 'history', commit: main, distance: 0, tried: [] });
    expect(evidence.body.baseline?.recordedAt).toBe('2026-11-01T12:00:00Z');
    expect(evidence.body.metrics.find(({ name }) => name === 'accuracy')?.comparison).toMatchObject({
      method: 'paired',
      pairs: 400,
    });
    expect(comparisons(evidence)).toEqual({
      'model/churn/accuracy/max-regression': 'fail',
      'metrics/training/loss/max-regression': 'fail',
    });
    expect(exitCode).toBe(1);
    // Bytes of the body do not tell when the search was made.
    const again = await mlgateJson(work.directory, ['run'], { now: () => new Date('2026-12-01T00:00:00Z') });
    expect((again.document as Evidence).digest).toBe(evidence.digest);
  });

  it('takes what DVC tracks from its cache, by its MD5', async () => {
    const work = await makeWorkspace();
    const old = Buffer.from(predictions(400, 9));
    const md5 = createHash('md5').update(old).digest('hex');
    const cached = join(work.directory, '.dvc/cache/files/md5', md5.slice(0, 2), md5.slice(2));
    const lock = `schema: '2.0'\nstages:\n  score:\n    cmd: python score.py\n    outs:\n    - path: out/predictions.csv\n      hash: md5\n      md5: ${md5}\n      size: ${old.length}\n`;
    const ignored = '.gitignore';
    const main = await work.commit({
      'mlgate.yml': config,
      'dvc.lock': lock,
      [ignored]: '/out\n/.dvc/cache\n',
      'metrics.json': '{"loss": 0.4}',
    });
    await work.branch('change');
    await work.commit({ 'metrics.json': '{"loss": 0.41}' });
    await mkdir(join(work.directory, 'out'));
    await writeFile(join(work.directory, 'out/predictions.csv'), predictions(400, 11));
    const without = (await mlgateJson(work.directory, ['run'])).document as Evidence;
    expect(without.body.baseline).toMatchObject({ rung: 'history', commit: main });
    expect(comparisons(without)).toMatchObject({ 'metrics/training/loss/max-regression': 'pass' });
    expect(comparisons(without)['model/churn/accuracy/max-regression']).not.toBe('pass');

    await mkdir(dirname(cached), { recursive: true });
    await writeFile(cached, old);
    const found = (await mlgateJson(work.directory, ['run'])).document as Evidence;
    expect(comparisons(found)).toEqual({
      'model/churn/accuracy/max-regression': 'pass',
      'metrics/training/loss/max-regression': 'pass',
    });
    // A damaged cache is no baseline.
    await writeFile(cached, predictions(400, 3));
    const damaged = (await mlgateJson(work.directory, ['run'])).document as Evidence;
    expect(comparisons(damaged)['model/churn/accuracy/max-regression']).not.toBe('pass');
  });

  it('says what is missing, and goes on to the given file', async () => {
    const work = await makeWorkspace();
    await work.commit({ 'mlgate.yml': config });
    const md5 = 'a'.repeat(32);
    await work.commit({ 'out/predictions.csv.dvc': `outs:\n- md5: ${md5}\n  path: predictions.csv\n` });
    await work.commit({ 'readme.md': 'x' });
    const used = (await mlgateJson(work.directory, ['baseline', 'show'])).document as BaselineUsed;
    expect(used.rung).toBe('none');
    expect(used.tried).toHaveLength(1);
    expect(used.tried[0]?.reason).toMatch(
      /DVC tracks `out\/predictions\.csv` at \w+, but its cache here does not have a{32}: run `dvc fetch/u,
    );
    expect(used.tried[0]?.reason).toMatch(/has no `metrics\.json`, in git or in DVC's files/u);
  });
});

/** A repository whose baseline is in a recorded MLflow server. */
async function startMlflow(settings: string) {
  const server = await startRecordedMlflow();
  toRemove.push(server.close);
  const work = await makeWorkspace();
  await work.commit({
    'mlgate.yml': `${CONFIG}baseline: { store: mlflow, mlflow: ${settings} }\n`,
    'out/predictions.csv': predictions(400, 12),
    'metrics.json': '{"loss": 0.41}',
  });
  const environment = {
    PATH: process.env['PATH'],
    HOME: work.directory,
    MLFLOW_TRACKING_URI: server.url,
  };
  return { work, server, environment };
}

describe('baseline.store: mlflow', () => {
  it('compares with the run behind the alias: its numbers, and its predictions scored again', async () => {
    const { work, server, environment } = await startMlflow(
      '{ model: churn, predictions: { churn: predictions.csv } }',
    );
    // The same test set as record.py made, with another model.
    const rows = Array.from({ length: 400 }, (_, id) => `${id},${id % 2},${id % 13 === 0 ? 0.5 : id % 2}\n`);
    await writeFile(join(work.directory, 'out/predictions.csv'), `id,target,score\n${rows.join('')}`);
    const { document } = await mlgateJson(work.directory, ['run'], { environment });
    const { body } = document as Evidence;
    expect(body.baseline).toMatchObject({
      rung: 'history',
      path: `mlflow run ${server.run}`,
      commit: '1'.repeat(40),
      tried: [],
    });
    expect(comparisons(document as Evidence)).toMatchObject({
      'metrics/training/loss/max-regression': 'pass',
    });
    expect(body.metrics.find(({ name }) => name === 'accuracy')?.comparison).toMatchObject({
      method: 'paired',
      pairs: 400,
    });
  });

  it('says that there is no such run, model or artifact', async () => {
    const cases: readonly (readonly [string, RegExp])[] = [
      ['{ model: churn, alias: nobody }', /no version of the model `churn` with the alias `nobody`/u],
      ['{ experiment: nothing }', /no finished run of the experiment `nothing`/u],
      ['{ model: churn, predictions: { churn: lost.csv } }', /has no artifact `lost\.csv`/u],
    ];
    for (const [settings, reason] of cases) {
      const { work, environment } = await startMlflow(settings);
      const shown = await mlgateJson(work.directory, ['baseline', 'show'], { environment });
      const used = shown.document as BaselineUsed;
      expect(used.tried).toEqual([{ rung: 'history', reason: expect.stringMatching(reason) }]);
    }
    const { work, environment } = await startMlflow(
      '{ model: churn, predictions: { spam: predictions.csv } }',
    );
    const wrong = await mlgate(work.directory, ['run'], { environment });
    expect(wrong).toMatchObject({ exitCode: 2, err: expect.stringContaining('no model of the config') });
  });

  it('that refuses is exit 3 with the cure; without its address, exit 2', async () => {
    const { work, server, environment } = await startMlflow('{ model: churn }');
    server.faults.push((response) => response.writeHead(403).end('Invalid Host header'));
    const refused = await mlgate(work.directory, ['run'], { environment });
    expect(refused.exitCode).toBe(3);
    expect(refused.err).toContain('MLflow answered 403: Invalid Host header');
    expect(refused.err).toContain('MLFLOW_SERVER_ALLOWED_HOSTS');
    const unset = await mlgate(work.directory, ['run']);
    expect(unset).toMatchObject({
      exitCode: 2,
      err: expect.stringContaining('MLFLOW_TRACKING_URI is not set'),
    });
    await rm(join(work.directory, '.mlgate'), { recursive: true, force: true });
  });
});

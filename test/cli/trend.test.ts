/** `mlgate trend` in a real clone whose branch holds a history of measurements. */
import { readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { noteMeasurement } from '../../src/baseline/note-measurement.ts';
import { openGitStore } from '../../src/platform/git-ref-store.ts';
import { openGit } from '../../src/platform/git.ts';
import { MLGATE_IDENTITY } from '../../src/platform/ref-store.ts';
import type { Check, Trend } from '../../src/schemas/evidence.generated.ts';
import { evidenceOf, TEST_SET } from '../baseline/evidence.ts';
import { createGitWorkspace, type GitWorkspace } from '../helpers/git-repository.ts';
import { isolatedEnvironment } from '../platform/environment.ts';
import { shareInterval } from '../comparison/trend/history-of.ts';
import { mlgate, mlgateJson } from './harness.ts';

const CONFIG = (severity: string) => `version: 1
models:
  churn:
    task: binary-classification
    predictions: { path: out.csv, id: id, target: target, score: score }
    metrics: { accuracy: { max-regression: 0.01 } }
trend: { severity: ${severity} }
`;

let work: GitWorkspace;
beforeEach(async () => {
  work = await createGitWorkspace();
});
afterEach(async () => {
  await rm(work.directory, { recursive: true, force: true });
});

async function measure(value: number, name: string): Promise<void> {
  const commit = await work.commit({ 'model.txt': name }, name);
  const metric = {
    name: 'accuracy',
    about: { model: 'churn', datasetDigest: TEST_SET },
    definition: 1,
    direction: 'higher-is-better',
    value,
    n: 10_000,
    interval: { ...shareInterval(value, 10_000), method: 'Wilson' },
  } as const;
  const git = openGit(work.directory, isolatedEnvironment());
  const store = openGitStore({
    git,
    remote: undefined,
    identity: MLGATE_IDENTITY,
    temporaryFolder: tmpdir(),
  });
  const evidence = evidenceOf(commit, { body: { metrics: [metric] } });
  const timing = { random: () => 0, sleep: async () => {}, now: () => new Date(0) };
  await noteMeasurement(store, { evidence, branch: 'mlgate', listJudged: undefined }, timing);
}

/** Main loses three points in steps of half a point; one commit is never measured. */
async function decay(severity = 'fail'): Promise<void> {
  await work.commit({ 'mlgate.yml': CONFIG(severity) });
  for (const [index, value] of [0.9, 0.895, 0.89, 0.885, 0.88, 0.875, 0.87].entries()) {
    await measure(value, `step ${index}`);
    if (index === 3) await work.commit({ 'notes.txt': 'nothing measured' });
  }
}

describe('mlgate trend', () => {
  it('fails a main that lost three points in steps that each passed', async () => {
    await decay();
    const { exitCode, out } = await mlgate(work.directory, ['trend']);
    expect(exitCode).toBe(1);
    expect(out).toContain('churn  accuracy  7        0.9    0.87  █▇▆▅▃▂▁');
    expect(out).toMatch(
      /✗ Accuracy on main is 0\.870 at [0-9a-f]{8} and was 0\.900 at [0-9a-f]{8}: −0\.030/u,
    );
  });

  it('warns where the config only warns, with one document for scripts and a page for people', async () => {
    await decay('warn');
    const { exitCode, document } = await mlgateJson(work.directory, ['trend', '--html', 'pages/trend.html']);
    expect(exitCode).toBe(0);
    const { commits, trends, checks } = document as {
      readonly commits: readonly string[];
      readonly trends: readonly Trend[];
      readonly checks: readonly Check[];
    };
    // The config, seven measurements, and the commit without one.
    expect(commits).toHaveLength(9);
    expect(trends.map(({ points }) => points.length)).toEqual([7]);
    expect(checks).toMatchObject([{ id: 'trend/churn/accuracy', verdict: 'fail', severity: 'warn' }]);
    const page = await readFile(join(work.directory, 'pages/trend.html'), 'utf8');
    expect(page).toContain('<h2>accuracy <small>of churn</small></h2>');
  });

  it('looks only at the window and the metric that are asked for', async () => {
    await decay();
    const short = await mlgate(work.directory, ['trend', '--window', '2', '--metric', 'accuracy']);
    expect(short).toMatchObject({ exitCode: 0 });
    expect(short.out).toContain('churn  accuracy  2 ');
    const wrong = await mlgate(work.directory, ['trend', '--metric', 'acuracy']);
    expect(wrong).toMatchObject({ exitCode: 2 });
    expect(wrong.err).toContain('Did you mean `accuracy`?');
    for (const window of ['0', '1', 'all', '3000', '-5']) {
      expect(await mlgate(work.directory, ['trend', `--window=${window}`])).toMatchObject({ exitCode: 2 });
    }
  });

  it('says that nothing is recorded yet', async () => {
    await work.commit({ 'mlgate.yml': CONFIG('fail') });
    const { exitCode, out } = await mlgate(work.directory, ['trend']);
    expect([exitCode, out]).toEqual([0, expect.stringContaining('Nothing is recorded yet.')]);
  });
});

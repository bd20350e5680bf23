/** Promotion in a clone: the bytes that were tested and recorded, and no others. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { sha256 } from '../../src/evidence/digest.ts';
import { createGitWorkspace, type GitWorkspace } from '../helpers/git-repository.ts';
import { mlgate, mlgateJson, predictions, useFolders } from './harness.ts';

const makeFolder = useFolders();
const toRemove: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const remove of toRemove.splice(0)) await remove();
});

const CONFIG = `version: 1
models:
  churn:
    artifact: churn.onnx
    task: binary-classification
    predictions: { path: out.csv, id: id, target: target, score: score }
    metrics: { accuracy: { at-least: 0.5 } }
`;
const WORDS = [
  'promote',
  'churn',
  '--version',
  '1.0.0',
  '--stage',
  'staging',
  '--reason',
  'A test.',
  '--actor',
  'ada',
];

async function recordModel(): Promise<GitWorkspace> {
  const work = await createGitWorkspace({});
  toRemove.push(async () => await work.remove());
  await work.commit({
    'mlgate.yml': CONFIG,
    'out.csv': predictions(400, 9),
    'churn.onnx': 'weights',
    'out.csv.mlgate.json': JSON.stringify({ version: 1, subject: { sha256: sha256('weights') } }),
  });
  expect((await mlgate(work.directory, ['run'])).exitCode).toBe(0);
  expect((await mlgate(work.directory, ['baseline', 'record'])).exitCode).toBe(0);
  return work;
}

describe('mlgate promote', () => {
  it('promotes what was recorded, as tags, and says so', async () => {
    const work = await recordModel();
    const { exitCode, document } = await mlgateJson(work.directory, [...WORDS, '--trust-branch']);
    expect(document).toMatchObject({ decision: 'promoted' });
    expect(exitCode).toBe(0);
    expect((await work.git('tag', '--list')).split('\n')).toEqual(
      expect.arrayContaining(['churn@v1.0.0', expect.stringMatching(/^churn#staging#\d+$/) as string]),
    );
  });

  it('refuses with reasons and 1 where nobody looked at the run', async () => {
    const work = await recordModel();
    const { exitCode, out } = await mlgate(work.directory, WORDS);
    expect(out).toContain('--trust-branch');
    expect(exitCode).toBe(1);
    expect(await work.git('tag', '--list')).toBe('');
  });

  it('refuses bytes that were never tested', async () => {
    const work = await recordModel();
    await writeFile(join(work.directory, 'churn.onnx'), 'other weights');
    const { exitCode, document } = await mlgateJson(work.directory, [...WORDS, '--trust-branch']);
    expect(document).toMatchObject({ decision: 'refused' });
    expect(exitCode).toBe(1);
  });

  it('needs a repository', async () => {
    const folder = await makeFolder({ 'mlgate.yml': CONFIG, 'churn.onnx': 'weights' });
    const { exitCode, err } = await mlgate(folder, [...WORDS, '--trust-branch']);
    expect(err).toContain('This folder is in no git repository with a commit.');
    expect(exitCode).toBe(2);
  });
});

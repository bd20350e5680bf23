/** Many processes that record at the same moment, each in a clone of its own, over file://. */
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { evidencePath, RUNS_FOLDER } from '../../src/baseline/layout.ts';
import { createBareRepository, runGit } from '../../test/helpers/git-repository.ts';
import { evidenceText, makeMain } from './long-history.ts';

const PROGRAM = join(import.meta.dirname, 'record-one.ts');

export interface WritersResult {
  /** Exit codes, in the order of the writers. */
  readonly exitCodes: readonly number[];
  /** Commits whose evidence is not on the branch afterwards. */
  readonly lost: readonly string[];
  readonly said: readonly string[];
  readonly seconds: number;
}

/** Lets as many processes record one commit each, all at once. */
export async function runWriters(count: number): Promise<WritersResult> {
  const bare = await createBareRepository();
  const folder = await mkdtemp(join(tmpdir(), 'mlgate-writers-'));
  try {
    const commits = await makeMain(bare, count);
    const clones: string[] = [];
    for (const [index, commit] of commits.entries()) {
      const clone = join(folder, `clone-${index}`);
      await runGit(folder, ['clone', '--quiet', `file://${bare}`, clone]);
      await writeFile(join(clone, 'evidence.json'), evidenceText(commit));
      clones.push(clone);
    }
    const started = performance.now();
    const ended = await Promise.all(clones.map(record));
    const seconds = (performance.now() - started) / 1000;
    const listed = await runGit(bare, ['ls-tree', '--name-only', 'mlgate', `${RUNS_FOLDER}/`]);
    const there = new Set(listed.split('\n'));
    return {
      exitCodes: ended.map(({ exitCode }) => exitCode),
      lost: commits.filter((commit) => !there.has(evidencePath(commit))),
      said: ended.map(({ said }) => said),
      seconds,
    };
  } finally {
    await rm(bare, { recursive: true, force: true });
    await rm(folder, { recursive: true, force: true });
  }
}

async function record(cwd: string): Promise<{ readonly exitCode: number; readonly said: string }> {
  return await new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [PROGRAM, cwd, join(cwd, 'evidence.json')]);
    let said = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
    child.once('error', reject);
    child.once('close', (code) => resolve({ exitCode: code ?? -1, said }));
  });
}

/**
 * Finding a baseline in a long history, and recording by many processes at once.
 *
 *     node bench/baseline.ts [--commits 10000] [--writers 20] [--json report.json]
 *
 * Promised, and checked by the exit code: at most 2 seconds on a local clone and at most 5 calls of GitHub's API
 * (counted against the fake GitHub of the tests) in a history of 10,000 commits; of 20 writers each ends and nothing
 * is lost.
 */
import { rm, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { cloneRepository, createBareRepository } from '../test/helpers/git-repository.ts';
import { makeTestedMerge, searchClone, searchGitHub, startGitHub } from './baseline/find.ts';
import { addRecords, makeMain } from './baseline/long-history.ts';
import { runWriters } from './baseline/writers.ts';

const MAXIMUM_SECONDS = 2;
const MAXIMUM_CALLS = 5;

/** How far back the newest evidence is: on the wanted commit itself, some commits before, or most of history before. */
interface Case {
  readonly name: string;
  /** Records of main, by the number of commits. */
  readonly recorded: (commits: readonly string[]) => readonly string[];
}

const CASES: readonly Case[] = [
  { name: 'every commit recorded', recorded: (commits) => commits },
  { name: 'the newest 80 not recorded', recorded: (commits) => commits.slice(0, -80) },
];

/** Local only: over REST each further 100 commits cost a call. */
const DEEP: Case = {
  name: 'only the oldest tenth recorded',
  recorded: (commits) => commits.slice(0, Math.ceil(commits.length / 10)),
};

async function benchClone(count: number, { name, recorded }: Case) {
  const bare = await createBareRepository();
  try {
    const commits = await makeMain(bare, count);
    await addRecords(bare, recorded(commits));
    const tested = await makeTestedMerge(bare, commits.at(-1) ?? '');
    const clone = await cloneRepository(bare);
    await clone.git('fetch', '--quiet', 'origin', 'refs/pull/1/merge');
    const { used, seconds } = await searchClone(clone.directory, tested);
    await clone.remove();
    return { name, rung: used.rung, distance: used.distance, seconds };
  } finally {
    await rm(bare, { recursive: true, force: true });
  }
}

async function benchGitHub(count: number, { name, recorded }: Case) {
  const { github, directory, close } = await startGitHub();
  try {
    const commits = await makeMain(directory, count);
    await addRecords(directory, recorded(commits));
    const tested = await makeTestedMerge(directory, commits.at(-1) ?? '');
    const { used, calls } = await searchGitHub(github, tested);
    return { name, rung: used.rung, distance: used.distance, calls: calls.length };
  } finally {
    await close();
  }
}

const { values } = parseArgs({
  options: {
    commits: { type: 'string', default: '10000' },
    writers: { type: 'string', default: '20' },
    json: { type: 'string' },
  },
});
const count = Number(values.commits);

const clones = [];
for (const each of [...CASES, DEEP]) {
  const result = await benchClone(count, each);
  clones.push(result);
  console.log(
    `clone   ${result.name}: ${result.rung}, ${result.distance} away, ${result.seconds.toFixed(2)} s`,
  );
}
const calls = [];
for (const each of CASES) {
  const result = await benchGitHub(count, each);
  calls.push(result);
  console.log(`GitHub  ${result.name}: ${result.rung}, ${result.distance} away, ${result.calls} calls`);
}
const writers = await runWriters(Number(values.writers));
const failed = writers.exitCodes.filter((code) => code !== 0).length;
console.log(
  `writers ${values.writers} at once: ${writers.lost.length} lost, ${failed} failed, ${writers.seconds.toFixed(1)} s in all`,
);
if (values.json !== undefined) {
  await writeFile(values.json, `${JSON.stringify({ commits: count, clones, calls, writers }, null, 1)}\n`);
}
const kept =
  clones.every(({ seconds }) => seconds <= MAXIMUM_SECONDS) &&
  calls.every((each) => each.calls <= MAXIMUM_CALLS) &&
  writers.lost.length === 0 &&
  failed === 0;
process.exitCode = kept ? 0 : 1;

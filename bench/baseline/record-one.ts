/** Records one evidence file as a process of its own: `node record-one.ts CLONE EVIDENCE`. */
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { recordBaseline } from '../../src/baseline/record-baseline.ts';
import { parseEvidence } from '../../src/evidence/evidence.ts';
import { openGitStore } from '../../src/platform/git-ref-store.ts';
import { openGit } from '../../src/platform/git.ts';
import { MLGATE_IDENTITY } from '../../src/platform/ref-store.ts';

const [clone = '', path = ''] = process.argv.slice(2);
const store = openGitStore({
  git: openGit(clone, process.env),
  remote: 'origin',
  identity: MLGATE_IDENTITY,
  temporaryFolder: tmpdir(),
});
const { kind } = await recordBaseline(
  store,
  {
    evidence: parseEvidence(await readFile(path, 'utf8'), path),
    branch: 'mlgate',
    outcomes: [],
    limits: { kept: 10, maxBytes: 1_000_000 },
    expected: { main: 'main' },
  },
  {
    now: () => new Date(),
    random: Math.random,
    sleep: async (milliseconds) => await sleep(milliseconds),
  },
);
console.log(kind);

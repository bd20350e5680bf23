import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { afterEach, describe, expect, it } from 'vitest';
import { listRecordedEntries, readRecorded } from '../../src/baseline/baseline-log.ts';
import { findBaseline, type BaselineSearch } from '../../src/baseline/find-baseline.ts';
import { BRANCH_README, evidencePath, outcomesPrefix, subjectPath } from '../../src/baseline/layout.ts';
import { keepOutcomes, type StoredOutcomes } from '../../src/baseline/outcomes-store.ts';
import { recordBaseline, type BaselineRecord } from '../../src/baseline/record-baseline.ts';
import { listEvidenceOfSubject } from '../../src/baseline/subject-index.ts';
import { findWantedCommit } from '../../src/baseline/wanted-commit.ts';
import { printEvidence } from '../../src/evidence/evidence.ts';
import { UserError, WorldError } from '../../src/evidence/errors.ts';
import { openGitStore } from '../../src/platform/git-ref-store.ts';
import { openGit } from '../../src/platform/git.ts';
import { openGitHistory, type History } from '../../src/platform/history.ts';
import { MLGATE_IDENTITY, type RefStore } from '../../src/platform/ref-store.ts';
import { openRestHistory } from '../../src/platform/rest-history.ts';
import { openRestStore } from '../../src/platform/rest-ref-store.ts';
import type { Evidence } from '../../src/schemas/evidence.generated.ts';
import {
  cloneRepository,
  createBareRepository,
  createGitWorkspace,
  runGit,
  type GitWorkspace,
} from '../helpers/git-repository.ts';
import { isolatedEnvironment } from '../platform/environment.ts';
import { startRestPlatform, type RestPlatform } from '../platform/rest-platform.ts';
import { evidenceOf, REPOSITORY_ID, SUBJECT, TEST_SET } from './evidence.ts';

const BRANCH = 'refs/heads/mlgate';
const EXPECTED = { repositoryId: REPOSITORY_ID, main: 'main' };
const cleanups: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

interface Place {
  readonly store: RefStore;
  readonly history: History;
  /** The repository that holds the refs. */
  readonly directory: string;
  readonly workspace: GitWorkspace;
}

function openStore(workspace: GitWorkspace, remote: string | undefined): RefStore {
  return openGitStore({
    git: openGit(workspace.directory, isolatedEnvironment()),
    remote,
    identity: MLGATE_IDENTITY,
    temporaryFolder: tmpdir(),
  });
}

async function startRemote(): Promise<{ readonly bare: string; readonly workspace: GitWorkspace }> {
  const bare = await createBareRepository();
  const workspace = await createGitWorkspace({ origin: bare });
  cleanups.push(
    () => rm(bare, { recursive: true, force: true }),
    () => workspace.remove(),
  );
  await workspace.commit({ a: '1' });
  await workspace.push();
  return { bare, workspace };
}

async function openRest(): Promise<Place & { readonly platform: RestPlatform }> {
  const platform = await startRestPlatform();
  cleanups.push(platform.close);
  return {
    platform,
    store: openRestStore(platform.client),
    history: openRestHistory(platform.client),
    directory: platform.repository.gitDirectory,
    workspace: platform.workspace,
  };
}

async function openRemote(): Promise<Place> {
  const { bare, workspace } = await startRemote();
  const history = openGitHistory(openGit(workspace.directory, isolatedEnvironment()));
  return { store: openStore(workspace, 'origin'), history, directory: bare, workspace };
}

async function openLocal(): Promise<Place> {
  const { workspace } = await startRemote();
  const history = openGitHistory(openGit(workspace.directory, isolatedEnvironment()));
  return { store: openStore(workspace, undefined), history, directory: workspace.directory, workspace };
}

const PLACES = [
  { place: 'a plain local clone', open: openLocal },
  { place: 'a remote', open: openRemote },
  { place: "GitHub's REST API", open: openRest },
];

function timing(now = '2026-11-02T09:00:00Z') {
  return {
    now: () => new Date(now),
    random: Math.random,
    sleep: (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds)),
  };
}

function recordOf(evidence: Evidence, overrides: Partial<BaselineRecord> = {}): BaselineRecord {
  return {
    evidence,
    branch: 'mlgate',
    outcomes: [],
    limits: { kept: 10, maxBytes: 1000 },
    expected: EXPECTED,
    ...overrides,
  };
}

function outcomesOf(text: string): readonly StoredOutcomes[] {
  return [{ model: 'churn', testSet: TEST_SET, bytes: Buffer.from(text) }];
}

function searchOf(place: Place, overrides: Partial<BaselineSearch>): BaselineSearch {
  return {
    store: { refs: place.store, branch: 'mlgate' },
    history: place.history,
    wanted: { kind: 'unknown', reason: 'Not set.' },
    tested: undefined,
    findMainTip: async () => undefined,
    expected: EXPECTED,
    resorts: [],
    maxOutcomesBytes: 1000,
    ...overrides,
  };
}

const show = (directory: string, path: string) => runGit(directory, ['show', `${BRANCH}:${path}`]);

describe.each(PLACES)('recorded in $place', ({ open }) => {
  it('is found again from a pull request, with its outcomes', async () => {
    const place = await open();
    const { store, workspace, history } = place;
    const main = await workspace.revision();
    const evidence = evidenceOf(main);
    const record = recordOf(evidence, { outcomes: outcomesOf('right, wrong, right') });
    expect(await recordBaseline(store, record, timing())).toMatchObject({
      kind: 'recorded',
      commit: main,
      evidence: evidence.digest,
      outcomes: [{ model: 'churn', kept: 'ref', bytes: 19, testSet: TEST_SET }],
    });

    await workspace.branch('topic');
    const head = await workspace.commit({ b: '2' });
    await workspace.checkout('main');
    const merge = await workspace.merge('topic');
    await workspace.push('topic:topic', `${merge}:refs/pull/1/merge`);
    const wanted = await findWantedCommit(
      { commit: merge, pullRequest: { headSha: head, baseSha: main } },
      history,
    );
    const found = await findBaseline(
      searchOf(place, { wanted, tested: merge, findMainTip: async () => main }),
    );
    expect(found.used).toMatchObject({ rung: 'exact', commit: main, distance: 0, tried: [] });
    expect(found.evidence).toEqual(evidence);
    expect(Buffer.from(found.outcomes.get('churn') ?? []).toString()).toBe('right, wrong, right');
  });

  it('lies where the layout says, on an orphan branch that explains itself', async () => {
    const { store, directory, workspace } = await open();
    const main = await workspace.revision();
    const evidence = evidenceOf(main);
    await recordBaseline(store, recordOf(evidence), timing());
    expect(await runGit(directory, ['ls-tree', '-r', '--name-only', BRANCH])).toBe(
      ['README.md', evidencePath(main), subjectPath(SUBJECT)].join('\n'),
    );
    expect(`${await show(directory, evidencePath(main))}\n`).toBe(printEvidence(evidence));
    expect(`${await show(directory, 'README.md')}\n`).toBe(BRANCH_README);
    expect(JSON.parse(await show(directory, subjectPath(SUBJECT)))).toEqual([
      { commit: main, evidence: evidence.digest },
    ]);
    expect(await runGit(directory, ['rev-list', '--count', BRANCH])).toBe('1');
    await expect(runGit(directory, ['merge-base', 'main', BRANCH])).rejects.toThrow(/ended with 1/u);
  });

  it('is never changed afterwards', async () => {
    const { store, directory, workspace } = await open();
    const main = await workspace.revision();
    const first = evidenceOf(main);
    const other = evidenceOf(main, { body: { seed: 2 } });
    await recordBaseline(store, recordOf(first), timing());
    const tip = await store.resolve(BRANCH);
    expect(await recordBaseline(store, recordOf(first), timing())).toMatchObject({
      kind: 'already-recorded',
    });
    expect(await recordBaseline(store, recordOf(other, { outcomes: outcomesOf('x') }), timing())).toEqual({
      kind: 'kept-first',
      commit: main,
      evidence: first.digest,
      outcomes: [],
    });
    expect(await store.resolve(BRANCH)).toBe(tip);
    expect(JSON.parse(await show(directory, evidencePath(main)))).toMatchObject({ digest: first.digest });
    expect(await store.listRefs(outcomesPrefix(TEST_SET))).toEqual([]);
  });

  it('is listed by subject and by main, newest first', async () => {
    const { store, history, workspace } = await open();
    const first = await workspace.revision();
    const second = await workspace.commit({ a: '2' });
    const third = await workspace.commit({ a: '3' });
    await workspace.push();
    for (const commit of [first, third]) await recordBaseline(store, recordOf(evidenceOf(commit)), timing());
    const bySubject = await listEvidenceOfSubject(store, {
      branch: 'mlgate',
      sha256: SUBJECT,
      limit: 5,
      expected: EXPECTED,
    });
    expect(bySubject.map(({ commit, candidate }) => [commit, candidate.kind])).toEqual([
      [third, 'sound'],
      [first, 'sound'],
    ]);
    const log = { branch: 'mlgate', history, mainTip: third, expected: EXPECTED, limit: 5 };
    expect((await listRecordedEntries(store, log)).map(({ commit }) => commit)).toEqual([third, first]);
    expect(await listRecordedEntries(store, { ...log, branch: 'none' })).toEqual([]);
    expect(await readRecorded(store, 'mlgate', first, EXPECTED)).toMatchObject({ kind: 'sound' });
    expect(await readRecorded(store, 'mlgate', second, EXPECTED)).toBeUndefined();
    expect(await readRecorded(store, 'none', first, EXPECTED)).toBeUndefined();
  });

  it('keeps the outcomes of the last few commits only', async () => {
    const { store, workspace } = await open();
    const commits: string[] = [];
    for (let index = 0; index < 4; index += 1) {
      commits.push(await workspace.commit({ a: `n${index}` }));
      await workspace.push();
      const record = recordOf(evidenceOf(commits[index]!), {
        outcomes: outcomesOf(`outcomes ${index}`),
        limits: { kept: 2, maxBytes: 1000 },
      });
      await recordBaseline(store, record, timing(`2026-11-02T09:00:0${index}Z`));
    }
    const kept = await store.listRefs(outcomesPrefix(TEST_SET));
    expect(kept.map(({ ref }) => ref.split('-').at(-1))).toEqual(commits.slice(2));
  });

  it('loses nothing when others write at the same time', async () => {
    const { store, workspace, directory } = await open();
    const commits = [await workspace.revision()];
    for (let index = 0; index < 4; index += 1) commits.push(await workspace.commit({ a: `w${index}` }));
    await workspace.push();
    const results = await Promise.all(
      commits.map((commit) =>
        recordBaseline(store, recordOf(evidenceOf(commit), { outcomes: outcomesOf(commit) }), timing()),
      ),
    );
    expect(results.map(({ kind }) => kind)).toEqual(commits.map(() => 'recorded'));
    const names = (await runGit(directory, ['ls-tree', '--name-only', BRANCH, 'runs/'])).split('\n');
    expect(names.toSorted()).toEqual(commits.map(evidencePath).toSorted());
    const index = JSON.parse(await show(directory, subjectPath(SUBJECT))) as { commit: string }[];
    expect(index.map(({ commit }) => commit).toSorted()).toEqual(commits.toSorted());
    expect(await store.listRefs(outcomesPrefix(TEST_SET))).toHaveLength(commits.length);
  }, 60_000);
});

it('20 writers in clones of their own lose nothing', async () => {
  const { bare, workspace } = await startRemote();
  const commits: string[] = [];
  for (let index = 0; index < 20; index += 1) commits.push(await workspace.commit({ a: `c${index}` }));
  await workspace.push();
  const clones = await Promise.all([1, 2, 3, 4].map(() => cloneRepository(bare)));
  cleanups.push(...clones.map((clone) => () => clone.remove()));
  const results = await Promise.all(
    commits.map((commit, index) =>
      recordBaseline(openStore(clones[index % 4]!, 'origin'), recordOf(evidenceOf(commit)), timing()),
    ),
  );
  expect(results.map(({ kind }) => kind)).toEqual(commits.map(() => 'recorded'));
  const names = (await runGit(bare, ['ls-tree', '--name-only', BRANCH, 'runs/'])).split('\n');
  expect(names.toSorted()).toEqual(commits.map(evidencePath).toSorted());
  const index = JSON.parse(await show(bare, subjectPath(SUBJECT))) as unknown[];
  expect(index).toHaveLength(20);
}, 120_000);

describe('what cannot become a baseline', () => {
  it.each([
    ['evidence without a commit', { commit: undefined }, /names no commit/u],
    ['evidence of a pull request', { event: 'pull_request' }, /for the event pull_request/u],
    ['evidence of another repository', { repositoryId: 666 }, /is of repository 666/u],
    ['evidence of another branch', { ref: 'refs/heads/topic' }, /was made on refs\/heads\/topic/u],
  ])('%s is refused before anything is written', async (_, source, reason) => {
    const { store } = await openLocal();
    const evidence = evidenceOf('1'.repeat(40));
    const changed = {
      ...evidence,
      source: JSON.parse(JSON.stringify({ ...evidence.source, ...source })) as Evidence['source'],
    };
    const recording = recordBaseline(store, recordOf(changed), timing());
    await expect(recording).rejects.toThrow(reason);
    await expect(recording).rejects.toThrow(UserError);
    expect(await store.resolve(BRANCH)).toBeUndefined();
  });

  it('a damaged record or index is named, with the cure', async () => {
    const { store, workspace } = await openLocal();
    const commit = await workspace.revision();
    const files = new Map([[evidencePath(commit), 'garbage']]);
    await store.write({ ref: BRANCH, expected: undefined, files, message: 'x' });
    await expect(recordBaseline(store, recordOf(evidenceOf(commit)), timing())).rejects.toThrow(
      /holds something else for this commit already/u,
    );
    const tip = await store.resolve(BRANCH);
    const index = new Map([[subjectPath(SUBJECT), '[{"commit":"../../x","evidence":1}]']]);
    await store.write({ ref: BRANCH, expected: tip, files: index, message: 'x' });
    const next = await workspace.commit({ a: '9' });
    await expect(recordBaseline(store, recordOf(evidenceOf(next)), timing())).rejects.toThrow(
      /is not what mlgate writes there/u,
    );
  });

  it('files that are larger than any that mlgate writes are reasons', async () => {
    const place = await openLocal();
    const { store, workspace } = place;
    const commit = await workspace.revision();
    const next = await workspace.commit({ a: '9' });
    await recordBaseline(
      store,
      recordOf(evidenceOf(commit), { outcomes: outcomesOf('1234567890') }),
      timing(),
    );
    const tip = await store.resolve(BRANCH);
    const huge = new Map([[evidencePath(next), `"${'x'.repeat(20_000_000)}"`]]);
    await store.write({ ref: BRANCH, expected: tip, files: huge, message: 'x' });
    const wanted = { kind: 'commit', commit: next, how: 'merge-parent' } as const;
    const found = await findBaseline(searchOf(place, { wanted, maxOutcomesBytes: 5 }));
    expect(found.used).toMatchObject({
      rung: 'ancestor',
      commit,
      tried: [
        { rung: 'exact', reason: expect.stringContaining('has 20000002 bytes; at most 20000000 are read') },
      ],
    });
    expect(found.outcomes).toEqual(new Map());
  });

  it('a subject whose evidence was exchanged or removed is not sound', async () => {
    const { store, workspace } = await openLocal();
    const commit = await workspace.revision();
    await recordBaseline(store, recordOf(evidenceOf(commit)), timing());
    const tip = await store.resolve(BRANCH);
    const forged = new Map([
      [evidencePath(commit), printEvidence(evidenceOf(commit, { body: { seed: 5 } }))],
      [
        subjectPath(SUBJECT),
        JSON.stringify([
          { commit, evidence: evidenceOf(commit).digest },
          { commit: '2'.repeat(40), evidence: '3'.repeat(64) },
        ]),
      ],
    ]);
    await store.write({ ref: BRANCH, expected: tip, files: forged, message: 'x' });
    const search = { branch: 'mlgate', sha256: SUBJECT, limit: 5, expected: EXPECTED };
    const found = await listEvidenceOfSubject(store, search);
    expect(found.map(({ candidate }) => candidate)).toEqual([
      { kind: 'refused', reason: expect.stringContaining('is gone from the branch') },
      { kind: 'refused', reason: expect.stringContaining('is not the one that the index') },
    ]);
    expect(await listEvidenceOfSubject(store, { ...search, branch: 'none' })).toEqual([]);
    expect(await listEvidenceOfSubject(store, { ...search, sha256: '4'.repeat(64) })).toEqual([]);
  });
});

describe('outcomes that cannot be kept', () => {
  const owner = { commit: '1'.repeat(40), evidence: '2'.repeat(64) };

  it('are a reason: too large, or refused by the store', async () => {
    const { store } = await openLocal();
    const limits = { kept: 2, maxBytes: 5 };
    const large = await keepOutcomes(store, owner, outcomesOf('123456'), limits, new Date());
    expect(large).toEqual([
      expect.objectContaining({
        model: 'churn',
        kept: 'none',
        reason: expect.stringContaining('`baseline.outcomes-megabytes`'),
      }),
    ]);
    const refusing = {
      ...store,
      write: () => Promise.reject(new WorldError('GitHub does not take this ref.')),
    };
    expect(await keepOutcomes(refusing, owner, outcomesOf('1'), limits, new Date())).toEqual([
      expect.objectContaining({ kept: 'none', reason: 'GitHub does not take this ref.' }),
    ]);
  });

  it('do not stop the evidence', async () => {
    const { store, workspace } = await openLocal();
    const commit = await workspace.revision();
    const record = recordOf(evidenceOf(commit), { outcomes: outcomesOf('x'.repeat(1001)) });
    expect(await recordBaseline(store, record, timing())).toMatchObject({
      kind: 'recorded',
      outcomes: [{ kept: 'none' }],
    });
  });
});

describe('through REST', () => {
  it('says which permission recording takes', async () => {
    const { platform, workspace } = await openRest();
    const store = openRestStore(await platform.connect({ contents: 'read' }));
    const evidence = evidenceOf(await workspace.revision());
    await expect(recordBaseline(store, recordOf(evidence), timing())).rejects.toMatchObject({
      help: expect.stringContaining('permissions:\n  contents: write'),
    });
  });

  it('finds the exact baseline with few calls', async () => {
    const place = await openRest();
    const { platform, store, workspace } = place;
    const main = await workspace.revision();
    await recordBaseline(store, recordOf(evidenceOf(main), { outcomes: outcomesOf('x') }), timing());
    const before = platform.github.state.requests.length;
    const fresh: Place = { ...place, store: openRestStore(platform.client) };
    const wanted = { kind: 'commit', commit: main, how: 'merge-parent' } as const;
    const { used } = await findBaseline(searchOf(fresh, { wanted, findMainTip: async () => main }));
    expect(used.rung).toBe('exact');
    // Four for the evidence (five with the history that names it), six for the outcomes.
    expect(platform.github.state.requests.length - before).toBe(10);
  });
});

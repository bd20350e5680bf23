import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { openArtifactResort, type ArtifactSources } from '../../src/baseline/artifact-evidence.ts';
import { findBaseline, type BaselineSearch } from '../../src/baseline/find-baseline.ts';
import { openGivenFile } from '../../src/baseline/given-file.ts';
import { evidencePath, outcomesPath, outcomesRecordPath, outcomesRef } from '../../src/baseline/layout.ts';
import { printOutcomesRecord, type OutcomesEntry } from '../../src/baseline/outcomes-record.ts';
import type { Resort } from '../../src/baseline/resort.ts';
import { printEvidence } from '../../src/evidence/evidence.ts';
import { WorldError } from '../../src/evidence/errors.ts';
import type { EvidenceBody, EvidenceSource } from '../../src/schemas/evidence.generated.ts';
import { validateDocument } from '../../src/schemas/validate.ts';
import { evidenceOf, REPOSITORY_ID, TEST_SET } from './evidence.ts';
import { createHistory, idOf } from './history.ts';
import { createMemoryStore } from './memory-store.ts';

/** main: m1 … m5; t1 left main at m3. */
const HISTORY = createHistory({
  m1: [],
  m2: ['m1'],
  m3: ['m2'],
  m4: ['m3'],
  m5: ['m4'],
  t1: ['m3'],
});

type Files = Record<string, string | Uint8Array>;

function recordsOf(...names: readonly string[]): Files {
  return Object.fromEntries(
    names.map((name) => [evidencePath(idOf(name)), printEvidence(evidenceOf(idOf(name)))]),
  );
}

function search(files: Files | undefined, overrides: Partial<BaselineSearch> = {}): BaselineSearch {
  const refs = files === undefined ? {} : { 'refs/heads/mlgate': files };
  return {
    store: { refs: createMemoryStore(refs), branch: 'mlgate' },
    history: HISTORY,
    wanted: { kind: 'commit', commit: idOf('m3'), how: 'merge-parent' },
    tested: idOf('t1'),
    findMainTip: async () => idOf('m5'),
    expected: { repositoryId: REPOSITORY_ID, main: 'main' },
    resorts: [],
    maxOutcomesBytes: 1000,
    ...overrides,
  };
}

const GIVEN = openGivenFile('baseline/evidence.json', async () => printEvidence(evidenceOf(idOf('m1'))));

function resort(look: Resort['look'], whenUnreachable: Resort['whenUnreachable'] = 'say'): Resort {
  return { rung: 'artifact', look, whenUnreachable };
}

async function failForPermission(): Promise<never> {
  throw new WorldError('Could not list the runs.', { help: 'permissions:\n  actions: read' });
}

async function failForDefect(): Promise<never> {
  throw new TypeError('a defect');
}

function printWithSource(source: Partial<EvidenceSource>): string {
  return printEvidence(evidenceOf(idOf('m3'), { source }));
}

describe('the ladder', () => {
  it('takes the exact commit', async () => {
    const { used, evidence } = await findBaseline(search(recordsOf('m2', 'm3', 'm5')));
    expect(used).toEqual({
      rung: 'exact',
      commit: idOf('m3'),
      wanted: idOf('m3'),
      distance: 0,
      evidence: evidenceOf(idOf('m3')).digest,
      recordedAt: '2026-11-02T08:00:00Z',
      tried: [],
    });
    expect(evidence).toEqual(evidenceOf(idOf('m3')));
  });

  it('then the nearest first-parent ancestor, and says how far', async () => {
    const { used } = await findBaseline(search(recordsOf('m1', 'm2', 'm5')));
    expect(used).toMatchObject({
      rung: 'ancestor',
      commit: idOf('m2'),
      distance: 1,
      tried: [{ rung: 'exact', reason: `Commit ${idOf('m3')} has no evidence.` }],
    });
  });

  it('then the newest of main by the order of main, whatever the clocks say', async () => {
    const { used } = await findBaseline(search(recordsOf('m5', 'm4')));
    expect(used).toMatchObject({ rung: 'newest', commit: idOf('m5'), distance: 2 });
    expect(used.tried.map(({ rung }) => rung)).toEqual(['exact', 'ancestor']);
  });

  it('then the artifact, then the file', async () => {
    const found = resort(async () => ({
      kind: 'found',
      evidence: evidenceOf(idOf('m4')),
      outcomes: new Map([['churn', Uint8Array.of(1)]]),
      details: { commit: idOf('m4') },
    }));
    const viaArtifact = await findBaseline(search({ 'README.md': 'x' }, { resorts: [found, GIVEN] }));
    expect(viaArtifact.used).toMatchObject({ rung: 'artifact', commit: idOf('m4') });
    expect([...viaArtifact.outcomes.keys()]).toEqual(['churn']);
    const none = resort(async () => ({ kind: 'none', reason: 'It has expired.' }));
    const viaFile = await findBaseline(search({}, { resorts: [none, GIVEN] }));
    expect(viaFile.used).toMatchObject({ rung: 'file', path: 'baseline/evidence.json', commit: idOf('m1') });
    expect(viaFile.used.tried.at(-1)).toEqual({ rung: 'artifact', reason: 'It has expired.' });
  });

  it('ends with no baseline and all the reasons', async () => {
    const found = await findBaseline(
      search(undefined, { resorts: [resort(async () => ({ kind: 'none', reason: 'No run.' }))] }),
    );
    expect(found).toEqual({
      used: {
        rung: 'none',
        wanted: idOf('m3'),
        tried: [
          { rung: 'exact', reason: expect.stringContaining('The branch `mlgate` does not exist') },
          { rung: 'artifact', reason: 'No run.' },
        ],
      },
      evidence: undefined,
      outcomes: new Map(),
      outcomesMissing: new Map(),
    });
    const nothing = await findBaseline(search(undefined, { store: undefined }));
    expect(nothing.used).toEqual({ rung: 'none', wanted: idOf('m3'), tried: [] });
  });

  it('goes on where the wanted commit is not known', async () => {
    const wanted = { kind: 'unknown', reason: 'The clone is shallow.' } as const;
    const { used } = await findBaseline(search(recordsOf('m4'), { wanted }));
    expect(used).toMatchObject({ rung: 'newest', commit: idOf('m4') });
    expect(used.wanted).toBeUndefined();
    expect(used.distance).toBeUndefined();
    expect(used.tried.map(({ reason }) => reason)).toEqual([
      'The clone is shallow.',
      'The clone is shallow.',
    ]);
    const lost = await findBaseline(search(recordsOf('m4'), { wanted, findMainTip: async () => undefined }));
    expect(lost.used.tried.at(-1)).toEqual({
      rung: 'newest',
      reason: 'It is not known which branch is main.',
    });
  });

  it('never compares a commit with itself', async () => {
    const { used } = await findBaseline(
      search(recordsOf('m5'), {
        tested: idOf('m5'),
        wanted: { kind: 'commit', commit: idOf('m4'), how: 'first-parent' },
      }),
    );
    expect(used.rung).toBe('none');
  });

  it('brings the outcomes that belong to the evidence and no others', async () => {
    const evidence = evidenceOf(idOf('m3'));
    const ref = outcomesRef(TEST_SET, idOf('m3'), new Date('2026-11-02T08:00:00Z'));
    const entry: OutcomesEntry = {
      model: 'churn',
      testSet: TEST_SET,
      sha256: createHash('sha256').update('right').digest('hex'),
      bytes: 5,
      kept: 'ref',
      ref,
    };
    const read = async (content: string, record: string) => {
      const branch = { ...recordsOf('m3'), [outcomesRecordPath(idOf('m3'))]: record };
      const kept = {
        [outcomesPath(evidence.digest, 'churn')]: content,
        [outcomesPath('f'.repeat(64), 'churn')]: 'of other evidence',
      };
      const refs = createMemoryStore({ 'refs/heads/mlgate': branch, [ref]: kept });
      const found = await findBaseline(search({}, { store: { refs, branch: 'mlgate' } }));
      expect(found.used.rung).toBe('exact');
      return [Buffer.from(found.outcomes.get('churn') ?? []).toString(), found.outcomesMissing?.get('churn')];
    };
    expect(await read('right', printOutcomesRecord([entry]))).toEqual(['right', undefined]);
    expect(await read('forged', printOutcomesRecord([entry]))).toEqual([
      '',
      expect.stringContaining('not those'),
    ]);
    const thinned = { ...entry, ref: outcomesRef(TEST_SET, idOf('m3'), new Date('2026-11-03T08:00:00Z')) };
    expect(await read('right', printOutcomesRecord([thinned]))).toEqual([
      '',
      expect.stringContaining('not kept any more'),
    ]);
    const { ref: _, ...facts } = entry;
    const lost: OutcomesEntry = { ...facts, kept: 'none', reason: 'They were too large.' };
    expect(await read('right', printOutcomesRecord([lost]))).toEqual([
      '',
      expect.stringContaining('too large'),
    ]);
    // A record that points at the outcomes of another commit is no record.
    const foreign = outcomesRef(TEST_SET, idOf('m2'), new Date('2026-11-02T08:00:00Z'));
    for (const record of ['[', '[{}]', printOutcomesRecord([{ ...entry, ref: foreign }])])
      expect(await read('right', record)).toEqual(['', 'No outcomes were recorded with the baseline.']);
  });
});

describe('unsound evidence is a reason, and the search goes on', () => {
  const sound = printEvidence(evidenceOf(idOf('m3')));
  const CASES: readonly (readonly [string, string | Uint8Array, RegExp])[] = [
    [
      'evidence whose body was changed',
      sound.replace('"verdict": "pass"', '"verdict": "fail"'),
      /was changed after it was written/u,
    ],
    ['evidence of another commit', printEvidence(evidenceOf(idOf('m1'))), /is of commit .* not of/u],
    [
      'evidence of a pull request',
      printWithSource({ event: 'pull_request' }),
      /for the event pull_request, not for a push/u,
    ],
    [
      'evidence of another repository',
      printWithSource({ repositoryId: 666 }),
      /is of repository 666, not of 4711/u,
    ],
    [
      'evidence of another branch',
      printWithSource({ ref: 'refs/heads/topic' }),
      /was made on refs\/heads\/topic, not on main/u,
    ],
    ['no JSON', '<html>', /is not JSON/u],
    ['JSON that is no evidence', '{"version":1}', /is not evidence of version 1/u],
    ['bytes that are no text', Uint8Array.of(0xff, 0xfe, 0x00), /is not UTF-8 text/u],
    ['an empty file', '', /is not JSON/u],
    ['20 MB', `"${'x'.repeat(20_000_001)}"`, /is larger than 20 MB/u],
    ['JSON that ends early', '['.repeat(100_000), /is not JSON/u],
    [
      'deeply nested JSON',
      `${'['.repeat(100_000)}${']'.repeat(100_000)}`,
      /is nested deeper than 32 levels/u,
    ],
    [
      'a name of an object of ours',
      '{"__proto__":{"version":1},"version":1}',
      /is not evidence of version 1/u,
    ],
  ];

  it.each(CASES)('%s', async (_, content, reason) => {
    const files = { ...recordsOf('m2'), [evidencePath(idOf('m3'))]: content };
    const { used } = await findBaseline(search(files));
    expect(used).toMatchObject({ rung: 'ancestor', commit: idOf('m2') });
    expect(used.tried).toEqual([{ rung: 'exact', reason: expect.stringMatching(reason) }]);
  });

  it('however many there are, the result fits into evidence', async () => {
    const names = ['m1', 'm2', 'm3', 'm4', 'm5'];
    const files = Object.fromEntries(
      names.map((name) => [evidencePath(idOf(name)), `{"version":1,"x":"${'y'.repeat(5000)}"}`]),
    );
    const { used } = await findBaseline(search(files));
    expect(used.rung).toBe('none');
    expect(used.tried.map(({ rung }) => rung)).toEqual(['exact', 'ancestor', 'newest']);
    const evidence = evidenceOf(idOf('t1'), { body: { baseline: used } });
    expect(validateDocument('evidence', evidence)).toMatchObject({ ok: true });
  });

  it('tells the commits that it looked at only once', async () => {
    const files = { [evidencePath(idOf('m2'))]: 'nonsense' };
    const { used } = await findBaseline(search(files));
    expect(used.tried.filter(({ reason }) => reason.includes('is not JSON'))).toHaveLength(1);
  });
});

describe('an artifact', () => {
  const run = {
    id: 9,
    attempt: 1,
    event: 'push',
    path: '.github/workflows/gate.yml',
    headSha: idOf('m4'),
    headBranch: 'main',
    headRepositoryId: REPOSITORY_ID,
    headRepositoryOwner: 'acme',
    repositoryId: REPOSITORY_ID,
    status: 'completed',
    conclusion: 'success',
    startedAt: '2026-11-01T00:00:00Z',
    updatedAt: '2026-11-01T00:10:00Z',
    url: '',
  };
  const workflow = { workflow: '.github/workflows/gate.yml' };
  const lookAt = async (contents: Readonly<Record<string, string | Uint8Array>>, tested?: string) => {
    const sources: ArtifactSources = {
      findLastGoodRun: async () => run,
      listArtifacts: async () =>
        Object.keys(contents).map((name, id) => ({ id, name, bytes: 1, digest: undefined })),
      download: async ({ name }) => ({ folder: name, files: ['evidence.json', `outcomes/${name}.bin`] }),
      readFile: async (folder, path) =>
        path === 'evidence.json' ? Buffer.from(contents[folder] ?? '') : Buffer.from(folder),
    };
    const query = {
      name: 'mlgate-evidence',
      models: ['mlgate-evidence-a', 'mlgate-evidence-b', 'absent'],
      maxOutcomesBytes: 100,
      expected: { repositoryId: REPOSITORY_ID, main: 'main' },
      tested,
    };
    return await findBaseline(search({}, { resorts: [openArtifactResort(sources, query, 'say')] }));
  };
  const part = (source: Partial<EvidenceSource> = {}, body: Partial<EvidenceBody> = {}, name = 'm4') =>
    printEvidence(evidenceOf(idOf(name), { source: { ...workflow, ...source }, body }));

  it.each([
    ['of another commit', part({}, {}, 'm1'), /is of commit/u],
    ['of another run', part({ run: 10 }), /claims run 10; run 9 has 9/u],
    ['of another workflow', part({ workflow: '.github/workflows/x.yml' }), /claims workflow/u],
    ['of a later attempt than there was', part({ attempt: 2 }), /claims attempt 2/u],
    ['that was dispatched', part({ event: 'workflow_dispatch' }), /claims event workflow_dispatch/u],
    ['of a fork', part({ repositoryId: 666 }), /is of repository 666/u],
    ['that is no evidence', '{}', /is not evidence/u],
  ])('%s is refused', async (_, content, reason) => {
    const { used } = await lookAt({ 'mlgate-evidence': content });
    expect(used.rung).toBe('none');
    expect(used.tried.at(-1)).toEqual({ rung: 'artifact', reason: expect.stringMatching(reason) });
  });

  it('of the tested commit itself is refused', async () => {
    const { used } = await lookAt({ 'mlgate-evidence': part() }, idOf('m4'));
    expect(used.tried.at(-1)?.reason).toContain('of the commit that is tested');
  });

  it('may be the parts of a matrix, put together', async () => {
    const [metric] = evidenceOf(idOf('m4')).body.metrics;
    const metrics = [{ ...metric!, about: { model: 'spam', datasetDigest: TEST_SET } }];
    const found = await lookAt({
      'mlgate-evidence-b': part({}, { metrics }),
      'mlgate-evidence-a': part(),
      'mlgate-evidence-a.html': '<html>',
      'mlgate-other': 'x',
    });
    expect(found.used).toMatchObject({ rung: 'artifact', commit: idOf('m4') });
    expect(found.evidence?.body.metrics.map(({ about }) => about.model)).toEqual(['churn', 'spam']);
    expect([...found.outcomes.keys()]).toEqual(['mlgate-evidence-a', 'mlgate-evidence-b']);
  });

  it('whose parts do not belong together is a reason', async () => {
    const { used } = await lookAt({
      'mlgate-evidence-a': part(),
      'mlgate-evidence-b': part({}, { seed: 2 }),
    });
    expect(used.tried.at(-1)?.reason).toMatch(
      /do not belong together: The evidence was made with different seeds/u,
    );
  });

  it('that cannot be reached is a reason with its cure, unless it is what the config asks for', async () => {
    const { used } = await findBaseline(search({}, { resorts: [resort(failForPermission)] }));
    expect(used.tried.at(-1)?.reason).toBe('Could not list the runs. permissions: actions: read');
    const asked = findBaseline(search({}, { resorts: [resort(failForPermission, 'fail')] }));
    await expect(asked).rejects.toThrow('Could not list the runs.');
    await expect(findBaseline(search({}, { resorts: [resort(failForDefect)] }))).rejects.toThrow('a defect');
  });
});

it('a store that cannot be read is an error, not a repository without baselines', async () => {
  const refs = {
    ...createMemoryStore({}),
    resolve: async () => {
      throw new WorldError('The network is down.');
    },
  };
  await expect(findBaseline(search({}, { store: { refs, branch: 'mlgate' } }))).rejects.toThrow(WorldError);
});

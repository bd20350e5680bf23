import { describe, expect, it } from 'vitest';
import {
  findBaseline,
  type ArtifactEvidence,
  type BaselineSearch,
} from '../../src/baseline/find-baseline.ts';
import { evidencePath, outcomesPath, outcomesRef } from '../../src/baseline/layout.ts';
import { printEvidence } from '../../src/evidence/evidence.ts';
import { WorldError } from '../../src/evidence/errors.ts';
import type { EvidenceSource } from '../../src/schemas/evidence.generated.ts';
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
    mainTip: idOf('m5'),
    expected: { repositoryId: REPOSITORY_ID, main: 'main' },
    artifact: undefined,
    file: undefined,
    maxOutcomesBytes: 1000,
    ...overrides,
  };
}

async function readFile() {
  const content = printEvidence(evidenceOf(idOf('m1')));
  return { path: 'baseline/evidence.json', content, outcomes: new Map<string, Uint8Array>() };
}

async function findNone(): Promise<ArtifactEvidence> {
  return { kind: 'none', reason: 'It has expired.' };
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
    const found: ArtifactEvidence = {
      kind: 'found',
      origin: 'The artifact',
      content: printEvidence(evidenceOf(idOf('m4'))),
      run: { id: 9, headSha: idOf('m4'), repositoryId: REPOSITORY_ID },
      outcomes: new Map([['churn', Uint8Array.of(1)]]),
    };
    const viaArtifact = await findBaseline(
      search({ 'README.md': 'x' }, { artifact: async () => found, file: readFile }),
    );
    expect(viaArtifact.used).toMatchObject({ rung: 'artifact', commit: idOf('m4') });
    expect([...viaArtifact.outcomes.keys()]).toEqual(['churn']);
    const viaFile = await findBaseline(search({}, { artifact: findNone, file: readFile }));
    expect(viaFile.used).toMatchObject({ rung: 'file', path: 'baseline/evidence.json', commit: idOf('m1') });
    expect(viaFile.used.tried.at(-1)).toEqual({ rung: 'artifact', reason: 'It has expired.' });
  });

  it('ends with no baseline and all the reasons', async () => {
    const found = await findBaseline(
      search(undefined, { artifact: async () => ({ kind: 'none', reason: 'No run.' }) }),
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
    const lost = await findBaseline(search(recordsOf('m4'), { wanted, mainTip: undefined }));
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
    const refs = createMemoryStore({
      'refs/heads/mlgate': recordsOf('m3'),
      [ref]: {
        [outcomesPath(evidence.digest, 'churn')]: 'right',
        [outcomesPath('f'.repeat(64), 'churn')]: 'wrong',
      },
      [outcomesRef(TEST_SET, idOf('m2'), new Date('2026-11-02T09:00:00Z'))]: {
        [outcomesPath(evidence.digest, 'churn')]: 'of another commit',
      },
      [`refs/mlgate/outcomes/${TEST_SET}/nonsense`]: { [outcomesPath(evidence.digest, 'churn')]: 'nonsense' },
    });
    const { outcomes } = await findBaseline(search({}, { store: { refs, branch: 'mlgate' } }));
    expect([...outcomes].map(([model, bytes]) => [model, Buffer.from(bytes).toString()])).toEqual([
      ['churn', 'right'],
    ]);
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
  const run = { id: 9, headSha: idOf('m4'), repositoryId: REPOSITORY_ID };
  const lookAt = (content: string, tested?: string) =>
    findBaseline(
      search(
        {},
        {
          artifact: async () => ({
            kind: 'found',
            origin: 'The artifact',
            content,
            run,
            outcomes: new Map(),
          }),
          ...(tested === undefined ? {} : { tested }),
        },
      ),
    );

  it.each([
    ['of another commit', evidenceOf(idOf('m1')), /is of commit/u],
    ['of another run', evidenceOf(idOf('m4'), { source: { run: 10 } }), /does not claim to be of the run/u],
    [
      'that was dispatched',
      evidenceOf(idOf('m4'), { source: { event: 'workflow_dispatch' } }),
      /does not claim/u,
    ],
    ['of a fork', evidenceOf(idOf('m4'), { source: { repositoryId: 666 } }), /is of repository 666/u],
  ])('%s is refused', async (_, evidence, reason) => {
    const { used } = await lookAt(printEvidence(evidence));
    expect(used.rung).toBe('none');
    expect(used.tried.at(-1)).toEqual({ rung: 'artifact', reason: expect.stringMatching(reason) });
  });

  it('of the tested commit itself is refused', async () => {
    const { used } = await lookAt(printEvidence(evidenceOf(idOf('m4'))), idOf('m4'));
    expect(used.tried.at(-1)?.reason).toContain('of the commit that is tested');
  });

  it('that cannot be reached is a reason with its cure; a defect is not', async () => {
    const { used } = await findBaseline(search({}, { artifact: failForPermission }));
    expect(used.tried.at(-1)?.reason).toBe('Could not list the runs. permissions: actions: read');
    await expect(findBaseline(search({}, { artifact: failForDefect }))).rejects.toThrow('a defect');
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

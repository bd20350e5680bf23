import { rm } from 'node:fs/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { WorldError } from '../../src/evidence/errors.ts';
import type { RefStore } from '../../src/platform/ref-store.ts';
import { openRestStore } from '../../src/platform/rest-ref-store.ts';
import { listClaims, parseLedger, printLedger, type Ledger } from '../../src/promotion/ledger.ts';
import { LEDGER_FILE, LEDGER_REF, readSnapshot } from '../../src/promotion/ledger-store.ts';
import { promote, type PromotionContext, type PromotionResult } from '../../src/promotion/promote.ts';
import { CLAIM_PATIENCE_MS } from '../../src/promotion/settle-claims.ts';
import { parseLedgerMark } from '../../src/promotion/tag-message.ts';
import { createRandom } from '../../src/statistics/random.ts';
import type { Evidence } from '../../src/schemas/evidence.generated.ts';
import {
  cloneRepository,
  createBareRepository,
  createGitWorkspace,
  runGit,
  type GitWorkspace,
} from '../helpers/git-repository.ts';
import { createMemoryStore } from './memory-store.ts';
import { startRestPlatform } from '../platform/rest-platform.ts';
import {
  CONTEXT,
  DIGEST,
  evidenceOf,
  makeClock,
  makeEffects,
  NOW,
  openTestStore,
  OTHER_DIGEST,
  REQUEST,
} from './cases.ts';

const cleanups: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

interface Place {
  /** The bare repository that everything ends up in. */
  readonly directory: string;
  readonly store: RefStore;
  /** Another writer's view of the same repository. */
  readonly open: () => Promise<RefStore>;
  /** Two commits of main, with the two models. */
  readonly commits: readonly [string, string];
  readonly evidence: readonly [Evidence, Evidence];
}

async function commitTwice(workspace: GitWorkspace): Promise<readonly [string, string]> {
  return [await workspace.commit({ 'model.onnx': '1' }), await workspace.commit({ 'model.onnx': '2' })];
}

function keep(workspace: GitWorkspace): GitWorkspace {
  cleanups.push(() => workspace.remove());
  return workspace;
}

function evidenceOfBoth([first, second]: readonly [string, string]): readonly [Evidence, Evidence] {
  return [evidenceOf(first, DIGEST), evidenceOf(second, OTHER_DIGEST)];
}

async function openRemote(): Promise<Place> {
  const directory = await createBareRepository();
  cleanups.push(() => rm(directory, { recursive: true, force: true }));
  const workspace = keep(await createGitWorkspace({ origin: directory }));
  const commits = await commitTwice(workspace);
  await workspace.push();
  return {
    directory,
    store: openTestStore(workspace, 'origin'),
    open: async () => openTestStore(keep(await cloneRepository(directory)), 'origin'),
    commits,
    evidence: evidenceOfBoth(commits),
  };
}

async function openLocal(): Promise<Place> {
  const workspace = keep(await createGitWorkspace());
  const commits = await commitTwice(workspace);
  const open = async () => openTestStore(workspace, undefined);
  return {
    directory: workspace.directory,
    store: await open(),
    open,
    commits,
    evidence: evidenceOfBoth(commits),
  };
}

async function openGitHub() {
  const platform = await startRestPlatform();
  cleanups.push(platform.close);
  const commits = await commitTwice(platform.workspace);
  await platform.workspace.push();
  const open = async () => openRestStore(await platform.connect({ contents: 'write' }));
  return {
    directory: platform.repository.gitDirectory,
    store: await open(),
    open,
    commits,
    evidence: evidenceOfBoth(commits),
    github: platform.github,
  };
}

/** Calls of REST that a promotion may take; it takes 25. A token has 1,000 an hour. */
const MAX_CALLS = 30;

const SECOND: PromotionContext = { ...CONTEXT, subject: OTHER_DIGEST };

async function readLedgerOf(directory: string): Promise<Ledger> {
  return parseSound(`${await runGit(directory, ['show', `${LEDGER_REF}:${LEDGER_FILE}`])}\n`);
}

async function listTags(directory: string): Promise<readonly string[]> {
  const text = await runGit(directory, ['tag', '--list']);
  return text === '' ? [] : text.split('\n');
}

async function findTarget(directory: string, tag: string): Promise<string> {
  return await runGit(directory, ['rev-parse', `refs/tags/${tag}^{commit}`]);
}

function states(ledger: Ledger): readonly string[] {
  return listClaims(ledger).map(({ claim, state }) => `${claim.modelVersion} ${state}`);
}

function codes(result: PromotionResult): readonly string[] {
  return result.reasons.map(({ code }) => code);
}

describe.each([
  { place: 'a local repository', open: openLocal },
  { place: 'a remote', open: openRemote },
  { place: 'GitHub', open: openGitHub },
])('in $place', { timeout: 120_000 }, ({ open }) => {
  it('promotes, then says that nothing changes, then promotes another, then rolls back', async () => {
    const { store, directory, commits, evidence } = await open();
    const effects = makeEffects(store, evidence);
    const first = await promote(REQUEST, CONTEXT, effects);
    expect(first).toMatchObject({
      decision: 'promoted',
      digest: DIGEST,
      tags: ['churn@v1.0.0', 'churn#production#1'],
      target: commits[0],
      ledger: { sequence: 2 },
      evidence: { commit: commits[0], verified: 'artifact' },
    });
    expect(await promote(REQUEST, CONTEXT, effects)).toMatchObject({
      decision: 'unchanged',
      tags: ['churn#production#1'],
    });

    const second = await promote({ ...REQUEST, version: '1.1.0' }, SECOND, effects);
    expect(second).toMatchObject({
      decision: 'promoted',
      from: DIGEST,
      tags: ['churn@v1.1.0', 'churn#production#2'],
    });
    const back = await promote({ ...REQUEST, reason: 'It was worse.' }, CONTEXT, effects);
    expect(back).toMatchObject({
      decision: 'promoted',
      from: OTHER_DIGEST,
      tags: ['churn#production#3'],
      target: commits[0],
    });
    const staged = await promote({ ...REQUEST, stage: 'staging' }, CONTEXT, effects);
    expect(staged).toMatchObject({ tags: ['churn#staging#4'] });

    const tags = ['churn#production#1', 'churn#production#2', 'churn#production#3', 'churn#staging#4'];
    expect(await listTags(directory)).toEqual([...tags, 'churn@v1.0.0', 'churn@v1.1.0']);
    expect(await findTarget(directory, 'churn#production#3')).toBe(commits[0]);
    const ledger = await readLedgerOf(directory);
    expect(ledger.entries.map(({ action }) => action)).toEqual(
      Array.from({ length: 8 }, (_, index) => (index % 2 === 0 ? 'claim' : 'confirm')),
    );
    expect(ledger.head).toBe(staged.ledger?.hash);
    const message = await runGit(directory, ['tag', '--list', '--format=%(contents)', 'churn#production#3']);
    expect(message).toContain('Reason: It was worse.');
    const mark = parseLedgerMark(message.split('\n\nWrite-Id')[0] ?? '');
    expect(mark).toEqual({ sequence: 5, hash: ledger.entries[4]?.hash });
  });

  it('lets one of two win, and the other decides anew', async () => {
    const place = await open();
    const stores = await Promise.all([place.open(), place.open()]);
    const [one, other] = await Promise.all([
      promote({ ...REQUEST, actor: 'one' }, CONTEXT, realTime(stores[0], place.evidence)),
      promote({ ...REQUEST, actor: 'other', version: '1.1.0' }, SECOND, realTime(stores[1], place.evidence)),
    ]);
    expect([one.decision, other.decision]).toEqual(['promoted', 'promoted']);
    const ledger = await readLedgerOf(place.directory);
    const confirmed = listClaims(ledger).filter(({ state }) => state === 'confirmed');
    expect(confirmed).toHaveLength(2);
    expect(confirmed[1]?.claim.from).toBe(confirmed[0]?.claim.subject);
    expect(await listTags(place.directory)).toEqual([
      'churn#production#1',
      'churn#production#2',
      'churn@v1.0.0',
      'churn@v1.1.0',
    ]);
  });

  it('settles a claim whose job died before it wrote its tags', async () => {
    const { store, directory, evidence } = await open();
    const dying: RefStore = {
      ...store,
      writeAtomically: async (change) => {
        await store.write(change);
        throw new Killed();
      },
      write: async () => Promise.reject(new Killed()),
    };
    await expect(promote(REQUEST, CONTEXT, makeEffects(dying, evidence))).rejects.toThrow('broke off');
    expect(states(await readLedgerOf(directory))).toEqual(['1.0.0 open']);

    const clock = makeClock();
    const result = await promote(
      { ...REQUEST, version: '1.1.0' },
      SECOND,
      makeEffects(store, evidence, clock),
    );
    expect(result).toMatchObject({ decision: 'promoted', tags: ['churn@v1.1.0', 'churn#production#1'] });
    expect(states(await readLedgerOf(directory))).toEqual(['1.0.0 abandoned', '1.1.0 confirmed']);
    expect(clock.slept()).toBeGreaterThanOrEqual(20_000);
  });
});

describe('in a local repository, beyond the usual,', () => {
  const open = openLocal;

  it('writes nothing when it refuses', async () => {
    const { store, directory, evidence } = await open();
    const effects = makeEffects(store, evidence);
    const result = await promote(
      { ...REQUEST, stage: 'prod' },
      { ...CONTEXT, subject: 'f'.repeat(64) },
      effects,
    );
    expect(codes(result)).toEqual(['stage-unknown', 'no-evidence']);
    expect(await listTags(directory)).toEqual([]);
    expect(await store.resolve(LEDGER_REF)).toBeUndefined();
  });

  it('lets the same promotion happen once', async () => {
    const place = await open();
    const stores = await Promise.all([place.open(), place.open()]);
    const results = await Promise.all(
      stores.map((store) => promote(REQUEST, CONTEXT, realTime(store, place.evidence))),
    );
    expect(results.map(({ decision }) => decision).sort()).toEqual(['promoted', 'unchanged']);
    expect(await listTags(place.directory)).toEqual(['churn#production#1', 'churn@v1.0.0']);
  });

  it('settles a claim whose job died after its tags', async () => {
    const { store, directory, evidence } = await open();
    const dying = { ...store, write: async () => Promise.reject(new Killed()) };
    await expect(promote(REQUEST, CONTEXT, makeEffects(dying, evidence))).rejects.toThrow(Killed);
    expect(states(await readLedgerOf(directory))).toEqual(['1.0.0 open']);
    const clock = makeClock();
    expect(await promote(REQUEST, CONTEXT, makeEffects(store, evidence, clock))).toMatchObject({
      decision: 'unchanged',
      tags: ['churn#production#1'],
    });
    expect(states(await readLedgerOf(directory))).toEqual(['1.0.0 confirmed']);
    expect(clock.slept()).toBe(0);
  });

  it('knows the version of a job that died between its two tags', async () => {
    const { store, directory, commits, evidence } = await open();
    const dying: RefStore = {
      ...store,
      writeAtomically: async (change, [tag]) => {
        await store.write(change);
        if (tag?.target !== undefined) await store.createTag({ ...tag, target: tag.target });
        throw new Killed();
      },
    };
    await expect(promote(REQUEST, CONTEXT, makeEffects(dying, evidence))).rejects.toThrow(Killed);
    expect(states(await readLedgerOf(directory))).toEqual(['1.0.0 abandoned']);
    expect(await listTags(directory)).toEqual(['churn@v1.0.0']);
    const effects = makeEffects(store, evidence);
    expect(codes(await promote(REQUEST, SECOND, effects))).toContain('version-taken');
    expect(await promote(REQUEST, CONTEXT, effects)).toMatchObject({
      tags: ['churn#production#1'],
      target: commits[0],
    });
  });

  it('confirms what a slow job wrote after it was given up for dead', async () => {
    const { store, open: openAnother, directory, evidence } = await open();
    const other = await openAnother();
    const slow: RefStore = {
      ...store,
      writeAtomically: async (change, tags) => {
        const written = await store.write(change);
        // Meanwhile another promotion gives the claim up, and is then refused.
        const late = makeEffects(other, evidence, makeClock(new Date(NOW.getTime() + CLAIM_PATIENCE_MS)));
        await promote({ ...REQUEST, stage: 'prod' }, SECOND, late);
        expect(states(await readLedgerOf(directory))).toEqual(['1.0.0 abandoned']);
        for (const tag of tags) await store.createTag({ ...tag, target: tag.target ?? '' });
        return written;
      },
    };
    expect((await promote(REQUEST, CONTEXT, makeEffects(slow, evidence))).decision).toBe('promoted');
    expect(states(await readLedgerOf(directory))).toEqual(['1.0.0 confirmed']);
    expect((await readLedgerOf(directory)).entries.map(({ action }) => action)).toEqual([
      'claim',
      'abandon',
      'confirm',
    ]);
  });

  it('stops when somebody shortened the ledger', async () => {
    const { store, directory, evidence } = await open();
    const effects = makeEffects(store, evidence);
    await promote(REQUEST, CONTEXT, effects);
    const good = (await store.resolve(LEDGER_REF)) ?? '';
    await promote({ ...REQUEST, version: '1.1.0' }, SECOND, effects);
    await runGit(directory, ['update-ref', LEDGER_REF, good]);
    const result = await promote({ ...REQUEST, stage: 'staging' }, CONTEXT, effects);
    expect(codes(result)).toEqual(['ledger-rewritten']);
    expect(result.reasons[0]?.message).toContain('but the ledger ends at 2: it was shortened');
    expect(result.reasons[0]?.message).toMatch(/^The tag `churn.*` remembers entry 3 /);
  });

  it('stops when the ledger is broken, and names the line', async () => {
    const { store, evidence } = await open();
    const files = new Map([[LEDGER_FILE, '{}\n']]);
    await store.write({ ref: LEDGER_REF, expected: undefined, files, message: 'x' });
    const result = await promote(REQUEST, CONTEXT, makeEffects(store, evidence));
    expect(codes(result)).toContain('ledger-broken');
    expect(result.reasons[0]?.message).toContain('line 1: it is no ledger entry');
  });

  it('reads tags of others: by hand, lightweight, unassigned', async () => {
    const { store, directory, commits, evidence } = await open();
    const effects = makeEffects(store, evidence);
    await promote(REQUEST, CONTEXT, effects);
    await store.createTag({ name: 'churn#production!#2', target: commits[0], message: 'By hand' });
    await runGit(directory, ['tag', 'churn#production#9', commits[1]]);
    const again = await promote(REQUEST, CONTEXT, effects);
    expect(again).toMatchObject({ decision: 'promoted', tags: ['churn#production#10'] });
    await store.createTag({ name: 'churn#production#11', target: commits[1], message: 'By hand' });
    const over = await promote(REQUEST, CONTEXT, effects);
    expect(over).toMatchObject({ decision: 'promoted', tags: ['churn#production#12'] });
    expect(over.warnings.map(({ code }) => code)).toContain('stage-not-in-ledger');
  });
});

/** A store as REST has it (claim, then each tag), of a process that is killed before or after its nth write. */
function killAt(store: RefStore, nth: number, when: 'before' | 'after'): RefStore {
  let writes = 0;
  let dead = false;
  const alive = async <T>(step: () => Promise<T>): Promise<T> => {
    if (dead) throw new Killed();
    return await step();
  };
  const count = async <T>(step: () => Promise<T>): Promise<T> => {
    writes += 1;
    if (writes === nth && when === 'before') dead = true;
    const done = await alive(step);
    if (writes === nth) dead = true;
    return await alive(async () => await Promise.resolve(done));
  };
  return {
    ...store,
    resolve: async (ref) => await alive(async () => await store.resolve(ref)),
    write: async (change) => await count(async () => await store.write(change)),
    writeAtomically: async (change, tags) => {
      const written = await count(async () => await store.write(change));
      for (const tag of tags) {
        await count(async () => await store.createTag({ ...tag, target: tag.target ?? '' }));
      }
      return written;
    },
  };
}

describe.each(
  [1, 2, 3, 4].flatMap((nth) => [
    { nth, when: 'before' as const },
    { nth, when: 'after' as const },
  ]),
)('a process that is killed $when its write $nth', ({ nth, when }) => {
  it.each([
    { what: 'the same promotion', version: '1.0.0', context: CONTEXT },
    { what: 'another one', version: '1.1.0', context: SECOND },
  ])('leaves nothing unknown to $what', async ({ version, context }) => {
    const store = createMemoryStore();
    const evidence = evidenceOfBoth(['a'.repeat(40), 'b'.repeat(40)]);
    const killed = killAt(store, nth, when);
    await expect(promote(REQUEST, CONTEXT, makeEffects(killed, evidence))).rejects.toThrow(/broke off|^$/);
    const result = await promote({ ...REQUEST, version }, context, makeEffects(store, evidence));
    expect(result.reasons).toEqual([]);

    const { reading, tags } = await readSnapshot(store);
    const claims = reading.kind === 'sound' ? listClaims(reading.ledger) : [];
    expect(claims.filter(({ state }) => state === 'open')).toEqual([]);
    const confirmed = claims.filter(({ state }) => state === 'confirmed').map(({ claim }) => claim);
    const stages = tags.map(({ name }) => name).filter((name) => name.includes('#'));
    expect(stages).toEqual(confirmed.map(({ tags = [] }) => tags.at(-1)));
    expect(confirmed.at(-1)).toMatchObject({ modelVersion: version, subject: context.subject });
    expect(result.tags.at(-1)).toBe(stages.at(-1));
  });
});

/** A store whose every call takes a while, drawn at random: so calls of several promotions meet in any order. */
function delay(store: RefStore, random: () => number): RefStore {
  const wait = async () => {
    for (let turns = Math.floor(random() * 5); turns > 0; turns -= 1) await nextTurn();
  };
  const slow =
    (call: unknown) =>
    async (...given: readonly unknown[]) => {
      await wait();
      return await (call as (...given: readonly unknown[]) => Promise<unknown>)(...given);
    };
  return Object.fromEntries(
    Object.entries(store).map(([name, call]) => [name, slow(call)]),
  ) as unknown as RefStore;
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

describe('several promotions at once, in any order of their calls', () => {
  it('leave a sound ledger that says what the registry holds', async () => {
    for (let seed = 1; seed <= 40; seed += 1) {
      const { uniform } = createRandom(seed);
      const store = delay(createMemoryStore(), uniform);
      const evidence = evidenceOfBoth(['a'.repeat(40), 'b'.repeat(40)]);
      const clock = makeClock();
      const sleep = async (milliseconds: number) => {
        await clock.sleep(milliseconds / 1000);
        await nextTurn();
      };
      const effects = { ...makeEffects(store, evidence, clock), timing: { random: uniform, sleep } };
      const results = await Promise.all([
        promote(REQUEST, CONTEXT, effects),
        promote({ ...REQUEST, version: '1.1.0' }, SECOND, effects),
        promote({ ...REQUEST, stage: 'staging' }, CONTEXT, effects),
        promote({ ...REQUEST, version: '1.1.0', stage: 'staging' }, SECOND, effects),
      ]);
      expect(results.map(({ decision }) => decision)).not.toContain('refused');
      const { reading, tags } = await readSnapshot(store);
      if (reading.kind === 'broken') throw new Error(reading.reason);
      const claims = listClaims(parseSound(printLedger(reading.ledger)));
      expect(claims.filter(({ state }) => state === 'open')).toEqual([]);
      const confirmed = claims.flatMap(({ claim, state }) =>
        state === 'confirmed' ? (claim.tags ?? []) : [],
      );
      expect(tags.map(({ name }) => name).sort()).toEqual([...confirmed].sort());
      expect(new Set(confirmed).size).toBe(confirmed.length);
      const counters = confirmed.flatMap((name) => /#(\d+)$/.exec(name)?.[1] ?? []).map(Number);
      expect(counters).toEqual(counters.map((_, index) => index + 1));
    }
  });
});

function parseSound(text: string): Ledger {
  const reading = parseLedger(text);
  if (reading.kind === 'broken') throw new Error(`${reading.line}: ${reading.reason}`);
  return reading.ledger;
}

describe('on GitHub', { timeout: 120_000 }, () => {
  it('gives up a claim whose tag GitHub refuses, and says what it said', async () => {
    const { store, github, directory, evidence } = await openGitHub();
    const clock = makeClock();
    github.state.faults.push({
      operation: 'git/create-tag',
      times: 1,
      respond: { status: 403, message: 'Resource not accessible by integration' },
    });
    const effects = makeEffects(store, evidence, clock);
    await expect(promote(REQUEST, CONTEXT, effects)).rejects.toThrow(/Resource not accessible/);
    expect(states(await readLedgerOf(directory))).toEqual(['1.0.0 abandoned']);
    expect(clock.slept()).toBe(0);
    expect((await promote(REQUEST, CONTEXT, effects)).decision).toBe('promoted');
  });

  it('counts what GitHub did although the answer was lost', async () => {
    const { store, github, directory, evidence } = await openGitHub();
    github.state.faults.push({ operation: 'git/create-ref', times: 1, drop: 'after' });
    const result = await promote(REQUEST, CONTEXT, makeEffects(store, evidence));
    expect(result.decision).toBe('promoted');
    expect(states(await readLedgerOf(directory))).toEqual(['1.0.0 confirmed']);
  });

  it('takes few calls, whatever was promoted before', async () => {
    const { store, github, evidence } = await openGitHub();
    const effects = makeEffects(store, evidence);
    await promote(REQUEST, CONTEXT, effects);
    const before = github.state.requests.length;
    await promote({ ...REQUEST, version: '1.1.0' }, SECOND, effects);
    const second = github.state.requests.length - before;
    await promote({ ...REQUEST, stage: 'staging' }, CONTEXT, effects);
    const later = github.state.requests.length;
    await promote({ ...REQUEST, reason: 'Back.' }, CONTEXT, effects);
    expect(second).toBeLessThanOrEqual(MAX_CALLS);
    expect(github.state.requests.length - later).toBeLessThanOrEqual(MAX_CALLS);
  });

  it('needs permission to write', async () => {
    const platform = await startRestPlatform();
    cleanups.push(platform.close);
    const commits = await commitTwice(platform.workspace);
    await platform.workspace.push();
    const store = openRestStore(await platform.connect({ contents: 'read' }));
    const failure: unknown = await promote(
      REQUEST,
      CONTEXT,
      makeEffects(store, evidenceOfBoth(commits)),
    ).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(WorldError);
    expect(failure).toMatchObject({ help: expect.stringContaining('contents: write') });
  });
});

describe('verification', () => {
  it('looks at the newest run first, and only where nothing else speaks against it', async () => {
    const { store, commits } = await openLocal();
    const old = evidenceOf(commits[0], DIGEST, {
      createdAt: new Date('2026-11-20T00:00:00Z'),
      source: { run: 1 },
    });
    const forged = evidenceOf(commits[1], DIGEST, {
      createdAt: new Date('2026-11-21T00:00:00Z'),
      source: { run: 2 },
    });
    const stale = evidenceOf(commits[1], DIGEST, {
      createdAt: new Date('2026-01-21T00:00:00Z'),
      source: { run: 3 },
    });
    const looks: (number | undefined)[] = [];
    const effects = {
      ...makeEffects(store, [stale, old, forged]),
      verify: async ({ source }: Evidence) => {
        looks.push(source.run);
        return source.run === 2
          ? ({ kind: 'refused', reasons: ['It was a fork.'] } as const)
          : ({ kind: 'verified', by: 'artifact' } as const);
      },
    };
    const result = await promote(REQUEST, CONTEXT, effects);
    expect(looks).toEqual([2, 1]);
    expect(result).toMatchObject({
      decision: 'promoted',
      evidence: { commit: commits[0], verified: 'artifact' },
      warnings: [],
    });
  });
});

/** Stands for a process that is killed. */
class Killed extends Error {}

function sleepShortly(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds / 10));
}

function realTime(store: RefStore, evidence: readonly Evidence[]) {
  const timing = { random: Math.random, sleep: sleepShortly };
  return { ...makeEffects(store, evidence), now: () => new Date(), timing };
}

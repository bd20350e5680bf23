import { describe, expect, it } from 'vitest';
import type { RefStore, TagRef } from '../../src/platform/ref-store.ts';
import { parseGtoTag } from '../../src/promotion/gto-tags.ts';
import { appendRecord, EMPTY_LEDGER } from '../../src/promotion/ledger.ts';
import {
  currentStage,
  findDeprecation,
  findVersion,
  findVersionAt,
  readRegistry,
  type RegistryTag,
} from '../../src/promotion/registry.ts';
import { parseLedgerMark, printTagMessage } from '../../src/promotion/tag-message.ts';
import { COMMIT, DIGEST, OTHER_COMMIT, OTHER_DIGEST } from './cases.ts';

const THIRD = 'c'.repeat(40);

function tags(entries: Readonly<Record<string, string>>): readonly RegistryTag[] {
  return Object.entries(entries).map(([name, target]) => {
    const event = parseGtoTag(name);
    if (event === undefined) throw new Error(name);
    return { name, event, target, mark: undefined };
  });
}

describe('currentStage', () => {
  it.each<[string, Readonly<Record<string, string>>, string | undefined]>([
    ['nothing', {}, undefined],
    ['the only one', { 'churn#prod#1': COMMIT }, 'churn#prod#1'],
    [
      'the newest, whatever the order of the names',
      { 'churn#prod#10': COMMIT, 'churn#prod#9': OTHER_COMMIT },
      'churn#prod#10',
    ],
    ['not that of another stage', { 'churn#prod#1': COMMIT, 'churn#dev#2': OTHER_COMMIT }, 'churn#prod#1'],
    ['not that of another model', { 'churn#prod#1': COMMIT, 'fraud#prod#2': OTHER_COMMIT }, 'churn#prod#1'],
    ['none after it was taken away', { 'churn#prod#1': COMMIT, 'churn#prod!#2': COMMIT }, undefined],
    [
      'the one before after the newest was taken away',
      { 'churn#prod#1': COMMIT, 'churn#prod#2': OTHER_COMMIT, 'churn#prod!#3': OTHER_COMMIT },
      'churn#prod#1',
    ],
    [
      'the newest although an older one was taken away',
      { 'churn#prod#1': COMMIT, 'churn#prod#2': OTHER_COMMIT, 'churn#prod!#3': COMMIT },
      'churn#prod#2',
    ],
    [
      'a tag that counts before one that does not',
      { 'churn#prod': COMMIT, 'churn#prod#1': OTHER_COMMIT },
      'churn#prod#1',
    ],
    ['a tag that does not count', { 'churn#prod': COMMIT }, 'churn#prod'],
    [
      'not a version that was taken back',
      {
        'churn@v1.0.0': COMMIT,
        'churn#prod#1': OTHER_COMMIT,
        'churn#prod#2': COMMIT,
        'churn@v1.0.0!#3': COMMIT,
      },
      'churn#prod#1',
    ],
    [
      'assigned again',
      { 'churn#prod#1': COMMIT, 'churn#prod!#2': COMMIT, 'churn#prod#3': COMMIT },
      'churn#prod#3',
    ],
  ])('is %s', (_what, entries, expected) => {
    expect(currentStage(tags(entries), 'churn', 'prod')?.name).toBe(expected);
  });
});

describe('versions', () => {
  const all = tags({
    'churn@v1.0.0': COMMIT,
    'churn@v1.0.0!': COMMIT,
    'churn@v1.1.0': OTHER_COMMIT,
    'churn@v1.1.0!#3': OTHER_COMMIT,
    'churn@v1.1.0#4': OTHER_COMMIT,
  });

  it('are found by name and by commit, with the last word', () => {
    expect(findVersion(all, '1.0.0')?.name).toBe('churn@v1.0.0!');
    expect(findVersion(all, '1.1.0')?.name).toBe('churn@v1.1.0#4');
    expect(findVersion(all, '2.0.0')).toBeUndefined();
    expect(findVersionAt(all, OTHER_COMMIT)?.name).toBe('churn@v1.1.0#4');
    expect(findVersionAt(all, THIRD)).toBeUndefined();
  });
});

describe('findDeprecation', () => {
  it.each<[readonly string[], string | undefined]>([
    [['churn#prod#1'], undefined],
    [['churn#prod#1', 'churn@deprecated#2'], 'churn@deprecated#2'],
    [['churn#prod#3', 'churn@deprecated#2'], undefined],
    [['churn#prod#3', 'churn@deprecated'], 'churn@deprecated'],
    [['fraud@deprecated#9'], undefined],
  ])('of %j is %s', (names, expected) => {
    expect(findDeprecation(names, 'churn')).toBe(expected);
  });
});

/** A store of tags; a target of undefined stands for a lightweight one. */
function openTags(
  entries: Readonly<Record<string, { readonly target?: string; readonly message?: string }>>,
) {
  const read: string[] = [];
  const refs: TagRef[] = Object.keys(entries).map((name, index) => ({
    name,
    object: String(index).padStart(40, '0'),
  }));
  const store: Pick<RefStore, 'readTag'> = {
    readTag: async ({ name, object }) => {
      read.push(name);
      return { target: entries[name]?.target ?? object, message: entries[name]?.message ?? '' };
    },
  };
  return { store, refs, read };
}

const WANTED = { model: 'churn', stage: 'prod', version: '2.0.0' };

describe('readRegistry', () => {
  it('reads the newest tag of the stage and no older one', async () => {
    const { store, refs, read } = openTags({
      'churn#prod#1': { target: COMMIT },
      'churn#prod#2': { target: OTHER_COMMIT },
      'churn#dev#3': { target: COMMIT },
      'v1.0.0': {},
    });
    const registry = await readRegistry(store, refs, WANTED, EMPTY_LEDGER);
    expect(registry.names).toEqual(['churn#prod#1', 'churn#prod#2', 'churn#dev#3']);
    expect(registry.stageTags.map(({ name }) => name)).toEqual(['churn#prod#2']);
    expect(read).not.toContain('churn#prod#1');
  });

  it('reads them all where one takes the stage away', async () => {
    const { store, refs } = openTags({
      'churn#prod#1': { target: COMMIT },
      'churn#prod#2': { target: OTHER_COMMIT },
      'churn#prod!#3': { target: OTHER_COMMIT },
    });
    const registry = await readRegistry(store, refs, WANTED, EMPTY_LEDGER);
    expect(registry.stageTags).toHaveLength(3);
    expect(currentStage(registry.stageTags, 'churn', 'prod')?.name).toBe('churn#prod#1');
  });

  it('passes over lightweight tags, as GTO does', async () => {
    const { store, refs } = openTags({
      'churn#prod#1': { target: COMMIT },
      'churn#prod#2': {},
      'churn@v2.0.0': {},
    });
    const registry = await readRegistry(store, refs, WANTED, EMPTY_LEDGER);
    expect(registry.stageTags.map(({ name }) => name)).toEqual(['churn#prod#1']);
    expect(registry.versionTags).toEqual([]);
    expect([...registry.lightweight].sort()).toEqual(['churn#prod#2', 'churn@v2.0.0']);
  });

  it('takes from the ledger what it has confirmed, reads the version that is asked for, and keeps the witnesses', async () => {
    const claim = {
      time: '2026-11-21T10:00:00Z',
      action: 'claim',
      model: 'churn',
      modelVersion: '1.0.0',
      stage: 'prod',
      subject: DIGEST,
      evidence: OTHER_DIGEST,
      commit: COMMIT,
      tags: ['churn@v1.0.0', 'churn#prod#1'],
      actor: 'octocat',
      reason: 'First.',
    } as const;
    const made = appendRecord(EMPTY_LEDGER, claim);
    const { ledger } = appendRecord(made.ledger, { ...claim, action: 'confirm', claims: 1 });
    const message = printTagMessage(made.entry);
    const { store, refs, read } = openTags({
      'churn@v1.0.0': { target: COMMIT, message },
      'churn#prod#1': { target: COMMIT, message },
      'churn@v2.0.0': { target: THIRD, message: 'By hand' },
      'fraud#prod#5': { target: THIRD, message: 'Ledger: 9 nothing' },
    });
    const registry = await readRegistry(store, refs, WANTED, ledger);
    expect(registry.versionTags.map(({ name, target }) => [name, target])).toEqual([
      ['churn@v1.0.0', COMMIT],
      ['churn@v2.0.0', THIRD],
    ]);
    expect(read).not.toContain('churn@v1.0.0');
    expect(registry.witnesses.map(({ name, mark }) => [name, mark])).toEqual([
      ['churn#prod#1', { sequence: 1, hash: made.entry.hash }],
    ]);
    expect(new Set(read).size).toBe(read.length);
  });
});

describe('parseLedgerMark', () => {
  it.each([
    '',
    'By hand',
    'Ledger: 1',
    `Ledger: 0 ${DIGEST}`,
    `Ledger: 1 ${DIGEST}\nmore`,
    `x Ledger: 1 ${DIGEST}`,
  ])('finds none in %j', (message) => {
    expect(parseLedgerMark(message)).toBeUndefined();
  });

  it('reads the last line only', () => {
    const message = `Reason: Ledger: 1 ${DIGEST}\nLedger: 2 ${OTHER_DIGEST}\n`;
    expect(parseLedgerMark(message)).toEqual({ sequence: 2, hash: OTHER_DIGEST });
  });
});

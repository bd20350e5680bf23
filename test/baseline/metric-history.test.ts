import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planHistoryEntry, readMetricHistory } from '../../src/baseline/metric-history.ts';
import {
  parseHistoryEntry,
  printHistoryEntry,
  toHistoryEntry,
  type HistoryEntry,
} from '../../src/evidence/metric-history.ts';
import { evidenceOf, TEST_SET } from './evidence.ts';
import { createHistory, idOf } from './history.ts';
import { createMemoryStore } from './memory-store.ts';

const BRANCH = 'mlgate';

function entryOf(name: string, at: string, value = 0.9): HistoryEntry {
  const entry = toHistoryEntry(evidenceOf(idOf(name)));
  if (entry === undefined) throw new Error('evidence without a commit');
  const [first] = entry.values;
  return { ...entry, at, values: first === undefined ? [] : [{ ...first, value }] };
}

function storeOf(files: Readonly<Record<string, readonly (HistoryEntry | string)[]>>) {
  const texts = Object.entries(files).map(([path, lines]) => [
    path,
    lines.map((line) => `${typeof line === 'string' ? line : printHistoryEntry(line)}\n`).join(''),
  ]);
  return createMemoryStore({ [`refs/heads/${BRANCH}`]: Object.fromEntries(texts) });
}

const MAIN = createHistory({ m4: ['m3', 'x'], m3: ['m2'], m2: ['m1'], m1: [], x: ['m1'] });

function search(from: string, window = 10) {
  return { branch: BRANCH, history: MAIN, from: idOf(from), window };
}

describe('toHistoryEntry', () => {
  it('keeps whole test sets with their interval, and the paired comparison with its commit', () => {
    const interval = { level: 0.9, low: 0.88, high: 0.92, method: 'Wilson' };
    const about = { model: 'churn', datasetDigest: TEST_SET };
    const metric = {
      name: 'accuracy',
      about,
      definition: 1,
      direction: 'higher-is-better',
      value: 0.9,
      interval,
      comparison: {
        baseline: 0.91,
        difference: -0.01,
        interval: { level: 0.9, low: -0.02, high: 0, method: 'Tango' },
        method: 'paired',
      },
    } as const;
    const baseline = { rung: 'exact', commit: idOf('m1'), tried: [] } as const;
    const slice = { ...metric, about: { ...about, slice: 'region=north' } };
    const entry = toHistoryEntry(evidenceOf(idOf('m2'), { body: { metrics: [metric, slice], baseline } }));
    expect(entry?.values).toEqual([
      {
        metric: 'accuracy',
        about,
        definition: 1,
        direction: 'higher-is-better',
        value: 0.9,
        interval: { level: 0.9, low: 0.88, high: 0.92 },
        change: { since: idOf('m1'), low: -0.02, high: 0 },
      },
    ]);
  });

  it('is nothing for evidence that names no commit', () => {
    const { commit: _, ...source } = evidenceOf(idOf('m1')).source;
    expect(toHistoryEntry({ ...evidenceOf(idOf('m1')), source })).toBeUndefined();
  });
});

describe('parseHistoryEntry', () => {
  it('reads what was printed, and nothing else', () => {
    const entry = entryOf('m1', '2026-01-01T00:00:00Z');
    expect(parseHistoryEntry(printHistoryEntry(entry))).toEqual(entry);
    const broken = [
      '',
      '{',
      'null',
      '[]',
      JSON.stringify({ ...entry, commit: 'main' }),
      JSON.stringify({ ...entry, at: 'yesterday' }),
      JSON.stringify({ ...entry, values: [{ ...entry.values[0], value: '0.9' }] }),
      JSON.stringify({ ...entry, values: [{ ...entry.values[0], interval: { low: 0 } }] }),
    ];
    expect(broken.map(parseHistoryEntry)).toEqual(broken.map(() => undefined));
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        const read = parseHistoryEntry(text);
        expect(read === undefined || parseHistoryEntry(printHistoryEntry(read)) !== undefined).toBe(true);
      }),
    );
  });
});

describe('planHistoryEntry', () => {
  it('appends a line to the month of the measurement, once', async () => {
    const first = entryOf('m1', '2026-01-31T23:59:59Z');
    const store = storeOf({ 'history/2026-01.jsonl': [first] });
    const tip = await store.resolve(`refs/heads/${BRANCH}`);
    expect(await planHistoryEntry(store, tip, first)).toEqual(new Map());
    const second = entryOf('m2', '2026-01-31T23:59:59Z');
    const files = await planHistoryEntry(store, tip, second);
    expect([...files]).toEqual([
      ['history/2026-01.jsonl', `${printHistoryEntry(first)}\n${printHistoryEntry(second)}\n`],
    ]);
    const again = { ...first, evidence: 'e'.repeat(64), at: '2026-02-01T00:00:00Z' };
    expect([...(await planHistoryEntry(store, tip, again)).keys()]).toEqual(['history/2026-02.jsonl']);
    expect([...(await planHistoryEntry(store, undefined, first)).keys()]).toEqual(['history/2026-01.jsonl']);
  });
});

describe('readMetricHistory', () => {
  it('lists measurements of first parents oldest first, whatever the order in which they were made', async () => {
    const store = storeOf({
      'history/2026-01.jsonl': [entryOf('m3', '2026-01-03T00:00:00Z'), entryOf('x', '2026-01-04T00:00:00Z')],
      'history/2026-02.jsonl': [entryOf('m4', '2026-02-02T00:00:00Z'), entryOf('m1', '2026-02-03T00:00:00Z')],
    });
    const read = await readMetricHistory(store, search('m4'));
    expect(read.commits).toEqual(['m1', 'm2', 'm3', 'm4'].map(idOf));
    expect(read.entries.map(({ commit }) => commit)).toEqual(['m1', 'm3', 'm4'].map(idOf));
    const older = await readMetricHistory(store, search('m3', 1));
    expect(older.entries.map(({ commit }) => commit)).toEqual([idOf('m3')]);
  });

  it('keeps every measurement of a commit, by time', async () => {
    const late = entryOf('m1', '2026-01-02T00:00:00Z', 0.91);
    const early = entryOf('m1', '2026-01-01T00:00:00Z', 0.89);
    const read = await readMetricHistory(storeOf({ 'history/2026-01.jsonl': [late, early] }), search('m1'));
    expect(read.entries.map(({ values }) => values[0]?.value)).toEqual([0.89, 0.91]);
  });

  it('passes over what mlgate did not write, and says how much', async () => {
    const store = storeOf({
      'history/2026-01.jsonl': ['<script>', entryOf('m1', '2026-01-02T00:00:00Z')],
      'history/README.md': ['hello'],
    });
    const read = await readMetricHistory(store, search('m1'));
    expect([read.entries.length, read.unreadable]).toEqual([1, 1]);
  });

  it('is empty where nothing was recorded', async () => {
    const read = await readMetricHistory(createMemoryStore({}), search('m2'));
    expect(read).toEqual({ commits: ['m1', 'm2'].map(idOf), entries: [], unreadable: 0 });
  });
});

/** The files of a commit as GitHub's API gives them, without a clone. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ChainResult } from '../../src/chain/chain.ts';
import { parseWholeConfig } from '../../src/chain/connect.ts';
import { openHistoryResort } from '../../src/chain/history-baseline.ts';
import { openRestHistory, readCommitTime } from '../../src/platform/rest-history.ts';
import { openRestStore } from '../../src/platform/rest-ref-store.ts';
import { evidenceOf } from '../baseline/evidence.ts';
import { startRestPlatform, type RestPlatform } from '../platform/rest-platform.ts';

let platform: RestPlatform;

beforeAll(async () => {
  platform = await startRestPlatform();
});

afterAll(() => platform.close());

async function look(path: string, commit: string) {
  const { client } = platform;
  const measured: { path: string; content: string; madeAt: string }[] = [];
  const finding = await openHistoryResort({
    parsed: parseWholeConfig(`version: 1\nmetrics: { a: { path: ${path} } }\n`, 'mlgate.yml'),
    wanted: { kind: 'commit', commit, how: 'merge-parent' },
    history: openRestHistory(client),
    store: openRestStore(client),
    timeOf: async (each) => await readCommitTime(client, each),
    prefix: 'gates',
    root: platform.workspace.directory,
    measure: async ({ files, source, madeAt }) => {
      for (const [name, bytes] of files)
        measured.push({ path: name, content: Buffer.from(bytes).toString(), madeAt: madeAt.toISOString() });
      const result: ChainResult = { evidence: evidenceOf(source.commit ?? ''), outcomes: new Map() };
      return await Promise.resolve(result);
    },
  }).look();
  return { finding, measured };
}

describe('the history of files through REST', () => {
  it('goes back to the nearest commit that has them, from the folder of the config', async () => {
    const { workspace } = platform;
    const holder = await workspace.commit({ 'gates/a.json': '{"loss": 1}' });
    await workspace.commit({ 'gates/a.json': null });
    const tip = await workspace.commit({ b: 'x' });
    await workspace.push();
    const { finding, measured } = await look('a.json', tip);
    expect(finding).toMatchObject({ kind: 'found', details: { commit: holder, distance: 2 } });
    expect(measured).toEqual([
      { path: 'a.json', content: '{"loss": 1}', madeAt: expect.stringMatching(/^2026-11-01T12:/u) },
    ]);
  });

  it('says what is not there, and reads nothing outside the repository', async () => {
    const { workspace } = platform;
    const tip = await workspace.commit({ 'gates/dvc.lock': 'stages: {}\n' });
    await workspace.push();
    expect((await look('lost.json', tip)).finding).toEqual({
      kind: 'none',
      reason: expect.stringMatching(/has no `lost\.json`.* Nor has any of the \d+ commits before it\./u),
    });
    expect((await look('../../secret.json', tip)).finding).toEqual({
      kind: 'none',
      reason: expect.stringContaining('`../../secret.json` is outside the repository.'),
    });
    const broken = await workspace.commit({ 'gates/dvc.lock': 'stages: [' });
    await workspace.push();
    expect((await look('lost.json', broken)).finding).toEqual({
      kind: 'none',
      reason: expect.stringMatching(/`gates\/dvc\.lock` of commit \w+ is not YAML/u),
    });
  });
});

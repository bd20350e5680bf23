import { describe, expect, it } from 'vitest';
import { listResorts, usesBranch, type Place } from '../../src/baseline/ladder.ts';
import { findNothing, type Resort } from '../../src/baseline/resort.ts';

function open(rung: Resort['rung']): Resort {
  return { rung, whenUnreachable: 'say', look: async () => findNothing(rung) };
}

const ALL: Readonly<Record<Place, Resort>> = {
  artifact: open('artifact'),
  dvc: open('history'),
  mlflow: open('history'),
  file: open('file'),
  champion: open('champion'),
};

describe('the ladder of a store', () => {
  it.each([
    ['branch', true, ['artifact', 'file', 'champion']],
    ['artifact', false, ['artifact', 'file', 'champion']],
    ['file', false, ['file']],
    ['dvc', false, ['history', 'file', 'champion']],
    ['mlflow', false, ['history', 'file', 'champion']],
  ] as const)('%s', (store, branch, rungs) => {
    expect(usesBranch({ store })).toBe(branch);
    expect(listResorts({ store }, ALL).map(({ rung }) => rung)).toEqual(rungs);
  });

  it('leaves out what is not there, but says so of the store itself', async () => {
    expect(listResorts({ store: 'branch' }, {})).toEqual([]);
    for (const [store, reason] of [
      ['artifact', /in a workflow on GitHub/u],
      ['file', /`baseline\.evidence`/u],
      ['dvc', /in no git repository/u],
      ['mlflow', /`baseline\.mlflow`/u],
    ] as const) {
      const [resort, ...others] = listResorts({ store }, {});
      expect(others).toEqual([]);
      expect(await resort?.look()).toEqual({ kind: 'none', reason: expect.stringMatching(reason) });
    }
  });
});

import { describe, expect, test } from 'vitest';
import { NOTEBOOK } from '../../../src/metrics/importers/notebook.ts';
import { recogniseFormat } from '../../../src/metrics/importers/recognise-format.ts';
import { findFlaws } from './hostile-files.ts';
import { fileSource, memorySource } from './sources.ts';

const FIXTURES = 'test/fixtures/notebook';

async function read(name: string) {
  const source = await fileSource(`${FIXTURES}/${name}.ipynb`);
  expect((await recogniseFormat(source)).format).toBe('notebook');
  const [run] = await NOTEBOOK.read(source);
  return {
    run,
    status: run?.status,
    detail: run?.detail,
    outcomes: Object.fromEntries(run?.results.map(({ name, outcome }) => [name, outcome]) ?? []),
  };
}

describe('notebooks', () => {
  test('that ran from top to bottom are complete', async () => {
    expect(await read('good')).toMatchObject({
      status: 'complete',
      outcomes: { 'cell 2': 'pass', 'cell 3': 'pass', order: 'pass', secrets: 'pass' },
    });
  });

  test('with a cell that ended in an error failed', async () => {
    expect(await read('failed')).toMatchObject({
      status: 'failed',
      detail: 'Cells that ended in an error: 3.',
      outcomes: { 'cell 2': 'pass', 'cell 3': 'fail', 'cell 4': 'pass' },
    });
    expect(await read('stopped')).toMatchObject({
      status: 'failed',
      outcomes: { 'cell 1': 'fail', 'cell 2': 'skipped' },
    });
  });

  test('that did not run are incomplete', async () => {
    expect(await read('never-run')).toMatchObject({
      status: 'partial',
      detail: 'Cells that did not run: 1.',
    });
  });

  test('that ran in another order than they stand fail', async () => {
    expect((await read('out-of-order')).outcomes).toMatchObject({ order: 'fail' });
  });

  test('that show a secret fail, and the secret is shown nowhere', async () => {
    const { run, outcomes } = await read('secret');
    expect(outcomes).toMatchObject({ secrets: 'fail' });
    const shown = JSON.stringify(run);
    expect(shown).toContain('cell 2 (AWS access key), cell 3 (GitHub token)');
    expect(shown).not.toContain('QQQQ');
    expect(shown).not.toContain('a1a1');
  });

  test.each(['good', 'failed', 'secret'])('%s, cut or changed', async (name) => {
    expect(await findFlaws(NOTEBOOK, `${FIXTURES}/${name}.ipynb`)).toEqual([]);
  });

  test('of an older format say what to do', async () => {
    await expect(NOTEBOOK.read(memorySource('n.ipynb', '{"nbformat": 3, "worksheets": []}'))).rejects.toThrow(
      'n.ipynb: `nbformat` is 3; it must be 4',
    );
  });
});

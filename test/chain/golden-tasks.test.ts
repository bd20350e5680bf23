/**
 * A model of each task from files on disk to evidence and the report's words, as a user's repository has them:
 * test/golden/tasks/<case>/ holds a config with its tables, expected.json (the evidence, figures by name only) and
 * expected.md. UPDATE_GOLDEN=1 writes both, and whoever does that reads the difference.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runChain } from '../../src/chain/chain.ts';
import { connectFiles, openWorkspace, readConfig } from '../../src/chain/connect.ts';
import type { Engine } from '../../src/engine/engine.ts';
import { renderMarkdown } from '../../src/report/markdown/render-markdown.ts';
import type { Evidence, EvidenceBody } from '../../src/schemas/evidence.generated.ts';
import { validateDocument } from '../../src/schemas/validate.ts';
import { startUnitEngine } from '../helpers/unit-engine.ts';
import { NO_BASELINE } from './memory-effects.ts';

const FOLDER = 'test/golden/tasks';
const NOW = new Date('2026-11-03T12:00:00Z');

let engine: Engine;
beforeAll(() => {
  engine = startUnitEngine();
});
afterAll(async () => await engine.close());

async function runCase(name: string): Promise<Evidence> {
  const workspace = openWorkspace('mlgate.yml', resolve(FOLDER, name));
  const { evidence } = await runChain(
    {
      parsed: await readConfig(workspace),
      stages: ['model', 'comparison'],
      source: { event: 'local' },
      version: '0.0.0-test',
    },
    {
      ...connectFiles(workspace),
      engine,
      findBaseline: async () => await Promise.resolve(NO_BASELINE),
      now: () => NOW,
      onStep: () => undefined,
    },
  );
  return evidence;
}

/** What a case is held to: all of the evidence, of figures only which ones there are. */
function outline({ figures, ...body }: EvidenceBody) {
  return { ...body, figures: figures.map(({ id, kind }) => `${id}: ${kind}`) };
}

function expectGolden(path: string, actual: string): void {
  if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(path, actual);
  expect(actual).toBe(readFileSync(path, 'utf8'));
}

const cases = readdirSync(FOLDER).sort();

describe('a model of each task', () => {
  test.each(cases)('%s', async (name) => {
    const evidence = await runCase(name);
    expect(validateDocument('evidence', evidence)).toMatchObject({ ok: true });
    expectGolden(join(FOLDER, name, 'expected.json'), `${JSON.stringify(outline(evidence.body), null, 1)}\n`);
    expectGolden(
      join(FOLDER, name, 'expected.md'),
      renderMarkdown(evidence, { title: 'mlgate', now: NOW, trust: 'own' }),
    );
    expect((await runCase(name)).digest).toBe(evidence.digest);
  });

  test('are all eight', () => {
    const tasks = cases.map(
      (name) => /task: (\S+)/u.exec(readFileSync(join(FOLDER, name, 'mlgate.yml'), 'utf8'))?.[1],
    );
    expect(new Set(tasks)).toEqual(
      new Set([
        'binary-classification',
        'forecasting',
        'graded',
        'multiclass-classification',
        'multilabel-classification',
        'quantile-regression',
        'ranking',
        'regression',
      ]),
    );
  });

  test('the same probabilities in wide and long layout are the same evidence', async () => {
    const [wide, long] = [await runCase('multiclass-wide-weights'), await runCase('multiclass-long')];
    expect(long.body.metrics).toEqual(wide.body.metrics);
    expect(long.body.checks).toEqual(wide.body.checks);
    expect(long.body.figures).toEqual(wide.body.figures);
  });
});

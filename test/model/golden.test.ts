/**
 * Predictions through the whole of outcomes, model and comparison: test/golden/model/<case>/ holds predictions.csv,
 * settings.json, expected.json and, for a comparison, baseline.csv. UPDATE_GOLDEN=1 writes expected.json.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { compareModel } from '../../src/comparison/compare-model.ts';
import { judgeMetrics } from '../../src/comparison/judge-metrics.ts';
import { listGates } from '../../src/comparison/list-gates.ts';
import type { Engine } from '../../src/engine/engine.ts';
import { makeEvidence } from '../../src/evidence/evidence.ts';
import { roundFigures } from '../../src/evidence/round-figures.ts';
import { measureModel } from '../../src/model/measure-model.ts';
import { loadOutcomes } from '../../src/outcomes/load-outcomes.ts';
import { decodeOutcomes, encodeOutcomes } from '../../src/outcomes/stored-form.ts';
import type { ModelConfig } from '../../src/schemas/config.generated.ts';
import type { Check, Evidence, EvidenceBody } from '../../src/schemas/evidence.generated.ts';
import { validateDocument } from '../../src/schemas/validate.ts';
import { startUnitEngine } from '../helpers/unit-engine.ts';

const FOLDER = 'test/golden/model';
const OPTIONS = { alpha: 0.05, power: 0.8, seed: 20250131, resamples: 500 };
const MODEL = 'golden';

let engine: Engine;
beforeAll(() => {
  engine = startUnitEngine();
});
afterAll(async () => {
  await engine.close();
});

function locate(path: readonly string[]) {
  return { file: 'mlgate.yml', key: path.join('.') };
}

async function load(model: ModelConfig, path: string) {
  return await loadOutcomes({
    engine,
    model: MODEL,
    task: model.task,
    predictions: { ...model.predictions, path: path.split('/').at(-1) ?? path },
    source: { path: resolve(path) },
    locate,
  });
}

function roundNumbers({ observed, adjustedP }: Check): Pick<Check, 'observed' | 'adjustedP'> {
  return {
    ...(observed === undefined ? {} : { observed: roundFigures(observed) }),
    ...(adjustedP === undefined ? {} : { adjustedP: roundFigures(adjustedP) }),
  };
}

/** Everything that is said of one case. With `stored`, the baseline goes through its stored form first. */
async function runCase(folder: string, stored: boolean) {
  const settings = JSON.parse(readFileSync(join(folder, 'settings.json'), 'utf8')) as ModelConfig;
  const metrics = Object.fromEntries(
    Object.entries(settings.metrics).map(([name, gate]) => [name, { ...gate, severity: 'fail' }]),
  );
  const model = { ...settings, metrics } as ModelConfig;
  const candidate = await load(model, join(folder, 'predictions.csv'));
  if (candidate.kind === 'findings') return roundFigures({ checks: candidate.checks });
  const gates = listGates({ models: { [MODEL]: model } }, locate);
  const alone = measureModel(candidate.outcomes, { model: MODEL, ...OPTIONS });
  const baselinePath = join(folder, 'baseline.csv');
  if (!existsSync(baselinePath)) {
    return roundFigures({ ...alone, checks: judgeMetrics({ ...alone, gates, alpha: OPTIONS.alpha }) });
  }
  const loaded = await load(model, baselinePath);
  if (loaded.kind === 'findings') throw new Error('The baseline is not usable.');
  const baseline = stored ? decodeOutcomes(encodeOutcomes(loaded.outcomes), 'baseline') : loaded.outcomes;
  const compared = compareModel({
    candidate: candidate.outcomes,
    baseline,
    ...alone,
    gates,
    sameSubject: false,
    slices: [],
    unpaired: false,
    seeds: [],
    ...OPTIONS,
  });
  const used = { rung: 'file', tried: [] } as const;
  const checks = judgeMetrics({ ...compared, gates, alpha: OPTIONS.alpha, baseline: used });
  // Whoever reads the evidence later, rounded as it is, comes to the same verdicts in the same words.
  const { metrics: written } = roundFigures(compared);
  const again = judgeMetrics({ metrics: written, gates, alpha: OPTIONS.alpha, baseline: used });
  expect(again.map((check) => ({ ...check, ...roundNumbers(check) }))).toEqual(
    checks.map((check) => ({ ...check, ...roundNumbers(check) })),
  );
  return roundFigures({ ...compared, checks });
}

/** A case's findings as evidence, so that they are held to its schema. */
function asEvidence(found: Partial<Pick<EvidenceBody, 'checks' | 'metrics' | 'figures'>>): Evidence {
  const { checks = [], metrics = [], figures = [] } = found;
  const policy = {
    digest: '0'.repeat(64),
    enforce: true,
    alpha: OPTIONS.alpha,
    inconclusive: 'warn',
    noBaseline: 'warn',
  } as const;
  const tool = { name: 'mlgate', version: '0.0.0' } as const;
  const body: EvidenceBody = {
    tool,
    seed: OPTIONS.seed,
    policy,
    verdict: 'pass',
    subjects: [],
    inputs: [],
    checks,
    metrics,
    figures,
  };
  return makeEvidence(body, { source: {}, createdAt: new Date(0), durationSeconds: 1 });
}

const cases = readdirSync(FOLDER).sort();

describe('golden predictions', () => {
  test('there are cases', () => {
    expect(cases.length).toBeGreaterThanOrEqual(14);
  });

  test.each(cases)('%s', async (name) => {
    const folder = join(FOLDER, name);
    const path = join(folder, 'expected.json');
    const found = await runCase(folder, false);
    if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(path, `${JSON.stringify(found, null, 1)}\n`);
    expect(found).toEqual(JSON.parse(readFileSync(path, 'utf8')));
    expect(await runCase(folder, false)).toEqual(found);
    expect(validateDocument('evidence', asEvidence(found))).toMatchObject({ ok: true });
  });

  test.each(['binary-about-as-good', 'multiclass-unseen-label', 'regression', 'binary-unchanged'])(
    '%s is the same from the stored form',
    async (name) => {
      const folder = join(FOLDER, name);
      expect(await runCase(folder, true)).toEqual(
        JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8')),
      );
    },
  );
});

/** Files of other tools in the chain: what becomes of their numbers, their checks and their failures. */
import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import type { BaselineFound } from '../../src/baseline/find-baseline.ts';
import { runMetricsFileStage } from '../../src/chain/metrics-file-stage.ts';
import { makeEvidence } from '../../src/evidence/evidence.ts';
import type { EvidenceBody, Metric } from '../../src/schemas/evidence.generated.ts';
import { memoryEffects, NO_BASELINE, parse } from './memory-effects.ts';

async function run(files: Readonly<Record<string, string>>, config: object, baseline?: BaselineFound) {
  return await runMetricsFileStage(parse({ metrics: { eval: config } }), memoryEffects(files), baseline);
}

function verdictsOf({ checks }: { readonly checks: EvidenceBody['checks'] }) {
  return Object.fromEntries(
    checks.map(({ id, verdict, reason }) => [id, reason === undefined ? verdict : `${verdict}: ${reason}`]),
  );
}

/** A baseline with these metrics. */
function recorded(metrics: readonly Metric[]): BaselineFound {
  const body = {
    verdict: 'pass',
    tool: { name: 'mlgate', version: '0.0.0', configDigest: 'a'.repeat(64) },
    subjects: [],
    inputs: [],
    checks: [],
    metrics,
  } as unknown as EvidenceBody;
  const evidence = makeEvidence(body, {
    source: {},
    createdAt: new Date('2026-11-03T12:00:00Z'),
    durationSeconds: 0,
  });
  return { ...NO_BASELINE, used: { rung: 'newest', tried: [] }, evidence };
}

async function fixture(path: string): Promise<string> {
  return await readFile(`test/fixtures/${path}`, 'utf8');
}

describe('a file of another tool', () => {
  test('has its run, its attributes and its numbers in the evidence', async () => {
    const text = await fixture('scikit-learn/binary.json');
    const found = await run(
      { 'report.json': text },
      { path: 'report.json', gates: { accuracy: { 'at-least': 0.8 } } },
    );
    expect(verdictsOf(found)).toEqual({
      'metrics/eval/numbers': 'pass',
      'metrics/eval/foreign-run': 'pass',
      'metrics/eval/accuracy/at-least': 'pass',
    });
    expect(found.imports).toEqual([
      {
        metricsFile: 'eval',
        format: 'classification-report',
        status: 'complete',
        attributes: { classes: 2, examples: 200 },
      },
    ]);
    // 170 of 200, by Clopper and Pearson: SciPy's beta.ppf(0.05, 170, 31).
    const accuracy = found.metrics.find(({ name }) => name === 'accuracy');
    expect(accuracy?.interval?.low).toBeCloseTo(0.80208930830834, 9);
    expect(accuracy?.interval).toMatchObject({ level: 0.9, method: 'Clopper-Pearson' });
  });

  test('whose run broke off fails, and nothing of it counts', async () => {
    const text = await fixture('transformers/interrupted.json');
    const gates = { eval_accuracy: { 'at-least': 0.5 } };
    const found = await run({ 'trainer_state.json': text }, { path: 'trainer_state.json', gates });
    expect(verdictsOf(found)).toEqual({
      'metrics/eval/foreign-run': 'fail: foreign-incomplete',
      'metrics/eval/eval_accuracy/at-least': 'inconclusive: depends-on-failed-check',
    });
    expect(found.metrics).toEqual([]);
    expect(found.checks[0]?.message).toContain('The training is at step 10 of 20.');
  });

  test('whose run failed fails', async () => {
    const found = await run({ 'n.ipynb': await fixture('notebook/failed.ipynb') }, { path: 'n.ipynb' });
    expect(verdictsOf(found)).toEqual({
      'metrics/eval/foreign-run': 'fail: foreign-failure',
      'metrics/eval/foreign-checks': 'fail: foreign-failure',
    });
  });

  test('with a check that failed names it', async () => {
    const found = await run({ 'n.ipynb': await fixture('notebook/secret.ipynb') }, { path: 'n.ipynb' });
    expect(verdictsOf(found)).toEqual({
      'metrics/eval/foreign-run': 'pass',
      'metrics/eval/foreign-checks': 'fail: foreign-failure',
    });
    expect(found.checks[1]?.message).toBe("1 of the other tool's 5 checks failed: `secrets`.");
    expect(found.imports[0]?.results?.[0]).toMatchObject({ name: 'secrets', outcome: 'fail' });
  });

  test('brings no secret into the evidence', async () => {
    const token = `ghp_${'a1'.repeat(18)}`;
    const text = `flavors: {a: {}}\nmetadata: {note: fine, token: ${token}}\nmlflow_version: 3.0.0\nutc_time_created: now\n`;
    const found = await run({ MLmodel: text }, { path: 'MLmodel' });
    expect(found.imports[0]?.attributes).toMatchObject({
      'metadata.note': 'fine',
      'metadata.token': '(not shown: it looks like GitHub token)',
    });
    expect(JSON.stringify(found)).not.toContain(token);
  });

  test('of a format that is named wrongly is refused', async () => {
    const files = { 'm.json': '{"a": 1}' };
    await expect(run(files, { path: 'm.json', format: 'evidenty' })).rejects.toThrow(
      'There is no format `evidenty`. Did you mean `evidently`?',
    );
    await expect(run(files, { path: 'm.json', format: 'classification-report' })).rejects.toThrow(
      'm.json: `"macro avg".support` is missing',
    );
    await expect(run(files, { path: 'm.json', run: 'b' })).rejects.toThrow('m.json has no run `b`');
  });

  test('of plain numbers is what it always was', async () => {
    const found = await run({ 'm.json': '{"loss": 0.4}' }, { path: 'm.json' });
    expect(verdictsOf(found)).toEqual({ 'metrics/eval/numbers': 'pass' });
    expect(found.imports).toEqual([]);
    expect(found.metrics[0]).not.toHaveProperty('interval');
  });
});

/** SHAP values give a standard error to every importance. */
function importances(ages: readonly number[]): string {
  return JSON.stringify({ feature_names: ['age'], values: ages.map((age) => [age]) });
}

describe('numbers whose files say how sure they are', () => {
  const config = {
    path: 's.json',
    gates: { 'mean_abs.age': { direction: 'higher-is-better', 'max-regression': 0.1 } },
  };
  const spread = Array.from({ length: 40 }, (_, index) => 1 + (index % 5) / 10);

  test('are compared by their standard errors, not by a point rule', async () => {
    const before = await run({ 's.json': importances(spread) }, config);
    const lower = importances(spread.map((value) => value - 0.09));
    const after = await run({ 's.json': lower }, config, recorded(before.metrics));
    const metric = after.metrics.find(({ name }) => name === 'mean_abs.age');
    expect(metric?.comparison).toMatchObject({ method: 'unpaired', baseline: 1.2 });
    expect(metric?.comparison?.difference).toBeCloseTo(-0.09, 9);
    // sd 0.1432 over root 40, twice, by t with 39 degrees of freedom: 0.0395 on each side.
    expect(metric?.comparison?.interval?.low).toBeCloseTo(-0.09 - Math.SQRT2 * 1.684875 * 0.0226455, 3);
    // A point rule would pass a loss of 0.09 at a margin of 0.1.
    expect(verdictsOf(after)['metrics/eval/mean_abs.age/max-regression']).toBe('inconclusive: undecided');
  });

  test('may say which way they are better, where the config names their format', async () => {
    const text = await fixture('lm-eval/complete/results_2026-11-21T12-00-00.000000.json');
    const key = 'say_answer.exact_match,strict';
    const named = { path: 'r.json', format: 'lm-eval', gates: { [key]: { 'max-regression': 0.1 } } };
    const before = await run({ 'r.json': text }, named);
    expect(before.metrics.find(({ name }) => name === key)).toMatchObject({
      direction: 'higher-is-better',
      n: 12,
    });
    await expect(run({ 'r.json': text }, { ...named, format: undefined })).rejects.toThrow(
      'is no metric that mlgate knows, so `max-regression` cannot tell which way is worse',
    );
    const undirected = { path: 's.json', format: 'shap', gates: { 'share.age': { 'max-regression': 0.1 } } };
    await expect(run({ 's.json': importances(spread) }, undirected)).rejects.toThrow(
      /^mlgate\.yml.*`metrics\.eval\.gates.*neither the file nor mlgate knows which way this number is better\.$/u,
    );
  });

  test('are compared by the point rule where the baseline does not say it', async () => {
    const { metrics } = await run({ 's.json': importances(spread) }, config);
    const bare = metrics.map(({ name, about, definition, direction, value }) => ({
      name,
      about,
      definition,
      direction,
      value,
    }));
    const after = await run({ 's.json': importances(spread) }, config, recorded(bare));
    expect(after.metrics[0]?.comparison?.method).toBe('point-rule');
  });
});

import { describe, expect, it } from 'vitest';
import type { BaselineFound } from '../../src/baseline/find-baseline.ts';
import { runChain, type ChainResult } from '../../src/chain/chain.ts';
import { STAGES } from '../../src/chain/stages.ts';
import { judgeAgain } from '../../src/chain/judge-again.ts';
import { UserError } from '../../src/evidence/errors.ts';
import type { Check } from '../../src/schemas/evidence.generated.ts';
import { validateDocument } from '../../src/schemas/validate.ts';
import { CHURN, memoryEffects, parse, predictions } from './memory-effects.ts';

const N = 800;

/** Wrong for every tenth example, and for every second where a region is north and the age below 30. */
function file(ageOf: (row: number) => number | '' = ageAt): string {
  const [header, ...lines] = predictions(N, 10).trimEnd().split('\n');
  const rows = lines.map((line, row) => {
    const [id, target = '', score = ''] = line.split(',');
    const isWeak = regionAt(row) === 'north' && ageAt(row) < 30 && row % 3 !== 0;
    return [id, target, isWeak ? String(1 - Number(target)) : score, regionAt(row), ageOf(row)].join(',');
  });
  return `${header},region,age\n${rows.join('\n')}\n`;
}

function regionAt(row: number): string {
  return row % 4 === 0 ? 'north' : 'south';
}

function ageAt(row: number): number {
  return 18 + ((row * 7) % 50);
}

async function run(slices: object, text: string = file(), baseline?: BaselineFound): Promise<ChainResult> {
  const request = { parsed: configOf(slices), stages: STAGES, source: {}, version: '0.1.0' };
  const effects = memoryEffects({ 'new.csv': text }, baseline === undefined ? {} : { baseline });
  const result = await runChain(request, effects);
  expect(validateDocument('evidence', result.evidence)).toMatchObject({ ok: true });
  return result;
}

function configOf(slices: object) {
  return parse({ models: { churn: { ...CHURN, slices } } });
}

function recordOf({ evidence, outcomes }: ChainResult): BaselineFound {
  return {
    used: { rung: 'exact', commit: 'b'.repeat(40), tried: [] },
    evidence,
    outcomes: new Map([...outcomes].map(([model, { bytes }]) => [model, bytes])),
  };
}

function slicesOf({ evidence }: ChainResult): readonly string[] {
  return [...new Set(evidence.body.metrics.flatMap(({ about }) => about.slice ?? []))];
}

function checkOf({ evidence }: ChainResult, id: string): Check | undefined {
  return evidence.body.checks.find((check) => check.id === id);
}

/** Of checks on slices. */
function listVerdicts(checks: readonly Check[]): readonly (readonly [string, string])[] {
  return checks.filter(({ about }) => about.slice !== undefined).map(({ id, verdict }) => [id, verdict]);
}

describe('slices of numbers', () => {
  const binned = { by: [{ column: 'age', bins: 2 }, ['region', 'age']] };

  it('have the edges that main recorded, so that they are the same in every commit', async () => {
    const first = await run(binned);
    expect(first.evidence.body.sliceBins).toEqual([
      { about: { model: 'churn', column: 'age' }, bins: 2, edges: [expect.any(Number)] },
    ]);
    const edge = first.evidence.body.sliceBins?.[0]?.edges[0];
    expect(slicesOf(first)).toContain(`age=..${edge}`);
    expect(slicesOf(first)).toContain(`region=north, age=${edge}..`);
    const older = file((row) => ageAt(row) + 20);
    const next = await run(binned, older, recordOf(first));
    expect(next.evidence.body.sliceBins).toEqual(first.evidence.body.sliceBins);
    expect(slicesOf(next)).toEqual(slicesOf(first));
    const alone = await run(binned, older);
    expect(alone.evidence.body.sliceBins).not.toEqual(first.evidence.body.sliceBins);
  });

  it('have a slice for empty cells', async () => {
    const result = await run(
      { by: [{ column: 'age', edges: [30] }] },
      file((row) => (row % 5 === 0 ? '' : ageAt(row))),
    );
    expect(slicesOf(result)).toEqual(['age=', 'age=..30', 'age=30..']);
    expect(result.evidence.body.sliceBins).toBeUndefined();
  });
});

describe('slices of two test sets', () => {
  it('have the same bins and conditions in both', async () => {
    const by = [
      { column: 'age', bins: 2 },
      { name: 'young', where: 'age < 30' },
    ];
    const model = {
      ...CHURN,
      unpaired: true,
      'baseline-predictions': 'old.csv',
      slices: { by, 'max-regression': { accuracy: 0.2 } },
    };
    const older = file((row) => ageAt(row) + 5).replaceAll(/^e/gmu, 'old');
    const request = { parsed: parse({ models: { churn: model } }), stages: STAGES, source: {}, version: '1' };
    const { evidence } = await runChain(request, memoryEffects({ 'new.csv': file(), 'old.csv': older }));
    const sliced = evidence.body.metrics.filter(({ about }) => about.slice !== undefined);
    expect(sliced.map(({ comparison }) => comparison?.method)).toEqual(['unpaired', 'unpaired', 'unpaired']);
    const young = sliced.find(({ about }) => about.slice === 'young');
    // Five years older, fewer are below thirty.
    expect(young?.comparison?.detail).toMatch(/: 192 examples now, 112 in the baseline/);
  });
});

describe('slices by condition', () => {
  const young = { name: 'young in the north', where: 'age < 30 and region = north' };

  it('are measured, and must be there', async () => {
    const result = await run({ by: [young] });
    expect(checkOf(result, 'model/churn/young in the north/accuracy/expect')).toMatchObject({
      verdict: 'pass',
    });
    const gone = await run({ by: [{ ...young, where: 'age > 200' }] });
    expect(checkOf(gone, 'model/churn/young in the north/accuracy/expect')).toMatchObject({
      verdict: 'fail',
      reason: 'missing',
    });
  });

  it('name columns that the file has', async () => {
    const misspelt = run({ by: [{ name: 'x', where: 'agee < 30' }] });
    await expect(misspelt).rejects.toThrow(/no column `agee`.*Did you mean `age`/);
    expect(() => configOf({ by: ['region'], expect: ['regin=north'] })).toThrow(UserError);
  });
});

describe('bounds of slices', () => {
  const bounded = {
    by: ['region'],
    metrics: { accuracy: { 'at-least': 0.8 } },
    'max-gap': { accuracy: 0.05 },
  };

  it('are judged for each slice, and again from the evidence alone', async () => {
    const result = await run(bounded);
    expect(checkOf(result, 'model/churn/region=south/accuracy/at-least')?.verdict).toBe('pass');
    expect(checkOf(result, 'model/churn/region=north/accuracy/max-gap')).toMatchObject({
      verdict: 'fail',
      expected: 0.05,
    });
    expect(checkOf(result, 'model/churn/region=south/accuracy/max-gap')?.verdict).toBe('pass');
    const again = judgeAgain(result.evidence, { parsed: configOf(bounded), schemaDigests: new Map() });
    expect(listVerdicts(again.body.checks)).toEqual(listVerdicts(result.evidence.body.checks));
    expect(listVerdicts(again.body.checks)).toHaveLength(4);
  });

  it('that the evidence does not answer fail in the trusted half', async () => {
    const result = await run({ by: ['region'] });
    const again = judgeAgain(result.evidence, { parsed: configOf(bounded), schemaDigests: new Map() });
    const gaps = again.body.checks.filter(({ name }) => name === 'max-gap');
    expect(gaps.map(({ verdict, reason }) => [verdict, reason])).toEqual([
      ['fail', 'missing'],
      ['fail', 'missing'],
    ]);
  });
});

describe('the search for weak slices', () => {
  it('is in the evidence and blocks nothing', async () => {
    const result = await run({ by: ['region', { column: 'age', bins: 2 }], search: { level: 2 } });
    const [found] = result.evidence.body.weakSlices ?? [];
    expect(found).toMatchObject({ loss: 'log_loss', level: 2, columns: ['region', 'age'] });
    expect(found?.slices[0]).toMatchObject({ confirmed: true });
    expect(found?.slices[0]?.name).toMatch(/^age=\.\.\d+$/);
    expect(found?.slices[0]?.examples?.length).toBeGreaterThan(0);
    expect(result.evidence.body.verdict).toBe('pass');
  });
});

/** What is known of a model beyond its metrics, through the whole chain. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runChain, type ChainResult } from '../../src/chain/chain.ts';
import { STAGES } from '../../src/chain/stages.ts';
import type { Check } from '../../src/schemas/evidence.generated.ts';
import { validateDocument } from '../../src/schemas/validate.ts';
import { createRandom } from '../../src/statistics/random.ts';
import { CHURN, memoryEffects, parse, type Files } from './memory-effects.ts';

async function run(model: object, files: Files): Promise<ChainResult> {
  const request = {
    parsed: parse({ models: { churn: { ...CHURN, ...model } } }),
    stages: STAGES,
    source: {},
    version: '0.1.0',
  };
  const result = await runChain(request, memoryEffects(files));
  expect(validateDocument('evidence', result.evidence)).toMatchObject({ ok: true });
  return result;
}

function checkOf({ evidence }: ChainResult, id: string): Check | undefined {
  return evidence.body.checks.find((check) => check.id === id);
}

/** Honest probabilities, 600 examples; women are selected as often as men times `ratio`. */
function honest(seed: number, prefix: string, ratio = 1): string {
  const random = createRandom(seed);
  const rows = Array.from({ length: 600 }, (_, row) => {
    const sex = row % 2 === 0 ? 'f' : 'm';
    const p = Number(
      (sex === 'f' && random.uniform() > ratio ? 0.3 * random.uniform() : random.uniform()).toFixed(3),
    );
    const y = random.uniform() < p ? 1 : 0;
    return `${prefix}${String(row).padStart(4, '0')},${y},${p},${sex}`;
  });
  return `id,y,p,sex\n${rows.join('\n')}\n`;
}

/** The same with every other label wrong of which the model is sure. */
function mislabel(csv: string): string {
  return csv.replace(/^(e\d+[02468]),0,(0\.0\d*),/gm, '$1,1,$2,');
}

/** Examples as a CSV file, their ids numbered behind a prefix. */
function write(prefix: string, examples: readonly object[]): string {
  const rows = examples.map((one, at) => [`${prefix}${at}`, ...Object.values(one)].join(','));
  return ['id,y,p,sex,user,w', ...rows].join('\n');
}

describe('a model is inspected', () => {
  it('calibration, doubted labels, errors and the gain over a trivial model are there without being asked for', async () => {
    const { evidence } = await run({}, { 'new.csv': honest(1, 'e') });
    const { calibrations = [], errors = [], generalisations = [] } = evidence.body;
    const { labelErrors = [] } = (await run({}, { 'new.csv': mislabel(honest(1, 'e')) })).evidence.body;
    expect(calibrations[0]?.error?.interval?.low).toBe(0);
    expect(labelErrors[0]).toMatchObject({ n: 600, examples: expect.arrayContaining([expect.anything()]) });
    expect(errors[0]?.examples).toHaveLength(10);
    expect(generalisations.map(({ metric, against }) => [metric, against])).toEqual([
      [expect.any(String), 'trivial'],
    ]);
  });

  it('no id is told where ids are private', async () => {
    const { evidence } = await run({ 'error-examples': 0 }, { 'new.csv': mislabel(honest(1, 'e')) });
    expect(evidence.body.errors?.[0]?.examples).toEqual([]);
    expect(evidence.body.labelErrors).toMatchObject([{ examples: [] }]);
  });

  it('the training set: overfitting is bounded, pictures show both, no example is shared', async () => {
    const training = { path: 'train.csv', 'max-gap': { accuracy: 0.3 } };
    const files = { 'new.csv': honest(1, 'e'), 'train.csv': honest(2, 't') };
    const result = await run({ training, 'min-gain': { accuracy: 0.05 } }, files);
    expect(checkOf(result, 'model/churn/training/accuracy/max-gap')?.verdict).toBe('pass');
    expect(checkOf(result, 'model/churn/trivial/accuracy/min-gain')?.verdict).toBe('pass');
    expect(checkOf(result, 'model/churn/training/shared-examples')?.verdict).toBe('pass');
    const { figures, inputs, generalisations = [] } = result.evidence.body;
    expect(figures.map(({ id }) => id)).toContain('model/churn/training-scores');
    expect(inputs).toContainEqual(
      expect.objectContaining({ role: 'training-predictions', path: 'train.csv', rows: 600 }),
    );
    expect(generalisations.find(({ against }) => against === 'trivial')?.detail).toMatch(
      /of the training set/,
    );
  });

  it('an example that is in both sets is a finding', async () => {
    const files = { 'new.csv': honest(1, 'e'), 'train.csv': honest(1, 'e') };
    const check = checkOf(
      await run({ training: { path: 'train.csv' } }, files),
      'model/churn/training/shared-examples',
    );
    expect(check).toMatchObject({ verdict: 'fail', observed: 600, violations: 600 });
    expect(check?.message).toMatch(/such as "e0000"/);
  });

  it('a training file that cannot be used is a finding of its own, and what needs it is not judged', async () => {
    const training = { path: 'train.csv', 'max-gap': { accuracy: 0.3 } };
    const result = await run(
      { training, 'min-gain': { accuracy: 0.05 } },
      { 'new.csv': honest(1, 'e'), 'train.csv': 'id,y,p\n' },
    );
    expect(checkOf(result, 'model/churn/training/accuracy/max-gap')?.verdict).toBe('skipped');
    expect(checkOf(result, 'model/churn/trivial/accuracy/min-gain')?.verdict).toBe('pass');
    expect(
      result.evidence.body.checks.some(
        ({ id, verdict }) => id.startsWith('model/churn/training/') && verdict === 'fail',
      ),
    ).toBe(true);
    expect(result.evidence.body.verdict).toBe('fail');
  });

  it('fairness: equal groups pass, unequal ones fail, few examples cannot tell', async () => {
    const fairness = { groups: ['sex'], 'min-ratio': { selection_rate: 0.6 } };
    const id = 'model/churn/fairness/sex/selection_rate/min-ratio';
    const verdictOf = async (text: string) =>
      checkOf(await run({ fairness }, { 'new.csv': text }), id)?.verdict;
    expect(await verdictOf(honest(1, 'e'))).toBe('pass');
    expect(await verdictOf(honest(1, 'e', 0.2))).toBe('fail');
    expect(await verdictOf(honest(1, 'e').split('\n').slice(0, 41).join('\n'))).toBe('inconclusive');
  });

  it('predictions that cannot be used leave no bound unanswered', async () => {
    const fairness = { groups: ['sex'], 'min-ratio': { selection_rate: 0.6 } };
    const result = await run({ fairness, 'min-gain': { accuracy: 0.1 } }, { 'new.csv': 'id,y,p,sex\n' });
    expect(checkOf(result, 'model/churn/fairness/sex/selection_rate/min-ratio')?.verdict).toBe('skipped');
    expect(checkOf(result, 'model/churn/trivial/accuracy/min-gain')?.verdict).toBe('skipped');
  });

  it('few and odd examples never break it: evidence is valid, and no bound is left unanswered', async () => {
    const row = fc.record({
      y: fc.integer({ min: 0, max: 1 }),
      p: fc.constantFrom(0, 0.25, 0.5, 0.75, 1),
      sex: fc.constantFrom('f', 'm', ''),
      user: fc.constantFrom('u', 'v', 'w'),
      w: fc.constantFrom(0, 1, 2.5),
    });
    const rows = fc.array(row, { minLength: 1, maxLength: 12 });
    const fairness = {
      groups: ['sex', ['sex', 'user']],
      'min-ratio': { selection_rate: 0.8, accuracy: 0.5 },
      'max-difference': { equalised_odds: 0.2, brier: 0.1, calibration_in_the_large: 0.1 },
      within: 'user',
    };
    const bounds = {
      fairness,
      training: { path: 'train.csv', 'max-gap': { brier: 0.1 } },
      'min-gain': { accuracy: '5%' },
    };
    const designs = fc.constantFrom({}, { group: 'user' }, { weight: 'w' }, { group: 'user', weight: 'w' });
    await fc.assert(
      fc.asyncProperty(rows, rows, designs, async (test, training, design) => {
        // Both classes are there, so that the file can be read.
        const both = [
          { y: 0, p: 0.5, sex: 'f', user: 'u', w: 1 },
          { y: 1, p: 0.5, sex: 'm', user: 'v', w: 1 },
        ];
        const files = {
          'new.csv': write('e', [...both, ...test]),
          'train.csv': write('t', [...both, ...training]),
        };
        const result = await run({ ...bounds, predictions: { ...CHURN.predictions, ...design } }, files);
        const judged = result.evidence.body.checks.filter(({ name }) =>
          ['min-ratio', 'max-difference', 'max-gap', 'min-gain'].includes(name),
        );
        expect(judged).toHaveLength(2 * 5 + 2);
      }),
      { numRuns: 40 },
    );
  });
});

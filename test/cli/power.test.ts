import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Metric } from '../../src/schemas/evidence.generated.ts';
import { evidenceOf } from '../evidence/cases.ts';
import { mlgate, mlgateJson, useFolders } from './harness.ts';

const makeFolder = useFolders();

/** Half-width 1.645 * 0.3 / sqrt(n): the models differ by a standard deviation of 0.3. */
function compared(
  name: string,
  model: string,
  extra: Partial<NonNullable<Metric['comparison']>> = {},
): Metric {
  const half = (1.6448536269514722 * 0.3) / Math.sqrt(2500);
  return {
    name,
    about: { model },
    definition: 1,
    direction: 'higher-is-better',
    value: 0.8,
    n: 2500,
    comparison: {
      baseline: 0.8,
      difference: 0,
      interval: { level: 0.9, low: -half, high: half, method: 'paired DeLong' },
      method: 'paired',
      pairs: 2500,
      ...extra,
    },
  };
}

async function folderWith(metrics: readonly Metric[]): Promise<string> {
  const folder = await makeFolder();
  await writeFile(join(folder, 'evidence.json'), JSON.stringify(evidenceOf({ metrics })));
  return folder;
}

describe('mlgate power', () => {
  it('answers a margin and a discordance', async () => {
    const folder = await makeFolder();
    const words = ['power', '--margin', '0.01', '--discordance', '8%', '--n', '1,000', '--rate', '200/day'];
    const { exitCode, out } = await mlgate(folder, words);
    expect(exitCode).toBe(0);
    expect(out).toContain('differ on 8 % of the examples');
    expect(out).toContain('5,000 examples if the candidate is as good as the baseline, collected in 20 days');
    expect(out).toContain('show a change of 0.02224 or more with power 80 %');
    const { document } = await mlgateJson(folder, words);
    expect(document).toMatchObject({
      needed: { margin: 0.01, equallyGood: 4947, halfMarginWorse: 19779 },
      testSet: { examples: 1000, chanceToPass: expect.closeTo(0.299, 3) as number },
      collect: { perDay: 200, equallyGood: 20, halfMarginWorse: 94 },
    });
  });

  it('answers a test set alone, with round margins around what it sees', async () => {
    const { document } = await mlgateJson(await makeFolder(), [
      'power',
      '--n',
      '3000',
      '--discordance',
      '0.1',
    ]);
    expect(document).toMatchObject({
      testSet: { smallestVisibleChange: expect.closeTo(0.014355, 5) as number },
    });
    const { table } = document as { table: readonly { margin: number }[] };
    expect(table.map(({ margin }) => margin)).toEqual([0.005, 0.01, 0.02, 0.05, 0.1]);
  });

  it('learns spread, size and margin from evidence', async () => {
    const folder = await folderWith([
      compared('accuracy', 'churn'),
      compared('roc_auc', 'churn', { relativeMargin: 0.025 }),
    ]);
    const { document } = await mlgateJson(folder, ['power', '--evidence', 'evidence.json']);
    expect(document).toMatchObject({
      spread: { kind: 'standard-deviation', value: expect.closeTo(0.3, 6) as number },
      learned: { model: 'churn', metric: 'roc_auc' },
      needed: { margin: expect.closeTo(0.02, 12) as number, equallyGood: 1392 },
      testSet: { examples: 2500 },
    });
    const other = await mlgateJson(folder, [
      'power',
      '--evidence',
      'evidence.json',
      '--metric',
      'acc',
      '--margin',
      '0.01',
    ]);
    expect(other.document).toMatchObject({ learned: { metric: 'accuracy' }, needed: { margin: 0.01 } });
  });

  it('plans without the noise of training again, which examples do not narrow, and says so', async () => {
    const half = (1.6448536269514722 * 0.3) / Math.sqrt(2500);
    const trainingNoise = { standardDeviation: 0.01, trainings: 3 };
    // Student's t with 2 degrees of freedom: 2.91998558.
    const wide = Math.hypot(half, 2.91998558035373 * 0.01 * Math.SQRT2);
    const interval = { level: 0.9, low: -wide, high: wide, method: 'widened by training noise' };
    const folder = await folderWith([
      compared('roc_auc', 'churn', { margin: 0.02, interval, trainingNoise }),
    ]);
    const { document } = await mlgateJson(folder, ['power', '--evidence', 'evidence.json']);
    expect(document).toMatchObject({
      spread: { value: expect.closeTo(0.3, 6) as number },
      needed: { equallyGood: 1392 },
    });
    const { out } = await mlgate(folder, ['power', '--evidence', 'evidence.json']);
    expect(out).toContain('training again moves the metric by 0.01');
  });

  it.each([
    [['--discordance', '0.1'], /needs --margin .* or --n/],
    [['--margin', '0.02'], /needs --discordance or --evidence/],
    [['--margin', '2%', '--discordance', '0.1'], /--margin is `2%`; a percentage would be relative/],
    [['--margin', '2', '--discordance', '0.1'], /above 0 and of at most 1\. Did you mean 0\.02\?/],
    [['--margin', '0', '--discordance', '0.1'], /must be a number above 0/],
    [['--margin', '0.02', '--discordance', '10'], /--discordance is `10`.*Did you mean 0.1, or 10%/],
    [['--margin', '-1', '--discordance', '0.1'], /--margin/],
    [['--n', '3.5', '--discordance', '0.1'], /--n is `3.5`; it must be a whole number/],
    [['--n', '30', '--discordance', '0.1', '--rate', '2/day'], /give --margin too/],
    [
      ['--margin', '0.02', '--discordance', '0.1', '--rate', '2/fortnight'],
      /--rate is `2\/fortnight`.*200\/day/,
    ],
    [
      ['--margin', '0.02', '--discordance', '0.1', '--power', '0.5'],
      /--power is `0.5`; it must be a number above 0.5 and below 1/,
    ],
    [['--n', '30', '--discordance', '0.1', '--uses', '9'], /--uses .* give --margin too/],
    [['--margin', '0.02', '--discordance', '0.1', '--uses', '2000000'], /--uses .* from 1 to 1,000,000/],
    [
      ['--margin', '0.02', '--discordance', '0.1', '--adaptivity', 'first-chnge'],
      /must be one of full, first-change, none. Did you mean `first-change`/,
    ],
    [
      ['--evidence', 'evidence.json', '--uses', '9', '--guarantee', 'finite-sample'],
      /known for accuracy only/,
    ],
    [['--margin', '0.02', '--discordance', '0.1', '--metric', 'auc'], /give --evidence too/],
    [['--margin', '0.02', '--discordance', '0.1', '--evidence', 'evidence.json'], /give one of them/],
    [['--evidence', 'nowhere.json'], /nowhere\.json/],
    [
      ['--evidence', 'evidence.json', '--metric', 'rco_auc'],
      /no comparison of the metric `rco_auc`. Did you mean `roc_auc`/,
    ],
    [['--evidence', 'evidence.json', '--model', 'x'], /no comparison of the model `x`.*It has: churn/],
    [['--evidence', 'evidence.json', '--design-effect', '2'], /in the interval of the evidence already/],
  ])('%j: says what is wrong', async (words, told) => {
    const folder = await folderWith([compared('roc_auc', 'churn', { margin: 0.02, groups: 50 })]);
    const { exitCode, err } = await mlgate(folder, ['power', ...words]);
    expect(err).toMatch(told);
    expect(exitCode).toBe(2);
  });

  it('plans many uses as the budget does, and says how many the test set bears', async () => {
    const folder = await makeFolder();
    const words = [
      'power',
      '--margin',
      '0.01',
      '--discordance',
      '0.1',
      '--uses',
      '32',
      '--reliability',
      '0.9999',
    ];
    const finite = await mlgateJson(folder, [...words, '--guarantee', 'finite-sample', '--n', '67706']);
    // Published: 67K labels for 32 fully adaptive uses (Renggli et al. 2019, section 4.1).
    expect(finite.document).toMatchObject({
      budget: { neededExamples: 67706, affordableUses: 32, adaptivity: 'full' },
    });
    const fewer = await mlgateJson(folder, [
      ...words,
      '--guarantee',
      'finite-sample',
      '--n',
      '67705',
      '--adaptivity',
      'none',
    ]);
    expect(fewer.document).toMatchObject({ budget: { neededExamples: 29048 } });
    const clustered = await mlgateJson(folder, [
      ...words,
      '--guarantee',
      'finite-sample',
      '--design-effect',
      '2',
      '--n',
      '67706',
    ]);
    expect(clustered.document).toMatchObject({ budget: { neededExamples: 2 * 67706 } });
    expect((clustered.document as { budget: { affordableUses: number } }).budget.affordableUses).toBeLessThan(
      32,
    );
    const { out } = await mlgate(folder, [...words, '--n', '100']);
    expect(out).toMatch(
      /32 uses of one test set at a margin of 0.01, where every verdict is seen \(asymptotic\),\n {2}need [\d,]+ examples.*99.99 %\n {2}the 100 at hand bear 0 uses/,
    );
  });

  it('asks which model, and for evidence that compares', async () => {
    const two = await folderWith([compared('roc_auc', 'a'), compared('roc_auc', 'b')]);
    expect((await mlgate(two, ['power', '--evidence', 'evidence.json'])).err).toMatch(/several models: a, b/);
    const none = await folderWith([]);
    expect((await mlgate(none, ['power', '--evidence', 'evidence.json'])).err).toMatch(
      /no comparison of two models/,
    );
  });
});

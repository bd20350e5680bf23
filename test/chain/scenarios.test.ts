/** What happens to a team over time, as its people read it: real repositories and real command lines. */
import { describe, expect, it } from 'vitest';
import { makeEvidence, printEvidence } from '../../src/evidence/evidence.ts';
import { mlgate, mlgateJson, predictions, useFolders, writeFiles } from '../cli/harness.ts';
import { gate, recordMain, useRepositories } from '../cli/repositories.ts';
import { createGitWorkspace, runGit } from '../helpers/git-repository.ts';

const repositories = useRepositories();
const makeFolder = useFolders();

/** A config of one model; `more` stands below it, indented as it is to be read. */
function configOf(metrics: string, more = ''): string {
  return `version: 1
models:
  churn:
    task: binary-classification
    predictions: { path: out.csv, id: id, target: target, score: score }
    metrics: { ${metrics} }
${more}`;
}

const ACCURACY = configOf('accuracy: { max-regression: 0.1 }');

/** A config of one metrics file, whose number is lower when better. */
function numbersOf(key: string, margin = '10%'): string {
  return `version: 1
metrics:
  training: { path: metrics.json, gates: { ${key}: { max-regression: ${margin}, direction: lower-is-better } } }
`;
}

/** Predictions with a column `region`. */
function withRegions(regionOf: (index: number) => string, wrongEvery = 9): string {
  const [header, ...rows] = predictions(400, wrongEvery).trimEnd().split('\n');
  return `${[`${header},region`, ...rows.map((row, index) => `${row},${regionOf(index)}`)].join('\n')}\n`;
}

function halves(index: number): string {
  return index % 2 === 0 ? 'south' : 'north';
}

/** The labels 1 and 0 in other words. */
function spell(one: string, zero: string): string {
  return predictions(400, 9).replaceAll(/,([01]),/gu, (_, label) => `,${label === '1' ? one : zero},`);
}

/** A config and a copy of it, as teams make them: the same model's name, the same test set. */
function twoConfigs(churn = '', spam = '') {
  return {
    'churn/mlgate.yml': `${ACCURACY}${churn}`,
    'churn/out.csv': predictions(400, 9),
    'spam/mlgate.yml': `${ACCURACY}${spam}`,
    'spam/out.csv': predictions(400, 3),
  };
}

const CHURN = 'model/churn/accuracy/max-regression';
const LOSS = 'metrics/training/loss/max-regression';

describe('the first run of a repository', () => {
  it('decides nothing, says what this test set can never decide, and the second run compares', async () => {
    const { work } = await repositories.create({
      'mlgate.yml': configOf('accuracy: { max-regression: 0.02 }'),
      'out.csv': predictions(60, 9),
    });
    const first = await mlgate(work.directory, ['run']);
    expect(first.exitCode).toBe(0);
    expect(first.out).toContain(
      'The branch `mlgate` does not exist: no run on main has recorded a baseline yet.',
    );
    expect(first.out.replaceAll(/\s+/gu, ' ')).toMatch(
      /These 60 examples cannot decide a margin of 0\.02 even if both models agreed on every one; about 1\d\d would\./u,
    );
    const commit = await recordMain(work);
    await work.branch('change');
    await work.commit({ 'out.csv': predictions(60, 10) });
    const second = await gate(work.directory);
    expect(second.exitCode).toBe(0);
    expect(second.evidence.body.baseline).toMatchObject({ rung: 'exact', commit });
    expect(second.check(CHURN)).toMatchObject({ verdict: 'inconclusive', reason: 'undecided' });
  });

  it('before the first commit has no history, and says so', async () => {
    const folder = await makeFolder({ 'mlgate.yml': ACCURACY, 'out.csv': predictions(100, 9) });
    await runGit(folder, ['init', '--quiet']);
    const run = await mlgate(folder, ['run']);
    expect(run.out).toContain('This folder is in no git repository with a commit.');
    expect(run.exitCode).toBe(0);
    for (const words of [['baseline', 'record'], ['baseline', 'log'], ['baseline', 'verify'], ['trend']]) {
      const { exitCode, err } = await mlgate(folder, words);
      expect({ words, exitCode, err }).toMatchObject({
        exitCode: 2,
        err: expect.stringContaining('This folder is in no git repository with a commit.') as string,
      });
    }
  });
});

describe('a metric', () => {
  it('under another of its names is the same, and a new one is compared by the outcomes that were kept', async () => {
    const { work } = await repositories.create({
      'mlgate.yml': configOf('auc: { max-regression: 0.1 }, recall: { at-least: 0.1 }'),
      'out.csv': predictions(400, 9),
    });
    await recordMain(work);
    await work.branch('change');
    await work.commit({
      'mlgate.yml': configOf('roc_auc: { max-regression: 0.1 }, f1: { max-regression: 0.1 }'),
      'out.csv': predictions(400, 10),
    });
    const { exitCode, evidence, check } = await gate(work.directory);
    expect(exitCode).toBe(0);
    for (const name of ['roc_auc', 'f1'])
      expect(check(`model/churn/${name}/max-regression`)).toMatchObject({ verdict: 'pass' });
    // The bound on recall is gone with its line, and the report shows that.
    expect(evidence.body.checks.filter(({ metric }) => metric === 'recall')).toEqual([]);
    expect(evidence.body.changes?.map(({ key }) => key)).toContain('models.churn.metrics.recall.at-least');
  });

  it('of a file that was renamed is not in the baseline, which has another that is gone', async () => {
    const { work } = await repositories.create({
      'mlgate.yml': numbersOf('loss'),
      'metrics.json': '{"loss": 0.4123}',
    });
    await recordMain(work);
    await work.branch('change');
    await work.commit({ 'mlgate.yml': numbersOf('losses'), 'metrics.json': '{"losses": 0.41}' });
    const renamed = await gate(work.directory);
    expect(renamed.exitCode).toBe(0);
    expect(renamed.check('metrics/training/losses/max-regression')).toMatchObject({
      verdict: 'inconclusive',
      reason: 'not-in-baseline',
      message:
        '`losses` could not be compared with the baseline. The baseline has no such number. It has `loss`, which is gone now: was it renamed?',
    });
    expect(renamed.evidence.body.notes).toEqual([
      'The baseline of the metrics file training has numbers that are gone now: `loss`.',
    ]);
    // What the baseline does not have has no value there.
    expect((await mlgate(work.directory, ['run'])).out).toMatch(/^ {2}losses +0\.4100 +– not compared/mu);
  });

  it('whose definition has another version than the recorded one is not compared', async () => {
    const { work } = await repositories.create({
      'mlgate.yml': numbersOf('loss'),
      'metrics.json': '{"loss": 0.4}',
    });
    const made = (await gate(work.directory)).evidence;
    const metrics = made.body.metrics.map((metric) => ({ ...metric, definition: metric.definition + 1 }));
    const { source, durationSeconds, createdAt } = made;
    const older = makeEvidence(
      { ...made.body, metrics },
      { source, durationSeconds, createdAt: new Date(createdAt) },
    );
    const folder = await makeFolder({ 'evidence.json': printEvidence(older) });
    const recorded = await mlgate(work.directory, ['baseline', 'record', `${folder}/evidence.json`]);
    expect(recorded).toMatchObject({ exitCode: 0 });
    await work.branch('change');
    await work.commit({ 'readme.md': 'x' });
    const { exitCode, check } = await gate(work.directory);
    expect(exitCode).toBe(0);
    expect(check(LOSS)).toMatchObject({
      verdict: 'inconclusive',
      reason: 'definition-changed',
      message: expect.stringContaining('Its definition changed: version 1 now, 2 in the baseline.') as string,
    });
  });
});

describe('a slice', () => {
  const sliced = configOf(
    'accuracy: { max-regression: 0.1 }',
    '    slices: { by: [region], max-regression: { accuracy: 0.3 }, expect: [region=north] }\n',
  );

  it('of a new column is compared at once; one that vanished is named, and fails where it is expected', async () => {
    const { work } = await repositories.create({ 'mlgate.yml': ACCURACY, 'out.csv': predictions(400, 9) });
    await recordMain(work);
    await work.commit({ 'mlgate.yml': sliced, 'out.csv': withRegions(halves, 10) });
    await work.push();
    // The baseline knew no regions, but the same examples.
    const added = await gate(work.directory);
    expect(added.exitCode).toBe(0);
    for (const region of ['north', 'south'])
      expect(added.check(`model/churn/region=${region}/accuracy/max-regression`)).toMatchObject({
        verdict: 'pass',
        message: expect.stringContaining('interval') as string,
      });
    await recordMain(work);

    await work.branch('change');
    await work.commit({ 'out.csv': withRegions(() => 'north', 10) });
    const vanished = await gate(work.directory);
    expect(vanished.exitCode).toBe(0);
    expect(vanished.evidence.body.notes).toEqual([
      'The baseline of churn has slices that are gone now: `region=south`.',
    ]);
    await work.commit({ 'out.csv': withRegions(() => 'south', 10) });
    const missed = await gate(work.directory);
    expect(missed.exitCode).toBe(1);
    expect(missed.check('model/churn/region=north/accuracy/expect')).toMatchObject({
      verdict: 'fail',
      reason: 'missing',
      message: expect.stringContaining(
        'No example of the test set is in the slice `region=north`.',
      ) as string,
    });
  });

  it('among more than 200 is not left out in silence', async () => {
    const folder = await makeFolder({
      'mlgate.yml': sliced
        .replace('[region]', '[region, [region, target]]')
        .replace(', expect: [region=north]', ''),
      'out.csv': withRegions((index) => `r${index % 150}`),
    });
    const crossed = await gate(folder);
    expect(crossed.exitCode).toBe(1);
    expect(crossed.check('model/churn/slices/count').message).toMatch(
      /^`slices\.by` makes \d+ slices, of which only the 200 largest were compared\. Take out a column or a crossing, or write columns with fewer values\.$/u,
    );
    await writeFiles(folder, { 'out.csv': withRegions((index) => `r${index % 250}`) });
    const refused = await mlgate(folder, ['run']);
    expect(refused.exitCode).toBe(2);
    expect(refused.err).toMatch(
      /the column `region` of out\.csv, which has 250 different values .*; a column to slice by has at most 200\./u,
    );
  });
});

describe('history', () => {
  it('of a shallow clone ends where the clone ends; deepened, it has the baseline', async () => {
    const { work, origin } = await repositories.create({
      'mlgate.yml': ACCURACY,
      'out.csv': predictions(400, 9),
    });
    const recorded = await recordMain(work);
    await work.commit({ 'readme.md': 'a' });
    await work.commit({ 'readme.md': 'b' });
    await work.push();
    const shallow = await repositories.cloneShallow(origin, 'main');
    const before = await gate(shallow);
    expect(before.exitCode).toBe(0);
    expect(before.check(CHURN)).toMatchObject({ verdict: 'inconclusive', reason: 'no-baseline' });
    expect(before.evidence.body.baseline?.tried.map(({ reason }) => reason)).toContainEqual(
      expect.stringMatching(/This clone is shallow.*`git fetch --unshallow`/u),
    );
    await runGit(shallow, ['fetch', '--quiet', '--unshallow']);
    expect((await gate(shallow)).evidence.body.baseline).toMatchObject({
      rung: 'ancestor',
      commit: recorded,
      distance: 1,
    });
  });

  it('that was force-pushed: what stood there is no baseline; squash merges: each is one step', async () => {
    const { work, origin } = await repositories.create({
      'mlgate.yml': ACCURACY,
      'out.csv': predictions(400, 9),
    });
    const kept = await recordMain(work);
    await work.commit({ 'readme.md': 'dropped' });
    await work.push();
    await recordMain(work);
    await work.git('reset', '--quiet', '--hard', kept);
    const instead = await work.commit({ 'readme.md': 'instead' });
    await work.push('+main');
    const other = await repositories.clone(origin);
    await other.branch('change');
    await other.commit({ 'notes.md': 'x' });
    const forced = (await gate(other.directory)).evidence.body.baseline;
    expect(forced).toMatchObject({ rung: 'ancestor', commit: kept, distance: 1 });
    expect(forced?.tried).toEqual([{ rung: 'exact', reason: `Commit ${instead} has no evidence.` }]);

    // The branch is squashed into main: a commit that no pull request ever tested.
    await other.checkout('main');
    await other.git('merge', '--quiet', '--squash', 'change');
    const squashed = await other.commit({});
    await other.push('main');
    await recordMain(other);
    await other.branch('next');
    await other.commit({ 'notes.md': 'y' });
    expect((await gate(other.directory)).evidence.body.baseline).toMatchObject({
      rung: 'exact',
      commit: squashed,
    });
  });
});

describe('two configs in one repository', () => {
  it('with a branch each have a baseline each', async () => {
    const { work } = await repositories.create(
      twoConfigs('baseline: { branch: mlgate-churn }\n', 'baseline: { branch: mlgate-spam }\n'),
    );
    const values: Record<string, number | null | undefined> = {};
    // In the same second by the clock of the tests, and on the same test set.
    for (const name of ['churn', 'spam']) await recordMain(work, {}, `${name}/mlgate.yml`);
    await work.branch('change');
    await work.commit({ 'churn/out.csv': predictions(400, 10), 'spam/out.csv': predictions(400, 4) });
    for (const name of ['churn', 'spam']) {
      const { exitCode, evidence } = await gate(work.directory, `${name}/mlgate.yml`);
      expect(exitCode).toBe(0);
      expect(evidence.body.baseline?.rung).toBe('exact');
      expect(evidence.body.notes).toBeUndefined();
      values[name] = evidence.body.metrics.find((metric) => metric.name === 'accuracy')?.comparison?.baseline;
    }
    expect(values).toEqual({ churn: 1 - 45 / 400, spam: 1 - 134 / 400 });
  });

  it('on one branch are refused by name, and a comparison with the other one says what it is', async () => {
    const { work } = await repositories.create(twoConfigs());
    await recordMain(work, {}, 'churn/mlgate.yml');
    expect((await mlgate(work.directory, ['run', '-c', 'spam/mlgate.yml'])).exitCode).toBe(0);
    const refused = await mlgate(work.directory, ['baseline', 'record', '-c', 'spam/mlgate.yml']);
    expect(refused.exitCode).toBe(2);
    expect(refused.out).toBe('');
    expect(refused.err).toContain(
      'The branch holds evidence of this commit that another config made, `churn/mlgate.yml`, so that of `spam/mlgate.yml` was not recorded.',
    );
    expect(refused.err).toContain('Give each config a `baseline.branch` of its own.');
    const swapped = await mlgate(work.directory, [
      'baseline',
      'record',
      'spam/.mlgate/evidence.json',
      '-c',
      'churn/mlgate.yml',
    ]);
    expect(swapped.exitCode).toBe(2);
    expect(swapped.err).toContain('made by the config `spam/mlgate.yml`, not by `churn/mlgate.yml`');
    // What was refused left no mark in the other's history.
    const history = await work.git('show', 'origin/mlgate:history/2026-11.jsonl').catch(async () => {
      await work.git('fetch', '--quiet', 'origin', 'mlgate');
      return await work.git('show', 'FETCH_HEAD:history/2026-11.jsonl');
    });
    expect(history.trim().split('\n')).toHaveLength(1);
    await work.branch('change');
    await work.commit({ 'readme.md': 'x' });
    const { evidence } = await gate(work.directory, 'spam/mlgate.yml');
    expect(evidence.body.notes).toEqual([
      'The baseline was recorded by another config, `churn/mlgate.yml`. If both are in use, give each a `baseline.branch` of its own.',
    ]);
    expect((await gate(work.directory, 'churn/mlgate.yml')).evidence.body.notes).toBeUndefined();
  });
});

describe('a baseline that is damaged', () => {
  it('is a reason, and an older one serves; recording that commit again says what to delete', async () => {
    const { work, origin } = await repositories.create({
      'mlgate.yml': ACCURACY,
      'out.csv': predictions(400, 9),
    });
    const first = await recordMain(work);
    await work.commit({ 'readme.md': 'a' });
    await work.push();
    const second = await recordMain(work);
    const vandal = await repositories.clone(origin);
    await vandal.checkout('mlgate');
    await vandal.commit({ [`runs/${second}.json`]: '{"version": 1, "digest"' });
    await vandal.push('mlgate');
    await work.branch('change');
    await work.commit({ 'out.csv': predictions(400, 10) });
    const { exitCode, evidence } = await gate(work.directory);
    expect(exitCode).toBe(0);
    expect(evidence.body.baseline).toMatchObject({ rung: 'ancestor', commit: first, distance: 1 });
    expect(evidence.body.baseline?.tried[0]?.reason).toContain(`The evidence of ${second} is not JSON`);
    await work.checkout('main');
    expect((await mlgate(work.directory, ['run'])).exitCode).toBe(0);
    const again = await mlgate(work.directory, ['baseline', 'record']);
    expect(again.exitCode).toBe(2);
    expect(again.err).toContain('The branch holds something else for this commit already');
    expect(again.err).toContain(`Delete \`runs/${second}.json\` from the branch and record again.`);
  });

  it('in its outcomes only is not paired, and says so', async () => {
    const { work, origin } = await repositories.create({
      'mlgate.yml': ACCURACY,
      'out.csv': predictions(400, 9),
    });
    await recordMain(work);
    const [ref] = (await runGit(origin, ['for-each-ref', '--format=%(refname)', 'refs/mlgate'])).split('\n');
    const vandal = await createGitWorkspace({ origin });
    try {
      await vandal.git('fetch', '--quiet', 'origin', ref!);
      await vandal.git('checkout', '--quiet', 'FETCH_HEAD');
      const [path] = (await vandal.git('ls-files')).split('\n');
      await vandal.commit({ [path!]: 'not what it was' });
      await vandal.push(`HEAD:${ref!}`);
    } finally {
      await vandal.remove();
    }
    await work.branch('change');
    await work.commit({ 'out.csv': predictions(400, 10) });
    const { exitCode, evidence, check } = await gate(work.directory);
    expect(exitCode).toBe(0);
    expect(check(CHURN)).toMatchObject({ verdict: 'inconclusive', reason: 'outcomes-missing' });
    expect(evidence.body.notes).toEqual(["churn: The baseline's outcomes are not those that were recorded."]);
    const verified = await mlgateJson(work.directory, ['baseline', 'verify']);
    expect(verified.exitCode).toBe(1);
    expect(verified.out).toContain('The outcomes of churn are not those that were recorded.');
  });

  it('by a wrong clock is used, and called what it is', async () => {
    const { work } = await repositories.create({ 'mlgate.yml': ACCURACY, 'out.csv': predictions(400, 9) });
    await recordMain(work, { now: () => new Date('2031-01-01T00:00:00Z') });
    await work.branch('change');
    await work.commit({ 'out.csv': predictions(400, 10) });
    const { exitCode, check } = await gate(work.directory);
    expect(exitCode).toBe(0);
    expect(check(CHURN)).toMatchObject({ verdict: 'pass' });
    const { out } = await mlgate(work.directory, ['run']);
    expect(out.replaceAll(/\s+/gu, ' ')).toContain('recorded after this test');
    const shown = await mlgate(work.directory, ['baseline', 'show']);
    expect(shown.out).toContain('(in the future: a clock is wrong)');
  });
});

describe('numbers that cannot be compared', () => {
  it.each([
    {
      what: 'NaN in the change',
      main: '{"loss": 0.4}',
      change: '{"loss": NaN}',
      expected: { exitCode: 1, verdict: 'fail', reason: 'not-finite' },
      says: '`loss` is not a finite number. Look at what computes it.',
      row: /loss +0\.4000 +not a number/u,
    },
    {
      what: 'NaN in main',
      main: '{"loss": NaN}',
      change: '{"loss": 0.4}',
      expected: { exitCode: 0, verdict: 'inconclusive', reason: 'not-finite' },
      says: "The baseline's value is not a finite number.",
      row: /loss +not a number +0\.4000/u,
    },
    {
      what: 'a share of zero',
      main: '{"loss": 0}',
      change: '{"loss": 0.4}',
      expected: { exitCode: 1, verdict: 'fail', reason: 'degenerate' },
      says: 'absolute',
      row: /loss +0\.0000 +0\.4000/u,
    },
  ])('$what', async ({ main, change, expected, says, row }) => {
    const { work } = await repositories.create({ 'mlgate.yml': numbersOf('loss'), 'metrics.json': main });
    await recordMain(work);
    await work.branch('change');
    await work.commit({ 'metrics.json': change });
    const { exitCode, check } = await gate(work.directory);
    const { verdict, reason, message } = check(LOSS);
    expect({ exitCode, verdict, reason }).toEqual(expected);
    expect(message).toContain(says);
    expect((await mlgate(work.directory, ['run'])).out).toMatch(row);
  });
});

describe('labels', () => {
  it('that mean something else now, or that main did not have, are not compared; another spelling is', async () => {
    const { work } = await repositories.create({ 'mlgate.yml': ACCURACY, 'out.csv': predictions(400, 9) });
    await recordMain(work);
    await work.branch('change');
    await work.commit({ 'out.csv': spell('yes', 'no') });
    expect((await gate(work.directory)).check(CHURN)).toMatchObject({ verdict: 'pass' });
    await work.commit({ 'out.csv': spell('0', '1') });
    expect((await gate(work.directory)).check(CHURN)).toMatchObject({
      verdict: 'inconclusive',
      reason: 'test-set-changed',
    });
    await work.commit({ 'out.csv': spell('churned', 'stayed') });
    const unclear = await mlgate(work.directory, ['run']);
    expect(unclear.exitCode).toBe(2);
    expect(unclear.err).toContain('positive');
  });
});

describe('a config that asks for what cannot be', () => {
  it.each([
    {
      what: 'a direction that nobody knows',
      config:
        'version: 1\nmetrics:\n  training: { path: metrics.json, gates: { wobble: { max-regression: 0.1 } } }\n',
      says: /direction/u,
    },
    {
      what: 'bounds that contradict each other',
      config: configOf('accuracy: { at-least: 0.9, at-most: 0.8 }'),
      says: /at-least/u,
    },
    {
      what: 'changes that contradict each other',
      config: configOf('accuracy: { min-improvement: 0.05, max-improvement: 0.01 }'),
      says: /min-improvement/u,
    },
  ])('$what is a mistake with a place, before anything is read', async ({ config, says }) => {
    const folder = await makeFolder({ 'mlgate.yml': config });
    const { exitCode, err } = await mlgate(folder, ['run']);
    expect(exitCode).toBe(2);
    expect(err).toMatch(/mlgate\.yml:\d+:\d+/u);
    expect(err).toMatch(says);
  });
});

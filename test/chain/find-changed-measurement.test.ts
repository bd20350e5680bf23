import { describe, expect, it } from 'vitest';
import { digestCheckouts, findChangedMeasurement } from '../../src/chain/find-changed-measurement.ts';
import { judgeAgain } from '../../src/chain/judge-again.ts';
import { parseConfig } from '../../src/config/parse-config.ts';
import { makeEvidence } from '../../src/evidence/evidence.ts';
import type { Check, Evidence, Input, Metric } from '../../src/schemas/evidence.generated.ts';

const BASE = `
version: 1
data: { d: { path: d.csv, schema: d.schema.json } }
models:
  m:
    task: binary-classification
    predictions: { path: p.csv, id: id, target: y, score: p }
    baseline-predictions: old.csv
    metrics: { accuracy: { max-regression: 0.02 } }
metrics: { training: { path: m.json } }
comparison: { seed: 7 }
`;
const SCHEMA = '{"properties":{"a":{}}}\n';
const policy = parseConfig(BASE, 'mlgate.yml');
const trusted = { parsed: policy, schemaDigests: new Map([['d', digestCheckouts(SCHEMA)]]) };
const [SCHEMA_DIGEST = ''] = digestCheckouts(SCHEMA);
const OTHER = 'f'.repeat(64);

const INPUTS: readonly Input[] = [
  { role: 'dataset', name: 'd', path: 'd.csv', sha256: OTHER, bytes: 1 },
  { role: 'data-schema', name: 'd', path: 'd.schema.json', sha256: SCHEMA_DIGEST, bytes: 1 },
  { role: 'predictions', name: 'm', path: 'p.csv', sha256: OTHER, bytes: 1 },
  { role: 'baseline-predictions', name: 'm', path: 'old.csv', sha256: OTHER, bytes: 1 },
  { role: 'metrics-file', name: 'training', path: 'm.json', sha256: OTHER, bytes: 1 },
];

const ANSWERS: readonly Check[] = [
  ['data/d/DATASET_LOW_NUM_EXAMPLES', { dataset: 'd' }],
  ['model/m/predictions', { model: 'm' }],
  ['metrics/training/numbers', { metricsFile: 'training' }],
].map(([id, about]) => ({ id, name: 'x', about, verdict: 'pass', severity: 'fail', message: 'ok' }) as Check);

const UNCHANGED: Metric = {
  name: 'accuracy',
  about: { model: 'm' },
  definition: 1,
  direction: 'higher-is-better',
  value: 0.6,
  n: 1000,
  comparison: { baseline: 0.6, difference: 0, method: 'unchanged', pairs: 1000, margin: 0.02 },
};

function evidenceOf(inputs: readonly Input[], seed = 7): Evidence {
  return makeEvidence(
    {
      tool: { name: 'mlgate', version: '0.1.0' },
      seed,
      policy: { digest: OTHER, enforce: true, alpha: 0.05, inconclusive: 'warn', noBaseline: 'warn' },
      verdict: 'pass',
      subjects: [],
      inputs,
      checks: ANSWERS,
      metrics: [UNCHANGED],
      figures: [],
    },
    { source: {}, createdAt: new Date(0), durationSeconds: 1 },
  );
}

/** The inputs with one of them changed. */
function withInput(role: Input['role'], change: Partial<Input>): readonly Input[] {
  return INPUTS.map((input) => (input.role === role ? { ...input, ...change } : input));
}

/** The config with one more line for its model. */
function withSetting(line: string): string {
  return BASE.replace('    metrics:', `    ${line}\n    metrics:`);
}

/** The config with another setting of its dataset. */
function parseWithDrift(setting: string) {
  return parseConfig(BASE.replace('d.schema.json', `d.schema.json, ${setting}`), 'mlgate.yml');
}

/** The config with a bound on a number of its metrics file. */
function parseWithLoss(gate: string) {
  const file = `m.json, gates: { loss: { max-regression: 0.1, ${gate} } } }`;
  return parseConfig(BASE.replace('m.json }', file), 'mlgate.yml');
}

function referred(path: string, sha256: string): Input {
  return { role: 'data-schema', name: 'd', path, sha256, bytes: 1 };
}

describe('findChangedMeasurement', () => {
  it('finds nothing where everything was measured as the base asks for', () => {
    expect(findChangedMeasurement(evidenceOf(INPUTS), trusted, policy.config)).toEqual([]);
  });

  it('finds a file to which the schema refers edited, added or left out', () => {
    const refers = {
      ...trusted,
      referredDigests: new Map([['d', new Map([['types.json', digestCheckouts('{}')]])]]),
    };
    const [digest = ''] = digestCheckouts('{}');
    const told = (inputs: readonly Input[]): readonly string[] =>
      findChangedMeasurement(evidenceOf(inputs), refers, policy.config).map(({ message }) => message);
    expect(told([...INPUTS, referred('types.json', digest)])).toEqual([]);
    for (const inputs of [
      INPUTS,
      [...INPUTS, referred('types.json', OTHER)],
      [...INPUTS, referred('types.json', digest), referred('more.json', digest)],
    ]) {
      expect(told(inputs)).toEqual([
        expect.stringMatching(/to which the schema `d\.schema\.json` refers, is edited/),
      ]);
    }
  });

  it.each([
    [
      'another dataset',
      withInput('dataset', { path: 'small.csv' }),
      'data/d/measurement',
      '`small.csv` instead of `d.csv`',
    ],
    [
      'another schema file',
      withInput('data-schema', { path: 'lax.json' }),
      'data/d/measurement',
      '`lax.json` instead of `d.schema.json`',
    ],
    [
      'an edited schema',
      withInput('data-schema', { sha256: OTHER }),
      'data/d/measurement',
      'the schema `d.schema.json` is edited',
    ],
    [
      'other predictions',
      withInput('predictions', { path: 'best.csv' }),
      'models/m/measurement',
      '`best.csv` instead of `p.csv`',
    ],
    [
      'itself as baseline',
      withInput('baseline-predictions', { path: 'p.csv' }),
      'models/m/measurement',
      '`p.csv` instead of `old.csv`',
    ],
    [
      'another metrics file',
      withInput('metrics-file', { path: 'x.json' }),
      'metrics/training/measurement',
      '`x.json` instead of `m.json`',
    ],
  ] as const)('%s is undecided, and said', (_what, inputs, id, words) => {
    const [check, ...others] = findChangedMeasurement(evidenceOf(inputs), trusted, undefined);
    expect(others).toEqual([]);
    expect(check).toMatchObject({
      id,
      verdict: 'inconclusive',
      reason: 'policy-changed',
      message: expect.stringContaining(words) as unknown,
    });
  });

  it.each([
    ['another thing to compare with', 'drift: { against: other.csv }', true],
    ['another method', 'drift: { columns: { a: { method: psi } } }', true],
    ['a column left out', 'skew: { against: other.csv, exclude: [a] }', true],
    [
      'another threshold, which is judged anew',
      'drift: { columns: { a: { method: l-infinity, threshold: 9 } }, max-share: 1 }',
      false,
    ],
  ])('of drift and skew, sees %s', (_what, setting, isSeen) => {
    const base = parseWithDrift('drift: { columns: { a: { method: l-infinity } } }');
    const found = findChangedMeasurement(
      evidenceOf(INPUTS),
      { ...trusted, parsed: base },
      parseWithDrift(setting).config,
    );
    expect(found.map(({ id, verdict }) => [id, verdict])).toEqual(
      isSeen ? [['data/d/measurement', 'inconclusive']] : [],
    );
  });

  it('sees another seed', () => {
    expect(findChangedMeasurement(evidenceOf(INPUTS, 8), trusted, undefined)).toMatchObject([
      { message: expect.stringContaining('the seed is 8 instead of 7') as unknown },
    ]);
  });

  it.each([
    [
      'threshold: 0.1',
      BASE.replace('score: p }', 'score: p, threshold: 0.1 }'),
      'how the predictions are read',
    ],
    ['unpaired: true', withSetting('unpaired: true'), 'compared, is edited'],
    ['other test sets', withSetting(`compatible-test-sets: [${OTHER}]`), 'compared, is edited'],
    ['other trainings', withSetting('seeds: [again.csv]'), 'compared, is edited'],
    ['other slices', withSetting('slices: { by: [region] }'), 'cut into slices'],
    ['baseline: { branch: nowhere }', `${BASE}baseline: { branch: nowhere }\n`, '`baseline`'],
    ['resamples', BASE.replace('seed: 7', 'seed: 7, resamples: 200'), 'resamples'],
  ])('with the own config at hand sees %s', (_what, text, words) => {
    const own = parseConfig(text, 'mlgate.yml').config;
    expect(findChangedMeasurement(evidenceOf(INPUTS), trusted, own)).toMatchObject([
      { message: expect.stringContaining(words) as unknown },
    ]);
  });

  it.each([
    ['thresholds change: those are judged anew', BASE.replace('0.02', '0.5')],
    ['parameters be read, which measure nothing', withSetting('params: [p.yaml]')],
  ])('lets %s, without a word', (_what, text) => {
    const own = parseConfig(text, 'mlgate.yml').config;
    expect(findChangedMeasurement(evidenceOf(INPUTS), trusted, own)).toEqual([]);
  });

  it.each<readonly [string, string, readonly string[]]>([
    ['less noise', 'noise: 0.000001', ['how `loss` varies']],
    ['no noise', '', ['how `loss` varies']],
    ['another direction', 'noise: 0.05, direction: higher-is-better', ['which way is better']],
    ['thresholds alone', 'noise: 0.05, at-most: 3', []],
    ['another number', 'noise: 0.05 }, accuracy: { at-least: 0.5, noise: 1', []],
  ])('with the own config at hand sees how numbers of a file are compared: %s', (_what, setting, words) => {
    const base = { ...trusted, parsed: parseWithLoss('noise: 0.05') };
    const found = findChangedMeasurement(evidenceOf(INPUTS), base, parseWithLoss(setting).config);
    expect(found.map(({ id, verdict }) => [id, verdict])).toEqual(
      words.map(() => ['metrics/training/measurement', 'inconclusive']),
    );
    for (const word of words) expect(found[0]?.message).toContain(word);
  });

  it.each([
    ['another run of the same file', ', run: better', 'which run'],
    ['the file as another format', ', format: mlflow-db', 'which run'],
  ])('with the own config at hand sees numbers of %s', (_what, setting, words) => {
    const text = BASE.replace('path: m.json', `path: m.json${setting}`);
    const own = parseConfig(text, 'mlgate.yml').config;
    expect(findChangedMeasurement(evidenceOf(INPUTS), trusted, own)).toMatchObject([
      {
        id: 'metrics/training/measurement',
        verdict: 'inconclusive',
        message: expect.stringContaining(words) as unknown,
      },
    ]);
  });

  it('with the own config at hand sees a dataset that is read as another format', () => {
    const text = BASE.replace('path: d.csv', 'path: d.csv, format: jsonl');
    const own = parseConfig(text, 'mlgate.yml').config;
    expect(findChangedMeasurement(evidenceOf(INPUTS), trusted, own)).toMatchObject([
      { id: 'data/d/measurement', verdict: 'inconclusive' },
    ]);
  });

  it('takes a schema that git checked out with other line ends for the same', () => {
    const [, , windows = ''] = digestCheckouts(SCHEMA);
    expect(windows).not.toBe(SCHEMA_DIGEST);
    expect(
      findChangedMeasurement(evidenceOf(withInput('data-schema', { sha256: windows })), trusted, undefined),
    ).toEqual([]);
  });
});

describe('judgeAgain', () => {
  it('never calls a candidate that was compared with itself a plain pass', () => {
    const judged = judgeAgain(evidenceOf(withInput('baseline-predictions', { path: 'p.csv' })), trusted);
    expect(judged.body.verdict).toBe('warn');
    expect(judgeAgain(evidenceOf(INPUTS), trusted).body.verdict).toBe('pass');
  });
});

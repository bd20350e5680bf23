import { describe, expect, it } from 'vitest';
import { findMissing } from '../../src/chain/check-completeness.ts';
import { addNote, judgeAgain } from '../../src/chain/judge-again.ts';
import type { Check, Evidence, EvidenceBody } from '../../src/schemas/evidence.generated.ts';
import { validateDocument } from '../../src/schemas/validate.ts';
import { parseEvidence, printEvidence } from '../../src/evidence/evidence.ts';
import { checkOf, evidenceOf, metricOf } from '../evidence/cases.ts';
import { CHURN, parse } from './memory-effects.ts';

const MODEL = {
  models: { churn: { ...CHURN, metrics: { accuracy: { 'at-least': 0.8, 'max-regression': 0.02 } } } },
};
const INTERVAL = { level: 0.9, low: 0.88, high: 0.92, method: 'wilson' } as const;
const PREDICTIONS = checkOf('model/churn/predictions', { name: 'predictions', about: { model: 'churn' } });

/** What an honest run of MODEL finds: 0.9, and 0.01 better than the baseline. */
function measured(low: number, changes: Partial<EvidenceBody> = {}): Evidence {
  const accuracy = metricOf('accuracy', {
    value: 0.9,
    n: 1000,
    interval: INTERVAL,
    comparison: {
      baseline: 0.89,
      difference: 0.01,
      interval: { level: 0.9, low, high: 0.03, method: 'tango' },
      method: 'paired',
      pairs: 1000,
      margin: 0.02,
    },
  });
  return evidenceOf({
    checks: [PREDICTIONS],
    metrics: [accuracy],
    baseline: { rung: 'exact', commit: 'b'.repeat(40), tried: [] },
    ...changes,
  });
}

function judge(evidence: Evidence, config: object): Evidence {
  const judged = judgeAgain(evidence, { parsed: parse(config), schemaDigests: new Map() });
  expect(validateDocument('evidence', judged)).toMatchObject({ ok: true });
  return judged;
}

function verdictOf({ body }: Evidence, id: string): string | undefined {
  return body.checks.find((check) => check.id === id)?.verdict;
}

const MARGIN = 'model/churn/accuracy/max-regression';
const BOUND = 'model/churn/accuracy/at-least';

describe('judgeAgain', () => {
  it('decides every bound anew from the numbers', () => {
    const judged = judge(measured(-0.01), MODEL);
    expect(verdictOf(judged, MARGIN)).toBe('pass');
    expect(verdictOf(judged, BOUND)).toBe('pass');
    expect(verdictOf(judge(measured(-0.05), MODEL), MARGIN)).toBe('inconclusive');
  });

  it('takes the thresholds of the trusted config, not of the evidence', () => {
    const stricter = {
      models: { churn: { ...CHURN, metrics: { accuracy: { 'at-least': 0.95, 'max-regression': 0.005 } } } },
    };
    const judged = judge(measured(-0.01), stricter);
    expect(verdictOf(judged, BOUND)).toBe('fail');
    expect(verdictOf(judged, MARGIN)).toBe('inconclusive');
    expect(judged.body.verdict).toBe('fail');
    expect(judged.body.policy.digest).toBe(parse(stricter).digest);
  });

  it('judges a margin of every slice for each slice that there is, once', () => {
    const sliced = {
      models: { churn: { ...CHURN, slices: { by: ['region'], 'max-regression': { accuracy: 0.02 } } } },
    };
    const of = (slice: string, low: number) =>
      measured(low).body.metrics.map((metric) => ({ ...metric, about: { model: 'churn', slice } }));
    const metrics = [
      ...of('region=north', -0.01),
      ...of('region=south', -0.05),
      ...of('region=south', -0.01),
    ];
    const judged = judge(measured(-0.01, { metrics }), sliced);
    const margins = judged.body.checks.filter(({ name }) => name === 'max-regression');
    expect(margins.map(({ id, verdict }) => [id, verdict])).toEqual([
      ['model/churn/region=north/accuracy/max-regression', 'pass'],
      ['model/churn/region=south/accuracy/max-regression', 'inconclusive'],
    ]);
    const none = judge(measured(-0.01), sliced);
    expect(none.body.checks.filter(({ name }) => name === 'max-regression')).toMatchObject([
      { id: 'model/churn/slices/accuracy/max-regression', verdict: 'fail', reason: 'missing' },
    ]);
  });

  it('does not believe a verdict', () => {
    const forged = [
      PREDICTIONS,
      checkOf(BOUND, { about: { model: 'churn' }, metric: 'accuracy', verdict: 'pass' }),
      checkOf(MARGIN, { about: { model: 'churn' }, metric: 'accuracy', verdict: 'pass', severity: 'warn' }),
      // Without a metric it looks like another kind of check, and stands beside the true one.
      checkOf(BOUND, { about: { model: 'churn' }, verdict: 'pass' }),
    ];
    const stricter = { models: { churn: { ...CHURN, metrics: { accuracy: { 'at-least': 0.95 } } } } };
    const judged = judge(measured(-0.01, { checks: forged, verdict: 'pass' }), stricter);
    expect(judged.body.verdict).toBe('fail');
    expect(judged.body.checks.filter(({ id, verdict }) => id === BOUND && verdict === 'fail')).toHaveLength(
      1,
    );
    expect(verdictOf(judged, MARGIN)).toBeUndefined();
  });

  it('does not believe what a relaxed policy made of a failure', () => {
    const relaxed = measured(-0.01, {
      checks: [
        PREDICTIONS,
        checkOf('model/churn/binding', { about: { model: 'churn' }, verdict: 'fail', severity: 'warn' }),
      ],
      policy: {
        digest: '9'.repeat(64),
        enforce: false,
        alpha: 0.25,
        inconclusive: 'pass',
        noBaseline: 'pass',
      },
      verdict: 'warn',
    });
    const judged = judge(relaxed, { ...MODEL, comparison: { inconclusive: 'fail' } });
    expect(judged.body.verdict).toBe('fail');
    expect(judged.body.policy).toMatchObject({
      enforce: true,
      alpha: 0.05,
      inconclusive: 'fail',
      noBaseline: 'warn',
    });
  });

  it('does not take an interval of another level', () => {
    const judged = judge(measured(-0.01), { ...MODEL, comparison: { alpha: 0.01 } });
    expect(judged.body.checks.find(({ id }) => id === MARGIN)).toMatchObject({
      verdict: 'inconclusive',
      reason: 'policy-changed',
    });
  });

  it('says of a margin that was not tested that it was not', () => {
    const relative = { models: { churn: { ...CHURN, metrics: { accuracy: { 'max-regression': '5%' } } } } };
    expect(judge(measured(-0.01), relative).body.checks.find(({ id }) => id === MARGIN)).toMatchObject({
      verdict: 'inconclusive',
      reason: 'policy-changed',
    });
  });

  it('fails what the config asks for and the evidence does not have', () => {
    const cut = judge(measured(-0.01, { metrics: [] }), MODEL);
    expect(verdictOf(cut, MARGIN)).toBe('fail');
    const config = {
      ...MODEL,
      data: { customers: { path: 'a.csv', schema: 's.json' } },
      metrics: { training: { path: 'm.json' } },
    };
    const judged = judge(evidenceOf({ checks: [] }), config);
    expect(judged.body.checks.filter(({ reason }) => reason === 'missing').map(({ id }) => id)).toEqual([
      BOUND,
      MARGIN,
      'data/customers/evidence',
      'metrics/training/evidence',
    ]);
    expect(judged.body.verdict).toBe('fail');
  });

  it.each([
    ['counted violations', { violations: 3 }],
    ['examples', { examples: [{ row: 1, column: 'age', value: -3 }] }],
  ] as const)('fails a data check that calls itself passed or skipped beside %s', (_name, found) => {
    const config = { data: { customers: { path: 'a.csv', schema: 's.json' } } };
    for (const verdict of ['pass', 'skipped', 'warn', 'inconclusive'] as const) {
      const judged = judge(
        evidenceOf({ checks: [checkOf('a', { verdict, severity: 'warn', ...found })] }),
        config,
      );
      expect(judged.body.checks[0]).toMatchObject({ verdict: 'fail', severity: 'fail' });
      expect(judged.body.verdict).toBe('fail');
    }
  });

  it('judges groups, overfitting and gain by its own bounds, and misses what is not there', () => {
    const limits = { level: 0.9, low: 0.55, high: 0.72, method: 'Koopman score' } as const;
    const config = {
      models: {
        churn: {
          ...CHURN,
          metrics: {},
          fairness: { groups: ['sex'], 'min-ratio': { selection_rate: 0.8 } },
          'min-gain': { accuracy: 0.05 },
        },
      },
    };
    const ratio = 'model/churn/fairness/sex/selection_rate/min-ratio';
    const gain = 'model/churn/trivial/accuracy/min-gain';
    const about = { model: 'churn' };
    const found = evidenceOf({
      // What the change itself says of the bounds does not count.
      checks: [PREDICTIONS, checkOf(ratio, { about, metric: 'selection_rate' })],
      fairness: [
        {
          about,
          column: 'sex',
          groups: [
            { name: 'f', n: 500, rates: [{ metric: 'selection_rate', value: 0.32, n: 500 }] },
            { name: 'm', n: 500, rates: [{ metric: 'selection_rate', value: 0.5, n: 500 }] },
          ],
          gaps: [
            {
              metric: 'selection_rate',
              form: 'ratio',
              value: 0.64,
              interval: limits,
              lowest: 'f',
              highest: 'm',
            },
          ],
        },
      ],
      generalisations: [
        {
          about,
          metric: 'accuracy',
          against: 'trivial',
          value: 0.9,
          reference: 0.7,
          difference: 0.2,
          interval: { level: 0.9, low: 0.17, high: 0.23, method: 'Tango score' },
        },
      ],
    });
    expect(verdictOf(judge(found, config), ratio)).toBe('fail');
    expect(verdictOf(judge(found, config), gain)).toBe('pass');
    const cut = judge(evidenceOf({ checks: [PREDICTIONS] }), config);
    expect([verdictOf(cut, ratio), verdictOf(cut, gain)]).toEqual(['fail', 'fail']);
  });

  it.each(['partial', 'failed'] as const)('takes no %s run of another tool for a success', (status) => {
    const config = { metrics: { suite: { path: 'junit.xml' } } };
    const about = { metricsFile: 'suite' };
    const run = checkOf('metrics/suite/foreign-run', { name: 'foreign-run', about });
    const imported = { metricsFile: 'suite', format: 'junit', status };
    const judged = judge(evidenceOf({ checks: [run], imports: [imported] }), config);
    expect(verdictOf(judged, run.id)).toBe('fail');
    expect(verdictOf(judge(evidenceOf({ checks: [run] }), config), run.id)).toBe('fail');
    const whole = evidenceOf({ checks: [run], imports: [{ ...imported, status: 'complete' }] });
    expect(verdictOf(judge(whole, config), run.id)).toBe('pass');
  });

  it('takes how much a dataset counts from the trusted config', () => {
    const failed = evidenceOf({ checks: [checkOf('a', { verdict: 'fail' })] });
    const config = { data: { customers: { path: 'a.csv', schema: 's.json', severity: 'warn' } } };
    expect(judge(failed, config).body.verdict).toBe('warn');
  });

  it('says that the config changed, and nothing where it did not', () => {
    const parsed = parse(MODEL);
    const policy = {
      digest: parsed.digest,
      enforce: true,
      alpha: 0.05,
      inconclusive: 'warn',
      noBaseline: 'warn',
    } as const;
    expect(judge(measured(-0.01, { policy }), MODEL).body.notes ?? []).toEqual([]);
    expect(judge(measured(-0.01), MODEL).body.notes?.at(-1)).toMatch(/This change also changes the config/);
  });

  it('is evidence that can be read again, however many remarks it had', () => {
    const notes = Array.from({ length: 200 }, (_, index) => `note ${index}`);
    const judged = judge(measured(-0.01, { notes }), MODEL);
    expect(parseEvidence(printEvidence(judged), 'x')).toEqual(judged);
    expect(judged.body.notes?.at(-1)).toMatch(/This change also changes the config/);
  });

  it('keeps source, time and everything that was found', () => {
    const evidence = measured(-0.01);
    const judged = judge(evidence, MODEL);
    expect({ ...judged, digest: '', body: {} }).toEqual({ ...evidence, digest: '', body: {} });
    expect(judged.body.metrics).toEqual(evidence.body.metrics);
    expect(judged.digest).not.toBe(evidence.digest);
  });
});

describe('a model that was run', () => {
  const recompute = { features: 'f.csv', rows: 200, tolerance: 1e-5, 'timeout-seconds': 120 };
  const config = { models: { churn: { ...MODEL.models.churn, artifact: 'm.onnx', recompute } } };
  const id = 'model/churn/recomputed';
  const claimed = checkOf(id, { name: 'recomputed', about: { model: 'churn' } });

  function judgeClaim(agreeing: number, check: Check = claimed): Check | undefined {
    const recomputed = { rows: 200, agreeing, tolerance: 1e-5, runtime: 'onnxruntime 1.30.0' };
    const subject = { name: 'churn', sha256: 'a'.repeat(64), bytes: 1, format: 'onnx' };
    const evidence = measured(-0.01, {
      checks: [PREDICTIONS, check],
      subjects: [{ ...subject, binding: 'recomputed', recomputed }],
    });
    return judge(evidence, config).body.checks.find((one) => one.id === id);
  }

  it('is believed as far as its numbers go', () => {
    expect(judgeClaim(200)?.verdict).toBe('pass');
    expect(judgeClaim(199)).toMatchObject({
      verdict: 'fail',
      reason: 'recomputed-differently',
      message:
        'The predictions of `churn` are not tied to its bytes as the config asks: 199 of 200 answers agree.',
    });
  });

  it('is never believed more than it says itself', () => {
    expect(judgeClaim(200, { ...claimed, verdict: 'fail', severity: 'warn' })).toMatchObject({
      verdict: 'fail',
      severity: 'fail',
    });
  });

  it.each(['skipped', 'inconclusive'] as const)('is missed where evidence says %s and no more', (verdict) => {
    expect(judgeClaim(0, { ...claimed, verdict })).toMatchObject({ verdict: 'fail' });
  });

  it('is missed where nothing says that it was', () => {
    expect(findMissing(parse(config), [PREDICTIONS]).find((check) => check.id === id)).toMatchObject({
      verdict: 'fail',
      reason: 'missing',
      source: { key: 'models.churn.recompute' },
    });
    expect(findMissing(parse(config), [claimed]).map((check) => check.id)).not.toContain(id);
  });
});

describe('addNote', () => {
  it('adds a remark and names the evidence anew', () => {
    const noted = addNote(evidenceOf(), 'Look here.');
    expect(noted.body.notes).toEqual(['Look here.']);
    expect(parseEvidence(printEvidence(noted), 'x')).toEqual(noted);
    const full = evidenceOf({ notes: Array.from({ length: 200 }, (_, index) => `note ${index}`) });
    const more = addNote(full, 'Look here.');
    expect(parseEvidence(printEvidence(more), 'x').body.notes?.at(-1)).toBe('Look here.');
  });
});

describe('findMissing', () => {
  const config = { ...MODEL, data: { customers: { path: 'a.csv', schema: 's.json' } } };
  const answers: readonly Check[] = [
    checkOf('data/customers/x'),
    PREDICTIONS,
    checkOf(BOUND, { about: { model: 'churn' } }),
    checkOf(MARGIN, { about: { model: 'churn' } }),
  ];

  it('finds nothing where everything was answered', () => {
    expect(findMissing(parse(config), answers)).toEqual([]);
  });

  it.each(answers.map((check) => [check.id, check] as const))(
    'misses nothing but what is gone: %s',
    (id, gone) => {
      const missing = findMissing(
        parse(config),
        answers.filter((check) => check !== gone),
      );
      const expected: Readonly<Record<string, readonly string[]>> = {
        'data/customers/x': ['data/customers/evidence'],
        // Its bounds answer for the model.
        'model/churn/predictions': [],
      };
      expect(missing.map((check) => check.id)).toEqual(expected[id] ?? [id]);
      expect(
        missing.every(
          ({ verdict, reason, source }) =>
            verdict === 'fail' && reason === 'missing' && source?.file === 'mlgate.yml',
        ),
      ).toBe(true);
    },
  );

  it('fails everything where there is nothing', () => {
    expect(findMissing(parse(config), []).map(({ id }) => id)).toEqual([
      'data/customers/evidence',
      'models/churn/evidence',
      BOUND,
      MARGIN,
    ]);
  });
});

import { describe, expect, it } from 'vitest';
import { chooseFindings } from '../../../src/report/view/findings.ts';
import { summarise } from '../../../src/report/view/summarise.ts';
import type { ReportView } from '../../../src/report/view/report-view.ts';
import type { BaselineUsed, Check, Evidence, Metric } from '../../../src/schemas/evidence.generated.ts';
import { GOLDEN_NOW, readGoldenCase } from '../golden-cases.ts';

function view(evidence: Evidence, now = GOLDEN_NOW): ReportView {
  return summarise(evidence, { now, trust: 'own' });
}

function change(body: Partial<Evidence['body']>, name = 'all-pass'): Evidence {
  const { evidence } = readGoldenCase(name);
  return { ...evidence, body: { ...evidence.body, ...body } };
}

function check(partial: Partial<Check>): Check {
  return {
    id: 'x',
    name: 'at-least',
    metric: 'roc_auc',
    about: { model: 'm' },
    verdict: 'pass',
    severity: 'fail',
    message: 'Fine.',
    ...partial,
  };
}

function metric(
  comparison: Partial<NonNullable<Metric['comparison']>>,
  partial: Partial<Metric> = {},
): Evidence {
  const compared = { baseline: 0.8, difference: 0.01, method: 'paired', ...comparison } as const;
  const one: Metric = {
    name: 'accuracy',
    about: { model: 'm' },
    definition: 1,
    direction: 'higher-is-better',
    value: 0.81,
    comparison: compared,
    ...partial,
  };
  return change({
    metrics: [one],
    checks: [check({ metric: 'accuracy', name: 'max-regression' })],
    figures: [],
  });
}

const interval = (low: number, high: number) => ({ level: 0.9, low, high, method: 'Tango score' });

describe('the headline', () => {
  it.each([
    [[], 'fail', 'fail — nothing was checked'],
    [[], 'pass', 'fail — nothing was checked'],
    [[], 'skipped', 'skipped — the config asks nothing of this step; `mlgate run` runs them all'],
    [[check({})], 'pass', 'pass — 1 check passed'],
    [[check({}), check({})], 'pass', 'pass — all 2 checks passed'],
    [[check({}), check({ verdict: 'skipped' })], 'pass', 'pass — 1 check passed, 1 skipped'],
    [[check({ reason: 'unchanged' })], 'pass', 'pass — 1 check passed, the model is unchanged'],
    [[check({ verdict: 'fail' }), check({})], 'fail', 'fail — 1 check failed'],
    [[check({ verdict: 'fail', severity: 'warn' })], 'warn', 'warn — 1 warning'],
    [[check({ verdict: 'inconclusive' })], 'warn', 'warn — 1 could not be decided'],
    [
      [check({ verdict: 'fail' }), check({ verdict: 'fail' }), check({ verdict: 'inconclusive' })],
      'fail',
      'fail — 2 checks failed, 1 could not be decided',
    ],
  ] as const)('of %j with verdict %s is %s', (checks, verdict, headline) => {
    expect(view(change({ checks, verdict })).headline).toBe(headline);
  });
});

describe('a pass over metrics without a bound', () => {
  it('says that nothing was gated', () => {
    const { metric: _gated, ...plain } = check({});
    const shown = view(change({ verdict: 'pass', checks: [plain] }));
    expect(shown.headline).toBe('pass — 1 check passed; no metric has a bound');
  });
});

describe('the verdict', () => {
  it('is never better than its checks', () => {
    const lying = view(change({ verdict: 'pass', checks: [check({ verdict: 'fail' })] }));
    expect(lying.verdict).toBe('fail');
    expect(lying.blocks).toBe(true);
    expect(lying.banners.map(({ kind }) => kind)).toEqual(['contradiction']);
  });

  it('does not block without enforcement', () => {
    const { policy } = readGoldenCase('all-pass').evidence.body;
    const lenient = view(
      change({
        verdict: 'fail',
        checks: [check({ verdict: 'fail' })],
        policy: { ...policy, enforce: false },
      }),
    );
    expect(lenient).toMatchObject({
      verdict: 'fail',
      blocks: false,
      headline: 'would have failed — 1 check failed',
    });
    expect(lenient.banners.map(({ kind }) => kind)).toEqual(['not-enforced']);
  });
});

describe('the findings', () => {
  it('come worst first, in the order of the config among equals', () => {
    const checks = [
      check({ id: '1', verdict: 'inconclusive', metric: 'a' }),
      check({ id: '2', verdict: 'fail', severity: 'warn', metric: 'b' }),
      check({ id: '3', verdict: 'fail', metric: 'c' }),
      check({ id: '4', verdict: 'pass', metric: 'd' }),
      check({ id: '5', verdict: 'fail', metric: 'e' }),
    ];
    const { findings } = view(change({ checks, verdict: 'fail' }));
    expect(findings.map(({ asked }) => asked)).toEqual([
      'c at-least',
      'e at-least',
      'b at-least',
      'a at-least',
    ]);
  });

  it('tell a shared reason once', () => {
    const checks = ['a', 'b', 'c'].map((name) =>
      check({ id: name, verdict: 'inconclusive', reason: 'no-baseline', metric: name }),
    );
    const { findings } = view(change({ checks, verdict: 'warn' }));
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatchObject({ asked: 'a at-least', alsoAsked: ['b at-least', 'c at-least'] });
  });

  it('tell what was measured of data in few digits', () => {
    const measured = { kind: 'data', name: 'd', key: 'age/null-fraction', baseline: 0 } as const;
    const told = [0.0477815699659, 12_345].flatMap(
      (candidate) => view(change({ changes: [{ ...measured, candidate }] })).remarks,
    );
    expect(told.join(' ')).toContain('`age/null-fraction` `0` → `0.0478`');
    expect(told.join(' ')).toContain('`age/null-fraction` `0` → `12,345`');
  });

  const undecided = { name: 'max-regression', verdict: 'inconclusive', reason: 'undecided' } as const;

  it('tell undecided slices of a model once, and each that fails by itself', () => {
    const checks = ['region=east', 'region=north', 'region=south'].map((slice) =>
      check({ ...undecided, id: slice, about: { model: 'm', slice } }),
    );
    const about = { model: 'm', slice: 'region=west' };
    const failed = check({ id: 'w', name: 'max-regression', verdict: 'fail', about });
    const { findings } = view(change({ checks: [...checks, failed], verdict: 'fail' }));
    expect(findings.map(({ subject, asked, alsoAsked }) => ({ subject, asked, alsoAsked }))).toEqual([
      { subject: 'm · region=west', asked: 'roc_auc max-regression', alsoAsked: [] },
      { subject: 'm · 3 slices', asked: 'roc_auc max-regression', alsoAsked: [] },
    ]);
    expect(findings[1]?.message).toMatch(/^`region=east`; `region=north`; `region=south`\./);
  });

  it('tell four columns or more with the same fault once, and fewer each by itself', () => {
    const columns = Array.from({ length: 14 }, (_, index) => `c${index}`);
    const faults = columns.map((column): Check => ({
      id: `data/d/${column}/INT_TYPE_BIG_INT`,
      name: 'INT_TYPE_BIG_INT',
      verdict: 'fail',
      severity: 'fail',
      about: { dataset: 'd', column },
      message: `${column} is too large.`,
    }));
    expect(view(change({ checks: faults, verdict: 'fail' })).findings).toMatchObject([
      {
        subject: 'd',
        asked: 'INT_TYPE_BIG_INT of 14 columns',
        message:
          '`c0`, `c1`, `c2`, `c3`, `c4`, `c5`, `c6`, `c7`, `c8`, `c9`, `c10`, `c11` and 2 more. The first: c0 is too large.',
      },
    ]);
    const few = view(change({ checks: faults.slice(0, 3), verdict: 'fail' }));
    expect(few.findings.map(({ asked }) => asked)).toEqual([
      'c0 INT_TYPE_BIG_INT',
      'c1 INT_TYPE_BIG_INT',
      'c2 INT_TYPE_BIG_INT',
    ]);
  });

  it('tell of a model and its slices once what holds for all of them', () => {
    const lost = { ...undecided, reason: 'no-baseline' } as const;
    const checks = [{}, { slice: 'region=east' }, { slice: 'region=north' }].map((slice, index) =>
      check({ ...lost, id: String(index), about: { model: 'm', ...slice } }),
    );
    const { findings } = view(change({ checks, verdict: 'warn' }));
    expect(findings).toMatchObject([
      {
        subject: 'm',
        asked: 'roc_auc max-regression',
        alsoAsked: ['roc_auc max-regression of 2 slices'],
      },
    ]);
  });

  it('name what a trend is of, and no test set where there is none', () => {
    const { metric: _, ...trend } = check({ id: 'trend/m/a/b', name: 'max-decay', verdict: 'fail' });
    const ofFile = check({ ...undecided, id: 'f', about: { metricsFile: 'f' } });
    const rule = check({ ...undecided, id: 'rules/r', name: 'rule', about: {} });
    const { findings } = view(change({ checks: [trend, ofFile, rule], verdict: 'fail' }));
    expect(findings.map(({ asked, outcome }) => [asked, outcome.label])).toEqual([
      ['a/b max-decay', 'fail'],
      ['roc_auc max-regression', 'inconclusive (too much noise)'],
      ['r', 'inconclusive'],
    ]);
  });
});

function changeOf(evidence: Evidence): unknown {
  return view(evidence).measured[0]?.gated[0]?.change;
}

function many(subject: string, count: number, partial: Partial<Check> = {}): readonly Check[] {
  return Array.from({ length: count }, (_, index) =>
    check({
      id: `${subject}${index}`,
      about: { dataset: subject },
      verdict: 'fail',
      metric: `${index}`,
      ...partial,
    }),
  );
}

describe('the findings that stand unfolded', () => {
  it('are of every subject in turn, and keep their order', () => {
    const checks = [...many('a', 9), ...many('b', 2), ...many('c', 1)];
    const { findings } = view(change({ checks, verdict: 'fail' }));
    const chosen = chooseFindings(findings, 6);
    const names = findings
      .filter((finding) => chosen.has(finding))
      .map(({ subject, asked }) => `${subject} ${asked}`);
    expect(names).toEqual([
      'a 0 at-least',
      'a 1 at-least',
      'a 2 at-least',
      'b 0 at-least',
      'b 1 at-least',
      'c 0 at-least',
    ]);
  });

  it('are the failures before the warnings', () => {
    const checks = [...many('a', 3), ...many('b', 3, { severity: 'warn' })];
    const { findings } = view(change({ checks, verdict: 'fail' }));
    expect([...chooseFindings(findings, 3)].map(({ subject }) => subject)).toEqual(['a', 'a', 'a']);
  });
});

describe('a change', () => {
  it('is for the better or the worse only as far as its interval says', () => {
    expect(changeOf(metric({ interval: interval(0.001, 0.02) }))).toMatchObject({
      tendency: 'better',
      difference: '+0.0100',
    });
    expect(changeOf(metric({ interval: interval(-0.001, 0.02) }))).toMatchObject({ tendency: 'unclear' });
    expect(changeOf(metric({ difference: -0.01, interval: interval(-0.02, -0.001) }))).toMatchObject({
      tendency: 'worse',
    });
  });

  it('is turned where lower is better', () => {
    const lower = metric({ interval: interval(0.001, 0.02), margin: 0.02 }, { direction: 'lower-is-better' });
    expect(changeOf(lower)).toMatchObject({
      tendency: 'worse',
      difference: '+0.0100',
      bar: { low: -0.02, estimate: -0.01, high: -0.001, margin: 0.02 },
    });
  });

  it('with a relative margin is drawn as it was tested', () => {
    const relative = { value: 0.05, interval: interval(0.03, 0.07) };
    const row = changeOf(
      metric({ interval: interval(-0.02, 0.03), margin: 0.04, relativeMargin: 0.05, relative }),
    );
    expect(row).toMatchObject({
      bar: { margin: expect.closeTo(0.04) as unknown, estimate: expect.closeTo(0.01) as unknown },
    });
  });

  it('that could not be made says why', () => {
    const row = changeOf(
      metric({ difference: null, baseline: null, method: 'none', reason: 'test-set-changed' }),
    );
    expect(row).toMatchObject({ tendency: 'not-compared', difference: undefined, note: 'test set changed' });
  });

  it('has as many digits as its uncertainty has meaning', () => {
    const wide = view(metric({ interval: interval(-0.3, 0.3) })).measured[0]?.gated[0];
    expect(wide).toMatchObject({
      value: '0.81',
      baseline: '0.80',
      change: { difference: '+0.01', interval: '−0.30 to +0.30' },
    });
  });
});

describe('the baseline', () => {
  it.each<[Partial<BaselineUsed>, string]>([
    [
      { rung: 'exact' },
      'Compared with `58280f5`, the commit that this change was applied to, recorded 2 days earlier.',
    ],
    [
      { rung: 'ancestor', distance: 1 },
      'Compared with `58280f5`, the nearest earlier commit of main that has evidence, 1 commit before `58280f5`, recorded 2 days earlier.',
    ],
    [
      { rung: 'artifact' },
      'Compared with the artifact of the last good run on main (`58280f5`), recorded 2 days earlier.',
    ],
    [
      { rung: 'file', path: 'a.csv', recordedAt: '2027-01-01T00:00:00Z' },
      'Compared with the file `a.csv`, recorded after this test.',
    ],
  ])('%j reads as a sentence', (partial, sentence) => {
    const baseline = readGoldenCase('all-pass').evidence.body.baseline!;
    expect(view(change({ baseline: { ...baseline, ...partial } })).baseline?.sentence).toBe(sentence);
  });

  it('that is missing is said so, with each rung that failed', () => {
    const { baseline } = view(readGoldenCase('no-baseline').evidence);
    expect(baseline?.sentence).toBe('There was no baseline to compare with.');
    expect(baseline?.tried).toHaveLength(4);
  });
});

describe('the provenance', () => {
  it('calls old evidence old', () => {
    const { evidence } = readGoldenCase('all-pass');
    const made = (now: Date) => view(evidence, now).provenance.find(({ name }) => name === 'made')?.value;
    expect(made(GOLDEN_NOW)).toBe('2026-11-21 10:14 UTC');
    expect(made(new Date('2026-12-25T00:00:00Z'))).toBe('2026-11-21 10:14 UTC, 33 days before this report');
  });
});

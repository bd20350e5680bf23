import { describe, expect, it } from 'vitest';
import { judgeDrift } from '../../../src/data/drift/judge-drift.ts';
import type { BaselineUsed, ColumnDrift, Drift } from '../../../src/schemas/evidence.generated.ts';
import { AGAINST_MAIN, gateOf } from './gates.ts';

/** Clearly as it was. */
const STILL = { value: 0.02, nullQuantile: 0.05, p: 0.6 };
/** Clearly moved. */
const MOVED = { value: 0.4, nullQuantile: 0.05, p: 1e-20 };
/** Nothing can be told: chance alone goes beyond the threshold. */
const NOISY = { value: 0.2, nullQuantile: 0.3, p: 0.1 };

function columnOf(column: string, found: Partial<ColumnDrift>): ColumnDrift {
  return {
    column,
    aspect: 'values',
    kind: 'numeric',
    method: 'wasserstein',
    threshold: 0.1,
    value: null,
    reference: [],
    current: [],
    ...found,
  };
}

function driftOf(columns: readonly ColumnDrift[], more: Partial<Drift> = {}): Drift {
  const { dataset, comparator } = { dataset: 'customers', comparator: 'drift' as const };
  return { dataset, comparator, against: AGAINST_MAIN, rows: 1000, referenceRows: 2000, columns, ...more };
}

function judge(
  drift: Drift | undefined,
  asked: Parameters<typeof gateOf>[0] = {},
  rung?: BaselineUsed['rung'],
) {
  return judgeDrift({
    drifts: drift === undefined ? [] : [drift],
    gates: [gateOf(asked)],
    baseline: rung === undefined ? undefined : { rung, tried: [] },
  });
}

const still = (count: number): readonly ColumnDrift[] =>
  Array.from({ length: count }, (_, index) => columnOf(`still${index}`, STILL));

/** Of one critical column. */
function verdictOf(found: Partial<ColumnDrift>, asked = {}): unknown {
  const drift = driftOf([columnOf('age', found)]);
  return judge(drift, { columns: { age: { critical: true, ...asked } } })[1]?.verdict;
}

describe('judgeDrift', () => {
  it('passes a table that is as it was with one check, however wide it is', () => {
    const checks = judge(driftOf(still(1000)));
    expect(checks).toHaveLength(1);
    expect(checks[0]).toMatchObject({
      id: 'data/customers/drift',
      name: 'DATASET_DRIFT',
      verdict: 'pass',
      observed: 0,
      expected: 0.3,
      message: expect.stringContaining(
        'None of 1,000 columns has drifted from main (1,000 beside 2,000 rows)',
      ),
    });
  });

  it('warns of a column that moved, by the name that TFDV has for its method', () => {
    const checks = judge(
      driftOf([
        columnOf('age', MOVED),
        columnOf('region', { ...MOVED, method: 'jensen-shannon', kind: 'categorical', appeared: ['west'] }),
        columnOf('code', { ...MOVED, method: 'l-infinity', kind: 'categorical' }),
        columnOf('income', { ...MOVED, method: 'difference', aspect: 'missing' }),
        ...still(20),
      ]),
    );
    expect(checks.map(({ id, name, verdict, severity }) => [id, name, verdict, severity])).toEqual([
      ['data/customers/drift', 'DATASET_DRIFT', 'pass', 'fail'],
      ['data/customers/age/drift', 'COMPARATOR_DISTANCE_HIGH', 'fail', 'warn'],
      ['data/customers/region/drift', 'COMPARATOR_JENSEN_SHANNON_DIVERGENCE_HIGH', 'fail', 'warn'],
      ['data/customers/code/drift', 'COMPARATOR_L_INFTY_HIGH', 'fail', 'warn'],
      ['data/customers/income/drift', 'COMPARATOR_MISSING_SHARE_HIGH', 'fail', 'warn'],
    ]);
    expect(checks[2]?.message).toContain('New: `west`.');
  });

  it('fails where more columns moved than may, and lists only the farthest of them', () => {
    const moved = Array.from({ length: 500 }, (_, index) => columnOf(`moved${index}`, MOVED));
    const checks = judge(driftOf([...moved, ...still(500)]));
    expect(checks).toHaveLength(21);
    expect(checks[0]).toMatchObject({ verdict: 'fail', severity: 'fail', observed: 0.5, expected: 0.3 });
  });

  it('always answers for a critical column, and fails if it moved or was not measured', () => {
    const asked = {
      columns: { age: { critical: true }, region: { critical: true }, gone: { critical: true } },
    };
    const checks = judge(driftOf([columnOf('age', MOVED), columnOf('region', STILL), ...still(8)]), asked);
    expect(checks.map(({ id, verdict, severity, reason }) => [id, verdict, severity, reason])).toEqual([
      ['data/customers/drift', 'pass', 'fail', undefined],
      ['data/customers/age/drift', 'fail', 'fail', undefined],
      ['data/customers/region/drift', 'pass', 'fail', undefined],
      ['data/customers/gone/drift', 'fail', 'fail', 'missing'],
    ]);
  });

  describe('the rule of three', () => {
    it.each([
      ['all three', MOVED, 'fail'],
      ['an effect below its threshold', { value: 0.09, nullQuantile: 0.01, p: 1e-20 }, 'pass'],
      ['an effect that chance reaches', { value: 0.2, nullQuantile: 0.25, p: 1e-20 }, 'inconclusive'],
      ['a p that is not small', { value: 0.2, nullQuantile: 0.05, p: 0.02 }, 'inconclusive'],
      [
        'a small effect where chance reaches the threshold',
        { value: 0.01, nullQuantile: 0.25, p: 0.9 },
        'inconclusive',
      ],
      ['no value', { value: null, nullQuantile: null, p: null }, 'inconclusive'],
    ] as const)('%s: %j is %s', (_, found, verdict) => {
      expect(verdictOf(found)).toBe(verdict);
    });

    it('takes thresholds from the config and not from the evidence', () => {
      expect(verdictOf({ ...MOVED, threshold: 5 })).toBe('fail');
      expect(verdictOf({ ...MOVED, threshold: 0.01 }, { threshold: 0.5 })).toBe('pass');
      const missing = { ...MOVED, method: 'difference', aspect: 'missing' } as const;
      expect(verdictOf(missing, { threshold: 0.01, missing: 0.5 })).toBe('pass');
    });

    it('corrects p anew over all that was compared', () => {
      const borderline = { value: 0.2, nullQuantile: 0.05, p: 0.004, q: 0.001 };
      expect(verdictOf(borderline)).toBe('fail');
      const among = judge(driftOf([columnOf('age', borderline), ...still(20)]), {
        columns: { age: { critical: true } },
      });
      expect(among[1]).toMatchObject({ verdict: 'inconclusive', reason: 'too-few-rows' });
    });

    it('does not count what was measured by another method than the config asks for', () => {
      const checks = judge(driftOf([columnOf('age', STILL)]), {
        columns: { age: { critical: true, method: 'psi' } },
      });
      expect(checks[1]).toMatchObject({ verdict: 'inconclusive', reason: 'definition-changed' });
    });
  });

  it('passes a small table that nobody touched, and not one that only looks the same in another size', () => {
    const untouched = [columnOf('age', { value: 0, nullQuantile: 0.3, p: 1 })];
    expect(judge(driftOf(untouched, { rows: 40, referenceRows: 40 }))).toMatchObject([{ verdict: 'pass' }]);
    expect(judge(driftOf(untouched, { rows: 20, referenceRows: 40 }))).toMatchObject([
      { verdict: 'inconclusive', reason: 'too-few-rows' },
    ]);
  });

  it('is undecided where the columns that nobody can tell of could be too many, and plans the rows', () => {
    const [check] = judge(
      driftOf([...Array.from({ length: 4 }, (_, i) => columnOf(`n${i}`, NOISY)), ...still(6)]),
    );
    expect(check).toMatchObject({ verdict: 'inconclusive', reason: 'too-few-rows' });
    // Chance at 1,000 and 2,000 rows is 0.3, three times too much: 1/n + 1/m must be a ninth of 0.0015.
    expect(check?.neededExamples).toBe(Math.ceil(2 / (0.0015 / 9)));
    expect(check?.message).toContain('About 12,000 rows of each would decide');
    expect(
      judge(driftOf([...Array.from({ length: 3 }, (_, i) => columnOf(`n${i}`, NOISY)), ...still(7)]))[0],
    ).toMatchObject({
      verdict: 'pass',
      message: expect.stringContaining('Of 3 other columns these rows cannot tell.'),
    });
  });

  it('plans rows of this table alone where the other has enough', () => {
    const noisy = columnOf('age', { value: 0.02, nullQuantile: 0.15, p: 0.6 });
    const [check] = judge(driftOf([noisy], { rows: 500, referenceRows: 1_000_000 }));
    const factor = (1 / 500 + 1e-6) / 2.25;
    expect(check?.neededExamples).toBe(Math.ceil(1 / (factor - 1e-6)));
  });

  it('plans nothing of tables without rows, whatever evidence claims of their columns', () => {
    const [check] = judge(driftOf([columnOf('age', NOISY)], { rows: 0, referenceRows: 0 }));
    expect(check).toMatchObject({ verdict: 'inconclusive' });
    expect(check?.neededExamples).toBeUndefined();
  });

  it('never passes where nothing was compared', () => {
    expect(judge(driftOf([]))[0]).toMatchObject({ verdict: 'inconclusive', reason: 'undecided' });
  });

  it('fails where nothing was measured, or of something else than the config asks for', () => {
    const other: Drift = { ...driftOf(still(3)), against: { kind: 'path', name: 'mine.csv' } };
    for (const drift of [undefined, other]) {
      expect(judge(drift)).toMatchObject([
        { id: 'data/customers/drift', verdict: 'fail', reason: 'missing' },
      ]);
    }
  });

  it('has no baseline only where the run has none', () => {
    const drift = driftOf([], { unavailable: 'no-baseline' });
    expect(judge(drift, {}, 'none')).toMatchObject([{ verdict: 'inconclusive', reason: 'no-baseline' }]);
    expect(judge(drift, {}, 'exact')).toMatchObject([{ verdict: 'fail', reason: 'missing' }]);
    expect(judge(driftOf([], { unavailable: 'not-in-baseline' }), {}, 'exact')).toMatchObject([
      { verdict: 'inconclusive', reason: 'not-in-baseline' },
    ]);
  });

  it('does not look at columns that the trusted config excludes', () => {
    const checks = judge(driftOf([columnOf('age', MOVED), ...still(2)]), { exclude: ['age'] });
    expect(checks).toMatchObject([{ verdict: 'pass', observed: 0 }]);
  });

  it('holds messages within what evidence has room for', () => {
    const long = 'x'.repeat(299);
    const moved = Array.from({ length: 50 }, (_, index) => columnOf(`${long}${index % 10}`, MOVED));
    for (const { message, id } of judge(driftOf(moved))) {
      expect(message.length).toBeLessThanOrEqual(2000);
      expect(id.length).toBeLessThanOrEqual(300);
    }
  });
});

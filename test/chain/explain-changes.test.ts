import { describe, expect, it } from 'vitest';
import { explainChanges, type Circumstances } from '../../src/chain/explain-changes.ts';
import type { Input, Params } from '../../src/schemas/evidence.generated.ts';
import { checkOf } from '../evidence/cases.ts';

function run(changes: Partial<Circumstances> = {}): Circumstances {
  return { tool: { name: 'mlgate', version: '1.0.0' }, inputs: [], checks: [], params: [], ...changes };
}

function params(values: Params['values'], changes: Partial<Params> = {}): Params {
  return { kind: 'params', name: 'params.yaml', values, ...changes };
}

function input(role: Input['role'], changes: Partial<Input> = {}): Input {
  return { role, name: 'churn', path: 'a.bin', sha256: 'a'.repeat(64), bytes: 1, ...changes };
}

function many(value: number): Params['values'] {
  return Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`k${index}`, value]));
}

describe('explainChanges', () => {
  it('says which parameters have other values, are new or gone', () => {
    const now = run({ params: [params({ depth: 12, rate: 0.1, seed: 1 })] });
    const before = run({ params: [params({ depth: 8, rate: 0.1, trees: 100 })] });
    expect(explainChanges(now, before)).toEqual([
      { kind: 'param', name: 'params.yaml', key: 'depth', baseline: 8, candidate: 12 },
      { kind: 'param', name: 'params.yaml', key: 'seed', candidate: 1 },
      { kind: 'param', name: 'params.yaml', key: 'trees', baseline: 100 },
    ]);
  });

  it('says nothing without a baseline, nor where nothing changed', () => {
    const now = run({ params: [params({ depth: 12 })] });
    expect(explainChanges(now, undefined)).toEqual([]);
    expect(explainChanges(now, now)).toEqual([]);
  });

  it('sees no change in what evidence rounds', () => {
    const third = 1 / 3;
    const now = run({ params: [params({ rate: third })] });
    const before = run({ params: [params({ rate: Number(third.toPrecision(12)) })] });
    expect(explainChanges(now, before)).toEqual([]);
  });

  it('compares only files that both runs read, and the config whatever its file is called', () => {
    const now = run({
      params: [params({ a: 1 }), params({ 'comparison.alpha': 0.05 }, { kind: 'config', name: 'gate.yml' })],
    });
    const before = run({
      params: [
        params({ a: 2 }, { name: 'other.yaml' }),
        params({ 'comparison.alpha': 0.01 }, { kind: 'config', name: 'mlgate.yml' }),
      ],
    });
    expect(explainChanges(now, before)).toEqual([
      { kind: 'config', name: 'gate.yml', key: 'comparison.alpha', baseline: 0.01, candidate: 0.05 },
    ]);
    const { params: _none, ...old } = before;
    expect(explainChanges(now, old)).toEqual([]);
  });

  it('takes no value for gone that may only have been left out', () => {
    const now = run({ params: [params({ a: 1, b: 1 }, { omitted: 3 })] });
    const before = run({ params: [params({ b: 2, c: 3 })] });
    // `a` is new: of the baseline nothing was left out. `c` may be among the three.
    expect(explainChanges(now, before).map(({ key }) => key)).toEqual(['a', 'b']);
  });

  it('says what became of the data, from what its checks counted', () => {
    const about = { dataset: 'customers' };
    const nulls = (observed: number, violations?: number) =>
      checkOf('data/customers/age/FEATURE_TYPE_LOW_FRACTION_PRESENT', {
        name: 'FEATURE_TYPE_LOW_FRACTION_PRESENT',
        about,
        observed,
        ...(violations === undefined ? {} : { violations, verdict: 'fail' }),
      });
    const cells = (violations: number, observed?: number) =>
      checkOf('data/customers/age/MIN', {
        about,
        violations,
        ...(observed === undefined ? {} : { observed }),
      });
    const skipped = checkOf('data/customers/plan/ENUM', { about, verdict: 'skipped' });
    const broken = checkOf('data/customers/plan/ENUM', { about, verdict: 'fail', violations: 4 });
    const now = run({ checks: [nulls(0.2, 40), cells(3, -1), skipped, checkOf('rules/x', { about: {} })] });
    const before = run({ checks: [nulls(0.01), cells(0), broken] });
    expect(explainChanges(now, before)).toEqual([
      {
        kind: 'data',
        name: 'customers',
        key: 'age/FEATURE_TYPE_LOW_FRACTION_PRESENT',
        baseline: 0.01,
        candidate: 0.2,
      },
      { kind: 'data', name: 'customers', key: 'age/MIN', baseline: 0, candidate: 3 },
    ]);
  });

  it('says which files are others, but for the predictions that are compared', () => {
    const other = { sha256: 'b'.repeat(64) };
    const now = run({
      inputs: [
        input('artifact'),
        input('dataset', { rows: 10, columns: 3 }),
        input('predictions', other),
        input('dataset', { name: 'new' }),
      ],
    });
    const before = run({
      inputs: [input('artifact', other), input('dataset', { rows: 9, columns: 3 }), input('predictions')],
    });
    expect(explainChanges(now, before)).toEqual([
      {
        kind: 'input',
        name: 'churn',
        key: 'artifact.sha256',
        baseline: 'b'.repeat(64),
        candidate: 'a'.repeat(64),
      },
      { kind: 'input', name: 'churn', key: 'dataset.rows', baseline: 9, candidate: 10 },
    ]);
  });

  it('puts the nearest cause first, and keeps to the room that evidence has', () => {
    const now = run({ tool: { name: 'mlgate', version: '2.0.0' }, params: [params(many(1))] });
    const before = run({ params: [params(many(2))] });
    const changes = explainChanges(now, before);
    expect(changes).toHaveLength(500);
    expect(new Set(changes.map(({ kind }) => kind))).toEqual(new Set(['param']));
    expect(explainChanges({ ...now, params: [] }, before)).toEqual([
      { kind: 'tool', name: 'mlgate', key: 'version', baseline: '1.0.0', candidate: '2.0.0' },
    ]);
  });
});
